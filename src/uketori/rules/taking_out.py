"""A case that the bureau takes out of a reservation: the result is not handed over here.  R-32.

利用案内 1, ※1: only results of this bureau's counter are picked up.  Whoever booked another one is
not to blame, so it is no change and no cancellation of theirs (R-42); and since the case had never
been one for this counter, the first count (4(3)) falls by one and no other takes its place.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from uketori.rules.change import Kept, refuse_ended
from uketori.rules.refusals import Reason, Refusal


class NotHere(StrEnum):
    """Why a case is taken out: a closed list, each with its sentence and its next step."""

    OTHER_COUNTER = "other_counter"  # ※1 the bureau asks for it at another place
    OTHER_BUREAU = "other_bureau"  # 1 it was not applied for at this bureau
    NOT_COVERED = "not_covered"  # 1 （注意） an application that cannot be booked
    APPLICANT_MUST_COME = "applicant_must_come"  # ※1 the applicant is asked to come


def refuse_any_taking_out(kept: Kept, *, day_ends_at: datetime, at: datetime) -> list[Reason]:
    """Return why no case can be taken out any more.

    The bureau's own act asks for no deadline of the holder's.  Whoever has come is told at the
    desk, and once the day is over there is nothing left to prepare; the outcome says it instead.
    """
    if reasons := refuse_ended(kept):
        return reasons
    return [Reason(Refusal.VISIT_DAY_OVER)] if at >= day_ends_at else []


def refuse_taking_out(
    cases: int, kept: Kept, *, is_stale: bool, day_ends_at: datetime, at: datetime
) -> list[Reason]:
    """Return why ``cases`` standing ones cannot be taken out; ``is_stale`` if the page was."""
    if reasons := refuse_any_taking_out(kept, day_ends_at=day_ends_at, at=at):
        return reasons
    if is_stale:
        return [Reason(Refusal.RESERVATION_CHANGED)]
    return [] if cases else [Reason(Refusal.NOTHING_CHANGED)]


def without(cases: int, kept: Kept) -> Kept | None:
    """Return what is kept when so many were taken out, None if nothing: that is cancelling.

    Both counts fall by as much.  So nothing can be put back in their place, and what the holder
    took out before can be put back as it could.  利用案内 4(3)
    """
    if cases >= kept.live_count:
        return None
    return replace(kept, first_count=kept.first_count - cases, live_count=kept.live_count - cases)
