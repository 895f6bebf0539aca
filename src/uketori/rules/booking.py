"""How much one intermediary may book, and when.  利用案内 3."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from uketori.rules.calendar import (
    FARTHEST_DAYS,
    CalendarFacts,
    DisplayWindow,
    booking_closes_at,
    display_window,
    previous_open_day,
)
from uketori.rules.capacity import LeftUnit, Room, SlotShown, SlotState, refuse_for_room, slot_state
from uketori.rules.refusals import Reason, Refusal

__all__ = [
    "Held",
    "LeftUnit",
    "NextFreed",
    "Room",
    "SlotShown",
    "SlotState",
    "Wish",
    "next_freed",
    "refuse_booking",
    "refuse_day_and_hour",
    "refuse_for_room",
    "refuse_numbers_held",
    "refuse_quantity",
    "slot_state",
    "slots_held_in_window",
]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for; ``starts_at`` is None when nothing was chosen."""

    starts_at: datetime | None
    cases: int


@dataclass(frozen=True, kw_only=True)
class Held:
    """A live reservation of the same person at this bureau, with the keys of its numbers."""

    starts_at: datetime
    number_keys: frozenset[str] = frozenset()
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class NextFreed:
    """The moment at which one slot fewer counts, and when that slot starts."""

    at: datetime
    starts_at: datetime


def refuse_booking(
    wish: Wish, keys: Sequence[str], held: Sequence[Held], at: datetime, facts: CalendarFacts
) -> list[Reason]:
    """Return every reason to refuse, in the order of the notice; empty means yes.  利用案内 3."""
    return [
        *refuse_day_and_hour(wish.starts_at, at, facts),
        *refuse_quantity(wish, held, at, facts),
        *refuse_numbers_held(keys, held),
    ]


def refuse_day_and_hour(
    starts_at: datetime | None, at: datetime, facts: CalendarFacts
) -> list[Reason]:
    """Refuse what is not a displayed day and an hour offered on it.  利用案内 3(1), 3(2)."""
    if starts_at is None:
        return [Reason(Refusal.NO_SLOT_CHOSEN)]
    local = starts_at.astimezone(facts.policy.tz)
    if local.date() not in display_window(at, facts):
        return [_why_not_displayed(local.date(), at, facts)]
    on_the_hour = local == local.replace(minute=0, second=0, microsecond=0)
    if on_the_hour and local.hour in facts.hours(local.date()):
        return []
    return [Reason(Refusal.HOUR_NOT_OFFERED, facts={"visit_day": local.date()})]


def refuse_quantity(
    wish: Wish, held: Sequence[Held], at: datetime, facts: CalendarFacts
) -> list[Reason]:
    """Refuse more slots or cases than the notice allows.  利用案内 3(2), D02."""
    policy = facts.policy
    counted = _slots_counted(held, display_window(at, facts), policy.tz)
    reasons = []
    if len(counted) >= policy.max_slots_in_window:
        reasons.append(Reason(Refusal.TOO_MANY_SLOTS, facts={"held": counted}))
    if wish.starts_at in {one.starts_at for one in held}:
        reasons.append(Reason(Refusal.SAME_HOUR_TWICE, facts={"starts_at": wish.starts_at}))
    if wish.cases < 1:
        reasons.append(Reason(Refusal.NO_CASES))
    if wish.cases > policy.max_cases_per_slot:
        reasons.append(Reason(Refusal.TOO_MANY_CASES, facts={"cases": wish.cases}))
    return reasons


def refuse_numbers_held(keys: Sequence[str], held: Sequence[Held]) -> list[Reason]:
    """Refuse each row whose number stands in another reservation of the same person.  D11."""
    where = {key: one for one in reversed(held) for key in one.number_keys}
    return [
        Reason(
            Refusal.NUMBER_IN_OTHER_RESERVATION,
            order,
            {"starts_at": where[key].starts_at, "reference": where[key].reference},
        )
        for order, key in enumerate(keys, start=1)
        if key and key in where
    ]


def slots_held_in_window(held: Sequence[Held], window: DisplayWindow, tz: tzinfo) -> int:
    """Count the distinct hours held from the first displayed day on.  利用案内 3(2) ※, R-23.

    From the first day, not on the displayed days: a day that staff open pushes nothing out.
    """
    return len(_slots_counted(held, window, tz))


def next_freed(
    held: Sequence[Held], window: DisplayWindow, at: datetime, facts: CalendarFacts
) -> NextFreed | None:
    """Return when one more may be booked because a slot leaves the count; None if none counts.

    Where the bureau's own act put somebody above the limit, several must leave first.
    """
    counted = _slots_counted(held, window, facts.policy.tz)
    if not counted:
        return None
    leaving = counted[max(0, len(counted) - facts.policy.max_slots_in_window)]
    day = leaving.astimezone(facts.policy.tz).date()
    if not facts.is_open_day(day):  # closed since: it leaves with the open day before it
        day = previous_open_day(day, facts)
    return NextFreed(at=max(at, booking_closes_at(day, facts)), starts_at=leaving)


def _slots_counted(held: Sequence[Held], window: DisplayWindow, tz: tzinfo) -> list[datetime]:
    first_day = window.first_day
    if first_day is None:
        return []
    hours = {one.starts_at for one in held if one.starts_at.astimezone(tz).date() >= first_day}
    return sorted(hours)


def _why_not_displayed(day: date, at: datetime, facts: CalendarFacts) -> Reason:
    """Return the one reason for which the day is not displayed at this moment."""
    today = at.astimezone(facts.policy.tz).date()
    if reason := facts.why_closed(day):
        return Reason(Refusal.DAY_CLOSED, facts={"reason": reason, "visit_day": day})
    is_near = abs(day - today) <= timedelta(days=FARTHEST_DAYS)
    if is_near and at >= (closed_at := booking_closes_at(day, facts)):
        return Reason(Refusal.BOOKING_CLOSED, facts={"closed_at": closed_at, "visit_day": day})
    return Reason(Refusal.DAY_NOT_DISPLAYED, facts={"visit_day": day})
