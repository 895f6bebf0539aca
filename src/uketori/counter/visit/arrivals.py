"""The moment of an arrival: said by somebody, or inferred from what came after it.  R-39."""

from datetime import datetime

from uketori.counter.models import Step, VisitEntry
from uketori.counter.visit.facts import note
from uketori.reservations.models import Reservation
from uketori.rules.paper_times import Recorded


def recorded_of(reservation: Reservation) -> Recorded:
    """Return the moments that stand (one query where there is an arrival)."""
    return Recorded(
        arrived_at=reservation.arrived_at,
        called_at=reservation.called_at,
        ended_at=reservation.served_at or reservation.absent_at or reservation.late_at,
        is_inferred=inferred_from(reservation) is not None,
    )


def write_arrival(
    reservation: Reservation,
    moment: datetime,
    *,
    actor: str,
    at: datetime,
    inferred_from: Step | None = None,
) -> None:
    """Set the arrival and write its line, with the step that told of it where nobody said it.

    The row is saved by the act.
    """
    reservation.arrived_at = moment
    after = inferred_from.value if inferred_from else ""
    note(reservation, Step.ARRIVED, actor=actor, at=at, happened_at=moment, after=after)


def inferred_from(reservation: Reservation) -> Step | None:
    """Return the step that told of the arrival; None where somebody said it, or nobody came."""
    if reservation.arrived_at is None:
        return None
    lines = VisitEntry.objects.filter(reservation=reservation, step=Step.ARRIVED)
    last = lines.order_by("-pk").values_list("after", flat=True).first()
    return Step(last) if last else None
