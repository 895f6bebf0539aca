"""Cancelling a whole reservation: by its holder, for a caller, by the bureau.  4, R-32, R-42."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from uketori.audit.record import record
from uketori.bureaus.models import Slot
from uketori.intermediaries.models import Intermediary
from uketori.outbox.enqueue import enqueue
from uketori.reservations.mails.telling import (
    BY_BUREAU_KIND,
    CANCELLED_EVENT,
    BureauReason,
    tell_cancelled_by_bureau,
)
from uketori.reservations.models import Reservation
from uketori.reservations.standing import kept_of
from uketori.rules.change import CallMoment, refuse_cancellation, refuse_ended
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Refused
from uketori.rules.taking_out import NotHere


@transaction.atomic(durable=True)
def cancel(
    *, reservation: Reservation, policy: BureauPolicy, actor: str, at: datetime
) -> Reservation:
    """Cancel the reservation and free its places at once, or raise ``Refused``.

    ``at`` is the moment the request arrived.  A cancelled reservation is never revived; its quota
    counts for the person again from the commit on.
    """
    fresh = lock_reservation(reservation)
    if reasons := refuse_cancellation(kept_of(fresh), at):
        raise Refused(reasons)
    write_cancellation(fresh, actor=actor, at=at)
    enqueue(
        bureau=fresh.bureau,
        event=CANCELLED_EVENT,
        subject_id=fresh.reference,
        revision=fresh.revision,
        recipient=fresh.mail_address.address,
        at=at,
        message_domain=policy.mail_domain,
    )
    return fresh


def cancel_for_caller(
    *, reservation: Reservation, call: CallMoment, actor: str, at: datetime
) -> Reservation:
    """Cancel for somebody who called, also after the deadline, or raise ``Refused``.  4(2)

    Inside the transaction that records the call, and tells of it.
    """
    fresh = lock_reservation(reservation)
    if reasons := refuse_cancellation(kept_of(fresh), at, call):
        raise Refused(reasons)
    write_cancellation(fresh, actor=actor, at=at)
    return fresh


@transaction.atomic(durable=True)
def cancel_by_bureau(
    *, reservation: Reservation, reason: BureauReason, actor: str, at: datetime
) -> Reservation:
    """Cancel because the bureau must, whatever the deadline; it counts against nobody.  R-42."""
    fresh = lock_reservation(reservation)
    if reasons := refuse_ended(kept_of(fresh)):
        raise Refused(reasons)
    write_cancellation(fresh, actor=actor, at=at, kind=BY_BUREAU_KIND, reason=reason.value)
    tell_cancelled_by_bureau(reservation=fresh, reason=reason, at=at)
    return fresh


def cancel_what_is_not_here(
    fresh: Reservation, *, because: NotHere, actor: str, at: datetime
) -> None:
    """Cancel, by the bureau, a reservation of which no case is left; ``fresh`` is locked.  R-32.

    Inside the transaction of the act that takes the last ones out.
    """
    reason = BureauReason.NOT_HERE
    write_cancellation(
        fresh, actor=actor, at=at, kind=BY_BUREAU_KIND, reason=reason.value, because=because.value
    )
    tell_cancelled_by_bureau(reservation=fresh, reason=reason, because=because, at=at)


def lock_reservation(reservation: Reservation) -> Reservation:
    """Return the reservation as it is now; nobody else touches it until the transaction ends."""
    Intermediary.objects.lock(reservation.intermediary_id)
    return Reservation.objects.get(pk=reservation.pk)


def write_cancellation(
    fresh: Reservation,
    *,
    actor: str,
    at: datetime,
    kind: str = CANCELLED_EVENT,
    **facts: object,
) -> None:
    """Give the places back, end the reservation and record it; ``fresh`` is locked."""
    Slot.objects.give_back(slot_id=fresh.slot_id, reservations=1, cases=fresh.live_case_count)
    Reservation.objects.filter(pk=fresh.pk).update(
        cancelled_at=at, ended_by=actor, revision=F("revision") + 1, revised_at=at
    )
    fresh.refresh_from_db()
    record(
        bureau=fresh.bureau,
        kind=kind,
        actor=actor,
        subject=fresh.reference,
        at=at,
        facts={"cases": fresh.live_case_count, "revision": fresh.revision, **facts},
    )
