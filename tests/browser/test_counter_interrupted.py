"""The counter interrupted: the network was away, the session stood idle; nothing is lost.  R-39."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.counter_scene import (
    board,
    find,
    fresh,
    line,
    mark,
    opened,
    press,
    reserved,
    sign_in,
    turn,
    type_clock,
    with_seen_certificate,
)
from tests.browser.stage import Stage
from tests.browser.states_staff import with_password
from tests.changes import numbers_of
from tests.policies import at
from tests.staff.conftest import PASSWORD
from uketori.counter.models import Step, VisitEntry
from uketori.counter.visit.facts import ending_of
from uketori.reservations.models import Reservation
from uketori.rules.visit import Ending

pytestmark = pytest.mark.browser

CAME, SERVED, EVENING = (at(f"2026-06-11 {clock}") for clock in ("10:20", "10:50", "20:00"))


def outcomes(one: Reservation) -> list[tuple[str, str]]:
    return list(one.cases.order_by("order").values_list("outcome", "not_issued_because"))


def expect_typed(side: Locator, number: str, why: str, clock: str) -> None:
    """The mark, its reason and the time stand in the form."""
    expect(side.get_by_label(f"交付しない：{number}")).to_be_checked()
    expect(side.get_by_label(f"{number}を交付しない理由")).to_have_value(why)
    expect(side.get_by_label("来庁時刻")).to_have_value(clock)


def lose_the_network(page: Page, forgiven: list[str]) -> None:
    """From now on the hours of the board stay as they are, and the board says so."""

    def fail(route: Route) -> None:
        route.fulfill(status=503, body="")

    forgiven.append("/counter/list?opened=")
    page.route("**/counter/list*", fail)
    turn(page)
    expect(page.locator("[data-stale]")).to_contain_text("ネットワークを確かめてください。")


def test_network_away__outcome_entered_first_and_the_arrival_after__both_times_stand(
    stage: Stage, forgiven: list[str]
) -> None:
    one = with_seen_certificate(reserved("青木 花子", "アオキ ハナコ", 3))
    missing = numbers_of(one)[1]
    stage.set_clock("2026-06-11 10:05")
    sign_in(stage)
    stage.page.clock.install()
    lose_the_network(board(stage), forgiven)

    stage.set_clock("2026-06-11 20:00")
    sign_in(stage)
    page = board(stage)
    side = find(page, one.reference)
    mark(side, missing, "paper_missing")
    type_clock(side, "10:50")
    press(side, "2件を交付して完了する")
    expect(line(page, "青木 花子").locator("p").first).to_have_text("完了 10時50分")

    side = find(page, one.reference)
    type_clock(side, "10:55")
    press(side, "2件を交付となおす")
    expect(page.locator(".error-summary")).to_contain_text("10時50分")
    expect_typed(opened(page), missing, "paper_missing", "10:55")
    type_clock(opened(page), "10:20")
    press(opened(page), "2件を交付となおす")

    expect(line(page, "青木 花子").locator("p").first).to_have_text("完了 10時50分")
    made = fresh(one)
    assert (made.arrived_at, made.called_at, made.served_at) == (CAME, None, SERVED)
    assert outcomes(one) == [("issued", ""), ("not_issued", "paper_missing"), ("issued", "")]
    side = find(page, one.reference)
    assert_history_tells_both(side, one)


def assert_history_tells_both(side: Locator, one: Reservation) -> None:
    """When it happened, as typed, and beside it when it was entered; in the rows and in words."""
    side.get_by_text("記録の履歴").click()
    told = side.locator(".history__line")
    for word, words in (("来庁", "10時20分"), ("完了", "10時50分")):
        newest = told.filter(has_text=word).last
        expect(newest).to_contain_text(words)
        expect(newest).to_contain_text("20時に入力")
    for step, moment in ((Step.ARRIVED, CAME), (Step.SERVED, SERVED)):
        last = VisitEntry.objects.filter(reservation=one, step=step).order_by("pk").last()
        assert last is not None
        assert (last.happened_at, last.recorded_at) == (moment, EVENING)


def test_session_locked_while_typing__password_again__typed_is_there_and_recorded_once(
    stage: Stage,
) -> None:
    one = with_seen_certificate(reserved("青木 花子", "アオキ ハナコ", 3))
    wrong = numbers_of(one)[1]
    with_password()
    stage.set_clock("2026-06-11 10:05")
    sign_in(stage)
    page = board(stage)
    side = find(page, one.reference)
    mark(side, wrong, "paper_wrong")
    type_clock(side, "10:30")

    stage.set_clock("2026-06-11 10:40")
    press(side, "2件を交付して完了する")
    expect(page.locator("main")).to_contain_text("いまの操作は、まだ行っていません")
    assert outcomes(one) == [("", "")] * 3
    page.get_by_label("パスワード").fill(PASSWORD)
    stage.press("続ける")

    side = opened(page)
    expect(page.locator("main")).to_contain_text("前の操作は、まだ行っていません")
    expect_typed(side, wrong, "paper_wrong", "10:30")
    assert ending_of(fresh(one)) is None
    press(side, "2件を交付して完了する")

    expect(line(page, "青木 花子").locator("p").first).to_have_text("完了 10時30分")
    assert ending_of(fresh(one)) is Ending.SERVED
    assert outcomes(one) == [("issued", ""), ("not_issued", "paper_wrong"), ("issued", "")]
    assert fresh(one).served_at == at("2026-06-11 10:30")
