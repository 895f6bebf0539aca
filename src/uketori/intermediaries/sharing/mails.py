"""The mails about sharing a certificate, and about moving to another address.  D03."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from uketori import japanese
from uketori.bureaus.policies import policy_in_force
from uketori.intermediaries.certificates import claims, settling
from uketori.intermediaries.masking import harmless, masked
from uketori.intermediaries.models import CertificateClaim, ClaimRequest
from uketori.intermediaries.proof import tokens
from uketori.intermediaries.rendering import rendered
from uketori.intermediaries.sharing import asking
from uketori.intermediaries.sharing.answering import RequestState, find_request
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered, job, renderer


@renderer(asking.REQUESTED_EVENT)
def requested(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Say who asks, with the link; nothing once it was answered or is over."""
    row = _request(mail)
    if row is None:
        return None
    token = tokens.token_of(bytes(row.seed), asking.PURPOSE)
    found = find_request(bureau=row.bureau, token=token, at=at)
    if found.state is not RequestState.FRESH or found.proved is None:
        return None
    policy = policy_in_force(mail.bureau, at)
    return rendered(
        "intermediaries/mail/claim_requested.txt",
        policy,
        {
            "link": _absolute("claim_requests:answer", mail.bureau, token=token),
            "name": harmless(row.name),
            "address": masked(row.mail_address.address),
            "number": found.proved.number,
            "until": japanese.moment_words(row.expires_at, policy.tz),
        },
    )


@renderer(asking.GRANTED_EVENT)
def granted(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Tell who asked that it may book now."""
    return _about(mail, at, "intermediaries/mail/claim_granted.txt")


@renderer(asking.DECLINED_EVENT)
def declined(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Tell who asked that it may not."""
    return _about(mail, at, "intermediaries/mail/claim_declined.txt")


@renderer(asking.SHARED_EVENT)
def shared(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Tell who was asked what was granted, in case it was not meant."""
    return _about(mail, at, "intermediaries/mail/claim_shared.txt")


@renderer(claims.RIVAL_EVENT)
def rival(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Tell who claimed first that another address typed the same number; not which."""
    claim = CertificateClaim.objects.filter(pk=int(mail.subject_id), ended_at=None).first()
    if claim is None:
        return None
    return rendered(
        "intermediaries/mail/claim_rival.txt",
        policy_in_force(mail.bureau, at),
        {"number": claim.number},
    )


@renderer(settling.SETTLED_EVENT)
def settled(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Tell whose claim was ended that somebody else showed the certificate; not who."""
    claim = CertificateClaim.objects.filter(pk=int(mail.subject_id)).first()
    if claim is None or claim.ended_at is None:
        return None
    return rendered(
        "intermediaries/mail/claim_settled.txt",
        policy_in_force(mail.bureau, at),
        {
            "number": claim.number,
            "entry": _absolute("entry:start", mail.bureau),
            "reservations": _absolute("reservations:list", mail.bureau),
        },
    )


@job("forget_claim_requests", every=timedelta(hours=1))
def forget_claim_requests(at: datetime) -> None:
    """Delete requests of a week ago.  D23."""
    asking.forget_requests(at)


def _about(mail: OutgoingMail, at: datetime, template: str) -> Rendered | None:
    row = _request(mail)
    if row is None:
        return None
    context: dict[str, object] = {
        "name": harmless(row.name),
        "address": masked(row.mail_address.address),
        "number": row.number,
        "entry": _absolute("entry:start", mail.bureau),
    }
    return rendered(template, policy_in_force(mail.bureau, at), context)


def _request(mail: OutgoingMail) -> ClaimRequest | None:
    rows = ClaimRequest.objects.select_related("mail_address")
    return rows.filter(pk=int(mail.subject_id)).first()


def _absolute(name: str, bureau: str, **kwargs: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, kwargs={'bureau': bureau, **kwargs})}"
