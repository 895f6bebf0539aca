"""``uketori create-administrator`` and ``uketori staff``, as an operator types them."""

import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from tests.policies import at
from tests.situations import sign_in, staff, staff_client
from tests.staff.conftest import PASSWORD
from uketori.audit.models import Event
from uketori.cli import main
from uketori.development import staff_accounts
from uketori.rules.permissions import Role
from uketori.staff.models import Account, Post

pytestmark = pytest.mark.django_db
FIRST = ("create-administrator", "osaka", "hirano", "平野 薫")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a script writes to the command."""

    def write(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    write(f"{PASSWORD}\n")
    return write


def event() -> Event:
    return Event.objects.get()


def test_first_administrator__made__told_where_to_sign_in(typed: Any, capsys: Any) -> None:
    assert main(FIRST) == 0

    assert "/staff/sign-in" in capsys.readouterr().out
    account = Account.objects.get()
    assert account.check_password(PASSWORD)
    assert Post.objects.get().role == Role.ADMINISTRATOR
    assert account.password.startswith("argon2")
    assert (event().kind, event().bureau) == ("account_created", "osaka")
    assert event().subject == f"account:{account.pk}"
    assert "hirano" not in str(event().facts)


def test_second_administrator__only_when_asked_for(typed: Any, capsys: Any) -> None:
    staff(Role.ADMINISTRATOR)

    assert main(FIRST) == 2
    assert "--another" in capsys.readouterr().err
    assert main([*FIRST, "--another"]) == 0


def test_invented_administrator_of_development__counts_not(typed: Any) -> None:
    staff_accounts.fill(at("2026-06-08 10:00"))

    assert main(FIRST) == 0


def test_administrator_who_was_stopped__counts_no_more(typed: Any) -> None:
    account = staff(Role.ADMINISTRATOR)
    assert main(["staff", "deactivate", account.username]) == 0

    assert main(FIRST) == 0


def test_password__of_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UKETORI_STAFF_PASSWORD", PASSWORD)

    assert main(FIRST) == 0


@pytest.mark.parametrize("password", ["", "elevenchars", "password1234"])
def test_password__too_weak__refused(typed: Any, capsys: Any, password: str) -> None:
    typed(f"{password}\n")

    assert main(FIRST) == 2
    assert "パスワード" in capsys.readouterr().err
    assert not Account.objects.exists()


@pytest.mark.parametrize("username", ["Hirano", "平野", "ab", "a b c", "x" * 51])
def test_username__odd__refused(typed: Any, username: str) -> None:
    assert main(["staff", "add", "osaka", username, "平野 薫"]) == 2
    assert not Account.objects.exists()


def test_unknown_bureau__refused(typed: Any) -> None:
    assert main(["create-administrator", "nowhere", "hirano", "平野 薫"]) == 2


def test_clerk__added_and_listed(typed: Any, capsys: Any) -> None:
    assert main(["staff", "add", "osaka", "hirano", "平野 薫", "--role", "supervisor"]) == 0
    capsys.readouterr()
    assert main(["staff", "list", "osaka"]) == 0

    assert capsys.readouterr().out == "osaka　責任者　hirano　平野 薫　認証の登録がまだ\n"


def test_same_name_twice__refused(typed: Any) -> None:
    staff(name="平野")
    typed(f"{PASSWORD}\n")
    assert main(["staff", "add", "osaka", "hirano", "平野"]) == 0
    typed(f"{PASSWORD}\n")
    assert main(["staff", "add", "osaka", "hirano", "平野"]) == 2


def test_deactivated__signed_out_everywhere_at_once(capsys: Any) -> None:
    account, client, colleague = staff(), staff_client(), staff_client(name="宇野 灯")
    assert client.get("/staff/", follow=True).status_code == 200

    assert main(["staff", "deactivate", account.username]) == 0

    assert client.get("/staff/").status_code == 302
    assert colleague.get("/staff/", follow=True).status_code == 200
    assert event().kind == "account_deactivated"


def test_second_factor_reset__session_ended__and_a_new_one_asked(chiba: Account) -> None:
    TOTP.activate(chiba, "A" * 32)
    client = Client()
    sign_in(client, chiba)

    assert main(["staff", "reset-second-factor", chiba.username]) == 0

    assert not Authenticator.objects.exists()
    assert client.get("/staff/").headers["Location"].startswith("/staff/sign-in")
    client.post("/staff/sign-in", {"login": chiba.username, "password": PASSWORD})
    assert client.get("/staff/").headers["Location"] == "/staff/security/"
    assert event_kinds()[0] == "second_factor_reset"


def event_kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_new_password__old_one_and_open_pages_end(typed: Any, chiba: Account) -> None:
    client = Client()
    sign_in(client, chiba)
    typed("betsu-no-kagi-5678\n")

    assert main(["staff", "new-password", chiba.username]) == 0

    chiba.refresh_from_db()
    assert chiba.check_password("betsu-no-kagi-5678")
    assert client.get("/staff/").status_code == 302


@pytest.mark.parametrize("act", ["deactivate", "reset-second-factor", "new-password"])
def test_unknown_account__refused(typed: Any, act: str) -> None:
    assert main(["staff", act, "nobody"]) == 2
