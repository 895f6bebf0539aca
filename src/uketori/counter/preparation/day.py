"""The reservations of one day as the preparation list needs them.  b.10, D11."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from uketori.bureaus.calendar import calendar_facts, facts_at
from uketori.counter.visit.certificate_brought import certificates_shown
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cases.same_number import Twins, issued_twins, open_twins
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.calendar import CalendarFacts, NoOpenDay, next_open_day, previous_open_day
from uketori.rules.change import change_closes_at
from uketori.rules.preparation import final_at, is_final
from uketori.rules.shelf_order import shelf_key


@dataclass(frozen=True)
class Day:
    """One day of one bureau, read at one moment."""

    day: date
    facts: CalendarFacts
    reservations: list[Reservation]
    """The live ones, by hour and by the reading of the name."""
    twins: Twins
    """The cases whose number also stands, without an outcome, in another reservation.  D11."""
    certificates: dict[int, CertificateClaim]
    """What each person brings, by reservation: a renewed certificate, where one was entered."""
    issued: Twins
    """The cases whose number was issued in another reservation: the card is gone.  D11."""
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
    cases = [case for one in reservations for case in one.cases.all() if not case.outcome]
    final = _final_at(day, facts, [one.change_closes_at for one in reservations])
    return Day(
        day=day,
        facts=facts,
        reservations=reservations,
        twins=open_twins(cases, bureau),
        certificates=certificates_shown(reservations, day),
        issued=issued_twins(cases, bureau, day),
        read_at=at,
        final_at=final,
        is_final=is_final(at=at, final_at=final),
    )


def day_to_prepare(bureau: str, at: datetime) -> date:
    """Return the day whose list is needed at this moment.

    It is today, whose cards stand ready and whose list may still move by telephone, until the list
    of the next open day is final; on a closed day it is the next open day.
    """
    facts = facts_at(bureau, at)
    today = at.astimezone(facts.policy.tz).date()
    coming = open_day_after(today, facts)
    if coming is None:
        return today
    return coming if not facts.is_open_day(today) or _is_final(bureau, coming, at) else today


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


def _is_final(bureau: str, day: date, at: datetime) -> bool:
    live = Reservation.objects.live().filter(bureau=bureau, visit_day=day)
    promised = live.values_list("change_closes_at", flat=True)
    return is_final(at=at, final_at=_final_at(day, calendar_facts(bureau, day), promised))


def _final_at(day: date, facts: CalendarFacts, promised: Iterable[datetime]) -> datetime:
    closes_at = change_closes_at(visit_day=day, facts=facts)
    return final_at(promised=promised, booking_closes_at=closes_at)


def _reservations_of(bureau: str, day: date) -> list[Reservation]:
    standing = Prefetch("cases", ReservedCase.objects.filter(withdrawn_at=None))
    live = Reservation.objects.live().filter(bureau=bureau, visit_day=day)
    return list(
        live.select_related("intermediary", "claim__certificate")
        .prefetch_related(standing)
        .order_by("starts_at", "intermediary__name_kana", "reference")
    )
