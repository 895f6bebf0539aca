"""Proving a new mail address: the link, the code, the mail; and what else moves.  D03."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.address.steps import (
    CODE,
    LIST,
    NEW,
    OLD,
    PAGE,
    ask,
    by_code,
    by_link,
    change,
    code,
    link,
    speaks_from,
    state_in,
    wrong,
)
from tests.intermediaries.entry.test_mail import columns_of, is_stored, stored_values
from tests.intermediaries.sharing.steps import a_request, delivered, state_of
from tests.intermediaries.sharing.steps import link_of as link_of_request
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries.address import change as address_change
from uketori.intermediaries.address.change import forget_changes
from uketori.intermediaries.models import (
    AddressChange,
    CertificateClaim,
    ClaimRequest,
)
from uketori.intermediaries.proof import tokens
from uketori.outbox.models import MailState, OutgoingMail
from uketori.reservations.models import Draft

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


@pytest.mark.parametrize(
    ("after", "moves"),
    [(timedelta(minutes=59, seconds=59), True), (timedelta(minutes=60), False)],
)
@pytest.mark.parametrize("way", [by_link, by_code])
def test_proof__one_hour(
    client: Client,
    claim: CertificateClaim,
    at_moment: AtMoment,
    way: Callable[[Client], Answer],
    after: timedelta,
    moves: bool,
) -> None:
    ask(client)
    at_moment(MONDAY + timedelta(minutes=30))
    client.get(LIST)
    at_moment(MONDAY + after)

    way(client)

    assert speaks_from(claim) == (NEW if moves else OLD)


def test_link__states(client: Client, at_moment: AtMoment) -> None:
    ask(client)
    assert state_in(client) == "fresh"
    assert state_in(Client()) == "elsewhere"
    assert state_in(situations.signed_in_client("chinen@example.jp")) == "elsewhere"
    at_moment(MONDAY + timedelta(minutes=60))
    assert state_in(client) == "expired"
    at_moment(MONDAY)
    by_link(client)
    assert state_in(client) == "used"
    assert state_of("/osaka/address/abc") == "malformed"
    assert state_of(f"/osaka/address/{'a' * 22}") == "unknown"
    assert Client().get(f"/osaka/address/{'a' * 22}").status_code == 404


@pytest.mark.parametrize("who", [None, "chinen@example.jp", NEW])
def test_link__another_browser__moves_nothing(
    client: Client, claim: CertificateClaim, who: str | None
) -> None:
    ask(client)

    (situations.signed_in_client(who) if who else Client()).post(link())

    assert speaks_from(claim) == OLD


def test_link__session_is_over__elsewhere(client: Client, at_moment: AtMoment) -> None:
    at_moment(MONDAY + timedelta(minutes=4))
    ask(client)
    at_moment(MONDAY + timedelta(minutes=61))

    assert state_in(client) == "elsewhere"


def test_link__opened__moves_nothing(client: Client, claim: CertificateClaim) -> None:
    ask(client)

    client.get(link())

    assert speaks_from(claim) == OLD


def test_link__twice__the_second_changes_nothing(client: Client, claim: CertificateClaim) -> None:
    ask(client)
    by_link(client)

    by_link(client)

    assert Event.objects.filter(kind="address_changed").count() == 1


@pytest.mark.parametrize(("tries", "moves"), [(4, True), (5, False)])
def test_code__wrong__five_a_mail_and_the_link_works_on(
    client: Client, claim: CertificateClaim, tries: int, moves: bool
) -> None:
    ask(client)
    for _ in range(tries):
        assert client.post(CODE, {"code": wrong()}).status_code == 422

    by_code(client)

    assert speaks_from(claim) == (NEW if moves else OLD)
    by_link(client)
    assert speaks_from(claim) == NEW


def test_code__of_the_entry__is_not_this_one(client: Client) -> None:
    ask(client)

    assert code() != tokens.code_of(bytes(change().seed))
    assert link().rsplit("/", 1)[1] != tokens.token_of(bytes(change().seed))


def test_code__nothing_asked__form_first(client: Client) -> None:
    assert client.get(CODE)["Location"] == PAGE


def test_code__typed_too_late__told_on_the_form(client: Client) -> None:
    response = client.post(CODE, {"code": "123456"})

    assert response["Location"] == PAGE
    assert "この確認コードは、もう使えません。" in client.get(PAGE).content.decode()


# what else hangs on the address


def test_move__request_sent_to_the_old_address__void(monday_morning: datetime) -> None:
    claim = situations.a_proved_certificate()
    row = a_request(proved=claim)
    client = situations.signed_in_client(claim)
    ask(client)

    by_link(client)

    assert state_of(link_of_request(row)) == "void"


def test_move__request_made_from_the_old_address__goes_along(monday_morning: datetime) -> None:
    row = a_request("office@example.jp")
    client = situations.signed_in_client("office@example.jp")
    ask(client)

    by_link(client)

    assert ClaimRequest.objects.get(pk=row.pk).mail_address.address == NEW


def test_move__two_addresses_of_one_person__the_other_stays(
    client: Client, claim: CertificateClaim
) -> None:
    other = factories.claim("office@example.jp", person=claim.intermediary)
    ask(client)

    by_link(client)

    assert speaks_from(other) == "office@example.jp"


def test_move__draft_of_nobody__goes_along(client: Client, claim: CertificateClaim) -> None:
    Draft.objects.filter(pk=factories.draft(claim).pk).update(claim=None)
    ask(client)

    by_link(client)

    assert Draft.objects.get().mail_address.address == NEW


# the mail


def sent_mail(client: Client) -> EmailMessage:
    ask(client)
    (message,) = [one for one in delivered() if "新しいメールアドレスの確認" in one.subject]
    return message


def test_mail__link_alone_code_and_moment(client: Client) -> None:
    message = sent_mail(client)
    lines = str(message.body).split("\n")

    place = lines.index(f"http://testserver{link()}")
    assert (lines[place - 1], lines[place + 1]) == ("", "")
    assert f"確認コード　{code()}" in lines
    assert "6月8日（月）11時まで" in str(message.body)
    assert message.to == [NEW]
    assert OLD not in str(message.body)


def test_mails__every_line__at_most_35_full_width_signs(client: Client) -> None:
    ask(client)
    delivered()
    by_link(client)
    delivered()

    bodies = [str(one.body) for one in mail.outbox]
    long = [line for body in bodies for line in body.split("\n") if columns_of(line) > 70]
    assert [one for one in long if "://" not in one] == []


def test_mail__link_of_the_real_site__under_76_columns(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://immi-cardyoyaku.moj.go.jp"

    (line,) = [one for one in str(sent_mail(client).body).split("\n") if "/address/" in one]

    assert len(line) < 76


@pytest.mark.parametrize("is_over", [True, False], ids=["used", "over"])
def test_mail__used_or_over_before_it_left__dropped(
    client: Client, at_moment: AtMoment, is_over: bool
) -> None:
    ask(client)
    if is_over:
        by_link(client)
    else:
        at_moment(MONDAY + timedelta(minutes=60))

    delivered()

    assert OutgoingMail.objects.get(event="new_address").state == MailState.DROPPED


def test_database__no_usable_token_or_code(client: Client) -> None:
    body = str(sent_mail(client).body)
    secrets = [link().rsplit("/", 1)[1], code()]
    assert all(one in body for one in secrets)

    values = stored_values()

    assert [one for one in secrets if is_stored(one, values)] == []


def told_of_moving() -> set[tuple[str, str]]:
    """Event and recipient of each mail about a new address that the outbox still knows."""
    events = [address_change.NEW_EVENT, address_change.CHANGED_EVENT]
    return set(OutgoingMail.objects.filter(event__in=events).values_list("event", "recipient"))


@pytest.mark.parametrize(
    ("after", "is_kept"),
    [(timedelta(hours=25), True), (timedelta(hours=25, seconds=1), False)],
)
def test_forget__new_address_never_proved__gone_a_day_after_its_hour(
    client: Client, after: timedelta, is_kept: bool
) -> None:
    """D23: an address that nobody proved stands nowhere any more."""
    ask(client)

    forget_changes(MONDAY + after)

    assert AddressChange.objects.exists() is is_kept
    assert told_of_moving() == ({("new_address", NEW)} if is_kept else set())
    assert any(NEW.encode() in value for value in stored_values()) is is_kept


@pytest.mark.parametrize(
    ("after", "is_kept"), [(timedelta(days=7), True), (timedelta(days=7, seconds=1), False)]
)
def test_forget__moved_a_week_ago__request_and_mails_gone(
    client: Client, after: timedelta, is_kept: bool
) -> None:
    ask(client)
    by_link(client)

    forget_changes(MONDAY + after)

    assert AddressChange.objects.exists() is is_kept
    mails = {("new_address", NEW), ("address_changed", OLD)}
    assert told_of_moving() == (mails if is_kept else set())
