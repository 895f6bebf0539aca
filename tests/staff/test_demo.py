"""The invented accounts: a person without a telephone signs in; production bars them."""

import os
import re
import subprocess
import sys
from secrets import token_urlsafe
from typing import Any

import pytest
from django.test import Client

from tests.policies import at
from uketori.development import staff_accounts
from uketori.staff.models import Account

pytestmark = pytest.mark.django_db
NOW = at("2026-06-08 10:00")


@pytest.fixture(autouse=True)
def _filled() -> None:
    staff_accounts.fill(NOW)


@pytest.mark.parametrize("role", ["clerk", "supervisor", "administrator"])
def test_sign_in__with_what_the_page_shows(role: str) -> None:
    browser = Client()
    page = browser.get("/dev/staff").content.decode()
    code = re.search(r"data-code>(\d{6})<", page)
    assert code

    browser.post("/staff/sign-in", {"login": f"mihon-{role}", "password": staff_accounts.PASSWORD})
    done = browser.post("/staff/sign-in/second-factor", {"code": code[1]})

    assert done.headers["Location"] == "/staff/"
    assert browser.get("/staff/", follow=True).status_code == 200


def test_fill__twice__three_accounts() -> None:
    staff_accounts.fill(NOW)

    assert Account.objects.count() == 3


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1"])
def test_page__asked_from_elsewhere__not_there(client: Client, address: str) -> None:
    assert client.get("/dev/staff", REMOTE_ADDR=address).status_code == 404


def test_production__nobody_signs_in_by_these_names(settings: Any) -> None:
    settings.DEVELOPMENT = False
    browser = Client()

    answer = browser.post(
        "/staff/sign-in", {"login": "mihon-administrator", "password": staff_accounts.PASSWORD}
    )

    assert "アカウント名かパスワードが違います。" in answer.content.decode()
    with pytest.raises(RuntimeError):
        staff_accounts.fill(NOW)


def test_production__has_no_such_page() -> None:
    """In a process of its own, since addresses are read once."""
    program = (
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "try: reverse('demo_staff')\n"
        "except NoReverseMatch: print('not there')\n"
    )
    ours = {name: value for name, value in os.environ.items() if not name.startswith("UKETORI_")}
    ours |= {
        "DJANGO_SETTINGS_MODULE": "uketori.config.settings",
        "UKETORI_SECRET_KEY": token_urlsafe(48),
    }

    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], env=ours, capture_output=True, text=True, check=True
    )

    assert done.stdout == "not there\n"
