"""Asking for a mail: which addresses, how often, and the same answer for all.  R-15 … R-17."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.policies import at
from tests.situations import AtMoment
from uketori.intermediaries.models import Limit, MailProof
from uketori.outbox.models import OutgoingMail
from uketori.outbox.worker import run_once

pytestmark = pytest.mark.django_db

ENTRY = "/osaka/entry"
MONDAY = at("2026-06-08 10:00")


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    factories.first_notice()


def ask(address: str, client: Client | None = None, **extra: Any) -> Answer:
    return (client or Client()).post(ENTRY, {"address": address}, **extra)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("aoki@example.jp", "aoki@example.jp"),
        ("Aoki@Example.JP", "aoki@example.jp"),
        ("ａｏｋｉ＠ｅｘａｍｐｌｅ．ｊｐ", "aoki@example.jp"),
        ("  aoki@example.jp　", "aoki@example.jp"),
        ("a.b+c_d-e@sub.example.co.jp", "a.b+c_d-e@sub.example.co.jp"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("Aoki.@ezweb.ne.jp", "aoki.@ezweb.ne.jp"),
    ],
)
def test_entry__address__one_spelling_for_one_mailbox(typed: str, stored: str) -> None:
    response = ask(typed)

    assert (response.status_code, response["Location"]) == (302, "/osaka/entry/sent")
    assert MailProof.objects.get().address == stored
    assert OutgoingMail.objects.get().recipient == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "aoki",
        "aoki@",
        "@example.jp",
        "a..b@example.jp",
        "aoki@example.jp beppu@example.jp",
        "aoki@example",
        "aoki@example.jp,beppu@example.jp",
        "aoki@example.jp\r\nBcc: chinen@example.jp",
        "aoki@example.jp%0aBcc:chinen@example.jp\n",
        '"aoki\r\nBcc: x"@example.jp',
        "aoki\x00@example.jp",
        f"{'a' * 250}@example.jp",
        "é@example.jp",
    ],
)
def test_entry__what_is_no_address__refused_and_kept(typed: str) -> None:
    response = ask(typed)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert not MailProof.objects.exists()
    assert not OutgoingMail.objects.exists()


BREAKS = [
    "\n",
    "\r",
    "\r\n",
    "\v",
    "\f",
    "\x1c",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "%0d%0a",
    "%0A",
]


@pytest.mark.parametrize("sign", BREAKS)
@pytest.mark.parametrize(
    "typed",
    [
        "aoki{}@example.jp",
        "aoki@exam{}ple.jp",
        "aoki@example.jp{}",
        "{}aoki@example.jp",
        "aoki@example.jp{}Bcc: chinen@example.jp",
        "a..b{}@docomo.ne.jp",
        "aoki@gmial{}.com",
    ],
)
def test_entry__line_break_in_an_address__refused_and_no_mail(typed: str, sign: str) -> None:
    response = ask(typed.format(sign))

    assert response.status_code == 422
    assert "改行が入っています" in response.content.decode()
    assert not MailProof.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_entry__line_break_in_the_body_of_the_request__refused() -> None:
    body = "address=aoki%40example.jp%0d%0aBcc%3a+chinen%40example.jp"
    form = "application/x-www-form-urlencoded"

    assert Client().post(ENTRY, body, content_type=form).status_code == 422
    assert not OutgoingMail.objects.exists()


def test_entry__wrong_address__stays_in_the_field() -> None:
    assert 'value="aoki@@example.jp"' in ask("aoki@@example.jp").content.decode()


def without_what_differs(response: Answer, address: str) -> str:
    text = response.content.decode().replace(address, "ADDRESS")
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", text)


def test_entry__known_and_unknown_address__same_answer() -> None:
    situations.a_proved_certificate()
    factories.signed_in_client("aoki@example.jp")
    answers = []
    for address in ("aoki@example.jp", "tsuji@example.jp"):
        client = Client()
        first = ask(address, client)
        page = client.get("/osaka/entry/sent")
        headers = {name: value for name, value in first.items() if name != "Set-Cookie"}
        answers.append((first.status_code, headers, without_what_differs(page, address)))

    assert answers[0] == answers[1]


def test_entry__asked_five_times__sixth_tells_to_use_the_mails_already_sent() -> None:
    for _ in range(5):
        ask("aoki@example.jp")
    run_once(MONDAY)
    client = Client()

    ask("aoki@example.jp", client)

    text = client.get("/osaka/entry/sent").content.decode()
    assert "先に送ったメールをお使いください" in text
    assert "新しいメールは送っていません" in text
    assert 'name="code"' not in text
    assert OutgoingMail.objects.count() == MailProof.objects.count() == 5


def test_entry__five_live_links__another_address_gets_its_mail() -> None:
    for _ in range(6):
        ask("aoki@example.jp")

    ask("beppu@example.jp")

    assert OutgoingMail.objects.filter(recipient="beppu@example.jp").count() == 1


def test_entry__one_of_five_used__can_ask_again() -> None:
    for _ in range(5):
        ask("aoki@example.jp")
    newest = MailProof.objects.order_by("-pk")[0]
    Client().post(factories.link_of(newest))

    ask("aoki@example.jp")

    assert MailProof.objects.count() == 6


@pytest.mark.parametrize(
    ("after", "mails"),
    [(timedelta(minutes=59, seconds=59), 5), (timedelta(minutes=60), 6)],
)
def test_entry__five_live_links__their_hour_over__can_ask_again(
    at_moment: AtMoment, after: timedelta, mails: int
) -> None:
    for _ in range(5):
        ask("aoki@example.jp")
    at_moment(MONDAY + after)

    ask("aoki@example.jp")

    assert OutgoingMail.objects.count() == mails


def test_entry__network_asks_300_times_in_an_hour__next_is_told_to_wait(
    at_moment: AtMoment,
) -> None:
    ask("aoki@example.jp", REMOTE_ADDR="203.0.113.7")
    Limit.objects.filter(act="mail").update(count=299)

    assert ask("aoki@example.jp", REMOTE_ADDR="203.0.113.7").status_code == 302
    refused = ask("aoki@example.jp", REMOTE_ADDR="203.0.113.7")
    assert refused.status_code == 429
    assert MailProof.objects.count() == 2
    assert ask("aoki@example.jp", REMOTE_ADDR="203.0.113.8").status_code == 302

    at_moment(MONDAY + timedelta(hours=1))
    assert ask("aoki@example.jp", REMOTE_ADDR="203.0.113.7").status_code == 302


@pytest.mark.parametrize(
    ("first", "same", "other"),
    [
        ("2001:db8:0:7::1", "2001:db8:0:7:ffff::9", "2001:db8:0:8::1"),
        ("203.0.113.7", "::ffff:203.0.113.7", "203.0.113.8"),
    ],
)
def test_entry__network_of_ipv6__counts_as_one_address_of_ipv4_does(
    first: str, same: str, other: str
) -> None:
    ask("aoki@example.jp", REMOTE_ADDR=first)
    Limit.objects.filter(act="mail").update(count=300)

    assert ask("aoki@example.jp", REMOTE_ADDR=same).status_code == 429
    assert ask("aoki@example.jp", REMOTE_ADDR=other).status_code == 302


def test_limits__network_and_address__kept_as_digests_only() -> None:
    ask("aoki@example.jp", REMOTE_ADDR="203.0.113.7")

    kept = {row.act: row.identity for row in Limit.objects.all()}
    assert set(kept) == {"mail", "ask"}
    assert not [one for one in kept.values() if "203.0.113.7" in one or "aoki" in one]


def test_entry__page__names_domain_and_address_to_be_allowed() -> None:
    client = Client()
    before = client.get(ENTRY).content.decode()
    ask("aoki@example.jp", client)
    sent = client.get("/osaka/entry/sent").content.decode()

    for text in (before, sent):
        assert "@immi-cardyoyaku.moj.go.jp" in text
        assert "admin@immi-cardyoyaku.moj.go.jp" in text
        assert "拒否" in text
    assert 'href="/osaka/notice"' in before


def test_sent__page__says_until_when_and_how_to_go_on() -> None:
    client = Client()
    ask("aoki@example.jp", client)
    run_once(MONDAY)

    text = client.get("/osaka/entry/sent").content.decode()

    assert "10時0分に" in text
    assert "11時0分まで" in text
    assert "aoki@example.jp" in text


def test_sent__nothing_was_asked__back_to_the_entry() -> None:
    response = Client().get("/osaka/entry/sent")

    assert (response.status_code, response["Location"]) == (302, ENTRY)


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/osaka/reservations/K7M4-2QXP", "/osaka/reservations/K7M4-2QXP"),
        ("", "/osaka/reservations/"),
        ("https://example.com/", "/osaka/reservations/"),
        ("//example.com/osaka/", "/osaka/reservations/"),
        ("/kobe/reservations/", "/osaka/reservations/"),
    ],
)
def test_entry__wanted_page__reached_if_it_is_our_own(wanted: str, leads_to: str) -> None:
    situations.aoki()
    client = Client()
    client.post(ENTRY, {"address": "aoki@example.jp", "next": wanted})

    response = client.post(factories.link_of(MailProof.objects.get()))

    assert response["Location"] == leads_to


def test_entry__newcomer__led_to_the_holder_s_form() -> None:
    client = Client()
    ask("aoki@example.jp", client)

    response = client.post(factories.link_of(MailProof.objects.get()))

    assert response["Location"] == "/osaka/holders/new"


def test_entry__already_inside__leads_on() -> None:
    client = factories.signed_in_client()

    assert client.get(ENTRY)["Location"] == "/osaka/reservations/"
