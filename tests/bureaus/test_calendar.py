"""Open days from holidays, the bureau's own rules and staff's special days.  R-20, R-21, b.8."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests import factories
from tests.policies import at
from uketori.bureaus.calendar import calendar_facts, holidays_between
from uketori.rules.calendar import CalendarFacts, display_window
from uketori.rules.change import change_closes_at

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 6, 10)
SATURDAY = date(2026, 6, 13)
MARINE_DAY = date(2026, 7, 20)  # a Monday


def known() -> CalendarFacts:
    return calendar_facts("osaka", date(2026, 6, 8))


def shown(now: str) -> str:
    window = display_window(at(now), calendar_facts("osaka", at(now).date()))
    return " ".join(f"{one.day.month}/{one.day.day}" for one in window.days)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-06-10 11:59:59", "6/11 6/12 6/15 6/16 6/17"),  # Wed
        ("2026-06-10 12:00:00", "6/12 6/15 6/16 6/17 6/18"),
        ("2026-06-12 12:00:00", "6/16 6/17 6/18 6/19 6/22"),  # Fri
        ("2026-06-15 11:59:59", "6/16 6/17 6/18 6/19 6/22"),  # Mon
        ("2026-04-24 11:59:59", "4/27 4/28 4/30 5/1 5/7"),  # Fri
        ("2026-04-28 12:00:00", "5/1 5/7 5/8 5/11 5/12"),  # Tue
        ("2026-04-30 11:59:59", "5/1 5/7 5/8 5/11 5/12"),  # Thu
        ("2026-05-01 12:00:00", "5/8 5/11 5/12 5/13 5/14"),  # Fri
        ("2026-05-07 11:59:59", "5/8 5/11 5/12 5/13 5/14"),  # Thu
        ("2026-09-18 12:00:00", "9/25 9/28 9/29 9/30 10/1"),  # Fri
        ("2026-09-24 11:59:59", "9/25 9/28 9/29 9/30 10/1"),  # Thu
        ("2026-12-28 11:59:59", "1/4 1/5 1/6 1/7 1/8"),  # Mon
        ("2026-12-28 12:00:00", "1/5 1/6 1/7 1/8 1/12"),
        ("2027-01-04 11:59:59", "1/5 1/6 1/7 1/8 1/12"),  # Mon
    ],
)
def test_window__table_of_the_requirements__the_same_from_the_database(now: str, days: str) -> None:
    assert shown(now) == days


@pytest.mark.parametrize(
    ("visit", "last"),
    [
        (date(2026, 4, 30), "2026-04-28"),
        (date(2026, 5, 7), "2026-05-01"),
        (date(2026, 8, 12), "2026-08-10"),
        (date(2026, 9, 24), "2026-09-18"),
        (date(2026, 11, 4), "2026-11-02"),
        (date(2027, 1, 4), "2026-12-28"),
        (date(2027, 3, 23), "2027-03-19"),
    ],
)
def test_deadline__table_of_the_requirements__noon_of_that_day(visit: date, last: str) -> None:
    facts = calendar_facts("osaka", visit - timedelta(days=7))

    assert change_closes_at(visit_day=visit, facts=facts) == at(f"{last} 12:00")


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-06-11 10:00", "6/12 6/15 6/17 6/18 6/19"),
        ("2026-06-11 12:00", "6/15 6/17 6/18 6/19 6/22"),
    ],
)
def test_window__staff_close_tue_6_16_on_thu_6_11__left_out(now: str, days: str) -> None:
    factories.special_day(date(2026, 6, 16), is_open=False, reason="台風")

    assert shown(now) == days


def test_facts__staff_close_a_wednesday__closed_with_their_reason() -> None:
    assert known().is_open_day(WEDNESDAY)

    factories.special_day(WEDNESDAY, is_open=False, reason="システムの点検")

    assert known().why_closed(WEDNESDAY) == "システムの点検"
    assert known().hours(WEDNESDAY) == ()


@pytest.mark.parametrize(
    ("day", "reason"), [(SATURDAY, "土曜日"), (MARINE_DAY, "海の日")], ids=["Saturday", "holiday"]
)
def test_facts__staff_open_a_closed_day__their_row_wins(day: date, reason: str) -> None:
    assert known().why_closed(day) == reason

    factories.special_day(day, is_open=True, hours=[10, 11], reason="臨時開庁")

    assert known().is_open_day(day)
    assert known().hours(day) == (10, 11)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(None, (9, 10, 11, 13, 14, 15)), ([9, 10, 11], (9, 10, 11)), ([], ())],
    ids=["as always", "half day", "no hours"],
)
def test_facts__special_open_day__its_hours(
    hours: list[int] | None, expected: tuple[int, ...]
) -> None:
    """A day without hours is still an open day.  R-22."""
    factories.special_day(WEDNESDAY, is_open=True, hours=hours, reason="半日")

    assert known().hours(WEDNESDAY) == expected
    assert known().is_open_day(WEDNESDAY)


def test_facts__another_bureau_closes__osaka_stays_open() -> None:
    factories.special_day(WEDNESDAY, is_open=False, reason="庁舎の点検", bureau="kobe")

    assert known().is_open_day(WEDNESDAY)


def test_holidays__listed_and_computed_years__both_there() -> None:
    days = holidays_between(date(2026, 9, 1), date(2031, 1, 31))

    assert days[date(2026, 9, 22)] == "国民の休日"  # Tue between two holidays

    assert date(2031, 1, 1) in days
    assert date(2026, 8, 31) not in days


def test_facts__one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        known()
