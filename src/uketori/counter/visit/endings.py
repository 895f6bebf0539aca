"""Late, absent when called, not come: each a person's decision, each to be taken back.

利用案内 6(3), 6(4); R-40, D15.
"""

from datetime import datetime

from django.db import transaction

from uketori.audit.record import record
from uketori.counter.models import Step
from uketori.counter.visit.arrivals import inferred_from, write_arrival
from uketori.counter.visit.facts import COLUMN_OF, THAT_END, locked, note, visit_of, with_record
from uketori.counter.visit.stale_page import OF_THE_VISIT, PageState, refuse_stale
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Refused
from uketori.rules.visit import (
    Ending,
    ended_at,
    refuse_correction,
    refuse_ending,
    refuse_moment,
)

STEP_OF = {Ending.LATE: Step.LATE, Ending.ABSENT: Step.ABSENT, Ending.NO_SHOW: Step.NO_SHOW}
"""The endings that staff mark; being served and being cancelled have acts of their own."""

TELL_THE_ARRIVAL = frozenset({Step.SERVED, Step.LATE, Step.ABSENT})
"""The endings that only who has come comes to: without an arrival they tell of it."""


@transaction.atomic(durable=True)
def end_visit(
    *,
    reservation: Reservation,
    ending: Ending,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    happened_at: datetime | None = None,
    shown: PageState | None = None,
) -> Reservation:
    """Mark the visit as late, absent or no-show, or raise ``Refused``.

    Late is whoever came at the end of the hour or afterwards and was sent to the ordinary counter;
    the arrival is recorded with it, and with absent where ``happened_at`` tells the moment from
    paper.  The same mark twice changes nothing.  ``shown`` is what the page showed that it was sent
    from.
    """
    moment = happened_at or at
    fresh = locked(reservation)
    visit = visit_of(fresh, policy)
    if reasons := refuse_ending(ending, visit, at, is_told=happened_at is not None):
        raise Refused(reasons)
    if visit.ending is ending:
        return fresh
    reasons = refuse_moment(ending, visit, moment, at)
    if reasons := reasons or refuse_stale(fresh, shown, OF_THE_VISIT):
        raise Refused(reasons)
    if STEP_OF[ending] in TELL_THE_ARRIVAL and fresh.arrived_at is None:
        write_arrival(fresh, moment, actor=actor, at=at, inferred_from=STEP_OF[ending])
    moment = ended_at(visit, moment)
    setattr(fresh, COLUMN_OF[ending], moment)
    fresh.ended_by = actor
    fresh.save(update_fields=["arrived_at", COLUMN_OF[ending], "ended_by"])
    note(fresh, STEP_OF[ending], actor=actor, at=at, happened_at=moment)
    record(
        bureau=fresh.bureau,
        kind=f"visit_{ending.value}",
        actor=actor,
        subject=fresh.reference,
        at=at,
    )
    return fresh


@transaction.atomic(durable=True)
def take_ending_back(
    *,
    reservation: Reservation,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    of_past_days: bool = False,
    shown: PageState | None = None,
) -> Reservation:
    """Open the visit again: late, absent, no-show or served was a mistake; or raise ``Refused``.

    Outcomes of the cases go with it, and an arrival that only the ending told of; what somebody
    recorded of the arrival stays.  The history keeps all.  What a colleague recorded since the page
    was made stays: it was not meant.
    """
    fresh = locked(reservation)
    visit = with_record(visit_of(fresh, policy), fresh, THAT_END, at)
    if reasons := refuse_correction(visit, at, of_past_days=of_past_days):
        raise Refused(reasons)
    if visit.ending is None:
        return fresh
    if reasons := refuse_stale(fresh, shown, OF_THE_VISIT):
        raise Refused(reasons)
    _reopen(fresh, visit.ending, actor, at)
    record(
        bureau=fresh.bureau,
        kind="visit_taken_back",
        actor=actor,
        subject=fresh.reference,
        at=at,
        facts={"ending": visit.ending.value},
    )
    return fresh


def _reopen(fresh: Reservation, ending: Ending, actor: str, at: datetime) -> None:
    """Write that the visit has no ending, nor an arrival that only the ending told of."""
    never_came = inferred_from(fresh) in TELL_THE_ARRIVAL
    setattr(fresh, COLUMN_OF[ending], None)
    fresh.ended_by = ""
    fresh.arrived_at = None if never_came else fresh.arrived_at
    fresh.save(update_fields=["arrived_at", COLUMN_OF[ending], "ended_by"])
    fresh.cases.update(outcome="", not_issued_because="")
    note(fresh, Step.TAKEN_BACK, actor=actor, at=at, before=ending.value)
    if never_came:
        note(fresh, Step.TAKEN_BACK, actor=actor, at=at, before=Step.ARRIVED)
