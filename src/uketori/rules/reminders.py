"""When a visitor is reminded of the visit.  D21, 利用案内 4(1), 4(2).

Nothing is planned ahead: the calendar is asked at every look, so that a day that staff close or
open moves what has not been told yet.  The promised deadline is never moved, and rules over both.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import IntEnum

from uketori.rules.calendar import CalendarFacts, NoOpenDay, previous_open_day


class Reminder(IntEnum):
    """The two reminders of a visit.  D21."""

    FIRST = 1
    """Early enough to give the place back."""
    SECOND = 2
    """The deadline has passed: what to bring, and whom to call."""


@dataclass(frozen=True, kw_only=True)
class ExpectedVisit:
    """A live reservation whose visitor has not arrived, as it is to be reminded of."""

    starts_at: datetime
    arranged_at: datetime
    """When this hour was booked, or set by the bureau: who has just been told is not reminded."""
    closes_at: datetime
    """The promised first moment at which changes are refused."""


def due_reminders(visit: ExpectedVisit, at: datetime, facts: CalendarFacts) -> list[Reminder]:
    """Return the reminders that should have been told by now and still can be.

    A visit that was arranged at the moment of a reminder, or later, has none of it.
    """
    return [
        reminder
        for reminder in Reminder
        if may_remind(reminder, visit, at, facts)
        and (moment := reminds_at(reminder, visit, facts)) is not None
        and visit.arranged_at < moment <= at
    ]


def may_remind(
    reminder: Reminder, visit: ExpectedVisit, at: datetime, facts: CalendarFacts
) -> bool:
    """Tell whether what the reminder says would be true at this moment.

    The first until the deadline, the second from the deadline to the reserved time (4(1), 4(2)),
    and neither for a day on which the bureau is closed.
    """
    if not facts.is_open_day(_day_of(visit, facts)):
        return False
    begun = reminder is Reminder.FIRST or visit.closes_at <= at
    return begun and at < ends_at(reminder, visit)


def ends_at(reminder: Reminder, visit: ExpectedVisit) -> datetime:
    """Return the first moment at which the reminder is no longer told."""
    if reminder is Reminder.FIRST:
        return min(visit.closes_at, visit.starts_at)
    return visit.starts_at


def reminds_at(reminder: Reminder, visit: ExpectedVisit, facts: CalendarFacts) -> datetime | None:
    """Return when the visitor is reminded; None where the bureau does not, or no day is open.

    As many open days before the visit as the policy says, at its time.  A first reminder that would
    not come before the promised deadline comes on an earlier open day; a second one that would come
    before it waits for it.
    """
    try:
        if reminder is Reminder.FIRST:
            return _first(visit, facts)
        return _second(visit, facts)
    except NoOpenDay:
        return None


def _first(visit: ExpectedVisit, facts: CalendarFacts) -> datetime | None:
    if (clock := facts.policy.first_reminder_time) is None:
        return None
    before = facts.policy.first_reminder_open_days_before
    day = previous_open_day(_day_of(visit, facts), facts, before)
    while (moment := _moment(day, clock, facts)) >= ends_at(Reminder.FIRST, visit):
        day = previous_open_day(day, facts)
    return moment


def _second(visit: ExpectedVisit, facts: CalendarFacts) -> datetime | None:
    if (clock := facts.policy.second_reminder_time) is None:
        return None
    before = facts.policy.second_reminder_open_days_before
    day = previous_open_day(_day_of(visit, facts), facts, before)
    return max(_moment(day, clock, facts), visit.closes_at)


def _day_of(visit: ExpectedVisit, facts: CalendarFacts) -> date:
    return visit.starts_at.astimezone(facts.policy.tz).date()


def _moment(day: date, clock: time, facts: CalendarFacts) -> datetime:
    return datetime.combine(day, clock, facts.policy.tz)
