"""Split a pasted list, table or CSV into cases, losing nothing that may be a number.  D12."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypedDict

from uketori.rules.number_key import KANJI, folded, has_usual_form, suggested_type
from uketori.rules.paste_words import Vocabulary, is_header, names_reentry
from uketori.rules.policy import ApplicationType, BureauPolicy, ReceiptCategory

_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\u0085\u2028\u2029]")
_CELL_ENDS = re.compile("[\t,;，；、､]")
_BLANKS = re.compile("[ \u00a0\u2000-\u200b\u3000]+")
_TRIMMED = " \u00a0\u200b\u3000\ufeff"
_QUOTED = re.compile('[=＝]?["“”＂](.*)["“”＂]')
_BULLET = re.compile(
    "(?:[・●○■□◆◇▪•※①-⑳]|[-*＊](?=[ \u3000])"
    f"|[(（]?[0-9０-９]{{1,3}}[.)．）:：](?=[ \u3000{KANJI}]))[ \u3000]*"
)
_LABEL = re.compile("(?:申請番号|受付番号|番号)[ \u3000]*[:：][ \u3000]*")
_ORDINAL = re.compile(r"NO\.?[0-9]+|[0-9]+[.):]?|\([0-9]+\)")


@dataclass(frozen=True, kw_only=True)
class PastedCase:
    """One case as it was pasted; the number is kept as typed."""

    number: str
    type: ApplicationType | None = None
    category: ReceiptCategory | None = None
    with_reentry_permit: bool = False


class _Marks(TypedDict, total=False):
    """What a cell beside the number says of its case."""

    type: ApplicationType
    category: ReceiptCategory
    with_reentry_permit: bool


def split_paste(text: str, policy: BureauPolicy) -> list[PastedCase]:
    """Return the cases in the order in which they were pasted.

    Lines, tabs, commas and semicolons of every width separate; types, categories and the word
    再入国 belong to the number before them.  Whatever is not understood is kept as a number, for
    the person to see and correct.
    """
    vocabulary = Vocabulary.of(policy)
    cases: list[PastedCase] = []
    for line in _LINE_ENDS.split(text):
        row = [_trimmed(part) for part in _CELL_ENDS.split(vocabulary.without_questions(line))]
        if names_reentry([cell for cell in row if cell]):
            vocabulary = replace(vocabulary, has_reentry_column=True)
        _read_row(list(_cells(row, vocabulary, policy)), cases)
    return [
        case if case.type else replace(case, type=suggested_type(case.number, policy))
        for case in cases
    ]


def _read_row(cells: list[str | _Marks], cases: list[PastedCase]) -> None:
    """Add the row's cases; what precedes its first number belongs to that number."""
    waiting: _Marks = {}
    before = len(cases)
    for cell in cells:
        if isinstance(cell, str):
            cases.append(PastedCase(number=cell, **waiting))
            waiting = {}
        elif len(cases) > before and not _is_marked(cases[-1], cell):
            cases[-1] = replace(cases[-1], **cell)
        else:
            waiting.update(cell)
    if waiting and cases and len(cases) == before and not _is_marked(cases[-1], waiting):
        cases[-1] = replace(cases[-1], **waiting)


def _is_marked(case: PastedCase, marks: _Marks) -> bool:
    return any(getattr(case, name) for name in marks)


def _cells(row: list[str], vocabulary: Vocabulary, policy: BureauPolicy) -> Iterator[str | _Marks]:
    """Yield the numbers, as text, and the marks of one row."""
    written = [cell for cell in row if cell]
    if is_header(written):
        return
    if len(row) > 1 and written and _is_ordinal(written[0], policy):
        del written[0]
    for cell in written:
        for piece in _pieces(cell, vocabulary, policy):
            marks = _marks(piece, vocabulary)
            yield piece if marks is None else marks


def _pieces(cell: str, vocabulary: Vocabulary, policy: BureauPolicy) -> list[str]:
    """Split a cell at its blanks, but only if every piece is understood by itself."""
    pieces = _BLANKS.split(cell)
    if _is_ordinal(pieces[0], policy):
        del pieces[0]
    understood = all(
        has_usual_form(piece, policy) or _marks(piece, vocabulary) is not None for piece in pieces
    )
    return pieces if pieces and understood else [cell]


def _marks(cell: str, vocabulary: Vocabulary) -> _Marks | None:
    """Return what the cell says beside a number; nothing for a header, None for a number."""
    if application_type := vocabulary.type_of(cell):
        return {"type": application_type}
    if category := vocabulary.category_of(cell):
        return {"category": category}
    if (reentry := vocabulary.reentry_of(cell)) is not None:
        return {"with_reentry_permit": True} if reentry else {}
    return {} if is_header([cell]) else None


def _is_ordinal(cell: str, policy: BureauPolicy) -> bool:
    """Tell whether the cell only counts the rows: too short to be a number itself."""
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", cell) if sign.isdigit())
    counts = _ORDINAL.fullmatch(folded(cell)) is not None
    return counts and len(digits) < policy.number_min_length


def _trimmed(cell: str) -> str:
    cell = cell.strip(_TRIMMED)
    if quoted := _QUOTED.fullmatch(cell):
        cell = quoted[1]
    cell = cell.strip(_TRIMMED + '"')
    for start in (_BULLET, _LABEL):
        if found := start.match(cell):
            cell = cell[found.end() :]
    return cell
