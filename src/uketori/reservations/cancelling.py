"""Cancelling a whole reservation.  利用案内 4(1), R-32."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from uketori.audit.record import record
from uketori.bureaus.models import Slot
from uketori.intermediaries.models import Intermediary
from uketori.outbox.enqueue import enqueue
from uketori.reservations.changing import kept_of
from uketori.reservations.models import Reservation
from uketori.rules.change import refuse_cancellation
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Refused

CANCELLED_EVENT = "reservation_cancelled"


@transaction.atomic(durable=True)
def cancel(
    *, reservation: Reservation, policy: BureauPolicy, actor: str, at: datetime
) -> Reservation:
    """Cancel the reservation and free its places at once, or raise ``Refused``.

    ``at`` is the moment the request arrived.  A cancelled reservation is never revived; its quota
    counts for the person again from the commit on.
    """
    Intermediary.objects.lock(reservation.intermediary_id)
    fresh = Reservation.objects.get(pk=reservation.pk)
    if reasons := refuse_cancellation(kept_of(fresh), at):
        raise Refused(reasons)
    Slot.objects.give_back(slot_id=fresh.slot_id, reservations=1, cases=fresh.live_case_count)
    Reservation.objects.filter(pk=fresh.pk).update(
        cancelled_at=at, ended_by=actor, revision=F("revision") + 1, revised_at=at
    )
    fresh.refresh_from_db()
    record(
        bureau=fresh.bureau,
        kind="reservation_cancelled",
        actor=actor,
        subject=fresh.reference,
        at=at,
        facts={"cases": fresh.live_case_count, "revision": fresh.revision},
    )
    enqueue(
        bureau=fresh.bureau,
        event=CANCELLED_EVENT,
        subject_id=fresh.reference,
        revision=fresh.revision,
        recipient=fresh.mail_address.address,
        at=at,
        message_domain=policy.mail_domain.lstrip("@"),
    )
    return fresh
