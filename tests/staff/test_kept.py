"""What was sent to a locked session: each page has its own, and says what is not there again."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.answers import Answer
from tests.policies import at
from tests.situations import AtMoment, sign_in, unlock
from tests.staff import urls
from tests.staff.signing_in import with_totp
from uketori.staff.kept_posts import LONGEST_KEPT, MOST_KEPT
from uketori.staff.models import Account
from uketori.staff.sessions import STAFF_COOKIE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.staff.urls")]
NOTE, SAVED = "/staff/osaka/note", "/staff/osaka/note/saved"
CHECK_IT = "送信された内容です。たしかめて、もう一度送信してください。"
PRESS_AGAIN = "必要なときは、もう一度操作してください。"
LOST = "送信された内容は、残せませんでした。"
FILES_LOST = "選んだファイルは残せませんでした。"
REPLACED = "同じ画面からその前に送信された内容は、残していません。"


@pytest.fixture
def client(chiba: Account, at_moment: AtMoment) -> Client:
    """千葉's browser, locked on Mon 2026-06-08 at 11:00."""
    urls.SAVED.clear()
    at_moment(at("2026-06-08 10:00"))
    browser = Client()
    sign_in(browser, chiba)
    browser.get(NOTE)
    at_moment(at("2026-06-08 11:00"))
    return browser


def send(client: Client, page: str, **typed: object) -> Answer:
    return client.post(SAVED, typed, headers={"referer": f"http://testserver{page}"})


def told_on(client: Client, page: str) -> tuple[str, list[str]]:
    """The note that stands on the page, and what is said of the form that was not done."""
    html = client.get(page).content.decode()
    said = (CHECK_IT, PRESS_AGAIN, LOST, FILES_LOST, REPLACED)
    note = html.split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>", 1)[0]
    return note, [one for one in said if one in html]


def tab(number: int) -> str:
    return f"{NOTE}?tab={number}"


def test_two_tabs__each_finds_its_own_once(client: Client) -> None:
    send(client, tab(1), note="一つ目")
    send(client, tab(2), note="二つ目")
    unlock(client)

    assert told_on(client, tab(1)) == ("一つ目", [CHECK_IT])
    assert told_on(client, tab(2)) == ("二つ目", [CHECK_IT])
    assert told_on(client, tab(1)) == ("", [])
    assert urls.SAVED == []


def test_two_tabs_of_one_page__the_later_is_there_and_the_other_told_of(client: Client) -> None:
    send(client, NOTE, note="一つ目")
    send(client, NOTE, note="二つ目")
    unlock(client)

    assert told_on(client, NOTE) == ("二つ目", [CHECK_IT, REPLACED])


def test_same_form_sent_again__nothing_was_replaced(client: Client) -> None:
    send(client, NOTE, note="一つ目")
    send(client, NOTE, note="一つ目")
    unlock(client)

    assert told_on(client, NOTE) == ("一つ目", [CHECK_IT])


def test_many_tabs__the_newest_are_kept_and_the_older_told_of(client: Client) -> None:
    for number in range(MOST_KEPT + 1):
        send(client, tab(number), note=f"{number}番")
    unlock(client)

    assert told_on(client, tab(0)) == ("", [LOST])
    assert told_on(client, tab(1)) == ("1番", [CHECK_IT])
    assert told_on(client, tab(MOST_KEPT)) == (f"{MOST_KEPT}番", [CHECK_IT])


@pytest.mark.parametrize(("more", "told"), [(0, CHECK_IT), (1, LOST)])
def test_form_of_64_kib__kept__one_byte_more__told_of(client: Client, more: int, told: str) -> None:
    long = "x" * (LONGEST_KEPT - len("note=") + more)
    send(client, NOTE, note=long)
    unlock(client)

    assert told_on(client, NOTE) == ("" if more else long, [told])


def test_form_with_a_file__what_was_typed_is_kept_and_the_file_told_of(client: Client) -> None:
    send(client, NOTE, note="一つ目", csv=SimpleUploadedFile("a.csv", b"1"))
    unlock(client)

    assert told_on(client, NOTE) == ("一つ目", [CHECK_IT, FILES_LOST])


def test_form_that_the_page_does_not_show__is_not_said_to_be_kept(client: Client) -> None:
    """A button of its own, or what another page types: nothing of it stands in this form."""
    send(client, NOTE, other="一つ目")
    unlock(client)

    assert told_on(client, NOTE) == ("", [PRESS_AGAIN])


def test_form_of_one_s_own_settings__holds_secrets__told_of_and_not_kept(
    client: Client, chiba: Account
) -> None:
    with_totp(chiba)
    page = "/staff/security/"
    where = "/staff/security/recovery-codes/new"
    answer = client.post(where, {"code": "123456"}, headers={"referer": f"http://testserver{page}"})
    assert answer.headers["Location"] == f"/staff/unlock?next={page}"
    session = SessionStore(session_key=client.cookies[STAFF_COOKIE].value)
    assert page in session["kept_posts"]
    assert "123456" not in str(session.load())
    unlock(client)

    html = client.get(page).content.decode()

    assert LOST in html
    assert CHECK_IT not in html
