"""The confirmation mail: its body alone is enough, and it opens nothing.  R-19, 利用案内 5."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from tests import factories, situations
from tests.mails.reading import says
from tests.policies import at
from tests.reservations.walking import LIST, confirm, words_of
from tests.situations import AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.outbox.lease import claim
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

MONDAY = situations.MONDAY_MORNING
LINK = re.compile(r"https?://\S+")


@pytest.fixture
def aoki(monday_morning: datetime, settings: Any) -> CertificateClaim:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return situations.aoki()


def book(client: Client, claim: CertificateClaim, **changes: Any) -> Reservation:
    """Fifteen cases on Thu 6/11 10:00, through the pages."""
    draft = factories.draft(claim, at("2026-06-11 10:00"), 15, **changes)
    assert confirm(client, draft).status_code == 302
    return Reservation.objects.get()


def sent() -> EmailMessage:
    run_once(MONDAY)
    (message,) = [one for one in mail.outbox if "予約" in one.subject]
    return message


def columns_of(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(sign) in "WFA") for sign in line)


def test_mail__body_alone__everything_for_the_counter(
    client: Client, aoki: CertificateClaim
) -> None:
    reservation = book(client, aoki)

    message = sent()

    assert message.to == ["aoki@example.jp"]
    assert "6月11日（木）10時～11時" in message.subject
    for words in (
        "このメールを予約窓口で見せてください",
        reservation.reference,
        "2026年6月11日（木）",
        "10時～11時",
        "大阪出入国在留管理局",
        "２階Ａカウンター",
        "青木 花子",
        "15件",
        "2026年6月10日（水）11時59分まで",
        "審査管理部門",
        "0570-064259（部署番号 210）",
        "予約の時間の前までにお電話ください",
        "この予約で結果の交付が終わったことにはなりません",
        "受け取れないことがあります",
        "11時を過ぎると、この予約は使えません",
        "通常の２階Ａカウンター",
        "申請等取次者証明書",
        "通知書（ハガキ）",
        *factories.numbers(15),
    ):
        assert says(message.body, words), words


def test_mail__papers__certificate_first(client: Client, aoki: CertificateClaim) -> None:
    book(client, aoki)

    papers = re.findall(r"□ (\S+)", sent().body)

    assert papers[0] == "申請等取次者証明書"


@pytest.mark.parametrize(
    ("category", "is_linked"), [("own", False), ("same_org", True), ("org_receive_only", True)]
)
def test_mail__forms_needed__their_page_alone_on_its_line(
    client: Client, aoki: CertificateClaim, category: str, is_linked: bool
) -> None:
    book(client, aoki, category=category)

    lines = sent().body.split("\n")

    assert (factories.policy().forms_url in lines) is is_linked


def test_mail__every_line__at_most_35_full_width_signs(
    client: Client, aoki: CertificateClaim
) -> None:
    book(client, aoki, category="org_receive_only", reentry_for_all=True)

    too_long = [line for line in sent().body.split("\n") if columns_of(line) > 70]

    assert [line for line in too_long if not LINK.fullmatch(line)] == []


def test_mail__links__none_that_acts(client: Client, aoki: CertificateClaim) -> None:
    """A forwarded mail lets nobody cancel.  D04."""
    reservation = book(client, aoki, category="same_org")

    links = LINK.findall(sent().body)

    assert links == [factories.policy().forms_url, "http://testserver/osaka/entry"]
    assert str(reservation.idempotency_key) not in sent_bodies()


def sent_bodies() -> str:
    return "\n".join(str(one.body) for one in mail.outbox)


@pytest.mark.parametrize("is_official", [True, False])
def test_mail__official_or_not__said(
    client: Client, aoki: CertificateClaim, settings: Any, is_official: bool
) -> None:
    settings.OFFICIAL = is_official
    book(client, aoki)

    message = sent()

    assert ("公式のサービスではありません" in message.body) is not is_official
    assert message.subject.startswith("［見本］") is not is_official


def test_mail__from__the_address_of_the_notice(client: Client, aoki: CertificateClaim) -> None:
    book(client, aoki)

    assert "admin@immi-cardyoyaku.moj.go.jp" in sent().from_email


def test_mail__name_and_numbers_with_markup__as_typed(
    client: Client, aoki: CertificateClaim
) -> None:
    person = aoki.intermediary
    person.name = "O'Brien & Söhne <b>"
    person.save()
    book(client, aoki)

    assert "O'Brien & Söhne <b>" in sent().body


def test_mail__server_refuses__booking_is_valid_and_the_page_says_so(
    client: Client, aoki: CertificateClaim, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    reservation = book(client, aoki)
    path = f"{LIST}{reservation.reference}"
    assert "送っているところです。" in words_of(client.get(path))

    run_once(MONDAY)

    assert OutgoingMail.objects.get(event="reservation_booked").state == MailState.WAITING
    shown = words_of(client.get(path))
    assert "まだ送れていません。くり返し送っています。" in shown
    assert "メールが届かなくても、予約は有効です。" in shown


def test_mail__in_the_workers_hands__is_no_failure_yet(
    client: Client, aoki: CertificateClaim
) -> None:
    reservation = book(client, aoki)
    _lease, mails = claim(MONDAY)

    assert {mail.attempts for mail in mails} == {1}
    page = words_of(client.get(f"{LIST}{reservation.reference}"))
    assert "送っているところです。" in page


def test_mail__sent__page_says_when_and_where(client: Client, aoki: CertificateClaim) -> None:
    reservation = book(client, aoki)
    sent()

    shown = words_of(client.get(f"{LIST}{reservation.reference}"))

    assert "予約が決まりました6月8日（月）10時に送りました。aoki@example.jp" in shown


@pytest.mark.parametrize(("asked", "mails"), [(1, 2), (3, 4), (4, 4)])
def test_mail_again__asked_for__sent_three_times_an_hour_at_most(
    client: Client, aoki: CertificateClaim, at_moment: AtMoment, asked: int, mails: int
) -> None:
    reservation = book(client, aoki)
    path = f"{LIST}{reservation.reference}"

    for _ in range(asked):
        response = client.post(f"{path}/mails")

    assert response["Location"] == path
    assert OutgoingMail.objects.filter(event="reservation_booked").count() == mails
    assert ("いまは送れません" in words_of(client.get(path))) is (mails <= asked)
    at_moment(MONDAY + timedelta(minutes=59))
    client.post("/osaka/session/extension")
    at_moment(MONDAY + timedelta(minutes=61))
    client.post(f"{path}/mails")
    assert OutgoingMail.objects.filter(event="reservation_booked").count() == mails + 1


def test_mail__cancelled_before_it_left__dropped(client: Client, aoki: CertificateClaim) -> None:
    book(client, aoki)
    Reservation.objects.update(cancelled_at=MONDAY)

    run_once(MONDAY)

    assert [one for one in mail.outbox if "予約が決まりました" in one.subject] == []
