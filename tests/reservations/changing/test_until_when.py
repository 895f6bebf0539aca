"""Until 11:59 of the open day before, by what was promised.  4(1)."""

from datetime import date, datetime

import pytest

from tests import factories, situations
from tests.changes import assert_refused, change
from tests.policies import at
from uketori import clock
from uketori.bureaus.models import Slot
from uketori.reservations.booking import act
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

THURSDAY_TEN = at("2026-06-11 10:00")
FRIDAY_NINE = at("2026-06-12 09:00")


def fifteen() -> Reservation:
    return factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(15))


def five() -> Reservation:
    return factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(5))


def hour(starts_at: datetime = THURSDAY_TEN) -> Slot:
    return Slot.objects.get(starts_at=starts_at)


@pytest.mark.parametrize(
    ("now", "closed"),
    [("2026-06-10 11:59:59.999999", False), ("2026-06-10 12:00:00", True)],
)
def test_change__of_thursday_around_noon_on_wednesday(now: str, closed: bool) -> None:
    reservation = five()
    if closed:
        assert_refused(reservation, Refusal.CHANGE_CLOSED, withdrawn=[1], at=at(now))
    else:
        assert change(reservation, withdrawn=[1], at=at(now)).live_case_count == 4


def books(starts_at: datetime, first: int) -> Reservation:
    claim = situations.aoki() if first == 1000 else situations.chinen()
    order = factories.order(claim, starts_at, factories.numbers(2, first))
    return act.book(order=order, facts=factories.facts(), actor="mail:1", at=clock.now())


def test_promise__tue_06_16_is_closed_on_thu_06_11__kept_for_wed_06_17(
    at_moment: situations.AtMoment,
) -> None:
    """b.8: booked on 6/10 for 6/17 keeps Tue 6/16 11:59; one made afterwards gets Mon 6/15."""
    wednesday = at("2026-06-17 10:00")
    at_moment(at("2026-06-10 12:30"))
    before = books(wednesday, 1000)
    at_moment(at("2026-06-11 10:00"))
    factories.special_day(date(2026, 6, 16), is_open=False, reason="臨時閉庁")
    after = books(wednesday, 2000)

    assert before.change_closes_at == at("2026-06-16 12:00")
    assert after.change_closes_at == at("2026-06-15 12:00")
    assert_refused(after, Refusal.CHANGE_CLOSED, withdrawn=[1], at=at("2026-06-15 12:00"))
    change(before, withdrawn=[1], at=at("2026-06-15 12:00"))
    change(before, corrected={1: "阪労一E09001"}, at=at("2026-06-16 11:59:59.999999"))
    assert_refused(
        before, Refusal.CHANGE_CLOSED, put_back=["阪労一E09002"], at=at("2026-06-16 12:00")
    )


def test_promise__saturday_is_opened_later__monday_keeps_friday(
    at_moment: situations.AtMoment,
) -> None:
    """An added open day would make the deadline later; what was promised is what is kept."""
    at_moment(at("2026-06-08 12:30"))
    reservation = books(at("2026-06-15 09:00"), 1000)
    factories.special_day(date(2026, 6, 13), is_open=True, reason="臨時開庁")
    assert_refused(reservation, Refusal.CHANGE_CLOSED, withdrawn=[1], at=at("2026-06-12 12:00"))


@pytest.mark.parametrize(
    "ending", ["arrived_at", "served_at", "late_at", "absent_at", "no_show_at"]
)
def test_visit_has_begun_or_ended__nothing_can_be_changed(ending: str) -> None:
    reservation = five()
    Reservation.objects.update(**{ending: reservation.starts_at})
    assert_refused(reservation, Refusal.RESERVATION_ENDED, withdrawn=[1])
