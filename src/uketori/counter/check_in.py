"""Checking in and calling up.  R-38, R-39, D15."""

from datetime import datetime

from django.db import transaction

from uketori.audit.record import record
from uketori.counter.models import Step
from uketori.counter.visits import locked, note, visit_of
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.rules.visit import refuse_arrival


@transaction.atomic(durable=True)
def check_in(
    *,
    reservation: Reservation,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    happened_at: datetime | None = None,
) -> Reservation:
    """Record that the person has come, or raise ``Refused``.

    ``happened_at`` is the moment on paper where the day is entered afterwards.  A second time says
    nothing new and changes nothing.  Whoever comes at the end of the hour or later has arrived all
    the same; that the visit is late is a mark of its own (``endings.end_visit``).
    """
    moment = happened_at or at
    fresh = locked(reservation)
    if fresh.arrived_at is not None and fresh.cancelled_at is None:
        return fresh
    visit = visit_of(fresh, policy)
    if happened_at is None and visit.ending is None and at >= visit.day_ends_at:
        raise Refused([Reason(Refusal.TIME_MISSING)])
    if reasons := refuse_arrival(visit, moment, at):
        raise Refused(reasons)
    fresh.arrived_at = moment
    fresh.save(update_fields=["arrived_at"])
    note(fresh, Step.ARRIVED, actor=actor, at=at, happened_at=moment)
    record(bureau=fresh.bureau, kind="visit_arrived", actor=actor, subject=fresh.reference, at=at)
    return fresh


@transaction.atomic(durable=True)
def call_up(
    *, reservation: Reservation, policy: BureauPolicy, actor: str, at: datetime
) -> Reservation:
    """Record that the person is being served, or raise ``Refused``.

    Who was not checked in has arrived by that; of whoever was served it says nothing new.
    """
    fresh = locked(reservation)
    if fresh.called_at is not None or fresh.served_at is not None:
        return fresh
    visit = visit_of(fresh, policy)
    if reasons := refuse_arrival(visit, at, at):
        raise Refused(reasons)
    if fresh.arrived_at is None:
        fresh.arrived_at = at
        note(fresh, Step.ARRIVED, actor=actor, at=at)
    fresh.called_at = at
    fresh.save(update_fields=["arrived_at", "called_at"])
    note(fresh, Step.CALLED_UP, actor=actor, at=at)
    record(bureau=fresh.bureau, kind="visit_called_up", actor=actor, subject=fresh.reference, at=at)
    return fresh


@transaction.atomic(durable=True)
def take_arrival_back(
    *, reservation: Reservation, policy: BureauPolicy, actor: str, at: datetime
) -> Reservation:
    """Take back an arrival that was recorded by mistake, or raise ``Refused``."""
    fresh = locked(reservation)
    visit = visit_of(fresh, policy)
    if visit.ending is not None:
        raise Refused([Reason(Refusal.VISIT_ENDED, facts={"ending": visit.ending})])
    if fresh.arrived_at is None:
        return fresh
    fresh.arrived_at = fresh.called_at = None
    fresh.save(update_fields=["arrived_at", "called_at"])
    note(fresh, Step.TAKEN_BACK, actor=actor, at=at, before=Step.ARRIVED)
    record(
        bureau=fresh.bureau, kind="visit_taken_back", actor=actor, subject=fresh.reference, at=at
    )
    return fresh
