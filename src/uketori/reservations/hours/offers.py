"""Near hours that are offered when the wanted one cannot be had, in words.  D13, D27."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from uketori import japanese
from uketori.bureaus.availability import Availability
from uketori.bureaus.hours_table import Cell, HoursTable, hours_table, value_of
from uketori.rules.booking import Held
from uketori.rules.calendar import CalendarFacts
from uketori.rules.capacity import has_room
from uketori.rules.change import change_closes_at
from uketori.rules.refusals import Reason, Refusal

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
class NearChoices:
    """The nearest hours of the table with room for all cases; they may be none."""

    hours: list[tuple[str, str]]
    """The id of each and its words."""


@dataclass(frozen=True)
class Offer:
    """A free hour that one click takes."""

    value: str
    day: str
    hour: str
    left: str
    shape: str
    deadline: str


def near_hours(
    free: Availability,
    held: Sequence[Held],
    expires_on: date,
    wanted: datetime | None,
    cases: int,
) -> list[datetime]:
    """Return the nearest hours that have room for all cases, at most four.  D13, D27."""
    taken = {one.starts_at for one in held}
    candidates = [
        hour.starts_at
        for hour in free.by_start.values()
        if hour.room is not None
        and has_room(hour.room, cases)
        and hour.starts_at not in taken
        and hour.starts_at != wanted
        and hour.starts_at.date() <= expires_on
    ]
    if wanted is not None:
        candidates.sort(key=lambda one: (abs((one.date() - wanted.date()).days), abs(one - wanted)))
    return candidates[:4]


def near_choices(
    *,
    reasons: Iterable[Reason],
    near: Sequence[datetime],
    table: HoursTable,
    free: Availability,
) -> NearChoices | None:
    """Return where else on the page all cases find room, if the hour is what is refused."""
    if not SLOT_REFUSALS & {reason.code for reason in reasons}:
        return None
    choosable = {
        cell.value: cell.spoken for row in table.rows for cell in row.cells if cell.choosable
    }
    values = [value_of(free.by_start[one]) for one in near]
    return NearChoices([(f"slot-{one}", choosable[one]) for one in values if one in choosable])


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
