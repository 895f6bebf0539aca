"""The states of the staff's pages; they are made for screens from 1024 px on.

A state of the sign-in holds on a telephone, too: ``on_telephones``.
"""

from collections.abc import Callable

from django.test import Client

from tests.browser.counter_scene import reserved
from tests.browser.stage import Stage
from tests.situations import sign_in, staff
from tests.staff.conftest import PASSWORD
from tests.staff.signing_in import with_totp
from uketori import clock
from uketori.development import staff_accounts
from uketori.rules.permissions import Role
from uketori.staff.models import Account
from uketori.staff.sessions import STAFF_COOKIE, STAFF_PATH

State = Callable[[Stage], None]
STAFF_STATES: dict[str, State] = {}
ON_TELEPHONES: set[str] = set()


def staff_state(function: State) -> State:
    """Register a state under the name of its function."""
    STAFF_STATES[name_of(function)] = function
    return function


def on_telephones(function: State) -> State:
    """Hold this state to narrow screens, too."""
    ON_TELEPHONES.add(name_of(function))
    return function


def name_of(function: State) -> str:
    return "staff-" + function.__name__.replace("_", "-")


def with_password(role: Role = Role.CLERK) -> Account:
    """千葉 光, who knows the password and has no second factor."""
    account = staff(role)
    account.set_password(PASSWORD)
    account.save()
    return account


def open_sign_in(stage: Stage) -> None:
    stage.page.goto(f"{stage.root}/staff/sign-in")


def type_password(stage: Stage, account: Account, password: str = PASSWORD) -> None:
    """Send the first form."""
    open_sign_in(stage)
    stage.page.get_by_label("アカウント名").fill(account.username)
    stage.page.get_by_label("パスワード").fill(password)
    stage.press("次へ進む")


def enter(stage: Stage, path: str, role: Role = Role.CLERK) -> Account:
    """Open a page as somebody who has signed in with both factors."""
    account = with_password(role)
    with_totp(account)
    client = Client()
    sign_in(client, account)
    cookie = {
        "name": STAFF_COOKIE,
        "value": client.cookies[STAFF_COOKIE].value,
        "domain": "localhost",
        "path": STAFF_PATH,
    }
    stage.page.context.add_cookies([cookie])  # type: ignore[list-item]
    stage.page.goto(stage.root + path)
    return account


@staff_state
@on_telephones
def sign_in_page(stage: Stage) -> None:
    open_sign_in(stage)


@staff_state
@on_telephones
def sign_in_nothing_typed(stage: Stage) -> None:
    open_sign_in(stage)
    stage.press("次へ進む")
    stage.page.locator(".error-summary").wait_for()


@staff_state
@on_telephones
def sign_in_wrong(stage: Stage) -> None:
    type_password(stage, with_password(), "wrong")
    stage.page.locator(".error-summary").wait_for()


@staff_state
@on_telephones
def second_factor(stage: Stage) -> None:
    account = with_password()
    with_totp(account)
    type_password(stage, account)
    stage.page.get_by_label("確認コード").wait_for()


@staff_state
@on_telephones
def locked_out(stage: Stage) -> None:
    account = with_password()
    for _ in range(5):
        type_password(stage, account, "wrong")
    assert "しばらくサインインできません" in stage.page.inner_text("h1")


@staff_state
@on_telephones
def newcomer(stage: Stage) -> None:
    type_password(stage, with_password())
    assert "先に、もう一つの認証を登録してください" in stage.page.inner_text("main")


@staff_state
@on_telephones
def totp_add(stage: Stage) -> None:
    newcomer(stage)
    stage.page.get_by_role("link", name="認証アプリを登録する").click()
    assert stage.page.locator(".qr-frame svg").is_visible()


@staff_state
@on_telephones
def passkey_add(stage: Stage) -> None:
    newcomer(stage)
    stage.page.get_by_role("link", name="パスキーを登録する").click()
    assert not stage.page.locator("[data-passkey-error]").filter(visible=True).count()


@staff_state
def security(stage: Stage) -> None:
    enter(stage, "/staff/security/")


@staff_state
def unlock(stage: Stage) -> None:
    enter(stage, "/staff/")
    stage.set_clock("2026-06-08 11:20")
    stage.page.reload()
    assert "画面をロックしました" in stage.page.inner_text("main")


@staff_state
@on_telephones
def unlock_reference_read_in(stage: Stage) -> None:
    unlock(stage)
    stage.page.get_by_label("パスワード").fill("K7M4-2QXP")
    stage.press("続ける")
    stage.page.locator(".error-summary").wait_for()


@staff_state
@on_telephones
def unlock_something_sent(stage: Stage) -> None:
    send_late(stage, "まだ交付できない")
    assert "いまの操作は、まだ行っていません" in stage.page.inner_text("main")


@staff_state
def taken_up_again(stage: Stage) -> None:
    send_late(stage, "まだ交付できない")
    lift(stage)
    assert "前の操作は、まだ行っていません" in stage.page.inner_text("main")


@staff_state
def nothing_to_take_up(stage: Stage) -> None:
    send_late(stage, "印刷する")
    lift(stage)
    assert "前の操作は、行っていません" in stage.page.inner_text("main")


def send_late(stage: Stage, button: str) -> None:
    """Tick two cases on the list of tomorrow, and press half an hour later."""
    reserved("青木 花子", "アオキ ハナコ", 3)
    stage.set_clock("2026-06-10 13:00")
    enter(stage, "/staff/osaka/counter/preparation/2026-06-11")
    stage.set_clock("2026-06-10 13:40")
    for box in stage.page.locator("input[name=case]").all()[:2]:
        box.check()
    stage.press(button)


def lift(stage: Stage) -> None:
    """Type the password into the lock."""
    stage.page.get_by_label("パスワード").fill(PASSWORD)
    stage.press("続ける")


@staff_state
def home(stage: Stage) -> None:
    enter(stage, "/staff/")


@staff_state
def not_found(stage: Stage) -> None:
    enter(stage, "/staff/nowhere/counter/nothing")
    stage.page.get_by_text("エラー番号 404").wait_for()


@staff_state
def demo_accounts(stage: Stage) -> None:
    staff_accounts.fill(clock.now())
    stage.page.goto(f"{stage.root}/dev/staff")
    assert "mihon-clerk" in stage.page.inner_text("main")
