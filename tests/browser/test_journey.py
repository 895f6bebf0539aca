"""From the top page to the 予約確認画面, and what is refused; with and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests import factories, situations
from tests.browser.stage import AOKI, FRIDAY_NINE, MONDAY_NINE, THURSDAY_TEN, Stage, cell
from tests.browser.states_inside import fill_holder_fields
from tests.policies import at
from uketori import clock, refusal_texts
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Reason, Refusal

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_journey__top_page_to_confirmation(
    stage: Stage, new_page: MakePage, *, scripts: bool
) -> None:
    stage.page = page = new_page(java_script_enabled=scripts)
    stage.go("")
    page.get_by_role("link", name="予約をはじめる").click()
    page.get_by_label("メールアドレス").fill("Ａｏｋｉ@example.jp")
    stage.press("確認のメールを送る")
    assert AOKI in page.inner_text("main")
    page.goto(stage.newest_link())
    stage.press("予約のページへ進む")
    fill_holder_fields(stage)
    page.locator("summary", has_text="まとめて貼り付け").click()
    page.locator("#paste").fill("\n".join(factories.numbers(15)))
    stage.press("案件に加える")
    assert typed_numbers(page) == factories.numbers(15)
    assert page.inner_text(".tally__figure") == "15／15件"
    page.get_by_label("ア　自分が申請した").first.check()
    choose(page, THURSDAY_TEN)
    stage.press("④確認へ進む")
    assert page.inner_text("main").count("阪労一E") == 15
    stage.declare_all()
    stage.press("この内容で予約する")

    made = Reservation.objects.get()
    assert page.url == stage.url(f"reservations/{made.reference}")
    assert page.inner_text(".ticket__value--reference") == made.reference
    assert "6月11日（木）" in page.inner_text(".moment")
    assert page.inner_text("main").count("阪労一E") == 15
    assert "6月10日（水）11時59分" in page.inner_text("main")
    # a script shows the button once the page has loaded; without scripts it never comes
    printing = page.get_by_role("button", name="印刷する", include_hidden=True)
    printing.wait_for(state="visible" if scripts else "hidden")


def test_journey__six_digits_instead_of_the_link(stage: Stage) -> None:
    situations.aoki()
    stage.go("entry").get_by_label("メールアドレス").fill(AOKI)
    stage.press("確認のメールを送る")
    stage.newest_link()
    proof = factories.MailProof.objects.get()
    stage.page.get_by_role("textbox", name="確認コード").fill(factories.code_of(proof))
    stage.press("確認コードで進む")
    assert stage.page.url == stage.url("reservations/")


def test_sixteen_pasted__are_refused_and_all_kept(stage: Stage) -> None:
    stage.open_draft(stage.signed_in(), THURSDAY_TEN, 0)
    stage.page.locator("summary", has_text="まとめて貼り付け").click()
    stage.page.locator("#paste").fill("\n".join(factories.numbers(16)))
    stage.press("案件に加える")
    stage.press("④確認へ進む")

    assert_refused(stage, Reason(Refusal.TOO_MANY_CASES, facts={"cases": 16}))
    assert f"{stage.policy.max_cases_per_slot}件まで" in stage.page.inner_text(".error-summary")
    assert typed_numbers(stage.page) == factories.numbers(16)
    assert "案件を確認" not in stage.page.inner_text("h1")


def test_third_slot__is_refused_and_the_two_are_shown(stage: Stage) -> None:
    claim = stage.signed_in()
    factories.reservation(claim, FRIDAY_NINE)
    stage.open_confirmation(claim, THURSDAY_TEN, 3)
    factories.reservation(claim, MONDAY_NINE)  # meanwhile, in another tab
    stage.declare_all()
    stage.press("この内容で予約する")

    assert_refused(
        stage, Reason(Refusal.TOO_MANY_SLOTS, facts={"held": [FRIDAY_NINE, MONDAY_NINE]})
    )
    assert Reservation.objects.count() == 2


def test_third_slot__cannot_even_be_chosen(stage: Stage) -> None:
    claim = situations.an_intermediary_with_two_slots(clock.now())
    stage.sign_in()
    stage.go(f"reservations/new?holder={claim.pk}")

    assert stage.page.locator("input[name=slot]").count() == 0
    assert stage.page.locator(".hours").get_by_text("予約済み").count() == 2
    assert stage.page.locator(".hours").get_by_text("上限").count() == 28
    assert "すべて予約済み" in stage.page.inner_text("#slot")


def test_same_hour_twice__is_refused_and_others_are_offered(stage: Stage) -> None:
    claim = stage.signed_in()
    stage.open_confirmation(claim, THURSDAY_TEN, 3)
    factories.reservation(claim, THURSDAY_TEN)  # meanwhile, in another tab
    stage.declare_all()
    stage.press("この内容で予約する")

    assert_refused(stage, Reason(Refusal.SAME_HOUR_TWICE, facts={"starts_at": THURSDAY_TEN}))
    stage.page.locator(".offer", has_text="11時～12時").get_by_role("button").click()
    assert "11時～12時" in stage.page.inner_text(".ticket")


def test_day_of_tomorrow__is_refused_at_noon(stage: Stage) -> None:
    stage.set_clock("2026-06-10 11:50")
    claim = stage.signed_in()
    stage.open_confirmation(claim, THURSDAY_TEN, 3)
    stage.declare_all()
    stage.set_clock("2026-06-10 12:00:00")
    stage.press("この内容で予約する")

    facts = {"visit_day": THURSDAY_TEN.date(), "closed_at": at("2026-06-10 12:00")}
    assert_refused(stage, Reason(Refusal.BOOKING_CLOSED, facts=facts))
    assert "入力した3件は、そのまま残っています。" in stage.page.inner_text("main")


def test_day_of_tomorrow__is_booked_in_the_last_second(stage: Stage) -> None:
    stage.set_clock("2026-06-10 11:50")
    stage.open_confirmation(stage.signed_in(), THURSDAY_TEN, 3)
    stage.declare_all()
    stage.set_clock("2026-06-10 11:59:59")
    stage.press("この内容で予約する")

    stage.page.locator(".ticket").wait_for()


def test_full_hour__offers_the_nearest_and_one_click_takes_it(stage: Stage) -> None:
    stage.open_confirmation(stage.signed_in(), THURSDAY_TEN, 15)
    situations.a_full_hour(THURSDAY_TEN)
    stage.declare_all()
    stage.press("この内容で予約する")

    assert_refused(stage, Reason(Refusal.SLOT_FULL))
    stage.page.locator(".offer").first.get_by_role("button").click()
    assert "6月11日（木）" in stage.page.inner_text(".ticket")
    assert "15件" in stage.page.inner_text(".ticket")


def test_enter_in_a_number_field__loses_nothing(stage: Stage) -> None:
    claim = stage.signed_in()
    stage.go(f"reservations/new?holder={claim.pk}")
    choose(stage.page, THURSDAY_TEN)
    for order, number in enumerate(factories.numbers(2), start=1):
        stage.page.locator(f"#number-{order}").fill(number)
    with stage.page.expect_response(lambda answer: answer.request.method == "POST"):
        stage.page.locator("#number-2").press("Enter")
    stage.page.reload()

    assert typed_numbers(stage.page)[:2] == factories.numbers(2)
    assert stage.page.locator("input[name=slot]:checked").get_attribute("value") == cell(
        THURSDAY_TEN
    )


def choose(page: Page, starts_at: factories.datetime) -> None:
    page.locator(f"input[name=slot][value='{cell(starts_at)}']").check()


def typed_numbers(page: Page) -> list[str]:
    fields = page.locator(".case-row__number").all()
    return [value for value in (field.input_value() for field in fields) if value]


def assert_refused(stage: Stage, reason: Reason) -> None:
    """The page carries the code, and near it the very sentence with the numbers of the policy."""
    told = stage.page.locator(f"main [data-refusal={reason.code.value}]").all_inner_texts()
    sentence = refusal_texts.refusal_text(reason, stage.policy)
    assert re.search(r"[0-9]|枠", sentence)
    assert any(sentence in text for text in told), told
