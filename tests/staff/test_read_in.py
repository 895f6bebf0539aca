"""A QR code read into the field of the password: no password, and no attempt."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.policies import at
from tests.situations import AtMoment, sign_in
from tests.staff.conftest import PASSWORD
from tests.staff.signing_in import SIGN_IN
from uketori.audit.models import Event
from uketori.staff.models import Account

pytestmark = pytest.mark.django_db
BOARD, UNLOCK = "/staff/osaka/counter/", "/staff/unlock"
READ_IN = "予約番号が読み取られました。パスワードを入力してください。"
SIX = ("K7M4-2QXP", "k7m4-2qxp", "2346-789A", "YYYY-YYYY", "ABCD-EFGH", "2222-2222")


@pytest.fixture
def client(chiba: Account, at_moment: AtMoment) -> Client:
    """千葉's browser, locked."""
    at_moment(at("2026-06-11 10:00"))
    browser = Client()
    sign_in(browser, chiba)
    browser.get(BOARD)
    at_moment(at("2026-06-11 10:55"))
    return browser


def test_references_read_into_the_lock__six_of_them__shut_nobody_out(client: Client) -> None:
    for reference in SIX:
        answer = client.post(UNLOCK, {"password": reference, "next": BOARD})
        assert answer.status_code == 200
        assert READ_IN in answer.content.decode()
        assert reference not in answer.content.decode()
    assert not Event.objects.filter(kind="staff_sign_in_failed").exists()
    assert client.get(BOARD).status_code == 302

    unlocked = client.post(UNLOCK, {"password": PASSWORD, "next": BOARD})

    assert unlocked.headers["Location"] == BOARD
    assert client.get(BOARD).status_code == 200


def test_wrong_passwords_at_the_lock__five_of_them__shut_out_among_references(
    client: Client,
) -> None:
    typed = ["1", SIX[0], "2", "3", SIX[1], "4", "5", PASSWORD]

    statuses = [client.post(UNLOCK, {"password": one}).status_code for one in typed]

    assert statuses == [200] * 6 + [429] * 2


@pytest.mark.parametrize(
    "almost", ["K7M4-2QX", "K7M4-2QXPP", "K7M4_2QXP", "K0M4-2QXP", " K7M4-2QXP"]
)
def test_almost_a_reference__is_a_wrong_password(client: Client, almost: str) -> None:
    answer = client.post(UNLOCK, {"password": almost})

    assert READ_IN not in answer.content.decode()
    assert Event.objects.filter(kind="staff_sign_in_failed").count() == 1


def test_references_read_into_the_sign_in__shut_nobody_out(chiba: Account) -> None:
    browser = Client()
    for reference in SIX:
        answer = browser.post(SIGN_IN, {"login": chiba.username, "password": reference})
        assert answer.status_code == 200
        assert READ_IN in answer.content.decode()

    answer = browser.post(SIGN_IN, {"login": chiba.username, "password": PASSWORD})

    assert answer.status_code == 302


@pytest.mark.parametrize("reference", SIX)
def test_reference__cannot_be_chosen_as_a_password(reference: str) -> None:
    """So nobody is kept from signing in by what the field refuses."""
    with pytest.raises(ValidationError):
        validate_password(reference)
