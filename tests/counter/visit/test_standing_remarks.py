"""A suspended person at the counter or on the telephone: told, and the reservation holds.  R-41."""

from datetime import date, datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.counter.conftest import TEN_TWENTY, address
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


@pytest.mark.parametrize("is_suspended", [True, False])
def test_reference_read_in__suspended__checked_in_and_told(
    clerk: Client, visit: Reservation, is_suspended: bool
) -> None:
    """What was booked before the suspension is used: the clerk is told, and nothing is stopped."""
    if is_suspended:
        factories.suspension(visit.intermediary, date(2026, 6, 1), date(2026, 7, 10))

    answer = clerk.post(address(rest="search"), {"find": visit.reference}, follow=True)

    assert answer.redirect_chain == [(address(visit), 302)]
    visit.refresh_from_db()
    assert visit.arrived_at == TEN_TWENTY
    told = answer.content.decode()
    assert "青木 花子 様の来庁を記録しました。" in told
    assert ("利用停止中の方です（2026年7月10日（金）まで）" in told) is is_suspended


@pytest.mark.parametrize(
    ("last_day", "told"), [(date(2026, 6, 10), False), (date(2026, 6, 11), True)]
)
def test_telephone__suspended_today__told_clearly(
    clerk: Client, visit: Reservation, last_day: date, told: bool
) -> None:
    factories.suspension(visit.intermediary, date(2026, 6, 1), last_day)

    shown = clerk.get(address(rest=f"calls/{visit.reference}")).content.decode()

    assert ("利用停止中の方です（2026年6月11日（木）まで）" in shown) is told


@pytest.mark.parametrize(
    ("ended", "is_usable"),
    [({}, True), ({"cancelled_at": TEN_TWENTY}, False), ({"served_at": TEN_TWENTY}, False)],
)
@pytest.mark.parametrize("rest", ["", "calls/"])
def test_suspended__said_that_the_reservation_holds__only_while_it_does(
    clerk: Client, visit: Reservation, rest: str, ended: dict[str, datetime], is_usable: bool
) -> None:
    factories.suspension(visit.intermediary, date(2026, 6, 1), date(2026, 7, 10))
    Reservation.objects.update(**ended)

    shown = clerk.get(address(rest=f"{rest}{visit.reference}")).content.decode()

    assert "利用停止中の方です（2026年7月10日（金）まで）。" in shown
    assert ("この予約は取り消されていないので、使えます。" in shown) is is_usable
