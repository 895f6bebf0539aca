"""Whether cases that were not issued have been booked again."""

from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.visits.outcome_words import BOOKED_AGAIN


def booked_again(reservation: Reservation) -> list[ReservedCase]:
    """Return the cases of an earlier reservation that another one is for, in order.

    After a visit these are the ones that were not issued, and that this counter can issue.
    """
    cases = list(reservation.cases.filter(withdrawn_at=None).order_by("order"))
    if reservation.served_at is None:
        return cases
    return [case for case in cases if case.not_issued_because in BOOKED_AGAIN]
