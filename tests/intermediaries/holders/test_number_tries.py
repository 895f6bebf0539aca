"""Certificate numbers are not tried out from an address without end.  D03, R-17."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.certificates.steps import give_back, renew, renewed, text_of
from tests.intermediaries.holders.steps import enter
from tests.intermediaries.sharing.steps import ask
from tests.policies import at
from tests.situations import AtMoment
from uketori.intermediaries.models import Certificate, CertificateClaim, ClaimRequest, Limit

pytestmark = pytest.mark.django_db

A_DAY = 40
THIRTY_PEOPLE, MISTYPED = 30, 10
NEXT_DAY = at("2026-06-09 09:00")
"""Where the counts begin anew: midnight in UTC."""
SECOND = timedelta(seconds=1)
OFFICE = "office@example.jp"


@pytest.fixture
def client(monday_morning: datetime) -> Client:
    factories.first_notice()
    return situations.signed_in_client(OFFICE)


def number(index: int) -> str:
    return f"大取第{70000 + index}号"


def tried(how_many: int) -> None:
    """So many numbers were typed at the office's address today, the first of them now."""
    assert enter(situations.signed_in_client(OFFICE), number=number(0)).status_code == 302
    assert Limit.objects.filter(act="certificate_number").update(count=how_many) == 1


def is_refused(response: Answer) -> bool:
    found = 'data-refusal="TOO_MANY_NUMBERS_TODAY"' in text_of(response)
    assert response.status_code == (422 if found else response.status_code)
    return found


def test_numbers__entered_and_given_back__thirty_people_with_ten_slips_and_no_more(
    client: Client,
) -> None:
    for index in range(THIRTY_PEOPLE + MISTYPED):
        assert enter(client, number=number(index)).status_code == 302
        assert give_back(client, CertificateClaim.objects.get(ended_at=None)).status_code == 302
    known = Certificate.objects.count()

    response = enter(client, number=number(A_DAY))

    assert known == A_DAY
    assert is_refused(response)
    assert Certificate.objects.count() == known


@pytest.mark.parametrize(("before", "refused"), [(A_DAY - 1, False), (A_DAY, True)])
def test_number__entered__up_to_forty_a_day(client: Client, before: int, *, refused: bool) -> None:
    tried(before)

    assert is_refused(enter(client, number=number(1))) is refused

    assert CertificateClaim.objects.count() == (1 if refused else 2)


@pytest.mark.parametrize(("before", "refused"), [(A_DAY - 1, False), (A_DAY, True)])
def test_number__renewed__up_to_forty_a_day(client: Client, before: int, *, refused: bool) -> None:
    tried(before)

    response = renew(client, CertificateClaim.objects.get(), number(1))

    assert is_refused(response) is refused
    assert response.status_code == (422 if refused else 302)
    assert CertificateClaim.objects.count() == (1 if refused else 2)


@pytest.mark.parametrize(("before", "refused"), [(A_DAY - 1, False), (A_DAY, True)])
def test_number__asked_for__up_to_forty_a_day(
    client: Client, before: int, *, refused: bool
) -> None:
    situations.a_proved_certificate()
    tried(before)

    assert is_refused(ask(client)) is refused

    assert ClaimRequest.objects.count() == (0 if refused else 1)


@pytest.mark.parametrize("act", [enter, ask])
def test_number__refused_for_what_others_hold__counted_all_the_same(
    client: Client, act: Callable[[Client], Answer]
) -> None:
    situations.a_proved_certificate()
    tried(A_DAY - 1)
    assert 'data-refusal="CERTIFICATE_PROVED_ELSEWHERE"' in text_of(enter(client))

    assert is_refused(act(client))


@pytest.mark.parametrize(("later", "refused"), [(-SECOND, True), (timedelta(), False)])
def test_number__when_it_works_again__nine_in_the_morning(
    client: Client, at_moment: AtMoment, later: timedelta, *, refused: bool
) -> None:
    tried(A_DAY)
    told = text_of(enter(client, number=number(1)))
    at_moment(NEXT_DAY + later)

    response = enter(situations.signed_in_client(OFFICE), number=number(1))

    assert (
        "１つのメールアドレスで１日に40件までです。6月9日（火）9時から、また入力できます。" in told
    )
    assert "審査管理部門（電話0570-064259、部署番号210）に連絡してください。" in told
    assert is_refused(response) is refused


def test_number__refused__what_was_typed_stays_on_the_page(client: Client) -> None:
    tried(A_DAY)

    told = text_of(enter(client, number=number(1), name="別府 次郎"))

    assert 'value="別府 次郎"' in told
    assert f'value="{number(1)}"' in told


def test_number__the_address_s_own__free(client: Client) -> None:
    tried(A_DAY)
    mine = CertificateClaim.objects.get()

    assert enter(client, number=number(0), name="別府 次郎").status_code == 302
    assert enter(client, f"/osaka/holders/{mine.pk}").status_code == 302
    assert Limit.objects.get(act="certificate_number").count == A_DAY


def test_number__given_back_when_none_is_left__never_refused_and_frees_none(
    client: Client,
) -> None:
    tried(A_DAY)
    mine = CertificateClaim.objects.get()

    assert give_back(client, mine).status_code == 302
    assert is_refused(enter(client, number=number(0)))


def test_number__another_address__counted_by_itself(client: Client) -> None:
    tried(A_DAY)

    other = situations.signed_in_client("beppu@example.jp")

    assert enter(other, number=number(1)).status_code == 302


def test_number__form_that_is_not_complete__not_counted(client: Client) -> None:
    tried(1)

    assert enter(client, number=number(1), phone="").status_code == 422

    assert Limit.objects.get(act="certificate_number").count == 1
    assert renewed(client, CertificateClaim.objects.get(), number(1)).number == number(1)


def test_count__no_address_in_it(client: Client) -> None:
    tried(1)

    assert OFFICE not in Limit.objects.get(act="certificate_number").identity
