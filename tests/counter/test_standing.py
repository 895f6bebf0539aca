"""A suspended person at the counter: the clerk is told, and the reservation holds.  R-41."""

from datetime import date

import pytest
from django.test import Client

from tests import factories, situations
from tests.counter.conftest import address
from tests.policies import at
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(ten_twenty: object) -> Reservation:
    return factories.reservation(situations.aoki(), at("2026-06-11 10:00"), 3)


@pytest.mark.parametrize(
    ("last_day", "told"), [(date(2026, 6, 10), False), (date(2026, 6, 11), True)]
)
def test_opened__suspended_today__told_clearly(
    clerk: Client, visit: Reservation, last_day: date, told: bool
) -> None:
    factories.suspension(visit.intermediary, date(2026, 6, 1), last_day)

    shown = clerk.get(address(visit)).content.decode()

    assert ("利用停止中の方です（2026年6月11日（木）まで）" in shown) is told
