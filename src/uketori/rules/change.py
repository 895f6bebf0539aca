"""Until when and how a reservation can be changed or cancelled.  利用案内 4(1) … 4(3).

The computation itself stands in ``calendar.booking_closes_at``: a day is displayed for booking
exactly until its change deadline (D01), and the calendar must not depend on this module.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from uketori import japanese
from uketori.rules.calendar import CalendarFacts, booking_closes_at, previous_open_day
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A reservation as it stands when somebody wants to touch it."""

    closes_at: datetime
    """The promised first moment at which changes are refused."""
    first_count: int
    live_count: int
    is_cancelled: bool = False
    is_over: bool = False
    """Whether the person has arrived, or the visit has come to one of its endings."""


@dataclass(frozen=True, kw_only=True)
class CallMoment:
    """A telephone call for which staff act: its moment decides, not that of the typing.  4(2)"""

    called_at: datetime
    booked_at: datetime
    hour_ends_at: datetime
    day_ends_at: datetime
    """The midnight after the visit day, at the bureau."""


@dataclass(frozen=True, kw_only=True)
class NotedCall:
    """A call in the record, for whoever finds that it was noted by mistake."""

    is_own: bool
    """Whether whoever asks noted it."""
    day_ends_at: datetime
    """The midnight after the day on which it was recorded, at the bureau."""
    is_booking: bool = False
    """Whether the reservation was made in it: without the call there were none."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """How many cases are corrected, taken out and added again, all at once."""

    corrected: int = 0
    withdrawn: int = 0
    put_back: int = 0

    def count_after(self, kept: Kept) -> int:
        """Return the number of cases the reservation would hold."""
        return kept.live_count - self.withdrawn + self.put_back


def refuse_change(
    change: Change, kept: Kept, policy: BureauPolicy, at: datetime, call: CallMoment | None = None
) -> list[Reason]:
    """Return every reason to refuse the change, in the order of the notice.  利用案内 4(1), 4(3).

    Whether the hour still has room for what is put back is not asked here: only taking the places
    tells.
    """
    if reasons := refuse_any_change(kept, at, call):
        return reasons
    return [*_refuse_kinds(change, policy), *_refuse_count(change, kept)]


def refuse_any_change(kept: Kept, at: datetime, call: CallMoment | None = None) -> list[Reason]:
    """Return why no change of any kind is open any more.  利用案内 4(1), 4(2).

    By telephone all kinds are open after the moment as well: a number that stays wrong makes the
    visit vain, and what a clerk took out by a slip must be put back.  Once the day is over there is
    nothing left to prepare; its outcomes are recorded instead.
    """
    if reasons := refuse_cancellation(kept, at, call):
        return reasons
    if call is not None and at >= call.day_ends_at:
        return [Reason(Refusal.VISIT_DAY_OVER)]
    return []


def refuse_cancellation(kept: Kept, at: datetime, call: CallMoment | None = None) -> list[Reason]:
    """Return why nothing of the reservation can be touched any more.  利用案内 4(1), R-32.

    Without a call it is the person's own act, until the promised moment.  For a caller staff may
    act after it, too.
    """
    if reasons := refuse_ended(kept):
        return reasons
    if call is not None:
        return [*refuse_call(call, at), *_refuse_call_too_late(call)]
    if not may_change(at=at, closes_at=kept.closes_at):
        return [Reason(Refusal.CHANGE_CLOSED, facts={"closed_at": kept.closes_at})]
    return []


def refuse_ended(kept: Kept) -> list[Reason]:
    """Return why nobody can cancel it, not even the bureau: it has come to an end.  R-32, R-42."""
    if kept.is_cancelled:
        return [Reason(Refusal.RESERVATION_CANCELLED)]
    if kept.is_over:
        return [Reason(Refusal.RESERVATION_ENDED)]
    return []


def refuse_call(call: CallMoment, at: datetime) -> list[Reason]:
    """Return why a call cannot have been at the moment that was noted.  R-30.

    A call noted on paper may be entered at any time afterwards.
    """
    if call.called_at > at:
        return [Reason(Refusal.CALL_NOT_YET_HAPPENED)]
    if call.called_at < call.booked_at:
        return [Reason(Refusal.CALL_BEFORE_BOOKING)]
    return []


def refuse_striking(call: NotedCall, at: datetime, *, of_others: bool) -> list[Reason]:
    """Return why the call stays as it was noted: it speaks for the person, or against them.  R-41.

    Whoever noted it may strike it until the end of that day; ``of_others`` at any time.
    """
    if call.is_booking:
        return [Reason(Refusal.CALL_STAYS)]
    if of_others or (call.is_own and at < call.day_ends_at):
        return []
    return [Reason(Refusal.CALL_STAYS)]


def _refuse_call_too_late(call: CallMoment) -> list[Reason]:
    """Refuse what was asked for when the hour was over: until then it was silence.  4(2), 6(4)."""
    if call.called_at >= call.hour_ends_at:
        return [Reason(Refusal.CALL_AFTER_THE_HOUR, facts={"ends_at": call.hour_ends_at})]
    return []


def _refuse_kinds(change: Change, policy: BureauPolicy) -> list[Reason]:
    """Refuse kinds of change that the bureau does not offer."""
    asked = {
        Refusal.CORRECTION_NOT_ALLOWED: change.corrected and not policy.allow_correction,
        Refusal.WITHDRAWAL_NOT_ALLOWED: change.withdrawn and not policy.allow_withdrawal,
        Refusal.PUTTING_BACK_NOT_ALLOWED: change.put_back and not policy.allow_putting_back,
    }
    return [Reason(code) for code, refused in asked.items() if refused]


def _refuse_count(change: Change, kept: Kept) -> list[Reason]:
    """Refuse growing beyond the first count, and emptying: that is cancelling.  利用案内 4(3)."""
    after = change.count_after(kept)
    if after > kept.first_count:
        facts: dict[str, object] = {"first": kept.first_count, "wanted": after}
        return [Reason(Refusal.MORE_THAN_FIRST_COUNT, facts=facts)]
    if after < 1:
        return [Reason(Refusal.ALL_WITHDRAWN)]
    if not (change.corrected or change.withdrawn or change.put_back):
        return [Reason(Refusal.NOTHING_CHANGED)]
    return []


def change_closes_at(*, visit_day: date, facts: CalendarFacts) -> datetime:
    """Return the first moment at which changes are refused.

    利用案内 4(1) says until 11:59 on the open day before, so 11:59:59 is still in time and 12:00:00
    is not.  What was promised to a reservation is stored with it and never made earlier.
    """
    return booking_closes_at(visit_day, facts)


def may_change(*, at: datetime, closes_at: datetime) -> bool:
    """Tell whether a request received at this moment is in time.  利用案内 4(1)."""
    return at < closes_at


def trace_deadline(visit_day: date, facts: CalendarFacts) -> tuple[str, ...]:
    """Explain, in Japanese lines, each day walked back from the visit day to the deadline."""
    count = facts.policy.change_open_days_before
    last = previous_open_day(visit_day, facts, count)
    lines = [f"予約日は{japanese.long_day_words(visit_day)}です。"]
    counted = 0
    for distance in range(1, (visit_day - last).days + 1):
        day = visit_day - timedelta(days=distance)
        words = japanese.day_words(day)
        if reason := facts.why_closed(day):
            lines.append(f"{words}は閉庁日（{reason}）のため、数えません。")
        else:
            counted += 1
            lines.append(f"{words}は開庁日で、予約日の{counted}開庁日前です。")
    return (*lines, _closing_line(visit_day, facts))


def _closing_line(visit_day: date, facts: CalendarFacts) -> str:
    closes_at = change_closes_at(visit_day=visit_day, facts=facts)
    words = japanese.last_minute_words(closes_at, facts.policy.tz, year=True)
    return f"変更・キャンセルの期限は{words}です。"
