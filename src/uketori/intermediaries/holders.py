"""Entering and revising the person who comes, and claiming a certificate.  D03, D05, R-09, R-10."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from uketori.audit.record import record
from uketori.intermediaries.models import (
    Certificate,
    CertificateClaim,
    Intermediary,
    MailAddress,
)
from uketori.rules.certificate_number import certificate_key
from uketori.rules.eligibility import HolderFacts, refuse_holder
from uketori.rules.policy import BureauPolicy, IntermediaryKind
from uketori.rules.refusals import Reason, Refusal, Refused


@dataclass(frozen=True, kw_only=True)
class Person:
    """What may change later: name, organisation, telephone."""

    name: str
    name_kana: str
    organisation: str
    phone: str


@transaction.atomic(durable=True)
def enter_holder(
    *,
    policy: BureauPolicy,
    mail_address: MailAddress,
    person: Person,
    holder: HolderFacts,
    number: str,
    actor: str,
    at: datetime,
) -> CertificateClaim:
    """Record the person and claim the certificate for this address, or raise ``Refused``.

    The address is locked first (how many certificates it serves), then the certificate (who else
    claims it).  The same certificate entered again by the same address is the same claim.
    """
    if reasons := refuse_holder(holder, policy, today=at.astimezone(policy.tz).date()):
        raise Refused(reasons)
    MailAddress.objects.select_for_update(no_key=True).get(pk=mail_address.pk)
    certificate = _lock_certificate(policy, holder, number)
    claims = list(
        certificate.claims.filter(ended_at=None).select_related("intermediary", "mail_address")
    )
    for claim in claims:
        if claim.mail_address.pk == mail_address.pk:
            _renew(claim, person, holder.expires_on)
            return claim
    place = _free_place(claims, mail_address, policy)
    claim = CertificateClaim.objects.create(
        certificate=certificate,
        intermediary=_new_intermediary(policy, holder.kind, person, at),
        mail_address=mail_address,
        number=number,
        expires_on=holder.expires_on,
        place=place,
        claimed_at=at,
    )
    record(
        bureau=policy.code,
        kind="certificate_claimed",
        actor=actor,
        subject=f"claim:{claim.pk}",
        at=at,
        facts={"place": place},
    )
    return claim


@transaction.atomic(durable=True)
def revise_holder(
    *,
    policy: BureauPolicy,
    claim: CertificateClaim,
    person: Person,
    expires_on: date,
    actor: str,
    at: datetime,
) -> None:
    """Change name, organisation, telephone or expiry; kind and number stay.  R-09.

    Raises ``Refused`` when the certificate has expired already.
    """
    if expires_on < at.astimezone(policy.tz).date():
        raise Refused([Reason(Refusal.CERTIFICATE_EXPIRED, facts={"expires_on": expires_on})])
    Intermediary.objects.lock(claim.intermediary.pk)
    _renew(claim, person, expires_on)
    record(
        bureau=policy.code,
        kind="holder_revised",
        actor=actor,
        subject=f"claim:{claim.pk}",
        at=at,
    )


def _lock_certificate(policy: BureauPolicy, holder: HolderFacts, number: str) -> Certificate:
    certificate, _made = Certificate.objects.get_or_create(
        bureau=policy.code, kind=holder.certificate_kind, number_key=certificate_key(number)
    )
    return Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)


def _free_place(
    claims: list[CertificateClaim], mail_address: MailAddress, policy: BureauPolicy
) -> int:
    """Return the place of a new open claim, or raise ``Refused``.  D03."""
    if any(claim.proved_at for claim in claims):
        raise Refused([Reason(Refusal.CERTIFICATE_PROVED_ELSEWHERE)])
    taken = {claim.place for claim in claims}
    free = [place for place in range(1, policy.max_open_claims + 1) if place not in taken]
    if not free:
        raise Refused([Reason(Refusal.TOO_MANY_CLAIMS)])
    served = mail_address.claims.filter(ended_at=None).count()
    if served >= policy.max_certificates_per_address:
        raise Refused([Reason(Refusal.TOO_MANY_CERTIFICATES)])
    return free[0]


def _new_intermediary(
    policy: BureauPolicy, kind: IntermediaryKind, person: Person, at: datetime
) -> Intermediary:
    return Intermediary.objects.create(
        bureau=policy.code,
        kind=kind,
        name=person.name,
        name_kana=person.name_kana,
        organisation=person.organisation,
        phone=person.phone,
        entered_at=at,
    )


def _renew(claim: CertificateClaim, person: Person, expires_on: date) -> None:
    Intermediary.objects.filter(pk=claim.intermediary.pk).update(
        name=person.name,
        name_kana=person.name_kana,
        organisation=person.organisation,
        phone=person.phone,
    )
    CertificateClaim.objects.filter(pk=claim.pk).update(expires_on=expires_on)
