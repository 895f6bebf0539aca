"""The mails about an address that the staff change for somebody.  D03."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from uketori import japanese
from uketori.bureaus.policies import policy_in_force
from uketori.intermediaries.address import by_staff
from uketori.intermediaries.address import change as address_change
from uketori.intermediaries.masking import masked
from uketori.intermediaries.models import AddressChange
from uketori.intermediaries.proof import tokens
from uketori.intermediaries.rendering import rendered
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered, renderer


@renderer(by_staff.LINK_EVENT)
def link(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Render the link to the new address; nothing once it was used or is over."""
    change = _change(mail)
    if change is None or change.spent_at or at >= change.expires_at:
        return None
    token = tokens.token_of(bytes(change.seed), address_change.PURPOSE)
    path = reverse("my_data:address_link", kwargs={"bureau": mail.bureau, "token": token})
    return _rendered(mail, change, at, {"link": f"{settings.SITE_URL}{path}"})


@renderer(by_staff.ASKED_EVENT)
def asked(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Warn the old address while nothing has changed; then another mail tells it better."""
    change = _change(mail)
    if change is None or change.spent_at or at >= change.expires_at:
        return None
    return _rendered(mail, change, at)


@renderer(by_staff.CHANGED_EVENT)
def changed(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Tell the old address that it no longer speaks for this person."""
    return _of_done(mail, at)


@renderer(by_staff.ENTERED_EVENT)
def entered(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Tell the new address, which nobody has proved by a link, what it is for now."""
    return _of_done(mail, at)


def _of_done(mail: OutgoingMail, at: datetime) -> Rendered | None:
    change = _change(mail)
    if change is None or change.spent_at is None:
        return None
    policy = policy_in_force(mail.bureau, at)
    return _rendered(
        mail, change, at, {"moment": japanese.moment_words(change.spent_at, policy.tz)}
    )


def _change(mail: OutgoingMail) -> AddressChange | None:
    rows = AddressChange.objects.select_related("claim")
    return rows.filter(pk=int(mail.subject_id)).exclude(claim=None).first()


def _rendered(
    mail: OutgoingMail,
    change: AddressChange,
    at: datetime,
    context: Mapping[str, object] | None = None,
) -> Rendered:
    policy = policy_in_force(mail.bureau, at)
    claim = change.claim
    entry = reverse("entry:start", kwargs={"bureau": mail.bureau})
    words: dict[str, object] = {
        "number": claim.number if claim else "",
        "address": masked(change.new_address),
        "until": japanese.moment_words(change.expires_at, policy.tz),
        "entry": f"{settings.SITE_URL}{entry}",
    }
    return rendered(f"intermediaries/mail/{mail.event}.txt", policy, {**words, **(context or {})})
