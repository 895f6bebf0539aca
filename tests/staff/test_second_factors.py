"""No account works without a second factor; adding, removing and recovering leave events."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.repository.test_urls import OWN_ACCOUNT
from tests.situations import AtMoment
from tests.staff.conftest import PASSWORD
from tests.staff.signing_in import code_of, type_code, type_password, with_totp, wrong_code
from uketori import clock
from uketori.audit.models import Event
from uketori.staff import second_factors
from uketori.staff.models import Account

pytestmark = pytest.mark.django_db

ADDING = {"staff/security/", "staff/security/totp", "staff/security/passkeys/new", "staff/unlock"}


@pytest.fixture
def newcomer(chiba: Account) -> Client:
    """千葉 on the first day: the password is right, a second factor is not there yet."""
    client = Client()
    assert type_password(client, chiba).headers["Location"] == "/staff/"
    return client


def secret_on(client: Client) -> str:
    return str(client.get("/staff/security/totp").context["form"].secret)


def events() -> list[tuple[str, object]]:
    return list(Event.objects.order_by("pk").values_list("kind", "facts"))


@pytest.mark.parametrize("pattern", sorted(OWN_ACCOUNT))
def test_newcomer__reaches_only_the_pages_for_adding(newcomer: Client, pattern: str) -> None:
    answer = newcomer.get("/" + pattern.replace("<int:pk>", "1"))

    if pattern in ADDING:
        assert answer.status_code == 200
    else:
        assert answer.headers["Location"] == "/staff/security/"


def test_newcomer__adds_an_application__and_is_in(newcomer: Client, chiba: Account) -> None:
    secret = secret_on(newcomer)

    answer = newcomer.post("/staff/security/totp", {"code": code_of(secret)})

    assert answer.headers["Location"] == "/staff/security/recovery-codes"
    page = newcomer.get("/staff/security/recovery-codes", follow=True)
    assert newcomer.get("/staff/", follow=True).status_code == 200
    assert page.status_code == 200
    assert ("second_factor_added", {"type": "totp"}) in events()


def test_newcomer__sees_the_recovery_codes_at_once(newcomer: Client) -> None:
    newcomer.post("/staff/security/totp", {"code": code_of(secret_on(newcomer))})

    page = newcomer.get("/staff/security/recovery-codes").content.decode()

    assert page.count('<li class="number">') == 10


def test_newcomer__types_a_wrong_code__nothing_is_added(newcomer: Client) -> None:
    answer = newcomer.post("/staff/security/totp", {"code": wrong_code(secret_on(newcomer))})

    assert "確認コードが違います" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert newcomer.get("/staff/").headers["Location"] == "/staff/security/"


def test_second_factor_added_elsewhere__the_session_without_it_ends(
    newcomer: Client, chiba: Account
) -> None:
    with_totp(chiba)

    assert newcomer.get("/staff/security/").headers["Location"] == "/staff/sign-in"
    assert newcomer.get("/staff/").headers["Location"].startswith("/staff/sign-in?next=")


@pytest.fixture
def member(chiba: Account) -> Client:
    """千葉, signed in with both factors."""
    secret = with_totp(chiba)
    client = Client()
    type_password(client, chiba)
    type_code(client, code_of(secret))
    return client


@pytest.mark.parametrize(
    "page",
    [
        "/staff/security/totp/removal",
        "/staff/security/passkeys/new",
        "/staff/security/recovery-codes/new",
    ],
)
def test_own_settings__minutes_after_the_sign_in__ask_for_the_password_first(
    member: Client, at_moment: AtMoment, page: str
) -> None:
    at_moment(clock.now() + timedelta(seconds=301))
    for answer in (member.get(page), member.post(page)):
        assert unquote(answer.headers["Location"]) == f"/staff/unlock?next={page}"

    back = member.post("/staff/unlock", {"password": PASSWORD, "next": page})

    assert back.headers["Location"] == page
    assert Authenticator.objects.count() == 1, "what was sent before the password is not done"
    assert member.get(page).status_code == 200


def test_last_second_factor__is_not_removed(member: Client, chiba: Account) -> None:
    unlock(member)

    answer = member.post("/staff/security/totp/removal")

    assert "ほかの認証の方法がない" in answer.content.decode()
    assert second_factors.of(chiba).count() == 1


def unlock(client: Client) -> None:
    client.post("/staff/unlock", {"password": PASSWORD})


def passkey(account: Account) -> Authenticator:
    return Authenticator.objects.create(
        user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "鍵", "credential": {}}
    )


def test_application__removed_when_there_is_a_passkey(member: Client, chiba: Account) -> None:
    passkey(chiba)
    unlock(member)

    assert member.post("/staff/security/totp/removal").headers["Location"] == "/staff/security/"

    assert [one.type for one in second_factors.of(chiba)] == ["webauthn"]
    assert events()[-1] == ("second_factor_removed", {"type": "totp"})


def test_passkey__removed_when_there_is_an_application(member: Client, chiba: Account) -> None:
    key = passkey(chiba)
    unlock(member)
    page = f"/staff/security/passkeys/{key.pk}/removal"

    assert "鍵" in member.get(page).content.decode()
    assert member.post(page).headers["Location"] == "/staff/security/"

    assert events()[-1] == ("second_factor_removed", {"type": "passkey"})


def test_last_passkey__is_not_removed(member: Client, chiba: Account) -> None:
    key = passkey(chiba)
    Authenticator.objects.filter(type=Authenticator.Type.TOTP).delete()
    unlock(member)

    assert member.post(f"/staff/security/passkeys/{key.pk}/removal").status_code == 403
    assert second_factors.of(chiba).count() == 1


def test_passkey_of_a_colleague__is_not_there(member: Client) -> None:
    other = Account.objects.create(username="uno", name="宇野 灯")
    key = passkey(other)
    unlock(member)

    assert member.post(f"/staff/security/passkeys/{key.pk}/removal").status_code == 404
    assert second_factors.of(other).exists()


def test_new_recovery_codes__the_old_ones_end(member: Client, chiba: Account) -> None:
    unlock(member)
    member.post("/staff/security/recovery-codes/new")
    first = member.get("/staff/security/recovery-codes").context["codes"]
    member.post("/staff/security/recovery-codes/new")
    second = member.get("/staff/security/recovery-codes").context["codes"]

    assert len(first) == len(second) == 10
    assert not set(first) & set(second)
    assert [kind for kind, _facts in events()].count("recovery_codes_made") == 2
