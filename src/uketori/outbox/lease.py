"""Taking due mails with a lease, and writing down what became of them.

A lease is a promise in the table: until it ends, nobody else touches the mail.  Every mark is made
only while the mail still carries the token of the claim, so a worker that slept too long changes
nothing.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from uketori.outbox.models import FailedAttempt, MailState, OutgoingMail

BATCH = 50
LEASE = timedelta(minutes=5)
"""Longer than a worker begins mails of one batch (5 s) plus the slowest conversation with the
server: connect, greet, STARTTLS, greet, log in, sender, recipient, DATA, end, each at most
``EMAIL_TIMEOUT`` (30 s)."""


@dataclass(frozen=True)
class Mark:
    """What became of one mail of a claim."""

    mail: OutgoingMail
    state: MailState
    at: datetime
    not_before: datetime | None = None
    """When to try again, if it waits on."""
    error: str = ""
    is_given_up: bool = False
    """It was still true, and reaches nobody."""


def due(at: datetime) -> Q:
    """Waiting mails whose moment has come and which nobody holds."""
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    return Q(state=MailState.WAITING) & free & (Q(not_before__lte=at) | Q(not_after__lte=at))


def claim(at: datetime) -> tuple[str, list[OutgoingMail]]:
    """Lease the next due mails, the most urgent first; return the token of the lease and them.

    PostgreSQL passes over rows that another worker is claiming.  SQLite knows no row locks; there
    the transaction, begun IMMEDIATE, is the lock, and it is not begun when nothing is due.
    """
    waiting = OutgoingMail.objects.filter(due(at)).order_by("priority", "not_before", "pk")
    token = secrets.token_hex(16)
    if not waiting.exists():
        return token, []
    with transaction.atomic():
        mails = list(waiting.select_for_update(skip_locked=True)[:BATCH])
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
            lease_until=at + LEASE,
            lease_owner=token,
            attempts=F("attempts") + 1,
            first_tried_at=Coalesce(F("first_tried_at"), at),
        )
    for mail in mails:
        mail.attempts += 1
        mail.first_tried_at = mail.first_tried_at or at
    return token, mails


def mark(token: str, one: Mark) -> bool:
    """Write down what became of a mail; False if the lease had ended and another has it."""
    changes: dict[str, object] = {"state": one.state, "last_error": one.error}
    changes["given_up_at"] = one.at if one.is_given_up else None
    if one.state == MailState.SENT:
        changes["sent_at"] = one.at
    if one.not_before is not None:
        changes["not_before"] = one.not_before
    held = _held(token).filter(pk=one.mail.pk)
    if not one.error:
        return bool(held.update(**changes, **_NO_LEASE))
    with transaction.atomic():
        if not held.update(**changes, **_NO_LEASE):
            return False
        domain = one.mail.recipient.rpartition("@")[2]
        FailedAttempt.objects.create(mail=one.mail, at=one.at, error=one.error, domain=domain)
    return True


def release(token: str, mails: Iterable[OutgoingMail]) -> None:
    """Give back mails that were claimed and not tried."""
    untried = [mail.pk for mail in mails]
    if not untried:
        return
    first = Case(When(attempts=1, then=None), default=F("first_tried_at"))
    _held(token).filter(pk__in=untried).update(
        first_tried_at=first, attempts=F("attempts") - 1, **_NO_LEASE
    )


_NO_LEASE: dict[str, object] = {"lease_until": None, "lease_owner": ""}


def _held(token: str) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state=MailState.WAITING, lease_owner=token)
