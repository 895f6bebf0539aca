"""The guide's answers, and what is held about me, over several pages and mailboxes.  D03, D26."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import Page

from tests import factories, situations
from tests.browser.stage import AOKI, FRIDAY_NINE, MONDAY_NINE, THURSDAY_TEN, Stage
from tests.browser.states import GUIDE_ANSWERS, guide_after
from tests.browser.states_inside import fill_holder_fields
from tests.browser.states_my_data import OFFICE
from tests.browser.test_journey import assert_refused, choose
from tests.intermediaries.sharing import steps as sharing
from uketori.intermediaries.masking import masked
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.models import Draft, Reservation
from uketori.rules.policy import ReceiptCategory
from uketori.rules.refusals import Reason, Refusal

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]
PROVED_ELSEWHERE = "[data-refusal=CERTIFICATE_PROVED_ELSEWHERE]"
NEW = "aoki@new.example.jp"


def mail_to(address: str) -> str:
    """Let the worker send what waits; return the newest mail that went to this address."""
    sharing.delivered()
    return next(str(one.body) for one in reversed(mail.outbox) if one.to == [address])


def link_in(body: str) -> str:
    """The one address to be opened that carries a token."""
    (link,) = re.findall(r"http\S+/(?:entry|address|requests)/\S+", body)
    return str(link)


def headline(stage: Stage) -> str:
    return stage.page.inner_text("h1")


def references(stage: Stage) -> str:
    """What the list of reservations says; its references are there to be found."""
    return stage.go("reservations/").inner_text("main")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_guide_before_entry__answers_wait_in_the_booking_after_the_link(
    stage: Stage, new_page: MakePage, *, scripts: bool
) -> None:
    stage.page = page = new_page(java_script_enabled=scripts)
    guide_after(stage, *GUIDE_ANSWERS)
    assert headline(stage) == "予約できます"
    assert page.locator(".checklist__item").count()
    stage.press("この答えで予約をはじめる")
    assert headline(stage) == "メールアドレスの確認"
    page.get_by_label("メールアドレス").fill(AOKI)
    stage.press("確認のメールを送る")
    page.goto(stage.newest_link())
    stage.press("予約のページへ進む")
    fill_holder_fields(stage)

    wanted = ReceiptCategory.ORG_RECEIVE_ONLY.value
    assert page.locator("#category-1").input_value() == wanted
    page.locator("#number-1").fill("阪永P00415")
    choose(page, THURSDAY_TEN)
    stage.press("④確認へ進む")
    (row,) = DraftContent.from_json(Draft.objects.get().content).filled().rows
    assert (row.type, row.category) == ("permanent", wanted)
    stage.declare_all()
    stage.press("この内容で予約する")
    assert Reservation.objects.get().cases.get().category == wanted


@pytest.mark.parametrize("way", ["link", "code"])
def test_new_address__proved_inside_the_session__bookings_follow_and_the_old_one_is_told(
    stage: Stage, way: str
) -> None:
    held = stage.signed_in()
    made = factories.reservation(held, THURSDAY_TEN)
    page = stage.go("my-data")
    page.get_by_role("link", name="メールアドレスを変える").click()
    page.get_by_label("新しいメールアドレス").fill(NEW)
    stage.press("確認のメールを送る")
    body = mail_to(NEW)
    if way == "link":
        page.goto(link_in(body))
    else:
        (code,) = re.findall(r"確認コード\s+([0-9]{6})", body)
        page.get_by_role("textbox", name="確認コード").fill(code)
    stage.press("このアドレスに変える")

    assert "メールアドレスを変えました" in page.inner_text("main")
    assert NEW in page.inner_text("main")
    told = mail_to(AOKI)
    assert masked(NEW) in told
    assert "予約を見たり変えたりすることは、できなくなりました" in "".join(told.split())
    assert made.reference in references(stage)
    stage.sign_in(AOKI)
    assert made.reference not in references(stage)


def test_renewed_certificate__old_hour_stays_and_counts(stage: Stage, new_page: MakePage) -> None:
    held = stage.signed_in()
    old = factories.reservation(held, FRIDAY_NINE)
    renew(stage, "大取第20001号")
    renewed = CertificateClaim.objects.get(number="大取第20001号")
    first, stage.page = stage.page, new_page()
    stage.sign_in(page=stage.page)
    elsewhere = stage.open_confirmation(renewed, MONDAY_NINE)
    stage.declare_all()
    stage.page = first
    assert old.reference in references(stage)
    assert "2枠のうち、1枠を予約しています" in stage.page.inner_text("main")
    book_the_second(stage)
    stage.page = elsewhere
    stage.press("この内容で予約する")

    held_hours = [THURSDAY_TEN, FRIDAY_NINE]
    assert_refused(stage, Reason(Refusal.TOO_MANY_SLOTS, facts={"held": held_hours}))
    numbers = Reservation.objects.order_by("starts_at").values_list("certificate_number", flat=True)
    assert list(numbers) == ["大取第20001号", "大取第10234号"]


def book_the_second(stage: Stage) -> None:
    """Book Thursday at ten from the list of reservations."""
    page = stage.page
    page.get_by_role("link", name="新しく予約する").click()
    choose(page, THURSDAY_TEN)
    page.locator("#number-1").fill("阪労一E01234")
    page.get_by_label("ア　自分が申請した").first.check()
    stage.press("④確認へ進む")
    stage.declare_all()
    stage.press("この内容で予約する")
    assert "6月11日（木）" in page.inner_text(".ticket")


def renew(stage: Stage, number: str) -> None:
    """Type the new number on the page to which 「登録内容」 leads."""
    page = stage.go("my-data")
    page.get_by_role("link", name="更新した証明書を登録する").click()
    page.get_by_label("新しい証明書の番号").fill(number)
    for label, value in zip(("年", "月", "日"), ("2030", "3", "31"), strict=True):
        page.get_by_label(label, exact=True).fill(value)
    stage.press("登録する")
    assert "新しい証明書を登録しました" in page.inner_text("main")
    assert {"大取第10234号", number} <= set(re.findall("大取第[0-9]+号", page.inner_text("main")))


def test_certificate_proved_elsewhere__asked_for_and_granted(
    stage: Stage, new_page: MakePage
) -> None:
    made = factories.reservation(situations.a_proved_certificate(), THURSDAY_TEN)
    ask_to_share(stage)
    assert made.reference not in references(stage)
    answer_in_the_mailbox(stage, new_page(), "認める")

    assert "認められました" in mail_to(OFFICE)
    assert made.reference in references(stage)
    assert made.reference in stage.go(f"reservations/{made.reference}").inner_text(".ticket")


def test_certificate_proved_elsewhere__asked_for_and_declined(
    stage: Stage, new_page: MakePage
) -> None:
    made = factories.reservation(situations.a_proved_certificate(), THURSDAY_TEN)
    ask_to_share(stage)
    answer_in_the_mailbox(stage, new_page(), "認めない")

    assert "認められませんでした" in mail_to(OFFICE)
    assert made.reference not in references(stage)
    assert "確認を待っている証明書" not in stage.go("my-data").inner_text("main")
    stage.go("holders/new")
    fill_holder_fields(stage)
    assert stage.page.locator(PROVED_ELSEWHERE).count()


def ask_to_share(stage: Stage) -> None:
    """Type 青木's certificate at the office's address, and ask the address that holds it."""
    stage.sign_in(OFFICE)
    stage.go("holders/new")
    fill_holder_fields(stage)
    assert stage.page.locator(PROVED_ELSEWHERE).count()
    assert AOKI not in stage.page.content()
    stage.press("登録済みのメールアドレスに確認を送る")
    assert "確認のメールを送ります" in stage.page.inner_text("main")
    assert "大取第10234号" in stage.go("my-data").inner_text("section[aria-labelledby=waiting]")


def answer_in_the_mailbox(stage: Stage, page: Page, answer: str) -> None:
    """Open the link in a browser that has no session, and press one of its two buttons."""
    page.goto(link_in(mail_to(AOKI)))
    assert masked(OFFICE) in page.inner_text("main")
    page.get_by_role("button", name=answer, exact=True).click()
    assert page.locator("[data-link-state=used]").count()
    assert OFFICE not in page.content()


def test_export__holds_the_telephone_that_was_typed(stage: Stage, new_page: MakePage) -> None:
    stage.page = page = new_page(accept_downloads=True)
    stage.sign_in(page=page)
    stage.go("holders/new")
    fill_holder_fields(stage)
    page.get_by_role("link", name="登録内容").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="記録の写しを受け取る").click()

    assert waiting.value.suggested_filename == "my-data-2026-06-08.json"
    held = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert held["mail_address"]["address"] == AOKI
    assert [one["phone"] for one in held["holders"]] == ["06-1234-5678"]
