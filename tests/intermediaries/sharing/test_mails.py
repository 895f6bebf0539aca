"""The mails about a shared certificate: plain, short lines, no token in the database.  D03."""

import unicodedata
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage

from tests import factories, situations
from tests.intermediaries.entry.test_mail import columns_of, stored_values
from tests.intermediaries.holders.steps import enter
from tests.intermediaries.sharing.steps import a_request, answer, delivered, link_of, token_of
from tests.policies import at
from tests.situations import AtMoment
from uketori.intermediaries.masking import harmless, masked
from uketori.intermediaries.models import ClaimRequest
from uketori.outbox.models import MailState, OutgoingMail

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
FIRST, OFFICE = "aoki@example.jp", "aoki@office.example.jp"


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    factories.first_notice()


def _requested() -> list[EmailMessage]:
    a_request()
    return delivered()


def _granted() -> list[EmailMessage]:
    row = a_request()
    answer(row, "grant")
    return delivered()


def _declined() -> list[EmailMessage]:
    row = a_request()
    answer(row, "decline")
    return delivered()


def _rival() -> list[EmailMessage]:
    situations.aoki()
    enter(situations.signed_in_client("beppu@example.jp"))
    return delivered()


@pytest.mark.parametrize("happens", [_requested, _granted, _declined, _rival])
def test_mail__every_line__at_most_35_full_width_signs(
    happens: Callable[[], list[EmailMessage]],
) -> None:
    lines = [line for message in happens() for line in str(message.body).split("\n")]

    assert lines
    assert [one for one in lines if columns_of(one) > 70 and "://" not in one] == []
    assert [one for one in lines if "http" in one and one != one.strip()] == []


def test_requested__link__alone_on_its_line() -> None:
    row = a_request()
    (message,) = delivered()
    lines = str(message.body).split("\n")

    place = lines.index(f"http://testserver{link_of(row)}")
    assert (lines[place - 1], lines[place + 1]) == ("", "")


def test_requested__link_of_the_real_site__under_76_columns(settings: Any) -> None:
    settings.SITE_URL = "https://immi-cardyoyaku.moj.go.jp"

    (message,) = _requested()

    (line,) = [one for one in str(message.body).split("\n") if "/requests/" in one]
    assert len(line) < 76


def test_requested__says_who_asks_until_when_and_that_nothing_happens() -> None:
    (message,) = _requested()

    body = str(message.body)
    assert message.to == [FIRST]
    for words in ("青木 花子", "a…@office.example.jp", "大取第10234号", "6月8日（月）11時まで"):
        assert words in body
    assert "お心当たりのないときは、何もしないでください。" in body
    assert OFFICE not in body
    assert FIRST not in body


def test_granted__both_are_told() -> None:
    told = {message.to[0]: message for message in _granted()}

    assert set(told) == {OFFICE, FIRST}
    assert "認められました" in told[OFFICE].subject
    assert FIRST not in str(told[OFFICE].body)
    assert "a…@example.jp" not in str(told[OFFICE].body)
    assert "認めました" in told[FIRST].subject
    assert "a…@office.example.jp" in str(told[FIRST].body)


def test_declined__who_asked_is_told() -> None:
    (message,) = _declined()

    assert message.to == [OFFICE]
    assert "認められませんでした" in message.subject
    assert "example.jp" not in str(message.body).replace(OFFICE, "")


def test_requested__answered_before_it_left__dropped() -> None:
    answer(a_request(), "decline")
    delivered()

    assert OutgoingMail.objects.get(event="claim_requested").state == MailState.DROPPED


def test_requested__still_queued_when_its_hour_ends__dropped(at_moment: AtMoment) -> None:
    a_request()
    at_moment(MONDAY + timedelta(minutes=60))

    assert delivered() == []


def test_rival__first_address_is_told_and_not_who() -> None:
    (message,) = _rival()

    assert message.to == [FIRST]
    assert "大取第10234号" in str(message.body)
    assert "ご自身や同じ事務所の方でないときは、お電話ください。" in str(message.body)
    assert "beppu" not in str(message.body)


@pytest.mark.parametrize(
    ("hours", "mails"),
    [(1, 1), (24, 2)],
)
def test_rival__again__at_most_once_a_day(at_moment: AtMoment, hours: int, mails: int) -> None:
    mine = situations.aoki()
    for number, name in enumerate(("beppu", "chinen")):
        at_moment(MONDAY + timedelta(hours=hours * number))
        enter(situations.signed_in_client(f"{name}@example.jp"))
        mine.certificate.claims.exclude(pk=mine.pk).update(ended_at=MONDAY, place=None)

    assert OutgoingMail.objects.filter(event="claim_rival").count() == mails


def test_rival__own_number_again_or_nobody_else__nobody_told() -> None:
    claim = situations.aoki()
    client = situations.signed_in_client(claim)

    enter(client)
    enter(client, number="大取第77777号")

    assert not OutgoingMail.objects.filter(event="claim_rival").exists()


def test_database__request_mailed__no_usable_token() -> None:
    row = a_request()
    token = token_of(row)
    (message,) = delivered()
    assert token in str(message.body)

    values = stored_values()

    secrets = [token, b64encode(token.encode()).decode(), token.encode().hex()]
    assert [one for one in secrets if any(one.encode() in value for value in values)] == []
    assert any(row.token_digest.encode() in value for value in values)


def test_token__of_the_same_seed__another_than_that_of_the_entry() -> None:
    row = a_request()

    assert token_of(row) != factories.tokens.token_of(bytes(row.seed))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("aoki@example.jp", "a…@example.jp"),
        ("a@example.jp", "a…@example.jp"),
        ("青木@例え.jp", "青…@例え.jp"),
    ],
)
def test_masked(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_harmless__what_looks_like_a_link__is_none_any_more() -> None:
    shown = harmless("https://evil.example/a b@c.example" + "x" * 60)

    assert not set(shown) & set(":/.@")
    assert len(shown) == 40
    assert harmless("WILLIAMS Alexandra") == "WILLIAMS Alexandra"
    assert unicodedata.normalize("NFKC", harmless("J. Smith")) == "J. Smith"


def test_requested__row_is_gone__dropped() -> None:
    a_request()
    ClaimRequest.objects.all().delete()

    assert delivered() == []
