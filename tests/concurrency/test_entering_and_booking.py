"""The same person enters the certificate again while another tab confirms an hour."""

from datetime import datetime

import pytest

from tests import factories
from tests.concurrency.controls import slowed
from tests.concurrency.crowd import assert_counters_agree, assert_nothing_broke, at_once, books
from tests.concurrency.test_certificate import enters
from uketori.bureaus.models import SlotQuerySet
from uketori.intermediaries.holders import act
from uketori.reservations.models import Reservation

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_entering_again_while_booking__both_come_through(monday_morning: datetime) -> None:
    factories.first_notice()
    address = factories.mail_address("chinen@example.jp")
    for number, starts_at in enumerate(factories.displayed_hours(monday_morning)[:3]):
        typed = f"大行第{number}号"
        claim = enters(address, typed, monday_morning)
        book = books(factories.order(claim, starts_at, 2), monday_morning)
        # both hold their first lock before either asks for its second
        with slowed(SlotQuerySet, "take", 0.15), slowed(act, "_renew", 0.15):
            outcome = at_once(book, lambda typed=typed: enters(address, typed, monday_morning))

        assert_nothing_broke(outcome)
    assert Reservation.objects.count() == 3
    assert_counters_agree()
