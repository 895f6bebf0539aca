"""The certificate at the counter: seen by a clerk, and with that proved.  D03, R-38."""

from datetime import datetime

from django.db import transaction

from uketori.counter.models import Step, VisitEntry
from uketori.counter.visit.facts import locked, note, visit_of, with_record
from uketori.counter.visit.stale_page import OF_THE_CERTIFICATE, PageState, refuse_stale
from uketori.intermediaries.certificates.settling import lock_certificate_of, prove, take_proof_back
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Refused
from uketori.rules.showing_certificate import refuse_seeing, refuse_taking_seeing_back, seen_at


@transaction.atomic(durable=True)
def see_certificate(
    *,
    reservation: Reservation,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    claim: CertificateClaim | None = None,
    happened_at: datetime | None = None,
    shown: PageState | None = None,
) -> Reservation:
    """Record that the person showed the certificate, or raise ``Refused``.  A second time: nothing.

    Only of whoever has come, on the visit day; ``happened_at`` is the moment on paper where that
    was entered later.  ``claim`` is the certificate that was shown, where that is not the one of
    the booking: a renewed one of the same person.  Locks the certificate, then the person, in the
    one order of all acts.
    """
    lock_certificate_of(claim or reservation.claim)
    fresh = locked(reservation)
    brought = _brought(fresh, claim)
    if brought.proved_at is not None and brought.ended_at is None:
        return fresh
    visit = visit_of(fresh, policy)
    reasons = refuse_seeing(visit, at, happened_at)
    if reasons := reasons or refuse_stale(fresh, shown, OF_THE_CERTIFICATE, of_every_visit=True):
        raise Refused(reasons)
    moment = seen_at(visit, happened_at or at)
    if prove(claim=brought, actor=actor, at=at, seen_at=moment):
        note(fresh, Step.CERTIFICATE_SEEN, actor=actor, at=at, happened_at=moment)
    return fresh


@transaction.atomic(durable=True)
def take_seeing_back(
    *,
    reservation: Reservation,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    claim: CertificateClaim | None = None,
    of_past_days: bool = False,
    shown: PageState | None = None,
) -> Reservation:
    """Record that the certificate was not seen after all, or raise ``Refused``.

    Whoever may press the button may take it back until the evening, as every other record of the
    visit: the slip is noticed at the desk, and nobody was told of the proof.
    Later it needs ``of_past_days``, and nothing may rest upon it (``settling.take_proof_back``).
    """
    lock_certificate_of(claim or reservation.claim)
    fresh = locked(reservation)
    claim = _brought(fresh, claim)
    if claim.proved_at is None:
        return fresh
    visit = with_record(visit_of(fresh, policy), fresh, {Step.CERTIFICATE_SEEN}, at)
    reasons = refuse_taking_seeing_back(visit, claim.proved_at, at, of_past_days=of_past_days)
    if reasons := reasons or refuse_stale(fresh, shown, OF_THE_CERTIFICATE, of_every_visit=True):
        raise Refused(reasons)
    take_proof_back(claim=claim, since=_recorded_at(claim, claim.proved_at), actor=actor, at=at)
    note(fresh, Step.TAKEN_BACK, actor=actor, at=at, before=Step.CERTIFICATE_SEEN)
    return fresh


def _brought(fresh: Reservation, claim: CertificateClaim | None) -> CertificateClaim:
    """Return the claim of the certificate that was shown, as it is now that all is locked."""
    if claim is None:
        return fresh.claim
    return CertificateClaim.objects.get(pk=claim.pk, intermediary=fresh.intermediary_id)


def _recorded_at(claim: CertificateClaim, proved_at: datetime) -> datetime | None:
    """Return when the proof that stands was entered; it was seen earlier where paper told it."""
    lines = VisitEntry.objects.filter(
        reservation__intermediary=claim.intermediary_id,
        step=Step.CERTIFICATE_SEEN,
        happened_at=proved_at,
    )
    return lines.order_by("-pk").values_list("recorded_at", flat=True).first()
