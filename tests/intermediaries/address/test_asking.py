"""A new mail address: proved from within the session, then everything moves.  D03, R-17."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.address.steps import (
    CODE,
    LIST,
    NEW,
    OLD,
    ask,
    by_code,
    by_link,
    change,
    is_inside,
    speaks_from,
)
from tests.intermediaries.sharing.steps import delivered
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries.models import (
    AddressChange,
    CertificateClaim,
    MailAddress,
    MailProof,
)
from uketori.outbox.models import OutgoingMail

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")


@pytest.fixture(autouse=True)
def _mails(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def claim(monday_morning: datetime) -> CertificateClaim:
    return situations.aoki()


@pytest.fixture
def client(claim: CertificateClaim) -> Client:
    return situations.signed_in_client(claim)


@pytest.mark.parametrize("way", [by_link, by_code])
def test_move__proved__everything_goes_along(
    client: Client, claim: CertificateClaim, way: Callable[[Client], Answer]
) -> None:
    held = factories.reservation(claim, factories.displayed_hours(MONDAY)[6])
    draft = factories.draft(claim)
    ask(client)

    assert way(client)["Location"] == "/osaka/my-data"

    assert speaks_from(claim) == NEW
    for row in (held, draft):
        row.refresh_from_db()
        assert row.mail_address.address == NEW
    assert NEW in client.get("/osaka/my-data").content.decode()
    assert held.reference in client.get(LIST).content.decode()


@pytest.mark.parametrize("way", [by_link, by_code])
def test_move__sessions_of_the_old_address__end_and_this_one_goes_on(
    client: Client, way: Callable[[Client], Answer]
) -> None:
    other = situations.signed_in_client(OLD)
    ask(client)

    way(client)

    assert is_inside(client)
    assert not is_inside(other)
    assert not MailProof.objects.filter(mail_address__address=OLD, ended_at=None).exists()


def test_move__old_address_entered_again__opens_nothing_of_it(
    client: Client, claim: CertificateClaim
) -> None:
    held = factories.reservation(claim, factories.displayed_hours(MONDAY)[6])
    ask(client)
    by_link(client)

    again = situations.signed_in_client(OLD)

    assert held.reference not in again.get(LIST).content.decode()
    assert again.get(f"{LIST}{held.reference}").status_code == 404


def test_move__mails_about_reservations_that_wait__go_to_the_new_address(
    client: Client, claim: CertificateClaim
) -> None:
    held = factories.reservation(claim, factories.displayed_hours(MONDAY)[6])
    client.post(f"{LIST}{held.reference}/mail")
    waiting = OutgoingMail.objects.filter(event="reservation_booked")
    ask(client)

    by_link(client)

    assert {one.recipient for one in waiting} <= {NEW}
    client.post(f"{LIST}{held.reference}/cancellation")
    assert OutgoingMail.objects.get(event="reservation_cancelled").recipient == NEW


def test_move__old_address__told(client: Client) -> None:
    ask(client)
    by_link(client)

    (message,) = [one for one in delivered() if one.to == [OLD] and "変わりました" in one.subject]
    assert "a…@new.example.jp" in str(message.body)
    assert NEW not in str(message.body)
    assert "お心当たりのないときは、すぐにお電話ください。" in str(message.body)


def test_move__events__references_only(client: Client) -> None:
    ask(client)
    by_link(client)

    event = Event.objects.get(kind="address_changed")
    old, new = (MailAddress.objects.get(address=one) for one in (OLD, NEW))
    assert event.subject == f"address_change:{change().pk}"
    assert event.facts == {"before": old.pk, "after": new.pk}
    assert Event.objects.filter(kind="address_change_requested").count() == 1


def test_ask__nothing_moves_before_it_is_proved(client: Client, claim: CertificateClaim) -> None:
    response = ask(client)

    assert response["Location"] == CODE
    assert NEW in client.get(CODE).content.decode()
    assert speaks_from(claim) == OLD
    assert not MailAddress.objects.filter(address=NEW).exists()


def test_ask__address_in_use__the_same_answer_as_for_any_other(client: Client) -> None:
    factories.claim("taken@example.jp")

    answers = [ask(client, address) for address in (NEW, "taken@example.jp")]

    assert [(one.status_code, one["Location"]) for one in answers] == [(302, CODE)] * 2
    queued = OutgoingMail.objects.filter(event="new_address")
    assert {one.recipient for one in queued} == {NEW, "taken@example.jp"}


@pytest.mark.parametrize("way", [by_link, by_code])
def test_move__address_in_use__refused_once_it_is_proved(
    client: Client, claim: CertificateClaim, way: Callable[[Client], Answer]
) -> None:
    taken = factories.claim("taken@example.jp")
    ask(client, "taken@example.jp")

    response = way(client)

    assert response.status_code == 409
    assert "すでに登録があります" in response.content.decode()
    assert taken.intermediary.name not in response.content.decode()
    assert (speaks_from(claim), speaks_from(taken)) == (OLD, "taken@example.jp")
    assert change().spent_at is None
    assert is_inside(client)


def test_move__address_known_and_nobody_registered__goes_there(
    client: Client, claim: CertificateClaim
) -> None:
    factories.signed_in_client(NEW)
    ask(client)

    by_link(client)

    assert speaks_from(claim) == NEW


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (OLD, "いまのメールアドレスと同じです。"),
        ("ＡＯＫＩ@example.jp", "いまのメールアドレスと同じです。"),
        ("", "メールアドレスを入力してください。"),
        ("aoki.example.jp", "メールアドレスの形を確かめてください。"),
    ],
)
def test_ask__wrong__told(client: Client, typed: str, said: str) -> None:
    response = ask(client, typed)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not AddressChange.objects.exists()


@pytest.mark.parametrize(
    ("after", "is_sent"),
    [(timedelta(hours=23, minutes=59), False), (timedelta(hours=24), True)],
)
def test_ask__requests_of_a_day__five_an_address(
    client: Client, at_moment: AtMoment, after: timedelta, is_sent: bool
) -> None:
    for index in range(5):
        assert ask(client, f"new{index}@example.jp").status_code == 302
    at_moment(MONDAY + after)

    response = ask(situations.signed_in_client(OLD), NEW)

    assert response.status_code == (302 if is_sent else 422)
    told = "いまは送れません。6月9日（火）10時から送れます。"
    assert (told in response.content.decode()) is not is_sent
    assert AddressChange.objects.count() == (6 if is_sent else 5)


def test_ask__one_mailbox_from_many_addresses__five_live(client: Client) -> None:
    for index in range(5):
        other = factories.signed_in_client(f"other{index}@example.jp")
        assert ask(other).status_code == 302

    response = ask(client)

    assert response.status_code == 422
    assert "いまは送れません。6月8日（月）11時から送れます。" in response.content.decode()
