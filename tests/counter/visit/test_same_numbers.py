"""A number that was issued in one reservation and stands in another: the card is gone.  D11"""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests import factories, situations
from tests.counter.conftest import address
from tests.counter.preparation.test_lists import shown
from tests.counter.visit.test_pages import fields, not_issued
from tests.policies import at
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

TEN, MONDAY = at("2026-06-11 10:00"), at("2026-06-15 10:00")
LIST = "/staff/osaka/counter/preparation/2026-06-15"
NUMBERS = factories.numbers(3)
SECOND = NUMBERS[1]


@pytest.fixture
def visit(clerk: Client) -> Reservation:
    """青木, Thursday 10:00; of three cases the second was not issued."""
    made = factories.reservation(situations.aoki(), TEN, NUMBERS)
    clerk.post(address(made, "/outcome"), fields(clerk, made, **not_issued(made, 2)))
    return made


@pytest.fixture
def again(visit: Reservation) -> Reservation:
    """The same person booked the second for Monday, the same day."""
    return factories.reservation(visit.claim, MONDAY, [SECOND])


def correct(clerk: Client, visit: Reservation) -> str:
    """The same evening it turns out that all were issued; what the page says then."""
    sent = {**fields(clerk, visit), "except": []}
    return clerk.post(address(visit, "/outcome"), sent, follow=True).content.decode()


def test_corrected_to_issued__booked_again__the_list_of_that_day_says_that_the_card_is_gone(
    clerk: Client, visit: Reservation, again: Reservation
) -> None:
    told = f"6月11日に交付済み{visit.reference}"
    for view in ("hours", "numbers", "desk"):
        assert "交付済み" not in shown(clerk, f"{LIST}?view={view}")

    correct(clerk, visit)

    for view in ("hours", "numbers", "desk"):
        assert told in shown(clerk, f"{LIST}?view={view}")
    file = clerk.post(f"{LIST}/list.csv").content.decode("utf-8-sig")
    heads, row = csv.reader(io.StringIO(file, newline=""))
    assert dict(zip(heads, row, strict=True))["交付済みの予約"] == told.replace("済み", "済み ")


def test_corrected_to_issued__the_list_was_printed_before__told_beside_what_moved(
    clerk: Client, visit: Reservation, again: Reservation
) -> None:
    printed = clerk.post(f"{LIST}/printings", {"view": "hours"}).headers["Location"]
    sheet = f"{LIST}/differences?since={printed.rsplit('=', 1)[1]}"
    assert "変更はありません。" in shown(clerk, sheet)

    correct(clerk, visit)

    told = shown(clerk, sheet)
    whose = f"10時～11時 {again.reference} 青木 花子"
    assert f"出さない{SECOND} {whose} 6月11日に交付済み{visit.reference}" in told
    assert "変更はありません。" not in told
    assert "印刷する" in told


def test_corrected_to_issued__booked_again__told_before_and_after_to_whoever_corrects(
    clerk: Client, visit: Reservation, again: Reservation
) -> None:
    told = f"「{SECOND}」は、6月15日（月）10時の予約（{again.reference}）にも入っています。"

    assert told in clerk.get(address(visit)).content.decode()
    assert told in correct(clerk, visit)


def test_opened__the_card_is_gone__said_until_the_record_is_taken_back(
    clerk: Client, visit: Reservation, again: Reservation
) -> None:
    told = f"「{SECOND}」は、6月11日に交付済みです（{visit.reference}）。渡すものはありません。"
    assert told not in clerk.get(address(again)).content.decode()

    correct(clerk, visit)
    assert told in clerk.get(address(again)).content.decode()

    clerk.post(address(visit, "/ending/removal"), fields(clerk, visit))
    assert told not in clerk.get(address(again)).content.decode()


def test_opened__several_numbers_of_one_other_reservation__one_sentence(clerk: Client) -> None:
    mine = factories.reservation(situations.aoki(), TEN, NUMBERS)
    other = factories.reservation(situations.chinen(), MONDAY, NUMBERS)

    page = clerk.get(address(mine)).content.decode()

    where = f"6月15日（月）10時の予約（{other.reference}）にも入っています。"
    assert f"「{'、'.join(NUMBERS)}」は、{where}" in page
    assert page.count(other.reference) == 1


def issued(when: datetime, bureau: str = "osaka") -> Reservation:
    """Somebody else's reservation, in which the number was issued."""
    made = factories.reservation(situations.chinen(), when, [SECOND], served_at=when, bureau=bureau)
    made.cases.update(outcome="issued")
    return made


HALF_A_YEAR = timedelta(days=180)


@pytest.mark.parametrize(
    ("when", "bureau", "is_told"),
    [
        (TEN, "osaka", True),
        (TEN, "minato", False),
        (MONDAY - HALF_A_YEAR, "osaka", True),
        (MONDAY - HALF_A_YEAR - timedelta(days=1), "osaka", False),
    ],
)
def test_list__issued_to_somebody_else__told_where_it_can_be_the_same_card(
    clerk: Client, when: datetime, bureau: str, is_told: bool
) -> None:
    booked = factories.reservation(situations.aoki(), MONDAY, [SECOND])
    issued(when, bureau)

    assert ("交付済み" in shown(clerk, LIST)) == is_told
    assert ("交付済み" in clerk.get(address(booked)).content.decode()) == is_told


@pytest.mark.parametrize("ending", ["no_show_at", "cancelled_at"])
def test_outcome__the_other_reservation_is_over__nothing_is_said(
    clerk: Client, visit: Reservation, again: Reservation, ending: str
) -> None:
    Reservation.objects.filter(pk=again.pk).update(**{ending: again.starts_at})

    assert again.reference not in correct(clerk, visit)
