"""A renewed certificate, and a claim that is given back.  D03, R-09."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Exists, OuterRef

from uketori.audit.record import record
from uketori.intermediaries import hooks
from uketori.intermediaries.certificates.claims import (
    free_place,
    lock_certificate,
    open_claims,
    tell_first,
)
from uketori.intermediaries.models import (
    Certificate,
    CertificateClaim,
    Intermediary,
    MailAddress,
)
from uketori.rules.policy import BureauPolicy, CertificateKind
from uketori.rules.refusals import Reason, Refusal, Refused

MOST_RENEWALS_A_DAY = 5
"""Of one address: each takes a place on a certificate that may be somebody else's."""


class HeldByAnother(Exception):
    """The number stands at this address already, for another person."""


class ClaimLeft(Exception):
    """The claim ended, or went to another address, after the page was made."""


class RenewedTooOften(Exception):
    """So many numbers were added today that something is wrong."""


class WhyKept(StrEnum):
    """Why a claim cannot be given back."""

    PROVED = "proved"
    BOOKED = "booked"
    RENEWED = "renewed"
    """The old number of a renewed certificate stays taken, so that the quota survives."""
    LEFT = "left"
    """Staff moved the person to another address meanwhile: no longer this one's to give."""


@transaction.atomic(durable=True)
def renew_certificate(
    *,
    policy: BureauPolicy,
    claim: CertificateClaim,
    number: str,
    expires_on: date,
    actor: str,
    at: datetime,
) -> CertificateClaim:
    """Add a certificate to the person of ``claim``, or raise ``Refused``.

    The person stays the same, and with it quota and standing; the old certificate stays claimed.
    Locks the address, the new certificate, then the person.  Raises ``ClaimLeft`` if by then the
    claim does not stand at this address: staff moved the person, or the claim was given back.
    """
    if expires_on < at.astimezone(policy.tz).date():
        raise Refused([Reason(Refusal.CERTIFICATE_EXPIRED, facts={"expires_on": expires_on})])
    address = MailAddress.objects.select_for_update(no_key=True).get(pk=claim.mail_address_id)
    certificate = lock_certificate(policy, CertificateKind(claim.certificate.kind), number)
    Intermediary.objects.lock(claim.intermediary_id)
    claim = _standing_at(address, claim)
    claims = list(open_claims(certificate))
    mine = [one for one in claims if one.mail_address_id == address.pk]
    if mine:
        return _same_again(mine[0], claim, expires_on)
    made = CertificateClaim.objects.create(
        certificate=certificate,
        intermediary_id=claim.intermediary_id,
        mail_address=address,
        number=number,
        expires_on=expires_on,
        place=_place_for(claim, claims, policy, at),
        claimed_at=at,
    )
    hooks.move_to_claim(claim, made)
    record(
        bureau=policy.code,
        kind="certificate_renewed",
        actor=actor,
        subject=f"claim:{made.pk}",
        at=at,
        facts={"before": claim.pk, "place": made.place},
    )
    return made


@transaction.atomic(durable=True)
def give_back(*, claim: CertificateClaim, actor: str, at: datetime) -> WhyKept | None:
    """End the claim and free its place; say why not if it cannot be.

    Locks the address, the certificate, then the person, so that nothing is booked meanwhile.
    """
    address = MailAddress.objects.select_for_update(no_key=True).get(pk=claim.mail_address_id)
    Certificate.objects.select_for_update(no_key=True).get(pk=claim.certificate_id)
    Intermediary.objects.lock(claim.intermediary_id)
    claim.refresh_from_db()
    if claim.ended_at is not None:
        return None
    if claim.mail_address_id != address.pk:
        return WhyKept.LEFT
    if why := why_kept(claim):
        return why
    place = claim.place
    hooks.let_go(claim)
    CertificateClaim.objects.filter(pk=claim.pk).update(ended_at=at, place=None)
    if place is not None:
        _hand_on(claim, place)
    record(
        bureau=claim.mail_address.bureau,
        kind="claim_given_back",
        actor=actor,
        subject=f"claim:{claim.pk}",
        at=at,
        facts={"place": place},
    )
    return None


def why_kept(claim: CertificateClaim) -> WhyKept | None:
    """Return why the claim cannot be given back, or None if it can be."""
    if claim.proved_at is not None:
        return WhyKept.PROVED
    if hooks.is_booked(claim):
        return WhyKept.BOOKED
    newer = CertificateClaim.objects.filter(
        intermediary=claim.intermediary_id,
        mail_address=claim.mail_address_id,
        ended_at=None,
        pk__gt=claim.pk,
    )
    return WhyKept.RENEWED if newer.exists() else None


def _standing_at(address: MailAddress, claim: CertificateClaim) -> CertificateClaim:
    """Return the claim as it is now that its address is locked, or raise ``ClaimLeft``."""
    fresh = CertificateClaim.objects.get(pk=claim.pk)
    if fresh.ended_at is not None or fresh.mail_address_id != address.pk:
        raise ClaimLeft
    return fresh


def _same_again(
    known: CertificateClaim, claim: CertificateClaim, expires_on: date
) -> CertificateClaim:
    if known.intermediary_id != claim.intermediary_id:
        raise HeldByAnother
    CertificateClaim.objects.filter(pk=known.pk).update(expires_on=expires_on)
    return known


def _place_for(
    claim: CertificateClaim, others: list[CertificateClaim], policy: BureauPolicy, at: datetime
) -> int | None:
    """Return the place of the renewed claim, none beside a claim of the same person."""
    if any(one.intermediary_id == claim.intermediary_id for one in others):
        return None
    place = free_place(others, policy.max_open_claims)
    if _renewals_of_today(claim, at) >= MOST_RENEWALS_A_DAY:
        raise RenewedTooOften
    tell_first(others, policy, at)
    return place


def _renewals_of_today(claim: CertificateClaim, at: datetime) -> int:
    """Count the claims of this address within 24 hours that were not the first of their person."""
    earlier = CertificateClaim.objects.filter(
        intermediary=OuterRef("intermediary"), pk__lt=OuterRef("pk")
    )
    return CertificateClaim.objects.filter(
        Exists(earlier),
        mail_address=claim.mail_address_id,
        claimed_at__gt=at - timedelta(days=1),
    ).count()


def _hand_on(claim: CertificateClaim, place: int) -> None:
    """Let another address of the same person keep the place."""
    same = CertificateClaim.objects.filter(
        certificate=claim.certificate_id, intermediary=claim.intermediary_id, ended_at=None
    )
    heir = same.filter(proved_at=None, place=None).order_by("pk").first()
    if heir is not None:
        CertificateClaim.objects.filter(pk=heir.pk).update(place=place)
