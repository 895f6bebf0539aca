"""The certificate at the counter: seen by a clerk, and with that proved.  D03, R-38."""

from datetime import datetime

from django.db import transaction

from uketori.counter.models import Step
from uketori.counter.visits import locked, note
from uketori.intermediaries.settling import lock_certificate_of, prove
from uketori.reservations.models import Reservation


@transaction.atomic(durable=True)
def see_certificate(*, reservation: Reservation, actor: str, at: datetime) -> Reservation:
    """Record that the person showed the certificate, or raise ``Refused``.  A second time: nothing.

    Locks the certificate, then the person, in the one order of all acts.
    """
    lock_certificate_of(reservation.claim)
    fresh = locked(reservation)
    if prove(claim=fresh.claim, actor=actor, at=at):
        note(fresh, Step.CERTIFICATE_SEEN, actor=actor, at=at)
    return fresh
