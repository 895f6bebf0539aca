"""A proved certificate, asked for from another address: the request and its link.  D03."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.holders.steps import enter, entry
from tests.intermediaries.sharing import steps as sharing
from tests.intermediaries.sharing.steps import a_request, answer, ask, asks
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries.models import CertificateClaim, ClaimRequest, Intermediary
from uketori.intermediaries.sharing.asking import RequestOutcome
from uketori.outbox.models import OutgoingMail

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
OFFICE = "aoki@office.example.jp"
BUTTON = "登録済みのメールアドレスに確認を送る"


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime) -> None:
    factories.first_notice()


@pytest.fixture
def proved() -> CertificateClaim:
    return situations.a_proved_certificate()


@pytest.fixture
def client(proved: CertificateClaim) -> Client:
    """The browser of the address that asks."""
    return situations.signed_in_client(OFFICE)


def text_of(response: Answer) -> str:
    return response.content.decode()


def test_enter__proved_for_another_address__refused_with_one_button(client: Client) -> None:
    text = text_of(enter(client))

    assert 'data-refusal="CERTIFICATE_PROVED_ELSEWHERE"' in text
    assert text.count(BUTTON) == 1
    form = text[text.index(f'action="{sharing.NEW}"') :].split("</form>")[0]
    for name, value in entry().items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in form


def test_enter__refused_for_another_reason__no_button(client: Client) -> None:
    assert BUTTON not in text_of(enter(client, expires_on=date(2026, 6, 7)))
    assert BUTTON not in text_of(client.get("/osaka/holders/new"))


def test_ask__one_row_one_mail_to_the_proved_address(
    client: Client, proved: CertificateClaim
) -> None:
    response = ask(client)

    row = ClaimRequest.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/osaka/reservations/")
    assert (row.mail_address.address, row.asked.address) == (OFFICE, "aoki@example.jp")
    assert (row.name, row.number, row.expires_on) == (
        "青木 花子",
        "大取第10234号",
        date(2028, 3, 31),
    )
    assert row.certificate == proved.certificate
    assert row.expires_at == MONDAY + timedelta(hours=1)
    queued = OutgoingMail.objects.get(event="claim_requested")
    assert (queued.recipient, queued.not_after) == ("aoki@example.jp", row.expires_at)
    assert CertificateClaim.objects.count() == Intermediary.objects.count() == 1


def test_ask__answer__says_nothing_of_the_proved_address(client: Client) -> None:
    response = ask(client)
    text = text_of(client.get(response["Location"])) + text_of(enter(client))

    assert "確認のメールを送ります" in text
    assert "aoki@example.jp" not in text
    assert "a…@example.jp" not in text


def test_ask__event__codes_only(client: Client) -> None:
    ask(client)

    event = Event.objects.get(kind="claim_requested")
    row = ClaimRequest.objects.get()
    assert event.subject == f"claim_request:{row.pk}"
    assert event.facts == {"certificate": row.certificate.pk}


def test_ask__form_incomplete__told_and_nothing_sent(client: Client) -> None:
    response = ask(client, name="", expires_on_day="")

    assert response.status_code == 422
    assert "お名前を入力してください。" in text_of(response)
    assert not ClaimRequest.objects.exists()


def test_ask__expired_certificate__refused(client: Client) -> None:
    response = ask(client, expires_on_year="2026", expires_on_month="6", expires_on_day="7")

    assert 'data-refusal="CERTIFICATE_EXPIRED"' in text_of(response)
    assert not ClaimRequest.objects.exists()


@pytest.mark.parametrize("number", ["大取第99999号", "大取第10234号"])
def test_ask__certificate_proved_for_nobody__entered_as_usual(number: str) -> None:
    situations.aoki()
    client = situations.signed_in_client(OFFICE)

    response = ask(client, number=number)

    assert "確認を送らなくても登録できます" in text_of(response)
    assert 'action="/osaka/holders/new"' in text_of(response)
    assert not ClaimRequest.objects.exists()


def test_ask__by_the_proved_address_itself__entered_as_usual(proved: CertificateClaim) -> None:
    assert asks("aoki@example.jp") is RequestOutcome.NOBODY


@pytest.mark.parametrize(("served", "is_refused"), [(19, False), (20, True)])
def test_ask__office_with_many_people__twenty_an_address(
    client: Client, served: int, is_refused: bool
) -> None:
    for _ in range(served):
        factories.claim(OFFICE)

    response = ask(client)

    assert ('data-refusal="TOO_MANY_CERTIFICATES"' in text_of(response)) is is_refused
    assert ClaimRequest.objects.exists() is not is_refused


@pytest.mark.parametrize(
    ("minutes", "third"),
    [(59, RequestOutcome.ENOUGH), (60, RequestOutcome.SENT)],
)
def test_ask__two_live_requests__the_third_waits(
    proved: CertificateClaim, at_moment: AtMoment, minutes: int, third: RequestOutcome
) -> None:
    assert [asks("a@example.jp"), asks("b@example.jp")] == [
        RequestOutcome.SENT,
        RequestOutcome.SENT,
    ]
    at_moment(MONDAY + timedelta(minutes=minutes))

    assert asks("c@example.jp") is third


@pytest.mark.parametrize(
    ("after", "fourth"),
    [
        (timedelta(hours=23, minutes=59), RequestOutcome.ENOUGH),
        (timedelta(hours=24), RequestOutcome.SENT),
    ],
)
@pytest.mark.parametrize("addresses", ["aaaa", "abcd"], ids=["one-address", "four-addresses"])
def test_ask__three_a_day__of_a_certificate_and_of_an_address(
    proved: CertificateClaim,
    at_moment: AtMoment,
    after: timedelta,
    fourth: RequestOutcome,
    addresses: str,
) -> None:
    for letter in addresses[:3]:
        row = a_request(f"{letter}@example.jp", proved)
        answer(row, "decline")
    at_moment(MONDAY + after)

    assert asks(f"{addresses[3]}@example.jp") is fourth


def test_ask__one_address_for_several_certificates__three_a_day(proved: CertificateClaim) -> None:
    for index in range(4):
        person = factories.intermediary(f"予約 {index}")
        factories.claim(f"p{index}@example.jp", person=person, number=f"{index}", is_proved=True)

    sent = [asks(OFFICE, number=str(index)) for index in range(4)]

    assert sent == [RequestOutcome.SENT] * 3 + [RequestOutcome.ENOUGH]


def test_ask__enough__page_says_so_and_no_mail_leaves(client: Client) -> None:
    for letter in "ab":
        asks(f"{letter}@example.jp")
    queued = OutgoingMail.objects.count()

    response = ask(client)

    assert response.status_code == 422
    assert "いまは送れません" in text_of(response)
    assert 'value="青木 花子"' in text_of(response)
    assert OutgoingMail.objects.count() == queued
