"""When a visitor is reminded, to the second; and whatever staff close and open.  D21."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import TOKYO, at, calendar, osaka
from uketori.rules.calendar import CalendarFacts, booking_closes_at
from uketori.rules.reminders import (
    ExpectedVisit,
    Reminder,
    due_reminders,
    ends_at,
    may_remind,
    reminds_at,
)

FIRST, SECOND = Reminder.FIRST, Reminder.SECOND
AN_INSTANT = timedelta(microseconds=1)
NEAR = [date(2026, 4, 1) + timedelta(days=n) for n in range(90)]
SOME_DAYS = st.dictionaries(st.sampled_from(NEAR), st.just("臨時"), max_size=12)
TIMES = st.sampled_from([time(), time(8, 15), time(11, 59), time(12), time(13), time(23, 59)])
POLICIES = st.builds(
    osaka,
    first_reminder_open_days_before=st.integers(0, 3),
    first_reminder_time=TIMES,
    second_reminder_open_days_before=st.integers(0, 3),
    second_reminder_time=TIMES,
    change_open_days_before=st.integers(0, 2),
    change_last_minute=st.sampled_from([time(11, 59), time(17, 59)]),
)
"""Whatever hours a bureau chooses, also such as do not fit its own deadline."""
CALENDARS = st.builds(calendar, closures=SOME_DAYS, extra_open=SOME_DAYS, policy=POLICIES)


def visit(starts_at: str, **changes: Any) -> ExpectedVisit:
    """Arranged long before, with the deadline of the ordinary calendar."""
    moment = at(starts_at)
    values = {
        "starts_at": moment,
        "arranged_at": moment - timedelta(days=20),
        "closes_at": booking_closes_at(moment.date(), calendar()),
    }
    return ExpectedVisit(**{**values, **changes})


THURSDAY = visit("2026-06-11 10:00")
MONDAY = visit("2026-06-15 10:00")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-06-10 08:59:59", []),
        ("2026-06-10 09:00:00", [FIRST]),
        ("2026-06-10 11:59:59", [FIRST]),
        ("2026-06-10 12:00:00", []),
        ("2026-06-10 12:59:59", []),
        ("2026-06-10 13:00:00", [SECOND]),
        ("2026-06-11 09:59:59", [SECOND]),
        ("2026-06-11 10:00:00", []),
    ],
)
def test_due__for_thu_06_11__over_the_day_before(now: str, due: list[Reminder]) -> None:
    assert due_reminders(THURSDAY, at(now), calendar()) == due


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-06-12 08:59:59", []),
        ("2026-06-12 09:00:00", [FIRST]),
        ("2026-06-12 13:00:00", [SECOND]),
        ("2026-06-14 13:00:00", [SECOND]),
    ],
)
def test_due__for_mon_06_15__on_friday(now: str, due: list[Reminder]) -> None:
    assert due_reminders(MONDAY, at(now), calendar()) == due


@pytest.mark.parametrize(
    ("arranged_at", "now", "due"),
    [
        ("2026-06-10 08:59:59", "2026-06-10 09:00", [FIRST]),
        ("2026-06-10 09:00:00", "2026-06-10 09:00", []),
        ("2026-06-10 11:59:59", "2026-06-10 13:00", [SECOND]),
        ("2026-06-10 12:59:59", "2026-06-10 13:00", [SECOND]),
        ("2026-06-10 13:00:00", "2026-06-10 13:00", []),
    ],
)
def test_due__arranged_around_the_moment__not_who_was_just_told(
    arranged_at: str, now: str, due: list[Reminder]
) -> None:
    arranged = visit("2026-06-11 10:00", arranged_at=at(arranged_at))

    assert due_reminders(arranged, at(now), calendar()) == due


WEDNESDAY = visit("2026-06-17 10:00")
"""Its promised deadline is Tue 06-16 12:00."""


@pytest.mark.parametrize(
    ("reminder", "closed", "opened", "moment"),
    [
        (FIRST, [], [], "2026-06-16 09:00"),
        (SECOND, [], [], "2026-06-16 13:00"),
        (FIRST, [date(2026, 6, 16)], [], "2026-06-15 09:00"),
        (SECOND, [date(2026, 6, 16)], [], "2026-06-16 12:00"),  # not before what was promised
        (FIRST, [date(2026, 6, 15), date(2026, 6, 16)], [], "2026-06-12 09:00"),
    ],
)
def test_moment__days_closed_before_wed_06_17__moves(
    reminder: Reminder, closed: list[date], opened: list[date], moment: str
) -> None:
    facts = calendar(closures=dict.fromkeys(closed, "臨時"), extra_open=dict.fromkeys(opened, ""))

    assert reminds_at(reminder, WEDNESDAY, facts) == at(moment)


@pytest.mark.parametrize(
    ("reminder", "moment"), [(FIRST, "2026-06-12 09:00"), (SECOND, "2026-06-13 13:00")]
)
def test_moment__sat_06_13_opened_before_mon_06_15__first_still_before_the_deadline(
    reminder: Reminder, moment: str
) -> None:
    facts = calendar(extra_open={date(2026, 6, 13): "臨時開庁"})

    assert reminds_at(reminder, MONDAY, facts) == at(moment)


def test_due__visit_day_is_closed__nobody_is_called_in() -> None:
    now = at("2026-06-10 09:00")

    assert due_reminders(THURSDAY, now, calendar()) == [FIRST]
    assert due_reminders(THURSDAY, now, calendar(closures={date(2026, 6, 11): "台風"})) == []


@pytest.mark.parametrize(
    ("changes", "now", "due"),
    [
        ({"first_reminder_time": None}, "2026-06-10 09:00", []),
        ({"second_reminder_time": None}, "2026-06-10 13:00", []),
        ({"first_reminder_open_days_before": 3}, "2026-06-08 08:59:59", []),
        ({"first_reminder_open_days_before": 3}, "2026-06-08 09:00", [FIRST]),
        ({"second_reminder_time": time(13, 30)}, "2026-06-10 13:29:59", []),
        ({"second_reminder_time": time(13, 30)}, "2026-06-10 13:30", [SECOND]),
        ({"second_reminder_open_days_before": 0}, "2026-06-10 13:00", []),
    ],
)
def test_due__by_the_policy(changes: dict[str, Any], now: str, due: list[Reminder]) -> None:
    facts = calendar(policy=osaka(**changes))

    assert due_reminders(THURSDAY, at(now), facts) == due


def test_moment__nothing_is_ever_open__none() -> None:
    facts = calendar(policy=osaka(closed_weekdays=tuple(range(7))))

    assert [reminds_at(one, THURSDAY, facts) for one in Reminder] == [None, None]


@st.composite
def visits(draw: st.DrawFn, promised: CalendarFacts) -> ExpectedVisit:
    """A visit of spring 2026, whose deadline was promised under another calendar."""
    day = draw(st.sampled_from(NEAR))
    starts_at = datetime.combine(day, time(draw(st.integers(8, 16))), TOKYO)
    closes_at = booking_closes_at(day, promised)
    arranged_at = closes_at - timedelta(minutes=draw(st.integers(1, 20_000)))
    return ExpectedVisit(starts_at=starts_at, arranged_at=arranged_at, closes_at=closes_at)


@given(st.data(), CALENDARS, CALENDARS)
def test_reminders__whatever_staff_closed_since__in_their_order_and_never_untrue(
    data: st.DataObject, promised: CalendarFacts, facts: CalendarFacts
) -> None:
    one = data.draw(visits(promised))
    first, second = reminds_at(FIRST, one, facts), reminds_at(SECOND, one, facts)
    assert first is not None
    assert second is not None
    now = data.draw(
        st.sampled_from([first, second, one.closes_at, one.starts_at]).flatmap(
            lambda edge: st.sampled_from([edge - AN_INSTANT, edge, edge + AN_INSTANT])
        )
    )
    due = due_reminders(one, now, facts)

    assert first < one.closes_at <= second
    if facts.is_open_day(one.starts_at.date()):
        assert facts.is_open_day(first.date())
    assert len(due) <= 1
    if not facts.is_open_day(one.starts_at.date()) or now >= one.starts_at:
        assert due == []
    assert (FIRST in due) <= (one.arranged_at < first <= now < one.closes_at)
    assert (SECOND in due) <= (one.arranged_at < second <= now < one.starts_at)
    for reminder in due:
        assert may_remind(reminder, one, now, facts)
        assert now < ends_at(reminder, one)
