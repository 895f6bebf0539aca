"""What became of the mail to a new address."""

from dataclasses import replace
from datetime import datetime

from uketori.intermediaries.address.change import NEW_EVENT
from uketori.intermediaries.entry.mail_status import MailStatus, _asked
from uketori.intermediaries.models import AddressChange
from uketori.outbox.history import mails_of


def asked_by_change(change: AddressChange, at: datetime) -> MailStatus:
    """Return what became of the mail to a new address."""
    mails = mails_of(bureau=change.bureau, events=[NEW_EVENT], subjects=[change.pk])
    return replace(_asked(change.new_address, mails, change.expires_at, at), is_move=True)
