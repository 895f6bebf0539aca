"""The end of the session: told in time, moved by a button, and nothing typed is lost.  D04."""

import pytest
from playwright.sync_api import Page, Route

from tests import factories
from tests.browser.stage import THURSDAY_TEN, Stage
from uketori.intermediaries.models import MailProof

pytestmark = pytest.mark.browser

WARNING = "[data-session-warning]"


def open_with_a_clock_of_its_own(stage: Stage) -> Page:
    """The browser has a clock of its own; the seconds on the page are the real ones."""
    stage.page.clock.install()
    page = stage.open_draft(stage.signed_in(), THURSDAY_TEN, 1)
    assert page.locator("[data-session]").get_attribute("data-seconds-left") == "3600"
    assert page.locator("[data-session]").get_attribute("data-warn-seconds") == "300"
    page.locator("#number-2").fill("阪労一E07777")
    return page


def test_warning__comes_five_minutes_before_the_end_and_not_sooner(stage: Stage) -> None:
    page = open_with_a_clock_of_its_own(stage)
    page.clock.run_for("54:30")
    assert page.inner_text(WARNING) == ""
    page.clock.run_for("00:32")
    assert "11時20分に使えなくなります" in page.inner_text(WARNING)
    page.clock.run_for("05:00")
    assert "使える時間が終わりました" in page.inner_text(WARNING)


def test_warning__stays_in_sight_at_the_end_of_a_long_form(stage: Stage) -> None:
    page = open_with_a_clock_of_its_own(stage)
    page.set_viewport_size({"width": 360, "height": 640})
    page.get_by_role("button", name="④確認へ進む").scroll_into_view_if_needed()
    page.clock.run_for("55:02")
    box = page.locator(f"{WARNING} button").bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 640 - box["height"]


def test_button__moves_the_end_and_keeps_what_was_typed(stage: Stage) -> None:
    page = open_with_a_clock_of_its_own(stage)
    page.clock.run_for("55:02")
    stage.set_clock("2026-06-08 11:15")
    page.locator(f"{WARNING} button").click()
    page.locator(".session__inner").get_by_text("12時15分").wait_for()

    assert page.locator("#number-2").input_value() == "阪労一E07777"
    assert page.inner_text(WARNING) == ""
    page.clock.run_for("54:00")
    assert page.inner_text(WARNING) == ""
    assert MailProof.objects.get().last_seen_at is not None


def test_button__without_a_connection_says_so_and_keeps_what_was_typed(
    stage: Stage, forgiven: list[str]
) -> None:
    forgiven.append("/reservations/drafts/")
    page = open_with_a_clock_of_its_own(stage)
    page.clock.run_for("55:02")

    def refuse(route: Route) -> None:
        route.fulfill(status=503, body="")

    page.route("**/reservations/drafts/*", refuse)
    page.locator(f"{WARNING} button").click()
    page.get_by_text("時間をのばせませんでした").wait_for()

    assert page.locator("#number-2").input_value() == "阪労一E07777"
    page.unroute("**/reservations/drafts/*")
    page.locator(f"{WARNING} button").click()
    page.locator(f"{WARNING} .message").wait_for(state="detached")


def test_button__after_the_end_says_that_it_is_over(stage: Stage) -> None:
    page = open_with_a_clock_of_its_own(stage)
    stage.set_clock("2026-06-08 11:20")
    page.locator("[data-session] button").click()
    page.locator(WARNING).get_by_text("使える時間が終わりました").wait_for()

    assert page.locator("#number-2").input_value() == "阪労一E07777"


def test_policy_of_contents__stops_a_script_inside_the_page(stage: Stage) -> None:
    page = stage.go("")
    page.evaluate(
        """() => document.body.append(
          Object.assign(document.createElement("script"), {textContent: "window.fell = true"}))"""
    )

    assert page.evaluate("window.fell") is None


def test_button__on_the_change_page__moves_the_end_and_keeps_what_was_typed(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, factories.numbers(3))
    stage.page.clock.install()
    page = stage.go(f"reservations/{made.reference}/changes")
    page.get_by_label("取り消す").first.check()
    stage.set_clock("2026-06-08 11:15")
    page.locator(".session__inner button").click()
    page.locator(".session__inner").get_by_text("12時15分").wait_for()

    assert page.get_by_label("取り消す").first.is_checked()
    stage.go(f"reservations/{made.reference}/changes")
    assert page.get_by_label("取り消す").first.is_checked()
    assert page.get_by_text("前に入力した内容を表示しています").is_visible()


def test_enter_key__in_a_form_that_can_ask_for_more_time__sends_it(stage: Stage) -> None:
    held = stage.signed_in()
    page = stage.go(f"holders/{held.pk}")
    page.get_by_label("お名前").fill("青木 はな子")
    page.get_by_label("お名前").press("Enter")
    page.get_by_text("受け取りに来る方の情報を保存しました").wait_for()
    held.intermediary.refresh_from_db()
    assert held.intermediary.name == "青木 はな子"
