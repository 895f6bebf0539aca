"""The act of exchanging the hour: the new one is won before the old one is given back.  D07."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from uketori.audit.record import record
from uketori.bureaus.calendar import facts_at
from uketori.bureaus.models import Slot
from uketori.bureaus.slots import lock_hours, take_place
from uketori.intermediaries.certificates.seen_elsewhere import shown_by_another
from uketori.intermediaries.models import CertificateClaim, Intermediary
from uketori.intermediaries.suspension.suspensions import suspended_among
from uketori.reservations.held import held_by
from uketori.reservations.hour_models import HourChange
from uketori.reservations.mails.telling import tell_rescheduled
from uketori.reservations.models import Reservation
from uketori.reservations.standing import kept_of, refuse_stale
from uketori.rules.calendar import CalendarFacts
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.rules.rescheduling import (
    Standing,
    promise_after,
    refuse_any_rescheduling,
    refuse_rescheduling,
)


@transaction.atomic(durable=True)
def reschedule(
    *,
    reservation: Reservation,
    new_starts_at: datetime | None,
    revision: int,
    actor: str,
    at: datetime,
) -> Reservation:
    """Give the reservation another hour, or raise ``Refused`` and leave it the old one.

    ``at`` is the moment the request arrived, ``revision`` the one that was shown.  The same form
    sent twice is done once.  Locks the intermediary, then both hours, the earlier one first.
    """
    Intermediary.objects.lock(reservation.intermediary_id)
    fresh = Reservation.objects.select_related("claim").get(pk=reservation.pk)
    if is_done(fresh, new_starts_at, revision):
        return fresh
    facts = facts_at(fresh.bureau, at)
    standing = standing_of(fresh, facts, at)
    if reasons := reasons_against(fresh, standing, new_starts_at, revision, facts, at):
        raise Refused(reasons)
    if new_starts_at is None:  # refused by the rules before
        raise Refused([])
    claim = _claim_on(fresh, new_starts_at)  # before the hours: a proof may come while one waits
    slot_id = _exchange_places(fresh, new_starts_at, facts)
    closes_at = promise_after(new_starts_at, standing, facts)
    _write(fresh, claim, slot_id, new_starts_at, closes_at, at)
    _record(fresh, standing.starts_at, actor, at)
    tell_rescheduled(reservation=fresh, old_starts_at=standing.starts_at, at=at)
    return fresh


def reasons_against(
    reservation: Reservation,
    standing: Standing,
    new_starts_at: datetime | None,
    revision: int,
    facts: CalendarFacts,
    at: datetime,
) -> list[Reason]:
    """Return every reason to refuse, as far as can be told without taking the place."""
    if reasons := refuse_any_rescheduling(standing, at, facts):
        return reasons
    if stale := refuse_stale(reservation, revision):
        return stale
    return refuse_rescheduling(new_starts_at, standing, at, facts)


def standing_of(reservation: Reservation, facts: CalendarFacts, at: datetime) -> Standing:
    """Return the reservation, and what its holder has besides, as the rules see it."""
    today = at.astimezone(facts.policy.tz).date()
    person, claims = reservation.intermediary_id, claims_to_show(reservation)
    suspended = suspended_among([person], today)
    return Standing(
        reference=reservation.reference,
        starts_at=reservation.starts_at,
        kept=kept_of(reservation),
        made_under=reservation.made_under,
        expires_on=max(one.expires_on for one in claims or [reservation.claim]),
        suspended_until=suspended.get(person),
        is_bound_by_number=person in suspended and suspended[person] is None,
        is_shown_by_another=not claims,
        held=held_by(person, today),
    )


def claims_to_show(reservation: Reservation) -> list[CertificateClaim]:
    """Return with what the holder could come: what was booked with, then what was renewed since.

    Where somebody else has shown the same certificate, only one renewed or corrected is left.  D03.
    """
    stand = CertificateClaim.objects.filter(
        ~shown_by_another(),
        intermediary=reservation.intermediary_id,
        mail_address=reservation.mail_address_id,
        ended_at=None,
    )
    newest_first = stand.order_by("-expires_on", "-pk")
    return sorted(newest_first, key=lambda one: one.pk != reservation.claim_id)


def is_done(reservation: Reservation, new_starts_at: datetime | None, revision: int) -> bool:
    """Tell whether this form was sent before, and done."""
    if reservation.cancelled_at is not None:
        return False
    made = reservation.hour_changes.filter(revision=revision + 1).first()
    return made is not None and made.new_starts_at == new_starts_at


def _claim_on(reservation: Reservation, new_starts_at: datetime) -> CertificateClaim:
    """Return the certificate for the new day, or raise ``Refused`` if it was shown just now.

    A certificate that ends before the new day gives way to the one that was renewed since.
    """
    day = _day_of(reservation, new_starts_at)
    for claim in claims_to_show(reservation):
        if day <= claim.expires_on:
            return claim
    raise Refused([Reason(Refusal.CERTIFICATE_SHOWN_BY_ANOTHER)])


def _day_of(reservation: Reservation, starts_at: datetime) -> date:
    return starts_at.astimezone(reservation.made_under.tz).date()


def _exchange_places(
    reservation: Reservation, new_starts_at: datetime, facts: CalendarFacts
) -> int:
    """Take the place in the new hour, or raise ``Refused``; then give the old one back."""
    cases = reservation.live_case_count
    lock_hours(policy=facts.policy, starts=[reservation.starts_at, new_starts_at])
    slot_id = take_place(policy=facts.policy, starts_at=new_starts_at, cases=cases)
    Slot.objects.give_back(slot_id=reservation.slot_id, reservations=1, cases=cases)
    return slot_id


def _write(
    reservation: Reservation,
    claim: CertificateClaim,
    slot_id: int,
    new_starts_at: datetime,
    closes_at: datetime,
    at: datetime,
) -> None:
    """Write the hour and its promise; cases, first count and rules stay what they were."""
    Reservation.objects.filter(pk=reservation.pk).update(
        claim=claim,
        certificate_number=claim.number,
        certificate_expires_on=claim.expires_on,
        slot_id=slot_id,
        starts_at=new_starts_at,
        visit_day=_day_of(reservation, new_starts_at),
        change_closes_at=closes_at,
        revision=F("revision") + 1,
        revised_at=at,
    )
    reservation.refresh_from_db()


def _record(reservation: Reservation, old_starts_at: datetime, actor: str, at: datetime) -> None:
    HourChange.objects.create(
        reservation=reservation,
        old_starts_at=old_starts_at,
        new_starts_at=reservation.starts_at,
        actor=actor,
        revision=reservation.revision,
        moved_at=at,
    )
    record(
        bureau=reservation.bureau,
        kind="reservation_rescheduled",
        actor=actor,
        subject=reservation.reference,
        at=at,
        facts={
            "revision": reservation.revision,
            "cases": reservation.live_case_count,
            "old_starts_at": old_starts_at.isoformat(),
            "new_starts_at": reservation.starts_at.isoformat(),
        },
    )
