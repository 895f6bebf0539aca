"""The state of a visit in a word and a shape, and the buttons that fit it.  R-39, R-40."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from uketori import japanese
from uketori.counter.visit.facts import visit_of
from uketori.reservations.models import Reservation
from uketori.rules.visit import (
    Ending,
    Visit,
    VisitState,
    refuse_arrival,
    refuse_correction,
    refuse_ending,
    state_of,
)

WORDS: dict[VisitState, Promise] = {
    VisitState.EXPECTED: pgettext_lazy("visit", "来庁前"),
    VisitState.ARRIVED: pgettext_lazy("visit", "来庁"),
    VisitState.SERVING: pgettext_lazy("visit", "対応中"),
    VisitState.UNRESOLVED: pgettext_lazy("visit", "要確認"),
    VisitState.SERVED: pgettext_lazy("visit", "完了"),
    VisitState.LATE: pgettext_lazy("visit", "遅刻"),
    VisitState.ABSENT: pgettext_lazy("visit", "不在"),
    VisitState.NO_SHOW: pgettext_lazy("visit", "不来庁"),
    VisitState.CANCELLED: pgettext_lazy("visit", "取消し"),
}
SHAPES = {
    VisitState.EXPECTED: "waiting",
    VisitState.ARRIVED: "arrived",
    VisitState.SERVING: "served",
    VisitState.UNRESOLVED: "open",
    VisitState.SERVED: "done",
    VisitState.LATE: "late",
    VisitState.ABSENT: "over",
    VisitState.NO_SHOW: "over",
    VisitState.CANCELLED: "closed",
}
"""The component's state of each; its icon and colour only repeat the word."""


@dataclass(frozen=True)
class Button:
    """One act: its address, the key that presses it, and what it says."""

    url_name: str
    word: Promise
    key: str
    ending: str = ""
    opens: bool = False
    """Whether it only opens the visit: a link."""


ARRIVE = Button("counter:arrival", pgettext_lazy("act", "来庁"), "I")
ARRIVE_ON_PAPER = Button("counter:arrival", pgettext_lazy("act", "紙の来庁時刻を記録する"), "")
CALL_UP = Button("counter:calling_up", pgettext_lazy("act", "呼び出す"), "O")
LATE = Button("counter:ending", pgettext_lazy("act", "遅刻"), "L", Ending.LATE.value)
NO_SHOW = Button("counter:ending", pgettext_lazy("act", "不来庁"), "S", Ending.NO_SHOW.value)
ABSENT = Button("counter:ending", pgettext_lazy("act", "呼出し時に不在"), "", Ending.ABSENT.value)
OPEN_FOR_OUTCOME = Button("counter:show", pgettext_lazy("act", "開いて結果を入力"), "", opens=True)
TAKE_ARRIVAL_BACK = Button(
    "counter:arrival_removal", pgettext_lazy("act", "来庁の記録を取り消す"), "Delete"
)
REOPEN = Button("counter:ending_removal", pgettext_lazy("act", "この記録を取り消す"), "")
TAKES_BACK = frozenset({TAKE_ARRIVAL_BACK.url_name, REOPEN.url_name})
OUTCOME_KEY = "Z"
"""For 全件交付.  A key acts when nothing follows it at once: a reader presses none (reader.js)."""


@dataclass(frozen=True)
class Seen:
    """A visit as one look at it shows."""

    visit: Visit
    state: VisitState
    word: Promise
    shape: str
    since: datetime | None
    since_words: list[str]
    """The time of day, after the day where that is not today; empty where nothing was recorded."""


def seen(reservation: Reservation, at: datetime) -> Seen:
    """Return the visit as it stands at this moment, by the rules it was made under."""
    visit = visit_of(reservation, reservation.made_under)
    state = state_of(visit, at)
    since = _since(reservation, state)
    words = japanese.since_words(since, at, reservation.made_under.tz) if since else []
    return Seen(visit, state, WORDS[state], SHAPES[state], since, words)


def row_buttons(reservation: Reservation, one: Seen) -> list[Button]:
    """Return what is pressed most in this state, without opening the reservation."""
    if one.state is VisitState.EXPECTED:
        return [ARRIVE]
    if one.state is VisitState.ARRIVED:
        return [CALL_UP]
    if one.state is VisitState.UNRESOLVED:
        # who came was most likely served, and only the key was forgotten: an absence, which counts
        # against them, is recorded on the opened page
        return [LATE, NO_SHOW] if reservation.arrived_at is None else [OPEN_FOR_OUTCOME]
    return []


def all_buttons(one: Seen, at: datetime, *, of_past_days: bool) -> list[Button]:
    """Return everything that the rules let be recorded now, beside the outcome."""
    visit = one.visit
    if visit.ending is not None:
        closed = refuse_correction(visit, at, of_past_days=of_past_days)
        return [] if closed else [REOPEN]
    buttons = []
    is_today = not refuse_arrival(visit, at, at)
    if visit.arrived_at is None and (is_today or at >= visit.day_ends_at):
        buttons.append(ARRIVE)
    if is_today and visit.arrived_at and visit.called_at is None:
        buttons.append(CALL_UP)
    marks = (LATE, ABSENT, NO_SHOW)
    is_over = at >= visit.ends_at  # then paper may tell that somebody was called
    buttons += [
        one for one in marks if not refuse_ending(Ending(one.ending), visit, at, is_told=is_over)
    ]
    if visit.called_at is not None:
        return [*buttons, replace(TAKE_ARRIVAL_BACK, key="")]
    return [*buttons, TAKE_ARRIVAL_BACK] if visit.arrived_at else buttons


def may_record_outcome(visit: Visit, at: datetime, *, of_past_days: bool) -> bool:
    """Tell whether the form of the outcome is to be shown."""
    if visit.ending is Ending.SERVED:
        return not refuse_correction(visit, at, of_past_days=of_past_days)
    return not refuse_ending(Ending.SERVED, visit, at)


def _since(reservation: Reservation, state: VisitState) -> datetime | None:
    moments = {
        VisitState.ARRIVED: reservation.arrived_at,
        VisitState.SERVING: reservation.called_at,
        VisitState.SERVED: reservation.served_at,
        VisitState.LATE: reservation.late_at,
        VisitState.ABSENT: reservation.absent_at,
        VisitState.NO_SHOW: reservation.no_show_at,
        VisitState.CANCELLED: reservation.cancelled_at,
    }
    return moments.get(state)
