"""A day at みなと's counter in the browser: board, outcome, paper, telephone.  利用案内 4, 6."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.counter_scene import board, find, fresh, line, mark, opened, press, sign_in
from tests.browser.looking import assert_fits
from tests.browser.minato.scene import FRIDAY_NINE, THURSDAY_EIGHT, look_at_desk, main, numbers
from tests.browser.stage import Stage
from tests.browser.test_preparation import printed
from tests.changes import numbers_of
from uketori.counter.models import Call
from uketori.counter.visit.facts import ending_of
from uketori.reservations.models import Reservation
from uketori.rules.visit import Ending

pytestmark = pytest.mark.browser


@pytest.fixture
def visits(stage: Stage) -> list[Reservation]:
    """青木 and 別府 on Thursday at eight and on Friday at nine, eight cases in each hour."""
    people = [
        factories.intermediary(),
        factories.intermediary("別府 次郎", name_kana="ベップ ジロウ"),
    ]
    claims = [
        factories.claim(f"{order}@example.jp", person=person, number=f"見取第1000{order}号")
        for order, person in enumerate(people)
    ]
    made = [
        factories.reservation(
            claim, starts_at, numbers(5 - 2 * order, 100 + 20 * order + starts_at.day)
        )
        for starts_at in (THURSDAY_EIGHT, FRIDAY_NINE)
        for order, claim in enumerate(claims)
    ]
    made[0].cases.filter(order=2).update(type="change", category="same_org")
    return made


def test_visit__read_called_up_and_served_but_for_one(
    stage: Stage, visits: list[Reservation]
) -> None:
    one, other, *_rest = visits
    stage.set_clock("2026-06-11 08:10")
    sign_in(stage)
    page = board(stage)
    expect(page.locator("main")).to_contain_text("8時～8時30分")
    look_at_desk(stage, "board")
    find(page, one.reference)
    expect(line(page, "青木 花子")).to_contain_text("来庁")
    look_at_desk(stage, "opened")
    press(opened(page), "呼び出す")
    second = one.cases.get(order=2).number
    mark(opened(page), second, "paper_missing")
    press(opened(page), "証明書を確認した")
    press(opened(page), "4件を交付して完了する")

    expect(page.locator(".message--good")).to_contain_text("青木 花子 様に4件を交付")
    look_at_desk(stage, "served")
    served = fresh(one)
    assert ending_of(served) is Ending.SERVED
    assert served.cases.get(order=2).not_issued_because == "paper_missing"
    stage.set_clock("2026-06-11 08:30")
    assert "画面をロックしました" in main(board(stage)), "twenty minutes have passed"
    sign_in(stage)
    page = board(stage, other.reference)
    press(opened(page), "遅刻")
    expect(line(page, "別府 次郎")).to_contain_text("遅刻")
    assert ending_of(fresh(other)) is Ending.LATE
    look_at_desk(stage, "late")


@pytest.mark.parametrize("view", ["hours", "numbers", "desk"])
def test_preparation__of_friday_from_six_on_wednesday__on_paper_too(
    stage: Stage, visits: list[Reservation], view: str
) -> None:
    """Friday's deadline was Wednesday 17:59: from then on the list is final."""
    stage.set_clock("2026-06-10 17:59:59")
    sign_in(stage)
    page = board(stage, f"preparation/2026-06-12?view={view}")
    assert "まだ変わることがあります" in main(page)
    stage.set_clock("2026-06-10 18:00")
    page.reload()
    assert "まだ変わることがあります" not in main(page)
    look_at_desk(stage, f"preparation-{view}")
    text = " ".join(printed(page, f"minato-preparation-{view}"))

    expected = [
        number for one in visits[2:] for number in one.cases.values_list("number", flat=True)
    ]
    assert sorted(re.findall("湊K[0-9]{5}", text)) == sorted(expected)
    assert "大阪" not in text
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 900})  # the width of the sheet
    assert_fits(page)


def test_call__late_on_the_morning_of_the_visit(stage: Stage, visits: list[Reservation]) -> None:
    stage.set_clock("2026-06-11 07:40")
    sign_in(stage)
    page = board(stage, "calls/")
    look_at_desk(stage, "calls")
    page.get_by_label("予約を探す").fill("見取第10000号")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=visits[0].reference).click()
    assert "6月9日（火）17時59分まででした" in main(page)
    page.get_by_label("予約の時間に遅れる").check()
    page.get_by_label("電話の方のお名前").fill("青木")
    look_at_desk(stage, "call")
    stage.press("記録する")

    said = page.inner_text(".call__say")
    assert "8時30分より前にお越しになれば、予約を使えます。" in said
    assert "１階の一般窓口で手続" in said
    look_at_desk(stage, "call-recorded")
    assert Call.objects.get().reservation_id == visits[0].pk


def test_call__a_number_is_corrected__no_other_change_is_offered(
    stage: Stage, visits: list[Reservation]
) -> None:
    stage.set_clock("2026-06-10 10:00")
    sign_in(stage)
    page = board(stage, f"calls/{visits[0].reference}")
    assert "一部取消" not in main(page)
    page.get_by_role("link", name="訂正を受ける", exact=True).click()
    assert page.locator("[name=withdraw]").count() == 0
    page.locator(".ledger__correct-summary").first.click()
    page.get_by_label("正しい申請番号").first.fill("湊K00999")
    look_at_desk(stage, "call-changes")
    stage.press("読み上げて確かめる")
    look_at_desk(stage, "call-review")
    stage.press("この内容で変更する")

    assert page.locator(".call__say").is_visible()
    assert numbers_of(visits[0])[0] == "湊K00999"
    look_at_desk(stage, "call-changed")
