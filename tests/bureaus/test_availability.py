"""What a cell says: free, few, full, stopped, closed.  R-26, D27."""

from datetime import date
from typing import Any

import pytest

from tests import factories, situations
from tests.policies import at
from uketori.bureaus.availability import availability
from uketori.bureaus.hours_table import Cell, HoursTable, change_rule, hours_table, slot_length
from uketori.bureaus.slots import stop_hour

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
WEDNESDAY_TEN = at("2026-06-10 10:00")


def table(now: str = "2026-06-08 10:00") -> HoursTable:
    return hours_table(availability("osaka", at(now)))


def cell(value: str = "2026-06-10T10:00") -> Cell:
    (found,) = [one for row in table().rows for one in row.cells if one.value == value]
    return found


@pytest.mark.parametrize(
    ("booked", "word", "left"),
    [
        ({}, "空きあり", "残り6"),
        ({"booked_reservations": 3}, "空きあり", "残り3"),
        ({"booked_reservations": 4}, "残りわずか", "残り2"),
        ({"booked_reservations": 5}, "残りわずか", "残り1"),
        ({"booked_reservations": 6}, "満席", ""),
        ({"booked_reservations": 4, "booked_cases": 45}, "残りわずか", "残り2"),
        ({"booked_reservations": 4, "booked_cases": 46}, "残りわずか", "残り14件"),
        ({"booked_reservations": 4, "booked_cases": 59}, "残りわずか", "残り1件"),
        ({"booked_reservations": 4, "booked_cases": 60}, "満席", ""),
    ],
)
def test_cell__booked__says_the_tighter_limit(booked: dict[str, int], word: str, left: str) -> None:
    factories.slot(WEDNESDAY_TEN, **booked)

    assert (cell().word, cell().left) == (word, left)
    assert cell().choosable is (word != "満席")
    assert cell().spoken == "6月10日（水）10時～11時"


def test_cell__two_cases_left__says_two_cases() -> None:
    situations.an_hour_with_two_cases_left(WEDNESDAY_TEN)

    assert cell().left == "残り2件"


def test_cell__full_hour__no_choice() -> None:
    situations.a_full_hour(WEDNESDAY_TEN)

    assert (cell().word, cell().choosable) == ("満席", False)


def test_cell__stopped_hour__no_longer_taken_though_places_are_left() -> None:
    stop_hour(policy=factories.policy(), starts_at=WEDNESDAY_TEN, actor="staff:1", at=MONDAY)

    assert (cell().word, cell().left, cell().choosable) == ("受付終了", "", False)


def test_cell__half_day__closed_where_no_hour_is_offered() -> None:
    factories.special_day(date(2026, 6, 10), is_open=True, hours=[9, 10], reason="午後は休みます")

    assert cell("2026-06-10T10:00").word == "空きあり"
    assert (cell("2026-06-10T11:00").word, cell("2026-06-10T11:00").choosable) == ("閉庁", False)
    assert any("6月10日（水）" in note and "午後は休みます" in note for note in table().notes)


def test_table__five_words__all_different() -> None:
    """States differ in their words, not only in colour.  R-26."""
    situations.a_full_hour(at("2026-06-10 09:00"))
    situations.an_hour_with_two_cases_left(WEDNESDAY_TEN)
    stop_hour(
        policy=factories.policy(), starts_at=at("2026-06-10 11:00"), actor="staff:1", at=MONDAY
    )
    factories.special_day(date(2026, 6, 11), is_open=True, hours=[9], reason="半日")

    cells = [one for row in table().rows for one in row.cells]
    assert {one.word for one in cells} == {"空きあり", "残りわずか", "満席", "受付終了", "閉庁"}
    assert len({one.shape for one in cells}) == 5


def test_table__mon_6_8__weekend_said_and_hours_in_order() -> None:
    found = table()

    assert [f"{head.month}{head.date}{head.weekday}" for head in found.heads] == [
        "6月9日（火）",
        "6月10日（水）",
        "6月11日（木）",
        "6月12日（金）",
        "6月15日（月）",
    ]
    assert [head.gap for head in found.heads] == [False, False, False, False, True]
    assert [row.begins + row.until for row in found.rows][:2] == ["9時～10時", "10時～11時"]
    assert len(found.rows) == 6
    assert any("6月13日（土）・6月14日（日）" in note for note in found.notes)


@pytest.mark.parametrize(
    ("now", "release"),
    [
        ("2026-06-08 10:00", "6月16日（火）の受付は12時にはじまります。"),
        ("2026-06-08 12:00", "6月17日（水）の受付は6月9日（火）12時にはじまります。"),
        ("2026-06-12 12:00", "6月23日（火）の受付は6月15日（月）12時にはじまります。"),
        ("2026-12-28 12:00", "1月13日（水）の受付は1月4日（月）12時にはじまります。"),
    ],
    ids=["Mon morning", "Mon noon", "Fri noon", "last day of the year's work"],
)
def test_release__when_the_next_day_appears(now: str, release: str) -> None:
    assert table(now).release == release


@pytest.mark.parametrize(
    ("now", "closing"),
    [
        ("2026-06-08 11:59", "6月9日（火）の予約は、きょうの11時59分まで受け付けます。"),
        ("2026-06-08 12:00", "6月10日（水）の予約は、6月9日（火）11時59分まで受け付けます。"),
    ],
)
def test_closing__until_when_the_first_day_can_be_booked(now: str, closing: str) -> None:
    assert table(now).closing == closing


@pytest.mark.parametrize("how_many", [0, 60])
def test_availability__two_queries_however_much_is_booked(
    how_many: int, django_assert_num_queries: Any
) -> None:
    claim = situations.aoki()
    for starts_at in factories.displayed_hours(MONDAY)[: how_many // 2]:
        factories.reservation(claim, starts_at)
        factories.reservation(factories.claim(), starts_at)

    with django_assert_num_queries(2):
        availability("osaka", MONDAY)


def test_words__rules_of_the_notice() -> None:
    assert change_rule(factories.policy()) == "予約日の前の開庁日の11時59分まで"
    assert slot_length(factories.policy()) == "1時間"
