"""Tables for a spreadsheet: CSV that Excel reads as it is meant, and never as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from uketori.rules.folding import Dashes, fold

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Also full-width: a Japanese Excel reads them like the others."""
_MONTHS = "JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC|[JFASOND][A-Z]+(?:ARY|UST|BER)"
_READ_AS_A_VALUE = re.compile(
    "TRUE|FALSE"
    r"|(?=.*[0-9元])(?:[0-9]|[-/.,:% ()¥$]|(?<=[0-9.])E[-+]?(?=[0-9])"
    r"|[年月日時分秒元]|明治|大正|昭和|平成|令和|[MTSHR](?=[0-9]{1,2}[-/.年])"
    rf"|{_MONTHS}|MARCH|APRIL|[AP]M?(?![A-Z]))+"
)
"""A number, a day, a time or a truth, also in the words of Japan; rather one too many than lost."""
TEXT_MARK = "'"
BYTE_ORDER_MARK = "\ufeff"


class Written(str):
    """A cell that has to stay as it is written: 0012 is no 12, 3-4 is no day."""

    __slots__ = ()


def safe_cell(value: str) -> str:
    """Return the text so that no program takes it for a formula; ``bare_cell`` undoes it.

    Blanks before the sign do not make it harmless.  A text that begins with the mark itself gets
    one more, so that nothing is ambiguous.  What is ``Written`` is no value either.
    """
    begins = value.startswith(TEXT_MARK) or value.startswith(BEGINS_A_FORMULA)
    if begins or value.lstrip().startswith(BEGINS_A_FORMULA) or _is_read_as_a_value(value):
        return f"{TEXT_MARK}{value}"
    return value


def _is_read_as_a_value(value: str) -> bool:
    plain = fold(value, dashes=Dashes.HYPHENS).upper().strip()
    return isinstance(value, Written) and _READ_AS_A_VALUE.fullmatch(plain) is not None


def bare_cell(cell: str) -> str:
    """Return what ``safe_cell`` was given."""
    return cell.removeprefix(TEXT_MARK)


def table_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as UTF-8 with a byte order mark and CRLF, as Excel wants them."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + lines.getvalue()).encode()


def table_file(name: str, rows: Iterable[Sequence[str]]) -> HttpResponse:
    """Answer with the rows as a file of this name."""
    response = HttpResponse(table_bytes(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name)  # noqa: FBT003 - Django's own signature
    return response
