"""The telephone desk in Chromium: a call from its beginning to the sentence read aloud.  4(2)"""

from collections.abc import Callable

import pytest
from django.test import Client

from tests import factories, situations
from tests.browser.looking import assert_fits, assert_is_dressed, take_picture, violations
from tests.browser.stage import Stage, cell
from tests.counter.telephone.test_calls import noted
from tests.policies import at
from tests.situations import sign_in, staff
from uketori import clock
from uketori.counter.models import CallKind
from uketori.counter.telephone.calls import record_call
from uketori.outbox.models import FailedAttempt, MailState, OutgoingMail
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Role
from uketori.staff.sessions import STAFF_COOKIE

pytestmark = pytest.mark.browser

WEDNESDAY_NOON = "2026-06-10 13:20"
TEN = at("2026-06-11 10:00")
REFERENCE = "K7M4-2QXP"
DESK = "/staff/osaka/counter/"
LINES = (
    "one => {const words = document.createRange(); words.selectNodeContents(one);"
    "return new Set([...words.getClientRects()].map((box) => Math.round(box.bottom))).size}"
)
"""How many lines the words of an element take."""


def clerk_at(stage: Stage, words: str = WEDNESDAY_NOON, role: Role = Role.SUPERVISOR) -> None:
    """千葉's browser, signed in, at this moment."""
    stage.set_clock(words)
    client = Client()
    sign_in(client, staff(role))
    cookie = {"name": STAFF_COOKIE, "value": client.cookies[STAFF_COOKIE].value, "url": stage.root}
    stage.page.context.add_cookies([cookie])  # type: ignore[list-item]


def visit(cases: int = 5) -> Reservation:
    """青木, Thursday 10:00."""
    return factories.reservation(situations.aoki(), TEN, cases, reference=REFERENCE)


def go(stage: Stage, path: str) -> None:
    stage.page.goto(f"{stage.root}{DESK}{path}")


def look(stage: Stage, name: str) -> None:
    """Hold the page to axe, and to both widths of the desk."""
    for width in (1280, 1024):
        stage.page.set_viewport_size({"width": width, "height": 900})
        take_picture(stage.page, f"telephone-{name}-{width}")
        assert_fits(stage.page)
    assert_is_dressed(stage.page)
    assert violations(stage.page) == []


def open_call(stage: Stage) -> None:
    visit()
    go(stage, f"calls/{REFERENCE}")


def record_lateness(stage: Stage) -> None:
    open_call(stage)
    stage.page.get_by_label("予約の時間に遅れる").check()
    stage.page.get_by_label("電話の方のお名前").fill("青木")
    stage.page.get_by_label("メモ").fill("電車の遅れ。10時40分ごろの見込み")
    stage.press("記録する")


def refused(stage: Stage) -> None:
    open_call(stage)
    stage.press("記録する")


def log(stage: Stage) -> None:
    made = visit()
    for kind in CallKind:
        record_call(
            reservation=made,
            kind=kind,
            noted=noted(at(f"2026-06-10 10:1{list(CallKind).index(kind)}")),
            actor="staff:1",
            at=clock.now(),
        )
    go(stage, "calls/")


def two_found(stage: Stage) -> None:
    made = visit()
    factories.reservation(made.claim, at("2026-06-12 09:00"), 2)
    go(stage, "calls/")
    stage.page.get_by_label("予約を探す").fill("青木")
    stage.press("探す")


def none_found(stage: Stage) -> None:
    go(stage, "calls/")
    stage.page.get_by_label("予約を探す").fill("別府")
    stage.press("探す")


def cancellation(stage: Stage) -> None:
    open_call(stage)
    stage.page.get_by_role("link", name="取消しを受ける").click()


def cancellation_review(stage: Stage) -> None:
    cancellation(stage)
    stage.press("読み上げて確かめる")


def striking(stage: Stage) -> None:
    cancelled(stage)
    stage.page.get_by_role("link", name="この電話の記録はまちがいです").click()


def struck(stage: Stage) -> None:
    striking(stage)
    stage.press("この電話の記録はまちがいです")
    stage.page.get_by_role("link", name="同じ案件で予約を取る").wait_for()


def cancelled(stage: Stage) -> None:
    cancellation(stage)
    stage.page.get_by_text("紙の記録から").click()
    stage.page.get_by_label("電話を受けた時刻").fill("13:05")
    stage.press("読み上げて確かめる")
    stage.press("この予約を取り消す")


def changing(stage: Stage) -> None:
    open_call(stage)
    stage.page.get_by_role("link", name="一部取消・訂正を受ける").click()
    stage.page.get_by_label("取り消す").first.check()


def review(stage: Stage) -> None:
    changing(stage)
    stage.press("読み上げて確かめる")


def changed(stage: Stage) -> None:
    review(stage)
    stage.press("この内容で変更する")


def over(stage: Stage) -> None:
    clerk_at(stage, "2026-06-11 11:00")
    open_call(stage)


def on_the_board(stage: Stage) -> None:
    clerk_at(stage, "2026-06-11 10:20")
    record_call(
        reservation=visit(),
        kind=CallKind.WILL_BE_LATE,
        noted=noted(at("2026-06-11 09:40")),
        actor="staff:1",
        at=clock.now(),
    )
    factories.reservation(situations.chinen(), TEN, 1)
    go(stage, "")


def by_bureau(stage: Stage) -> None:
    visit()
    go(stage, f"calls/{REFERENCE}/bureau-cancellation")


def mails(stage: Stage) -> None:
    _failed_mail()
    for event, state in (("verification", "dead"), ("claim_requested", "dropped")):
        OutgoingMail.objects.create(
            bureau="osaka",
            event=event,
            subject_id=event,
            recipient="beppu@example.jp",
            message_id=f"<{event}@example.jp>",
            enqueued_at=at("2026-06-10 09:30"),
            not_before=at("2026-06-10 09:30"),
            given_up_at=at("2026-06-10 10:30"),
            state=MailState(state),
        )
    go(stage, "mails/")


def mails_about(stage: Stage) -> None:
    _failed_mail()
    go(stage, f"mails/{REFERENCE}")


def _failed_mail() -> None:
    made = visit()
    for event, state in (("reservation_booked", "sent"), ("reservation_changed", "dead")):
        mail = OutgoingMail.objects.create(
            bureau="osaka",
            event=event,
            subject_id=made.reference,
            recipient="aoki@example.jp",
            message_id=f"<{event}@example.jp>",
            enqueued_at=at("2026-06-10 09:30"),
            not_before=at("2026-06-10 09:30"),
            state=MailState(state),
            sent_at=at("2026-06-10 09:31") if state == "sent" else None,
            given_up_at=at("2026-06-10 10:31") if state == "dead" else None,
        )
        if state == "dead":
            for minute in ("09:31", "10:31"):
                FailedAttempt.objects.create(
                    mail=mail,
                    at=at(f"2026-06-10 {minute}"),
                    error="SMTPRecipientsRefused 550",
                    domain="example.jp",
                )


def book_for(stage: Stage) -> None:
    situations.aoki()
    go(stage, "bookings/")


def book_for_holder(stage: Stage) -> None:
    go(stage, "bookings/holder")
    stage.press("日付と時間を選ぶ")


def book_for_claim(stage: Stage) -> None:
    claim = situations.aoki()
    go(stage, f"bookings/claims/{claim.pk}")


def address_for(stage: Stage) -> None:
    claim = situations.aoki()
    go(stage, f"claims/{claim.pk}/address")


def _ask_to_move(stage: Stage, where: str) -> None:
    address_for(stage)
    page = stage.page
    page.get_by_label(where).check()
    page.get_by_label("証明書の番号").fill("大取第10234号")
    page.get_by_label("新しいメールアドレス").fill("aoki@new.example.jp")
    page.get_by_label("メールが届かない").check()
    stage.press("変更の手続をする")


def address_refused(stage: Stage) -> None:
    _ask_to_move(stage, "窓口：")


def address_slip(stage: Stage) -> None:
    address_for(stage)
    stage.page.get_by_label("新しいメールアドレス").fill("aoki@gmial.com")
    stage.press("変更の手続をする")


def address_asked(stage: Stage) -> None:
    _ask_to_move(stage, "電話：")


def book_for_refused(stage: Stage) -> None:
    book_for_claim(stage)
    stage.page.get_by_label("案件1の申請番号", exact=True).fill("阪労一E01234")
    stage.press("この内容で予約する")


def booked_for(stage: Stage) -> None:
    book_for_claim(stage)
    page = stage.page
    page.locator(f'[id="slot-{cell(at("2026-06-12 09:00"))}"]').check()
    page.get_by_label("案件1の申請番号", exact=True).fill("阪労一E01234")
    page.get_by_label("ア　自分が申請した").first.check()
    for box in page.locator("[name=declared], [name=notice]").all():
        box.check()
    stage.press("この内容で予約する")


STATES: dict[str, Callable[[Stage], None]] = {
    "call": open_call,
    "late": record_lateness,
    "refused": refused,
    "log": log,
    "two-found": two_found,
    "none-found": none_found,
    "cancellation": cancellation,
    "cancellation-review": cancellation_review,
    "cancelled": cancelled,
    "striking": striking,
    "struck": struck,
    "changing": changing,
    "review": review,
    "changed": changed,
    "over": over,
    "on-the-board": on_the_board,
    "by-bureau": by_bureau,
    "book-for": book_for,
    "book-for-holder": book_for_holder,
    "book-for-claim": book_for_claim,
    "address": address_for,
    "address-refused": address_refused,
    "address-slip": address_slip,
    "address-asked": address_asked,
    "book-for-refused": book_for_refused,
    "booked-for": booked_for,
    "mails": mails,
    "mails-about": mails_about,
}


@pytest.mark.parametrize("name", STATES)
def test_desk__is_sound(stage: Stage, name: str) -> None:
    clerk_at(stage)
    STATES[name](stage)

    look(stage, name)


@pytest.mark.parametrize("width", [1280, 1024])
def test_call__name_and_numbers__stand_in_words_not_sign_by_sign(stage: Stage, width: int) -> None:
    """Half a page is for what was noted: a moment on one line would leave a sign to the name."""
    clerk_at(stage)
    changed(stage)
    stage.page.get_by_label("予約の時間に遅れる").check()
    stage.page.get_by_label("電話の方のお名前").fill("青木の同僚")
    stage.press("記録する")
    stage.page.set_viewport_size({"width": width, "height": 900})

    for words in ("青木の同僚", stage.page.locator(".ledger__values").first.inner_text()):
        found = stage.page.locator("td, .ledger__values > span").filter(has_text=words)
        lines = found.evaluate(LINES)
        assert lines == 1, (words, lines)
    moments = stage.page.locator(".call__moment").evaluate_all(f"all => all.map({LINES})")
    assert moments == [2, 2]


def test_journey__late_cancellation__from_the_search_to_the_sentence(stage: Stage) -> None:
    clerk_at(stage)
    made = visit()
    go(stage, "calls/")
    stage.page.get_by_label("予約を探す").fill("k7m4 2qxp")
    stage.page.keyboard.press("Enter")
    stage.page.get_by_role("link", name="取消しを受ける").click()
    stage.page.get_by_label("電話の方のお名前").fill("青木")
    stage.press("読み上げて確かめる")
    stage.press("この予約を取り消す")

    said = stage.page.locator(".call__say").inner_text()
    assert "6月11日（木）10時～11時の予約を取り消しました。" in said
    assert "期限のあとのご連絡として記録しました。" in said
    made.refresh_from_db()
    assert made.cancelled_at == clock.now()


def test_journey__books_for_a_caller__reference_is_spelled(stage: Stage) -> None:
    clerk_at(stage, "2026-06-08 10:20")
    situations.aoki()
    go(stage, "calls/")
    stage.page.get_by_role("link", name="電話の方のために予約する").click()
    stage.page.get_by_label("登録のある方を探す").fill("大取第10234号")
    stage.page.keyboard.press("Enter")
    page = stage.page
    page.locator(f'[id="slot-{cell(TEN)}"]').check()
    page.get_by_label("案件1の申請番号", exact=True).fill("阪労一E01234")
    page.get_by_label("ア　自分が申請した").first.check()
    for box in page.locator("[name=declared], [name=notice]").all():
        box.check()
    stage.press("この内容で予約する")

    said = page.locator(".call__say").inner_text()
    assert "6月11日（木）10時～11時に、1件の予約をお取りしました。" in said
    reference = Reservation.objects.get().reference
    assert "".join(page.locator(".spelling__large").all_inner_texts()) == reference.replace("-", "")
