"""A new mail address: proved from within the session, then everything moves.  D03, R-17."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from tests import factories, situations
from tests.intermediaries.sharing import a_request, delivered, state_of
from tests.intermediaries.sharing import link_of as link_of_request
from tests.intermediaries.test_mail import columns_of, stored_values
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries import address_change, tokens
from uketori.intermediaries.address_change import forget_changes
from uketori.intermediaries.models import (
    AddressChange,
    CertificateClaim,
    ClaimRequest,
    MailAddress,
    MailProof,
)
from uketori.outbox.models import MailState, OutgoingMail
from uketori.reservations.models import Draft

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
OLD, NEW = "aoki@example.jp", "aoki@new.example.jp"
PAGE, CODE, LIST = "/osaka/my-data/address", "/osaka/my-data/address/code", "/osaka/reservations/"


@pytest.fixture(autouse=True)
def _mails(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def claim(monday_morning: datetime) -> CertificateClaim:
    return situations.aoki()


@pytest.fixture
def client(claim: CertificateClaim) -> Client:
    return situations.signed_in_client(claim)


def ask(client: Client, address: str = NEW) -> HttpResponse:
    return client.post(PAGE, {"address": address})  # type: ignore[return-value]


def change() -> AddressChange:
    return AddressChange.objects.order_by("-pk")[0]


def link() -> str:
    token = tokens.token_of(bytes(change().seed), address_change.PURPOSE)
    return f"/osaka/address/{token}"


def code() -> str:
    return tokens.code_of(bytes(change().seed), address_change.CODE_PURPOSE)


def wrong() -> str:
    return f"{(int(code()) + 1) % 10**6:06d}"


def by_link(client: Client) -> HttpResponse:
    return client.post(link())  # type: ignore[return-value]


def by_code(client: Client) -> HttpResponse:
    return client.post(CODE, {"code": code()})  # type: ignore[return-value]


def state_in(client: Client) -> str:
    (state,) = re.findall(r'data-link-state="(\w+)"', client.get(link()).content.decode())
    return str(state)


def is_inside(client: Client) -> bool:
    return client.get(LIST).status_code == 200


def speaks_from(claim: CertificateClaim) -> str:
    claim.refresh_from_db()
    return str(claim.mail_address.address)


@pytest.mark.parametrize("way", [by_link, by_code])
def test_move__proved__everything_goes_along(
    client: Client, claim: CertificateClaim, way: Callable[[Client], HttpResponse]
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
    client: Client, way: Callable[[Client], HttpResponse]
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
    client: Client, claim: CertificateClaim, way: Callable[[Client], HttpResponse]
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
    assert AddressChange.objects.count() == (6 if is_sent else 5)


def test_ask__one_mailbox_from_many_addresses__five_live(client: Client) -> None:
    for index in range(5):
        other = factories.signed_in_client(f"other{index}@example.jp")
        assert ask(other).status_code == 302

    assert ask(client).status_code == 422


# the link and the code


@pytest.mark.parametrize(
    ("after", "moves"),
    [(timedelta(minutes=59, seconds=59), True), (timedelta(minutes=60), False)],
)
@pytest.mark.parametrize("way", [by_link, by_code])
def test_proof__one_hour(
    client: Client,
    claim: CertificateClaim,
    at_moment: AtMoment,
    way: Callable[[Client], HttpResponse],
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

    assert [one for one in secrets if any(one.encode() in value for value in values)] == []


@pytest.mark.parametrize(
    ("after", "is_kept"), [(timedelta(days=7), True), (timedelta(days=7, seconds=1), False)]
)
def test_forget__requests_of_a_week_ago(client: Client, after: timedelta, is_kept: bool) -> None:
    ask(client)

    forget_changes(MONDAY + after)

    assert AddressChange.objects.exists() is is_kept
