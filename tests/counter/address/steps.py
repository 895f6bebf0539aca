"""Moving somebody to another address as a supervisor does it, and what came of it.  D03."""

import re
from datetime import timedelta

from django.test import Client

from tests.answers import Answer
from tests.counter.telephone.test_pages import url
from tests.policies import at
from uketori.intermediaries.address.change import PURPOSE
from uketori.intermediaries.models import AddressChange, CertificateClaim
from uketori.intermediaries.proof import tokens
from uketori.outbox.models import OutgoingMail

OLD, NEW = "aoki@example.jp", "aoki@new.example.jp"
NUMBER = "大取第10234号"
WEDNESDAY = at("2026-06-10 09:20")
TEN = at("2026-06-11 10:00")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def ask(chief: Client, claim: CertificateClaim, **typed: str) -> Answer:
    """Send the form; ``typed`` are its fields."""
    sent = {"way": "telephone", "number": NUMBER, "address": NEW, "reason": "unreached"}
    where = url("address_for", claim_id=claim.pk)
    return chief.post(where, {**sent, **typed})


def link() -> str:
    """The link that was mailed last."""
    seed = bytes(AddressChange.objects.order_by("-pk")[0].seed)
    return f"/osaka/address/{tokens.token_of(seed, PURPOSE)}"


def state_of(path: str) -> str:
    """What the page of a link says of it."""
    (state,) = re.findall(r'data-link-state="(\w+)"', Client().get(path).content.decode())
    return str(state)


def speaks_from(claim: CertificateClaim) -> str:
    """The address of the person by now."""
    claim.refresh_from_db()
    return str(claim.mail_address.address)


def told(event: str) -> list[str]:
    """Who was told of this event."""
    return list(OutgoingMail.objects.filter(event=event).values_list("recipient", flat=True))
