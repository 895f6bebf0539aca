"""Staff act for a caller while the person acts as well, or the clerk clicks twice.  4(2), R-33."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests import factories
from tests.concurrency.controls import taking_by_looking, without_transaction
from tests.concurrency.crowd import (
    Outcome,
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    books,
    disagreements,
    live_at,
    people,
    small_hour,
)
from tests.concurrency.test_changing_races import (
    cancels_at,
    hour,
    hours,
    two_at_once,
    withdraws_two,
)
from uketori.counter.models import Call
from uketori.counter.telephone import calls
from uketori.counter.telephone.calls import Noted
from uketori.outbox.models import OutgoingMail
from uketori.reservations.booking import act as booking_act
from uketori.reservations.changing import act as changing_act
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def staff_cancel_at(at: datetime, key: UUID | None = None) -> Callable[[Reservation], Any]:
    """A clerk cancels for the caller."""
    noted = Noted(called_at=at, caller="", note="", key=key or uuid4())
    return lambda reservation: (
        lambda: calls.cancel_for(reservation=reservation, noted=noted, actor="staff:1", at=at)
    )


def test_staff_cancel_while_the_holder_withdraws__places_are_given_back_once(
    monday_morning: datetime,
) -> None:
    for starts_at in hours(monday_morning, 6):
        reservation, outcome = two_at_once(
            starts_at, withdraws_two(monday_morning), staff_cancel_at(monday_morning)
        )

        assert_nothing_broke(outcome)
        assert reservation.cancelled_at is not None
        assert outcome.codes in ([], [Refusal.RESERVATION_CANCELLED])
        assert (hour(starts_at).booked_reservations, hour(starts_at).booked_cases) == (2, 18)
        assert_counters_agree()


def test_staff_cancel_while_the_holder_withdraws__control__without_the_lock__given_back_twice(
    monday_morning: datetime,
) -> None:
    (starts_at,) = hours(monday_morning, 1)
    with without_transaction(changing_act, "change"), without_transaction(calls, "cancel_for"):
        two_at_once(starts_at, withdraws_two(monday_morning), staff_cancel_at(monday_morning))

    assert hour(starts_at).booked_cases < 18
    assert disagreements() != []


def test_staff_and_holder_both_cancel__once(monday_morning: datetime) -> None:
    for starts_at in hours(monday_morning):
        _reservation, outcome = two_at_once(
            starts_at, cancels_at(monday_morning), staff_cancel_at(monday_morning)
        )

        assert_nothing_broke(outcome)
        assert outcome.codes == [Refusal.RESERVATION_CANCELLED]
        assert_counters_agree()


def test_same_form_from_three_clicks_at_once__one_call_one_mail(monday_morning: datetime) -> None:
    for starts_at in hours(monday_morning):
        same = staff_cancel_at(monday_morning, uuid4())

        reservation, outcome = two_at_once(starts_at, *[same] * 3)

        assert_nothing_broke(outcome)
        assert len({call.pk for call in outcome.done}) == 1
        assert Call.objects.filter(reservation=reservation).count() == 1
        assert OutgoingMail.objects.filter(subject_id=reservation.reference).count() == 1


def last_place(starts_at: datetime, at: datetime) -> Outcome[Reservation]:
    """A clerk books it for a caller while somebody else confirms it at home."""
    small_hour(starts_at, places=1)
    caller, other = (factories.order(one, starts_at, 2) for one in people(2))
    facts = factories.facts(at)
    for_caller = partial(booking_act.book, order=caller, facts=facts, actor="staff:1", at=at)
    return at_once(for_caller, books(other, at))


def test_staff_and_public_book_the_last_place__one_wins(monday_morning: datetime) -> None:
    for starts_at in hours(monday_morning):
        outcome = last_place(starts_at, monday_morning)

        assert_nothing_broke(outcome)
        assert (len(outcome.done), outcome.codes) == (1, [Refusal.SLOT_FULL])
        assert_counters_agree()


def test_staff_and_public_book_the_last_place__control__looking_first_oversells(
    monday_morning: datetime,
) -> None:
    (starts_at,) = hours(monday_morning, 1)
    with taking_by_looking(absolute=True):
        last_place(starts_at, monday_morning)

    assert live_at(starts_at) == 2
