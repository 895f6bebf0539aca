"""Drafts outlive the visit: logging out, the session's end, and the wait for noon.  D04, D13."""

from datetime import datetime, timedelta

import pytest

from tests import factories
from tests.journeys.conftest import Post
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.walking import begin, confirm, enter_holder, prove, type_cases
from tests.policies import at
from tests.situations import AtMoment
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db


def on_the_booking_page(post: Post) -> PlainBrowser:
    browser = begin(post)
    enter_holder(browser, "青木 花子", "（大）行26第101号")
    return browser


def test_logged_out__the_draft_is_there_the_next_time(post: Post) -> None:
    browser = on_the_booking_page(post)
    browser.choose("自分が申請した")
    type_cases(browser, "阪労一E01234", "阪労一E01235")
    browser.press("下書きとして保存する")
    booking_page = browser.path
    browser.press("ログアウト")
    assert "ログアウトしました" in browser.page.text
    browser.open(booking_page)
    assert "メールアドレスの確認" in browser.page.title, "nobody sees it without proving"
    assert "阪労一E01234" not in browser.page.text

    other = PlainBrowser()
    other.open("/osaka/")
    other.follow("予約を確認する")
    prove(other, post, "aoki@example.jp")
    other.follow("続きを入力する")

    assert other.fields("の申請番号")[:2] == ["阪労一E01234", "阪労一E01235"]
    other.choose("6月12日（金）15時")
    other.press("④確認へ進む")
    confirm(other)
    assert Reservation.objects.get().live_case_count == 2


@pytest.mark.parametrize("button", ["下書きとして保存する", "④確認へ進む", "行を増やす"])
def test_session_over__what_is_sent_afterwards_is_rescued(
    post: Post, at_moment: AtMoment, monday_morning: datetime, button: str
) -> None:
    browser = on_the_booking_page(post)
    browser.choose("6月9日（火）9時")
    browser.choose("自分が申請した")
    type_cases(browser, "阪労一E01234", "阪労一E01235")
    at_moment(monday_morning + timedelta(minutes=61))
    browser.press(button)

    assert "メールアドレスの確認" in browser.page.title
    assert "画面を使える時間が終わりました" in browser.page.text
    assert "阪労一E01234" not in browser.page.text
    prove(browser, post, "aoki@example.jp")

    assert browser.path.startswith("/osaka/reservations/drafts/")
    assert browser.fields("の申請番号")[:2] == ["阪労一E01234", "阪労一E01235"]
    browser.press("④確認へ進む")
    confirm(browser)
    assert Reservation.objects.get().starts_at == at("2026-06-09 09:00")


def test_session_over__on_the_confirmation__books_nothing_and_comes_back(
    post: Post, at_moment: AtMoment, monday_morning: datetime
) -> None:
    browser = on_the_booking_page(post)
    browser.choose("6月9日（火）9時")
    browser.choose("自分が申請した")
    type_cases(browser, "阪労一E01234")
    browser.press("④確認へ進む")
    at_moment(monday_morning + timedelta(minutes=61))
    confirm(browser)
    assert Reservation.objects.count() == 0
    prove(browser, post, "aoki@example.jp")

    confirm(browser)
    assert Reservation.objects.count() == 1


def test_prepared_before_noon__confirmed_at_noon(post: Post, at_moment: AtMoment) -> None:
    """Tue 6/16 is displayed from Mon 6/8 12:00 on."""
    at_moment(at("2026-06-08 11:20"))
    browser = on_the_booking_page(post)
    assert not any("6月16日" in label for label in hours(browser))
    browser.choose("自分が申請した")
    browser.fill("貼り付けてください", "\n".join(f"阪労一E{number:05d}" for number in range(15)))
    browser.press("案件に加える")
    browser.press("下書きとして保存する")
    waiting = browser.path
    assert Draft.objects.count() == 1

    at_moment(at("2026-06-08 11:59:59"))
    browser.open(waiting)
    assert not any("6月16日" in label for label in hours(browser))
    at_moment(at("2026-06-08 12:00:00"))
    browser.open(waiting)
    assert not any("6月9日" in label for label in hours(browser))
    browser.choose("6月16日（火）9時")
    browser.press("④確認へ進む")
    confirm(browser)

    reservation = Reservation.objects.get()
    assert reservation.starts_at == at("2026-06-16 09:00")
    assert reservation.booked_at == at("2026-06-08 12:00")
    assert reservation.live_case_count == 15


def test_confirmed_a_moment_too_late__told_why_and_offered_other_days(
    post: Post, at_moment: AtMoment
) -> None:
    browser = on_the_booking_page(post)
    browser.choose("6月9日（火）9時")
    browser.choose("自分が申請した")
    type_cases(browser, "阪労一E01234")
    browser.press("④確認へ進む")
    for moment in ("2026-06-08 10:55", "2026-06-08 11:50"):
        at_moment(at(moment))
        browser.press("時間をのばす")
    at_moment(at("2026-06-08 12:00:00"))
    confirm(browser)

    assert browser.status == 409
    assert "BOOKING_CLOSED" in browser.page.refusals
    browser.press("予約する：6月10日（水）")
    assert Reservation.objects.get().starts_at == at("2026-06-10 09:00")


def hours(browser: PlainBrowser) -> list[str]:
    return [one.label for form in browser.page.forms for one in form.controls if one.name == "slot"]


def test_draft__thrown_away(post: Post) -> None:
    browser = on_the_booking_page(post)
    type_cases(browser, "阪労一E01234")
    browser.press("下書きとして保存する")
    browser.follow("予約の一覧")
    browser.press("消す")
    assert "下書きを消しました" in browser.page.text
    assert Draft.objects.count() == 0


def test_earlier_reservation__copied_into_a_new_draft(
    post: Post, at_moment: AtMoment, monday_morning: datetime
) -> None:
    factories.reservation(
        factories.claim("aoki@example.jp"), at("2026-06-05 10:00"), ["阪労一E00007"]
    )
    browser = begin(post)
    browser.follow(Reservation.objects.get().reference)
    browser.press("同じ案件で新しい下書きを作る")

    assert browser.fields("案件1の申請番号") == ["阪労一E00007"]
    browser.choose("6月9日（火）9時")
    browser.press("④確認へ進む")
    confirm(browser)
    assert Reservation.objects.count() == 2
