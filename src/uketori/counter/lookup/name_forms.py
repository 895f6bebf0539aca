"""By which other forms a name is found: 渡邉 by 渡辺, Nguyễn by nguyen.  For finding only.  R-38.

What is stored and shown stays as it was typed; no second form of a name is kept.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import chain, permutations

from ja_itaiji import Itaiji

from uketori.counter.lookup.names import name_key

_WRITTEN = (range(0x41, 0x250), range(0x1E00, 0x1F00), range(0x3041, 0x3100))
_OF_OTHER_WIDTH = (range(0xF900, 0xFB00), range(0xFF01, 0xFFA0), range(0x2F800, 0x2FA20))
_LETTER = re.compile("LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]) WITH ")
_OF_SURNAMES = ("𠮷吉", "斉斎齊齋", "𣘺橋", "𡈽土", "𠀋丈", "礒磯", "靍鶴")
"""What the table of variants lacks: it holds no sign beyond U+FFFF, and keeps 斉 and 斎 apart."""


def folded_name(name: str) -> str:
    """Return the name without width, case, blanks, accents, and in katakana."""
    return name_key(name).translate(_WITHOUT_ACCENTS)


def name_pattern(typed: str) -> re.Pattern[str] | None:
    """Return what is to be found in a folded name: each kanji stands for its variants, too."""
    signs = [re.escape("".join(sorted(kanji_forms(sign)))) for sign in folded_name(typed)]
    return re.compile("".join(f"[{forms}]" for forms in signs)) if signs else None


def kanji_forms(sign: str) -> frozenset[str]:
    """Return the kanji and its variants; of any other sign itself."""
    return _variants().get(sign, frozenset()) | {sign}


def stored_forms(sign: str) -> frozenset[str]:
    """Return every form in which a sign of a folded name may be stored."""
    return kanji_forms(sign).union(*(_unfolded().get(one, ()) for one in kanji_forms(sign)))


class _Accents(dict[int, str]):
    """Each sign without its accents, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _base(chr(code))
        return self[code]


_WITHOUT_ACCENTS = _Accents()


def _base(sign: str) -> str:
    """Return the Latin letter without accents or a stroke, by Unicode's names: ễ is e, đ is d."""
    found = _LETTER.match(unicodedata.name(sign, ""))
    return found[1].lower() if found else sign


@cache
def _unfolded() -> dict[str, frozenset[str]]:
    """Return what is folded into each sign: capitals, accents, hiragana, signs of other width."""
    forms = defaultdict(set)
    for sign in map(chr, chain(*_WRITTEN, *_OF_OTHER_WIDTH)):
        forms[folded_name(sign)].add(sign)
    return _frozen(forms.items())


@cache
def _variants() -> dict[str, frozenset[str]]:
    """Return the variants of each kanji, whichever of the two the table names first."""
    related = defaultdict(set)
    for sign, others in Itaiji.dictionary.items():
        for other in others:
            related[sign].add(other)
            related[other].add(sign)
    for group in _OF_SURNAMES:
        for sign, other in permutations(group, 2):
            related[sign].add(other)
    return _frozen(related.items())


def _frozen(forms: Iterable[tuple[str, set[str]]]) -> dict[str, frozenset[str]]:
    return {sign: frozenset(others) for sign, others in forms}
