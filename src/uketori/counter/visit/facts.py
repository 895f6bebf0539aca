"""A reservation as the counter's rules see it, and the writing of its history.  R-39."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.db.models import Min

from uketori.counter.models import Step, VisitEntry
from uketori.intermediaries.models import Intermediary
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.policy import BureauPolicy
from uketori.rules.visit import Ending, Visit, work_ends_at

COLUMN_OF = {
    Ending.SERVED: "served_at",
    Ending.LATE: "late_at",
    Ending.ABSENT: "absent_at",
    Ending.NO_SHOW: "no_show_at",
    Ending.CANCELLED: "cancelled_at",
}
"""Where the moment of each ending stands in the reservation."""

THAT_END = frozenset({Step.SERVED, Step.LATE, Step.ABSENT, Step.NO_SHOW})
"""The steps by which staff record an ending."""


def visit_of(reservation: Reservation, policy: BureauPolicy) -> Visit:
    """Return the facts of the visit; the hour and the day are the bureau's."""
    ends_at = reservation.starts_at + timedelta(minutes=policy.slot_minutes)
    midnight = datetime.combine(reservation.visit_day, time(), tzinfo=policy.tz)
    return Visit(
        starts_at=reservation.starts_at,
        ends_at=ends_at,
        day_ends_at=midnight + timedelta(days=1),
        work_ends_at=work_ends_at(reservation.visit_day, ends_at, policy),
        arrived_at=reservation.arrived_at,
        called_at=reservation.called_at,
        ending=ending_of(reservation),
    )


def ending_of(reservation: Reservation) -> Ending | None:
    """Return how the visit ended, None while it has not."""
    for ending, column in COLUMN_OF.items():
        if getattr(reservation, column) is not None:
            return ending
    return None


def with_record(
    visit: Visit, reservation: Reservation, steps: Collection[Step], at: datetime
) -> Visit:
    """Add when one of these steps was first recorded: its correction is counted from there.

    One query once the visit day is over; until then everything is open.
    """
    if at < visit.day_ends_at:
        return visit
    lines = VisitEntry.objects.filter(reservation=reservation, step__in=steps)
    return replace(visit, first_recorded_at=lines.aggregate(first=Min("recorded_at"))["first"])


def locked(reservation: Reservation) -> Reservation:
    """Return the reservation as it is now; nobody else writes it until the transaction ends.

    The intermediary's row is the lock of everything about a person, as in booking and changing.
    """
    Intermediary.objects.lock(reservation.intermediary_id)
    return Reservation.objects.get(pk=reservation.pk)


def note(
    reservation: Reservation,
    step: Step,
    *,
    actor: str,
    at: datetime,
    happened_at: datetime | None = None,
    case: ReservedCase | None = None,
    before: str = "",
    after: str = "",
) -> VisitEntry:
    """Write one line of the history of a visit."""
    return VisitEntry.objects.create(
        reservation=reservation,
        case=case,
        step=step,
        before=before,
        after=after,
        happened_at=happened_at or at,
        recorded_at=at,
        actor=actor,
    )
