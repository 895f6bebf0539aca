"""Which days are open, and which of them are displayed for booking.  利用案内 3(1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from uketori import japanese
from uketori.rules.policy import BureauPolicy

A_DAY = timedelta(days=1)
FARTHEST_DAYS = 400
"""How far a search for open days walks before it gives up, so that it always ends."""


class NoOpenDay(LookupError):
    """No open day lies within reach; a calendar in which everything is closed."""


@dataclass(frozen=True, kw_only=True)
class CalendarFacts:
    """What the bureau knows of days."""

    policy: BureauPolicy
    holidays: Mapping[date, str]
    """Day and name."""
    closures: Mapping[date, str]
    """Closed by staff: day and reason.  Closes a day that staff had opened, too."""
    extra_open: Mapping[date, str]
    """Opened by staff: day and reason.  Wins over weekend, holiday and annual closing."""
    hours_on: Mapping[date, tuple[int, ...]]
    """Hours that staff set for one day, instead of those of its weekday."""

    def why_closed(self, day: date) -> str | None:
        """Return why the bureau is closed, in Japanese, or None on an open day.  R-21."""
        if day not in self.extra_open and (reason := self._ordinarily_closed(day)):
            return reason
        return self.closures.get(day)

    def is_open_day(self, day: date) -> bool:
        """Tell whether the day counts as 開庁日; hours do not matter (R-22)."""
        return self.why_closed(day) is None

    def hours(self, day: date) -> tuple[int, ...]:
        """Return the hours at which slots start; none on a closed day.  D08."""
        if not self.is_open_day(day):
            return ()
        return self.hours_on.get(day, self.policy.hours[day.weekday()])

    def _ordinarily_closed(self, day: date) -> str | None:
        if day.weekday() in self.policy.closed_weekdays:
            return f"{japanese.WEEKDAYS[day.weekday()]}曜日"
        return self.holidays.get(day) or self._annually_closed(day)

    def _annually_closed(self, day: date) -> str | None:
        today = f"{day:%m-%d}"
        for first, last, name in self.policy.closed_annually:
            over_new_year = first > last
            inside = today >= first or today <= last if over_new_year else first <= today <= last
            if inside:
                return name
        return None


@dataclass(frozen=True)
class DisplayedDay:
    """An open day that can be chosen, and the first moment at which it no longer can."""

    day: date
    closes_at: datetime


@dataclass(frozen=True)
class SkippedDay:
    """A day between today and the last displayed day that cannot be chosen, and why."""

    day: date
    reason: str


@dataclass(frozen=True)
class DisplayWindow:
    """The days shown in ①日付選択, and those left out between them.  利用案内 3(1)."""

    days: tuple[DisplayedDay, ...]
    skipped: tuple[SkippedDay, ...]

    @property
    def first_day(self) -> date | None:
        """The first displayed day; None when no day can be displayed at all."""
        return self.days[0].day if self.days else None

    @property
    def last_day(self) -> date | None:
        """The last displayed day; None when no day can be displayed at all."""
        return self.days[-1].day if self.days else None

    def __contains__(self, day: date) -> bool:
        return any(displayed.day == day for displayed in self.days)


@dataclass(frozen=True)
class NextRelease:
    """The first moment at which the window moves, and the day which then appears."""

    at: datetime
    day: date


def display_window(at: datetime, facts: CalendarFacts) -> DisplayWindow:
    """Return the next open days that can still be booked at this moment.

    利用案内 3(1), D01: as many as the notice says, after today, each before its change deadline.
    In a calendar with too few open days the window simply has fewer.
    """
    days: list[DisplayedDay] = []
    skipped: list[SkippedDay] = []
    passed: list[SkippedDay] = []
    for day in _days_after(_local_day(at, facts)):
        if len(days) == facts.policy.window_open_days:
            break
        if reason := facts.why_closed(day):
            passed.append(SkippedDay(day, reason))
        elif at >= (closes_at := booking_closes_at(day, facts)):
            passed.append(SkippedDay(day, _closing_words(closes_at, facts)))
        else:
            days.append(DisplayedDay(day, closes_at))
            skipped.extend(passed)
            passed.clear()
    return DisplayWindow(tuple(days), tuple(skipped))


def next_release(at: datetime, facts: CalendarFacts) -> NextRelease | None:
    """Return when the next day appears and which; None when no further day is in reach."""
    window = display_window(at, facts)
    if not window.days:
        return None
    first = window.days[0]
    moves_at = min(first.closes_at, datetime.combine(first.day, time(), facts.policy.tz))
    newest = display_window(moves_at, facts).last_day
    if newest is None or newest in window:
        return None
    return NextRelease(moves_at, newest)


def booking_closes_at(day: date, facts: CalendarFacts) -> datetime:
    """Return the first moment at which the day can no longer be booked.

    D01: it is the change deadline of 利用案内 4(1), so that no reservation is born unchangeable.
    """
    policy = facts.policy
    deadline_day = previous_open_day(day, facts, policy.change_open_days_before)
    last_minute = datetime.combine(deadline_day, policy.change_last_minute, policy.tz)
    return last_minute + timedelta(minutes=1)


def previous_open_day(day: date, facts: CalendarFacts, count: int = 1) -> date:
    """Return the open day that lies ``count`` open days before the day."""
    for _ in range(count):
        day = _nearest_open_day(day, facts, -A_DAY)
    return day


def next_open_day(day: date, facts: CalendarFacts) -> date:
    """Return the first open day after the day, which itself never counts."""
    return _nearest_open_day(day, facts, A_DAY)


def slots_days(at: datetime, facts: CalendarFacts, count: int) -> tuple[date, ...]:
    """Return the next open days after today, whose slots the worker keeps ready."""
    coming = _days_after(_local_day(at, facts))
    return tuple(islice(filter(facts.is_open_day, coming), count))


def _nearest_open_day(day: date, facts: CalendarFacts, step: timedelta) -> date:
    for distance in range(1, FARTHEST_DAYS + 1):
        if facts.is_open_day(near := day + distance * step):
            return near
    raise NoOpenDay(day.isoformat())


def _days_after(day: date) -> Iterator[date]:
    return (day + distance * A_DAY for distance in range(1, FARTHEST_DAYS + 1))


def _local_day(at: datetime, facts: CalendarFacts) -> date:
    return at.astimezone(facts.policy.tz).date()


def _closing_words(closes_at: datetime, facts: CalendarFacts) -> str:
    return f"{japanese.last_minute_words(closes_at, facts.policy.tz)}で受付終了"
