"""The bureau takes a case out while the holder withdraws it, or puts others back.  R-32, 4(3)."""

from datetime import datetime
from typing import Any

import pytest

from tests import factories
from tests.changes import change, edits, numbers_of, take_out
from tests.concurrency.controls import slowed, without_transaction
from tests.concurrency.crowd import (
    Outcome,
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    disagreements,
    people,
    small_hour,
)
from uketori.bureaus.models import SlotQuerySet
from uketori.counter.taking_out import act
from uketori.reservations.changing import act as changing_act
from uketori.reservations.models import CaseChange, CaseChangeKind, Reservation
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4


def hours(at: datetime, how_many: int = ROUNDS) -> list[datetime]:
    """Hours of the second displayed day and later: they can be changed all day."""
    return factories.displayed_hours(at)[6 : 6 + how_many]


def against(
    starts_at: datetime, at: datetime, *, live: int = 5, **wanted: Any
) -> tuple[Reservation, Outcome[Reservation]]:
    """The bureau takes the first of five out; the holder does what is ``wanted`` at once."""
    small_hour(starts_at, places=20, cases=60)
    factories.reservation(people(1)[0], starts_at, 9)
    reservation = factories.reservation(people(1)[0], starts_at, 5)
    if live < 5:
        change(reservation, withdrawn=range(live + 1, 6), at=at)
        reservation.refresh_from_db()
    typed, seen = edits(reservation, **wanted), reservation.revision
    with slowed(SlotQuerySet, "give_back"), slowed(SlotQuerySet, "take_cases"):
        outcome = at_once(
            lambda: take_out(reservation, 1, at=at, revision=seen),
            lambda: change(reservation, wanted=typed, at=at),
        )
    reservation.refresh_from_db()
    return reservation, outcome


def lines_of_the_first(reservation: Reservation) -> int:
    first = reservation.cases.order_by("order")[0]
    return CaseChange.objects.filter(case=first).count()


def test_taken_out_against_withdrawn__the_case_goes_once(monday_morning: datetime) -> None:
    for starts_at in hours(monday_morning):
        reservation, outcome = against(starts_at, monday_morning, withdrawn=[1])

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.RESERVATION_CHANGED]
        assert lines_of_the_first(reservation) == 1
        assert len(numbers_of(reservation)) == reservation.live_case_count == 4
        by_bureau = reservation.changes.filter(kind=CaseChangeKind.TAKEN_OUT).exists()
        assert reservation.first_case_count == (4 if by_bureau else 5)
        assert_counters_agree()


def test_taken_out_against_withdrawn__control__without_the_lock__given_back_twice(
    monday_morning: datetime,
) -> None:
    (starts_at,) = hours(monday_morning, 1)
    with without_transaction(act, "take_out"), without_transaction(changing_act, "change"):
        reservation, _outcome = against(starts_at, monday_morning, withdrawn=[1])

    assert lines_of_the_first(reservation) == 2
    assert disagreements() != []


def test_taken_out_against_put_back__never_from_a_page_that_is_no_longer_true(
    monday_morning: datetime,
) -> None:
    for starts_at in hours(monday_morning):
        both = factories.numbers(2, 8000)
        reservation, outcome = against(starts_at, monday_morning, live=3, put_back=both)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.RESERVATION_CHANGED]
        counts = (reservation.first_case_count, len(numbers_of(reservation)))
        assert counts in {(4, 2), (5, 5)}
        assert_counters_agree()


def test_taken_out_against_put_back__control__without_the_lock__both_are_done(
    monday_morning: datetime,
) -> None:
    (starts_at,) = hours(monday_morning, 1)
    both = factories.numbers(2, 8000)
    with without_transaction(act, "take_out"), without_transaction(changing_act, "change"):
        _reservation, outcome = against(starts_at, monday_morning, live=3, put_back=both)

    assert len(outcome.done) == 2
