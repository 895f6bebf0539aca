"""From the top page to the printed facts, without scripts.  利用案内 2–5."""

import re

import pytest

from tests.journeys.conftest import Post
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.walking import begin, confirm, enter_holder, type_cases
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db


def test_whole_journey__from_the_top_page_to_the_printed_facts(post: Post) -> None:
    browser = begin(post)
    enter_holder(browser, "青木 花子", "（大）行26第101号")
    assert "予約の入力" in browser.page.title
    assert "青木 花子" in browser.page.text
    assert Draft.objects.count() == 0, "looking wrote nothing"

    browser.choose("6月9日（火）10時")
    browser.choose("自分が申請した")
    type_cases(browser, "阪労一E01234", "阪永P05678")
    browser.press("行を増やす")
    assert browser.fields("の申請番号")[:3] == ["阪労一E01234", "阪永P05678", ""]
    browser.fill("案件3の申請番号", "阪労一Ｅ０１２３６")
    browser.press("④確認へ進む")
    confirm(browser)

    reservation = Reservation.objects.get()
    assert browser.path == f"/osaka/reservations/{reservation.reference}"
    assert browser.page.title.startswith("予約確認画面")
    for fact in (
        reservation.reference,
        "2026年",
        "6月9日（火）",
        "10時～11時",
        "青木 花子",
        "3件",
        "２階Ａカウンター",
        "阪労一E01234",
        "阪永P05678",
        "阪労一Ｅ０１２３６",
        "6月8日（月）11時59分",
        "0570-064259",
        "届出済証明書",
    ):
        assert fact in browser.page.text, fact
    assert "no-store" in browser.headers["Cache-Control"]
    mail = post("aoki@example.jp")
    for fact in (reservation.reference, "阪労一E01234", "青木 花子", "10時～11時"):
        assert fact in mail, fact

    browser.follow("カレンダーに入れる")
    assert browser.headers["Content-Type"].startswith("text/calendar")
    browser.open(f"/osaka/reservations/{reservation.reference}")
    browser.follow("予約の一覧へ")
    assert "あと1枠予約できます" in browser.page.text
    assert "下書き" not in browser.page.text, "what was booked is no draft any more"


def test_enter_key__saves_and_books_nothing(post: Post) -> None:
    browser = begin(post)
    enter_holder(browser, "青木 花子", "（大）行26第101号")
    browser.fill("案件1の申請番号", "阪労一E01234")
    browser.press_enter("案件1の申請番号")

    assert "入力を保存しました" in browser.page.text
    assert browser.fields("案件1の申請番号") == ["阪労一E01234"]
    assert Reservation.objects.count() == 0


def test_pasted_and_uploaded__become_rows_and_one_is_dropped(post: Post) -> None:
    browser = begin(post)
    enter_holder(browser, "青木 花子", "（大）行26第101号")
    browser.fill("貼り付けてください", "阪労一E00001\t更新\tア\n阪労一E00002\t更新\tア")
    browser.upload("CSVファイル", "list.csv", "申請番号\r\n阪労一E00003\r\n".encode("cp932"))
    browser.press("案件に加える")
    assert browser.fields("の申請番号")[:3] == ["阪労一E00001", "阪労一E00002", "阪労一E00003"]

    browser.press("消す：案件2")
    browser.choose("6月9日（火）9時")
    browser.choose("自分が申請した")
    browser.press("④確認へ進む")
    confirm(browser)

    numbers = [case.number for case in Reservation.objects.get().cases.order_by("order")]
    assert numbers == ["阪労一E00001", "阪労一E00003"]


def test_sixteenth_row__said_and_no_number_lost(post: Post) -> None:
    """R-24: sixteen are refused before any number is lost."""
    browser = begin(post)
    enter_holder(browser, "青木 花子", "（大）行26第101号")
    typed = [f"阪労一E{number:05d}" for number in range(16)]
    browser.fill("貼り付けてください", "\n".join(typed))
    browser.press("案件に加える")
    browser.choose("6月9日（火）9時")
    browser.choose("自分が申請した")
    browser.press("④確認へ進む")

    assert browser.status == 422
    assert "TOO_MANY_CASES" in browser.page.refusals
    assert browser.fields("の申請番号")[:16] == typed
    browser.press("消す：案件16")
    browser.press("④確認へ進む")
    confirm(browser)
    assert Reservation.objects.get().live_case_count == 15


def test_typed_code__instead_of_the_link(post: Post) -> None:
    browser = PlainBrowser()
    browser.open("/osaka/")
    browser.follow("予約をはじめる")
    browser.fill("メールアドレス", "ＡＯＫＩ@Example.jp")
    browser.press("確認のメールを送る")
    found = re.search(r"確認コード\s*([0-9]{6})", post("aoki@example.jp"))
    assert found
    browser.fill("確認コード", "１２")
    browser.press("確認コードで進む")
    assert browser.status == 422
    assert browser.fields("確認コード") == ["１２"]
    browser.fill("確認コード", found[1])
    browser.press("確認コードで進む")
    assert browser.path == "/osaka/holders/new"
