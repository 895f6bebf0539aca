"""Take pasted text apart into rows and cells, as a spreadsheet does.  D12."""

import csv
import io
import re

from uketori.rules.number_key import KANJI

DELIMITERS = "\t;,；，、､"
LINE_ENDS = re.compile("\r\n|[\r\n\v\f\u0085\u2028\u2029]")
_TRIMMED = " \u00a0\u200b\u3000\ufeff\n"
_QUOTED = re.compile('[=＝]?["“”＂](.*)["“”＂]', re.DOTALL)
_BULLET = re.compile(
    "(?:[・●○■□◆◇▪•※①-⑳]|[-*＊](?=[ \u3000])"
    f"|[(（]?[0-9０-９]{{1,3}}[.)．）:：](?=[ \u3000{KANJI}]))[ \u3000]*"
)


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of each row, blank ones in their places; a cell may hold line breaks."""
    text = LINE_ENDS.sub("\n", text)
    delimiter = _delimiter_of(text)
    has_pairs = text.count('"') % 2 == 0  # a quote that nothing closes would swallow the rest
    reader = csv.reader(
        io.StringIO(text, newline="\n"),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if has_pairs else csv.QUOTE_NONE,
    )
    try:
        rows = list(reader)
    except csv.Error:  # a cell longer than any table has
        rows = [line.split(delimiter) for line in text.split("\n")]
    return [[_trimmed(cell) for cell in row] for row in rows]


def without_bullet(cell: str) -> str:
    """Return the cell without the sign or the count of a list before it."""
    found = _BULLET.match(cell)
    return cell[found.end() :] if found else cell


def _delimiter_of(text: str) -> str:
    """Return the tab, else what stands in the most lines."""
    if "\t" in text:
        return "\t"
    lines = text.split("\n")
    return max(DELIMITERS[1:], key=lambda sign: sum(sign in line for line in lines))


def _trimmed(cell: str) -> str:
    cell = cell.strip(_TRIMMED)
    if quoted := _QUOTED.fullmatch(cell):
        cell = quoted[1]
    return cell.strip(_TRIMMED + '"')
