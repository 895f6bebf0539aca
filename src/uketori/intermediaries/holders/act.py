"""Entering and revising the person who comes, and claiming a certificate.  D03, D05, R-09, R-10."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from uketori.audit.record import record
from uketori.intermediaries import hooks
from uketori.intermediaries.certificates.claims import (
    free_place,
    lock_certificate,
    open_claims,
    refuse_another_certificate,
    refuse_beside_proof,
    tell_first,
)
from uketori.intermediaries.holders.people import correct_kind, who_comes_back
from uketori.intermediaries.models import (
    CertificateClaim,
    Intermediary,
    MailAddress,
)
from uketori.rules.eligibility import HolderFacts, refuse_holder
from uketori.rules.policy import BureauPolicy, CertificateKind, IntermediaryKind
from uketori.rules.refusals import Refused


@dataclass(frozen=True, kw_only=True)
class PersonDetails:
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
    person: PersonDetails,
    holder: HolderFacts,
    number: str,
    actor: str,
    at: datetime,
) -> CertificateClaim:
    """Record the person and claim the certificate for this address, or raise ``Refused``.

    The address is locked first (how many certificates it serves), then the certificate (who else
    claims it).  The same certificate entered again by the same address is the same claim, and who
    comes back under the same name the same person.  Whoever claimed it first is told of a second.
    """
    return claim_for(
        policy=policy,
        mail_address=mail_address,
        person=person,
        holder=holder,
        number=number,
        actor=actor,
        at=at,
    )


def claim_for(
    *,
    policy: BureauPolicy,
    mail_address: MailAddress,
    person: PersonDetails,
    holder: HolderFacts,
    number: str,
    actor: str,
    at: datetime,
    by_staff: bool = False,
) -> CertificateClaim:
    """Do the same inside the transaction of the caller's act.

    Another kind than before is taken until the counter knows the person, and later from staff.
    """
    if reasons := refuse_holder(holder, policy, today=at.astimezone(policy.tz).date()):
        raise Refused(reasons)
    MailAddress.objects.select_for_update(no_key=True).get(pk=mail_address.pk)
    certificate = lock_certificate(policy, holder.certificate_kind, number)
    claims = list(open_claims(certificate))
    own = [one for one in claims if one.mail_address.pk == mail_address.pk]
    if own:
        claim = own[0]
        refuse_beside_proof(claim.intermediary.pk, claims)
    else:
        place = free_place(claims, None if by_staff else policy.max_open_claims)
        refuse_another_certificate(mail_address, policy)
        who = who_comes_back(mail_address, person.name)
        claim = CertificateClaim.objects.create(
            certificate=certificate,
            intermediary=who or _new_intermediary(policy, holder.kind, person, at),
            mail_address=mail_address,
            number=number,
            expires_on=holder.expires_on,
            place=place,
            claimed_at=at,
        )
        _record_claim(claim, policy, actor, at)
        tell_first(claims, policy, at)
    correct_kind(claim, holder.kind, actor=actor, at=at, also_proved=by_staff)
    _renew(claim, person, holder.expires_on)
    hooks.adopt(claim)
    return claim


@transaction.atomic(durable=True)
def revise_holder(
    *,
    policy: BureauPolicy,
    claim: CertificateClaim,
    person: PersonDetails,
    expires_on: date,
    actor: str,
    at: datetime,
    kind: IntermediaryKind | None = None,
) -> None:
    """Change name, organisation, telephone, expiry, and maybe the kind; the number stays.  R-09.

    Raises ``Refused`` when the certificate has expired already, is not of this kind, or the counter
    knows the person as another kind.
    """
    kind = kind or IntermediaryKind(claim.intermediary.kind)
    facts = HolderFacts(
        kind=kind,
        certificate_kind=CertificateKind(claim.certificate.kind),
        expires_on=expires_on,
        is_education_institution=False,
    )
    if reasons := refuse_holder(facts, policy, today=at.astimezone(policy.tz).date()):
        raise Refused(reasons)
    correct_kind(claim, kind, actor=actor, at=at)
    _renew(claim, person, expires_on)
    record(
        bureau=policy.code,
        kind="holder_revised",
        actor=actor,
        subject=f"claim:{claim.pk}",
        at=at,
    )


def _record_claim(claim: CertificateClaim, policy: BureauPolicy, actor: str, at: datetime) -> None:
    record(
        bureau=policy.code,
        kind="certificate_claimed",
        actor=actor,
        subject=f"claim:{claim.pk}",
        at=at,
        facts={"place": claim.place},
    )


def _new_intermediary(
    policy: BureauPolicy, kind: IntermediaryKind, person: PersonDetails, at: datetime
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


def _renew(claim: CertificateClaim, person: PersonDetails, expires_on: date) -> None:
    Intermediary.objects.filter(pk=claim.intermediary.pk).update(
        name=person.name,
        name_kana=person.name_kana,
        organisation=person.organisation,
        phone=person.phone,
    )
    CertificateClaim.objects.filter(pk=claim.pk).update(expires_on=expires_on)
