"""Read a pasted list, table or CSV: cases, and what beside them is never kept.  D05, D12."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from uketori.rules.number_key import as_shown, has_usual_form, suggested_type
from uketori.rules.paste_cells import Cells, Marks, Piece, digits_of, is_day, is_word
from uketori.rules.paste_table import LINE_ENDS, rows_of
from uketori.rules.paste_words import Columns, columns_of, is_total
from uketori.rules.policy import ApplicationType, BureauPolicy, ReceiptCategory

_APART = re.compile("[\t,;，；、､ \u3000]")


@dataclass(frozen=True, kw_only=True)
class PastedCase:
    """One case as it was pasted; the number is kept as typed."""

    number: str
    type: ApplicationType | None = None
    category: ReceiptCategory | None = None
    with_reentry_permit: bool = False


@dataclass(frozen=True)
class LeftOut:
    """What stood beside the cases and was not read: applicants' names, above all."""

    columns: tuple[str, ...] = ()
    """The headings of whole columns."""
    cells: int = 0
    """How many others."""

    def __add__(self, other: "LeftOut") -> "LeftOut":
        columns = tuple(dict.fromkeys((*self.columns, *other.columns)))
        return LeftOut(columns, self.cells + other.cells)

    def __bool__(self) -> bool:
        return bool(self.columns or self.cells)


NOTHING = LeftOut()


@dataclass(frozen=True)
class Pasted:
    """The cases in the order in which they were pasted, and that something was left out."""

    cases: tuple[PastedCase, ...] = ()
    left_out: LeftOut = NOTHING

    def __bool__(self) -> bool:
        return bool(self.cases)


def read_paste(text: str, policy: BureauPolicy) -> Pasted:
    """Return the cases that were pasted.

    Under headings only the columns of number, type, category and 再入国 are read.  Without any,
    lines, tabs, commas and semicolons of every width separate; what stands in a row with a usual
    number, and is neither number nor mark, is left out.  A cell without a digit is no number.
    Whatever else is not understood is kept as a number, for the person to see and correct.
    """
    return _Reader(policy).read(text)


def read_field(typed: str, policy: BureauPolicy) -> Pasted | None:
    """Return the cases, if more than one number was put into the field of a number.

    A browser makes blanks of the lines that are pasted into one field, or nothing at all.
    """
    if LINE_ENDS.search(typed) or "\t" in typed:
        return read_paste(typed, policy)
    read = read_paste(typed, policy)
    if [one.number for one in read.cases] == [as_shown(typed)]:
        return None
    is_sure = bool(read.cases) and all(has_usual_form(one.number, policy) for one in read.cases)
    is_one = len(read.cases) == 1 and read.left_out and not _APART.search(typed)
    return read if (is_sure and not is_one) or _has_name(typed, read) else None


def _has_name(typed: str, read: Pasted) -> bool:
    """Tell whether words stand beside the only number: an applicant's name, maybe.  D05."""
    if len(read.cases) != 1 or not read.left_out:
        return False
    beside = as_shown(typed).replace(read.cases[0].number, "")
    return sum(map(is_word, beside)) > 1  # 様 alone names nobody


def kept_of(text: str, policy: BureauPolicy) -> str:
    """Return pasted text as it may be kept: as it is, or its cases alone if more stands in it."""
    read = read_paste(text, policy)
    if read.cases and not read.left_out:
        return text
    return "\n".join(_line(case, policy) for case in read.cases)


def _line(case: PastedCase, policy: BureauPolicy) -> str:
    words = (
        case.number,
        policy.application_types[case.type] if case.type else "",
        policy.categories[case.category] if case.category else "",
        "再入国あり" if case.with_reentry_permit else "",
    )
    return "\t".join(filter(None, words))


class _Reader:
    """Reads one text by the words and the usual numbers of one bureau."""

    def __init__(self, policy: BureauPolicy) -> None:
        self.policy = policy
        self.cells = Cells(policy)
        self.cases: list[PastedCase] = []
        self.left_out = LeftOut()

    def read(self, text: str) -> Pasted:
        rows = rows_of(self.cells.vocabulary.without_questions(LINE_ENDS.sub("\n", text)))
        headings = [self._columns(row) for row in rows]
        first = next((at for at, found in enumerate(headings) if found), len(rows))
        usual = self._usual_columns(rows)
        columns: Columns | None = None
        for at, (row, found) in enumerate(zip(rows, headings, strict=True)):
            if found:
                columns = found
                self.left_out += LeftOut(found.left_out)
            elif columns and len(row) > max(columns.numbers):
                self._read_under(columns, row)
            elif columns and len(row) > 1:  # it ends before the column of the numbers
                self.left_out += LeftOut(cells=len(list(filter(None, row))))
            else:
                is_title = at < first < len(rows)
                self._read_loose(row, usual, is_title=is_title)
        cases = (
            one if one.type else replace(one, type=suggested_type(one.number, self.policy))
            for one in self.cases
        )
        return Pasted(tuple(cases), self.left_out)

    def _columns(self, row: Sequence[str]) -> Columns | None:
        """Return the columns if these are headings: nothing among them may be a number."""
        is_long = any(len(digits_of(cell)) >= self.policy.number_min_length for cell in row)
        return None if is_long else columns_of(row)

    def _usual_columns(self, rows: Sequence[Sequence[str]]) -> frozenset[int]:
        """Return in which columns of a table without headings usual numbers stand."""
        return frozenset(
            at
            for row in rows
            if len(row) > 1
            for at, cell in enumerate(row)
            if has_usual_form(cell, self.policy)
        )

    def _read_under(self, columns: Columns, row: Sequence[str]) -> None:
        """Read a row of a table with headings; its marks belong to its own number."""
        if is_total(next(filter(None, row), "")):
            return
        told: list[Piece] = []
        for at in columns.numbers:
            told += self.cells.pieces(row[at])
        numbers, left_out = self._numbers(told, is_beside=False)
        self.left_out += LeftOut(cells=left_out)
        marks: Marks = {}
        for at in (*columns.types, *columns.categories, *columns.reentries):
            marks |= self.cells.marks(_at(row, at), in_reentry_column=at in columns.reentries) or {}
        for piece in numbers:
            if not isinstance(piece, str):
                marks = piece | marks
        self.cases += [PastedCase(number=one, **marks) for one in numbers if isinstance(one, str)]

    def _read_loose(self, row: Sequence[str], usual: frozenset[int], *, is_title: bool) -> None:
        """Read a row that no heading explains."""
        written = [(at, cell) for at, cell in enumerate(row) if cell]
        if len(row) > 1 and written and self.cells.is_ordinal(written[0][1]):
            del written[0]
        here = {at for at, _cell in written} & usual
        told: list[Piece] = []
        other = 0
        for at, cell in written:
            pieces = self.cells.pieces(cell)
            is_of_column = not here or at in here or any(map(self.cells.is_usual, pieces))
            kept = [one for one in pieces if is_of_column or not isinstance(one, str)]
            other += len(pieces) - len(kept)
            told += kept
        has_usual = any(map(self.cells.is_usual, told))
        found, left_out = self._numbers(told, is_beside=is_title or len(row) > 1 or bool(usual))
        if is_title and not has_usual:
            return
        self.left_out += LeftOut(cells=other + left_out)
        _add(found, self.cases)

    def _numbers(self, told: Sequence[Piece], *, is_beside: bool) -> tuple[list[Piece], int]:
        """Return what may be a number, with the marks, and how many others there were."""
        has_usual = any(map(self.cells.is_usual, told))
        kept = [
            one
            for one in told
            if not isinstance(one, str)
            or self.cells.is_usual(one)
            or not (has_usual or not digits_of(one) or (is_beside and is_day(one)))
        ]
        return kept, len(told) - len(kept)


def _add(told: Sequence[Piece], cases: list[PastedCase]) -> None:
    """Add the row's cases; what precedes its first number belongs to that number."""
    waiting: Marks = {}
    before = len(cases)
    for piece in told:
        if isinstance(piece, str):
            cases.append(PastedCase(number=piece, **waiting))
            waiting = {}
        elif len(cases) > before and not _is_marked(cases[-1], piece):
            cases[-1] = replace(cases[-1], **piece)
        else:
            waiting.update(piece)
    if waiting and cases and len(cases) == before and not _is_marked(cases[-1], waiting):
        cases[-1] = replace(cases[-1], **waiting)


def _is_marked(case: PastedCase, marks: Marks) -> bool:
    return any(getattr(case, name) for name in marks)


def _at(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""
