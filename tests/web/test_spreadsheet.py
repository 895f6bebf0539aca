"""Tables for a spreadsheet: never a formula, and nothing is lost."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from uketori.web.spreadsheet import (
    BEGINS_A_FORMULA,
    Written,
    bare_cell,
    safe_cell,
    table_bytes,
    table_file,
)

SIGNS = "".join(BEGINS_A_FORMULA)
CELLS = st.text(max_size=30) | st.builds(
    lambda blanks, sign, rest: blanks + sign + rest,
    st.sampled_from(["", " ", "　", "'"]),
    st.sampled_from(SIGNS),
    st.text(max_size=10),
)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_cell__begins_a_formula__made_a_text(sign: str) -> None:
    assert safe_cell(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    "text", ["", "阪労一E01234", "06-1234-5678", "NGUYEN THI LAN", "a=b", "10時"]
)
def test_cell__harmless__left_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


VALUES = """
    12345 0012 １２３ 1E5 12e05 1.5 1,000 3-4 3－4 2026/6/1 6月1日 R8.6.1 令和8年6月2日 10:30
    (5) 50% ¥100 TRUE false ＴＲＵＥ MAR1 1-Sep
"""


@pytest.mark.parametrize("number", [*VALUES.split(), "SEPTEMBER 1", "1 February", "3 PM"])
def test_cell__written_and_read_as_a_value__made_a_text(number: str) -> None:
    assert safe_cell(Written(number)) == f"'{number}"
    assert bare_cell(safe_cell(Written(number))) == number
    assert safe_cell(number) == number


@pytest.mark.parametrize(
    "number", ["阪労一E01234", "E01234", "阪-01234", "AFFN-Q9A6", "MARE12", ""]
)
def test_cell__written_and_no_value__left_as_it_is(number: str) -> None:
    assert safe_cell(Written(number)) == number


@given(CELLS)
@example("'=1+1")
def test_cell__whatever__never_begins_a_formula_and_can_be_undone(text: str) -> None:
    cell = safe_cell(text)

    assert not cell.startswith(BEGINS_A_FORMULA)
    assert not cell.lstrip().startswith(BEGINS_A_FORMULA)
    assert bare_cell(cell) == text


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=5))
def test_table__read_back__every_cell_as_it_was(rows: list[list[str]]) -> None:
    data = table_bytes(rows)
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    assert data.startswith(b"\xef\xbb\xbf")
    assert [[bare_cell(cell) for cell in row] for row in read] == rows


def test_file__headers_for_a_download() -> None:
    answer = table_file("preparation-osaka-2026-06-11.csv", [["申請番号"], ["阪労一E01234"]])

    assert answer.content == "\ufeff申請番号\r\n阪労一E01234\r\n".encode()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="preparation-osaka-2026-06-11.csv"'
    )
