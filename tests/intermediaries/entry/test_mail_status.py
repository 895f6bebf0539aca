"""The page after asking tells what became of the mail, by the outbox and nothing else.  R-15."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.journeys.reading import Page
from tests.policies import at
from tests.post import Post, free_port, post
from tests.situations import AtMoment
from uketori.intermediaries.models import AddressChange, Limit, MailProof
from uketori.intermediaries.proof import act
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once

__all__ = ["free_port", "post"]
pytestmark = pytest.mark.django_db

ENTRY, SENT = "/osaka/entry", "/osaka/entry/sent"
MONDAY = at("2026-06-08 10:00")
AOKI = "aoki@example.jp"
NEW, CODE = "/osaka/my-data/address", "/osaka/my-data/address/code"
REFUSED_FOR_GOOD = "550 5.1.1 no such user"


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    factories.first_notice()


def ask(client: Client, address: str = AOKI) -> Answer:
    return client.post(ENTRY, {"address": address})


@pytest.fixture
def client() -> Client:
    asking = Client()
    assert ask(asking).status_code == 302
    return asking


def page(client: Client, path: str = SENT) -> Page:
    response = client.get(path)
    assert response.status_code == 200
    return Page(response.content.decode())


def said(client: Client, path: str = SENT) -> str:
    """The words of the page without blanks, which Japanese does not have."""
    return page(client, path).text.replace(" ", "")


def delivery(client: Client, path: str = SENT) -> str:
    (found,) = re.findall(r'data-delivery="(\w+)"', client.get(path).content.decode())
    return str(found)


def shows_code(client: Client, path: str = SENT) -> bool:
    return any("code" in form.names for form in page(client, path).forms)


@contextmanager
def no_mail_server(settings: Any) -> Iterator[None]:
    before = settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    yield
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = before


def test_waiting__says_so_and_leads_to_its_state(client: Client) -> None:
    shown = page(client)

    assert delivery(client) == "waiting"
    assert "メールを送っているところです" in shown.title
    assert "へ送りました" not in said(client)
    assert f"{AOKI}へ送っているところです。" in said(client)
    assert [one.href for one in shown.links if "いまの状態を見る" in one.text] == [SENT]
    assert "５分たっても届かないとき" in said(client)
    assert shows_code(client)


def test_sent__says_the_minute_in_which_it_left(client: Client, at_moment: AtMoment) -> None:
    run_once(MONDAY + timedelta(minutes=2))
    at_moment(MONDAY + timedelta(minutes=30))

    assert delivery(client) == "sent"
    assert f"10時2分に{AOKI}へ送りました。" in said(client)
    assert "11時0分まで" in said(client)
    assert "いまの状態を見る" not in said(client)
    assert shows_code(client)


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(seconds=59), "waiting"), (timedelta(seconds=60), "delayed")],
)
def test_nobody_takes_it_up__late_after_a_minute(
    client: Client, at_moment: AtMoment, after: timedelta, expected: str
) -> None:
    """No worker runs, or it hangs."""
    at_moment(MONDAY + after)

    assert delivery(client) == expected


def test_server_unreachable__says_what_to_do_and_until_when(
    client: Client, settings: Any, at_moment: AtMoment
) -> None:
    with no_mail_server(settings):
        run_once(MONDAY)

    shown = page(client)
    assert delivery(client) == "delayed"
    assert "まだ送れていません。11時0分まで、くり返し送ります。" in said(client)
    assert "アドレスにまちがいがないか、確かめてください。" in said(client)
    assert [one.href for one in shown.links if "いまの状態を見る" in one.text] == [SENT]
    assert shows_code(client)

    at_moment(MONDAY + timedelta(minutes=5))
    run_once(MONDAY + timedelta(minutes=5))
    assert delivery(client) == "sent"


def test_recipient_refused__late_at_first_then_said_for_good(
    client: Client, post: Post, at_moment: AtMoment
) -> None:
    post.answers[AOKI] = REFUSED_FOR_GOOD
    run_once(MONDAY)
    assert delivery(client) == "delayed"

    for minutes in (11, 22):  # ten, and the time that the attempt itself takes
        at_moment(MONDAY + timedelta(minutes=minutes))
        run_once(MONDAY + timedelta(minutes=minutes))

    shown = page(client)
    assert OutgoingMail.objects.get().state == MailState.DEAD
    assert delivery(client) == "refused"
    assert "このアドレスには届きませんでした" in shown.title
    assert "アドレスにまちがいがないか、確かめてください。" in said(client)
    assert ENTRY in [one.href for one in shown.links if "入力しなおす" in one.text]
    assert not shows_code(client)


def test_never_left_within_its_hour__says_so_with_one_button(
    client: Client, at_moment: AtMoment
) -> None:
    at_moment(MONDAY + timedelta(minutes=60))
    before = delivery(client)
    run_once(MONDAY + timedelta(minutes=60))

    shown = page(client)
    assert (before, delivery(client)) == ("dropped", "dropped")
    assert "使える時間のうちに送れませんでした" in said(client)
    assert not shows_code(client)
    (again,) = [form for form in shown.forms if form.action == ENTRY]

    assert client.post(ENTRY, dict(again.pairs)).status_code == 302

    assert delivery(client) == "waiting"
    assert OutgoingMail.objects.filter(recipient=AOKI).count() == 2


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(minutes=59, seconds=59), "sent"), (timedelta(minutes=60), "over")],
)
def test_sent__its_hour_ends__says_so(
    client: Client, at_moment: AtMoment, after: timedelta, expected: str
) -> None:
    run_once(MONDAY)
    at_moment(MONDAY + after)

    assert delivery(client) == expected
    assert shows_code(client) is (expected == "sent")


def test_forgotten_since__back_to_the_entry(client: Client) -> None:
    act.forget_unproved(MONDAY + timedelta(days=2))

    assert client.get(SENT)["Location"] == ENTRY


def test_code_typed_after_the_hour__told_at_the_field(client: Client, at_moment: AtMoment) -> None:
    run_once(MONDAY)
    code = factories.code_of(MailProof.objects.get())
    at_moment(MONDAY + timedelta(minutes=60))

    response = client.post(SENT, {"code": code})

    assert response.status_code == 422
    assert "この確認コードは、もう使えません。" in response.content.decode()
    assert "code" in {name for form in Page(response.content.decode()).forms for name in form.names}


@pytest.mark.parametrize("state", MailState.values)
def test_known_or_not__same_page_in_every_state(state: str) -> None:
    """R-17: nothing of the outbox tells whether anybody uses the address here."""
    situations.a_proved_certificate()
    factories.signed_in_client(AOKI)
    pages = []
    for address in (AOKI, "tsuji@example.jp"):
        client = Client()
        ask(client, address)
        mail = OutgoingMail.objects.filter(recipient=address).order_by("-pk")[0]
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state, sent_at=MONDAY)
        text = client.get(SENT).content.decode().replace(address, "ADDRESS")
        pages.append(re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text))

    assert pages[0] == pages[1]


def test_limit__says_from_when_and_then_it_is_so(at_moment: AtMoment) -> None:
    client = Client()
    for minute in range(5):
        at_moment(MONDAY + timedelta(minutes=minute))
        ask(client)
        run_once(MONDAY + timedelta(minutes=minute))
    at_moment(MONDAY + timedelta(minutes=10))
    ask(client)

    shown = page(client)
    assert "先に送ったメールをお使いください" in shown.title
    assert "次は11時0分から送れます。" in said(client)
    assert [form for form in shown.forms if form.action == ENTRY] == []

    at_moment(MONDAY + timedelta(minutes=59, seconds=59))
    ask(client)
    assert MailProof.objects.count() == 5
    at_moment(MONDAY + timedelta(minutes=60))
    assert "いまは、もう一度送れます。" in said(client)
    ask(client)
    assert MailProof.objects.count() == 6


def test_limit__none_of_the_five_has_left__page_does_not_claim_it(settings: Any) -> None:
    client = Client()
    for _ in range(6):
        ask(client)
    assert delivery(client) == "waiting"

    with no_mail_server(settings):
        run_once(MONDAY)
    assert delivery(client) in {"waiting", "delayed"}
    assert "届いているメール" not in said(client)
    assert "次は11時0分から送れます。" in said(client)


def test_limit__all_five_over__one_button(at_moment: AtMoment) -> None:
    client = Client()
    for _ in range(6):
        ask(client)
    run_once(MONDAY)
    at_moment(MONDAY + timedelta(minutes=60))

    assert delivery(client) == "over"
    assert len([form for form in page(client).forms if form.action == ENTRY]) == 1


def test_network_limit__says_from_when(at_moment: AtMoment) -> None:
    at_moment(MONDAY + timedelta(minutes=20))
    ask(Client())
    Limit.objects.filter(act="mail").update(count=300)

    refused = ask(Client())

    assert refused.status_code == 429
    assert "11時" in refused.content.decode()
    assert refused["Retry-After"] == "2400"


@pytest.mark.parametrize("address", ["a..b@docomo.ne.jp", "a.@ezweb.ne.jp", ".a@au.com"])
def test_old_carrier_form__warned_of_on_the_page(address: str) -> None:
    client = Client()
    ask(client, address)

    text = said(client)
    assert "届かないことがある形のアドレスです" in text
    assert "ドコモも、このようなアドレスの変更をすすめています。" in text
    assert "別のアドレスをお使いください。" in text


def test_ordinary_carrier_address__no_warning() -> None:
    client = Client()
    ask(client, "a.b@docomo.ne.jp")

    assert "届かないことがある" not in said(client)


# the new address of one's own data


@pytest.fixture
def moving() -> Client:
    client = situations.signed_in_client(situations.aoki())
    assert client.post(NEW, {"address": ".a@docomo.ne.jp"})["Location"] == CODE
    return client


def test_new_address__states_are_told_there_too(moving: Client, at_moment: AtMoment) -> None:
    assert delivery(moving, CODE) == "waiting"
    assert "届かないことがある形のアドレスです" in said(moving, CODE)

    run_once(MONDAY + timedelta(minutes=2))
    assert delivery(moving, CODE) == "sent"
    assert "10時2分に.a@docomo.ne.jpへ送りました。" in said(moving, CODE)

    at_moment(MONDAY + timedelta(minutes=30))
    moving.get("/osaka/my-data")
    at_moment(MONDAY + timedelta(minutes=60))
    assert delivery(moving, CODE) == "over"
    assert not shows_code(moving, CODE)


def test_new_address__asked_again__another_mail(moving: Client) -> None:
    (again,) = [form for form in page(moving, CODE).forms if form.action == NEW]

    assert moving.post(NEW, dict(again.pairs))["Location"] == CODE

    assert AddressChange.objects.count() == 2


def test_new_address__refused_for_good__says_so(moving: Client, at_moment: AtMoment) -> None:
    OutgoingMail.objects.update(state=MailState.DEAD)

    shown = page(moving, CODE)
    assert "このアドレスには届きませんでした" in shown.title
    assert NEW in [one.href for one in shown.links if "入力しなおす" in one.text]
