"""The counter's pages at 1280 and 1024 px: axe finds nothing, nothing is cut; pictures of them."""

from collections.abc import Callable
from datetime import date

import pytest

from tests import factories, situations
from tests.browser.counter_scene import a_day, board, reserved, sign_in, turn
from tests.browser.looking import assert_fits, assert_is_dressed, take_picture, violations
from tests.browser.stage import Stage
from tests.policies import at
from uketori import clock
from uketori.counter.visit.outcomes import record_outcome
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Role

pytestmark = pytest.mark.browser

State = Callable[[Stage], None]
STATES: dict[str, State] = {}


def state(function: State) -> State:
    STATES[function.__name__.replace("_", "-")] = function
    return function


def opened(stage: Stage, name: str) -> None:
    board(stage, Reservation.objects.get(holder_name=name).reference)


@state
def counter_board(stage: Stage) -> None:
    board(stage)


@state
def counter_out_of_date(stage: Stage) -> None:
    stage.page.clock.install()
    board(stage)
    stage.set_clock("2026-06-11 11:20")
    turn(stage.page)
    stage.page.get_by_role("link", name="もう一度サインインする").wait_for()


@state
def counter_waiting_after_the_hour(stage: Stage) -> None:
    stage.set_clock("2026-06-11 11:20")
    sign_in(stage)
    board(stage)
    stage.page.get_by_text("お待ち 3人").wait_for()


@state
def counter_cancelled_before(stage: Stage) -> None:
    now = Reservation.objects.filter(holder_name="若林 直子")
    now.update(cancelled_at=at("2026-06-09 15:40"))
    opened(stage, "若林 直子")


@state
def counter_cancelled_and_of_another_day(stage: Stage) -> None:
    reserved("土屋 次郎", "ツチヤ ジロウ", 2, "2026-06-12 14:00")
    now = Reservation.objects.filter(holder_name="土屋 次郎")
    now.update(cancelled_at=at("2026-06-09 15:40"))
    opened(stage, "土屋 次郎")


@state
def counter_entered_from_paper(stage: Stage) -> None:
    """Yesterday's paper, entered this morning: the certificate has still to be."""
    one = Reservation.objects.get(holder_name="土屋 進")
    record_outcome(
        reservation=one,
        exceptions={},
        policy=stage.policy,
        actor=situations.staff().actor,
        at=clock.now(),
        happened_at=at("2026-06-10 14:28"),
    )
    opened(stage, "土屋 進")
    stage.page.get_by_text("記録の履歴").click()
    stage.page.get_by_role("button", name="証明書を確認した").wait_for()


@state
def counter_certificate_renewed(stage: Stage) -> None:
    one = Reservation.objects.get(holder_name="佐野 実")
    factories.claim(
        one.mail_address.address,
        person=one.intermediary,
        number="大取第20001号",
        expires_on=date(2030, 3, 31),
    )
    opened(stage, "佐野 実")
    named = stage.page.get_by_role("button", name="証明書を確認した")
    assert named.count() == 2
    named.first.click()
    stage.page.get_by_text("窓口で確認済み").wait_for()


@state
def counter_left_over(stage: Stage) -> None:
    stage.set_clock("2026-06-11 17:00")
    sign_in(stage)
    board(stage)
    stage.page.get_by_role("link", name="開いて結果を入力").first.wait_for()


@state
def counter_unseen_certificate(stage: Stage) -> None:
    opened(stage, "大田 学")
    stage.page.locator("[data-main]").click()
    stage.page.locator("[data-refusal=CERTIFICATE_UNSEEN]").first.wait_for()


@state
def counter_unresolved(stage: Stage) -> None:
    for number in range(12):
        reserved(f"土屋 進{number}", "ツチヤ ススム", 2, f"2026-06-{1 + number % 5:02d} 09:00")
    board(stage)
    stage.page.get_by_role("link", name="ほかに3件あります").click()
    stage.page.get_by_role("heading", name="過ぎた日の要確認").wait_for()


@state
def counter_opened(stage: Stage) -> None:
    opened(stage, "青木 花子")
    stage.page.locator("[data-order='10'] input").check()
    stage.page.locator("[data-order='10'] select").select_option(index=1)


@state
def counter_opened_too_early(stage: Stage) -> None:
    stage.set_clock("2026-06-11 09:59")
    reference = Reservation.objects.get(holder_name="橋本 涼").reference
    page = board(stage)
    page.locator("#find").fill(reference)
    page.keyboard.press("Enter")
    page.get_by_text("予約は11時からです。").wait_for()


@state
def counter_opened_marked(stage: Stage) -> None:
    one = Reservation.objects.get(holder_name="青木 花子")
    one.cases.filter(order__in=(3, 4)).update(ahead_mark="not_ready", ahead_at=one.booked_at)
    one.cases.filter(order=11).update(ahead_mark="wrong_number", ahead_at=one.booked_at)
    opened(stage, "青木 花子")


@state
def counter_opened_too_late(stage: Stage) -> None:
    opened(stage, "別府 健")


@state
def counter_opened_done(stage: Stage) -> None:
    opened(stage, "三浦 恵")
    stage.page.get_by_text("記録の履歴").click()


@state
def counter_opened_yesterday(stage: Stage) -> None:
    opened(stage, "土屋 進")


@state
def counter_refused(stage: Stage) -> None:
    opened(stage, "青木 花子")
    stage.page.locator("[data-order='10'] input").check()
    stage.page.locator("[data-main]").click()
    assert stage.page.locator("[data-refusal=REASON_MISSING]").count() == 2


@state
def counter_certificate_seen(stage: Stage) -> None:
    opened(stage, "青木 花子")
    stage.page.get_by_role("button", name="証明書を確認した").click()
    stage.page.get_by_role("button", name="証明書の確認を取り消す").wait_for()


@state
def counter_rivals(stage: Stage) -> None:
    one = Reservation.objects.get(holder_name="青木 花子")
    one.claim.certificate.claims.update(proved_at=one.booked_at, place=None)
    person = factories.intermediary("青木 華子", organisation="青木事務所")
    rival = factories.claim("rival@example.com", person=person, number=one.certificate_number)
    factories.reservation(rival, at("2026-06-12 13:00"), 2)
    sign_in(stage, Role.SUPERVISOR)
    opened(stage, "青木 花子")


@state
def counter_hits(stage: Stage) -> None:
    page = board(stage)
    page.locator("#find").fill("ナ")
    page.keyboard.press("Enter")
    page.locator("#hits").wait_for()


@state
def counter_found_nothing(stage: Stage) -> None:
    page = board(stage)
    page.locator("#find").fill("K7M4-1234")
    page.keyboard.press("Enter")
    page.locator(".error-summary").wait_for()


@pytest.mark.parametrize(("signs", "is_one_line"), [(8, True), (30, False)])
def test_opened__number__the_mark_is_never_pushed_away(
    stage: Stage, signs: int, is_one_line: bool
) -> None:
    stage.set_clock("2026-06-11 10:35")
    number = ("阪労一E" + "0123456789" * 3)[:signs]
    one = factories.reservation(situations.aoki(), at("2026-06-11 10:00"), [number])
    sign_in(stage)
    for width in (1280, 1024):
        stage.page.set_viewport_size({"width": width, "height": 800})
        board(stage, one.reference)
        table = stage.page.locator(".table__scroll")
        assert table.evaluate("one => one.scrollWidth <= one.clientWidth"), width
        stage.page.locator("[data-order='1'] input").check()
        assert table.evaluate("one => one.scrollWidth <= one.clientWidth"), width
        lines = stage.page.locator(".outcome__number").evaluate(
            "cell => {const words = document.createRange(); words.selectNodeContents(cell);"
            "return new Set([...words.getClientRects()].map((one) => one.top)).size}"
        )
        assert (lines == 1) == is_one_line or width == 1280


@pytest.mark.parametrize("name", STATES)
def test_counter_page__is_sound(stage: Stage, name: str) -> None:
    stage.set_clock("2026-06-11 10:35")
    a_day(stage)
    sign_in(stage)
    STATES[name](stage)

    take_picture(stage.page, f"{name}-1280")
    assert_is_dressed(stage.page)
    assert violations(stage.page) == []
    for width in (1024, 320):
        stage.page.set_viewport_size({"width": width, "height": 900})
        take_picture(stage.page, f"{name}-{width}")
        assert_fits(stage.page)


def test_reason_of_a_case__at_1024__not_cut(stage: Stage) -> None:
    """Each reason is read whole where it is chosen."""
    stage.set_clock("2026-06-11 10:35")
    a_day(stage)
    sign_in(stage)
    stage.page.set_viewport_size({"width": 1024, "height": 900})
    opened(stage, "青木 花子")
    stage.page.locator("[data-order='10'] input").check()
    cut = stage.page.locator("[data-order='10'] select").evaluate(
        """(one) => {
          const shown = one.offsetWidth;
          one.style.maxInlineSize = "none";
          one.style.inlineSize = "auto";
          return one.offsetWidth - shown;
        }"""
    )
    assert cut <= 0
    table = stage.page.locator(".table__scroll")
    stage.page.locator("[data-order='1'] input").check()
    assert table.evaluate("one => one.scrollWidth <= one.clientWidth")
