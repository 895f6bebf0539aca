"""The page on which the hour is exchanged: chosen, reviewed, done; refused in words.  D07."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from tests import factories, situations
from tests.changes import cancel, change, state_of
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.reading import Page
from tests.policies import at
from tests.situations import AtMoment
from uketori.intermediaries.certificates.settling import prove
from uketori.reservations.hour_models import HourChange
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)

WEDNESDAY, THURSDAY, FRIDAY = (at(f"2026-06-{day} 08:00") for day in (10, 11, 12))


@pytest.fixture
def visitor(reservation: Reservation) -> Client:
    """青木's browser."""
    return situations.signed_in_client(reservation.claim)


def path(reservation: Reservation, page: str = "/hour") -> str:
    return f"/{reservation.bureau}/reservations/{reservation.reference}{page}"


def posts(
    visitor: Client, reservation: Reservation, do: str, starts_at: datetime | None, **more: Any
) -> tuple[int, Page]:
    slot = {"slot": f"{starts_at:%Y-%m-%dT%H:%M}"} if starts_at else {}
    sent = {"revision": str(reservation.revision), "do": do, **slot, **more}
    response = visitor.post(path(reservation), sent)
    return response.status_code, Page(response.content.decode())


def words_of(page: Page) -> str:
    return "".join(page.text.split())


def assert_nothing_moved(reservation: Reservation) -> None:
    fresh = Reservation.objects.get(pk=reservation.pk)
    assert (fresh.starts_at, fresh.revision) == (THURSDAY, 1)
    assert not HourChange.objects.exists()


def test_journey__from_the_reservation_to_another_hour(
    visitor: Client, reservation: Reservation
) -> None:
    browser = PlainBrowser(visitor)
    browser.open(path(reservation, ""))
    browser.follow("予約を変更・キャンセルする")
    browser.follow("日と時間を変更する")
    assert "6月9日（火）17時59分まで" in browser.page.text
    browser.choose("6月12日（金）8時～8時30分")
    browser.press("新しい時間を確認する")

    assert "6月12日（金）8時～8時30分" in words_of(browser.page)
    assert "いまの時間6月11日（木）8時～8時30分" in words_of(browser.page)
    assert "6月10日（水）17時59分まで" in browser.page.text
    assert_nothing_moved(reservation)
    browser.press("この時間に変更する")

    assert browser.path == path(reservation, "")
    assert "予約の時間を変更しました" in browser.page.text
    assert "6月12日（金）8時～8時30分" in words_of(browser.page)
    told = words_of(browser.page)
    assert "時間を変えた6月11日（木）8時～8時30分" in told
    assert "6月8日（月）10時ご本人" in told


def test_form__own_hours_cannot_be_chosen_and_its_own_takes_no_allowance(
    visitor: Client, reservation: Reservation
) -> None:
    page = Page(visitor.get(path(reservation)).content.decode())
    hours = [one.value for one in page.form_with("revision").controls if one.name == "slot"]
    assert len(hours) == len(factories.displayed_hours(at("2026-06-08 10:00"))) - 1
    assert f"{THURSDAY:%Y-%m-%dT%H:%M}" not in hours
    assert "予約済み" in page.text
    assert "上限" not in page.text


def test_review__back_to_the_choice__still_chosen(
    visitor: Client, reservation: Reservation
) -> None:
    _status, page = posts(visitor, reservation, "edit", FRIDAY)
    chosen = [one.value for one in page.form_with("revision").controls if one.checked]
    assert chosen == ["2026-06-12T08:00"]


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (None, Refusal.NO_SLOT_CHOSEN),
        (THURSDAY, Refusal.HOUR_UNCHANGED),
        (at("2026-06-12 10:00"), Refusal.HOUR_NOT_OFFERED),
        (at("2026-06-09 08:00"), Refusal.BOOKING_CLOSED),
    ],
)
def test_review__of_what_cannot_be__told_at_the_choice(
    visitor: Client, reservation: Reservation, starts_at: datetime | None, code: Refusal
) -> None:
    status, page = posts(visitor, reservation, "review", starts_at)
    assert (status, set(page.refusals)) == (422, {code})
    assert page.title.startswith("エラー：")
    assert_nothing_moved(reservation)


def test_review__full_meanwhile__told_before_it_is_confirmed(
    visitor: Client, reservation: Reservation
) -> None:
    factories.slot(FRIDAY, booked_reservations=F("capacity_reservations"))
    status, page = posts(visitor, reservation, "review", FRIDAY)
    assert (status, set(page.refusals)) == (422, {Refusal.SLOT_FULL})


def test_move__full_at_the_last_moment__near_hours_and_the_old_one_stands(
    visitor: Client, reservation: Reservation
) -> None:
    factories.slot(FRIDAY, booked_reservations=F("capacity_reservations"))
    status, page = posts(visitor, reservation, "move", FRIDAY)

    assert (status, page.refusals) == (409, [Refusal.SLOT_FULL])
    assert "いまの予約（6月11日（木）8時～8時30分）は、そのまま残っています" in page.text
    offered = [one for one in page.form_with("revision").buttons if one.name == "slot"]
    assert [one.value for one in offered][:2] == ["2026-06-12T09:00", "2026-06-12T16:00"]
    assert_nothing_moved(reservation)

    data = {"revision": "1", "do": "move", "slot": offered[0].value}
    assert visitor.post(path(reservation), data).status_code == 302
    assert Reservation.objects.get().starts_at == at("2026-06-12 09:00")


def test_move__sent_twice__done_once_and_said_twice(
    visitor: Client, reservation: Reservation
) -> None:
    for _time in range(2):
        status, _page = posts(visitor, reservation, "move", FRIDAY)
        assert status == 302
    assert HourChange.objects.count() == 1
    assert Reservation.objects.get().revision == 2


def test_move__changed_in_another_tab__409_and_the_choice_stays(
    visitor: Client, reservation: Reservation
) -> None:
    change(reservation, corrected={1: "湊K00099"})
    status, page = posts(visitor, reservation, "move", FRIDAY)

    assert (status, set(page.refusals)) == (409, {Refusal.RESERVATION_CHANGED})
    form = page.form_with("revision")
    assert form.value("revision") == "2"
    assert [one.value for one in form.controls if one.checked] == ["2026-06-12T08:00"]
    assert Reservation.objects.get().starts_at == THURSDAY


@pytest.mark.parametrize("do", ["", "review", "move"])
def test_after_the_deadline__whom_to_call(
    visitor: Client, reservation: Reservation, at_moment: AtMoment, do: str
) -> None:
    at_moment(at("2026-06-09 18:00"))
    visitor = situations.signed_in_client(reservation.claim)
    if do:
        status, page = posts(visitor, reservation, do, FRIDAY)
    else:
        response = visitor.get(path(reservation))
        status, page = response.status_code, Page(response.content.decode())

    assert (status, page.refusals) == (409 if do else 200, [Refusal.CHANGE_CLOSED])
    assert "050-0000-0135" in page.text
    assert_nothing_moved(reservation)


def test_cancelled__said_so(visitor: Client, reservation: Reservation) -> None:
    cancel(reservation)
    page = Page(visitor.get(path(reservation)).content.decode())
    assert page.refusals == [Refusal.RESERVATION_CANCELLED]


def test_suspended__keeps_the_hour_and_is_told_until_when(
    visitor: Client, reservation: Reservation, monday_morning: datetime
) -> None:
    today = monday_morning.date()
    factories.suspension(
        reservation.intermediary, today - timedelta(days=1), today + timedelta(days=9)
    )
    status, page = posts(visitor, reservation, "move", FRIDAY)
    assert (status, page.refusals) == (409, [Refusal.SUSPENDED])
    assert "予約をすべて取り消す" not in page.text
    assert_nothing_moved(reservation)


def test_suspended__the_page_of_changes_offers_no_other_hour(
    visitor: Client, reservation: Reservation
) -> None:
    hour, changes = path(reservation), path(reservation, "/changes")
    assert f'href="{hour}"' in visitor.get(changes).content.decode()
    day = reservation.visit_day
    factories.suspension(reservation.intermediary, day - timedelta(days=20), day)

    shown = visitor.get(changes).content.decode()

    assert f'href="{hour}"' not in shown
    assert "予約しなおすこともできません" in shown
    assert f'href="{path(reservation, "/cancellation")}"' in shown


def test_certificate__shown_by_another__told_and_what_to_do(
    visitor: Client, reservation: Reservation, monday_morning: datetime
) -> None:
    other = factories.claim(
        "rival@example.jp",
        person=factories.intermediary("蒼木 華子"),
        number=reservation.claim.number,
        place=2,
    )
    prove(claim=other, actor="staff:1", at=monday_morning)
    page = Page(visitor.get(path(reservation)).content.decode())
    assert page.refusals == [Refusal.CERTIFICATE_SHOWN_BY_ANOTHER]
    assert "予約をすべて取り消す" not in page.text
    status, _page = posts(visitor, reservation, "move", FRIDAY)
    assert status == 409
    assert_nothing_moved(reservation)


def test_time_is_over__the_choice_is_kept_and_shown_again(
    visitor: Client, reservation: Reservation, at_moment: AtMoment
) -> None:
    at_moment(at("2026-06-08 12:00"))
    status, _page = posts(visitor, reservation, "review", FRIDAY)
    assert status == 302
    visitor = situations.signed_in_client(reservation.claim)
    page = Page(visitor.get(path(reservation)).content.decode())
    chosen = [one.value for one in page.form_with("revision").controls if one.checked]
    assert chosen == ["2026-06-12T08:00"]
    assert_nothing_moved(reservation)


def test_others__not_yours_and_not_there__404(visitor: Client, reservation: Reservation) -> None:
    other = situations.signed_in_client("chinen@example.jp")
    assert other.get(path(reservation)).status_code == 404
    assert posts(other, reservation, "move", FRIDAY)[0] == 404
    assert_nothing_moved(reservation)


def test_cancellation__says_that_the_hour_can_be_changed_instead(
    visitor: Client, reservation: Reservation
) -> None:
    browser = PlainBrowser(visitor)
    browser.open(path(reservation, "/cancellation"))
    browser.follow("日と時間を変更する")
    assert browser.path == path(reservation)


# where the bureau does not


@pytest.mark.parametrize("do", ["", "review", "move"])
def test_osaka__the_address_answers_with_the_sentence(monday_morning: datetime, do: str) -> None:
    reservation = factories.reservation(situations.aoki(), at("2026-06-11 10:00"), 2)
    visitor, before = situations.signed_in_client(reservation.claim), state_of(reservation)
    if do:
        status, page = posts(visitor, reservation, do, at("2026-06-12 10:00"))
    else:
        response = visitor.get(path(reservation))
        status, page = response.status_code, Page(response.content.decode())

    assert (status, page.refusals) == (409 if do else 200, [Refusal.RESCHEDULING_NOT_ALLOWED])
    assert "取り消して、新しく予約してください" in page.text
    assert any(link.href == path(reservation, "/cancellation") for link in page.links)
    assert state_of(reservation) == before
