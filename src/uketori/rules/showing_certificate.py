"""When a certificate can be seen at the counter, what follows, and its taking back.  D03, R-38.

One slip would make a claim exclusive and shut its rival out: seen is only what somebody who has
come can show.  Where the network was away, paper tells on which day, and when.
"""

from dataclasses import replace
from datetime import datetime

from uketori.rules.paper_times import latest, refuse_disorder
from uketori.rules.refusals import Reason, Refusal
from uketori.rules.visit import A_DAY, Ending, Visit, is_of_the_day, refuse_correction


def refuse_seeing(visit: Visit, at: datetime, happened_at: datetime | None = None) -> list[Reason]:
    """Return why nobody can have shown the certificate for this visit now, or at ``happened_at``.

    That is the time on paper; after the visit day it cannot be without.
    """
    if visit.ending is Ending.CANCELLED:
        return [Reason(Refusal.RESERVATION_CANCELLED)]
    if at < visit.day_ends_at - A_DAY:
        return [Reason(Refusal.NOT_TODAY, facts={"starts_at": visit.starts_at})]
    if visit.arrived_at is None:
        return [Reason(Refusal.CERTIFICATE_BEFORE_ARRIVAL)]
    if happened_at is not None:
        return _refuse_time(visit, visit.arrived_at, happened_at, at)
    return [Reason(Refusal.TIME_MISSING)] if at >= visit.day_ends_at else []


def may_be_seen(visit: Visit, at: datetime) -> bool:
    """Tell whether the button is to be offered: of a past day it waits for the time on paper."""
    return {one.code for one in refuse_seeing(visit, at)} <= {Refusal.TIME_MISSING}


def remind_of_certificate(visit: Visit, *, is_proved: bool, was_told: bool) -> list[Reason]:
    """Return the word before cards are issued to whoever's certificate nobody has seen.

    It stops nobody: who ``was_told`` and goes on means it.  A correction says nothing of it.
    """
    is_needless = is_proved or was_told or visit.ending is Ending.SERVED
    return [] if is_needless else [Reason(Refusal.CERTIFICATE_UNSEEN)]


def seen_at(visit: Visit, told_at: datetime) -> datetime:
    """Return when the certificate was seen: never before the person came."""
    return latest(told_at, visit.arrived_at)


def _refuse_time(
    visit: Visit, arrived_at: datetime, happened_at: datetime, at: datetime
) -> list[Reason]:
    if not is_of_the_day(visit, happened_at):
        return [Reason(Refusal.NOT_TODAY, facts={"starts_at": visit.starts_at})]
    if happened_at > at:
        return [Reason(Refusal.NOT_YET_HAPPENED)]
    return refuse_disorder(happened_at, since=(arrived_at,))


def refuse_shown_by_another(*, is_shown: bool) -> list[Reason]:
    """Refuse to book with a certificate that somebody else has shown: a proof is exclusive."""
    return [Reason(Refusal.CERTIFICATE_SHOWN_BY_ANOTHER)] if is_shown else []


def refuse_other_kind(*, is_proved: bool) -> list[Reason]:
    """Refuse to be another kind of person than the counter has seen.  R-08."""
    return [Reason(Refusal.KIND_PROVED)] if is_proved else []


def refuse_taking_seeing_back(
    visit: Visit, proved_at: datetime, at: datetime, *, of_past_days: bool
) -> list[Reason]:
    """Return why the proof of ``proved_at`` cannot be taken back at this visit.

    As everything that is recorded of a visit: until the evening by everybody at the counter, later
    by whoever may correct past days; and at the visit where the certificate was seen.
    """
    if not is_of_the_day(visit, proved_at):
        return [Reason(Refusal.PROVED_ON_ANOTHER_DAY)]
    # of a cancelled one, too: nothing may shut the rival out for ever
    return refuse_correction(replace(visit, ending=None), at, of_past_days=of_past_days)
