"""Several people at once: a thread and a connection each, begun at the same instant."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import connection, connections

from tests import factories
from uketori.bureaus.models import Slot
from uketori.database import wait_patiently
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking import act as booking_act
from uketori.reservations.booking.act import Order
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.policy import IntermediaryKind
from uketori.rules.refusals import Refusal, Refused

T = TypeVar("T")
PATIENCE = 40.0
"""Seconds after which a thread counts as stuck."""


@dataclass
class Outcome(Generic[T]):
    """What became of acts that were begun at once."""

    done: list[T] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)

    @property
    def codes(self) -> list[Refusal]:
        """The codes of every refusal, one after the other."""
        return [Refusal(reason.code) for one in self.refused for reason in one.reasons]


def at_once(*acts: Callable[[], T]) -> Outcome[T]:
    """Begin all acts at the same instant, wait for all, and say what became of each."""
    begin = threading.Barrier(len(acts))
    outcome: Outcome[T] = Outcome()

    def run(act: Callable[[], T]) -> None:
        try:
            wait_patiently()  # who wins is asked, not who gives up: see tests/faults/test_waits.py
            connection.ensure_connection()
            begin.wait(PATIENCE)
            outcome.done.append(act())
        except Refused as refused:
            outcome.refused.append(refused)
        except Exception as error:  # noqa: BLE001 - told to the test, which expects none
            outcome.broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "a thread is stuck"
    return outcome


def people(how_many: int) -> list[CertificateClaim]:
    """So many intermediaries, each with an address and a certificate of their own."""
    factories.first_notice()
    begin = CertificateClaim.objects.count()
    return [
        factories.claim(
            f"person{number}@example.jp",
            person=factories.intermediary(
                f"予約 {number}", kind=IntermediaryKind.GYOSEISHOSHI, organisation=""
            ),
        )
        for number in range(begin, begin + how_many)
    ]


def books(order: Order, at: datetime) -> Callable[[], Reservation]:
    """The act of booking; what the bureau has set is read before, as the page does."""
    facts = factories.facts(at)
    return lambda: booking_act.book(order=order, facts=facts, actor="mail:1", at=at)


def small_hour(starts_at: datetime, *, places: int, cases: int = 60) -> Slot:
    """An empty hour with this room; what the database bears is the same."""
    return factories.slot(
        starts_at,
        capacity_reservations=places,
        ceiling_reservations=places,
        capacity_cases=cases,
        ceiling_cases=cases,
    )


def live_at(starts_at: datetime) -> int:
    """How many hold this hour, counted from the rows."""
    return Reservation.objects.live().filter(starts_at=starts_at).count()


def disagreements() -> list[str]:
    """Say where counters differ from a recount of the rows."""
    found = []
    for slot in Slot.objects.all():
        rows = Reservation.objects.live().filter(slot=slot)
        cases = ReservedCase.objects.filter(reservation__in=rows, withdrawn_at=None).count()
        counted, kept = (rows.count(), cases), (slot.booked_reservations, slot.booked_cases)
        if counted != kept:
            found.append(f"{slot}: the rows say {counted}, the counters {kept}")
    for one in Reservation.objects.live():
        live = one.cases.filter(withdrawn_at=None).count()
        if live != one.live_case_count:
            found.append(f"{one}: {live} cases, counted {one.live_case_count}")
    return found


def assert_counters_agree() -> None:
    """Counters equal a recount, and no hour holds more than it offers."""
    assert disagreements() == []
    for slot in Slot.objects.all():
        assert slot.booked_reservations <= slot.capacity_reservations, slot
        assert slot.booked_cases <= slot.capacity_cases, slot


def assert_nothing_broke(outcomes: Sequence[Outcome[Any]] | Outcome[Any]) -> None:
    """Waiting is allowed, an error is not (no "database is locked", no deadlock)."""
    each = [outcomes] if isinstance(outcomes, Outcome) else outcomes
    assert [error for one in each for error in one.broken] == []
