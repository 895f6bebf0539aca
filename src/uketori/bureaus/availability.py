"""What is free in the displayed days, without any personal data.  R-20, R-26, R-27, D27."""

from dataclasses import dataclass
from datetime import date, datetime, time

from uketori.bureaus.calendar import facts_at
from uketori.bureaus.models import Slot
from uketori.bureaus.slots import day_span, room_of
from uketori.rules.calendar import (
    CalendarFacts,
    DisplayWindow,
    NextRelease,
    display_window,
    next_release,
)
from uketori.rules.capacity import LeftUnit, Room, SlotState, refuse_for_room, slot_state
from uketori.rules.refusals import Reason


@dataclass(frozen=True)
class FreeHour:
    """One hour of one displayed day, as it stands."""

    starts_at: datetime
    room: Room | None
    """None when the bureau is not open at that hour of that day."""
    state: SlotState
    left: int
    counts_cases: bool
    """Whether ``left`` counts cases (the tighter limit) instead of reservations."""


@dataclass(frozen=True)
class Availability:
    """The displayed days × hours at one moment."""

    at: datetime
    facts: CalendarFacts
    window: DisplayWindow
    release: NextRelease | None
    hours: tuple[int, ...]
    by_start: dict[datetime, FreeHour]

    def row(self, hour: int) -> list[FreeHour]:
        """The hour on each displayed day, in order."""
        return [self.by_start[self.moment(shown.day, hour)] for shown in self.window.days]

    def refuse(self, starts_at: datetime | None, cases: int) -> list[Reason]:
        """Return why the hour is known to have no room for so many cases; nothing if not shown."""
        shown = self.by_start.get(starts_at) if starts_at else None
        return refuse_for_room(shown.room, cases) if shown and shown.room else []

    def can_be_booked(self, starts_at: datetime) -> bool:
        """Tell whether a place that comes free in the hour can be booked by others."""
        shown = self.by_start.get(starts_at)
        return shown is not None and shown.room is not None and not shown.room.stopped

    def moment(self, day: date, hour: int) -> datetime:
        """When a slot would start."""
        return datetime.combine(day, time(hour), self.facts.policy.tz)


def availability(code: str, at: datetime) -> Availability:
    """Gather what is free (two queries).  Raises ``UnknownBureau``."""
    facts = facts_at(code, at)
    window = display_window(at, facts)
    slots = _slots_in(window, facts)
    hours = sorted({hour for shown in window.days for hour in facts.hours(shown.day)})
    by_start = {}
    for shown in window.days:
        offered = set(facts.hours(shown.day))
        for hour in hours:
            moment = datetime.combine(shown.day, time(hour), facts.policy.tz)
            room = room_of(slots.get(moment), facts.policy) if hour in offered else None
            by_start[moment] = _free_hour(moment, room, facts)
    return Availability(at, facts, window, next_release(at, facts), tuple(hours), by_start)


def _slots_in(window: DisplayWindow, facts: CalendarFacts) -> dict[datetime, Slot]:
    if window.first_day is None or window.last_day is None:
        return {}
    begin, end = day_span(window.first_day, window.last_day, facts.policy)
    slots = Slot.objects.of_days(facts.policy.code, begin, end)
    return {slot.starts_at.astimezone(facts.policy.tz): slot for slot in slots}


def _free_hour(moment: datetime, room: Room | None, facts: CalendarFacts) -> FreeHour:
    judged = slot_state(room, facts.policy, offered=room is not None)
    return FreeHour(moment, room, judged.state, judged.left, judged.unit is LeftUnit.CASES)
