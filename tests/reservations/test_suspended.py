"""Whoever is suspended books nothing, keeps what is booked, and is told until when.  R-41."""

from datetime import date, datetime

import pytest

from tests import factories, situations
from tests.policies import at
from tests.reservations.walking import confirm, refusals
from tests.situations import aoki, chinen
from uketori.intermediaries.models import Suspension
from uketori.reservations.booking import book
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refused

pytestmark = pytest.mark.django_db

WEDNESDAY_TEN = at("2026-06-10 10:00")


def may_book(first_day: date, last_day: date, **changes: object) -> bool:
    holder = aoki()
    one = factories.suspension(holder.intermediary, first_day, last_day)
    Suspension.objects.filter(pk=one.pk).update(**changes)
    now = at("2026-06-08 10:00")
    order = factories.order(holder, WEDNESDAY_TEN)
    try:
        book(order=order, facts=factories.facts(now), actor="mail:1", at=now)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("first_day", "last_day", "allowed"),
    [
        (date(2026, 6, 8), date(2026, 6, 8), False),
        (date(2026, 5, 1), date(2026, 6, 7), True),
        (date(2026, 6, 9), date(2026, 7, 9), True),
    ],
)
def test_suspended__from_its_first_day_to_its_last(
    monday_morning: datetime, first_day: date, last_day: date, allowed: bool
) -> None:
    assert may_book(first_day, last_day) is allowed


def test_suspended__lifted__books_again(monday_morning: datetime) -> None:
    assert may_book(date(2026, 6, 1), date(2026, 7, 1), lifted_at=monday_morning)


def test_suspended__told_at_the_attempt_with_the_end_and_whom_to_call(
    monday_morning: datetime,
) -> None:
    holder = aoki()
    draft = factories.draft(holder, WEDNESDAY_TEN, 3)
    factories.suspension(holder.intermediary, date(2026, 6, 1), date(2026, 7, 10))

    response = confirm(situations.signed_in_client(holder), draft)

    shown = response.content.decode()
    assert refusals(response) == ["SUSPENDED"]
    assert "2026年7月10日（金）まで" in shown
    assert "0570-064259" in shown
    assert not Reservation.objects.exists()


def test_suspended__others_and_what_is_booked__untouched(monday_morning: datetime) -> None:
    holder, other = aoki(), chinen()
    booked = factories.reservation(holder, WEDNESDAY_TEN, 1)
    factories.suspension(holder.intermediary, date(2026, 6, 1), date(2026, 7, 10))

    book(
        order=factories.order(other, WEDNESDAY_TEN),
        facts=factories.facts(monday_morning),
        actor="mail:2",
        at=monday_morning,
    )

    booked.refresh_from_db()
    assert booked.cancelled_at is None
