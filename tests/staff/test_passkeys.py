"""Passkeys: whatever a browser sends is an answer in words, and never a fall."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.answers import Answer
from tests.staff.signing_in import SECOND, code_of, type_code, type_password, with_totp
from tests.staff.soft_key import SoftKey
from uketori.staff import second_factors
from uketori.staff.models import Account

pytestmark = pytest.mark.django_db

NEW = "/staff/security/passkeys/new"
TOO_OLD = "このページは古くなっていました"
NOT_MADE = "パスキーを作れませんでした。もう一度「パスキーを作る」を押してください。"
NOT_KNOWN = "このパスキーでは確認できませんでした"


@pytest.fixture
def member(chiba: Account) -> Client:
    """千葉, signed in with the code of an application."""
    client = Client()
    secret = with_totp(chiba)
    type_password(client, chiba)
    type_code(client, code_of(secret))
    return client


@pytest.fixture
def key(member: Client) -> SoftKey:
    """A passkey that 千葉 has added."""
    made = SoftKey()
    send(member, NEW, made.made_for(options_of(member, NEW)))
    return made


@pytest.fixture
def at_the_second_factor(chiba: Account, key: SoftKey) -> Client:
    """Another browser, in which the password was typed."""
    client = Client()
    type_password(client, chiba)
    return client


def options_of(client: Client, page: str) -> dict[str, Any]:
    """What the page asks the browser for."""
    given: dict[str, Any] = client.get(page).context["js_data"]
    [options] = given.values()
    return json.loads(json.dumps(options, default=dict))  # type: ignore[no-any-return]


def send(client: Client, page: str, credential: object, **more: str) -> Answer:
    text = credential if isinstance(credential, str) else json.dumps(credential)
    return client.post(page, {"credential": text, **more})


def told(answer: Answer) -> str:
    """The page that refuses, with its summary of errors."""
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "error-summary" in page
    assert "<title>エラー：" in page
    assert page.count('<input type="hidden" name="credential">') == 1, "nothing is sent again"
    return page


def test_passkey__added_and_used(key: SoftKey, at_the_second_factor: Client) -> None:
    answer = send(
        at_the_second_factor, SECOND, key.shown_for(options_of(at_the_second_factor, SECOND))
    )

    assert answer.headers["Location"] == "/staff/"


def test_new_passkey__of_a_page_opened_before_another__says_so(
    member: Client, chiba: Account
) -> None:
    stale = SoftKey().made_for(options_of(member, NEW))
    options_of(member, NEW)

    page = told(send(member, NEW, stale, name="窓口の端末"))

    assert TOO_OLD in page
    assert "もう一度「パスキーを作る」を押してください" in page
    assert 'value="窓口の端末"' in page
    assert [one.type for one in second_factors.of(chiba)] == ["totp"]


def test_new_passkey__sent_twice__is_there_once(
    member: Client, key: SoftKey, chiba: Account
) -> None:
    page = told(send(member, NEW, key.made_for(options_of(member, NEW))))

    assert "このパスキーは、もう登録してあります" in page
    assert [one.type for one in second_factors.of(chiba)] == ["totp", "webauthn"]


def test_sign_in__of_a_page_opened_before_another__says_so_and_no_code_was_wrong(
    key: SoftKey, at_the_second_factor: Client
) -> None:
    stale = key.shown_for(options_of(at_the_second_factor, SECOND))
    options_of(at_the_second_factor, SECOND)

    page = told(send(at_the_second_factor, SECOND, stale))

    assert TOO_OLD in page
    assert "確認コードが違います" not in page


def test_sign_in__with_a_key_that_was_never_added__says_so_and_no_code_was_wrong(
    at_the_second_factor: Client,
) -> None:
    strange = SoftKey(b"another").shown_for(options_of(at_the_second_factor, SECOND))

    page = told(send(at_the_second_factor, SECOND, strange))

    assert NOT_KNOWN in page
    assert "確認コードが違います" not in page


def test_what_a_browser_sends_beside_a_passkey__is_not_kept(member: Client, chiba: Account) -> None:
    made = SoftKey().made_for(options_of(member, NEW))

    send(member, NEW, made | {"more": "\x00", "clientExtensionResults": {"rk": "\ud800"}})

    [kept] = second_factors.of(chiba).filter(type="webauthn")
    assert "more" not in kept.data["credential"]
    assert kept.data["credential"]["clientExtensionResults"] == {}


STRANGE = [
    "",
    "x",
    "{",
    "null",
    "[]",
    '{"id": "x"}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
    '{"id": 1, "rawId": 1, "type": 1, "response": 1}',
    '{"id": [], "rawId": [], "type": {}, "response": []}',
    '{"id": "\\u0000", "rawId": "\\u0000", "type": "\\ud800", "response": null}',
    "9" * 5_000,
    "[" * 15_000,
    "[" * 100_000,
    '"' + "x" * 1_000_000 + '"',
]


@pytest.mark.parametrize("sent", STRANGE, ids=lambda text: text[:20])
def test_new_passkey__that_is_none__is_refused(member: Client, sent: str) -> None:
    assert NOT_MADE in told(send(member, NEW, sent))


@pytest.mark.parametrize("sent", STRANGE, ids=lambda text: text[:20])
def test_sign_in__with_no_passkey__is_refused(at_the_second_factor: Client, sent: str) -> None:
    assert NOT_KNOWN in told(send(at_the_second_factor, SECOND, sent))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
PLACES = [
    ("id",),
    ("rawId",),
    ("type",),
    ("response",),
    *[
        ("response", part)
        for part in ("clientDataJSON", "attestationObject", "authenticatorData", "signature")
    ],
]
many_requests = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def spoilt(credential: dict[str, Any], place: tuple[str, ...], value: object) -> dict[str, Any]:
    *outer, last = place
    copy: dict[str, Any] = json.loads(json.dumps(credential))
    inside = copy[outer[0]] if outer else copy
    inside[last] = value
    return copy


@many_requests
@given(place=st.sampled_from(PLACES), value=JSON)
def test_passkey__with_one_part_replaced__is_refused_or_taken(
    member: Client, place: tuple[str, ...], value: object
) -> None:
    made = SoftKey().made_for(options_of(member, NEW))

    assert send(member, NEW, spoilt(made, place, value)).status_code in (200, 302)


@many_requests
@given(where=st.floats(0, 1, exclude_max=True), sign=st.sampled_from("Aa0_-=*"))
def test_passkey__with_one_sign_replaced__is_refused_or_taken(
    member: Client, where: float, sign: str
) -> None:
    text = json.dumps(SoftKey().made_for(options_of(member, NEW)))
    at = int(where * len(text))

    assert send(member, NEW, text[:at] + sign + text[at + 1 :]).status_code in (200, 302)
    assert member.get("/staff/security/").status_code == 200
    assert member.get(NEW).status_code == 200
