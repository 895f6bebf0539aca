"""The reservations of one day as the preparation list needs them.  b.10, D11."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q

from uketori.bureaus.calendar import calendar_facts
from uketori.reservations.models import ENDINGS, Reservation, ReservedCase
from uketori.rules.calendar import CalendarFacts, NoOpenDay, next_open_day, previous_open_day
from uketori.rules.change import change_closes_at
from uketori.rules.preparation import final_at, is_final
from uketori.rules.shelf import shelf_key


@dataclass(frozen=True)
class Twin:
    """A case of another reservation that has the same number."""

    reference: str
    starts_at: datetime


@dataclass(frozen=True)
class Day:
    """One day of one bureau, read at one moment."""

    day: date
    facts: CalendarFacts
    reservations: list[Reservation]
    """The live ones, by hour and by the reading of the name."""
    twins: Mapping[int, list[Twin]]
    """For each case, by its id, the others with its number; none for the rest.  D11."""
    read_at: datetime
    final_at: datetime
    is_final: bool

    @property
    def case_count(self) -> int:
        """How many cards are to be fetched."""
        return sum(len(cases_of(one)) for one in self.reservations)


def read_day(bureau: str, day: date, at: datetime) -> Day:
    """Return everything the list of a day shows, in as many queries for few as for many.

    Raises ``NoOpenDay`` where no open day lies before the day.
    """
    facts = calendar_facts(bureau, day)
    reservations = _reservations_of(bureau, day)
    final = final_at(
        promised=[one.change_closes_at for one in reservations],
        booking_closes_at=change_closes_at(visit_day=day, facts=facts),
    )
    return Day(
        day=day,
        facts=facts,
        reservations=reservations,
        twins=_twins_of(reservations, bureau),
        read_at=at,
        final_at=final,
        is_final=is_final(at=at, final_at=final),
    )


def cases_of(reservation: Reservation) -> list[ReservedCase]:
    """Return the standing cases of a reservation of a ``Day``, in the order of the shelf."""
    return sorted(reservation.cases.all(), key=lambda case: shelf_key(case.number_key))


def open_day_before(day: date, facts: CalendarFacts) -> date | None:
    """Return the open day before, None where there is none in reach."""
    try:
        return previous_open_day(day, facts)
    except NoOpenDay:
        return None


def open_day_after(day: date, facts: CalendarFacts) -> date | None:
    """Return the open day after, None where there is none in reach."""
    try:
        return next_open_day(day, facts)
    except NoOpenDay:
        return None


def _reservations_of(bureau: str, day: date) -> list[Reservation]:
    standing = Prefetch("cases", ReservedCase.objects.filter(withdrawn_at=None))
    live = Reservation.objects.live().filter(bureau=bureau, visit_day=day)
    return list(
        live.select_related("intermediary", "claim__certificate")
        .prefetch_related(standing)
        .order_by("starts_at", "intermediary__name_kana", "reference")
    )


def _twins_of(reservations: list[Reservation], bureau: str) -> dict[int, list[Twin]]:
    """Find the numbers that also stand, still without an outcome, in a reservation of any day."""
    keys = {
        case.pk: (case.number_key, one.pk)
        for one in reservations
        for case in one.cases.all()
        if not case.outcome
    }
    same = ReservedCase.objects.filter(
        _is_open(),
        reservation__bureau=bureau,
        number_key__in={key for key, _own in keys.values()},
        withdrawn_at=None,
        outcome="",
    )
    rows = same.order_by("reservation__starts_at", "pk").values_list(
        "number_key", "reservation_id", "reservation__reference", "reservation__starts_at"
    )
    found = defaultdict(list)
    for number_key, owner, reference, starts_at in rows:
        found[number_key].append((owner, Twin(reference, starts_at)))
    return {
        pk: others
        for pk, (key, own) in keys.items()
        if (others := [twin for owner, twin in found[key] if owner != own])
    }


def _is_open() -> Q:
    """Reservations without any ending: whoever did not come may book the same card again."""
    return Q(**{f"reservation__{ending}": None for ending in ENDINGS})
