"""Checking in and calling up.  R-38, R-39, D15."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from uketori.audit.record import record
from uketori.counter.models import Step
from uketori.counter.visit.arrivals import recorded_of, write_arrival
from uketori.counter.visit.facts import locked, note, visit_of
from uketori.counter.visit.stale_page import OF_THE_END, OF_THE_VISIT, PageState, refuse_stale
from uketori.reservations.models import Reservation
from uketori.rules.paper_times import (
    called_at,
    is_same_minute,
    refuse_arrival_time,
    refuse_call_time,
)
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.rules.visit import Ending, refuse_arrival, refuse_beside_late

COMPLETED_FROM_PAPER = frozenset({Ending.SERVED, Ending.ABSENT, Ending.LATE})
"""Who was served, called or late had come: paper may still say when; the ending stays."""


@transaction.atomic(durable=True)
def check_in(
    *,
    reservation: Reservation,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    happened_at: datetime | None = None,
    shown: PageState | None = None,
) -> Reservation:
    """Record that the person has come, or raise ``Refused``.

    ``happened_at`` is the moment on paper where the day is entered afterwards: it takes the place
    of an arrival that was only inferred.  A second time says nothing new and changes nothing.
    Whoever comes at the end of the hour or later has arrived all the same; that the visit is late
    is a mark of its own (``endings.end_visit``).
    """
    moment = happened_at or at
    fresh = locked(reservation)
    known = recorded_of(fresh)
    says_nothing_new = happened_at is None or is_same_minute(known.said_at, happened_at)
    if fresh.arrived_at is not None and fresh.cancelled_at is None and says_nothing_new:
        return fresh
    reasons = _refuse(fresh, policy, at, happened_at) or refuse_arrival_time(known, moment)
    reasons = reasons or refuse_beside_late(visit_of(fresh, policy), moment)
    if reasons := reasons or refuse_stale(fresh, shown, OF_THE_END):
        raise Refused(reasons)
    write_arrival(fresh, moment, actor=actor, at=at)
    fresh.save(update_fields=["arrived_at"])
    record(bureau=fresh.bureau, kind="visit_arrived", actor=actor, subject=fresh.reference, at=at)
    return fresh


@transaction.atomic(durable=True)
def call_up(
    *,
    reservation: Reservation,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    happened_at: datetime | None = None,
    shown: PageState | None = None,
) -> Reservation:
    """Record that the person is being served, or raise ``Refused``.

    Who was not checked in has arrived by that; of whoever was served it says nothing new, unless
    ``happened_at`` tells the moment from paper.  Nobody late was called up within the hour.
    """
    moment = happened_at or at
    fresh = locked(reservation)
    is_known = fresh.called_at is not None or fresh.served_at is not None
    if is_known and (happened_at is None or is_same_minute(fresh.called_at, happened_at)):
        return fresh
    known = recorded_of(fresh)
    reasons = _refuse(fresh, policy, at, happened_at) or refuse_call_time(known, moment)
    reasons = reasons or refuse_beside_late(visit_of(fresh, policy), moment)
    if reasons := reasons or refuse_stale(fresh, shown, OF_THE_END):
        raise Refused(reasons)
    moment = called_at(known, moment)
    if known.said_at is None:
        write_arrival(fresh, moment, actor=actor, at=at, inferred_from=Step.CALLED_UP)
    fresh.called_at = moment
    fresh.save(update_fields=["arrived_at", "called_at"])
    note(fresh, Step.CALLED_UP, actor=actor, at=at, happened_at=moment)
    record(bureau=fresh.bureau, kind="visit_called_up", actor=actor, subject=fresh.reference, at=at)
    return fresh


def _refuse(
    reservation: Reservation, policy: BureauPolicy, at: datetime, happened_at: datetime | None
) -> list[Reason]:
    """Return why the person cannot have come then; paper still completes what ended otherwise."""
    visit = visit_of(reservation, policy)
    if happened_at is None and visit.ending is None and at >= visit.day_ends_at:
        return [Reason(Refusal.TIME_MISSING)]
    if happened_at is not None and visit.ending in COMPLETED_FROM_PAPER:
        visit = replace(visit, ending=None)
    return refuse_arrival(visit, happened_at or at, at)


@transaction.atomic(durable=True)
def take_arrival_back(
    *,
    reservation: Reservation,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    shown: PageState | None = None,
) -> Reservation:
    """Take back an arrival that was recorded by mistake, or raise ``Refused``.

    Being called up goes with it, unless it was recorded since the page was made.
    """
    fresh = locked(reservation)
    visit = visit_of(fresh, policy)
    if visit.ending is not None:
        raise Refused([Reason(Refusal.VISIT_ENDED, facts={"ending": visit.ending})])
    if fresh.arrived_at is None:
        return fresh
    if reasons := refuse_stale(fresh, shown, OF_THE_VISIT):
        raise Refused(reasons)
    fresh.arrived_at = fresh.called_at = None
    fresh.save(update_fields=["arrived_at", "called_at"])
    note(fresh, Step.TAKEN_BACK, actor=actor, at=at, before=Step.ARRIVED)
    record(
        bureau=fresh.bureau, kind="visit_taken_back", actor=actor, subject=fresh.reference, at=at
    )
    return fresh
