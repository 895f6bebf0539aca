"""Claims of a certificate: places, locks, and who is refused beside a proof."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from django.db.models import QuerySet

from uketori.intermediaries.models import Certificate, CertificateClaim, MailAddress
from uketori.intermediaries.proof import limits, tokens
from uketori.outbox.enqueue import enqueue
from uketori.rules.certificate_number import certificate_key
from uketori.rules.policy import BureauPolicy, CertificateKind
from uketori.rules.refusals import Reason, Refusal, Refused

RIVAL_EVENT = "claim_rival"
RIVAL_MAILS_A_DAY = 1


def lock_certificate(policy: BureauPolicy, kind: CertificateKind, number: str) -> Certificate:
    """Return the row of this certificate, made if need be, locked until the transaction ends."""
    certificate, _made = Certificate.objects.get_or_create(
        bureau=policy.code, kind=kind, number_key=certificate_key(number)
    )
    return Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)


def open_claims(certificate: Certificate) -> QuerySet[CertificateClaim]:
    """Return who claims the certificate, the first one first."""
    claims = certificate.claims.filter(ended_at=None)
    return claims.select_related("intermediary", "mail_address").order_by("pk")


def refuse_beside_proof(person: int, claims: Sequence[CertificateClaim]) -> None:
    """Raise ``Refused`` if one of these was proved for somebody else than this person.  D03."""
    if any(claim.proved_at and claim.intermediary.pk != person for claim in claims):
        raise Refused([Reason(Refusal.CERTIFICATE_PROVED_ELSEWHERE)])


def free_place(claims: Sequence[CertificateClaim], most: int | None) -> int:
    """Return the place of a new open claim beside these, or raise ``Refused``.  D03.

    Staff have asked who it is and enter the owner beside any number of others (None): claims that
    nobody has proved keep nobody out.
    """
    if any(claim.proved_at for claim in claims):
        raise Refused([Reason(Refusal.CERTIFICATE_PROVED_ELSEWHERE)])
    taken = {claim.place for claim in claims}
    free = next(place for place in count(1) if place not in taken)
    if most is not None and free > most:
        raise Refused([Reason(Refusal.TOO_MANY_CLAIMS)])
    return free


def refuse_another_certificate(mail_address: MailAddress, policy: BureauPolicy) -> None:
    """Raise ``Refused`` if the address serves as many people as it may.

    A renewed certificate is the same person and does not count anew.
    """
    people = mail_address.claims.filter(ended_at=None).values("intermediary").distinct()
    if people.count() >= policy.max_certificates_per_address:
        raise Refused([Reason(Refusal.TOO_MANY_CERTIFICATES)])


def tell_first(claims: Sequence[CertificateClaim], policy: BureauPolicy, at: datetime) -> None:
    """Tell the address that claimed first that another one did, too; at most once a day."""
    if not claims:
        return
    first = claims[0]
    may_tell = limits.within_limit(
        identity=tokens.keyed_digest("limit claim", f"{policy.code} {first.pk}"),
        act="rival",
        limit=RIVAL_MAILS_A_DAY,
        window=timedelta(days=1),
        at=at,
    )
    if may_tell:
        enqueue(
            bureau=policy.code,
            event=RIVAL_EVENT,
            subject_id=str(first.pk),
            recipient=first.mail_address.address,
            at=at,
            message_domain=policy.mail_domain,
        )
