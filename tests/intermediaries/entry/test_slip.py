"""A slip in a well-known domain is asked back before any mail leaves, without scripts.  R-15."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.journeys.reading import Page
from uketori.intermediaries.models import AddressChange, Limit, MailProof
from uketori.outbox.models import OutgoingMail

pytestmark = pytest.mark.django_db

ENTRY, NEW = "/osaka/entry", "/osaka/my-data/address"
TYPED, MEANT = "aoki@gmial.com", "aoki@gmail.com"


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime) -> None:
    factories.first_notice()


@pytest.fixture(params=[ENTRY, NEW])
def path(request: Any) -> str:
    """Both forms into which an address is typed."""
    return str(request.param)


@pytest.fixture
def client(path: str) -> Client:
    return Client() if path == ENTRY else situations.signed_in_client(situations.aoki())


def ask(client: Client, path: str, address: str, **more: str) -> Answer:
    return client.post(path, {"address": address, **more})


def recipients() -> list[str]:
    """Where mails were sent to, beside the one that opened the session."""
    rows = OutgoingMail.objects.exclude(recipient="aoki@example.jp").order_by("pk")
    return list(rows.values_list("recipient", flat=True))


def answers(response: Answer) -> list[str]:
    """The values of the buttons that settle the question, in their order."""
    return re.findall(r'<button[^>]* name="settled" value="([^"]*)"', response.content.decode())


def test_slip__asked_back__field_kept_and_no_mail(client: Client, path: str) -> None:
    response = ask(client, path, TYPED)

    text = response.content.decode()
    assert response.status_code == 422
    assert f"{MEANT} ではありませんか。" in text
    assert f'value="{TYPED}"' in text
    assert answers(response) == [MEANT, TYPED]
    assert text.count('name="address"') == 1
    assert recipients() == []
    assert not MailProof.objects.exclude(address="aoki@example.jp").exists()
    assert not AddressChange.objects.exists()
    assert not Limit.objects.filter(act="mail").exists()


@pytest.mark.parametrize("chosen", [MEANT, TYPED])
def test_slip__answered__goes_there(client: Client, path: str, chosen: str) -> None:
    assert ask(client, path, TYPED, settled=chosen).status_code == 302

    assert recipients() == [chosen]


def test_slip__field_changed_instead__what_stands_there_counts(client: Client, path: str) -> None:
    """Whoever presses Enter in the field presses the first button, which says another address."""
    assert ask(client, path, "aoki@office.example.jp", settled=MEANT).status_code == 302

    assert recipients() == ["aoki@office.example.jp"]


def test_slip__changed_to_another_slip__asked_again(client: Client, path: str) -> None:
    response = ask(client, path, "aoki@yahoo.co.jo", settled=MEANT)

    assert answers(response) == ["aoki@yahoo.co.jp", "aoki@yahoo.co.jo"]
    assert recipients() == []


def test_slip__typed_in_full_width__asked_in_half_width(client: Client, path: str) -> None:
    response = ask(client, path, "Ａｏｋｉ＠ｇｍｉａｌ．ｃｏｍ")

    assert answers(response) == [MEANT, TYPED]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a..b@docomo.ne.jo", "a..b@docomo.ne.jp"),
        ("aoki@gmail", "aoki@gmail.com"),
        ("aoki@gmail,com", "aoki@gmail.com"),
    ],
)
def test_slip__no_address_as_it_stands__only_the_other_is_offered(
    client: Client, path: str, typed: str, meant: str
) -> None:
    assert answers(ask(client, path, typed)) == [meant]
    assert ask(client, path, typed, settled=typed).status_code == 422
    assert recipients() == []
    assert ask(client, path, typed, settled=meant).status_code == 302
    assert recipients() == [meant]


def test_slip__what_is_meant_is_no_address_either__the_form_is_told(
    client: Client, path: str
) -> None:
    response = ask(client, path, "a..b@gmial.com")

    assert answers(response) == []
    assert "メールアドレスの形を確かめてください。" in response.content.decode()


@pytest.mark.parametrize("forged", ["chinen@example.jp", "", "aoki@gmail.com\r\nBcc: x@y.jp"])
def test_slip__settled_by_something_else__asked_again(
    client: Client, path: str, forged: str
) -> None:
    assert ask(client, path, TYPED, settled=forged).status_code == 422
    assert recipients() == []


def test_slip__sent_as_typed__the_same_address_again_is_not_asked_again() -> None:
    client = Client()
    ask(client, ENTRY, TYPED, settled=TYPED)
    sent = Page(client.get("/osaka/entry/sent").content.decode())
    (again,) = [one for one in sent.forms if one.action == ENTRY]

    response = client.post(ENTRY, {one.name: one.value for one in again.controls if one.name})

    assert response.status_code == 302
    assert recipients() == [TYPED, TYPED]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("aokiーtaro@example.jp", "aoki-taro@example.jp"),
        ("aoki@tokyo‐office.example.jp", "aoki@tokyo-office.example.jp"),
        ("aoki@tokyo−office.example.jp", "aoki@tokyo-office.example.jp"),
        ("aokiー１@ｅｘａｍｐｌｅ.ｊｐ", "aoki-1@example.jp"),
        ("a b@example.jp", "ab@example.jp"),
        ("aoki @ example.jp", "aoki@example.jp"),
        ("aoki　taro@example.jp", "aokitaro@example.jp"),
        ("aokiーtaro@gmial.com", "aoki-taro@gmail.com"),
    ],
)
def test_slip__dash_of_another_kind_or_blank_within__only_the_other_is_offered(
    client: Client, path: str, typed: str, meant: str
) -> None:
    response = ask(client, path, typed)

    assert answers(response) == [meant]
    assert f"{meant} ではありませんか。" in response.content.decode()
    assert recipients() == []
    if meant != "aoki@example.jp":  # the current one of whoever is signed in
        assert ask(client, path, typed, settled=meant).status_code == 302
        assert recipients() == [meant]


def test_slip__dash_in_a_domain_that_could_be_one__both_are_offered(
    client: Client, path: str
) -> None:
    typed, meant = "aoki@tokyoーkai.example", "aoki@tokyo-kai.example"

    assert answers(ask(client, path, typed)) == [meant, typed]
    assert ask(client, path, typed, settled=typed).status_code == 302
    assert recipients() == [typed]


@pytest.mark.parametrize("typed", ["aoki@日本ー.example", "aoki@サーバー.example"])
def test_japanese_domain__keeps_its_long_vowel(client: Client, path: str, typed: str) -> None:
    assert ask(client, path, typed).status_code == 302
    assert recipients() == [typed]


@pytest.mark.parametrize("typed", ["aoki@xn--fa-hia.example", "aoki@FAß.example"])
def test_domain__in_either_spelling__is_one_address(client: Client, path: str, typed: str) -> None:
    assert ask(client, path, typed).status_code == 302
    assert recipients() == ["aoki@faß.example"]


@pytest.mark.parametrize(("typed", "sign"), [("青木@example.jp", "青"), ("aöki@example.jp", "ö")])
def test_name_before_the_at_sign__not_in_ascii__said_clearly(
    client: Client, path: str, typed: str, sign: str
) -> None:
    response = ask(client, path, typed)

    assert response.status_code == 422
    assert f"@の前に、使えない文字（{sign}）が入っています。" in response.content.decode()
    assert recipients() == []


def test_slip__page_asked_for_is_not_lost() -> None:
    text = ask(Client(), ENTRY, TYPED, next="/osaka/reservations/").content.decode()

    assert 'name="next" value="/osaka/reservations/"' in text


def test_new_address__corrected_into_the_current_one__refused() -> None:
    client = situations.signed_in_client(situations.aoki(MEANT))

    response = ask(client, NEW, TYPED, settled=MEANT)

    assert "いまのメールアドレスと同じです。" in response.content.decode()
    assert not AddressChange.objects.exists()
