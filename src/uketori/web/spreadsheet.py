"""Tables for a spreadsheet: CSV that Excel reads as it is meant, and never as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Also full-width: a Japanese Excel reads them like the others."""
TEXT_MARK = "'"
BYTE_ORDER_MARK = "\ufeff"


def safe_cell(value: str) -> str:
    """Return the text so that no program takes it for a formula; ``bare_cell`` undoes it.

    Blanks before the sign do not make it harmless.  A text that begins with the mark itself gets
    one more, so that nothing is ambiguous.
    """
    begins = value.startswith(TEXT_MARK) or value.startswith(BEGINS_A_FORMULA)
    if begins or value.lstrip().startswith(BEGINS_A_FORMULA):
        return f"{TEXT_MARK}{value}"
    return value


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
