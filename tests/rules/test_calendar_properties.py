"""Properties of the calendar over every day of 2025–2032, whatever staff close and open."""

import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import TOKYO, calendar
from uketori.rules.calendar import (
    CalendarFacts,
    booking_closes_at,
    display_window,
    next_release,
)

FIRST, LAST = date(2025, 1, 1), date(2032, 12, 31)
ROOT = Path(__file__).parents[2]
ALL_DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
NEAR = [date(2026, 4, 1) + timedelta(days=n) for n in range(60)]
MOMENTS = st.builds(
    datetime.combine,
    st.sampled_from(NEAR),
    st.sampled_from([time(), time(11, 59, 59, 999999), time(12), time(23, 59, 59)]) | st.times(),
    st.just(TOKYO),
)
CALENDARS = st.builds(
    calendar,
    closures=st.dictionaries(st.sampled_from(NEAR), st.just("臨時閉庁"), max_size=15),
    extra_open=st.dictionaries(st.sampled_from(NEAR), st.just("臨時開庁"), max_size=8),
)
EDGES = (time(), time(11, 59, 59, 999999), time(12), time(23, 59, 59, 999999))


def check_window(now: datetime, facts: CalendarFacts) -> None:
    """Look at what the notice promises of the displayed days."""
    window = display_window(now, facts)
    shown = [one.day for one in window.days]
    assert len(shown) == 5
    assert shown == sorted(set(shown))
    assert shown[0] > now.date()
    day = now.date() + timedelta(days=1)
    while day <= shown[-1]:
        bookable = facts.is_open_day(day) and now < booking_closes_at(day, facts)
        assert (day in window) == bookable
        day += timedelta(days=1)
    skipped = {one.day for one in window.skipped}
    assert skipped | set(shown) == {
        now.date() + timedelta(days=n) for n in range(1, (shown[-1] - now.date()).days + 1)
    }


def test_window__every_day_of_eight_years_at_the_edges() -> None:
    facts = calendar()
    for day in ALL_DAYS:
        for clock in EDGES:
            check_window(datetime.combine(day, clock, TOKYO), facts)


def test_deadline__every_open_day_of_eight_years__is_noon_of_an_open_day_before() -> None:
    facts = calendar()
    open_days = [day for day in ALL_DAYS if facts.is_open_day(day)]
    for before, day in pairwise(open_days):
        assert booking_closes_at(day, facts) == datetime.combine(before, time(12), TOKYO)


@given(now=MOMENTS, facts=CALENDARS)
def test_window__whatever_staff_set(now: datetime, facts: CalendarFacts) -> None:
    check_window(now, facts)


@given(day=st.sampled_from(NEAR), facts=CALENDARS)
def test_deadline__whatever_staff_set__an_open_day_before(day: date, facts: CalendarFacts) -> None:
    closes_at = booking_closes_at(day, facts)
    assert closes_at.date() < day
    assert facts.is_open_day(closes_at.date())
    between = (
        closes_at.date() + timedelta(days=n) for n in range(1, (day - closes_at.date()).days)
    )
    assert not any(facts.is_open_day(one) for one in between)


@given(now=MOMENTS, facts=CALENDARS)
def test_release__is_the_first_moment_at_which_the_window_moves(
    now: datetime, facts: CalendarFacts
) -> None:
    release = next_release(now, facts)
    assert release is not None
    assert release.at > now
    before = display_window(release.at - timedelta(microseconds=1), facts)
    after = display_window(release.at, facts)
    assert before.days == display_window(now, facts).days
    assert release.day not in before
    assert after.last_day == release.day


PRINT_ALL = """
from datetime import date, datetime, timedelta
from tests.policies import TOKYO, calendar
from uketori import japanese
from uketori.rules.calendar import display_window, next_release
from uketori.rules.change import change_closes_at, trace_deadline
facts = calendar()
for n in range(0, 400):
    now = datetime(2026, 1, 5, 11, 59, 59, tzinfo=TOKYO) + timedelta(hours=23 * n, seconds=n)
    window = display_window(now, facts)
    release = next_release(now, facts)
    day = window.first_day
    print(now, window.days, window.skipped, release, trace_deadline(day, facts))
    print(japanese.moment_words(change_closes_at(visit_day=day, facts=facts), TOKYO))
"""


@cache
def printed_in(zone: str) -> str:
    env = os.environ | {"TZ": zone, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PRINT_ALL], env=env, cwd=ROOT, check=True, capture_output=True
    )
    return done.stdout.decode()


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_calendar__on_a_server_of_another_zone__says_the_same(zone: str) -> None:
    in_utc = printed_in("UTC")
    assert "2026" in in_utc
    assert printed_in(zone) == in_utc
