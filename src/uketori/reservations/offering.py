"""Near hours that are offered when the wanted one cannot be had, in words.  D13, D27."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from uketori import japanese
from uketori.bureaus.availability import Availability
from uketori.bureaus.presenters import Cell, hours_table, value_of
from uketori.rules.calendar import CalendarFacts
from uketori.rules.change import change_closes_at
from uketori.rules.refusals import Refusal

SLOT_REFUSALS = {
    Refusal.SLOT_FULL,
    Refusal.TOO_FEW_CASES_LEFT,
    Refusal.SLOT_STOPPED,
    Refusal.BOOKING_CLOSED,
    Refusal.DAY_NOT_DISPLAYED,
    Refusal.DAY_CLOSED,
    Refusal.HOUR_NOT_OFFERED,
    Refusal.SAME_HOUR_TWICE,
}
"""After these another hour is offered; everything else has to be mended first."""

NO_HOUR_HELPS = {
    Refusal.SUSPENDED,
    Refusal.CERTIFICATE_TO_BE_SEEN,
    Refusal.CERTIFICATE_SHOWN_BY_ANOTHER,
}
"""Nothing new is booked for this person, at whatever hour."""


@dataclass(frozen=True)
class Offer:
    """A free hour that one click takes."""

    value: str
    day: str
    hour: str
    left: str
    shape: str
    deadline: str


def offers_in_words(near: Sequence[datetime], free: Availability) -> list[Offer]:
    """Say each of these hours, what is left of it, and until when it could be changed."""
    cells = {cell.value: cell for row in hours_table(free).rows for cell in row.cells}
    return [_offer(one, cells[value_of(free.by_start[one])], free.facts) for one in near]


def _offer(starts_at: datetime, cell: Cell, facts: CalendarFacts) -> Offer:
    policy = facts.policy
    closes_at = change_closes_at(visit_day=starts_at.date(), facts=facts)
    return Offer(
        value=cell.value,
        day=japanese.day_words(starts_at.date()),
        hour=japanese.hour_words(starts_at, policy.slot_minutes, policy.tz),
        left=cell.left,
        shape=cell.shape,
        deadline=japanese.last_minute_words(closes_at, policy.tz),
    )
