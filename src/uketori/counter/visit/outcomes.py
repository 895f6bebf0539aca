"""Outcomes by exception: all were issued but what is named.  R-39, 利用案内 6(1), 6(2)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from uketori.audit.record import record
from uketori.counter.models import Step
from uketori.counter.visit.arrivals import recorded_of, write_arrival
from uketori.counter.visit.facts import THAT_END, locked, note, visit_of, with_record
from uketori.counter.visit.stale_page import OF_THE_OUTCOME, PageState, refuse_stale
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.paper_times import (
    Recorded,
    is_same_minute,
    refuse_outcome_time,
    served_at,
    tells_arrival,
)
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refused
from uketori.rules.visit import (
    Ending,
    NotIssued,
    Outcome,
    Visit,
    refuse_correction,
    refuse_ending,
    refuse_moment,
)

Exceptions = Mapping[int, NotIssued]
"""Primary key of each case that was not issued, and why."""


@transaction.atomic(durable=True)
def record_outcome(
    *,
    reservation: Reservation,
    exceptions: Exceptions,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    happened_at: datetime | None = None,
    of_past_days: bool = False,
    shown: PageState | None = None,
) -> Reservation:
    """Record what became of every case, and that the person was served; or raise ``Refused``.

    Cases not named were issued.  Recorded again it is a correction: until the evening
    (``refuse_correction``), later only with ``of_past_days``; the first record may come later, from
    paper.  Who was not checked in has arrived by being served, so the order of entries does not
    matter; a time from paper that cannot be that of the outcome tells the arrival
    (``rules.paper``).  Names of cases of another reservation are passed over.

    ``shown`` is what the form was made from: when another screen recorded something else meanwhile,
    or other cases stand, this one is refused; when it recorded the same, all is well.
    """
    fresh = locked(reservation)
    visit, times = visit_of(fresh, policy), recorded_of(fresh)
    told_at = happened_at or at
    came_at = _came_at(times, happened_at)
    if shown is not None and came_at is None and _is_recorded(fresh, visit, exceptions):
        return fresh
    if reasons := _refuse(fresh, visit, at, of_past_days=of_past_days, shown=shown):
        raise Refused(reasons)
    if reasons := _refuse_time(visit, times, at, happened_at):
        raise Refused(reasons)
    _write_moments(fresh, served_at(times, told_at), came_at, actor=actor, at=at)
    not_issued = _write_cases(fresh, exceptions, actor, at)
    record(
        bureau=fresh.bureau,
        kind="visit_served",
        actor=actor,
        subject=fresh.reference,
        at=at,
        facts={"cases": fresh.live_case_count, "not_issued": not_issued},
    )
    return fresh


def _came_at(times: Recorded, happened_at: datetime | None) -> datetime | None:
    """Return the arrival where the time from paper tells one that is not recorded yet."""
    if happened_at is None or is_same_minute(times.said_at, happened_at):
        return None
    return happened_at if tells_arrival(times, happened_at) else None


def _refuse_time(
    visit: Visit, times: Recorded, at: datetime, happened_at: datetime | None
) -> list[Reason]:
    if reasons := refuse_moment(Ending.SERVED, visit, happened_at or at, at):
        return reasons
    return refuse_outcome_time(times, happened_at) if happened_at else []


def _write_moments(
    fresh: Reservation, moment: datetime, came_at: datetime | None, *, actor: str, at: datetime
) -> None:
    """Write when the person was served, and when they came where that is told or inferred."""
    if came_at is not None:
        write_arrival(fresh, came_at, actor=actor, at=at)
    elif fresh.arrived_at is None:
        write_arrival(fresh, moment, actor=actor, at=at, inferred_from=Step.SERVED)
    if fresh.served_at is None:
        note(fresh, Step.SERVED, actor=actor, at=at, happened_at=moment)
    fresh.served_at, fresh.ended_by = moment, actor
    fresh.save(update_fields=["arrived_at", "served_at", "ended_by"])


def _refuse(
    reservation: Reservation,
    visit: Visit,
    at: datetime,
    *,
    of_past_days: bool,
    shown: PageState | None,
) -> list[Reason]:
    entered = with_record(visit, reservation, THAT_END, at)
    reasons = (
        refuse_correction(entered, at, of_past_days=of_past_days)
        if visit.ending is Ending.SERVED
        else refuse_ending(Ending.SERVED, visit, at)
    )
    return reasons or refuse_stale(reservation, shown, OF_THE_OUTCOME)


def _is_recorded(reservation: Reservation, visit: Visit, exceptions: Exceptions) -> bool:
    """Tell whether just this was recorded before."""
    issued, not_issued = Outcome.ISSUED.value, Outcome.NOT_ISSUED.value
    wanted = {pk: f"{not_issued}:{why.value}" for pk, why in exceptions.items()}
    return visit.ending is Ending.SERVED and all(
        _code(case) == wanted.get(case.pk, issued)
        for case in reservation.cases.filter(withdrawn_at=None)
    )


def _write_cases(reservation: Reservation, exceptions: Exceptions, actor: str, at: datetime) -> int:
    """Write what changed, each change with its line; return how many were not issued."""
    cases = list(reservation.cases.filter(withdrawn_at=None))
    for case in cases:
        why = exceptions.get(case.pk)
        outcome = Outcome.NOT_ISSUED if why else Outcome.ISSUED
        before = _code(case)
        case.outcome, case.not_issued_because = outcome.value, why.value if why else ""
        if _code(case) != before:
            note(
                reservation,
                Step.OUTCOME,
                case=case,
                actor=actor,
                at=at,
                before=before,
                after=_code(case),
            )
    ReservedCase.objects.bulk_update(cases, ["outcome", "not_issued_because"])
    return sum(case.outcome == Outcome.NOT_ISSUED for case in cases)


def _code(case: ReservedCase) -> str:
    return f"{case.outcome}:{case.not_issued_because}".rstrip(":")
