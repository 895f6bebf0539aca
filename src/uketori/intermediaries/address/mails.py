"""The mails about moving to another address.  D03."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from uketori import japanese
from uketori.bureaus.policies import policy_in_force
from uketori.intermediaries.address import change as address_change
from uketori.intermediaries.masking import masked
from uketori.intermediaries.models import AddressChange
from uketori.intermediaries.proof import tokens
from uketori.intermediaries.rendering import rendered
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered, job, renderer


@renderer(address_change.NEW_EVENT)
def new_address(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Render the link and the code, derived now; nothing once they were used or are over."""
    change = AddressChange.objects.filter(pk=int(mail.subject_id)).first()
    if change is None or change.spent_at or at >= change.expires_at:
        return None
    policy = policy_in_force(mail.bureau, at)
    seed = bytes(change.seed)
    token = tokens.token_of(seed, address_change.PURPOSE)
    path = reverse("my_data:address_link", kwargs={"bureau": mail.bureau, "token": token})
    return rendered(
        "intermediaries/mail/new_address.txt",
        policy,
        {
            "link": f"{settings.SITE_URL}{path}",
            "code": tokens.code_of(seed, address_change.CODE_PURPOSE),
            "until": japanese.moment_words(change.expires_at, policy.tz),
        },
    )


@renderer(address_change.CHANGED_EVENT)
def address_changed(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Tell the old address that it no longer opens anything."""
    change = AddressChange.objects.filter(pk=int(mail.subject_id)).first()
    if change is None or change.spent_at is None:
        return None
    policy = policy_in_force(mail.bureau, at)
    context: dict[str, object] = {
        "address": masked(change.new_address),
        "moment": japanese.moment_words(change.spent_at, policy.tz),
    }
    return rendered("intermediaries/mail/address_changed.txt", policy, context)


@job("forget_address_changes", every=timedelta(hours=1))
def forget_address_changes(at: datetime) -> None:
    """Delete requests that are over, and new addresses that nobody proved.  D23."""
    address_change.forget_changes(at)
