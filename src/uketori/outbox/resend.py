"""Sending a mail once more, by a person who saw that it did not arrive.  R-19."""

from datetime import datetime

from django.db import transaction

from uketori.outbox.enqueue import enqueue, wake
from uketori.outbox.models import MailState, OutgoingMail


def resend(mail: OutgoingMail, at: datetime, *, recipient: str | None = None) -> OutgoingMail:
    """Let the mail leave again, rendered as things are now; return the row that waits.

    One that was given up is taken up again under its own Message-ID, since it may never have
    arrived; one that was sent gets a second row.  One that still waits leaves at once.  What is no
    longer true is dropped when it should leave, as ever.  ``recipient`` is where it goes now, if
    the person has moved since.
    """
    if mail.state == MailState.SENT:
        domain = mail.message_id.rpartition("@")[2].rstrip(">")
        return enqueue(
            bureau=mail.bureau,
            event=mail.event,
            subject_id=mail.subject_id,
            recipient=recipient or mail.recipient,
            at=at,
            revision=mail.revision,
            priority=mail.priority,
            not_after=mail.not_after,
            message_domain=domain,
            facts=mail.facts,
        )
    with transaction.atomic():
        OutgoingMail.objects.filter(pk=mail.pk).exclude(state=MailState.SENT).update(
            state=MailState.WAITING,
            not_before=at,
            attempts=0,
            first_tried_at=None,
            given_up_at=None,
            recipient=recipient or mail.recipient,
        )
        transaction.on_commit(wake.set)
    mail.refresh_from_db()
    return mail
