"""Putting a mail into the outbox, beside the change it tells of.  R-19."""

import secrets
import threading
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from uketori.outbox.message import ascii_form
from uketori.outbox.models import OutgoingMail

ORDINARY = 5
"""The priority of what nobody waits for; 1 comes first."""
wake = threading.Event()
"""Set when a mail was committed by this process; a worker elsewhere finds it by looking."""


def message_id(domain: str) -> str:
    """Return a new Message-ID under this domain, which may be written with its @ as policies do."""
    name = f"{secrets.token_hex(16)}@{domain.removeprefix('@')}"
    return f"<{ascii_form(name)}>"


def enqueue(  # noqa: PLR0913 - a mail has that many facts, all by keyword
    *,
    bureau: str,
    event: str,
    subject_id: str,
    recipient: str,
    message_domain: str,
    at: datetime,
    revision: int = 1,
    priority: int = ORDINARY,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    once: str | None = None,
    facts: Mapping[str, object] | None = None,
) -> OutgoingMail:
    """Insert one mail into the caller's transaction; it leaves after the commit, or never.

    ``once`` names what may be told only once: a second mail of that name raises
    ``IntegrityError``.  ``facts`` hold what no row tells, and nothing personal.  ``message_domain``
    is the domain of the bureau's sender.  The Message-ID is fixed here, so that a mail sent twice
    by a crash is known as one by the mailboxes that look.
    """
    mail = OutgoingMail.objects.create(
        bureau=bureau,
        event=event,
        subject_id=subject_id,
        revision=revision,
        recipient=recipient,
        priority=priority,
        message_id=message_id(message_domain),
        enqueued_at=at,
        not_before=not_before or at,
        not_after=not_after,
        once=once,
        facts=dict(facts or {}),
    )
    transaction.on_commit(wake.set)
    return mail
