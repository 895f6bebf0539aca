"""The page of a reservation tells of each of its mails, and stands without them.  R-19."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.policies import at
from tests.reservations.walking import LIST, words_of
from tests.situations import AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.outbox import registry
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import MailState, OutgoingMail
from uketori.reservations.mails.history import EVENT_WORDS, SHOWN
from uketori.reservations.models import ENDINGS, Reservation

pytestmark = pytest.mark.django_db

MONDAY = situations.MONDAY_MORNING
VALID = "メールが届かなくても、予約は有効です。"


@pytest.fixture
def reservation(aoki: CertificateClaim) -> Reservation:
    return factories.reservation(aoki, at("2026-06-11 10:00"))


@pytest.fixture
def client(aoki: CertificateClaim, reservation: Reservation) -> Client:
    OutgoingMail.objects.all().delete()
    return situations.signed_in_client(aoki)


def a_mail(reservation: Reservation, event: str = "reservation_booked", **columns: Any) -> None:
    mail = enqueue(
        bureau="osaka",
        message_domain="@example.jp",
        event=event,
        subject_id=reservation.reference,
        recipient=columns.pop("recipient", "aoki@example.jp"),
        at=columns.pop("enqueued_at", MONDAY),
    )
    OutgoingMail.objects.filter(pk=mail.pk).update(**columns)


def shown(client: Client, reservation: Reservation) -> str:
    words = words_of(client.get(f"{LIST}{reservation.reference}"))
    return words[words.index("お送りしたメール") :]


def test_words__every_mail_of_this_app__has_some() -> None:
    """A renderer registered here without words would be told as 「お知らせ」."""
    here = {
        event
        for event, renderer in registry.registered_renderers().items()
        if renderer.__module__.startswith("uketori.reservations.")
    }

    assert here
    assert set(EVENT_WORDS) == here
    assert len({str(words) for words in EVENT_WORDS.values()}) == len(EVENT_WORDS)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({}, "送っているところです。"),
        ({"last_error": "SMTPServerDisconnected"}, "まだ送れていません。くり返し送っています。"),
        ({"state": MailState.SENT, "sent_at": MONDAY}, "6月8日（月）10時に送りました。"),
        ({"state": MailState.DEAD}, "届きませんでした。アドレスを確かめてください。"),
        (
            {"state": MailState.SUPERSEDED},
            "送りませんでした。あとのメールで、新しい内容をお知らせしています。",
        ),
        (
            {"state": MailState.DROPPED},
            "送りませんでした。お知らせする時期が過ぎたか、内容が変わったためです。",
        ),
    ],
)
def test_list__each_state__in_plain_words_and_the_booking_stands(
    client: Client, reservation: Reservation, columns: dict[str, Any], told: str
) -> None:
    a_mail(reservation, **columns)

    assert f"予約が決まりました{told}aoki@example.jp" in shown(client, reservation)
    assert VALID in shown(client, reservation)


def test_list__several__the_newest_first(client: Client, reservation: Reservation) -> None:
    for minute, event in enumerate(["reservation_booked", "reservation_changed", "reminder_first"]):
        a_mail(reservation, event, enqueued_at=MONDAY + timedelta(minutes=minute))

    words = shown(client, reservation)
    places = [
        words.index(str(EVENT_WORDS[one])) for one in ("reminder_first", "reservation_booked")
    ]
    assert places == sorted(places)


def test_list__many__the_newest_ten_and_a_way_to_the_rest(
    client: Client, reservation: Reservation
) -> None:
    for minute in range(SHOWN + 1):
        a_mail(reservation, enqueued_at=MONDAY + timedelta(minutes=minute))

    text = client.get(f"{LIST}{reservation.reference}").content.decode()

    assert len(re.findall(r'data-delivery="', text)) == SHOWN
    assert 'rel="next" href="?mails=2#mail"' in text
    rest = client.get(f"{LIST}{reservation.reference}?mails=2").content.decode()
    assert len(re.findall(r'data-delivery="', rest)) == 1


def test_list__none__said(client: Client, reservation: Reservation) -> None:
    assert "まだ送っていません。" in shown(client, reservation)
    assert VALID in shown(client, reservation)


def test_list__another_address_of_the_person__not_shown_whole(
    client: Client, reservation: Reservation
) -> None:
    a_mail(reservation, recipient="secret@office.example.jp")

    assert "s…@office.example.jp" in shown(client, reservation)
    assert "secret@" not in shown(client, reservation)


def test_list__mails_of_other_reservations__not_told(
    client: Client, reservation: Reservation
) -> None:
    other = factories.reservation(situations.beppu(), at("2026-06-12 10:00"))
    a_mail(other, "reservation_changed")

    assert "予約を変更しました" not in shown(client, reservation)


def test_list__is_for_the_screen_only(client: Client, reservation: Reservation) -> None:
    text = client.get(f"{LIST}{reservation.reference}").content.decode()

    (section,) = re.findall(r'<section class="([^"]*)" aria-labelledby="mail">', text)
    assert "only-screen" in section.split()


@pytest.mark.parametrize("ending", ENDINGS)
def test_valid__not_said_of_what_has_ended(
    client: Client, reservation: Reservation, ending: str
) -> None:
    if ending == "served_at":
        Reservation.objects.update(arrived_at=reservation.starts_at)
    Reservation.objects.update(**{ending: reservation.starts_at})

    assert VALID not in shown(client, reservation)


@pytest.mark.parametrize(("minute", "is_said"), [(59, True), (60, False)])
def test_valid__said_until_the_hour_ends(
    aoki: CertificateClaim,
    reservation: Reservation,
    at_moment: AtMoment,
    minute: int,
    is_said: bool,
) -> None:
    at_moment(at("2026-06-11 10:00") + timedelta(minutes=minute))

    assert (VALID in shown(situations.signed_in_client(aoki), reservation)) is is_said


def test_again__fourth_in_an_hour__page_says_from_when_and_then_it_is_so(
    client: Client, reservation: Reservation, at_moment: AtMoment
) -> None:
    path = f"{LIST}{reservation.reference}"
    at_moment(MONDAY + timedelta(minutes=20))
    for _ in range(3):
        assert "もう一度送る" in shown(client, reservation)
        client.post(f"{path}/mails")
    assert OutgoingMail.objects.filter(event="reservation_booked").count() == 3
    assert "次は11時0分から送れます。" in shown(client, reservation)
    assert "もう一度送る" not in shown(client, reservation)

    client.post(f"{path}/mails")
    told = words_of(client.get(path))
    assert "いまは送れません。11時0分から送れます。" in told
    assert OutgoingMail.objects.filter(event="reservation_booked").count() == 3

    at_moment(MONDAY + timedelta(minutes=59, seconds=59))
    client.post(f"{path}/mails")
    assert OutgoingMail.objects.filter(event="reservation_booked").count() == 3
    at_moment(MONDAY + timedelta(minutes=60))
    assert "もう一度送る" in shown(client, reservation)
    client.post(f"{path}/mails")
    assert OutgoingMail.objects.filter(event="reservation_booked").count() == 4
