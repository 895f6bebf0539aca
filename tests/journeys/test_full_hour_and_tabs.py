"""The hour is gone at the last moment; the same form in two tabs.  R-25, D13."""

import pytest

from tests import factories
from tests.journeys.conftest import Post
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.walking import begin, confirm, enter_holder, type_cases
from tests.policies import at
from tests.situations import a_full_hour
from uketori.outbox.models import OutgoingMail
from uketori.reservations.mails.telling import BOOKED_EVENT
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db

NINE = at("2026-06-09 09:00")


@pytest.fixture
def confirming(post: Post) -> PlainBrowser:
    """青木 stands before ④確認 with two cases for Tue 6/9 9:00."""
    browser = begin(post)
    enter_holder(browser, "青木 花子", "（大）行26第101号")
    browser.choose("6月9日（火）9時")
    browser.choose("自分が申請した")
    type_cases(browser, "阪労一E01234", "阪労一E01235")
    browser.press("④確認へ進む")
    return browser


def test_hour_is_full_at_the_last_moment__one_click_takes_one(confirming: PlainBrowser) -> None:
    a_full_hour(NINE)
    confirm(confirming)

    assert confirming.status == 409
    assert "SLOT_FULL" in confirming.page.refusals
    assert "入力した2件は、そのまま残っています" in confirming.page.text
    assert "阪労一E01235" in confirming.page.text
    assert Draft.objects.count() == 1
    confirming.press("予約する：6月9日（火）10時")

    reservation = Reservation.objects.get()
    assert confirming.path == f"/osaka/reservations/{reservation.reference}"
    assert reservation.starts_at == at("2026-06-09 10:00")
    assert reservation.live_case_count == 2
    assert reservation.notice_version == 1
    assert len(reservation.declarations) == 5


def test_offered_hour_is_full_too__the_next_click_takes_another(confirming: PlainBrowser) -> None:
    a_full_hour(NINE)
    confirm(confirming)
    a_full_hour(at("2026-06-09 10:00"))
    confirming.press("予約する：6月9日（火）10時")
    assert confirming.status == 409
    assert "阪労一E01234" in confirming.page.text

    confirming.press("予約する：6月9日（火）11時")
    assert Reservation.objects.get().starts_at == at("2026-06-09 11:00")


def test_hour_is_full__another_one_is_chosen_from_all(confirming: PlainBrowser) -> None:
    a_full_hour(NINE)
    confirm(confirming)
    confirming.follow("すべての空きから選ぶ")
    assert confirming.fields("の申請番号")[:2] == ["阪労一E01234", "阪労一E01235"]
    confirming.choose("6月15日（月）15時")
    confirming.press("④確認へ進む")
    confirm(confirming)
    assert Reservation.objects.get().starts_at == at("2026-06-15 15:00")


def test_second_tab__confirms_what_is_booked_already__the_same_reservation(
    confirming: PlainBrowser,
) -> None:
    second = confirming.tab()
    confirm(confirming)
    confirm(second)

    assert second.path == confirming.path
    assert Reservation.objects.count() == 1
    assert OutgoingMail.objects.filter(event=BOOKED_EVENT).count() == 1
    slot = factories.slot(NINE)
    assert (slot.booked_reservations, slot.booked_cases) == (1, 2)


def test_second_tab__changed_the_draft__told_and_nothing_booked(confirming: PlainBrowser) -> None:
    second = confirming.tab()
    second.follow("入力へもどる")
    second.fill("案件2の申請番号", "阪労一E09999")
    second.press("④確認へ進む")
    confirm(confirming)

    assert confirming.status == 422
    assert confirming.page.refusals == ["DRAFT_CHANGED"]
    assert Reservation.objects.count() == 0
    assert "阪労一E09999" in confirming.page.text, "what would be booked now is shown"
    confirm(confirming)
    assert [case.number for case in Reservation.objects.get().cases.all()] == [
        "阪労一E01234",
        "阪労一E09999",
    ]


def test_second_tab__saves_after_the_booking__a_draft_of_its_own(
    confirming: PlainBrowser,
) -> None:
    second = confirming.tab()
    second.follow("入力へもどる")
    confirm(confirming)
    second.fill("案件2の申請番号", "阪労一E09999")
    second.press("下書きとして保存する")

    assert second.fields("の申請番号")[:2] == ["阪労一E01234", "阪労一E09999"]
    booked = Reservation.objects.get()
    assert [case.number for case in booked.cases.all()] == ["阪労一E01234", "阪労一E01235"]
    assert Draft.objects.exclude(key=booked.idempotency_key).count() == 1


def test_back_and_again__booked_page_leads_to_the_reservation(confirming: PlainBrowser) -> None:
    page = confirming.path
    confirm(confirming)
    booked = confirming.path
    confirming.open(page)
    assert confirming.path == booked
    assert Reservation.objects.count() == 1


def test_third_hour__refused_with_the_two_that_are_held(post: Post) -> None:
    claim = factories.claim("aoki@example.jp")
    for hour in ("2026-06-10 09:00", "2026-06-11 09:00"):
        factories.reservation(claim, at(hour))
    third = factories.draft(claim, at("2026-06-12 09:00"), 1)
    browser = begin(post)
    browser.follow("続きを入力する")
    browser.press("④確認へ進む")

    assert browser.status == 422
    assert "TOO_MANY_SLOTS" in browser.page.refusals
    assert "6月10日（水）" in browser.page.text
    assert third.revision == 1
    assert Reservation.objects.count() == 2
