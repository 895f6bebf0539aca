"""Sending a mail about a reservation once more, because somebody called for it.  R-19."""

from datetime import datetime

from django.db import transaction

from uketori.audit.record import record
from uketori.counter.visit.facts import locked
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.resend import resend
from uketori.reservations.models import Reservation

TO_BE_SENT_AGAIN = frozenset({MailState.SENT, MailState.DEAD, MailState.WAITING})
"""What was dropped is over, or another mail tells it: it would be dropped again."""


@transaction.atomic(durable=True)
def send_mail_again(
    *, reservation: Reservation, mail: OutgoingMail, actor: str, at: datetime
) -> OutgoingMail:
    """Let the mail leave again and record who asked; return the row that waits.

    A second click finds the first one's mail still waiting, and adds nothing.
    """
    fresh = locked(reservation)
    mail.refresh_from_db()
    recipient = _recipient_now(mail, fresh)
    waits = OutgoingMail.objects.filter(
        bureau=mail.bureau,
        subject_id=mail.subject_id,
        event=mail.event,
        recipient=recipient,
        revision=mail.revision,
        state=MailState.WAITING,
        attempts=0,
    ).first()
    if waits is not None:
        return waits
    again = resend(mail, at, recipient=recipient)
    record(
        bureau=fresh.bureau,
        kind="mail_sent_again",
        actor=actor,
        subject=fresh.reference,
        at=at,
        facts={"mail": again.pk, "event": mail.event},
    )
    return again


def _recipient_now(mail: OutgoingMail, reservation: Reservation) -> str:
    """Return where the mail is to go: the address on record, once the one it went to is left.

    Another address that speaks for the person keeps its mail, and so does one that was named for
    this mail alone.
    """
    speaks = reservation.intermediary.claims.filter(
        ended_at=None, mail_address__address=mail.recipient
    )
    if mail.facts.get("elsewhere") or speaks.exists():
        return mail.recipient
    return reservation.mail_address.address
