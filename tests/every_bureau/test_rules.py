"""Window, deadline and quota hold for every bureau, whatever its numbers.  利用案内 3, 4(1)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.every_bureau.bureaus import CODES, calendar_of, policy_of
from tests.policies import at
from uketori.rules.booking import Held, Wish, refuse_day_and_hour, refuse_quantity
from uketori.rules.calendar import (
    CalendarFacts,
    booking_closes_at,
    display_window,
    next_release,
)
from uketori.rules.change import may_change
from uketori.rules.refusals import Refusal

NEAR = [date(2026, 4, 1) + timedelta(days=n) for n in range(90)]
CLOCKS = st.sampled_from([time(), time(11, 59, 59), time(12), time(17, 59, 59), time(18)])
SOME_DAYS = st.dictionaries(st.sampled_from(NEAR), st.just("臨時"), max_size=12)
AN_INSTANT = timedelta(microseconds=1)
each_bureau = pytest.mark.parametrize("code", CODES)


@st.composite
def moments_and_days(draw: st.DrawFn, code: str) -> tuple[datetime, CalendarFacts]:
    """A moment of spring 2026, and days that staff closed and opened."""
    policy = policy_of(code)
    now = datetime.combine(draw(st.sampled_from(NEAR)), draw(CLOCKS | st.times()), policy.tz)
    return now, calendar_of(code, closures=draw(SOME_DAYS), extra_open=draw(SOME_DAYS))


@each_bureau
@given(data=st.data())
def test_window__as_many_open_days_as_the_policy_says__none_left_out(
    code: str, data: st.DataObject
) -> None:
    now, facts = data.draw(moments_and_days(code))
    window = display_window(now, facts)
    shown = [one.day for one in window.days]

    assert len(shown) == facts.policy.window_open_days
    day = now.date() + timedelta(days=1)
    while day <= shown[-1]:
        bookable = facts.is_open_day(day) and now < booking_closes_at(day, facts)
        assert (day in shown) == bookable
        day += timedelta(days=1)


@each_bureau
@given(data=st.data())
def test_deadline__after_the_last_minute_of_the_open_day_the_policy_says(
    code: str, data: st.DataObject
) -> None:
    now, facts = data.draw(moments_and_days(code))
    policy = facts.policy
    closes_at = booking_closes_at(now.date(), facts)
    last = closes_at - timedelta(minutes=1)

    assert last.timetz() == policy.change_last_minute.replace(tzinfo=policy.tz)
    assert facts.is_open_day(last.date())
    between = [last.date() + timedelta(days=n) for n in range((now.date() - last.date()).days)]
    assert sum(map(facts.is_open_day, between)) == policy.change_open_days_before
    assert may_change(at=closes_at - AN_INSTANT, closes_at=closes_at)
    assert not may_change(at=closes_at, closes_at=closes_at)


@each_bureau
@given(data=st.data())
def test_release__the_first_moment_at_which_the_window_moves(
    code: str, data: st.DataObject
) -> None:
    now, facts = data.draw(moments_and_days(code))
    release = next_release(now, facts)

    assert release is not None
    assert display_window(release.at - AN_INSTANT, facts).days == display_window(now, facts).days
    assert display_window(release.at, facts).last_day == release.day


@each_bureau
@given(held=st.integers(0, 4), cases=st.integers(0, 20))
def test_quantity__refused_exactly_above_the_policy_s_limits(
    code: str, held: int, cases: int
) -> None:
    facts, now = calendar_of(code), at("2026-06-08 10:00")
    policy = facts.policy
    first = display_window(now, facts).days[0].day
    hours = [datetime.combine(first, time(hour), policy.tz) for hour in range(held)]
    wish = Wish(starts_at=datetime.combine(first, time(23), policy.tz), cases=cases)

    reasons = refuse_quantity(wish, [Held(starts_at=one) for one in hours], now, facts)

    codes = [reason.code for reason in reasons]
    assert (Refusal.TOO_MANY_SLOTS in codes) == (held >= policy.max_slots_in_window)
    assert (Refusal.TOO_MANY_CASES in codes) == (cases > policy.max_cases_per_slot)
    assert (Refusal.NO_CASES in codes) == (cases == 0)


@each_bureau
@pytest.mark.parametrize("minutes", [30, 60, 120])
def test_hours__whole_hours_of_the_policy_and_no_other(code: str, minutes: int) -> None:
    policy = policy_of(code)
    facts = replace(calendar_of(code), policy=replace(policy, slot_minutes=minutes))
    now = at("2026-06-08 10:00")
    for shown in display_window(now, facts).days:
        for quarter in range(24 * 4):
            starts_at = datetime.combine(shown.day, time(), policy.tz) + quarter * timedelta(
                minutes=15
            )
            offered = quarter % 4 == 0 and quarter // 4 in policy.hours[shown.day.weekday()]
            assert (refuse_day_and_hour(starts_at, now, facts) == []) == offered


@pytest.mark.parametrize(
    ("visit_day", "last_moment"),
    [
        (date(2026, 6, 15), "2026-06-11 17:59:59.999999"),
        (date(2026, 5, 7), "2026-04-30 17:59:59.999999"),
        (date(2027, 1, 5), "2026-12-28 17:59:59.999999"),
        (date(2026, 8, 17), "2026-08-10 17:59:59.999999"),
    ],
    ids=["Mon → Thu", "Thu after Golden Week → Thu", "Tue → Mon, last year", "Mon → over the fair"],
)
def test_minato__deadline__17_59_two_open_days_before(visit_day: date, last_moment: str) -> None:
    assert booking_closes_at(visit_day, calendar_of("minato")) == at(last_moment) + AN_INSTANT
