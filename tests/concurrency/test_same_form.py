"""The same form sent twice is one reservation: double click, back button, copied tab."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client

from tests import factories
from tests.concurrency.controls import slowed, without_look, without_transaction
from tests.concurrency.crowd import (
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    books,
    disagreements,
    people,
)
from uketori.audit.models import Event
from uketori.bureaus.models import SlotQuerySet
from uketori.outbox.models import OutgoingMail
from uketori.reservations.booking import act
from uketori.reservations.mails.telling import BOOKED_EVENT
from uketori.reservations.models import Reservation, ReservedCase

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4


def written() -> dict[str, int]:
    """How many of each a booking writes."""
    return {
        "reservations": Reservation.objects.count(),
        "cases": ReservedCase.objects.count(),
        "mails": OutgoingMail.objects.filter(event=BOOKED_EVENT).count(),
        "events": Event.objects.filter(kind="reservation_booked").count(),
    }


@pytest.mark.parametrize("times", [2, 3, 6])
def test_same_form__sent_several_times_at_once__one_reservation(
    monday_morning: datetime, times: int
) -> None:
    hours = factories.displayed_hours(monday_morning)
    for done, starts_at in enumerate(hours[:ROUNDS], start=1):
        order = factories.order(people(1)[0], starts_at, 3)
        with slowed(SlotQuerySet, "take"):
            outcome = at_once(*[books(order, monday_morning)] * times)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == times
        assert len({(one.pk, one.reference) for one in outcome.done}) == 1
        assert written() == {"reservations": done, "cases": 3 * done, "mails": done, "events": done}
    assert_counters_agree()


def test_same_form__with_another_holder_at_the_same_instant__one_reservation(
    monday_morning: datetime,
) -> None:
    """Two locks, one key: on PostgreSQL the unique key decides, and the other gets its answer."""
    for done, starts_at in enumerate(factories.displayed_hours(monday_morning)[:ROUNDS], start=1):
        key = uuid4()
        orders = [factories.order(one, starts_at, 2, key=key) for one in people(3)]
        with slowed(SlotQuerySet, "take"):
            outcome = at_once(*[books(order, monday_morning) for order in orders])

        assert_nothing_broke(outcome)
        assert len({one.pk for one in outcome.done}) == 1
        assert len(outcome.done) == 3
        assert written() == {"reservations": done, "cases": 2 * done, "mails": done, "events": done}
    assert_counters_agree()


def test_same_form__double_click_on_the_page__the_same_answer(monday_morning: datetime) -> None:
    starts_at = factories.displayed_hours(monday_morning)[0]
    claim = people(1)[0]
    draft = factories.draft(claim, starts_at, 15)
    first = factories.signed_in_client(claim.mail_address.address)
    clients = [first, *(Client() for _tab in range(3))]
    for copied in clients[1:]:
        copied.cookies = first.cookies.copy()
    form = {"revision": "1", "declared": factories.DECLARED, "notice": "1"}

    def clicks(client: Client) -> tuple[int, str]:
        answer = client.post(f"/osaka/reservations/drafts/{draft.key}/confirmation", form)
        return answer.status_code, answer.headers["Location"]

    outcome = at_once(*[lambda client=client: clicks(client) for client in clients])

    assert_nothing_broke(outcome)
    reference = Reservation.objects.get().reference
    assert outcome.done == [(302, f"/osaka/reservations/{reference}")] * 4
    assert written() == {"reservations": 1, "cases": 15, "mails": 1, "events": 1}
    assert_counters_agree()


def test_same_form__control__without_lock_and_look__a_place_is_lost(
    monday_morning: datetime,
) -> None:
    starts_at = factories.displayed_hours(monday_morning)[0]
    factories.slot(starts_at)
    order = factories.order(people(1)[0], starts_at, 3)

    def sends() -> Reservation:
        return act.book_once(
            order=order, facts=factories.facts(monday_morning), actor="mail:1", at=monday_morning
        )

    with (
        without_transaction(act, "book_once"),
        without_look(),
        slowed(SlotQuerySet, "take"),
    ):
        outcome = at_once(*[sends] * 4)

    assert [type(error) for error in outcome.broken] == [IntegrityError] * 3
    assert disagreements() != [], "each attempt took a place, one made a reservation"
