"""The lock in the browser: from a refused form, from the preparation list, and read into."""

import pytest
from playwright.sync_api import expect

from tests.browser.counter_scene import (
    board,
    find,
    mark,
    opened,
    press,
    reserved,
    sign_in,
    type_clock,
    with_seen_certificate,
)
from tests.browser.stage import Stage
from tests.browser.states_staff import lift, with_password
from tests.changes import numbers_of
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.browser
LIST = "preparation/2026-06-11"


def outcomes(one: Reservation) -> list[str]:
    return list(one.cases.order_by("order").values_list("outcome", flat=True))


def test_refused_form__sent_after_half_an_hour__its_mark_reason_and_time_are_there(
    stage: Stage, forgiven: list[str]
) -> None:
    forgiven.append("/outcome")
    one = with_seen_certificate(reserved("青木 花子", "アオキ ハナコ", 3))
    second = numbers_of(one)[1]
    with_password()
    stage.set_clock("2026-06-11 10:05")
    sign_in(stage)
    page = board(stage)
    side = find(page, one.reference)
    side.get_by_label(f"交付しない：{second}").check()
    press(side, "2件を交付して完了する")
    page.locator("[data-refusal=REASON_MISSING]").first.wait_for()
    assert page.url.endswith("/outcome")

    stage.set_clock("2026-06-11 10:40")
    side = opened(page)
    mark(side, second, "paper_wrong")
    type_clock(side, "10:30")
    press(side, "2件を交付して完了する")
    lift(stage)

    side = opened(page)
    expect(page.locator("main")).to_contain_text("前の操作は、まだ行っていません")
    expect(side.get_by_label(f"交付しない：{second}")).to_be_checked()
    expect(side.get_by_label(f"{second}を交付しない理由")).to_have_value("paper_wrong")
    expect(side.get_by_label("来庁時刻")).to_have_value("10:30")
    assert outcomes(one) == ["", "", ""]
    press(side, "2件を交付して完了する")
    page.get_by_text("青木 花子 様に2件を交付しました。").wait_for()
    assert outcomes(one) == ["issued", "not_issued", "issued"]


def test_preparation_list__marked_after_half_an_hour__its_ticks_are_there(stage: Stage) -> None:
    one = reserved("青木 花子", "アオキ ハナコ", 3)
    first, _second, third = numbers_of(one)
    with_password()
    stage.set_clock("2026-06-10 13:00")
    sign_in(stage)
    page = board(stage, LIST)

    stage.set_clock("2026-06-10 13:40")
    for number in (first, third):
        page.get_by_label(number).check()
    stage.press("まだ交付できない")
    lift(stage)

    expect(page.locator("main")).to_contain_text("前の操作は、まだ行っていません")
    ticked = page.locator("input[name=case]:checked")
    expect(ticked).to_have_count(2)
    expect(page.get_by_label(first)).to_be_checked()
    assert not one.cases.exclude(ahead_mark="").exists()
    stage.press("まだ交付できない")
    stage.press("印を付けて、メールで知らせる")
    page.get_by_text("（2件）に印を付けました").wait_for()


def test_board_by_a_button_of_the_list__locked__said_that_nothing_was_done(stage: Stage) -> None:
    one = reserved("青木 花子", "アオキ ハナコ", 3)
    with_password()
    stage.set_clock("2026-06-11 10:05")
    sign_in(stage)
    page = board(stage)

    stage.set_clock("2026-06-11 10:40")
    page.locator(".board__person").get_by_role("button", name="来庁").click()
    lift(stage)

    expect(page.locator("main")).to_contain_text("前の操作は、行っていません")
    one.refresh_from_db()
    assert one.arrived_at is None


def test_lock__references_read_into_it_with_their_enter__told_and_opened_by_the_password(
    stage: Stage,
) -> None:
    """Six of them: five wrong passwords would have shut out."""
    one = reserved("青木 花子", "アオキ ハナコ", 3)
    with_password()
    stage.set_clock("2026-06-11 10:05")
    sign_in(stage)
    page = board(stage)
    stage.set_clock("2026-06-11 10:40")
    page.reload()

    for _time in range(6):
        page.get_by_label("パスワード").focus()
        with page.expect_response("**/staff/unlock*"):
            page.keyboard.type(one.reference)
            page.keyboard.press("Enter")
        summary = page.locator(".error-summary")
        expect(summary).to_contain_text("予約番号が読み取られました。")
        expect(page.get_by_label("パスワード")).to_have_value("")
        assert one.reference not in page.url + page.content()
    lift(stage)

    find(page, one.reference)
