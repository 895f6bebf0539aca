"""The states of the pages that everybody may open: public pages, entry, links, errors."""

from collections.abc import Callable
from datetime import date

from tests import factories, situations
from tests.browser.stage import AOKI, FRIDAY_NINE, MONDAY_NINE, THURSDAY_TEN, Stage
from tests.policies import at
from uketori import clock
from uketori.bureaus import views as bureau_views
from uketori.bureaus.models import NoticeVersion
from uketori.intermediaries.models import MailProof
from uketori.intermediaries.proof import act, limits

GUIDE_ANSWERS = (
    "大阪出入国在留管理局（本局）の窓口",
    "永住",
    "交付窓口が「２階Ａカウンター」となっている",
    "受入れ機関等の職員",
    "申請人本人など、ほかの人が申請した",
    "はい、受け取る日にも有効です",
)
State = Callable[[Stage], None]
STATES: dict[str, State] = {}
MANY_FIELDS = """() => {
  const form = document.querySelector("main form");
  for (let index = 0; index < 1100; index += 1) {
    const field = {name: `x${index}`, type: "hidden"};
    form.append(Object.assign(document.createElement("input"), field));
  }
  form.submit();
}"""


def state(function: State) -> State:
    """Register a state under the name of its function."""
    STATES[function.__name__.replace("_", "-")] = function
    return function


@state
def top(stage: Stage) -> None:
    situations.a_full_hour(THURSDAY_TEN)
    situations.an_hour_with_two_cases_left(MONDAY_NINE)
    factories.slot(FRIDAY_NINE, booked_reservations=5)
    factories.slot(at("2026-06-10 11:00"), closed_at=clock.now())
    stage.go("")
    for word in ("満席", "残りわずか", "受付終了", "残り2件"):
        assert stage.page.locator(".hours").get_by_text(word).count()


@state
def top_without_days(stage: Stage) -> None:
    for day in range(9, 31):
        factories.special_day(date(2026, 6, day), is_open=False, reason="庁舎の移転")
    stage.go("")


@state
def notice(stage: Stage) -> None:
    stage.go("notice")


@state
def notice_of_before(stage: Stage) -> None:
    first = NoticeVersion.objects.get()
    factories.notice(2, clock.now(), body=first.body)
    stage.go("notice/1")
    assert "これは前の版です" in stage.page.inner_text("main")


@state
def privacy(stage: Stage) -> None:
    stage.go("privacy")


@state
def accessibility(stage: Stage) -> None:
    stage.go("accessibility")


# the guide


@state
def guide(stage: Stage) -> None:
    stage.go("eligibility")
    assert "質問１／６" in stage.page.inner_text("main")


@state
def guide_unanswered(stage: Stage) -> None:
    guide_after(stage, "大阪出入国在留管理局（本局）の窓口")
    stage.press("次へ進む")
    stage.page.locator(".error-summary").wait_for()


@state
def guide_who_handed_it_in(stage: Stage) -> None:
    guide_after(stage, *GUIDE_ANSWERS[:4])
    stage.page.get_by_label("申請人本人など、ほかの人が申請した").check()
    assert stage.page.get_by_role("link", name="変える").count() == 4


@state
def guide_changed(stage: Stage) -> None:
    guide_after(stage, *GUIDE_ANSWERS)
    stage.page.get_by_role("link", name="申請の種類").click()
    assert stage.page.get_by_label("永住").is_checked()


@state
def guide_yes(stage: Stage) -> None:
    guide_after(stage, *GUIDE_ANSWERS)
    assert stage.page.inner_text("h1") == "予約できます"


@state
def guide_no(stage: Stage) -> None:
    guide_after(stage, *GUIDE_ANSWERS[:3], "外国人受入れ教育機関の職員")
    stage.page.locator("[data-refusal=EDUCATION_INSTITUTION]").wait_for()


@state
def guide_no_by_telephone(stage: Stage) -> None:
    guide_after(stage, *GUIDE_ANSWERS[:3], "旅行業者の職員")
    stage.page.locator("[data-refusal=TRAVEL_AGENT]").wait_for()


# the entry


@state
def entry(stage: Stage) -> None:
    stage.go("entry")


@state
def entry_error(stage: Stage) -> None:
    stage.go("entry").get_by_label("メールアドレス").fill("aoki.example.jp")
    stage.press("確認のメールを送る")
    stage.page.locator(".error-summary").wait_for()


@state
def entry_after_the_session(stage: Stage) -> None:
    stage.sign_in()
    stage.set_clock("2026-06-08 11:20")
    stage.go("reservations/")
    assert "画面を使える時間が終わりました" in stage.page.inner_text("main")


@state
def entry_after_what_was_not_done(stage: Stage) -> None:
    reservation = factories.reservation(stage.signed_in(), THURSDAY_TEN)
    stage.go(f"reservations/{reservation.reference}/cancellation")
    stage.set_clock("2026-06-08 11:20")
    stage.page.locator("main form button").last.click()
    stage.page.get_by_text("まだ予約を取り消していません。").wait_for()


@state
def entry_after_a_move(stage: Stage) -> None:
    stage.go("entry?ended=1&undone=reservations:changes&kept=moved")
    assert "新しいメールアドレスを確認すると" in stage.page.inner_text("main")


@state
def sent_wrong_code(stage: Stage) -> None:
    ask(stage)
    stage.page.get_by_role("textbox", name="確認コード").fill("12345")
    stage.press("確認コードで進む")
    stage.page.locator(".error-summary").wait_for()


@state
def link_fresh(stage: Stage) -> None:
    open_link(stage, factories.proof(), "fresh")


@state
def link_spent_here(stage: Stage) -> None:
    ask(stage)
    stage.page.goto(link := stage.newest_link())
    stage.press("予約のページへ進む")
    stage.page.goto(link)
    assert stage.page.locator("[data-link-state=spent_here]").count()


@state
def link_spent_elsewhere(stage: Stage) -> None:
    proof = factories.proof()
    act.spend(proof=proof, device_digest="another", at=clock.now())
    open_link(stage, proof, "spent_elsewhere")


@state
def link_expired(stage: Stage) -> None:
    proof = factories.proof()
    stage.set_clock("2026-06-08 11:20")
    open_link(stage, proof, "expired")


@state
def link_retired(stage: Stage) -> None:
    first, second = factories.proof(), factories.proof()
    act.spend(proof=second, device_digest="another", at=clock.now())
    open_link(stage, first, "retired")


@state
def link_malformed(stage: Stage) -> None:
    stage.go("entry/abc")
    assert stage.page.locator("[data-link-state=malformed]").count()


@state
def link_unknown(stage: Stage) -> None:
    stage.go(f"entry/{'a' * 22}")
    assert stage.page.locator("[data-link-state=unknown]").count()


# what went wrong


@state
def error_400(stage: Stage) -> None:
    stage.page.goto(stage.url("entry").replace("localhost", "elsewhere.localhost"))
    stage.page.get_by_text("エラー番号 400").wait_for()


@state
def error_413(stage: Stage) -> None:
    stage.go("entry")
    stage.page.evaluate(MANY_FIELDS)
    stage.page.get_by_text("エラー番号 413").wait_for()


@state
def error_403_csrf(stage: Stage) -> None:
    stage.go("entry").get_by_label("メールアドレス").fill(AOKI)
    stage.page.context.clear_cookies()
    stage.press("確認のメールを送る")
    stage.page.get_by_text("エラー番号 403").wait_for()


@state
def error_404(stage: Stage) -> None:
    stage.go("nothing-here")
    stage.page.get_by_text("エラー番号 404").wait_for()


@state
def error_404_inside(stage: Stage) -> None:
    stage.sign_in()
    stage.go("reservations/AAAA-AAAA")
    stage.page.get_by_text("エラー番号 404").wait_for()


@state
def error_429(stage: Stage) -> None:
    stage.monkeypatch.setattr(limits, "within_limit", lambda **_facts: False)
    stage.go("entry").get_by_label("メールアドレス").fill(AOKI)
    stage.press("確認のメールを送る")
    stage.page.get_by_text("エラー番号 429").wait_for()


@state
def error_500(stage: Stage) -> None:
    def fall(*_facts: object) -> None:
        message = "meant to fall"
        raise RuntimeError(message)

    stage.monkeypatch.setattr(bureau_views, "notice_at", fall)
    stage.go("notice")
    stage.page.get_by_text("エラー番号 500").wait_for()


def guide_after(stage: Stage, *answers: str) -> None:
    """Answer one question after the other."""
    stage.go("eligibility")
    for answer in answers:
        stage.page.get_by_label(answer).check()
        stage.press("次へ進む")


def ask(stage: Stage) -> None:
    stage.go("entry").get_by_label("メールアドレス").fill(AOKI)
    stage.press("確認のメールを送る")
    assert stage.page.url.endswith("/entry/sent")


def open_link(stage: Stage, proof: MailProof, expected: str) -> None:
    stage.page.goto(stage.root + factories.link_of(proof))
    assert stage.page.locator(f"[data-link-state={expected}]").count()
