"""Whoever tries the sign-in: learns nothing, shuts out nobody else, gains nothing by a cookie."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from tests.situations import staff
from tests.staff.conftest import PASSWORD
from tests.staff.signing_in import SECOND, SIGN_IN, code_of, type_code, type_password, with_totp
from uketori.audit.models import Event
from uketori.staff.models import Account
from uketori.staff.sessions import STAFF_COOKIE

pytestmark = pytest.mark.django_db


def guess(client: Client, name: str, times: int = 5) -> list[int]:
    return [type_password(client, name, f"wrong{n}").status_code for n in range(times)]


def test_five_wrong_passwords__this_name_from_this_address_waits(chiba: Account) -> None:
    with_totp(chiba)
    stranger = Client(REMOTE_ADDR="198.51.100.7")

    assert guess(stranger, chiba.username) == [200, 200, 200, 200, 429]

    locked = type_password(stranger, chiba)
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    assert "15分" in locked.content.decode()
    assert "管理者に申し出て" in locked.content.decode()


def test_stranger_s_wrong_passwords__do_not_shut_out_the_person(chiba: Account) -> None:
    with_totp(chiba)
    guess(Client(REMOTE_ADDR="198.51.100.7"), chiba.username)

    answer = type_password(Client(REMOTE_ADDR="192.0.2.10"), chiba)

    assert answer.headers["Location"] == SECOND


def test_wrong_passwords__do_not_shut_out_a_colleague_at_the_same_address(chiba: Account) -> None:
    with_totp(chiba)
    guess(Client(), "somebody-else")

    assert type_password(Client(), chiba).headers["Location"] == SECOND


def test_wrong_passwords__in_another_case_or_browser__count_together(chiba: Account) -> None:
    Account.objects.update(username="hirano")
    names = ["hirano", "HIRANO", "ｈｉｒａｎｏ", " hirano", "Hirano"]

    statuses = [
        type_password(Client(HTTP_USER_AGENT=f"browser {name}"), name, "wrong").status_code
        for name in names
    ]

    assert statuses == [200, 200, 200, 200, 429]


def test_right_password__forgets_the_wrong_ones(chiba: Account) -> None:
    secret = with_totp(chiba)
    client = Client()
    guess(client, chiba.username, 4)
    type_password(client, chiba)
    type_code(client, code_of(secret))

    assert guess(Client(), chiba.username, 4) == [200] * 4


def test_unknown_name__same_answer_same_work(
    chiba: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash is computed once for each, whether there is such an account or not."""
    hashes: list[str] = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda *a: hashes.append("encode") or encode(*a)
    )
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda *a: hashes.append("verify") or verify(*a)
    )

    known = type_password(Client(), chiba, "wrong")
    assert len(hashes) == 1
    unknown = type_password(Client(), "nobody-here", "wrong")

    assert len(hashes) == 2
    assert known.status_code == unknown.status_code
    assert plain(known, chiba.username) == plain(unknown, "nobody-here")
    assert Argon2PasswordHasher.algorithm == "argon2"


def plain(answer: Any, name: str) -> str:
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return str(text.replace(name, "NAME"))


def test_locked_name__unknown_or_known__same_answer(chiba: Account) -> None:
    guess(Client(), chiba.username)
    guess(Client(), "nobody-here")

    known = type_password(Client(), chiba)
    unknown = type_password(Client(), "nobody-here")

    assert plain(known, chiba.username) == plain(unknown, "nobody-here")


def test_events_of_failures__never_what_was_typed(chiba: Account) -> None:
    type_password(Client(), "平野 薫の名前", "himitsu no kotoba")
    type_password(Client(), chiba, "himitsu no kotoba")

    unknown, known = Event.objects.order_by("pk")
    assert (unknown.subject, unknown.actor) == ("account:unknown", "system:sign_in")
    assert known.subject == f"account:{chiba.pk}"
    for event in (unknown, known):
        told = f"{event.kind} {event.actor} {event.subject} {event.facts}"
        assert "平野" not in told
        assert "himitsu" not in told
        assert chiba.username not in told


def test_session__planted_before__is_worth_nothing_after(chiba: Account) -> None:
    secret = with_totp(chiba)
    planted = SessionStore()
    planted["x"] = 1
    planted.save()
    victim, attacker = Client(), Client()
    for browser in (victim, attacker):
        browser.cookies[STAFF_COOKIE] = str(planted.session_key)

    type_password(victim, chiba)
    type_code(victim, code_of(secret))

    assert victim.get("/staff/", follow=True).status_code == 200
    assert victim.cookies[STAFF_COOKIE].value != planted.session_key
    assert attacker.get("/staff/").status_code == 302
    assert attacker.get(SECOND).headers["Location"] == SIGN_IN


def test_cookie__for_the_staff_s_pages_and_scripts_do_not_see_it(
    chiba: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SESSION_COOKIE_SECURE", True)
    with_totp(chiba)
    client = Client()
    type_password(client, chiba)

    cookie = client.cookies[STAFF_COOKIE]
    assert (cookie["path"], cookie["samesite"]) == ("/staff/", "Strict")
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["max-age"] == ""  # ends with the browser
    assert "messages" not in client.cookies


def test_form_of_another_site__refused(chiba: Account) -> None:
    client = Client(enforce_csrf_checks=True)

    assert type_password(client, chiba).status_code == 403
    assert not Event.objects.exists()


def test_passwords__are_hashed_by_argon2() -> None:
    account = staff()
    account.set_password(PASSWORD)

    assert account.password.startswith("argon2$argon2id$")
