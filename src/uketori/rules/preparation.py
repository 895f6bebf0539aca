"""When the list of a day is final, what moved since it was printed, and marks ahead of the visit.

利用案内 4(1), 4(3); D01: no booking and no change from outside reaches a day once the latest moment
that was promised for it has passed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from uketori.rules.eligibility import CaseFacts
from uketori.rules.refusals import Reason, Refusal
from uketori.rules.visit import AheadMark, Ending, Visit

SAME_CARD = timedelta(days=180)
"""Numbers may restart yearly; within half a year the same number is the same card.  D11"""


def same_card_from(day: date) -> date:
    """Return the first visit day at which a card that is looked for on ``day`` may have gone."""
    return day - SAME_CARD


def final_at(*, promised: Iterable[datetime], booking_closes_at: datetime) -> datetime:
    """Return the first moment at which the list of a day can no longer change from outside.

    The latest promised moment among its reservations, which outlives a change of the calendar; and
    never before the day can no longer be booked.
    """
    return max([booking_closes_at, *promised])


def is_final(*, at: datetime, final_at: datetime) -> bool:
    """Tell whether the list is final: at 12:00:00, not at 11:59:59."""
    return at >= final_at


@dataclass(frozen=True)
class Listed:
    """A reservation as it stands on the list of a day: its hour, and its cases by their id."""

    starts_at: datetime
    cases: Mapping[int, CaseFacts]
    marks: Mapping[int, AheadMark] = field(default_factory=dict)
    """Which of the cases are marked ahead of the visit, and how."""


class ReservationMoved(StrEnum):
    """What became of a reservation between two moments, as the list of a day sees it."""

    ADDED = "added"
    GONE = "gone"
    OTHER_HOUR = "other_hour"
    CHANGED = "changed"


class CaseMoved(StrEnum):
    """What became of one case."""

    ADDED = "added"
    TAKEN_OUT = "taken_out"
    CORRECTED = "corrected"
    MARKED = "marked"
    """Only its mark is another, or was taken back."""


@dataclass(frozen=True)
class CaseDifference:
    """One case: what was printed, and what holds now."""

    kind: CaseMoved
    before: CaseFacts | None
    after: CaseFacts | None
    mark: AheadMark | None = None
    """The mark that holds now, whether it is new or not."""


@dataclass(frozen=True)
class ReservationDifference:
    """One reservation: what became of it and of each of its cases that is not what it was."""

    kind: ReservationMoved
    before_at: datetime | None
    after_at: datetime | None
    cases: tuple[CaseDifference, ...]


def difference(before: Listed | None, after: Listed | None) -> ReservationDifference | None:
    """Return what is to be done where ``before`` was printed and ``after`` holds; None if nothing.

    What came and went in between leaves no trace: a number put right twice is told once, from the
    printed number to the one that holds.
    """
    cases = tuple(_case_differences(before, after))
    if before is None or after is None:
        kind = ReservationMoved.ADDED if before is None else ReservationMoved.GONE
    elif before.starts_at != after.starts_at:
        kind = ReservationMoved.OTHER_HOUR
    else:
        kind = ReservationMoved.CHANGED
    if not cases and kind is not ReservationMoved.OTHER_HOUR:
        return None
    return ReservationDifference(
        kind,
        before.starts_at if before else None,
        after.starts_at if after else None,
        cases,
    )


def _case_differences(before: Listed | None, after: Listed | None) -> Iterable[CaseDifference]:
    old = before.cases if before else {}
    new = after.cases if after else {}
    for key in sorted(old.keys() | new.keys()):
        was, holds = old.get(key), new.get(key)
        mark = after.marks.get(key) if after and holds else None
        if was is None:
            kind = CaseMoved.ADDED
        elif holds is None:
            kind = CaseMoved.TAKEN_OUT
        elif was != holds:
            kind = CaseMoved.CORRECTED
        elif before is not None and before.marks.get(key) != mark:
            kind = CaseMoved.MARKED
        else:
            continue
        yield CaseDifference(kind, was, holds, mark)


def refuse_ahead_mark(visit: Visit) -> list[Reason]:
    """Return why nothing can be marked ahead of the visit any more: it began, or has an ending."""
    if visit.ending is Ending.CANCELLED:
        return [Reason(Refusal.RESERVATION_CANCELLED)]
    if visit.ending is not None or visit.arrived_at is not None:
        return [Reason(Refusal.RESERVATION_ENDED)]
    return []
