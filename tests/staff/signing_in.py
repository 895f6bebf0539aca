"""Signing in through the pages, as a browser does."""

import time

from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from tests.answers import Answer
from tests.staff.conftest import PASSWORD
from uketori.staff.models import Account

SIGN_IN = "/staff/sign-in"
SECOND = "/staff/sign-in/second-factor"


def with_totp(account: Account) -> str:
    """Give the account an authenticator application; return its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(account, secret)
    return str(secret)


def code_of(secret: str, steps: int = 0) -> str:
    """What the application shows now, or so many steps of 30 seconds later."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps)))


def wrong_code(secret: str) -> str:
    """A code that is none of those that count now."""
    right = {code_of(secret, steps) for steps in (-2, -1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)


def type_password(
    client: Client, account: Account | str, password: str = PASSWORD, **more: str
) -> Answer:
    """Send the first form."""
    name = account if isinstance(account, str) else account.username
    return client.post(SIGN_IN, {"login": name, "password": password, **more})


def type_code(client: Client, code: str) -> Answer:
    """Send the second form."""
    return client.post(SECOND, {"code": code})
