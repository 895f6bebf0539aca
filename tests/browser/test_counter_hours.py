"""The hours of the board keep themselves up to date, keep the focus, and say when they do not."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.counter_scene import A_TURN, board, full_hour, reserved, sign_in, turn
from tests.browser.stage import Stage
from tests.policies import at
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.browser

SCRIPT_BEGAN = "document.querySelector('[data-keys-choice]')?.hidden === false"
FOLD = "#hour-1 > summary"
LINK = "[data-hours] a:text-is('大田 学')"
ARRIVAL = "[data-hours] button:has-text('来庁：佐野 実')"
HAS_FOCUS = "one => one === document.activeElement"


@pytest.fixture
def people(stage: Stage) -> list[Reservation]:
    """Sixty cases at 10:35, a clerk, and a page whose time the test turns."""
    stage.set_clock("2026-06-11 10:35")
    sign_in(stage)
    stage.page.clock.install()
    return full_hour()


def opened(stage: Stage, rest: str = "") -> Page:
    """Open the board and wait for its scripts."""
    page = board(stage, rest)
    page.wait_for_function(SCRIPT_BEGAN)
    return page


@pytest.mark.parametrize("focus", [FOLD, LINK, ARRIVAL, "[data-refresh]"])
def test_hours__focus_in_them__refreshed_and_the_focus_kept(
    stage: Stage, people: list[Reservation], focus: str
) -> None:
    page = opened(stage)
    page.locator(focus).focus()
    Reservation.objects.filter(pk=people[0].pk).update(holder_name="青木 改")
    Reservation.objects.filter(pk=people[3].pk).update(cancelled_at=at("2026-06-11 10:35"))
    stage.set_clock("2026-06-11 10:36")

    turn(page)

    page.get_by_role("link", name="青木 改").wait_for()
    assert page.locator(focus).evaluate(HAS_FOCUS)
    assert page.get_by_text("10時36分のようすです。").count() == 1


def test_hours__the_row_with_the_focus_moves__the_focus_goes_with_the_person(
    stage: Stage, people: list[Reservation]
) -> None:
    page = opened(stage)
    page.locator(ARRIVAL).focus()
    Reservation.objects.filter(pk=people[2].pk).update(arrived_at=at("2026-06-11 10:35"))
    Reservation.objects.filter(pk=people[0].pk).update(visit_day="2026-06-12")

    turn(page)

    page.locator("[data-hours] button:has-text('呼び出す：佐野 実')").wait_for()
    assert page.locator("[data-hours] a:text-is('佐野 実')").evaluate(HAS_FOCUS)


def test_hours__a_fold_clicked__refreshed_and_left_as_it_is(
    stage: Stage, people: list[Reservation]
) -> None:
    page = opened(stage)
    page.locator(FOLD).click()
    page.locator("#hour-2 > summary").click()
    Reservation.objects.filter(pk=people[0].pk).update(holder_name="青木 改")

    turn(page)

    page.locator("#hour-2 a:text-is('青木 改')").wait_for(state="attached")
    assert page.locator("#hour-1").get_attribute("open") is not None
    assert page.locator("#hour-2").get_attribute("open") is None
    assert page.locator("#hour-2 > summary").evaluate(HAS_FOCUS)


def test_hours__somebody_comes_early_to_a_folded_hour__it_unfolds(
    stage: Stage, people: list[Reservation]
) -> None:
    early = reserved("橋本 涼", "ハシモト リョウ", 2, "11:00")
    page = opened(stage)
    assert page.locator("#hour-3").get_attribute("open") is None
    Reservation.objects.filter(pk=early.pk).update(arrived_at=at("2026-06-11 10:35"))

    turn(page)

    page.locator("#hour-3[open] a:text-is('橋本 涼')").wait_for()


def test_hours__something_typed__wait_and_say_so_until_it_is_gone(
    stage: Stage, people: list[Reservation]
) -> None:
    page = opened(stage)
    Reservation.objects.filter(pk=people[0].pk).update(holder_name="青木 改")
    stage.set_clock("2026-06-11 10:36")
    page.locator("#find").fill("K7")

    page.clock.run_for(3 * A_TURN)
    status = page.get_by_role("status").filter(has_text="10時35分のままです")
    expect(status).to_be_visible()
    assert page.get_by_role("link", name="青木 花子").count() == 1

    page.locator("#find").fill("")
    turn(page)
    page.get_by_role("link", name="青木 改").wait_for()
    expect(page.locator("[data-stale]")).to_be_empty()


def test_hours__a_mark_not_sent_yet__wait(stage: Stage, people: list[Reservation]) -> None:
    page = opened(stage, people[0].reference)
    page.locator("[data-order='3'] input").check()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.clock.run_for(3 * A_TURN)

    expect(page.locator("[data-stale]")).to_contain_text("入力の途中なので")
    assert asked == []


def test_hours__what_a_failed_search_left__does_not_stop_them(
    stage: Stage, people: list[Reservation]
) -> None:
    page = opened(stage)
    page.locator("#find").fill("知念")
    page.keyboard.press("Enter")
    page.locator(".error-summary").wait_for()
    page.wait_for_function(SCRIPT_BEGAN)
    assert page.locator("#find").input_value() == "知念"
    Reservation.objects.filter(pk=people[0].pk).update(holder_name="青木 改")

    turn(page)

    page.get_by_role("link", name="青木 改").wait_for()


def test_hours__the_session_locked__say_since_when_and_lead_to_the_sign_in(
    stage: Stage, people: list[Reservation]
) -> None:
    page = opened(stage, people[0].reference)
    stage.set_clock("2026-06-11 11:20")

    turn(page)

    status = page.get_by_role("status").filter(has_text="10時35分から新しくなっていません")
    expect(status).to_be_visible()
    status.get_by_role("link", name="もう一度サインインする").click()
    page.wait_for_url(re.compile(rf"/unlock\?next=.*{people[0].reference}$"))


def test_hours__the_server_fails__say_since_when_until_it_answers(
    stage: Stage, people: list[Reservation], forgiven: list[str]
) -> None:
    page = opened(stage)
    forgiven.append("/counter/list?opened=")
    stage.set_clock("2026-06-11 10:36")

    def fail(route: Route) -> None:
        route.fulfill(status=503, body="")

    page.route("**/counter/list*", fail)
    turn(page)

    status = page.get_by_role("status").filter(has_text="10時35分から新しくなっていません")
    expect(status).to_be_visible()
    assert status.get_by_role("link", name="再読み込みする").get_attribute("href") == (
        "/staff/osaka/counter/"
    )

    page.unroute("**/counter/list*", fail)
    turn(page)
    page.get_by_text("10時36分のようすです。").wait_for()
    expect(page.locator("[data-stale]")).to_be_empty()
