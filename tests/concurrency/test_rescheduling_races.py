"""Exchanging hours at once with others, and with oneself: won first, given back after.  D07."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests import factories, situations
from tests.changes import cancel, reschedule, take_out
from tests.concurrency import controls
from tests.concurrency.controls import replaced, slowed, without_transaction
from tests.concurrency.crowd import (
    Outcome,
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    books,
    disagreements,
    people,
    small_hour,
)
from tests.concurrency.test_changing_races import NOON_ON_TUESDAY, hours, post_that_waits
from uketori import clock
from uketori.bureaus.models import Slot, SlotQuerySet
from uketori.counter.taking_out import act
from uketori.intermediaries.certificates import settling
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cancelling import act as cancelling_act
from uketori.reservations.hour_models import HourChange
from uketori.reservations.models import Reservation
from uketori.reservations.rescheduling import act as rescheduling_act
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

Act = Callable[[], Reservation]


@pytest.fixture(autouse=True)
def _hours_can_be_exchanged(settings: Any, tmp_path: Path) -> None:
    settings.BUREAUS_FOLDER = str(situations.an_osaka_that_reschedules(tmp_path))


def moves(reservation: Reservation, starts_at: datetime, at: datetime) -> Act:
    """The act of exchanging; the page was opened before, in a tab of its own."""
    revision = reservation.revision
    return lambda: reschedule(reservation, starts_at, revision=revision, at=at)


def booked(claims: Iterable[CertificateClaim], *starts: datetime) -> list[Reservation]:
    """Each of these people has their own of these hours, with two cases."""
    return [factories.reservation(claim, one, 2) for claim, one in zip(claims, starts, strict=True)]


def held(reservation: Reservation) -> datetime:
    return Reservation.objects.get(pk=reservation.pk).starts_at


# the last place


def two_want_the_last_place(at: datetime, first: int = 0) -> tuple[datetime, Outcome[Reservation]]:
    """Two people of two hours want a third one, in which one place is left."""
    one, other, wanted = hours(at, first + 3)[first:]
    small_hour(wanted, places=1)
    both = booked(people(2), one, other)
    with slowed(SlotQuerySet, "give_back"):
        outcome = at_once(*[moves(mine, wanted, at) for mine in both])
    return wanted, outcome


def test_last_place__two_want_it__one_wins_and_the_other_keeps_the_old_hour(
    monday_morning: datetime,
) -> None:
    for number in range(4):
        wanted, outcome = two_want_the_last_place(monday_morning, 3 * number)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.SLOT_FULL]
        assert Reservation.objects.filter(starts_at=wanted).count() == 1
        assert HourChange.objects.count() == number + 1
        assert_counters_agree()


def take_by_looking(
    self: SlotQuerySet, *, bureau: str, starts_at: datetime, cases: int
) -> int | None:
    """Look first and write later, absolutely, as a form of counting that is not ours."""
    slot = self.get(bureau=bureau, starts_at=starts_at)
    if slot.booked_reservations + 1 > slot.capacity_reservations:
        return None
    time.sleep(controls.pause)
    self.filter(pk=slot.pk).update(
        booked_reservations=slot.booked_reservations + 1, booked_cases=slot.booked_cases + cases
    )
    return slot.pk


def test_last_place__control__looking_first_gives_it_twice(monday_morning: datetime) -> None:
    with (
        without_transaction(rescheduling_act, "reschedule"),
        replaced(SlotQuerySet, "take", take_by_looking),
    ):
        wanted, _outcome = two_want_the_last_place(monday_morning)

    assert Reservation.objects.filter(starts_at=wanted).count() == 2
    assert disagreements() != []


def test_last_place__moved_into_against_bookings__one_wins(monday_morning: datetime) -> None:
    first, wanted = hours(monday_morning, 2)
    small_hour(wanted, places=1)
    (mine,) = booked(people(1), first)
    orders = [factories.order(one, wanted, 2) for one in people(3)]

    outcome = at_once(
        moves(mine, wanted, monday_morning), *[books(one, monday_morning) for one in orders]
    )

    assert_nothing_broke(outcome)
    assert len(outcome.done) == 1
    assert set(outcome.codes) == {Refusal.SLOT_FULL}
    assert_counters_agree()


# two people exchange their hours


def exchange(at: datetime, number: int, *, places: int) -> tuple[list[Reservation], Any]:
    one, other = hours(at, 2 * number + 2)[2 * number :]
    for starts_at in (one, other):
        small_hour(starts_at, places=places)
    both = booked(people(2), one, other)
    with slowed(SlotQuerySet, "give_back"), slowed(SlotQuerySet, "take"):
        outcome = at_once(moves(both[0], other, at), moves(both[1], one, at))
    return both, outcome


def test_exchange__a_place_free_in_each__both_move_and_nobody_waits_for_ever(
    monday_morning: datetime,
) -> None:
    for number in range(5):
        both, outcome = exchange(monday_morning, number, places=2)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 2
        assert [held(one) for one in both] == [one.starts_at for one in reversed(both)]
        assert_counters_agree()


def test_exchange__both_hours_full__nobody_gives_before_having_won(
    monday_morning: datetime,
) -> None:
    both, outcome = exchange(monday_morning, 0, places=1)

    assert_nothing_broke(outcome)
    assert outcome.codes == [Refusal.SLOT_FULL] * 2
    assert [held(one) for one in both] == [one.starts_at for one in both]
    assert_counters_agree()


def test_exchange__rows_not_made_yet__both_move(monday_morning: datetime) -> None:
    one, other, *new = hours(monday_morning, 4)
    both = booked(people(2), one, other)
    Slot.objects.filter(starts_at__in=new).delete()

    outcome = at_once(*[moves(mine, new[0], monday_morning) for mine in both])

    assert_nothing_broke(outcome)
    assert [held(mine) for mine in both] == [new[0]] * 2
    assert_counters_agree()


def test_exchange__control__without_the_order__they_wait_for_each_other(
    monday_morning: datetime,
) -> None:
    with replaced(rescheduling_act, "lock_hours", lambda **_hours: None):
        _both, outcome = exchange(monday_morning, 0, places=2)

    if connection.vendor == "sqlite":  # one writer at a time: nobody holds an hour and waits
        assert_nothing_broke(outcome)
        return
    assert [type(error) for error in outcome.broken] == [OperationalError]
    assert "deadlock" in str(outcome.broken[0])


# with oneself


def test_same_form__three_times_at_once__moved_once(monday_morning: datetime) -> None:
    first, wanted = hours(monday_morning, 2)
    (mine,) = booked(people(1), first)

    outcome = at_once(*[moves(mine, wanted, monday_morning)] * 3)

    assert_nothing_broke(outcome)
    assert [one.revision for one in outcome.done] == [2] * 3
    assert HourChange.objects.count() == 1
    assert_counters_agree()


def both_to_one_hour(at: datetime) -> Outcome[Reservation]:
    """One person holds two hours, and moves both into a third one, from two tabs."""
    first, second, wanted = hours(at, 3)
    small_hour(wanted, places=6)
    (claim,) = people(1)
    both = booked([claim, claim], first, second)
    with slowed(rescheduling_act, "take_place"):
        return at_once(*[moves(one, wanted, at) for one in both])


def test_two_of_ones_own__into_one_hour__one_moves(monday_morning: datetime) -> None:
    outcome = both_to_one_hour(monday_morning)

    assert_nothing_broke(outcome)
    assert len(outcome.done) == 1
    assert outcome.codes == [Refusal.SAME_HOUR_TWICE]
    assert_counters_agree()


def test_two_of_ones_own__control__without_the_lock__only_the_table_refuses(
    monday_morning: datetime,
) -> None:
    with without_transaction(rescheduling_act, "reschedule"):
        outcome = both_to_one_hour(monday_morning)

    assert "reservation_is_one_live_one_a_person_and_hour" in str(outcome.broken) or (
        "UNIQUE constraint failed" in str(outcome.broken)
    )


# against cancelling


def move_against_cancel(at: datetime, number: int = 0) -> tuple[Reservation, Outcome[Reservation]]:
    first, wanted = hours(at, 2 * number + 2)[2 * number :]
    for starts_at in (first, wanted):
        small_hour(starts_at, places=6)
        factories.reservation(people(1)[0], starts_at, 9)
    (mine,) = booked(people(1), first)
    with slowed(SlotQuerySet, "give_back"):
        outcome = at_once(moves(mine, wanted, at), lambda: cancel(mine, at=at))
    mine.refresh_from_db()
    return mine, outcome


def test_cancel__against_a_move__every_place_is_given_back_once(monday_morning: datetime) -> None:
    for number in range(5):
        mine, outcome = move_against_cancel(monday_morning, number)

        assert_nothing_broke(outcome)
        assert mine.cancelled_at is not None
        assert outcome.codes in ([], [Refusal.RESERVATION_CANCELLED])
        assert_counters_agree()


def test_cancel__control__without_the_lock__the_counters_are_wrong(
    monday_morning: datetime,
) -> None:
    with (
        without_transaction(rescheduling_act, "reschedule"),
        without_transaction(cancelling_act, "cancel"),
    ):
        move_against_cancel(monday_morning)

    assert disagreements() != []


# against the bureau, which takes a case out


def move_against_taking_out(at: datetime, number: int = 0) -> tuple[Reservation, Outcome[Any]]:
    first, wanted = hours(at, 2 * number + 2)[2 * number :]
    for starts_at in (first, wanted):
        small_hour(starts_at, places=6)
    (mine,) = booked(people(1), first)
    seen = mine.revision
    with slowed(SlotQuerySet, "give_back"):
        outcome = at_once(moves(mine, wanted, at), lambda: take_out(mine, 1, at=at, revision=seen))
    mine.refresh_from_db()
    return mine, outcome


def test_taken_out__against_a_move__the_later_one_has_to_look_again(
    monday_morning: datetime,
) -> None:
    for number in range(4):
        mine, outcome = move_against_taking_out(monday_morning, number)

        assert_nothing_broke(outcome)
        assert outcome.codes == [Refusal.RESERVATION_CHANGED]
        assert mine.revision == 2
        assert_counters_agree()


def test_taken_out__control__without_the_lock__the_counters_are_wrong(
    monday_morning: datetime,
) -> None:
    with (
        without_transaction(rescheduling_act, "reschedule"),
        without_transaction(act, "take_out"),
    ):
        for number in range(4):  # who comes late on a busy machine finds the other one done
            move_against_taking_out(monday_morning, number)

    assert disagreements() != []


# against the counter, which sees the certificate with somebody else


def test_shown_by_another__against_a_move__done_before_or_refused_after(
    monday_morning: datetime,
) -> None:
    for number in range(4):
        first, wanted = hours(monday_morning, 2 * number + 2)[2 * number :]
        (claim,) = people(1)
        rival = factories.claim(
            f"rival{number}@example.jp",
            person=factories.intermediary(kind=claim.intermediary.kind),
            number=claim.number,
            place=2,
        )
        (mine,) = booked([claim], first)
        with slowed(rescheduling_act, "take_place", 0.3), slowed(settling, "open_claims"):
            outcome = at_once(moves(mine, wanted, monday_morning), sees(rival))

        assert_nothing_broke(outcome)
        assert outcome.codes in ([], [Refusal.CERTIFICATE_SHOWN_BY_ANOTHER])
        assert_counters_agree()


def sees(claim: CertificateClaim) -> Callable[[], Any]:
    """The act of a clerk who sees the certificate of this claim."""
    return lambda: settling.prove(claim=claim, actor="staff:1", at=clock.now())


# the closing moment


def to_friday(_reservation: Reservation) -> tuple[str, dict[str, str]]:
    return "hour", {"slot": "2026-06-12T10:00", "do": "move"}


def test_closing_moment__arrived_before_and_waited_beyond__moved(
    monday_morning: datetime, settings: Any
) -> None:
    arrives = NOON_ON_TUESDAY - timedelta(seconds=3)
    assert post_that_waits(settings, arrives, to_friday) == 302


def test_closing_moment__arrived_after__refused(monday_morning: datetime, settings: Any) -> None:
    assert post_that_waits(settings, NOON_ON_TUESDAY, to_friday) == 409


def test_closing_moment__control__asked_after_the_wait__refused(
    monday_morning: datetime, settings: Any
) -> None:
    asked = rescheduling_act.reasons_against

    def asks_late(*rest: Any) -> Any:
        return asked(*rest[:-1], clock.now())

    with replaced(rescheduling_act, "reasons_against", asks_late):
        arrives = NOON_ON_TUESDAY - timedelta(seconds=3)
        assert post_that_waits(settings, arrives, to_friday) == 409
