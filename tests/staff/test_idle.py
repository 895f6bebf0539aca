"""A session that stood idle: locked, not lost, and what was typed comes back."""

import pytest
from django.test import Client

from tests.policies import at
from tests.situations import AtMoment, sign_in
from tests.staff import urls
from tests.staff.conftest import PASSWORD
from uketori.audit.models import Event
from uketori.staff.kept_posts import LONGEST_KEPT
from uketori.staff.models import Account
from uketori.staff.sessions import STAFF_COOKIE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.staff.urls")]
NOTE = "/staff/osaka/note"
SAVED = "/staff/osaka/note/saved"
UNLOCK = "/staff/unlock?next=/staff/osaka/note"


@pytest.fixture
def client(chiba: Account, at_moment: AtMoment) -> Client:
    """千葉's browser, last seen on Mon 2026-06-08 at 10:00."""
    urls.SAVED.clear()
    at_moment(at("2026-06-08 10:00"))
    browser = Client(HTTP_REFERER=f"http://testserver{NOTE}")
    sign_in(browser, chiba)
    assert browser.get(NOTE).status_code == 200
    return browser


@pytest.mark.parametrize(("time", "status"), [("10:29:59", 200), ("10:30:00", 302)])
def test_page__after_30_minutes_without_a_request__asks_for_the_password(
    client: Client, at_moment: AtMoment, time: str, status: int
) -> None:
    at_moment(at(f"2026-06-08 {time}"))

    answer = client.get(NOTE)

    assert answer.status_code == status
    assert answer.headers.get("Location", UNLOCK) == UNLOCK


def test_page__with_a_request_in_between__goes_on(client: Client, at_moment: AtMoment) -> None:
    for time in ("10:20", "10:49", "11:18"):
        at_moment(at(f"2026-06-08 {time}"))
        assert client.get(NOTE).status_code == 200


def test_form_sent_to_a_locked_session__comes_back_once_and_is_not_done(
    client: Client, at_moment: AtMoment
) -> None:
    at_moment(at("2026-06-08 11:00"))

    answer = client.post(SAVED, {"note": "折り返し　電話", "csrfmiddlewaretoken": "x"})
    assert answer.headers["Location"] == UNLOCK
    assert "いまの操作は、まだ行っていません" in client.get(UNLOCK).content.decode()
    key = client.cookies[STAFF_COOKIE].value
    unlocked = client.post("/staff/unlock", {"password": PASSWORD, "next": NOTE})

    assert unlocked.headers["Location"] == NOTE
    assert client.cookies[STAFF_COOKIE].value != key
    page = client.get(NOTE).content.decode()
    assert "折り返し　電話</textarea>" in page
    assert "前の操作は、まだ行っていません" in page
    assert "折り返し" not in client.get(NOTE).content.decode()
    assert urls.SAVED == []
    client.post(SAVED, {"note": "折り返し　電話"})
    assert urls.SAVED == ["折り返し　電話"]


def test_form_too_long_to_be_kept__said_so(client: Client, at_moment: AtMoment) -> None:
    at_moment(at("2026-06-08 11:00"))
    client.post(SAVED, {"note": "x" * LONGEST_KEPT})
    client.post("/staff/unlock", {"password": PASSWORD})

    page = client.get(NOTE).content.decode()

    assert "残せませんでした" in page
    assert "xxx" not in page


def test_wrong_password__stays_locked_and_is_recorded(client: Client, at_moment: AtMoment) -> None:
    at_moment(at("2026-06-08 11:00"))

    answer = client.post("/staff/unlock", {"password": "wrong", "next": NOTE})

    assert "パスワードが違います。" in answer.content.decode()
    assert client.get(NOTE).headers["Location"] == UNLOCK
    assert Event.objects.get(kind="staff_sign_in_failed").facts == {"step": "password"}


def test_locked_session__five_wrong_passwords__not_guessed_on(
    client: Client, at_moment: AtMoment
) -> None:
    at_moment(at("2026-06-08 11:00"))
    statuses = [
        client.post("/staff/unlock", {"password": word}).status_code
        for word in ["1", "2", "3", "4", "5", PASSWORD]
    ]

    assert statuses == [200, 200, 200, 200, 429, 429]
    assert client.get(NOTE).status_code == 302


def test_next_page__of_another_site__not_followed(client: Client) -> None:
    for wanted in ("https://example.com/staff/", "//example.com/staff/", "/osaka/", "/staff"):
        answer = client.post("/staff/unlock", {"password": PASSWORD, "next": wanted})
        assert answer.headers["Location"] == "/staff/"


def test_referer_of_another_site__is_no_page(client: Client, at_moment: AtMoment) -> None:
    at_moment(at("2026-06-08 11:00"))

    answer = client.post(SAVED, {"note": "x"}, headers={"referer": f"https://example.com{NOTE}"})

    assert answer.headers["Location"] == UNLOCK


def test_form_sent_without_a_session__leads_to_the_page_of_the_form() -> None:
    answer = Client().post(SAVED, {}, headers={"referer": f"http://testserver{NOTE}"})

    assert answer.headers["Location"] == f"/staff/sign-in?next={NOTE}"


def test_locked_session__can_be_ended(client: Client, at_moment: AtMoment) -> None:
    at_moment(at("2026-06-08 11:00"))

    assert client.post("/staff/sign-out").headers["Location"] == "/staff/sign-in"
    assert client.get(NOTE).headers["Location"] == f"/staff/sign-in?next={NOTE}"
