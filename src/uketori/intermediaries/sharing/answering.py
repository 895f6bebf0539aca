"""Answering who asks to share a certificate, through the link that was mailed.  D03."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from uketori.intermediaries import hooks
from uketori.intermediaries.certificates.claims import refuse_another_certificate
from uketori.intermediaries.models import (
    BY_MAIL,
    Certificate,
    CertificateClaim,
    ClaimRequest,
    Intermediary,
    MailAddress,
)
from uketori.intermediaries.proof import tokens
from uketori.intermediaries.sharing.asking import (
    DECLINED_EVENT,
    GRANTED_EVENT,
    SHARED_EVENT,
    is_same_person,
    own_claim,
    proved_claim,
    record_request,
    tell,
)
from uketori.rules.policy import BureauPolicy


class RequestState(StrEnum):
    """The states in which the link can be found; each has its own sentence and one button."""

    FRESH = "fresh"
    USED = "used"
    EXPIRED = "expired"
    VOID = "void"
    """No longer proved for the address that was asked, or booked by the one that asked."""
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class FoundRequest:
    """A link as it stands at one moment, with the claim it would share."""

    state: RequestState
    request: ClaimRequest | None = None
    proved: CertificateClaim | None = None


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
    claim = _join(request, found.proved, policy, at)
    for event, recipient in (
        (GRANTED_EVENT, request.mail_address.address),
        (SHARED_EVENT, found.proved.mail_address.address),
    ):
        tell(request, policy, event, recipient, at)
    record_request(request, "claim_granted", actor_of(request), at, claim=claim.pk)
    return True


@transaction.atomic(durable=True)
def decline(*, request: ClaimRequest, policy: BureauPolicy, at: datetime) -> bool:
    """Let everything be as it was; False if the link had been used, or is over."""
    if not _answer(_lock(request, at), at, declined_at=at):
        return False
    tell(request, policy, DECLINED_EVENT, request.mail_address.address, at)
    record_request(request, "claim_declined", actor_of(request), at)
    return True


def actor_of(request: ClaimRequest) -> str:
    """Return how events name the person who answers: by the mail that was opened."""
    return f"{BY_MAIL}claim-request-{request.pk}"


def _as_it_stands(request: ClaimRequest, at: datetime) -> FoundRequest:
    if request.granted_at or request.declined_at:
        return FoundRequest(RequestState.USED, request)
    if at >= request.expires_at:
        return FoundRequest(RequestState.EXPIRED, request)
    proved = proved_claim(request.certificate)
    if proved is None or proved.mail_address != request.asked or _has_booked(request, proved):
        return FoundRequest(RequestState.VOID, request)
    return FoundRequest(RequestState.FRESH, request, proved)


def _has_booked(request: ClaimRequest, proved: CertificateClaim) -> bool:
    """Tell whether a rival claim of the asking address has booked since: staff settle that one."""
    own = own_claim(proved.certificate, request.mail_address)
    return own is not None and not is_same_person(own, proved) and hooks.is_booked(own)


def _lock(request: ClaimRequest, at: datetime) -> FoundRequest:
    """Lock what an answer changes, in the one order, and look again."""
    MailAddress.objects.select_for_update(no_key=True).get(pk=request.mail_address.pk)
    Certificate.objects.select_for_update(no_key=True).get(pk=request.certificate.pk)
    request.refresh_from_db(fields=["granted_at", "declined_at"])
    found = _as_it_stands(request, at)
    if found.proved is not None:
        Intermediary.objects.lock(found.proved.intermediary.pk)
    return found


def _join(
    request: ClaimRequest, proved: CertificateClaim, policy: BureauPolicy, at: datetime
) -> CertificateClaim:
    """Return the asking address's claim for the person of the proved one, made if need be.

    A rival claim of its own ends with that, and nothing was booked with it.  Its drafts go along,
    unless another certificate of the rival or a colleague at the address may be meant.
    """
    own = own_claim(proved.certificate, request.mail_address)
    if own is not None and is_same_person(own, proved):
        return own
    if own is not None:
        hooks.let_go(own)
        CertificateClaim.objects.filter(pk=own.pk).update(ended_at=at, place=None)
    refuse_another_certificate(request.mail_address, policy)
    claim = CertificateClaim.objects.create(
        certificate=proved.certificate,
        intermediary=proved.intermediary,
        mail_address=request.mail_address,
        number=request.number,
        expires_on=request.expires_on,
        place=None,
        claimed_at=at,
    )
    hooks.adopt(claim)
    return claim


def _answer(found: FoundRequest, at: datetime, **moment: datetime) -> bool:
    """Use the link up by conditional UPDATE, whatever the locks are worth."""
    if found.state is not RequestState.FRESH or found.request is None:
        return False
    unanswered = ClaimRequest.objects.filter(
        pk=found.request.pk, granted_at=None, declined_at=None, expires_at__gt=at
    )
    return bool(unanswered.update(**moment))
