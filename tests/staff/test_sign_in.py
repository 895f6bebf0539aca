"""Signing in with a name, a password and a second factor."""

from http.cookies import SimpleCookie

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from tests.policies import at
from tests.situations import AtMoment, sign_in, staff
from tests.staff.conftest import PASSWORD
from tests.staff.signing_in import (
    SECOND,
    SIGN_IN,
    code_of,
    type_code,
    type_password,
    with_totp,
    wrong_code,
)
from uketori.audit.models import Event
from uketori.rules.permissions import Role
from uketori.staff.models import Account, Post
from uketori.staff.second_factor_limit import MOST_CODES

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(chiba: Account) -> str:
    return with_totp(chiba)


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_password_and_code__lands(chiba: Account, secret: str, client: Client) -> None:
    asked = type_password(client, chiba)
    assert asked.headers["Location"] == SECOND
    assert client.get("/staff/").status_code == 302
    assert client.get(SECOND).status_code == 200
    done = type_code(client, code_of(secret))

    assert done.headers["Location"] == "/staff/"
    assert client.get("/staff/", follow=True).status_code == 200
    assert kinds() == ["staff_signed_in"]
    assert Event.objects.get().actor == chiba.actor


def test_password_alone__is_nobody(chiba: Account, secret: str, client: Client) -> None:
    type_password(client, chiba)

    for page in ("/staff/", "/staff/security/", "/staff/security/totp", "/staff/unlock"):
        assert client.get(page).headers["Location"].startswith(f"{SIGN_IN}?next=")
    assert kinds() == []


def test_name__in_other_widths_and_case__is_the_same(
    chiba: Account, secret: str, client: Client
) -> None:
    Account.objects.update(username="hirano")

    assert type_password(client, "　ＨＩＲＡＮＯ ").headers["Location"] == SECOND


@pytest.mark.parametrize("page", ["/staff/osaka/counter/", "/staff/security/"])
def test_next__own_page__led_there(chiba: Account, secret: str, client: Client, page: str) -> None:
    type_password(client, chiba, next=page)

    assert type_code(client, code_of(secret)).headers["Location"] == page


@pytest.mark.parametrize(
    "page",
    ["https://example.com/", "//example.com/staff/", "/osaka/", "/staff", "/staff\\@example.com"],
)
def test_next__anywhere_else__not_followed(
    chiba: Account, secret: str, client: Client, page: str
) -> None:
    type_password(client, chiba, next=page)

    assert type_code(client, code_of(secret)).headers["Location"] == "/staff/"


def test_wrong_code__said_and_recorded(chiba: Account, secret: str, client: Client) -> None:
    type_password(client, chiba)

    answer = type_code(client, wrong_code(secret))

    assert "確認コードが違います" in answer.content.decode()
    assert client.get("/staff/").status_code == 302
    event = Event.objects.get()
    assert (event.kind, event.facts) == ("staff_sign_in_failed", {"step": "second_factor"})


def test_code__full_width__is_the_same(chiba: Account, secret: str, client: Client) -> None:
    type_password(client, chiba)
    wide = code_of(secret).translate({ord("0") + n: ord("０") + n for n in range(10)})

    assert type_code(client, wide).headers["Location"] == "/staff/"


def test_code__counts_once__also_over_the_edge_of_a_window(
    chiba: Account, secret: str, at_moment: AtMoment
) -> None:
    first, second = Client(), Client()
    at_moment(at("2026-06-08 10:14:50"))
    code = code_of(secret)
    type_password(first, chiba)
    type_password(second, chiba)
    assert type_code(first, code).headers["Location"] == "/staff/"
    at_moment(at("2026-06-08 10:15:05"))

    answer = type_code(second, code)

    assert answer.status_code == 200
    assert "確認コードが違います" in answer.content.decode()


@pytest.mark.parametrize(("steps", "status"), [(-2, 200), (-1, 302), (1, 302), (2, 200)])
def test_code__of_a_clock_half_a_minute_off__counts(
    chiba: Account, secret: str, client: Client, at_moment: AtMoment, steps: int, status: int
) -> None:
    at_moment(at("2026-06-08 10:00:10"))
    type_password(client, chiba)

    assert type_code(client, code_of(secret, steps)).status_code == status


def test_codes__guessed__stopped_before_the_right_one(
    chiba: Account, secret: str, at_moment: AtMoment
) -> None:
    """Also in another browser, and only by who knows the password."""
    at_moment(at("2026-06-08 10:00:10"))
    for _ in range(MOST_CODES):
        guesser = Client()
        type_password(guesser, chiba)
        type_code(guesser, wrong_code(secret))
    other = Client(REMOTE_ADDR="198.51.100.9")
    type_password(other, chiba)

    answer = type_code(other, code_of(secret))

    assert answer.status_code == 200
    assert "しばらく受け付けていません" in answer.content.decode()


def test_recovery_code__counts_once(chiba: Account, secret: str) -> None:
    code = RecoveryCodes.activate(chiba).get_unused_codes()[0]
    first, second = Client(), Client()
    type_password(first, chiba)
    type_password(second, chiba)

    assert type_code(first, code).headers["Location"] == "/staff/"
    assert type_code(second, code).status_code == 200


def test_sign_out__ends_the_session_on_the_server(
    chiba: Account, secret: str, client: Client
) -> None:
    type_password(client, chiba)
    type_code(client, code_of(secret))
    stolen = Client()
    stolen.cookies = SimpleCookie(client.cookies)
    assert client.get("/staff/sign-out").headers["Location"] == "/staff/"  # a GET ends nothing

    assert client.post("/staff/sign-out").headers["Location"] == SIGN_IN

    assert stolen.get("/staff/").status_code == 302
    assert kinds() == ["staff_signed_in", "staff_signed_out"]


def test_secret__is_encrypted_in_the_table(chiba: Account, secret: str) -> None:
    assert secret not in str(Authenticator.objects.get().data)


def test_page_of_the_second_step__without_the_first__leads_back(client: Client) -> None:
    assert client.get(SECOND).headers["Location"] == SIGN_IN
    assert type_code(client, "000000").headers["Location"] == SIGN_IN


def test_account_that_was_stopped__same_answer_as_a_wrong_password(
    chiba: Account, secret: str, client: Client
) -> None:
    Account.objects.update(is_active=False)

    assert "違います" in type_password(client, chiba).content.decode()
    assert PASSWORD not in str(Event.objects.get().facts)


def test_first_page__of_somebody_with_posts_at_two_bureaus__lists_both(client: Client) -> None:
    sign_in(client, staff())
    Post.objects.create(account=staff(), bureau="minato", role=Role.CLERK)

    page = client.get("/staff/").content.decode()

    assert "大阪出入国在留管理局" in page
    assert "/staff/osaka/counter/" in page
    assert "minato" in page


def test_first_page__of_somebody_without_a_post__says_whom_to_ask(client: Client) -> None:
    sign_in(client, staff())
    Post.objects.all().delete()

    assert "管理者に申し出てください" in client.get("/staff/").content.decode()
    assert client.get("/staff/osaka/counter/").status_code == 404
