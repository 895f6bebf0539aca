"""Exchanging the hour of a reservation for another one, in one act.  D07, 利用案内 3, 4(1).

Which hours there are, and how many, is asked of today as for a booking; whether the hour may be
exchanged at all, of the rules under which the reservation was made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from uketori.rules.booking import Held, Wish, refuse_day_and_hour, refuse_quantity
from uketori.rules.calendar import CalendarFacts
from uketori.rules.change import Kept, change_closes_at, refuse_cancellation
from uketori.rules.eligibility import refuse_certificate_at
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal
from uketori.rules.showing_certificate import refuse_shown_by_another
from uketori.rules.suspension import refuse_suspended


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A reservation whose hour somebody wants to exchange, and what its holder has besides."""

    reference: str
    starts_at: datetime
    kept: Kept
    made_under: BureauPolicy
    expires_on: date
    """The last day of the certificate with which the holder would come."""
    suspended_until: date | None
    is_bound_by_number: bool
    """Somebody else of that certificate's number is suspended, and no clerk has seen it."""
    is_shown_by_another: bool
    """Somebody else has shown every certificate with which the holder could come."""
    held: Sequence[Held]
    """Everything live that the holder has at the bureau; this one may be among it."""


def refuse_rescheduling(
    new_starts_at: datetime | None, standing: Standing, at: datetime, facts: CalendarFacts
) -> list[Reason]:
    """Return every reason to refuse the new hour; the old one counts as released.  D07.

    What was booked once is not judged anew: neither the numbers nor the declarations.  Whether the
    hour has room is not asked here: only taking the place tells.
    """
    if reasons := refuse_any_rescheduling(standing, at, facts):
        return reasons
    if new_starts_at == standing.starts_at:
        return [Reason(Refusal.HOUR_UNCHANGED)]
    wish = Wish(starts_at=new_starts_at, cases=standing.kept.live_count)
    return [
        *refuse_day_and_hour(new_starts_at, at, facts),
        *refuse_quantity(wish, others_of(standing), at, facts),
        *refuse_certificate_at(new_starts_at, standing.expires_on, facts.policy),
    ]


def refuse_any_rescheduling(standing: Standing, at: datetime, facts: CalendarFacts) -> list[Reason]:
    """Return why this reservation keeps its hour, whichever other one is asked for.  4(1), D07.

    The deadline is said first: after it nobody can cancel and book anew either.
    """
    if reasons := refuse_cancellation(standing.kept, at):
        return reasons
    if not may_reschedule(standing.made_under, facts.policy):
        return [Reason(Refusal.RESCHEDULING_NOT_ALLOWED)]
    return [
        *refuse_suspended(standing.suspended_until, is_bound_by_number=standing.is_bound_by_number),
        *refuse_shown_by_another(is_shown=standing.is_shown_by_another),
    ]


def may_reschedule(made_under: BureauPolicy, now: BureauPolicy) -> bool:
    """Tell whether a reservation made under these rules can be given one of today's hours.

    It keeps the length of its hour (ADR 0011), so hours of another length do not fit.
    """
    return made_under.allow_reschedule and made_under.slot_minutes == now.slot_minutes


def others_of(standing: Standing) -> list[Held]:
    """Return what the holder would have without this reservation."""
    return [one for one in standing.held if one.reference != standing.reference]


def promise_after(new_starts_at: datetime, standing: Standing, facts: CalendarFacts) -> datetime:
    """Return the first moment at which changes are refused, once the hour is the new one.  4(1).

    Another day has its own promise, as if it were booked now.  On the same day what was promised
    stays, unless the calendar has become kinder since.
    """
    tz = facts.policy.tz
    day = new_starts_at.astimezone(tz).date()
    promise = change_closes_at(visit_day=day, facts=facts)
    if day == standing.starts_at.astimezone(tz).date():
        return max(promise, standing.kept.closes_at)
    return promise
