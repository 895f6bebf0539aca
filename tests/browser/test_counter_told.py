"""What the counter did reaches the holder: a case not issued, and a change by telephone.  4, 6."""

from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from tests import factories, situations
from tests.browser.counter_scene import (
    board,
    find,
    fresh,
    mark,
    press,
    sign_in,
    with_seen_certificate,
)
from tests.browser.stage import AOKI, FRIDAY_NINE, THURSDAY_TEN, Stage
from tests.browser.test_journey import choose, typed_numbers
from tests.changes import numbers_of
from uketori import clock
from uketori.bureaus.models import Slot
from uketori.counter.models import Call
from uketori.outbox.worker import run_once
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]


def three_of_aoki() -> Reservation:
    return factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(3))


def show_to_holder(stage: Stage, page: Page, one: Reservation) -> Page:
    """Let 青木 look at the reservation in a browser of their own."""
    stage.page = page
    stage.sign_in()
    return stage.go(f"reservations/{one.reference}")


def test_not_issued__holder_reads_which_why_and_what_next_and_books_it_again(
    stage: Stage, new_page: MakePage
) -> None:
    one = three_of_aoki()
    issued, incomplete, elsewhere = numbers_of(one)
    stage.set_clock("2026-06-11 10:20")
    sign_in(stage)
    side = find(board(stage), with_seen_certificate(one).reference)
    mark(side, incomplete, "paper_wrong")
    mark(side, elsewhere, "not_ours")
    press(side, "1件を交付して完了する")
    expect(stage.page.locator(".message--good")).to_contain_text("交付しなかったのは2件です。")

    stage.set_clock("2026-06-11 10:40")
    holder = show_to_holder(stage, new_page(), one)
    expect(holder.locator("main")).to_contain_text("1件を交付し、2件は交付できませんでした")
    told = holder.locator(".results__line")
    expect(told.filter(has_text=issued)).to_contain_text("交付しました。")
    expect(told.filter(has_text=incomplete)).to_contain_text(
        "書類に、なおしていただくところがありました。"
        "窓口でお伝えしたところをなおして、もう一度予約してください。"
    )
    expect(told.filter(has_text=elsewhere)).to_contain_text("この窓口の予約はいりません。")
    stage.press("1件の案件をもう一度予約する")
    assert typed_numbers(holder) == [incomplete]

    book(stage)
    made = Reservation.objects.exclude(pk=one.pk).get()
    assert (made.starts_at, numbers_of(made)) == (FRIDAY_NINE, [incomplete])
    old, new = one.cases.get(number=incomplete), made.cases.get()
    assert (new.type, new.category) == (old.type, old.category)
    assert old.not_issued_because == "paper_wrong"


def book(stage: Stage) -> None:
    """Take the draft as it was carried over to Friday at nine."""
    choose(stage.page, FRIDAY_NINE)
    stage.press("④確認へ進む")
    stage.declare_all()
    stage.press("この内容で予約する")
    expect(stage.page.locator(".ticket")).to_be_visible()


def test_change_by_telephone__one_case_withdrawn_in_time__the_mail_and_the_page_tell_it(
    stage: Stage, new_page: MakePage
) -> None:
    one = three_of_aoki()
    first, withdrawn, last = numbers_of(one)
    stage.set_clock("2026-06-10 11:50")
    sign_in(stage)
    page = board(stage, "calls/")
    withdraw(stage, one, withdrawn)

    said = page.locator(".call__say")
    expect(said).to_contain_text("6月11日（木）10時～11時の予約を変更しました。いまは2件です。")
    expect(said).to_contain_text("登録のメールアドレスへ、お知らせをお送りします。")
    expect(said).not_to_contain_text("期限のあと")
    expect(page.locator("section", has_text="この予約の電話　1件")).to_contain_text("期限内")
    assert numbers_of(one) == [first, last]
    assert not Call.objects.get(reservation=one).is_after_deadline
    assert Slot.objects.get(starts_at=THURSDAY_TEN).booked_cases == 2
    assert fresh(one).live_case_count == 2

    run_once(clock.now())
    (sent,) = mail.outbox
    assert sent.to == [AOKI]
    assert str(sent.subject).endswith("予約を変更しました　6月11日（木）10時～11時")
    assert f"・取り消した　{withdrawn}" in str(sent.body)
    holder = show_to_holder(stage, new_page(), one)
    expect(holder.locator(".ledger__told", has_text=withdrawn)).to_have_count(1)
    expect(holder.locator(".ledger__kind")).to_have_text(["取り消した"])


def withdraw(stage: Stage, one: Reservation, number: str) -> None:
    """Find the caller's reservation, take one case out and read the change aloud."""
    page = stage.page
    page.get_by_label("予約を探す").fill(one.reference)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="一部取消・訂正を受ける").click()
    page.get_by_label(f"取り消す：{number}").check()
    page.get_by_label("電話の方のお名前").fill("青木")
    stage.press("読み上げて確かめる")
    expect(page.get_by_role("heading", level=1)).to_have_text("変更したあとは2件です")
    assert numbers_of(one).count(number) == 1
    stage.press("この内容で変更する")
