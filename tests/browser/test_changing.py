"""Correcting, withdrawing, putting back and cancelling on the real pages.  利用案内 4."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests import factories, situations
from tests.browser.stage import THURSDAY_TEN, Stage
from tests.browser.test_keyboard import Keyboard, walk_through
from tests.changes import change, numbers_of
from uketori.bureaus.models import Slot
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]


def five_of_aoki() -> Reservation:
    return factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(5))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_journey__correct_withdraw_put_back_cancel_and_book_anew(
    stage: Stage, new_page: MakePage, *, scripts: bool
) -> None:
    made = five_of_aoki()
    _one, _two, _three, four, five = numbers_of(made)
    stage.page = page = new_page(java_script_enabled=scripts)
    stage.sign_in(page=page)
    stage.go(f"reservations/{made.reference}")

    correct_one_and_withdraw_two(stage, *numbers_of(made)[:3])
    assert page.locator(".message--good", has_text="予約を変更しました").is_visible()
    assert kinds(page) == ["取り消した", "取り消した", "なおした"]
    assert numbers_of(made) == ["阪労一E09001", four, five]

    put_one_back(stage)
    assert kinds(page)[-1] == "戻した"
    told = page.locator(".ledger__told").last.inner_text().split()
    assert told[1:4] == ["阪永P00415", "永住", "ア"]

    cancel_all(stage)
    assert "この予約は取り消されています" in page.inner_text("main")
    assert page.get_by_role("link", name="予約を変更・キャンセルする").count() == 0
    slot = Slot.objects.get(starts_at=THURSDAY_TEN)
    assert (slot.booked_reservations, slot.booked_cases) == (0, 0)

    stage.press("同じ案件で新しい下書きを作る")
    typed = [field.input_value() for field in page.locator(".case-row__number").all()]
    assert [number for number in typed if number] == ["阪労一E09001", four, five, "阪永P00415"]


def correct_one_and_withdraw_two(stage: Stage, one: str, two: str, three: str) -> None:
    page = stage.page
    page.get_by_role("link", name="予約を変更・キャンセルする").click()
    page.locator(".ledger__correct-summary", has_text=one).click()
    page.get_by_label("正しい申請番号").first.fill("阪労一E09001")
    page.get_by_label(f"取り消す：{two}").check()
    page.get_by_label(f"取り消す：{three}").check()
    stage.press("変更の内容を確認する")
    assert "変更したあとは3件です" in page.inner_text("main")
    assert kinds(page) == ["取り消す", "取り消す", "なおす"]
    stage.press("入力へもどる")
    assert page.get_by_label(f"取り消す：{two}").is_checked()
    stage.press("変更の内容を確認する")
    stage.press("この内容で変更する")


def put_one_back(stage: Stage) -> None:
    page = stage.page
    page.get_by_role("link", name="予約を変更・キャンセルする").click()
    page.get_by_label("戻す案件1の申請番号").fill("阪永P00415")
    page.get_by_label("戻す案件1の申請書を提出した方").select_option("own")
    stage.press("変更の内容を確認する")
    assert "変更したあとは4件です" in page.inner_text("main")
    stage.press("この内容で変更する")


def cancel_all(stage: Stage) -> None:
    page = stage.page
    page.get_by_role("link", name="予約を変更・キャンセルする").click()
    page.get_by_role("link", name="空き状況を見て、予約をすべて取り消す").click()
    assert page.locator(".hours").is_visible()
    stage.press("この予約を取り消す")


def test_errors__lead_into_the_folded_fields(stage: Stage) -> None:
    made = five_of_aoki()
    stage.sign_in()
    page = stage.go(f"reservations/{made.reference}/changes")
    page.locator(".ledger__correct-summary").nth(1).click()
    page.get_by_label("正しい申請番号").nth(1).fill("阪")
    stage.press("変更の内容を確認する")
    page.locator(".error-summary__link").click()
    page.keyboard.press("End")
    page.keyboard.insert_text("労一E09002")
    stage.press("変更の内容を確認する")
    stage.press("この内容で変更する")

    assert numbers_of(made)[1] == "阪労一E09002"


def test_enter_in_a_number__shows_the_form_again_with_what_was_typed(stage: Stage) -> None:
    made = five_of_aoki()
    before = numbers_of(made)
    stage.sign_in()
    page = stage.go(f"reservations/{made.reference}/changes")
    page.locator(".ledger__correct-summary").first.click()
    page.get_by_label("正しい申請番号").first.fill("阪労一E09001")
    with page.expect_navigation():
        page.get_by_label("正しい申請番号").first.press("Enter")

    assert page.inner_text("h1") == "予約の変更"
    assert page.get_by_label("正しい申請番号").first.input_value() == "阪労一E09001"
    assert page.get_by_label("正しい申請番号").first.is_visible()
    assert numbers_of(made) == before


def test_change_form__by_keyboard_alone(stage: Stage) -> None:
    made = five_of_aoki()
    change(made, withdrawn=[5])
    one, two, *_rest = numbers_of(made)
    stage.sign_in()
    keys = Keyboard(stage.go(f"reservations/{made.reference}"))
    keys.submit("a.button[href$='/changes']", "input[name=withdraw]")
    keys.press(" ", "input[name=withdraw]")
    keys.press("Enter", ".ledger__line >> nth=1 >> summary")
    keys.go_to(".ledger__line >> nth=1 >> input[type=text]")
    keys.press("Control+a")
    keys.page.keyboard.insert_text("阪労一E09002")
    keys.type_into("#number-1", "阪労一E09005")
    keys.go_to("#category-1")
    keys.press("ArrowDown")
    keys.submit("main button.button--main", "button[value=change]")
    keys.submit("button[value=change]", ".ticket")
    walk_through(keys)

    assert one not in numbers_of(made)
    assert two not in numbers_of(made)
    assert {"阪労一E09002", "阪労一E09005"} <= set(numbers_of(made))


def test_cancellation__by_keyboard_alone(stage: Stage) -> None:
    made = five_of_aoki()
    stage.sign_in()
    keys = Keyboard(stage.go(f"reservations/{made.reference}/cancellation"))
    keys.submit("main button.button--grave", ".ticket")

    made.refresh_from_db()
    assert made.cancelled_at is not None


def test_narrow_change_page__focus_is_never_hidden(stage: Stage) -> None:
    made = five_of_aoki()
    change(made, withdrawn=[4, 5])
    stage.sign_in()
    stage.page.set_viewport_size({"width": 360, "height": 640})
    stage.go(f"reservations/{made.reference}/changes")
    for summary in stage.page.locator(".ledger__correct-summary").all():
        summary.click()
    stage.page.locator("h1").click()

    walk_through(Keyboard(stage.page))


def test_paper__after_changes__one_sheet_without_the_ledger(stage: Stage) -> None:
    made = factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(15))
    change(made, withdrawn=[1, 2, 3], corrected={4: "阪労一E09004"})
    change(made, put_back=factories.numbers(3, 8000))
    stage.sign_in()
    stage.go(f"reservations/{made.reference}").emulate_media(media="print")

    assert not stage.page.get_by_text("変更の記録").is_visible()


def kinds(page: Page) -> list[str]:
    """What was or would be done, line by line."""
    return page.locator(".ledger__kind").all_inner_texts()
