"""An office that comes with two certificates.  D03, R-23."""

import pytest

from tests.journeys.conftest import Post
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.walking import begin, confirm, enter_holder, type_cases
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db


def books(browser: PlainBrowser, hour: str, number: str) -> None:
    """From the empty booking page to the reservation."""
    browser.choose(hour)
    browser.choose("自分が申請した")
    type_cases(browser, number)
    browser.press("④確認へ進む")
    confirm(browser)


def test_two_certificates__each_person_has_two_hours(post: Post) -> None:
    browser = begin(post, "office@example.jp")
    enter_holder(browser, "青木 花子", "（大）行26第101号")
    books(browser, "6月9日（火）9時", "阪労一E00001")
    browser.follow("新しい予約")
    books(browser, "6月10日（水）9時", "阪労一E00002")

    browser.follow("予約の一覧")
    assert "2枠のうち、2枠を予約しています" in browser.page.text
    browser.follow("受け取りに来る方を変える、加える")
    browser.follow("ほかの方を加える")
    enter_holder(browser, "別府 次郎", "（大）行26第102号")
    assert "別府 次郎" in browser.page.text
    assert "あと2枠予約できます" in browser.page.text
    books(browser, "6月9日（火）9時", "阪労一E00003")

    browser.follow("新しい予約")
    assert browser.page.title.startswith("受け取りに来る方を選ぶ")
    browser.follow("この方の予約をする：青木 花子")
    assert "すべて予約済み" in browser.page.text
    assert browser.page.form_with("paste").value("slot") is None, "every hour is at the limit"
    browser.open("/osaka/reservations/new")
    browser.follow("この方の予約をする：別府 次郎")
    books(browser, "6月11日（木）13時", "阪労一E00004")

    held = Reservation.objects.order_by("pk").values_list("holder_name", flat=True)
    assert list(held) == ["青木 花子", "青木 花子", "別府 次郎", "別府 次郎"]
    browser.follow("予約の一覧")
    assert browser.page.text.count("2枠のうち、2枠を予約しています") == 2


def test_holder__changed_from_the_confirmation__comes_back_to_it(post: Post) -> None:
    browser = begin(post)
    enter_holder(browser, "青木 花子", "（大）行26第101号")
    browser.choose("6月9日（火）9時")
    browser.choose("自分が申請した")
    type_cases(browser, "阪労一E00001")
    browser.press("④確認へ進む")
    browser.follow("変える：受け取りに来る方")
    browser.fill("お名前", "青木 花")
    browser.press("保存する")

    assert "予約の確認" in browser.page.title
    assert "青木 花" in browser.page.text
    confirm(browser)
    assert Reservation.objects.get().holder_name == "青木 花"


def test_holder__typed_wrongly__said_at_the_field_and_kept(post: Post) -> None:
    browser = begin(post)
    enter_holder(browser, "青木\x07 花子", "（大）行26第101号")

    assert browser.status == 422
    assert browser.page.title.startswith("エラー：")
    assert any("U+0007" in error for error in browser.page.errors)
    assert browser.fields("お名前") == ["青木\x07 花子"]
    assert browser.fields("証明書の番号") == ["（大）行26第101号"]
    assert browser.fields("電話番号") == ["０６－１２３４－５６７８"]
    browser.fill("お名前", "青木 花子")
    browser.press("日付と時間を選ぶ")
    assert "予約の入力" in browser.page.title
