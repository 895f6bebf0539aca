"""The states of the pages behind the proof of an address: holder, draft, ④, reservations."""

from datetime import date, timedelta

from tests import factories, situations
from tests.browser import states_my_data
from tests.browser.stage import FRIDAY_NINE, MONDAY_NINE, THURSDAY_TEN, Stage, mixed_rows
from tests.browser.states import GUIDE_ANSWERS, guide_after, state
from tests.changes import added, cancel, change
from tests.policies import at
from uketori import clock
from uketori.bureaus.models import Slot
from uketori.counter.visit.outcomes import record_outcome
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cases.typed import DraftRow
from uketori.reservations.models import Draft
from uketori.rules.policy import IntermediaryKind, ReceiptCategory
from uketori.rules.visit import NotIssued

ALSO = (states_my_data,)
"""Read for the states it registers."""


@state
def holder(stage: Stage) -> None:
    stage.sign_in()
    stage.go("holders/new")


@state
def holder_errors(stage: Stage) -> None:
    stage.sign_in()
    stage.go("holders/new")
    stage.press("日付と時間を選ぶ")
    assert stage.page.locator(".error-summary__link").count() >= 6


@state
def holder_expired(stage: Stage) -> None:
    stage.sign_in()
    fill_holder(stage, day="2026-6-7")
    assert stage.page.locator("[data-refusal=CERTIFICATE_EXPIRED]").count() == 2


@state
def education(stage: Stage) -> None:
    stage.sign_in()
    fill_holder(stage, education="はい")
    assert stage.page.locator("[data-refusal=EDUCATION_INSTITUTION]").first.is_visible()


@state
def holders(stage: Stage) -> None:
    stage.signed_in()
    lawyer = factories.intermediary(
        "WILLIAMS Alexandra Jane", kind=IntermediaryKind.LAWYER, organisation=""
    )
    factories.claim(person=lawyer, number="（大）弁26第7号")
    stage.go("holders/")


@state
def holders_for_a_draft(stage: Stage) -> None:
    left = factories.draft(stage.signed_in())
    Draft.objects.update(claim=None)
    stage.go(f"reservations/drafts/{left.key}")
    assert stage.page.get_by_role("link", name="この方で続きを入力する").is_visible()


@state
def holders_suspended(stage: Stage) -> None:
    holders(stage)
    suspend()
    stage.go("holders/")
    assert stage.page.get_by_role("link", name="この方の予約をする").count() == 1


@state
def holder_proved_elsewhere(stage: Stage) -> None:
    factories.claim("proved@example.jp", number="大取第10234号", is_proved=True)
    stage.sign_in()
    fill_holder(stage)
    assert stage.page.locator("[data-refusal=CERTIFICATE_PROVED_ELSEWHERE]").count() == 2
    assert stage.page.get_by_role(
        "button", name="登録済みのメールアドレスに確認を送る"
    ).is_visible()


@state
def holder_asked_elsewhere(stage: Stage) -> None:
    holder_proved_elsewhere(stage)
    stage.press("登録済みのメールアドレスに確認を送る")
    assert stage.page.locator(".message--good").is_visible()


@state
def revise(stage: Stage) -> None:
    stage.go(f"holders/{stage.signed_in().pk}")


@state
def revise_known(stage: Stage) -> None:
    """The counter knows the person: the kind stays."""
    claim = stage.signed_in(is_proved=True)
    stage.go(f"holders/{claim.pk}")
    assert stage.page.get_by_text("ここでは変えられません。変わったとき").is_visible()


@state
def revise_before_a_visit(stage: Stage) -> None:
    claim = stage.signed_in()
    factories.reservation(claim, THURSDAY_TEN, 2)
    factories.reservation(claim, FRIDAY_NINE, 2)
    CertificateClaim.objects.update(expires_on=THURSDAY_TEN.date() - timedelta(days=1))
    stage.go(f"holders/{claim.pk}")
    assert stage.page.locator(".message--caution").is_visible()


@state
def revise_errors(stage: Stage) -> None:
    stage.go(f"holders/{stage.signed_in().pk}").get_by_label("お名前").fill("")
    stage.page.get_by_label("電話番号").fill("内線5")
    stage.press("保存する")
    assert stage.page.locator(".error-summary__link").count() == 2


# the draft


@state
def draft_empty(stage: Stage) -> None:
    claim = stage.signed_in()
    stage.go(f"reservations/new?holder={claim.pk}")


@state
def draft_after_the_guide(stage: Stage) -> None:
    stage.signed_in()
    guide_after(stage, *GUIDE_ANSWERS)
    stage.press("この答えで予約をはじめる")
    assert stage.page.locator("#type-1").input_value() == "permanent"
    assert stage.page.get_by_text("１行目の案件だけに入れました").is_visible()


@state
def draft_filled(stage: Stage) -> None:
    claim = stage.signed_in()
    factories.reservation(claim, FRIDAY_NINE)
    factories.slot(MONDAY_NINE, booked_reservations=5)
    stage.open_draft(claim, THURSDAY_TEN, 15)


@state
def draft_errors(stage: Stage) -> None:
    claim = stage.signed_in()
    typed = [*factories.numbers(3), factories.numbers(1)[0], "阪労一E0123?", "阪", "B" * 31]
    rows = (
        *(DraftRow(number=one) for one in typed),
        DraftRow(category=ReceiptCategory.SAME_ORG),
        DraftRow(number="阪労一E09999", category=ReceiptCategory.PROFESSIONAL_RECEIVE_ONLY),
    )
    stage.open_checked(claim, rows=rows, category="")
    assert stage.page.locator(".case-row--wrong").count() >= 5
    assert stage.page.locator("[data-refusal=NO_SLOT_CHOSEN]").count() == 2


@state
def draft_without_category(stage: Stage) -> None:
    stage.open_checked(stage.signed_in(), THURSDAY_TEN, 3, category="")
    assert stage.page.locator("[data-refusal=CATEGORY_MISSING]").count() == 2


@state
def draft_warnings(stage: Stage) -> None:
    claim = stage.signed_in()
    stage.open_checked(
        claim,
        THURSDAY_TEN,
        ["阪労1E01234", "阪労ーE01235", "01236", "阪労一P01237"],
        type_for_all="extension",
    )
    assert stage.page.locator(".field__warning").count() >= 4


@state
def draft_sixteen(stage: Stage) -> None:
    stage.open_checked(stage.signed_in(), THURSDAY_TEN, 16)
    assert stage.page.locator("[data-refusal=TOO_MANY_CASES]").count() == 2


@state
def draft_nothing_pasted(stage: Stage) -> None:
    stage.open_draft(stage.signed_in(), THURSDAY_TEN, 1)
    stage.page.locator("summary", has_text="まとめて貼り付け").click()
    stage.press("案件に加える")
    assert stage.page.locator("#paste-error").is_visible()


@state
def draft_saved(stage: Stage) -> None:
    stage.open_draft(stage.signed_in(), None, 2)
    stage.press("下書きとして保存する")
    assert stage.page.locator(".message--good").is_visible()


@state
def draft_one_too_many(stage: Stage) -> None:
    claim = stage.signed_in()
    for hour in (None, THURSDAY_TEN, FRIDAY_NINE, MONDAY_NINE) * 5:
        factories.draft(claim, hour, 2)
    page = stage.go(f"reservations/new?holder={claim.pk}")
    page.locator("#number-1").fill("阪労一E09999")
    stage.press("下書きとして保存する")
    assert page.locator("button[value^=instead-]").count() == 20
    assert page.locator("#number-1").input_value() == "阪労一E09999"


@state
def draft_at_the_limit(stage: Stage) -> None:
    claim = situations.an_intermediary_with_two_slots(clock.now())
    stage.sign_in()
    stage.open_checked(claim, THURSDAY_TEN, 3)
    assert stage.page.locator("[data-refusal=TOO_MANY_SLOTS]").count()


# the last look


@state
def confirm(stage: Stage) -> None:
    stage.open_confirmation(stage.signed_in(), THURSDAY_TEN, rows=mixed_rows())


@state
def confirm_warnings(stage: Stage) -> None:
    typed = ["阪労ーP01234", "阪労一P01235"]
    stage.open_confirmation(stage.signed_in(), THURSDAY_TEN, typed, type_for_all="extension")
    assert stage.page.get_by_text("このままでも進めます。").count() == 2


@state
def draft_suspended(stage: Stage) -> None:
    claim = stage.signed_in()
    suspend()
    stage.open_draft(claim, THURSDAY_TEN, 2)


@state
def confirm_suspended(stage: Stage) -> None:
    stage.open_confirmation(stage.signed_in(), THURSDAY_TEN, rows=mixed_rows())
    suspend()
    stage.press("この内容で予約する")
    assert stage.page.locator("[data-refusal=SUSPENDED]").is_visible()


def suspend() -> None:
    """Suspend 青木 until Fri 2026-07-10."""
    person = CertificateClaim.objects.order_by("pk")[0].intermediary
    factories.suspension(person, date(2026, 6, 1), date(2026, 7, 10))


@state
def confirm_errors(stage: Stage) -> None:
    stage.open_confirmation(stage.signed_in(), THURSDAY_TEN, rows=mixed_rows())
    stage.press("この内容で予約する")
    assert stage.page.locator(".error-summary [data-refusal=DECLARATION_MISSING]").count() == 6


@state
def slot_taken(stage: Stage) -> None:
    stage.open_confirmation(stage.signed_in(), THURSDAY_TEN, 15)
    situations.a_full_hour(THURSDAY_TEN)
    factories.slot(at("2026-06-11 11:00"), booked_reservations=4)
    stage.declare_all()
    stage.press("この内容で予約する")
    assert stage.page.locator("[data-refusal=SLOT_FULL]").count()
    assert stage.page.locator(".offer").count() == 4


@state
def slot_taken_and_none_free(stage: Stage) -> None:
    stage.open_confirmation(stage.signed_in(), THURSDAY_TEN, 15)
    Slot.objects.update(booked_cases=50)
    stage.declare_all()
    stage.press("この内容で予約する")
    assert stage.page.locator("[data-refusal=TOO_FEW_CASES_LEFT]").count()
    assert stage.page.locator(".offer").count() == 0


# what was booked


@state
def show_just_booked(stage: Stage) -> None:
    stage.open_confirmation(stage.signed_in(), THURSDAY_TEN, rows=mixed_rows())
    stage.declare_all()
    stage.press("この内容で予約する")
    assert stage.page.locator(".ticket").is_visible()


@state
def show_after_the_deadline(stage: Stage) -> None:
    made = factories.reservation(situations.aoki(), THURSDAY_TEN)
    stage.set_clock("2026-06-10 12:00")
    stage.sign_in()
    stage.go(f"reservations/{made.reference}")
    assert "（過ぎました）" in stage.page.inner_text("main")


def marked_ahead(stage: Stage) -> str:
    """A reservation of three, of which one is not ready and one number is nobody's."""
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 3)
    made.cases.filter(order=1).update(ahead_mark="not_ready", ahead_at=clock.now())
    made.cases.filter(order=2).update(ahead_mark="wrong_number", ahead_at=clock.now())
    return f"reservations/{made.reference}"


@state
def show_marked_ahead(stage: Stage) -> None:
    stage.go(marked_ahead(stage))


@state
def changes_marked_ahead(stage: Stage) -> None:
    stage.go(f"{marked_ahead(stage)}/changes")


@state
def changes_marked_ahead_after_the_deadline(stage: Stage) -> None:
    path = marked_ahead(stage)
    stage.set_clock("2026-06-10 12:00")
    stage.sign_in()
    stage.go(f"{path}/changes")


@state
def show_cancelled(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 3, cancelled_at=clock.now())
    stage.go(f"reservations/{made.reference}")


@state
def show_after_the_visit(stage: Stage) -> None:
    made = factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(4))
    second, third = made.cases.get(order=2).pk, made.cases.get(order=3).pk
    record_outcome(
        reservation=made,
        exceptions={second: NotIssued.PAPER_MISSING, third: NotIssued.APPLICANT_MUST_COME},
        policy=made.made_under,
        actor="staff:1",
        at=at("2026-06-11 10:30"),
    )
    stage.set_clock("2026-06-11 12:00")
    stage.sign_in()
    stage.go(f"reservations/{made.reference}")
    assert "2件を交付し、2件は交付できませんでした" in stage.page.inner_text("main")


@state
def show_no_show(stage: Stage) -> None:
    made = factories.reservation(situations.aoki(), THURSDAY_TEN, 2, no_show_at=THURSDAY_TEN)
    stage.set_clock("2026-06-11 12:00")
    stage.sign_in()
    stage.go(f"reservations/{made.reference}")


# what is changed or cancelled


@state
def changes(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 15)
    page = stage.go(f"reservations/{made.reference}/changes")
    page.locator(".ledger__correct-summary").nth(1).click()
    page.get_by_label("正しい申請番号").nth(1).fill("阪労一E01253")
    page.get_by_label("取り消す").nth(3).check()


@state
def changes_put_back(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, factories.numbers(5))
    change(made, withdrawn=[2, 4])
    stage.go(f"reservations/{made.reference}/changes")
    assert "あと2件戻せます" in stage.page.inner_text("main")


@state
def changes_errors(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, factories.numbers(5))
    change(made, withdrawn=[2, 4])
    page = stage.go(f"reservations/{made.reference}/changes")
    page.locator(".ledger__correct-summary").first.click()
    page.get_by_label("正しい申請番号").first.fill("阪")
    page.get_by_label("戻す案件1の申請番号").fill("阪労一E01236")
    page.get_by_label("取り消す").nth(2).check()
    stage.press("変更の内容を確認する")
    for code in ("NUMBER_TOO_SHORT", "NUMBER_REPEATED", "CATEGORY_MISSING"):
        assert page.locator(f".error-summary [data-refusal={code}]").count() == 1
    assert page.get_by_label("正しい申請番号").first.is_visible()


@state
def changes_meanwhile(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, factories.numbers(3))
    page = stage.go(f"reservations/{made.reference}/changes")
    page.get_by_label("取り消す").first.check()
    change(made, corrected={2: "阪労一E09002"})
    stage.press("変更の内容を確認する")
    assert page.locator("[data-refusal=RESERVATION_CHANGED]").count() == 1
    assert page.get_by_label("取り消す").first.is_checked()


@state
def change_review(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, factories.numbers(5))
    change(made, withdrawn=[5])
    page = stage.go(f"reservations/{made.reference}/changes")
    page.get_by_label("取り消す").first.check()
    page.locator(".ledger__correct-summary").nth(1).click()
    page.get_by_label("正しい申請番号").nth(1).fill("阪労ーE09002")
    page.get_by_label("戻す案件1の申請番号").fill("阪永P00415")
    page.get_by_label("戻す案件1の申請書を提出した方").select_option("own")
    stage.press("変更の内容を確認する")
    assert "変更したあとは4件です" in page.inner_text("main")
    assert "漢数字の「一」でしょうか" in page.inner_text("main")


@state
def changed(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, factories.numbers(5))
    longest = added("阪労一E09001", type="acquisition_birth", with_reentry_permit=True)
    change(made, withdrawn=[5], corrected={1: longest})
    change(made, put_back=["阪労一E09005"])
    stage.go(f"reservations/{made.reference}")
    assert stage.page.locator(".ledger__told").count() == 3


@state
def cancellation(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 3)
    situations.a_full_hour(FRIDAY_NINE)
    stage.go(f"reservations/{made.reference}/cancellation")


@state
def cancelled(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 3)
    stage.go(f"reservations/{made.reference}/cancellation")
    stage.press("この予約を取り消す")
    assert "予約を取り消しました" in stage.page.inner_text("main")


@state
def cancelled_and_asked_to_change(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 3)
    cancel(made)
    stage.go(f"reservations/{made.reference}/changes")
    assert stage.page.locator("[data-refusal=RESERVATION_CANCELLED]").count() == 1


@state
def after_the_deadline(stage: Stage) -> None:
    made = factories.reservation(situations.aoki(), THURSDAY_TEN, 15)
    stage.set_clock("2026-06-10 12:01")
    stage.sign_in()
    stage.go(f"reservations/{made.reference}/changes")
    assert stage.page.locator("[data-refusal=CHANGE_CLOSED]").count() == 1


@state
def after_the_deadline_with_what_was_typed(stage: Stage) -> None:
    made = factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(15))
    stage.set_clock("2026-06-10 11:50")
    stage.sign_in()
    page = stage.go(f"reservations/{made.reference}/changes")
    page.get_by_label("取り消す").nth(3).check()
    page.locator(".ledger__correct-summary").nth(1).click()
    page.get_by_label("正しい申請番号").nth(1).fill("阪労一E01253")
    stage.set_clock("2026-06-10 12:01")
    stage.press("変更の内容を確認する")
    assert "12時1分" in page.inner_text("main")
    assert "阪労一E01253" in page.inner_text("main")


@state
def list_empty(stage: Stage) -> None:
    stage.sign_in()
    stage.go("reservations/")


@state
def list_full(stage: Stage) -> None:
    claim = stage.signed_in()
    lawyer = factories.intermediary(
        "WILLIAMS Alexandra Jane",
        kind=IntermediaryKind.LAWYER,
        organisation="みなと国際法律事務所",
    )
    other = factories.claim(person=lawyer, number="（大）弁26第7号")
    for index, ending in enumerate(("served_at", "late_at", "absent_at", "no_show_at", "")):
        day = at("2026-06-01 09:00") + timedelta(days=index)
        factories.reservation(other, day, index + 1, **({ending: day} if ending else {}))
    factories.reservation(claim, at("2026-06-10 14:00"), 15, cancelled_at=clock.now())
    factories.reservation(claim, THURSDAY_TEN, 15)
    factories.reservation(claim, FRIDAY_NINE, 1)
    factories.draft(claim, MONDAY_NINE, 4)
    factories.draft(other, None, 0)
    stage.go("reservations/")
    assert stage.page.locator(".reservation-card").count() == 4


@state
def list_expiring(stage: Stage) -> None:
    claim = stage.signed_in()
    factories.reservation(claim, THURSDAY_TEN, 2)
    factories.reservation(claim, FRIDAY_NINE, 2)
    CertificateClaim.objects.update(expires_on=THURSDAY_TEN.date())
    stage.go("reservations/")
    assert stage.page.locator("article .message--caution").count() == 1


@state
def show_expiring(stage: Stage) -> None:
    claim = stage.signed_in()
    held = factories.reservation(claim, FRIDAY_NINE, 2)
    CertificateClaim.objects.update(expires_on=THURSDAY_TEN.date())
    stage.go(f"reservations/{held.reference}")
    assert stage.page.get_by_role("link", name="更新した証明書を登録する").is_visible()


@state
def list_suspended(stage: Stage) -> None:
    claim = stage.signed_in()
    other = factories.intermediary("別府 次郎")
    factories.claim(person=other, number="大取第10235号")
    factories.reservation(claim, THURSDAY_TEN, 3)
    suspend()
    stage.go("reservations/")


@state
def list_of_the_day(stage: Stage) -> None:
    """At noon of the visits: one served, one not come but called, one still to come."""
    stage.set_clock("2026-06-11 12:00")
    claim = stage.signed_in()
    an_hour = timedelta(hours=1)
    told = {"no_show_at": clock.now(), "first_telephoned_at": THURSDAY_TEN - 2 * an_hour}
    factories.reservation(claim, THURSDAY_TEN - an_hour, 15, **told)
    factories.reservation(claim, THURSDAY_TEN, 3, served_at=clock.now())
    factories.reservation(claim, THURSDAY_TEN + 4 * an_hour, 2)
    stage.go("reservations/")
    assert stage.page.locator(".reservation-card").count() == 1


def fill_holder(stage: Stage, *, education: str = "いいえ", day: str = "2028-3-31") -> None:
    stage.go("holders/new")
    fill_holder_fields(stage, education=education, day=day)


def fill_holder_fields(stage: Stage, *, education: str = "いいえ", day: str = "2028-3-31") -> None:
    """Type everything about 青木 花子 and go on."""
    page = stage.page
    page.get_by_label("受入れ機関等の職員").check()
    page.get_by_label(education, exact=True).check()
    page.get_by_label("証明書の番号").fill("大取第10234号")
    for label, value in zip(("年", "月", "日"), day.split("-"), strict=True):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("お名前").fill("青木 花子")
    page.get_by_label("フリガナ").fill("あおき はなこ")
    page.get_by_role("textbox", name="所属").fill("株式会社あおぞら製作所")
    page.get_by_label("電話番号").fill("０６-1234-5678")
    stage.press("日付と時間を選ぶ")


def issued_and_booked(stage: Stage) -> list[str]:
    """Last Thursday a card was issued that is booked for Monday, too; both references."""
    claim = stage.signed_in()
    week_before, number = THURSDAY_TEN - timedelta(days=7), factories.numbers(2)
    was = factories.reservation(claim, week_before, number, served_at=week_before)
    was.cases.update(outcome="issued")
    return [was.reference, factories.reservation(claim, MONDAY_NINE, number[:1]).reference]


@state
def reservation_issued_and_booked(stage: Stage) -> None:
    stage.go(f"reservations/{issued_and_booked(stage)[0]}")
    stage.page.get_by_text("ほかの予約に残っている案件があります").wait_for()


@state
def reservation_card_gone(stage: Stage) -> None:
    stage.go(f"reservations/{issued_and_booked(stage)[1]}")
    stage.page.get_by_text("交付済みの案件があります").wait_for()


@state
def shown_by_another(stage: Stage) -> None:
    """The list of somebody whose number a clerk has seen with another person."""
    _proved_for_another(stage)
    stage.go("reservations/")
    assert stage.page.locator("[data-refusal=CERTIFICATE_SHOWN_BY_ANOTHER]").is_visible()


@state
def draft_shown_by_another(stage: Stage) -> None:
    claim = _proved_for_another(stage)
    left = factories.draft(claim, THURSDAY_TEN, 3)
    stage.go(f"reservations/drafts/{left.key}?check=1")
    assert stage.page.locator("[data-refusal=CERTIFICATE_SHOWN_BY_ANOTHER]").count() == 2


def _proved_for_another(stage: Stage) -> CertificateClaim:
    mine = stage.signed_in()
    factories.reservation(mine, FRIDAY_NINE, 2)
    rival = factories.intermediary("蒼木 華子")
    factories.claim("rival@example.jp", person=rival, number=mine.number, is_proved=True)
    return mine
