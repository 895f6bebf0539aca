"""利用案内 3(1): which days are open and which are displayed, with real dates."""

from datetime import date, timedelta
from datetime import datetime as moment
from typing import Any

import pytest

from tests.policies import at, calendar, osaka
from uketori.rules.calendar import (
    NoOpenDay,
    SkippedDay,
    booking_closes_at,
    display_window,
    next_open_day,
    next_release,
    previous_open_day,
    slots_days,
)


def days(words: str, year: int = 2026) -> list[date]:
    """Read e.g. ``6/11 6/12`` as days of the year."""
    pairs = (word.split("/") for word in words.split())
    return [date(year, int(month), int(day)) for month, day in pairs]


def shown(now: str, **staff: Any) -> list[date]:
    window = display_window(at(now), calendar(**staff))
    return [displayed.day for displayed in window.days]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-06-10 11:59:59", days("6/11 6/12 6/15 6/16 6/17")),
        ("2026-06-10 11:59:59.999999", days("6/11 6/12 6/15 6/16 6/17")),
        ("2026-06-10 12:00:00", days("6/12 6/15 6/16 6/17 6/18")),
        ("2026-06-12 12:00:00", days("6/16 6/17 6/18 6/19 6/22")),
        ("2026-06-13 00:00:00", days("6/16 6/17 6/18 6/19 6/22")),
        ("2026-06-15 11:59:59", days("6/16 6/17 6/18 6/19 6/22")),
        ("2026-04-24 11:59:59", days("4/27 4/28 4/30 5/1 5/7")),
        ("2026-04-28 12:00:00", days("5/1 5/7 5/8 5/11 5/12")),
        ("2026-04-30 11:59:59", days("5/1 5/7 5/8 5/11 5/12")),
        ("2026-05-01 12:00:00", days("5/8 5/11 5/12 5/13 5/14")),
        ("2026-05-07 11:59:59", days("5/8 5/11 5/12 5/13 5/14")),
        ("2026-09-18 12:00:00", days("9/25 9/28 9/29 9/30 10/1")),
        ("2026-09-24 11:59:59", days("9/25 9/28 9/29 9/30 10/1")),
        ("2026-12-28 11:59:59", days("1/4 1/5 1/6 1/7 1/8", 2027)),
        ("2026-12-28 12:00:00", days("1/5 1/6 1/7 1/8 1/12", 2027)),
        ("2027-01-04 11:59:59", days("1/5 1/6 1/7 1/8 1/12", 2027)),
    ],
)
def test_window__every_row_of_the_table(now: str, expected: list[date]) -> None:
    assert shown(now) == expected


def test_window__wed_2026_06_10_at_11_59_59__shows_thursday_first() -> None:
    assert shown("2026-06-10 11:59:59")[0] == date(2026, 6, 11)


def test_window__wed_2026_06_10_at_12_00_00__shows_friday_first() -> None:
    assert shown("2026-06-10 12:00:00")[0] == date(2026, 6, 12)


def test_window__staff_close_tue_06_16_on_thu_06_11__a_day_moves_up() -> None:
    closures = {date(2026, 6, 16): "臨時閉庁"}
    assert shown("2026-06-11 10:00", closures=closures) == days("6/12 6/15 6/17 6/18 6/19")
    assert shown("2026-06-11 12:00", closures=closures) == days("6/15 6/17 6/18 6/19 6/22")


def test_window__staff_open_sat_06_13__the_saturday_is_displayed() -> None:
    opened = {date(2026, 6, 13): "臨時開庁"}
    assert shown("2026-06-11 12:00", extra_open=opened) == days("6/13 6/15 6/16 6/17 6/18")
    assert shown("2026-06-12 12:00", extra_open=opened) == days("6/15 6/16 6/17 6/18 6/19")


def test_window__a_day_without_hours__is_an_open_day_and_counts() -> None:
    facts = calendar(hours_on={date(2026, 6, 12): ()})
    window = display_window(at("2026-06-10 12:00"), facts)
    assert [one.day for one in window.days] == days("6/12 6/15 6/16 6/17 6/18")
    assert facts.hours(date(2026, 6, 12)) == ()


def test_window__skipped_days__each_have_their_reason() -> None:
    window = display_window(at("2026-04-28 12:00"), calendar())
    assert window.skipped[:4] == (
        SkippedDay(date(2026, 4, 29), "昭和の日"),
        SkippedDay(date(2026, 4, 30), "4月28日（火）11時59分で受付終了"),
        SkippedDay(date(2026, 5, 2), "土曜日"),
        SkippedDay(date(2026, 5, 3), "日曜日"),
    )
    assert window.skipped[-1].day == date(2026, 5, 10)


def test_window__skipped_and_displayed__cover_every_day_after_today() -> None:
    window = display_window(at("2026-12-28 12:00"), calendar())
    covered = sorted([one.day for one in window.days] + [one.day for one in window.skipped])
    first = date(2026, 12, 29)
    assert covered == [
        first + timedelta(days=n) for n in range((date(2027, 1, 12) - first).days + 1)
    ]


def test_window__everything_closed__is_empty_and_ends() -> None:
    facts = calendar(policy=osaka(closed_weekdays=tuple(range(7))))
    window = display_window(at("2026-06-10 12:00"), facts)
    assert (window.days, window.skipped, window.first_day, window.last_day) == ((), (), None, None)
    assert next_release(at("2026-06-10 12:00"), facts) is None
    assert slots_days(at("2026-06-10 12:00"), facts, 3) == ()
    with pytest.raises(NoOpenDay):
        next_open_day(date(2026, 6, 10), facts)


def test_window__few_open_days_in_reach__has_fewer_days() -> None:
    first, last = date(2026, 6, 15), date(2028, 1, 1)
    closures = {first + timedelta(days=n): "休止" for n in range((last - first).days)}
    assert shown("2026-06-10 09:00", closures=closures) == days("6/11 6/12")
    assert next_release(at("2026-06-10 09:00"), calendar(closures=closures)) is None


def test_window__same_moment_in_another_zone__is_the_same() -> None:
    wednesday_noon = at("2026-06-10 12:00")
    utc = moment.fromisoformat("2026-06-10T03:00:00+00:00")
    assert display_window(utc, calendar()) == display_window(wednesday_noon, calendar())


@pytest.mark.parametrize(
    ("now", "moves_at", "day"),
    [
        ("2026-06-10 11:59:59", "2026-06-10 12:00", date(2026, 6, 18)),
        ("2026-06-10 12:00:00", "2026-06-11 12:00", date(2026, 6, 19)),
        ("2026-06-12 12:00:00", "2026-06-15 12:00", date(2026, 6, 23)),
        ("2026-12-28 12:00:00", "2027-01-04 12:00", date(2027, 1, 13)),
    ],
)
def test_next_release__tells_the_noon_and_the_day(now: str, moves_at: str, day: date) -> None:
    release = next_release(at(now), calendar())
    assert release is not None
    assert (release.at, release.day) == (at(moves_at), day)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 6, 12), None),
        (date(2026, 6, 13), "土曜日"),
        (date(2026, 6, 14), "日曜日"),
        (date(2026, 7, 20), "海の日"),
        (date(2026, 12, 28), None),
        (date(2026, 12, 29), "年末年始"),
        (date(2026, 12, 31), "年末年始"),
        (date(2027, 1, 1), "元日"),
        (date(2025, 1, 3), "年末年始"),
        (date(2027, 1, 4), None),
    ],
)
def test_why_closed__ordinary_days(day: date, reason: str | None) -> None:
    assert calendar().why_closed(day) == reason
    assert calendar().is_open_day(day) == (reason is None)


def test_why_closed__a_closure_wins_over_an_extra_day_and_that_over_a_holiday() -> None:
    marine_day = date(2026, 7, 20)
    opened, closed = {marine_day: "臨時開庁"}, {marine_day: "台風"}
    assert calendar(extra_open=opened).why_closed(marine_day) is None
    assert calendar(extra_open=opened, closures=closed).why_closed(marine_day) == "台風"


def test_hours__of_weekday__of_one_day__of_closed_day() -> None:
    friday, saturday = date(2026, 6, 12), date(2026, 6, 13)
    assert calendar().hours(friday) == (9, 10, 11, 13, 14, 15)
    assert calendar(hours_on={friday: (9, 10)}).hours(friday) == (9, 10)
    assert calendar(hours_on={saturday: (9, 10)}).hours(saturday) == ()
    assert calendar(extra_open={saturday: "臨時開庁"}).hours(saturday) == ()
    opened = calendar(extra_open={saturday: "臨時開庁"}, hours_on={saturday: (9,)})
    assert opened.hours(saturday) == (9,)


def test_open_days__before_and_after_golden_week() -> None:
    assert previous_open_day(date(2026, 5, 7), calendar()) == date(2026, 5, 1)
    assert previous_open_day(date(2026, 5, 7), calendar(), 2) == date(2026, 4, 30)
    assert previous_open_day(date(2026, 5, 4), calendar()) == date(2026, 5, 1)
    assert next_open_day(date(2026, 5, 1), calendar()) == date(2026, 5, 7)


def test_slots_days__are_the_next_open_days_after_today() -> None:
    assert slots_days(at("2026-06-10 12:00"), calendar(), 4) == tuple(days("6/11 6/12 6/15 6/16"))


def test_booking_closes_at__two_open_days_before__if_the_policy_says_so() -> None:
    facts = calendar(policy=osaka(change_open_days_before=2))
    assert booking_closes_at(date(2026, 6, 15), facts) == at("2026-06-11 12:00")


def test_window__same_day_booking__if_the_policy_says_so__still_begins_tomorrow() -> None:
    policy = osaka(change_open_days_before=0)
    facts = calendar(policy=policy)
    window = display_window(at("2026-06-10 12:00"), facts)
    release = next_release(at("2026-06-10 12:00"), facts)
    assert window.first_day == date(2026, 6, 11)
    assert release is not None
    assert (release.at, release.day) == (at("2026-06-11 00:00"), date(2026, 6, 18))
