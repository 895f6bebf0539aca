"""A form that is open while somebody signs in as staff in the same browser loses nothing."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests import factories, situations
from tests.policies import at
from tests.situations import AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.staff.sessions import STAFF_COOKIE, STAFF_CSRF_COOKIE

pytestmark = pytest.mark.django_db

HERE: dict[str, Any] = {"HTTP_ORIGIN": "http://testserver"}
MONDAY = at("2026-06-08 10:00")


def token_on(page: bytes) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())
    assert found
    return found[1]


@pytest.fixture
def aoki(at_moment: AtMoment) -> CertificateClaim:
    at_moment(MONDAY)
    factories.first_notice()
    return situations.aoki()


@pytest.fixture
def browser(aoki: CertificateClaim) -> Client:
    """青木's, who is signed in; it checks tokens as the service does."""
    client = Client(enforce_csrf_checks=True)
    made = situations.signed_in_client(aoki)
    client.cookies.update(made.cookies)
    return client


def become_staff(client: Client) -> None:
    """Open the sign-in, which gives a token, and sign in, which changes it."""
    client.get("/staff/sign-in")
    situations.sign_in(client, situations.staff())


def test_public_form__staff_signed_in_meanwhile__is_taken(browser: Client) -> None:
    page = browser.get("/osaka/holders/new").content
    before = browser.cookies[settings.CSRF_COOKIE_NAME].value

    become_staff(browser)
    answer = browser.post("/osaka/holders/new", {"csrfmiddlewaretoken": token_on(page)}, **HERE)

    assert answer.status_code != 403
    assert browser.cookies[settings.CSRF_COOKIE_NAME].value == before
    staff = browser.cookies[STAFF_CSRF_COOKIE]
    assert (staff["path"], staff["samesite"]) == ("/staff/", "Strict")
    assert staff.value != before


def sent_late(client: Client, **more: Any) -> Any:
    return client.post("/osaka/holders/new", {"name": "青木 <花子>", "number": "大取第1号"}, **more)


def test_public_form__token_of_another_time__kept_and_sent_again_by_one_press(
    browser: Client,
) -> None:
    answer = sent_late(browser, **HERE)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "まだ登録していません。" in page
    assert 'name="name" value="青木 &lt;花子&gt;"' in page
    assert 'action="/osaka/holders/new"' in page
    again = {"name": "青木 <花子>", "csrfmiddlewaretoken": token_on(answer.content)}
    assert browser.post("/osaka/holders/new", again, **HERE).status_code != 403


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_form_of_another_site__nothing_of_it_is_offered(browser: Client, origin: str) -> None:
    answer = sent_late(browser, **({"HTTP_ORIGIN": origin} if origin else {}))

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "花子" not in page
    assert "もう一度送信する" not in page


def test_staff_form__signed_in_anew_meanwhile__kept_and_done_by_one_press(
    at_moment: AtMoment,
) -> None:
    at_moment(at("2026-06-11 10:20"))
    visit = factories.reservation(situations.aoki(), at("2026-06-11 10:00"), 1)
    client = Client(enforce_csrf_checks=True)
    situations.sign_in(client, situations.staff())
    way = f"/staff/osaka/counter/{visit.reference}/arrival"
    sent = {"opened": visit.reference, "clock": "10:05", "csrfmiddlewaretoken": "a" * 64}

    answer = client.post(way, sent, **HERE)

    assert answer.status_code == 403
    assert 'name="clock" value="10:05"' in answer.content.decode()
    assert Reservation.objects.get().arrived_at is None
    again = {**sent, "csrfmiddlewaretoken": token_on(answer.content)}
    assert client.post(way, again, **HERE).status_code == 302
    assert Reservation.objects.get().arrived_at == at("2026-06-11 10:05")
    assert STAFF_COOKIE in client.cookies


def test_sign_in_form__a_password_is_kept_in_no_page() -> None:
    client = Client(enforce_csrf_checks=True)

    page = client.post("/staff/sign-in", {"login": "chiba", "password": "geheim"}, **HERE)

    assert page.status_code == 403
    assert "geheim" not in page.content.decode()
