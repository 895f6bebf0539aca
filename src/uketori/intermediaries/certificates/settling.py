"""A clerk has seen the certificate: its claim is proved, and rival claims are settled.  D03."""

from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import Q

from uketori.audit.record import record
from uketori.intermediaries import hooks
from uketori.intermediaries.certificates.claims import open_claims
from uketori.intermediaries.models import Certificate, CertificateClaim, Intermediary, MailAddress
from uketori.outbox.enqueue import enqueue
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal, Refused

SETTLED_EVENT = "claim_settled"


def rivals_of(claim: CertificateClaim) -> list[CertificateClaim]:
    """Return who else claims this certificate, the first one first (one query).

    Other addresses of the same person are no rivals.
    """
    return list(open_claims(claim.certificate).exclude(intermediary=claim.intermediary_id))


def lock_certificate_of(claim: CertificateClaim) -> None:
    """Lock what proving and settling change; before the person, as everywhere."""
    Certificate.objects.select_for_update(no_key=True).get(pk=claim.certificate_id)


@transaction.atomic
def prove(
    *, claim: CertificateClaim, actor: str, at: datetime, seen_at: datetime | None = None
) -> bool:
    """Record that a clerk saw the certificate; False if it was known already.  D03.

    Called inside the transaction of the visit, the certificate locked first; ``seen_at`` is earlier
    than ``at`` where that was entered from paper.  Raises ``Refused`` if the claim was ended, or
    another person's claim was proved before: that is for a supervisor.
    """
    fresh = CertificateClaim.objects.select_related("certificate").get(pk=claim.pk)
    proved = [one for one in open_claims(fresh.certificate) if one.proved_at is not None]
    if fresh.ended_at is not None or any(
        one.intermediary_id != fresh.intermediary_id for one in proved
    ):
        raise Refused([Reason(Refusal.CERTIFICATE_OF_ANOTHER)])
    if proved:
        return False
    CertificateClaim.objects.filter(pk=fresh.pk).update(proved_at=seen_at or at, place=None)
    _record(fresh, "certificate_proved", actor, at)
    return True


@transaction.atomic
def take_proof_back(
    *, claim: CertificateClaim, actor: str, at: datetime, since: datetime | None = None
) -> None:
    """Make a proved claim an open one again: the certificate was not seen after all.  D03.

    Called as ``prove`` is.  Raises ``Refused`` once another claim of the certificate was ended or
    made upon the proof, since neither could be undone with it.  ``since`` is when the proof was
    entered, if that was later than the certificate was seen.
    """
    since = since or claim.proved_at
    others = claim.certificate.claims.exclude(pk=claim.pk)
    ended_since = Q(ended_at__gte=since) & ~Q(intermediary=claim.intermediary_id)
    relied_on = others.filter(ended_since | Q(claimed_at__gte=since)).exists()
    if claim.ended_at is not None or relied_on:
        raise Refused([Reason(Refusal.PROOF_RELIED_ON)])
    taken = set(others.filter(place__isnull=False).values_list("place", flat=True))
    place = next(one for one in count(1) if one not in taken)
    CertificateClaim.objects.filter(pk=claim.pk).update(proved_at=None, place=place)
    _record(claim, "certificate_proof_taken_back", actor, at)


@transaction.atomic(durable=True)
def settle(
    *, rival: CertificateClaim, policy: BureauPolicy, actor: str, at: datetime
) -> CertificateClaim:
    """End a claim beside a proved one of somebody else, and tell its address.  D03.

    What was booked with it stays, for whoever booked it to see and to cancel, or for staff; drafts
    go to the person's other certificate here, or wait at the address for the next holder.  Ended
    already, nothing happens.  Locks the address, the certificate, then the person.
    """
    MailAddress.objects.select_for_update(no_key=True).get(pk=rival.mail_address_id)
    lock_certificate_of(rival)
    Intermediary.objects.lock(rival.intermediary_id)
    rival.refresh_from_db()
    if rival.ended_at is not None:
        return rival
    proved = open_claims(rival.certificate).filter(proved_at__isnull=False)
    if rival.proved_at is not None or not proved.exists():
        raise Refused([Reason(Refusal.NOTHING_PROVED)])
    hooks.let_go(rival)
    rival.place, rival.ended_at = None, at
    rival.save(update_fields=["place", "ended_at"])
    _record(rival, "claim_settled", actor, at)
    enqueue(
        bureau=policy.code,
        event=SETTLED_EVENT,
        subject_id=str(rival.pk),
        recipient=rival.mail_address.address,
        at=at,
        message_domain=policy.mail_domain,
    )
    return rival


def _record(claim: CertificateClaim, kind: str, actor: str, at: datetime) -> None:
    bureau = claim.certificate.bureau
    record(bureau=bureau, kind=kind, actor=actor, subject=f"claim:{claim.pk}", at=at)
