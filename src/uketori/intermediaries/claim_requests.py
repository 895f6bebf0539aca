"""Sharing a proved certificate: one address asks, the other answers through its link.  D03."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from uketori.audit.record import record
from uketori.intermediaries import tokens
from uketori.intermediaries.holders import open_claims, refuse_another_certificate
from uketori.intermediaries.models import (
    Certificate,
    CertificateClaim,
    ClaimRequest,
    Intermediary,
    MailAddress,
)
from uketori.outbox.enqueue import enqueue
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


class Asked(StrEnum):
    """What became of the wish to ask."""

    SENT = "sent"
    ENOUGH = "enough"
    """Asked too often; nothing was sent."""
    NOBODY = "nobody"
    """The certificate is proved for nobody (any more): it can be entered as usual."""


class RequestState(StrEnum):
    """The states in which the link can be found; each has its own sentence and one button."""

    FRESH = "fresh"
    USED = "used"
    EXPIRED = "expired"
    VOID = "void"
    """The certificate is no longer proved for the address that was asked."""
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class FoundRequest:
    """A link as it stands at one moment, with the claim it would share."""

    state: RequestState
    request: ClaimRequest | None = None
    proved: CertificateClaim | None = None


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
) -> Asked:
    """Ask the address for which the certificate is proved, or raise ``Refused``.

    Nothing of that address is told to who asks.  Locks the asking address, then the certificate.
    """
    if reasons := refuse_holder(holder, policy, today=at.astimezone(policy.tz).date()):
        raise Refused(reasons)
    MailAddress.objects.select_for_update(no_key=True).get(pk=mail_address.pk)
    certificate = _lock_known(policy, holder.certificate_kind, number)
    proved = _proved_claim(certificate) if certificate else None
    if certificate is None or proved is None or _own_claim(certificate, mail_address) is not None:
        return Asked.NOBODY
    refuse_another_certificate(mail_address, policy)
    if _has_asked_enough(certificate, mail_address, at):
        return Asked.ENOUGH
    made = _insert(policy, proved, mail_address, name, number, holder.expires_on, at)
    enqueue(
        bureau=policy.code,
        event=REQUESTED_EVENT,
        subject_id=str(made.pk),
        recipient=made.asked.address,
        at=at,
        priority=PRIORITY,
        not_after=made.expires_at,
        message_domain=policy.mail_domain.lstrip("@"),
    )
    _record(made, "claim_requested", actor, at)
    return Asked.SENT


def find_request(*, bureau: str, token: str, at: datetime) -> FoundRequest:
    """Return the state of the link; reading it changes nothing."""
    if not tokens.TOKEN_FORM.fullmatch(token):
        return FoundRequest(RequestState.MALFORMED)
    found = (
        ClaimRequest.objects.select_related("mail_address", "asked", "certificate")
        .filter(bureau=bureau, token_digest=tokens.token_digest(token))
        .first()
    )
    if found is None:
        return FoundRequest(RequestState.UNKNOWN)
    return _as_it_stands(found, at)


@transaction.atomic(durable=True)
def grant(*, request: ClaimRequest, policy: BureauPolicy, at: datetime) -> bool:
    """Let the asking address join the same person; False if the link had been used, or is over.

    Raises ``Refused`` when the asking address serves too many certificates by now: the link stays
    fresh.  Locks the asking address, the certificate, then the person.
    """
    found = _lock(request, at)
    if found.proved is None or not _answer(found, at, granted_at=at):
        return False
    claim = _own_claim(found.proved.certificate, request.mail_address)
    if claim is None:
        refuse_another_certificate(request.mail_address, policy)
        claim = CertificateClaim.objects.create(
            certificate=found.proved.certificate,
            intermediary=found.proved.intermediary,
            mail_address=request.mail_address,
            number=request.number,
            expires_on=request.expires_on,
            place=None,
            claimed_at=at,
        )
    for event, recipient in (
        (GRANTED_EVENT, request.mail_address.address),
        (SHARED_EVENT, found.proved.mail_address.address),
    ):
        _tell(request, policy, event, recipient, at)
    _record(request, "claim_granted", actor_of(request), at, claim=claim.pk)
    return True


@transaction.atomic(durable=True)
def decline(*, request: ClaimRequest, policy: BureauPolicy, at: datetime) -> bool:
    """Let everything be as it was; False if the link had been used, or is over."""
    if not _answer(_lock(request, at), at, declined_at=at):
        return False
    _tell(request, policy, DECLINED_EVENT, request.mail_address.address, at)
    _record(request, "claim_declined", actor_of(request), at)
    return True


def actor_of(request: ClaimRequest) -> str:
    """Return how events name the person who answers: by the mail that was opened."""
    return f"mail:claim-request-{request.pk}"


@transaction.atomic
def forget_requests(at: datetime) -> None:
    """Delete requests a week after they were made, answered or not, and their mails.  D23."""
    over = ClaimRequest.objects.filter(requested_at__lt=at - KEPT)
    forget_mails(events=EVENTS, about=over)
    over.delete()


def _as_it_stands(request: ClaimRequest, at: datetime) -> FoundRequest:
    if request.granted_at or request.declined_at:
        return FoundRequest(RequestState.USED, request)
    if at >= request.expires_at:
        return FoundRequest(RequestState.EXPIRED, request)
    proved = _proved_claim(request.certificate)
    if proved is None or proved.mail_address != request.asked:
        return FoundRequest(RequestState.VOID, request)
    return FoundRequest(RequestState.FRESH, request, proved)


def _lock(request: ClaimRequest, at: datetime) -> FoundRequest:
    """Lock what an answer changes, in the one order, and look again."""
    MailAddress.objects.select_for_update(no_key=True).get(pk=request.mail_address.pk)
    Certificate.objects.select_for_update(no_key=True).get(pk=request.certificate.pk)
    request.refresh_from_db(fields=["granted_at", "declined_at"])
    found = _as_it_stands(request, at)
    if found.proved is not None:
        Intermediary.objects.lock(found.proved.intermediary.pk)
    return found


def _answer(found: FoundRequest, at: datetime, **moment: datetime) -> bool:
    """Use the link up by conditional UPDATE, whatever the locks are worth."""
    if found.state is not RequestState.FRESH or found.request is None:
        return False
    unanswered = ClaimRequest.objects.filter(
        pk=found.request.pk, granted_at=None, declined_at=None, expires_at__gt=at
    )
    return bool(unanswered.update(**moment))


def _lock_known(policy: BureauPolicy, kind: CertificateKind, number: str) -> Certificate | None:
    """Return the locked row of this certificate; asking for a number nobody has makes none."""
    known = Certificate.objects.select_for_update(no_key=True)
    return known.filter(bureau=policy.code, kind=kind, number_key=certificate_key(number)).first()


def _proved_claim(certificate: Certificate) -> CertificateClaim | None:
    return (
        open_claims(certificate)
        .filter(proved_at__isnull=False)
        .select_related("intermediary", "mail_address", "certificate")
        .first()
    )


def _own_claim(certificate: Certificate, mail_address: MailAddress) -> CertificateClaim | None:
    return open_claims(certificate).filter(mail_address=mail_address).first()


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


def _tell(
    request: ClaimRequest, policy: BureauPolicy, event: str, recipient: str, at: datetime
) -> None:
    enqueue(
        bureau=policy.code,
        event=event,
        subject_id=str(request.pk),
        recipient=recipient,
        at=at,
        message_domain=policy.mail_domain.lstrip("@"),
    )


def _record(request: ClaimRequest, kind: str, actor: str, at: datetime, **facts: object) -> None:
    record(
        bureau=request.bureau,
        kind=kind,
        actor=actor,
        subject=f"claim_request:{request.pk}",
        at=at,
        facts={"certificate": request.certificate.pk, **facts},
    )
