"""The counter as it is walked: from the board, press by press, to what is written and said.  5"""

from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from tests import factories, situations
from tests.browser.counter_scene import (
    board,
    find,
    fresh,
    line,
    opened,
    press,
    reserved,
    sign_in,
)
from tests.browser.stage import AOKI, FRIDAY_NINE, THURSDAY_TEN, Stage
from tests.changes import numbers_of
from tests.policies import at
from uketori import clock
from uketori.counter.visit.facts import ending_of
from uketori.outbox.worker import run_once
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Role
from uketori.rules.visit import Ending

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]
LIST = "preparation/2026-06-11"


def test_absent_when_called__read_called_up_and_marked__the_board_shows_it(stage: Stage) -> None:
    one = reserved("青木 花子", "アオキ ハナコ", 3)
    stage.set_clock("2026-06-11 10:10")
    sign_in(stage)
    page = board(stage)
    find(page, one.reference)
    expect(line(page, "青木 花子")).to_contain_text("来庁")

    stage.set_clock("2026-06-11 10:20")
    press(opened(page), "呼び出す")
    expect(line(page, "青木 花子")).to_contain_text("対応中")
    stage.set_clock("2026-06-11 10:30")
    press(opened(page), "呼出し時に不在")

    expect(page.locator(".message--good")).to_contain_text(
        "青木 花子 様を「呼出し時に不在」と記録しました。"
    )
    expect(line(page, "青木 花子").locator("p").first).to_have_text("不在 10時30分")
    made = fresh(one)
    assert ending_of(made) is Ending.ABSENT
    assert (made.arrived_at, made.called_at, made.absent_at) == (
        at("2026-06-11 10:10"),
        at("2026-06-11 10:20"),
        at("2026-06-11 10:30"),
    )
    assert set(made.cases.values_list("outcome", flat=True)) == {""}


def test_no_show__decided_from_the_list_of_what_is_open__until_it_is_worked_off(
    stage: Stage,
) -> None:
    nobody = reserved("川口 誠", "カワグチ マコト", 6, "09:00")
    caught_in_rain = reserved("別府 健", "ベップ ケン", 3, "09:00")
    stage.set_clock("2026-06-11 10:01")
    sign_in(stage)
    page = board(stage)
    open_list = page.locator(".board__hour--unresolved")
    expect(open_list).to_contain_text("要確認　2件")
    assert {ending_of(one) for one in Reservation.objects.all()} == {None}

    open_list.locator("button", has_text="不来庁：川口 誠").click()
    expect(open_list).to_contain_text("要確認　1件")
    open_list.locator("button", has_text="遅刻：別府 健").click()

    expect(open_list).to_have_count(0)
    expect(line(page, "川口 誠")).to_contain_text("不来庁")
    expect(line(page, "別府 健")).to_contain_text("遅刻")
    assert ending_of(fresh(nobody)) is Ending.NO_SHOW
    assert fresh(nobody).no_show_at == clock.now()
    assert ending_of(fresh(caught_in_rain)) is Ending.LATE


def two_of_one_number() -> tuple[Reservation, Reservation]:
    """青木 of today, and somebody of tomorrow who typed the same certificate."""
    one = factories.reservation(situations.aoki(), THURSDAY_TEN, 2)
    person = factories.intermediary("青木 華子", organisation="別の会社")
    number = one.certificate_number
    rival = factories.claim("rival@example.com", person=person, number=number, place=2)
    return one, factories.reservation(rival, FRIDAY_NINE, 1)


def test_rival_claims__certificate_seen_by_the_clerk_and_settled_by_the_supervisor(
    stage: Stage, new_page: MakePage
) -> None:
    one, other = two_of_one_number()
    stage.set_clock("2026-06-11 10:20")
    sign_in(stage)
    page = board(stage)
    press(find(page, one.reference), "証明書を確認した")
    expect(opened(page)).to_contain_text("窓口で確認済み")
    expect(opened(page)).to_contain_text("登録を終えるのは、責任者が行います。")
    assert fresh(one).claim.proved_at == clock.now()

    chief = new_page()
    sign_in(stage, Role.SUPERVISOR, chief)
    side = find(board(stage, page=chief), one.reference)
    expect(side).to_contain_text(f"6月12日（金）9時～10時　{other.reference}")
    side.locator("button", has_text="この登録を終える：青木 華子").click()

    expect(chief.locator(".message--good")).to_contain_text("そのメールアドレスに知らせます。")
    expect(opened(chief)).not_to_contain_text("同じ番号の証明書を、ほかの方も登録しています。")
    run_once(clock.now())
    assert fresh(other).claim.ended_at == clock.now()
    assert fresh(other).cancelled_at is None
    assert ["rival@example.com"] in [one.to for one in mail.outbox]


def test_number_not_found__marked_on_the_list_told_by_mail_and_corrected_in_time(
    stage: Stage, new_page: MakePage
) -> None:
    one = factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(3))
    first, wrong, last = numbers_of(one)
    stage.set_clock("2026-06-10 10:00")
    sign_in(stage)
    clerk = board(stage, LIST)
    clerk.get_by_label(wrong).check()
    stage.press("番号が見つからない")
    expect(clerk.locator("main")).to_contain_text("申請番号をお確かめください")
    stage.press("印を付けて、メールで知らせる")
    expect(clerk.locator(".message--good")).to_contain_text(f"{wrong}（1件）に印を付けました")
    expect(clerk.get_by_label(wrong)).to_be_in_viewport()
    assert one.cases.get(order=2).ahead_mark == "wrong_number"
    run_once(clock.now())
    assert mail.outbox[-1].to == [AOKI]
    assert wrong in str(mail.outbox[-1].body)

    stage.page = holder = new_page()
    stage.set_clock("2026-06-10 10:10")
    stage.sign_in(page=holder)
    stage.go(f"reservations/{one.reference}")
    expect(holder.locator("main")).to_contain_text("の申請が見つかりません。")
    correct(stage, wrong, "阪労一E09001")

    expect(holder.locator(".message--good")).to_contain_text("予約を変更しました")
    assert numbers_of(one) == [first, "阪労一E09001", last]
    expect(holder.locator("main")).not_to_contain_text("の申請が見つかりません。")
    sheet = board(stage, LIST, page=clerk).locator(".preparation__case")
    expect(sheet.filter(has_text="阪労一E09001")).not_to_contain_text("番号が見つからない")
    expect(sheet.filter(has_text=wrong)).to_have_count(0)


def correct(stage: Stage, wrong: str, right: str) -> None:
    """Correct one number on the pages of the intermediary."""
    page = stage.page
    page.get_by_role("link", name="予約を変更・キャンセルする").click()
    page.locator(".ledger__correct-summary", has_text=wrong).click()
    page.locator(".ledger__line", has_text=wrong).get_by_label("正しい申請番号").fill(right)
    stage.press("変更の内容を確認する")
    stage.press("この内容で変更する")
