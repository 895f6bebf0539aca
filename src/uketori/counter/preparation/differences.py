"""What moved on a day's list since it was printed, read from the ledger.  R-33, R-30.

No copy of a printed list is kept: what stood then follows from what holds now and from every dated
change since, whoever made it: the person, or the counter after a telephone call.  Marks ahead of
the visit are read from the history of the visit.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q

from uketori.counter.models import Step, VisitEntry
from uketori.reservations.cases.words import case_facts
from uketori.reservations.hour_models import HourChange
from uketori.reservations.models import CaseChange, Reservation
from uketori.reservations.rescheduling.history import hours_before_moves
from uketori.rules.eligibility import CaseFacts
from uketori.rules.preparation import Listed, ReservationDifference, difference
from uketori.rules.visit import AheadMark

OVERLAP = timedelta(minutes=1)
"""A change is dated by its arrival and may be written a little later, at noon above all: what came
shortly before the printing is told too, rather than lost between two sheets."""

Act = tuple[datetime, str]
"""When something was done, and by whom."""


@dataclass(frozen=True)
class ChangedReservation:
    """A reservation that is not on the list as it was."""

    reservation: Reservation
    difference: ReservationDifference
    last_at: datetime
    """The newest of what was done to it."""
    by_counter: bool
    """Whether that was done at the counter."""
    since: datetime
    """From when on it is told."""


@dataclass(frozen=True)
class _Past:
    """Where the bureau's reservations of a day stood at an earlier moment."""

    day: date
    since: datetime
    hours: Mapping[str, datetime]
    """The hour before its first move since, by reference."""
    changes: Mapping[int, list[CaseChange]]
    """Changes since, oldest first, by reservation."""
    marks: Mapping[int, list[VisitEntry]]
    """Marks set and taken back since, oldest first, by reservation."""

    def listed(self, one: Reservation) -> Listed | None:
        """Return how the reservation stood on the list of the day; None if it did not."""
        gone = one.cancelled_at is not None and one.cancelled_at < self.since
        starts_at = self.hours.get(one.reference, one.starts_at)
        if gone or one.booked_at >= self.since or not _is_on(self.day, starts_at, one):
            return None
        return Listed(starts_at, self._cases(one), self._marks(one))

    def _marks(self, one: Reservation) -> dict[int, AheadMark]:
        """Return the marks; that a corrected number shed its own is told with the correction."""
        first = {entry.case_id: entry.before for entry in reversed(self.marks[one.pk])}
        stood = {case.pk: first.get(case.pk, case.ahead_mark) for case in one.cases.all()}
        return {pk: AheadMark(mark) for pk, mark in stood.items() if mark}

    def _cases(self, one: Reservation) -> dict[int, CaseFacts]:
        first: dict[int, CaseChange] = {}
        for entry in self.changes[one.pk]:
            first.setdefault(entry.case_id, entry)
        stood = {}
        for case in one.cases.all():
            change = first.get(case.pk)
            if change is None and case.withdrawn_at is None:
                stood[case.pk] = case_facts(case)
            elif change is not None and change.before is not None:
                stood[case.pk] = replace(case_facts(case), **change.before)
        return stood


def moved_since(bureau: str, day: date, since: datetime) -> list[ChangedReservation]:
    """Return every reservation of the day that is not what it was, by hour and reading.

    In as many queries for few as for many.
    """
    start = since - OVERLAP
    hours = hours_before_moves(bureau=bureau, since=start)
    reservations = list(
        Reservation.objects.filter(Q(visit_day=day) | Q(reference__in=hours), bureau=bureau)
        .select_related("intermediary")
        .prefetch_related("cases")
    )
    changes = defaultdict(list)
    rows = CaseChange.objects.filter(reservation__in=reservations, changed_at__gte=start)
    for entry in rows.order_by("changed_at", "pk"):
        changes[entry.reservation_id].append(entry)
    marks = _marks_since(reservations, start)
    moves = _moves_since(reservations, start)
    past = _Past(day, start, hours, changes, marks)
    found = [
        _moved(one, told, [*_done(changes[one.pk]), *_marked(marks[one.pk]), *moves[one.pk]], start)
        for one in reservations
        if (told := difference(past.listed(one), _listed_now(one, day)))
    ]
    return sorted(found, key=_order)


def _listed_now(one: Reservation, day: date) -> Listed | None:
    if one.cancelled_at is not None or one.visit_day != day:
        return None
    standing = [case for case in one.cases.all() if case.withdrawn_at is None]
    return Listed(
        one.starts_at,
        {case.pk: case_facts(case) for case in standing},
        {case.pk: AheadMark(case.ahead_mark) for case in standing if case.ahead_mark},
    )


def _marks_since(reservations: list[Reservation], start: datetime) -> dict[int, list[VisitEntry]]:
    rows = VisitEntry.objects.filter(
        reservation__in=reservations, step=Step.AHEAD_MARK, recorded_at__gte=start
    )
    marks = defaultdict(list)
    for entry in rows.order_by("recorded_at", "pk"):
        marks[entry.reservation_id].append(entry)
    return marks


def _moves_since(reservations: list[Reservation], start: datetime) -> dict[int, list[Act]]:
    moves = defaultdict(list)
    for move in HourChange.objects.filter(reservation__in=reservations, moved_at__gte=start):
        moves[move.reservation_id].append((move.moved_at, move.actor))
    return moves


def _is_on(day: date, starts_at: datetime, one: Reservation) -> bool:
    return starts_at.astimezone(one.made_under.tz).date() == day


def _done(changes: list[CaseChange]) -> list[Act]:
    return [(entry.changed_at, entry.actor) for entry in changes]


def _marked(marks: list[VisitEntry]) -> list[Act]:
    return [(entry.recorded_at, entry.actor) for entry in marks]


def _moved(
    one: Reservation, told: ReservationDifference, done: list[Act], since: datetime
) -> ChangedReservation:
    if one.cancelled_at is not None:
        done.append((one.cancelled_at, one.ended_by))
    last_at, actor = max(done, default=(one.revised_at or one.booked_at, ""))
    return ChangedReservation(one, told, last_at, actor.startswith("staff:"), since)


def _order(one: ChangedReservation) -> tuple[datetime, str, str]:
    hour = one.difference.after_at or one.difference.before_at or one.reservation.starts_at
    return hour, one.reservation.intermediary.name_kana, one.reservation.reference
