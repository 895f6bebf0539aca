"""The visit: expected, arrived, served, late, absent, not come; and what may be recorded when.

利用案内 6(3), 6(4); R-39, R-40, D15.  Nothing here decides by itself that somebody did not come: a
person does, and until then the visit is unresolved.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from uketori.rules.paper_times import latest, refuse_disorder
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal

A_DAY = timedelta(days=1)


class Ending(StrEnum):
    """How a visit came to its end."""

    SERVED = "served"
    LATE = "late"
    ABSENT = "absent"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class VisitState(StrEnum):
    """What the board shows of a reservation."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    SERVING = "serving"
    UNRESOLVED = "unresolved"
    SERVED = "served"
    LATE = "late"
    ABSENT = "absent"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What became of one case at the counter."""

    ISSUED = "issued"
    NOT_ISSUED = "not_issued"


class NotIssued(StrEnum):
    """Why a case was not issued: a closed list, each with its sentence and its next step."""

    PAPER_MISSING = "paper_missing"
    PAPER_WRONG = "paper_wrong"
    NOT_YET_READY = "not_yet_ready"
    NOT_OURS = "not_ours"
    NUMBER_UNKNOWN = "number_unknown"
    APPLICANT_MUST_COME = "applicant_must_come"
    CERTIFICATE_INVALID = "certificate_invalid"


class AheadMark(StrEnum):
    """What a clerk saw of a case before the visit."""

    NOT_READY = "not_ready"
    WRONG_NUMBER = "wrong_number"


BECAUSE_OF_MARK = {
    AheadMark.NOT_READY: NotIssued.NOT_YET_READY,
    AheadMark.WRONG_NUMBER: NotIssued.NUMBER_UNKNOWN,
}
"""Why a case that was so marked is not issued, unless the clerk finds otherwise.  利用案内 6(2)"""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A reservation as the counter sees it.  Moments are aware; the hour is [starts, ends)."""

    starts_at: datetime
    ends_at: datetime
    day_ends_at: datetime
    """The midnight after the visit day, at the bureau."""
    work_ends_at: datetime
    """From when on whoever has come and is not served is looked for: the end of the day's work."""
    arrived_at: datetime | None = None
    called_at: datetime | None = None
    """When the person was called up to the desk."""
    ending: Ending | None = None
    first_recorded_at: datetime | None = None
    """When what may be corrected was first entered, which may be days later, from paper."""


def state_of(visit: Visit, at: datetime) -> VisitState:
    """Return what the board shows at this moment.

    Without an arrival a visit is unresolved from the end of its hour on; with one, from the end of
    the day's work on, before the clerks leave.  R-40.
    """
    if visit.ending is not None:
        return VisitState(visit.ending.value)
    if visit.arrived_at is None:
        return VisitState.UNRESOLVED if at >= visit.ends_at else VisitState.EXPECTED
    if at >= visit.work_ends_at:
        return VisitState.UNRESOLVED
    return VisitState.SERVING if visit.called_at is not None else VisitState.ARRIVED


def work_ends_at(visit_day: date, ends_at: datetime, policy: BureauPolicy) -> datetime:
    """Return when the work of a day is over: one slot's length after its last slot.

    Whoever came in the last hour is served in it or shortly after.  An hour outside the usual ones
    (a day that staff opened) counts from its own end, ``ends_at``.
    """
    length = timedelta(minutes=policy.slot_minutes)
    hours = policy.hours[visit_day.weekday()]
    last = (
        [datetime.combine(visit_day, time(hours[-1]), tzinfo=policy.tz) + length] if hours else []
    )
    return max([ends_at, *last]) + length


def is_late(arrived_at: datetime, visit: Visit) -> bool:
    """Tell whether whoever arrives at this moment comes too late for the reservation.

    利用案内 6(3), D15: at the end of the booked hour, not a second earlier.
    """
    return arrived_at >= visit.ends_at


def is_early(at: datetime, visit: Visit) -> bool:
    """Tell whether the booked hour has not begun.  利用案内 6(3): come at the reserved time."""
    return at < visit.starts_at


def is_too_early(at: datetime, visit: Visit) -> bool:
    """Tell whether a reading alone says nothing of an arrival yet.

    More than one slot's length before the booked hour it only opens the visit; that the person has
    come is then recorded by the clerk.
    """
    return at < visit.starts_at - (visit.ends_at - visit.starts_at)


def refuse_arrival(visit: Visit, happened_at: datetime, at: datetime) -> list[Reason]:
    """Return why an arrival at ``happened_at`` cannot be recorded now.

    The day itself may be entered later, since the network may have been away; never ahead of time.
    Of a reservation of another day that is said first, and how it ended after it: whoever stands at
    the counter holds the wrong paper.
    """
    reasons = []
    if not is_of_the_day(visit, happened_at):
        reasons.append(Reason(Refusal.NOT_TODAY, facts={"starts_at": visit.starts_at}))
    if visit.ending is Ending.CANCELLED:
        reasons.append(Reason(Refusal.RESERVATION_CANCELLED))
    elif visit.ending is not None:
        reasons.append(Reason(Refusal.VISIT_ENDED, facts={"ending": visit.ending}))
    if not reasons and happened_at > at:
        reasons.append(Reason(Refusal.NOT_YET_HAPPENED))
    return reasons


def refuse_beside_late(visit: Visit, happened_at: datetime) -> list[Reason]:
    """Return why whoever is recorded as late cannot have come, or been called up, at that time.

    Paper may tell the arrival after the ending; it is late only from the end of the hour on.  D15.
    """
    return _refuse_in_time(happened_at, visit) if visit.ending is Ending.LATE else []


def refuse_ending(
    ending: Ending, visit: Visit, at: datetime, *, is_told: bool = False
) -> list[Reason]:
    """Return why the visit cannot come to this end now.  利用案内 6(3), 6(4), R-40.

    No-show and late need the end of the hour: before it, the person may still come in time.  Who
    did not come is not absent, unless paper tells when they were called (``is_told``).
    """
    if visit.ending is Ending.CANCELLED:
        return [Reason(Refusal.RESERVATION_CANCELLED)]
    if visit.ending is not None and visit.ending is not ending:
        return [Reason(Refusal.VISIT_ENDED, facts={"ending": visit.ending})]
    if at < visit.day_ends_at - A_DAY:
        return [Reason(Refusal.NOT_TODAY, facts={"starts_at": visit.starts_at})]
    if ending is Ending.ABSENT and visit.arrived_at is None and not is_told:
        return [Reason(Refusal.HAS_NOT_ARRIVED)]
    return _refuse_untimely(ending, visit, at)


def _refuse_untimely(ending: Ending, visit: Visit, at: datetime) -> list[Reason]:
    if ending is Ending.NO_SHOW and visit.arrived_at is not None:
        return [Reason(Refusal.HAS_ARRIVED, facts={"arrived_at": visit.arrived_at})]
    if ending in {Ending.NO_SHOW, Ending.LATE} and at < visit.ends_at:
        return [Reason(Refusal.HOUR_NOT_OVER, facts={"ends_at": visit.ends_at})]
    if ending is Ending.LATE and visit.arrived_at is not None:
        return _refuse_in_time(visit.arrived_at, visit)
    return []


def refuse_moment(
    ending: Ending, visit: Visit, happened_at: datetime, at: datetime
) -> list[Reason]:
    """Return why the visit cannot have come to this end at ``happened_at``, the time on paper.

    Who is late, absent or served has come by that, and comes on the visit day: what is recorded
    later needs the time that paper tells.  Nobody is called before coming, nor failed to come to an
    hour that had not begun.  (Served beside other times: ``rules.paper``.)
    """
    if happened_at > at:
        return [Reason(Refusal.NOT_YET_HAPPENED)]
    if ending is Ending.NO_SHOW and is_early(happened_at, visit):
        return [Reason(Refusal.NO_SHOW_BEFORE_HOUR, facts={"starts_at": visit.starts_at})]
    if ending in {Ending.LATE, Ending.ABSENT} and visit.arrived_at is not None:
        return refuse_disorder(happened_at, since=(visit.called_at, visit.arrived_at))
    if visit.arrived_at is not None or ending is Ending.NO_SHOW:
        return []
    if not is_of_the_day(visit, happened_at):
        return [Reason(Refusal.TIME_MISSING)]
    return _refuse_in_time(happened_at, visit) if ending is Ending.LATE else []


def ended_at(visit: Visit, happened_at: datetime) -> datetime:
    """Return when the visit ended: never before the person came or was called up."""
    return latest(happened_at, visit.arrived_at, visit.called_at)


def _refuse_in_time(arrived_at: datetime, visit: Visit) -> list[Reason]:
    if is_late(arrived_at, visit):
        return []
    return [Reason(Refusal.CAME_IN_TIME, facts={"arrived_at": arrived_at})]


def refuse_correction(visit: Visit, at: datetime, *, of_past_days: bool) -> list[Reason]:
    """Return why what was recorded cannot be corrected any more.

    Until the end of the visit day by everybody at the counter, and what was entered later until the
    end of the day of its first entry: another entry opens nothing anew.  Afterwards only by whoever
    may correct past days.
    """
    if visit.ending is Ending.CANCELLED:
        return [Reason(Refusal.RESERVATION_CANCELLED)]
    if at >= _correction_closes_at(visit) and not of_past_days:
        return [Reason(Refusal.CORRECTION_CLOSED)]
    return []


def _correction_closes_at(visit: Visit) -> datetime:
    if visit.first_recorded_at is None or visit.first_recorded_at < visit.day_ends_at:
        return visit.day_ends_at
    tz = visit.day_ends_at.tzinfo
    return datetime.combine(visit.first_recorded_at.astimezone(tz) + A_DAY, time(), tz)


def is_of_the_day(visit: Visit, moment: datetime) -> bool:
    """Tell whether a moment lies in the visit day, at the bureau."""
    return visit.day_ends_at - A_DAY <= moment < visit.day_ends_at
