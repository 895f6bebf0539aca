"""The hours of a day with who is expected in each, and what waits to be resolved.  R-39, R-40."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import QuerySet

from uketori import japanese
from uketori.bureaus.calendar import facts_at
from uketori.counter.lookup.names import name_order
from uketori.counter.models import Call
from uketori.counter.telephone.calls import called_words, calls_of
from uketori.counter.visit.state import WORDS, Button, Seen, row_buttons, seen
from uketori.reservations.models import ENDINGS, Reservation
from uketori.rules.policy import BureauPolicy
from uketori.rules.visit import VisitState

MOST_UNRESOLVED = 10
"""Lines of past days on the board; the rest stands on a page of its own."""
MOST_LISTED = 100
"""Lines of past days on one leaf of that page."""
ENDED = (
    VisitState.SERVED,
    VisitState.LATE,
    VisitState.ABSENT,
    VisitState.NO_SHOW,
    VisitState.UNRESOLVED,
    VisitState.CANCELLED,
)
HERE = frozenset({VisitState.ARRIVED, VisitState.SERVING, VisitState.SERVED})
WAITING = frozenset({VisitState.ARRIVED, VisitState.SERVING})


@dataclass(frozen=True)
class BoardLine:
    """One line of the board."""

    reservation: Reservation
    seen: Seen
    buttons: list[Button]
    is_of_today: bool
    called: str = ""
    """What was called about, and whether before the hour: that is no silence.  4(2)"""


@dataclass(frozen=True)
class Hour:
    """One hour of the day, in the order of the names."""

    starts_at: datetime
    words: str
    people: list[BoardLine]
    is_now: bool
    is_next: bool
    """Whether it is the first that is not over."""

    @property
    def is_open(self) -> bool:
        """Whether it is unfolded: the first that is not over, and each where somebody waits."""
        return self.is_next or self.waiting > 0

    @property
    def coming(self) -> list[BoardLine]:
        """Those who did not cancel."""
        return [one for one in self.people if one.seen.state is not VisitState.CANCELLED]

    @property
    def cases(self) -> int:
        """How many cases are expected."""
        return sum(one.reservation.live_case_count for one in self.coming)

    @property
    def here(self) -> int:
        """How many have come in time."""
        return sum(one.seen.state in HERE for one in self.people)

    @property
    def waiting(self) -> int:
        """How many have come and are not done: their hour is never folded away."""
        return sum(one.seen.state in WAITING for one in self.people)

    @property
    def ended(self) -> str:
        """How the visits ended, each way that occurs: 完了 2、遅刻 1."""
        counted = Counter(one.seen.state for one in self.people)
        return "、".join(f"{WORDS[state]} {counted[state]}" for state in ENDED if counted[state])


@dataclass(frozen=True)
class Board:
    """The day."""

    day: date
    hours: list[Hour]
    unresolved: list[BoardLine]
    unresolved_count: int
    """Of past days all, also those beyond the lines."""
    unresolved_more: int
    """Of past days, how many stand on their own page only."""
    at: datetime
    closed_because: str
    tz: tzinfo


def board_of(policy: BureauPolicy, at: datetime) -> Board:
    """Return the bureau's day at this moment (five queries at most)."""
    day = at.astimezone(policy.tz).date()
    facts = facts_at(policy.code, at)
    of_today = of_day(policy.code, day)
    of_past, count = _oldest(unresolved_before(policy, at))
    calls = calls_of([*of_today, *of_past])
    today = [_person(one, day, at, calls) for one in of_today]
    past = [_person(one, day, at, calls) for one in of_past]
    open_now = [one for one in today if one.seen.state is VisitState.UNRESOLVED]
    offered = [datetime.combine(day, time(hour), policy.tz) for hour in facts.hours(day)]
    return Board(
        day=day,
        hours=_hours(today, offered, at, policy),
        unresolved=[*past, *sorted(open_now, key=lambda one: one.reservation.starts_at)],
        unresolved_count=count + len(open_now),
        unresolved_more=count - len(past),
        at=at,
        closed_because=facts.why_closed(day) or "",
        tz=policy.tz,
    )


def unresolved_before(policy: BureauPolicy, at: datetime) -> QuerySet[Reservation]:
    """Return those of past days without a result, the oldest first; an index holds just these."""
    day = at.astimezone(policy.tz).date()
    past = {"bureau": policy.code, "visit_day__lt": day, **dict.fromkeys(ENDINGS)}
    rows = Reservation.objects.filter(**past).select_related("intermediary")
    return rows.order_by("visit_day", "starts_at", "pk")


def lines_of(found: Sequence[Reservation], policy: BureauPolicy, at: datetime) -> list[BoardLine]:
    """Return these reservations as lines, in the same order."""
    calls = calls_of(found)
    return [_person(one, at.astimezone(policy.tz).date(), at, calls) for one in found]


def of_day(bureau: str, day: date) -> list[Reservation]:
    """Return the reservations of a day in the order of their names, also cancelled ones."""
    rows = Reservation.objects.filter(bureau=bureau, visit_day=day).select_related("intermediary")
    return sorted(rows, key=name_order)


def _oldest(rows: QuerySet[Reservation]) -> tuple[list[Reservation], int]:
    """Return as many as the board holds, and how many there are."""
    found = list(rows[: MOST_UNRESOLVED + 1])
    count = rows.count() if len(found) > MOST_UNRESOLVED else len(found)
    return found[:MOST_UNRESOLVED], count


def _person(
    reservation: Reservation, day: date, at: datetime, calls: Mapping[int, Sequence[Call]]
) -> BoardLine:
    one = seen(reservation, at)
    return BoardLine(
        reservation=reservation,
        seen=one,
        buttons=row_buttons(reservation, one),
        is_of_today=reservation.visit_day == day,
        called=called_words(calls.get(reservation.pk, [])),
    )


def _hours(
    people: Iterable[BoardLine], offered: list[datetime], at: datetime, policy: BureauPolicy
) -> list[Hour]:
    by_start: dict[datetime, list[BoardLine]] = {starts_at: [] for starts_at in offered}
    for one in people:
        by_start.setdefault(one.reservation.starts_at.astimezone(policy.tz), []).append(one)
    length = timedelta(minutes=policy.slot_minutes)
    coming = [starts_at for starts_at in sorted(by_start) if at < starts_at + length]
    return [
        Hour(
            starts_at=starts_at,
            words=japanese.hour_words(starts_at, policy.slot_minutes, policy.tz),
            people=by_start[starts_at],
            is_now=starts_at <= at < starts_at + length,
            is_next=starts_at in coming[:1],
        )
        for starts_at in sorted(by_start)
    ]
