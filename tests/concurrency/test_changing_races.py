"""Changing and cancelling at once with others, and with oneself.  4(1), 4(3), D06, R-25, R-32."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories
from tests.changes import cancel, cases_of, change, edits, numbers_of
from tests.concurrency import controls
from tests.concurrency.controls import (
    replaced,
    slowed,
    without_constraint,
    without_transaction,
)
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
from tests.policies import at
from uketori import clock
from uketori.bureaus import slots
from uketori.bureaus.models import Slot, SlotQuerySet
from uketori.intermediaries.models import Intermediary
from uketori.reservations.cancelling import act as cancelling_act
from uketori.reservations.changing import act as changing_act
from uketori.reservations.changing.edits import Edits
from uketori.reservations.models import CaseChange, Reservation
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4
WEDNESDAY_TEN = at("2026-06-10 10:00")
NOON_ON_TUESDAY = at("2026-06-09 12:00")
"""From then on nothing of Wednesday can be changed."""
Act = Callable[[], Reservation]


def changes(reservation: Reservation, at: datetime, **wanted: Any) -> Act:
    """The act of changing; what is asked was typed before, in a tab of its own."""
    typed: Edits = edits(reservation, **wanted)
    return lambda: change(reservation, wanted=typed, at=at)


def cancels(reservation: Reservation, at: datetime) -> Act:
    return lambda: cancel(reservation, at=at)


def hours(at: datetime, how_many: int = ROUNDS) -> list[datetime]:
    """Hours of the second displayed day and later: they can be changed all day."""
    return factories.displayed_hours(at)[6 : 6 + how_many]


def hour(starts_at: datetime) -> Slot:
    return Slot.objects.get(starts_at=starts_at)


def five_and_two_withdrawn(
    starts_at: datetime, at: datetime, *, cases: int = 10, others: int = 0
) -> Reservation:
    """Five booked first, three left; ``others`` are taken by somebody else."""
    small_hour(starts_at, places=20, cases=cases)
    if others:
        factories.reservation(people(1)[0], starts_at, others)
    claim = people(1)[0]
    reservation = factories.reservation(claim, starts_at, 5)
    change(reservation, withdrawn=[1, 2], at=at)
    return Reservation.objects.get(pk=reservation.pk)


# putting back against others who book


def put_back_against_bookings(starts_at: datetime, at: datetime, crowd: int = 4) -> Outcome[Any]:
    """Two cases are left of ten; one wants two back, and others want two each."""
    reservation = five_and_two_withdrawn(starts_at, at, others=5)
    orders = [factories.order(one, starts_at, 2) for one in people(crowd)]
    return at_once(
        changes(reservation, at, put_back=factories.numbers(2, 8000)),
        *[books(order, at) for order in orders],
    )


def test_put_back__against_bookings_of_the_last_cases__one_wins(monday_morning: datetime) -> None:
    winners = set()
    for starts_at in hours(monday_morning, 8):
        outcome = put_back_against_bookings(starts_at, monday_morning)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert set(outcome.codes) <= {Refusal.TOO_FEW_CASES_LEFT, Refusal.SLOT_FULL}
        assert hour(starts_at).booked_cases == 10
        winners.add(outcome.done[0].first_case_count)
        assert_counters_agree()
    assert winners <= {5, 2}


def take_cases_by_looking(self: SlotQuerySet, *, slot_id: int, cases: int) -> bool:
    """Look first and write later, absolutely, as a form of counting that is not ours."""
    slot = self.get(pk=slot_id)
    if slot.booked_cases + cases > slot.capacity_cases:
        return False
    time.sleep(4 * controls.pause)
    self.filter(pk=slot_id).update(booked_cases=slot.booked_cases + cases)
    return True


def test_put_back__control__looking_first_oversells(monday_morning: datetime) -> None:
    (starts_at,) = hours(monday_morning, 1)
    with (
        without_transaction(changing_act, "change"),
        replaced(SlotQuerySet, "take_cases", take_cases_by_looking),
        slowed(SlotQuerySet, "take", 2 * controls.pause),
    ):
        put_back_against_bookings(starts_at, monday_morning, crowd=1)

    assert disagreements() != []


def test_put_back__places_come_free_between_take_and_look__taken(monday_morning: datetime) -> None:
    """PostgreSQL: no room, then somebody withdraws and commits, then one looks: asked again."""
    take = SlotQuerySet.take_cases

    def then_pauses(self: SlotQuerySet, **wanted: Any) -> bool:
        answer = take(self, **wanted)
        if not answer:
            time.sleep(1)
        return answer

    for starts_at in hours(monday_morning):
        small_hour(starts_at, places=20, cases=10)
        mine, other = (factories.reservation(one, starts_at, 5) for one in people(2))
        change(mine, withdrawn=[1], at=monday_morning)
        factories.slot(starts_at, capacity_cases=9)
        mine.refresh_from_db()

        def withdraws_later(other: Reservation = other) -> Reservation:
            time.sleep(0.1)
            return change(other, withdrawn=[1], at=monday_morning)

        with replaced(SlotQuerySet, "take_cases", then_pauses):
            outcome = at_once(
                changes(mine, monday_morning, put_back=["阪労一E08001"]), withdraws_later
            )

        assert_nothing_broke(outcome)
        if connection.vendor == "postgresql":  # SQLite's writers never overlap
            assert len(outcome.done) == 2
        assert_counters_agree()


# two tabs of one person


def from_two_tabs(starts_at: datetime, at: datetime) -> tuple[Reservation, Outcome[Reservation]]:
    """Both put two back, up to the five booked first; there is room for all."""
    reservation = five_and_two_withdrawn(starts_at, at)
    with slowed(SlotQuerySet, "take_cases"):
        outcome = at_once(
            changes(reservation, at, put_back=factories.numbers(2, 8000)),
            changes(reservation, at, put_back=factories.numbers(2, 9000)),
        )
    reservation.refresh_from_db()
    return reservation, outcome


def test_two_tabs__both_put_two_back__never_above_the_first_count(monday_morning: datetime) -> None:
    for starts_at in hours(monday_morning):
        reservation, outcome = from_two_tabs(starts_at, monday_morning)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.RESERVATION_CHANGED]
        assert reservation.live_case_count == len(numbers_of(reservation)) == 5
        assert_counters_agree()


def test_two_tabs__control__without_the_lock__more_rows_than_booked_first(
    monday_morning: datetime,
) -> None:
    """The count itself meets its second wall, the CHECK of the database."""
    (starts_at,) = hours(monday_morning, 1)
    with without_transaction(changing_act, "change"):
        reservation, outcome = from_two_tabs(starts_at, monday_morning)

    assert len(numbers_of(reservation)) > reservation.first_case_count
    assert reservation.live_case_count == reservation.first_case_count
    assert [type(error) for error in outcome.broken] == [IntegrityError]


def test_two_tabs__control__without_lock_and_check__counted_above_the_first(
    monday_morning: datetime,
) -> None:
    (starts_at,) = hours(monday_morning, 1)
    wall = "reservation_never_grows_beyond_its_first_count"
    with without_constraint(Reservation, wall), without_transaction(changing_act, "change"):
        reservation, _outcome = from_two_tabs(starts_at, monday_morning)

        assert reservation.live_case_count > reservation.first_case_count
        CaseChange.objects.all().delete()


def one_number_into_two_hours(at: datetime, first: datetime) -> tuple[int, Outcome[Reservation]]:
    """One person holds two hours; each tab corrects its own to the same number."""
    claim = people(1)[0]
    both = [factories.reservation(claim, one, 2) for one in (first, first + timedelta(days=1))]
    with slowed(changing_act, "write_changes"):
        outcome = at_once(*[changes(one, at, corrected={1: "阪労一E08001"}) for one in both])
    return sum("阪労一E08001" in numbers_of(one) for one in both), outcome


def test_two_hours__corrected_to_one_number_at_once__it_stands_once(
    monday_morning: datetime,
) -> None:
    for starts_at in hours(monday_morning):
        standing, outcome = one_number_into_two_hours(monday_morning, starts_at)

        assert_nothing_broke(outcome)
        assert standing == 1
        assert outcome.codes == [Refusal.NUMBER_IN_OTHER_RESERVATION]
    assert_counters_agree()


def test_two_hours__control__without_the_lock__it_stands_twice(monday_morning: datetime) -> None:
    (starts_at,) = hours(monday_morning, 1)
    with without_transaction(changing_act, "change"):
        standing, _outcome = one_number_into_two_hours(monday_morning, starts_at)

    assert standing == 2


# cancelling


def two_at_once(
    starts_at: datetime, *acts: Callable[[Reservation], Act]
) -> tuple[Reservation, Outcome[Reservation]]:
    """Acts on the same five cases; two of somebody else's stay in the hour."""
    small_hour(starts_at, places=20, cases=60)
    factories.reservation(people(1)[0], starts_at, 9)
    factories.reservation(people(1)[0], starts_at, 9)
    reservation = factories.reservation(people(1)[0], starts_at, 5)
    with slowed(SlotQuerySet, "give_back"):
        outcome = at_once(*[act(reservation) for act in acts])
    reservation.refresh_from_db()
    return reservation, outcome


def withdraws_two(at: datetime) -> Callable[[Reservation], Act]:
    return lambda reservation: changes(reservation, at, withdrawn=[1, 2])


def cancels_at(at: datetime) -> Callable[[Reservation], Act]:
    return lambda reservation: cancels(reservation, at)


def test_withdraw_against_cancel__each_place_is_given_back_once(monday_morning: datetime) -> None:
    for starts_at in hours(monday_morning, 8):
        reservation, outcome = two_at_once(
            starts_at, withdraws_two(monday_morning), cancels_at(monday_morning)
        )

        assert_nothing_broke(outcome)
        assert reservation.cancelled_at is not None
        assert outcome.codes in ([], [Refusal.RESERVATION_CANCELLED])
        assert (hour(starts_at).booked_reservations, hour(starts_at).booked_cases) == (2, 18)
        assert_counters_agree()


def test_withdraw_against_cancel__control__without_the_lock__given_back_twice(
    monday_morning: datetime,
) -> None:
    (starts_at,) = hours(monday_morning, 1)
    with without_transaction(changing_act, "change"), without_transaction(cancelling_act, "cancel"):
        two_at_once(starts_at, withdraws_two(monday_morning), cancels_at(monday_morning))

    assert hour(starts_at).booked_cases < 18
    assert disagreements() != []


def test_cancel__three_times_at_once__places_are_given_back_once(monday_morning: datetime) -> None:
    for starts_at in hours(monday_morning):
        reservation, outcome = two_at_once(starts_at, *[cancels_at(monday_morning)] * 3)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.RESERVATION_CANCELLED] * 2
        assert reservation.revision == 2
        assert (hour(starts_at).booked_reservations, hour(starts_at).booked_cases) == (2, 18)
        assert_counters_agree()


def test_cancel__control__without_the_lock__given_back_twice(monday_morning: datetime) -> None:
    (starts_at,) = hours(monday_morning, 1)
    with without_transaction(cancelling_act, "cancel"):
        two_at_once(starts_at, *[cancels_at(monday_morning)] * 2)

    assert hour(starts_at).booked_reservations < 2
    assert disagreements() != []


def test_cancel_and_book_the_hour_again__from_two_tabs__never_two_live(
    monday_morning: datetime,
) -> None:
    for starts_at in hours(monday_morning):
        claim = people(1)[0]
        reservation = factories.reservation(claim, starts_at, 2)
        order = factories.order(claim, starts_at, 2)

        outcome = at_once(cancels(reservation, monday_morning), books(order, monday_morning))

        assert_nothing_broke(outcome)
        assert set(outcome.codes) <= {Refusal.SAME_HOUR_TWICE}
        assert Reservation.objects.live().filter(starts_at=starts_at).count() in {0, 1}
        assert_counters_agree()


# an hour that is stopped


def stop_against_put_back(
    starts_at: datetime, at: datetime, after: float, *, back_after: float = 0
) -> tuple[int, int]:
    """Stop the hour while somebody puts back; return the cases at its commit and at last."""
    reservation = five_and_two_withdrawn(starts_at, at)
    at_commit: list[int] = []

    def stops() -> Any:
        time.sleep(after)
        slots.stop_hour(policy=factories.policy(at), starts_at=starts_at, actor="staff:1", at=at)
        at_commit.append(hour(starts_at).booked_cases)

    back = changes(reservation, at, put_back=factories.numbers(2, 8000))

    def puts_back() -> Reservation:
        time.sleep(back_after)
        return back()

    assert_nothing_broke(at_once(stops, puts_back))
    return at_commit[0], hour(starts_at).booked_cases


def test_stop_against_put_back__nothing_is_taken_after_the_stop(monday_morning: datetime) -> None:
    seen = set()
    with slowed(changing_act, "write_changes", 0.02):
        for number, starts_at in enumerate(hours(monday_morning, 10)):
            at_commit, at_last = stop_against_put_back(starts_at, monday_morning, number * 0.006)
            assert at_commit == at_last, "put back after the stop's commit"
            seen.add(at_last)
            assert_counters_agree()
    with slowed(slots, "record", 1), slowed(changing_act, "write_changes", 0.3):
        for starts_at in hours(monday_morning, 12)[10:]:
            at_commit, at_last = stop_against_put_back(starts_at, monday_morning, 0, back_after=0.5)
            assert at_commit == at_last == 3
    assert seen <= {3, 5}


def test_stop_against_put_back__control__without_the_condition__taken_after_it(
    monday_morning: datetime,
) -> None:
    def take(self: SlotQuerySet, *, slot_id: int, cases: int) -> bool:
        return bool(
            self.filter(pk=slot_id).update(booked_cases=changing_act.F("booked_cases") + cases)
        )

    (starts_at,) = hours(monday_morning, 1)
    with (
        replaced(SlotQuerySet, "take_cases", take),
        slowed(slots, "record", 1),
        slowed(changing_act, "write_changes", 1.5),
    ):
        at_commit, at_last = stop_against_put_back(starts_at, monday_morning, 0, back_after=0.5)

    assert at_last > at_commit


# the closing moment


def withdraws_one(reservation: Reservation) -> tuple[str, dict[str, str]]:
    """The page and the form with which the first case is taken out."""
    return "changes", {"withdraw": str(cases_of(reservation)[0].pk), "do": "change"}


def post_that_waits(
    settings: Any,
    arrives: datetime,
    typed: Callable[[Reservation], tuple[str, dict[str, str]]] = withdraws_one,
) -> int:
    """Send a form that arrives at this moment and waits until noon for somebody's lock."""

    def stand_at(moment: datetime) -> None:
        settings.CLOCK_OFFSET_SECONDS = 0
        settings.CLOCK_OFFSET_SECONDS = (moment - clock.now()).total_seconds()

    claim = people(1)[0]
    reservation = factories.reservation(claim, WEDNESDAY_TEN, 3)
    stand_at(NOON_ON_TUESDAY - timedelta(minutes=10))
    client = factories.signed_in_client(claim.mail_address.address)
    page, form = typed(reservation)
    held, sent = threading.Event(), threading.Event()

    def holds() -> int:
        with transaction.atomic():
            Intermediary.objects.lock(claim.intermediary_id)
            held.set()
            sent.wait(30)
            while clock.now() <= NOON_ON_TUESDAY:
                time.sleep(0.1)
        return 0

    def posts() -> int:
        held.wait(30)
        stand_at(arrives)
        sent.set()
        path = f"/osaka/reservations/{reservation.reference}/{page}"
        return client.post(path, {"revision": "1", **form}).status_code

    outcome = at_once(holds, posts)
    assert_nothing_broke(outcome)
    assert clock.now() > NOON_ON_TUESDAY, "it did not wait beyond the moment"
    assert_counters_agree()
    return max(outcome.done)


def test_closing_moment__arrived_before_and_waited_beyond__changed(
    monday_morning: datetime, settings: Any
) -> None:
    assert post_that_waits(settings, NOON_ON_TUESDAY - timedelta(seconds=3)) == 302


def test_closing_moment__arrived_after__refused(monday_morning: datetime, settings: Any) -> None:
    assert post_that_waits(settings, NOON_ON_TUESDAY) == 409


def test_closing_moment__control__asked_after_the_wait__refused(
    monday_morning: datetime, settings: Any
) -> None:
    asked = changing_act.reasons_against

    def asks_late(*rest: Any, **more: Any) -> Any:
        return asked(*rest[:-1], clock.now(), **more)

    with replaced(changing_act, "reasons_against", asks_late):
        assert post_that_waits(settings, NOON_ON_TUESDAY - timedelta(seconds=3)) == 409
