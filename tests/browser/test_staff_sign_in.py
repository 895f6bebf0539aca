"""The staff signs in: by a code, by a passkey; a wrong one, and too many wrong ones."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.stage import Stage
from tests.browser.states_staff import enter, newcomer, open_sign_in, type_password, with_password
from tests.staff.conftest import PASSWORD
from tests.staff.signing_in import SECOND, code_of, with_totp, wrong_code
from tests.staff.signing_in import type_password as send_password
from uketori.staff import second_factors

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_code__wrong_then_right__lands(stage: Stage) -> None:
    account = with_password()
    secret = with_totp(account)
    type_password(stage, account)
    code = stage.page.get_by_label("確認コード")
    code.fill(wrong_code(secret))
    stage.press("サインインする")
    expect(stage.page.locator(".error-summary")).to_contain_text("確認コードが違います")

    code.fill(code_of(secret))
    stage.press("サインインする")

    expect(stage.page.get_by_role("button", name="サインアウト")).to_be_visible()
    expect(stage.page.locator(".staff-bar")).to_contain_text("千葉 光")
    stage.page.get_by_role("button", name="サインアウト").click()
    expect(stage.page.get_by_role("heading", level=1)).to_have_text("職員のサインイン")


def test_newcomer__adds_an_application_and_sees_the_recovery_codes(stage: Stage) -> None:
    newcomer(stage)
    stage.page.get_by_role("link", name="認証アプリを登録する").click()
    secret = stage.page.locator("main ol .strong").inner_text().replace(" ", "")
    stage.page.get_by_label("確認コード").fill(code_of(secret))
    stage.press("登録する")

    expect(stage.page.get_by_role("heading", level=1)).to_have_text("回復コード")
    expect(stage.page.locator("main li.number")).to_have_count(10)
    stage.page.get_by_role("link", name="しまいました").click()
    expect(stage.page.get_by_role("heading", level=1)).not_to_have_text("サインインの設定")


@pytest.fixture
def device(stage: Stage) -> None:
    """A device that makes and shows keys by itself."""
    devtools = stage.page.context.new_cdp_session(stage.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def add_passkey(stage: Stage, name: str) -> None:
    stage.page.goto(f"{stage.root}/staff/security/passkeys/new")
    stage.page.get_by_label("パスキーの呼び名").fill(name)
    stage.press("パスキーを作る")


def opened_elsewhere(stage: Stage, path: str) -> None:
    """The same page in another tab, which is then closed."""
    tab = stage.page.context.new_page()
    tab.goto(f"{stage.root}{path}")
    tab.close()


@pytest.mark.usefixtures("device")
def test_passkey__added_on_the_first_day__signs_in_on_the_second(stage: Stage) -> None:
    """Under the strict content security policy: the console must stay silent."""
    newcomer(stage)
    add_passkey(stage, "窓口の端末")
    expect(stage.page.get_by_role("heading", level=1)).to_have_text("回復コード")
    stage.page.get_by_role("button", name="サインアウト").click()
    expect(stage.page.get_by_role("heading", level=1)).to_have_text("職員のサインイン")

    type_password(stage, with_password())
    stage.press("パスキーを使う")

    expect(stage.page.get_by_role("button", name="サインアウト")).to_be_visible()
    stage.page.goto(f"{stage.root}/staff/security/")
    expect(stage.page.locator("main")).to_contain_text("窓口の端末")
    assert [one.type for one in second_factors.of(with_password())] == ["webauthn"]


@pytest.mark.usefixtures("device")
def test_passkey__a_second_one_on_the_same_device__is_there_already(stage: Stage) -> None:
    newcomer(stage)
    add_passkey(stage, "窓口の端末")
    expect(stage.page.get_by_role("heading", level=1)).to_have_text("回復コード")

    add_passkey(stage, "もう一つ")

    told = stage.page.get_by_role("alert")
    expect(told).to_contain_text("この端末か鍵には、あなたのパスキーがもうあります")
    expect(told).not_to_contain_text("作れませんでした")
    assert second_factors.of(with_password()).count() == 1


@pytest.mark.usefixtures("device")
def test_passkey__asked_for_in_two_tabs__says_so_and_goes_on(stage: Stage) -> None:
    newcomer(stage)
    page = "/staff/security/passkeys/new"
    stage.page.goto(f"{stage.root}{page}")
    opened_elsewhere(stage, page)
    stage.page.get_by_label("パスキーの呼び名").fill("窓口の端末")
    stage.press("パスキーを作る")
    expect(stage.page.locator(".error-summary")).to_contain_text("このページは古くなっていました")
    expect(stage.page.get_by_label("パスキーの呼び名")).to_have_value("窓口の端末")
    stage.press("パスキーを作る")
    expect(stage.page.get_by_role("heading", level=1)).to_have_text("回復コード")
    stage.page.get_by_role("button", name="サインアウト").click()
    type_password(stage, with_password())
    opened_elsewhere(stage, "/staff/sign-in/second-factor")

    stage.press("パスキーを使う")

    summary = stage.page.locator(".error-summary")
    expect(summary).to_contain_text("このページは古くなっていました")
    expect(summary).not_to_contain_text("確認コードが違います")
    stage.press("パスキーを使う")
    expect(stage.page.get_by_role("button", name="サインアウト")).to_be_visible()


@pytest.mark.usefixtures("device")
def test_passkey__at_an_address_of_numbers__says_to_open_the_name(
    stage: Stage, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    stage.root = stage.root.replace("localhost", "127.0.0.1")
    newcomer(stage)

    add_passkey(stage, "窓口の端末")

    expect(stage.page.get_by_role("alert")).to_contain_text("localhost")


def test_passkey__that_the_browser_refuses__said_and_nothing_is_lost(stage: Stage) -> None:
    newcomer(stage)
    stage.page.get_by_role("link", name="パスキーを登録する").click()
    stage.page.evaluate("() => { navigator.credentials.create = () => Promise.reject('no'); }")
    stage.page.get_by_label("パスキーの呼び名").fill("窓口の端末")
    stage.press("パスキーを作る")

    expect(stage.page.get_by_role("alert")).to_contain_text("もう一度「パスキーを作る」を")
    expect(stage.page.get_by_label("パスキーの呼び名")).to_have_value("窓口の端末")


def test_five_wrong_passwords__here_locked__at_another_address_not(stage: Stage) -> None:
    account = with_password()
    with_totp(account)
    for _ in range(5):
        type_password(stage, account, "wrong")
    expect(stage.page.get_by_role("heading", level=1)).to_have_text("しばらくサインインできません")
    type_password(stage, account)
    expect(stage.page.get_by_role("heading", level=1)).to_have_text("しばらくサインインできません")

    elsewhere = send_password(Client(REMOTE_ADDR="192.0.2.33"), account)

    assert elsewhere.headers["Location"] == SECOND


def test_session_that_stood_idle__password_again__same_page(stage: Stage) -> None:
    enter(stage, "/staff/security/")
    stage.set_clock("2026-06-08 10:50")
    stage.page.reload()
    stage.page.get_by_label("パスワード").fill(PASSWORD)
    stage.press("続ける")

    expect(stage.page.get_by_role("heading", level=1)).to_have_text("サインインの設定")


def test_keyboard__from_the_first_field_to_the_button(stage: Stage) -> None:
    open_sign_in(stage)
    stage.page.get_by_label("アカウント名").focus()
    stage.page.keyboard.press("Tab")
    expect(stage.page.get_by_label("パスワード")).to_be_focused()
    stage.page.keyboard.press("Tab")
    expect(stage.page.get_by_role("button", name="次へ進む")).to_be_focused()
