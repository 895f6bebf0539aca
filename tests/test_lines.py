"""Lines of a mail: at most 35 full-width characters, and nothing lost or torn."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from uketori.mail_wrapping import (
    NEVER_FIRST,
    NEVER_LAST,
    WIDEST,
    columns_of,
    unbroken,
    wrapped,
)

SIGNS = st.sampled_from([*"亜かカｶa1Z０～、。（）「」・　 …①", "葛󠄀", "が", "阪労一E01234"])
LINES = st.lists(SIGNS, max_size=120).map("".join)
FULL = "あ" * 35


def solid(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("line", "count"),
    [(FULL, 1), (FULL + "い", 2), ("a b" * 23 + "c", 1), ("a b" * 23 + "cd", 2)],
    ids=["35 wide", "36 wide", "70 narrow", "71 narrow"],
)
def test_wrapped__at_the_edge(line: str, count: int) -> None:
    assert len(wrapped(line).split("\n")) == count


@given(LINES)
@example("。" * 200)
@example("（" * 200)
@example("a" * 200)
def test_wrapped__whatever_is_written__no_line_too_wide_and_nothing_lost(line: str) -> None:
    text = wrapped(line)

    assert max(map(columns_of, text.split("\n"))) <= WIDEST
    assert solid(text) == solid(line)
    assert wrapped(text) == text


@given(st.lists(st.sampled_from(["ことば", "亜", "、", "。", "（", "）", "ー"]), max_size=90))
def test_wrapped__no_line_begins_or_ends_as_none_may(pieces: list[str]) -> None:
    sentence = re.sub(r"[、。（）ー]+", lambda hit: hit[0][0], "は" + "".join(pieces))
    first, *further = wrapped(sentence).split("\n")

    assert [one for one in further if one[0] in NEVER_FIRST] == []
    assert [one for one in [first, *further][:-1] if one[-1] in NEVER_LAST] == []


@given(st.integers(0, 40), st.sampled_from(["阪労一E01234", "湊K 00123", "亜" * 30]))
def test_wrapped__number_anywhere__on_one_line(before: int, number: str) -> None:
    text = wrapped("い" * before + unbroken(number) + "の件")

    assert any(number in line for line in text.split("\n"))


@pytest.mark.parametrize("length", [40, 75, 200])
def test_wrapped__link__whole_on_its_line(length: int) -> None:
    link = "https://example.jp/".ljust(length, "x")

    assert link in wrapped(f"つぎのページを{FULL}ごらんください。{link}にあります。").split("\n")


@pytest.mark.parametrize("moment", ["6月10日（水）11時59分", "2026年6月10日（水）", "10時～11時"])
@pytest.mark.parametrize("before", range(25, 36))
def test_wrapped__day_and_time__stay_together(moment: str, before: int) -> None:
    assert any(moment in line for line in wrapped("い" * before + moment + "まで").split("\n"))


def test_wrapped__label_and_long_name__hangs_under_the_name() -> None:
    assert wrapped("予約者　　" + "山" * 60).split("\n") == [
        "予約者　　" + "山" * 30,
        "　　　　　" + "山" * 30,
    ]


def test_wrapped__clause_ends_near_the_end__broken_there() -> None:
    first, second = wrapped("あ" * 30 + "、" + "い" * 10).split("\n")

    assert (first, second) == ("あ" * 30 + "、", "い" * 10)


@pytest.mark.parametrize(
    ("sentence", "second"),
    [
        ("あ" * 28 + "人が使いたいと申し出ています。", "申し出ています。"),
        ("あ" * 27 + "からこの案件を取り消せます。", "取り消せます。"),
    ],
)
def test_wrapped__words__end_after_a_particle(sentence: str, second: str) -> None:
    assert wrapped(sentence).split("\n")[1] == second


def test_wrapped__marks_of_a_character__never_alone() -> None:
    name = "葛󠄀" * 100

    assert all(line[0] == "葛" for line in wrapped(name).split("\n"))


def test_wrapped__empty_lines__one_at_most_in_a_row() -> None:
    assert wrapped("あ\n\n\n\nい  \n") == "あ\n\nい\n"
