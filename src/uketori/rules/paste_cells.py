"""What the cells of a pasted table say: numbers, marks of a case, other words.  D12."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypedDict

from uketori.rules.folding import Dashes, fold
from uketori.rules.number_key import as_shown, compare_key, folded, has_usual_form
from uketori.rules.paste_table import without_bullet
from uketori.rules.paste_words import Vocabulary, is_heading, reentry_of
from uketori.rules.policy import ApplicationType, BureauPolicy, ReceiptCategory

_PARTS = re.compile("[\t,;，；、､|｜\n]+")
_BLANKS = re.compile("[ \u00a0\u2000-\u200b\u3000()（）【】「」:：]+")
_LABEL = re.compile("(?:申請番号|受付番号|番号)[ \u3000]*[:：][ \u3000]*")
_ORDINAL = re.compile(r"NO\.?[0-9]+|[0-9]+[.):]?|\([0-9]+\)")
_DIGIT = re.compile("[0-9]")
_DAY = re.compile(
    "(?:[^-/.0-9]{0,3}[0-9元]{1,4}[-/.年])?[0-9]{1,2}[-/.月][0-9]{1,2}日?(?:[T ]?[0-9:]+)?"
)
_MOST_PARTS = 6
"""Into so many blanks may split a number: 阪 労 一 E 01234."""
_LETTER_OR_DIGIT = re.compile("[A-Z0-9]")


class Marks(TypedDict, total=False):
    """What a cell beside the number says of its case."""

    type: ApplicationType
    category: ReceiptCategory
    with_reentry_permit: bool


Piece = str | Marks
"""What may be a number, or is another word; and what is said of a case."""


class Cells:
    """Reads the cells by the words and the usual numbers of one bureau."""

    def __init__(self, policy: BureauPolicy) -> None:
        self.policy = policy
        self.vocabulary = Vocabulary.of(policy)
        self.pattern = re.compile(policy.number_pattern)

    def is_usual(self, piece: object) -> bool:
        """Tell whether this is a number as the bureau's usually are."""
        return isinstance(piece, str) and has_usual_form(piece, self.policy)

    def pieces(self, cell: str) -> list[Piece]:
        """Return what the cell says, part by part; headings and counts say nothing."""
        if application_type := self.vocabulary.type_of(cell):
            return [{"type": application_type}]
        pieces: list[Piece] = []
        for part in filter(None, map(_unlabelled, _PARTS.split(cell))):
            pieces += self._pieces_of(part)
        return pieces

    def _pieces_of(self, part: str) -> list[Piece]:
        words = [word for word in _BLANKS.split(part) if word]
        if has_usual_form(part, self.policy) and not any(map(self._is_whole, words[1:])):
            return [part]
        if len(words) > 1 and self.is_ordinal(words[0]):
            del words[0]
        said = [self.marks(word) for word in words]
        if None not in said:
            return [one for one in said if one]
        if (marks := self.marks(part)) is not None:
            return [marks] if marks else []
        pieces = list(self._apart(words, said))
        return pieces if any(map(self.is_usual, pieces)) else _without_name(words) or [part]

    def _apart(self, words: Sequence[str], said: Sequence[Marks | None]) -> Iterator[Piece]:
        """Yield numbers, marks and other words; a number that blanks have split is put together."""
        at, starts = 0, self._numbers_in(words)
        while at < len(words):
            size = starts.get(at, 0)
            if size:
                yield " ".join(words[at : at + size])
            elif (marks := said[at]) is not None:
                if marks and not ("category" in marks and self._goes_on(words, said, at)):
                    yield marks
            else:
                yield from self._unglued(words[at])
            at += size or 1

    def _numbers_in(self, words: Sequence[str]) -> dict[int, int]:
        """Return where a number begins and of how many words it is: of as few as make a whole."""
        usual = [
            (begin, size)
            for size in range(1, _MOST_PARTS + 1)
            for begin in range(len(words) - size + 1)
            if self.is_usual(" ".join(words[begin : begin + size]))
        ]
        whole = [one for one in usual if self._is_whole("".join(words[one[0] : sum(one)]))]
        fits = whole or usual
        return {begin: size for begin, size in reversed(fits) if size == fits[0][1]}

    def _is_whole(self, word: str) -> bool:
        """Tell whether no more can belong to the number: it begins as the bureau's example does.

        A blank may stand before a number, or in it: 見本 阪労一E01234, 阪労 一E01234.
        """
        begins, example = map(_signs_first, (word, self.policy.number_example))
        return begins >= example and self.is_usual(word)

    def _goes_on(self, words: Sequence[str], said: Sequence[Marks | None], at: int) -> bool:
        """Tell whether a word follows that nobody understands: the letter begins a name."""
        after = at + 1
        return after < len(words) and said[after] is None and not self.is_usual(words[after])

    def _unglued(self, word: str) -> Iterator[Piece]:
        """Yield usual numbers that stand one after another without anything between."""
        key, at, numbers = compare_key(word), 0, []
        while (
            (found := self.pattern.match(key, at)) and found[0] and not (at and key[at].isdigit())
        ):
            numbers.append(found[0])
            at = found.end()
        rest = key[at:]
        if not numbers or (digits_of(rest) and not is_word(rest[0])):
            yield word
            return
        yield from numbers
        if rest:
            yield self.marks(rest) or rest

    def marks(self, cell: str, *, in_reentry_column: bool = False) -> Marks | None:
        """Return what the cell says beside a number; nothing for a heading, None for a number."""
        if application_type := self.vocabulary.type_of(cell):
            return {"type": application_type}
        if category := self.vocabulary.category_of(cell):
            return {"category": category}
        if (reentry := reentry_of(cell, in_column=in_reentry_column)) is not None:
            return {"with_reentry_permit": True} if reentry else {}
        return {} if is_heading(cell) else None

    def is_ordinal(self, cell: str) -> bool:
        """Tell whether the cell only counts the rows: too short to be a number itself."""
        counts = _ORDINAL.fullmatch(folded(cell)) is not None
        return counts and len(digits_of(cell)) < self.policy.number_min_length


def is_word(text: str) -> bool:
    """Tell whether kanji or kana stand in the text, as in a name."""
    return any(unicodedata.category(sign) == "Lo" for sign in text)


def _without_name(words: Sequence[str]) -> list[Piece]:
    """Return the one word with digits and what stands behind it; nothing if there is no such.

    東9-12345 見本太郎: an unusual number, and a name.  A single sign behind it may be its end.
    """
    numbers = [at for at, word in enumerate(words) if digits_of(word)]
    if len(numbers) != 1 or not any(len(word) > 1 for word in words[numbers[0] + 1 :]):
        return []
    at = numbers[0]
    return ["".join(words[: at + 1]) if at else words[0], *words[at + 1 :]]


def digits_of(text: str) -> list[str]:
    """Return the digits of every width."""
    return _DIGIT.findall(folded(text))


def is_day(text: str) -> bool:
    """Tell whether the text is a day, which a number is not."""
    return _DAY.fullmatch(fold(text, dashes=Dashes.HYPHENS)) is not None


def _signs_first(number: str) -> int:
    """Count the signs before the first letter or digit."""
    found = _LETTER_OR_DIGIT.search(key := compare_key(number))
    return found.start() if found else len(key)


def _unlabelled(part: str) -> str:
    """Return the part as it is kept, without a bullet or 「申請番号：」 before it."""
    part = without_bullet(as_shown(part))
    return as_shown(_LABEL.sub("", part, count=1)) if _LABEL.match(part) else part
