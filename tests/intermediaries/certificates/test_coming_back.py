"""A wrong number was given back or settled, and its person enters the right one.  D03."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests import factories, situations
from tests.intermediaries.certificates.steps import give_back
from tests.intermediaries.holders.steps import enter
from tests.policies import at
from tests.reservations.booking.test_quota import try_to_book
from tests.reservations.walking import LIST, main_of
from uketori.intermediaries.certificates.settling import settle
from uketori.intermediaries.models import CertificateClaim, Intermediary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

NOW = situations.MONDAY_MORNING
RIGHT = "大取第10243号"
HOURS = [at(f"2026-06-{day} 11:00") for day in ("09", "10", "11")]


@pytest.fixture
def rival() -> CertificateClaim:
    """蒼木, who typed the number of 青木."""
    return situations.a_rival_of_a_shown_certificate(NOW)


@pytest.fixture
def client(rival: CertificateClaim) -> Client:
    return situations.signed_in_client(rival)


def end(rival: CertificateClaim) -> None:
    settle(rival=rival, policy=factories.policy(), actor="staff:2", at=NOW)


def came_back(client: Client, **changes: str) -> CertificateClaim:
    values = {"name": "蒼木　華子", "number": RIGHT, **changes}
    assert enter(client, **values).status_code == 302
    return CertificateClaim.objects.order_by("-pk")[0]


@pytest.mark.parametrize(("held", "more"), [(1, 1), (2, 0)])
def test_settled__enters_the_right_number__no_slot_is_won(
    rival: CertificateClaim, client: Client, held: int, more: int
) -> None:
    for hour in HOURS[:held]:
        factories.reservation(rival, hour)
    end(rival)

    claim = came_back(client)

    assert claim.intermediary == rival.intermediary
    answers = [
        try_to_book(claim, hour + timedelta(hours=2), NOW, 7000 + 10 * index)
        for index, hour in enumerate(HOURS)
    ]
    assert answers == [[]] * more + [["TOO_MANY_SLOTS"]] * (3 - more)


def test_settled__enters_the_right_number__one_person_with_everything(
    rival: CertificateClaim, client: Client
) -> None:
    held = factories.reservation(rival, HOURS[0])
    end(rival)

    came_back(client, phone="090-1111-2222", kind="public_corp_staff")

    person = Intermediary.objects.get(pk=rival.intermediary.pk)
    assert (person.name, person.phone) == ("蒼木 華子", "090-1111-2222")
    assert person.kind == "public_corp_staff"
    listed = main_of(client.get(LIST))
    assert held.reference in listed
    assert "2枠のうち、1枠を予約しています" in listed


@pytest.mark.parametrize("name", ["蒼木華子", "蒼木 太郎"])
def test_settled__under_which_name__the_same_person_or_another(
    rival: CertificateClaim, client: Client, name: str
) -> None:
    end(rival)

    claim = came_back(client, name=name)

    assert (claim.intermediary == rival.intermediary) is (name == "蒼木華子")


def test_given_back__while_suspended__still_suspended(client: Client) -> None:
    mine = came_back(client, name="蒼木 花", number="大取第77号")
    factories.suspension(mine.intermediary, date(2026, 6, 1), date(2026, 7, 10))
    assert give_back(client, mine).status_code == 302

    again = came_back(client, name="蒼木 花", number="大取第78号")

    assert try_to_book(again, HOURS[0], NOW) == ["SUSPENDED"]


def test_entered__by_somebody_of_the_same_name_elsewhere_or_still_here__another_person(
    rival: CertificateClaim, client: Client
) -> None:
    """Only who has left this address comes back to it."""
    here = came_back(client, number="大取第79号")
    assert here.intermediary != rival.intermediary
    end(rival)

    stranger = situations.signed_in_client("stranger@example.jp")
    assert came_back(stranger).intermediary != rival.intermediary
    assert came_back(client, number="大取第80号").intermediary == rival.intermediary
