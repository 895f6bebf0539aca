"""When a certificate can be seen at the counter, what follows, and its taking back.  D03, R-38.

One slip would make a claim exclusive and shut its rival out: seen is only what somebody who has
come can show.
"""

from dataclasses import replace
from datetime import datetime

from uketori.rules.refusals import Reason, Refusal
from uketori.rules.visit import Ending, Visit, is_of_the_day, refuse_correction


def refuse_seeing(visit: Visit, at: datetime) -> list[Reason]:
    """Return why nobody can have shown the certificate for this visit now."""
    if visit.ending is Ending.CANCELLED:
        return [Reason(Refusal.RESERVATION_CANCELLED)]
    if not is_of_the_day(visit, at):
        return [Reason(Refusal.NOT_TODAY, facts={"starts_at": visit.starts_at})]
    if visit.arrived_at is None:
        return [Reason(Refusal.CERTIFICATE_BEFORE_ARRIVAL)]
    return []


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

    As everything that is recorded of a visit: until the end of its day by everybody at the counter,
    later by whoever may correct past days; and at the visit where the certificate was seen.
    """
    if not is_of_the_day(visit, proved_at):
        return [Reason(Refusal.PROVED_ON_ANOTHER_DAY)]
    # of a cancelled one, too: nothing may shut the rival out for ever
    return refuse_correction(replace(visit, ending=None), at, of_past_days=of_past_days)
