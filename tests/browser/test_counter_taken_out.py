"""A case that is none of this counter's, walked from the list to the holder's mailbox.  R-32"""

from collections.abc import Callable
from datetime import date

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from tests import factories, situations
from tests.browser.counter_scene import board, fresh, line, sign_in
from tests.browser.looking import look_at
from tests.browser.stage import AOKI, THURSDAY_TEN, Stage
from tests.browser.states_preparation import choose
from tests.changes import numbers_of
from uketori import clock
from uketori.counter.models import Sheet
from uketori.counter.preparation.printings import record_printing
from uketori.outbox.worker import run_once
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]
LIST = "preparation/2026-06-11"


def three_cases(stage: Stage) -> Reservation:
    """青木's three cases of Thursday, on a list that was printed on Wednesday at ten."""
    one = factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(3))
    stage.set_clock("2026-06-10 10:00")
    actor, day = situations.staff().actor, date(2026, 6, 11)
    record_printing(bureau="osaka", day=day, sheet=Sheet.HOURS, actor=actor, at=clock.now())
    stage.set_clock("2026-06-10 10:10")
    return one


def take_out(stage: Stage, one: Reservation, *orders: int, button: str) -> Page:
    """Walk the clerk's way: chosen on the list, why, reviewed, done."""
    sign_in(stage)
    page = board(stage, LIST)
    choose(stage, one, *orders)
    page.get_by_label("当局の申請ではない（ほかの局）").check()
    stage.press("確認へ進む")
    stage.press(button)
    return page


@pytest.mark.parametrize("javascript", [True, False])
def test_one_of_three__taken_out__gone_from_the_lists_and_told_to_the_holder(
    stage: Stage, new_page: MakePage, javascript: bool
) -> None:
    one = three_cases(stage)
    first, other_bureau_s, last = numbers_of(one)
    stage.page = new_page(java_script_enabled=javascript)
    page = take_out(stage, one, 2, button="予約から除く")

    expect(page.locator(".message--good")).to_contain_text(f"{one.reference}から1件を除きました。")
    expect(page.locator(".preparation__case")).to_have_count(2)
    made = fresh(one)
    assert (made.first_case_count, made.live_case_count) == (2, 2)
    assert numbers_of(one) == [first, last]
    sheet = board(stage, f"{LIST}/differences", page).locator(".preparation__difference")
    expect(sheet).to_have_count(1)
    expect(sheet).to_contain_text(other_bureau_s)
    expect(page.locator(".preparation__person")).to_contain_text("窓口")
    run_once(clock.now())
    assert mail.outbox[-1].to == [AOKI]
    assert other_bureau_s in str(mail.outbox[-1].body)
    stage.set_clock("2026-06-11 10:05")
    sign_in(stage)  # the session has stood idle over night
    expect(line(board(stage, page=page), "青木 花子")).to_contain_text("2件")


def test_holder__after_it__reads_why_and_cannot_put_another_in_its_place(
    stage: Stage, new_page: MakePage
) -> None:
    one = three_cases(stage)
    take_out(stage, one, 2, button="予約から除く")
    stage.page = holder = new_page()
    stage.sign_in(page=holder)
    stage.go(f"reservations/{one.reference}")

    told = holder.locator(".ledger__told")
    expect(told).to_contain_text("窓口で除いた")
    expect(told).to_contain_text("当局の申請ではない（ほかの局）")
    look_at(holder, "taken-out-told")
    stage.go(f"reservations/{one.reference}/changes")
    expect(holder.locator("main")).to_contain_text("窓口で除いた1件を引いて2件です。")
    expect(holder.get_by_role("heading", name="案件を戻す")).to_have_count(0)
    look_at(holder, "taken-out-changes")


def test_all_three__taken_out__the_reservation_goes_and_the_holder_reads_why(
    stage: Stage, new_page: MakePage
) -> None:
    one = three_cases(stage)
    page = take_out(stage, one, 1, 2, 3, button="予約を取り消す")

    expect(page.locator(".message--good")).to_contain_text("予約を取り消しました。")
    expect(page.locator("main")).to_contain_text("この日の予約はありません。")
    assert fresh(one).cancelled_at == clock.now()
    run_once(clock.now())
    assert "あなたのキャンセルとしては数えません" in str(mail.outbox[-1].body)


def test_back__from_the_review_and_away__nothing_is_taken_out(stage: Stage) -> None:
    one = three_cases(stage)
    page = take_out(stage, one, 2, button="選ぶ画面へもどる")

    expect(page.get_by_label("当局の申請ではない（ほかの局）")).to_be_checked()
    page.get_by_role("link", name="除かずにもどる").click()
    expect(page.locator(".preparation__case")).to_have_count(3)
    assert len(numbers_of(one)) == 3
