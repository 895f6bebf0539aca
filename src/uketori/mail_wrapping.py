"""Lines of a mail: never wider than 35 full-width characters, broken where Japanese bears it.

Mails are shown at the counter on small screens, and read aloud.  Templates hold whole sentences;
names and texts of any length come from data; ``wrapped`` makes lines of both, in one place.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

WIDEST = 70
"""Columns; a full-width character takes two."""
GOOD_FROM = WIDEST * 2 // 3
"""From this column on a break between phrases is taken rather than a fuller line."""
WIDEST_HANG = 20
BEGIN, END = "\x0e", "\x0f"
"""What stands between them is never broken, and they never leave."""

NEVER_FIRST = (
    "、。，．・：；？！）」』】〕］｝〉》〟ーゝゞ々…‥～ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)
NEVER_LAST = "（「『【〔［｛〈《〝"
PHRASE_ENDS = "、。　 "
PARTICLES = "はがをにへともでのや"

TOGETHER = re.compile(
    rf"{BEGIN}[^{END}]*{END}"  # an application number or a reference
    r"|(?:[0-9０-９]+[年月日時分～]+(?:（[月火水木金土日]）)?)+"  # a day or a time
    r"|[!-~]+"  # an address, a link, a telephone number, a Latin word
    r"|.",
    re.DOTALL,
)
HANG = re.compile(r"[ 　]*(?:[・□※●]|[0-9０-９]+．|[^ 　]{1,7}　)?[ 　]*")
"""What the further lines of a long one are indented by: blanks, and a bullet or a label."""
LINK = re.compile(r"https?://[!-~]+")


def unbroken(text: object) -> str:
    """Mark a text so that no line ends inside it."""
    return f"{BEGIN}{text}{END}"


def without_marks(text: str) -> str:
    """Return the text as it is read."""
    return text.replace(BEGIN, "").replace(END, "")


def columns_of(text: str) -> int:
    """Return how wide the text is; what may be narrow or wide counts as wide."""
    return sum(map(_columns, without_marks(text)))


def wrapped(text: str) -> str:
    """Return the text with every line that is too wide broken; a link keeps its line."""
    lines = (line.rstrip() for line in text.split("\n"))
    broken = "\n".join(piece for line in lines for piece in _pieces(line))
    return re.sub(r"\n{3,}", "\n\n", broken)


def _pieces(line: str) -> Iterator[str]:
    """Break one line; the further ones hang under its text."""
    # most lines are so short that they need no measuring: a character takes two columns at most
    if 2 * len(line) <= WIDEST or columns_of(line) <= WIDEST:
        yield without_marks(line)
    elif link := LINK.search(line):
        yield from _pieces(line[: link.start()].rstrip()) if link.start() else ()
        yield link[0]
        yield from _pieces(line[link.end() :].strip()) if line[link.end() :].strip() else ()
    else:
        yield from _hanging(line)


@lru_cache(maxsize=512)
def _hanging(line: str) -> tuple[str, ...]:
    """Break a long line; kept, since the long ones are the same sentences in every mail."""
    return tuple(_broken(line))


def _broken(line: str) -> Iterator[str]:
    begin = HANG.match(line)
    hang = min(columns_of(begin[0]) if begin else 0, WIDEST_HANG) // 2
    units = list(_units(line, WIDEST - 2 * hang))
    while units:
        count = _count_that_fits(units)
        yield without_marks("".join(units[:count])).rstrip()
        rest = "".join(units[count:]).lstrip()
        units = list(_units("　" * hang + rest, WIDEST - 2 * hang)) if rest else []


def _units(line: str, room: int) -> Iterator[str]:
    """Yield the smallest pieces between which a line may end."""
    unit = ""
    for piece in TOGETHER.findall(line):
        joins = piece[0] in NEVER_FIRST or unit[-1:] in tuple(NEVER_LAST) or not columns_of(piece)
        if unit and not joins:
            yield from _not_too_wide(unit, room)
            unit = ""
        unit += piece
    yield from _not_too_wide(unit, room)


def _not_too_wide(unit: str, room: int) -> Iterator[str]:
    """Yield the piece; or, where it alone would fill more than a line, its words or characters."""
    if columns_of(unit) <= room:
        yield unit
        return
    for word in re.findall(r"\S+\s*|\s+", without_marks(unit)):
        yield from _clusters(word) if columns_of(word) > room else [word]


def _clusters(text: str) -> Iterator[str]:
    """Yield each character with the marks that stand on it."""
    cluster = ""
    for sign in text:
        if cluster and _columns(sign):
            yield cluster
            cluster = ""
        cluster += sign
    yield cluster


def _count_that_fits(units: list[str]) -> int:
    """Return how many units make the next line: up to the end of a phrase near its end."""
    width, best, best_rank = 0, 0, 0
    for count, unit in enumerate(units, start=1):
        width += columns_of(unit)
        if width - columns_of(unit[len(unit.rstrip()) :]) > WIDEST:
            return max(best, 1) if best_rank else max(count - 1, 1)
        rank = _rank(unit, units[count] if count < len(units) else "")
        if width >= GOOD_FROM and rank and rank >= best_rank:
            best, best_rank = count, rank
    return len(units)


def _rank(before: str, after: str) -> int:
    """Say how good it is to break here: 2 after a clause or blank, 1 after a particle."""
    if before[-1] in PHRASE_ENDS:
        return 2
    next_is_hiragana = "ぁ" <= (after[:1] or "あ") <= "ゖ"
    return int(before[-1] in PARTICLES and not next_is_hiragana)


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
