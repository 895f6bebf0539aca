"""Signing in with a name, a password and a second factor."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from tests.situations import staff
from uketori.staff.models import Account

PASSWORD = "kokoro-no-kagi-1234"  # noqa: S105 - of tests only

pytestmark = pytest.mark.django_db


@pytest.fixture
def chiba() -> Account:
    account = staff()
    account.set_password(PASSWORD)
    account.save()
    return account


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def test_sign_in__with_password_and_code__lands(chiba: Account) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(chiba, secret)
    client = Client()

    asked = client.post("/staff/sign-in", {"login": chiba.username, "password": PASSWORD})
    assert asked.headers["Location"] == "/staff/sign-in/second-factor"
    assert client.get("/staff/").status_code == 302
    page = client.get("/staff/sign-in/second-factor")
    assert page.status_code == 200
    done = client.post("/staff/sign-in/second-factor", {"code": code_of(secret)})

    assert done.headers["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200
    assert Authenticator.objects.get(user=chiba, type="totp").data["secret"] != secret
