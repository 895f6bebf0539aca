"""Each table has a name, and its rows have heads: a screen reader says of which case a cell is."""

import re

import pytest

from tests.repository.test_source import SOURCE

TABLES = [
    pytest.param(table, id=f"{file.relative_to(SOURCE)}-{number}")
    for file in sorted(SOURCE.rglob("templates/**/*.html"))
    for number, table in enumerate(re.findall(r"<table.*?</table>", file.read_text(), re.S))
]


def test_tables__there_are_some() -> None:
    assert len(TABLES) > 10


@pytest.mark.parametrize("table", TABLES)
def test_table__has_a_name_and_heads_of_its_rows(table: str) -> None:
    head = table[: table.index("<thead")]
    body = table[table.index("<tbody") :]

    assert "<caption" in head or "aria-labelledby=" in head
    assert '<th class="' in body or "<th scope" in body
    assert 'scope="row"' in body
