"""What a person is told of one mail: on its way, sent, late, refused, or never sent.  R-19."""

from datetime import datetime, timedelta
from enum import StrEnum

from uketori.outbox.models import MailState, OutgoingMail

PROMPT = timedelta(minutes=1)
"""A mail leaves within seconds; one that nobody took up for so long is late."""


class Delivery(StrEnum):
    """Where a mail stands, as far as the person who waits for it is concerned."""

    WAITING = "waiting"
    SENT = "sent"
    DELAYED = "delayed"
    """Tried in vain, or not taken up; it is tried again."""
    REFUSED = "refused"
    """Given up: it does not reach this address."""
    DROPPED = "dropped"
    """It never left, and never will: its time was over, or it was no longer true."""
    SUPERSEDED = "superseded"
    """It never left, because a newer one tells it."""


def delivery_of(mail: OutgoingMail, at: datetime) -> Delivery:
    """Return where the mail stands at the moment; the worker may not have come to it yet."""
    if mail.state != MailState.WAITING:
        return _SETTLED[MailState(mail.state)]
    if mail.not_after is not None and mail.not_after <= at:
        return Delivery.DROPPED
    has_failed = bool(mail.last_error)
    is_late = at >= max(mail.enqueued_at, mail.not_before) + PROMPT
    return Delivery.DELAYED if has_failed or is_late else Delivery.WAITING


_SETTLED = {
    MailState.SENT: Delivery.SENT,
    MailState.DEAD: Delivery.REFUSED,
    MailState.DROPPED: Delivery.DROPPED,
    MailState.SUPERSEDED: Delivery.SUPERSEDED,
}
