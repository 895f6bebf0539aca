"""Asking to share a proved certificate; the other address answers (``claim_answers``).  D03."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from uketori.audit.record import record
from uketori.intermediaries import hooks
from uketori.intermediaries.certificates.claims import open_claims, refuse_another_certificate
from uketori.intermediaries.models import (
    Certificate,
    CertificateClaim,
    ClaimRequest,
    MailAddress,
)
from uketori.intermediaries.proof import tokens
from uketori.outbox.enqueue import ORDINARY, enqueue
from uketori.outbox.history import forget_mails
from uketori.rules.certificate_number import certificate_key
from uketori.rules.eligibility import HolderFacts, refuse_holder
from uketori.rules.policy import BureauPolicy, CertificateKind
from uketori.rules.refusals import Refused

REQUESTED_EVENT = "claim_requested"
GRANTED_EVENT = "claim_granted"
SHARED_EVENT = "claim_shared"
DECLINED_EVENT = "claim_declined"
EVENTS = (REQUESTED_EVENT, GRANTED_EVENT, SHARED_EVENT, DECLINED_EVENT)
PURPOSE = "claim request"
PRIORITY = 1
MOST_LIVE = 2
"""Requests for one certificate that can still be answered: nobody's mailbox is flooded."""
MOST_A_DAY = 3
"""Requests for one certificate, and requests of one address, within 24 hours."""
KEPT = timedelta(days=7)


class RequestOutcome(StrEnum):
    """What became of the wish to ask."""

    SENT = "sent"
    ENOUGH = "enough"
    """Asked too often; nothing was sent."""
    NOBODY = "nobody"
    """The certificate is proved for nobody (any more): it can be entered as usual."""
    BOOKED = "booked"
    """The asking address has booked with a claim of its own: two quotas are staff's to settle."""


@transaction.atomic(durable=True)
def request_claim(
    *,
    policy: BureauPolicy,
    mail_address: MailAddress,
    name: str,
    holder: HolderFacts,
    number: str,
    actor: str,
    at: datetime,
) -> RequestOutcome:
    """Ask the address for which the certificate is proved, or raise ``Refused``.

    Nothing of that address is told to who asks.  Locks the asking address, then the certificate.
    """
    if reasons := refuse_holder(holder, policy, today=at.astimezone(policy.tz).date()):
        raise Refused(reasons)
    MailAddress.objects.select_for_update(no_key=True).get(pk=mail_address.pk)
    certificate = _lock_known(policy, holder.certificate_kind, number)
    proved = proved_claim(certificate) if certificate else None
    own = own_claim(certificate, mail_address) if certificate else None
    if certificate is None or proved is None or (own and is_same_person(own, proved)):
        return RequestOutcome.NOBODY
    if own is not None and hooks.is_booked(own):
        return RequestOutcome.BOOKED
    refuse_another_certificate(mail_address, policy)
    if _has_asked_enough(certificate, mail_address, at):
        return RequestOutcome.ENOUGH
    made = _insert(policy, proved, mail_address, name, number, holder.expires_on, at)
    tell(made, policy, REQUESTED_EVENT, made.asked.address, at)
    record_request(made, "claim_requested", actor, at)
    return RequestOutcome.SENT


@transaction.atomic
def forget_requests(at: datetime) -> None:
    """Delete requests a week after they were made, answered or not, and their mails.  D23."""
    over = ClaimRequest.objects.filter(requested_at__lt=at - KEPT)
    forget_mails(events=EVENTS, about=over)
    over.delete()


def proved_claim(certificate: Certificate) -> CertificateClaim | None:
    """Return the claim that was proved, whose address is asked."""
    return (
        open_claims(certificate)
        .filter(proved_at__isnull=False)
        .select_related("intermediary", "mail_address", "certificate")
        .first()
    )


def own_claim(certificate: Certificate, mail_address: MailAddress) -> CertificateClaim | None:
    """Return the claim of this address itself."""
    return open_claims(certificate).filter(mail_address=mail_address).first()


def is_same_person(one: CertificateClaim, other: CertificateClaim) -> bool:
    """Tell whether two claims speak for one person."""
    return one.intermediary_id == other.intermediary_id


def tell(
    request: ClaimRequest, policy: BureauPolicy, event: str, recipient: str, at: datetime
) -> None:
    """Enqueue one mail about the request; the one that asks is waited for, and soon of no use."""
    is_asking = event == REQUESTED_EVENT
    enqueue(
        bureau=policy.code,
        event=event,
        subject_id=str(request.pk),
        recipient=recipient,
        at=at,
        priority=PRIORITY if is_asking else ORDINARY,
        not_after=request.expires_at if is_asking else None,
        message_domain=policy.mail_domain,
    )


def record_request(
    request: ClaimRequest, kind: str, actor: str, at: datetime, **facts: object
) -> None:
    """Record what was done about the request; references and codes only."""
    record(
        bureau=request.bureau,
        kind=kind,
        actor=actor,
        subject=f"claim_request:{request.pk}",
        at=at,
        facts={"certificate": request.certificate.pk, **facts},
    )


def _lock_known(policy: BureauPolicy, kind: CertificateKind, number: str) -> Certificate | None:
    """Return the locked row of this certificate; asking for a number nobody has makes none."""
    known = Certificate.objects.select_for_update(no_key=True)
    return known.filter(bureau=policy.code, kind=kind, number_key=certificate_key(number)).first()


def _has_asked_enough(certificate: Certificate, asking: MailAddress, at: datetime) -> bool:
    today = ClaimRequest.objects.filter(requested_at__gt=at - timedelta(days=1))
    live = certificate.claim_requests.filter(granted_at=None, declined_at=None, expires_at__gt=at)
    return (
        live.count() >= MOST_LIVE
        or today.filter(certificate=certificate).count() >= MOST_A_DAY
        or today.filter(mail_address=asking).count() >= MOST_A_DAY
    )


def _insert(
    policy: BureauPolicy,
    proved: CertificateClaim,
    asking: MailAddress,
    name: str,
    number: str,
    expires_on: date,
    at: datetime,
) -> ClaimRequest:
    seed = tokens.new_seed()
    return ClaimRequest.objects.create(
        bureau=policy.code,
        certificate=proved.certificate,
        mail_address=asking,
        asked=proved.mail_address,
        name=name,
        number=number,
        expires_on=expires_on,
        seed=seed,
        token_digest=tokens.token_digest(tokens.token_of(seed, PURPOSE)),
        requested_at=at,
        expires_at=at + timedelta(minutes=policy.link_ttl_minutes),
    )
