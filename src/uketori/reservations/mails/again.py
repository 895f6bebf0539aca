"""Sending the confirmation once more.  R-19."""

from datetime import datetime, timedelta

from django.db import transaction

from uketori.audit.record import record
from uketori.intermediaries.proof import limits, tokens
from uketori.outbox.enqueue import enqueue
from uketori.reservations.mails.telling import BOOKED_EVENT
from uketori.reservations.models import Reservation

MOST_AN_HOUR = 3
WINDOW = timedelta(hours=1)
ACT = "mail_again"


def send_again(*, reservation: Reservation, recipient: str, actor: str, at: datetime) -> bool:
    """Enqueue the confirmation for this address again; False when it was asked for too often."""
    within = limits.within_limit(
        identity=_identity(reservation), act=ACT, limit=MOST_AN_HOUR, window=WINDOW, at=at
    )
    if not within:
        return False
    with transaction.atomic(durable=True):
        enqueue(
            bureau=reservation.bureau,
            event=BOOKED_EVENT,
            subject_id=reservation.reference,
            revision=reservation.revision,
            recipient=recipient,
            at=at,
            message_domain=reservation.made_under.mail_domain,
        )
        record(
            bureau=reservation.bureau,
            kind="confirmation_sent_again",
            actor=actor,
            subject=reservation.reference,
            at=at,
        )
    return True


def sends_again_at(reservation: Reservation, at: datetime) -> datetime | None:
    """Return when the confirmation can be asked for again; None if it can be now."""
    is_exhausted = limits.is_exhausted(
        identity=_identity(reservation), act=ACT, limit=MOST_AN_HOUR, window=WINDOW, at=at
    )
    return opens_again_at(at) if is_exhausted else None


def opens_again_at(at: datetime) -> datetime:
    """Return when the count of this hour begins anew."""
    return limits.opens_again_at(WINDOW, at)


def _identity(reservation: Reservation) -> str:
    return tokens.keyed_digest("limit reservation", reservation.reference)
