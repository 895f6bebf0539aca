"""From the guide to the 予約確認画面 on paper, at みなと.  利用案内 1, 3, 5."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page

from tests.browser.minato.scene import PHONE, THURSDAY_EIGHT, fill_holder, look, main, numbers
from tests.browser.stage import AOKI, Stage, cell
from tests.browser.test_ticket import codes_in, squeezed, the_one_sheet
from uketori import clock
from uketori.outbox.worker import run_once
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]
ANSWERS = (
    "みなと出入国在留管理局の窓口",
    "在留期間の更新",
    "交付窓口が「１階５番窓口」となっている",
    "会社などの職員",
    "同僚が出した",
    "はい、受け取る日にも有効です",
)


def test_journey__guide_to_confirmation_on_one_sheet(stage: Stage) -> None:
    goes_through_the_guide(stage)
    enters_by_the_mailed_link(stage)
    chooses_hour_and_five_cases(stage)
    confirms(stage)
    made = Reservation.objects.get()
    assert stage.page.url == stage.url(f"reservations/{made.reference}")
    is_on_the_ticket(stage, made)
    is_in_the_mail(stage, made)


def goes_through_the_guide(stage: Stage) -> None:
    page = stage.go("")
    look(stage, "top")
    page.get_by_role("link", name="６つの質問で確かめる").click()
    for order, answer in enumerate(ANSWERS, start=1):
        look(stage, f"guide-{order}")
        page.get_by_label(answer).check()
        stage.press("次へ進む")
    assert page.inner_text("h1") == "予約できます"
    assert "みなと局の通知書" in main(page)
    assert "受取確認票" in main(page)
    look(stage, "guide-yes")
    stage.press("この答えで予約をはじめる")


def enters_by_the_mailed_link(stage: Stage) -> None:
    page = stage.page
    look(stage, "entry")
    page.get_by_label("メールアドレス").fill(AOKI)
    stage.press("確認のメールを送る")
    look(stage, "sent")
    page.goto(stage.newest_link())
    look(stage, "link")
    stage.press("予約のページへ進む")
    assert page.get_by_text("外国人受入れ教育機関").count() == 0
    look(stage, "holder")
    fill_holder(stage)


def chooses_hour_and_five_cases(stage: Stage) -> None:
    """Six are refused and kept; the category of the guide's answer stands in the first row."""
    page = stage.page
    assert page.locator("#category-1").input_value() == "same_org"
    assert page.locator("input[name=category-all]:checked").count() == 0
    page.locator("input[name=category-all][value=same_org]").check()
    days = {value[:10] for value in offered(page)}
    assert days == {"2026-06-10", "2026-06-11", "2026-06-12"}
    assert len(offered(page)) == 2 + 4 + 4
    look(stage, "draft-empty")
    page.locator(f"input[name=slot][value='{cell(THURSDAY_EIGHT)}']").check()
    page.locator("summary", has_text="まとめて貼り付け").click()
    page.locator("#paste").fill("\n".join(numbers(6)))
    stage.press("案件に加える")
    stage.press("④確認へ進む")
    assert "5件まで" in page.inner_text(".error-summary [data-refusal=TOO_MANY_CASES]")
    look(stage, "draft-six")
    page.locator("button[value=drop-6]").click()
    page.locator("#type-2").select_option("change")
    page.locator("#category-3").select_option("own")
    look(stage, "draft-five")
    stage.press("④確認へ進む")


def offered(page: Page) -> list[str]:
    return [str(one.get_attribute("value")) for one in page.locator("input[name=slot]").all()]


def confirms(stage: Stage) -> None:
    """Whoever declares nothing is refused by the sentences of みなと."""
    page = stage.page
    for number in numbers(5):
        assert number in main(page)
    assert page.locator("input[name=declared]").count() == 2
    assert "みなと局から届いた通知書が手元にあります" in main(page)
    stage.press("この内容で予約する")
    assert page.locator(".error-summary [data-refusal=DECLARATION_MISSING]").count() == 2
    look(stage, "confirm")
    stage.declare_all()
    stage.press("この内容で予約する")


def is_on_the_ticket(stage: Stage, made: Reservation) -> None:
    page = stage.page
    assert page.inner_text(".ticket__value--reference") == made.reference
    words = ("6月11日（木）", "8時～8時30分", "１階５番窓口", "総合案内", "6月9日（火）17時59分")
    words = (*words, PHONE, "甲", "乙", "在留資格の変更", "受取確認票", *numbers(5))
    for one in words:
        assert one in main(page), one
    assert f"{PHONE}　みなと交付係" in main(page)
    look(stage, "show")
    assert codes_in(page.locator(".ticket").screenshot()) == [made.reference]
    sheet = the_one_sheet(page.pdf(prefer_css_page_size=True), "minato")
    for one in (made.reference, *words[:8], *numbers(5)):
        assert squeezed(one) in sheet, one
    ics = page.get_by_role("link", name=re.compile("カレンダー")).get_attribute("href")
    told = page.request.get(f"{stage.root}{ics}").text()
    assert "DTSTART;TZID=Asia/Tokyo:20260611T080000" in told or "20260610T230000Z" in told
    assert "20260611T083000" in told or "20260610T233000Z" in told


def is_in_the_mail(stage: Stage, made: Reservation) -> None:
    run_once(clock.now())
    told = str(mail.outbox[-1].body)
    for words in (made.reference, "6月11日（木）", "8時～8時30分", PHONE, "みなと交付係"):
        assert words in told, words
