"""Putting cases back: up to the first count, as far as the hour has room.  4(3), D06."""

from datetime import datetime
from typing import Any

import pytest
from django.db.models import F

from tests import factories, situations
from tests.changes import assert_refused, cases_of, change, numbers_of
from tests.policies import at
from uketori import clock
from uketori.bureaus.models import Slot
from uketori.bureaus.slots import stop_hour
from uketori.reservations.models import CaseChangeKind, Reservation
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


def test_put_back__five_to_three_to_five_with_other_numbers__and_not_six() -> None:
    reservation = five()
    change(reservation, withdrawn=[1, 2])
    assert_refused(
        reservation,
        Refusal.MORE_THAN_FIRST_COUNT,
        put_back=factories.numbers(3, 7000),
    )

    changed = change(reservation, put_back=factories.numbers(2, 7000))

    assert numbers_of(changed)[-2:] == factories.numbers(2, 7000)
    assert [case.order for case in cases_of(changed)] == [3, 4, 5, 6, 7]
    assert (changed.first_case_count, changed.live_case_count) == (5, 5)
    assert (hour().booked_reservations, hour().booked_cases) == (1, 5)
    kinds = list(changed.changes.values_list("kind", flat=True))
    assert kinds == [CaseChangeKind.WITHDRAWN] * 2 + [CaseChangeKind.PUT_BACK] * 2
    assert_refused(reservation, Refusal.MORE_THAN_FIRST_COUNT, put_back=["阪労一E07999"])


def test_put_back__the_withdrawn_number_itself__is_a_new_row() -> None:
    reservation = five()
    number = numbers_of(reservation)[0]
    change(reservation, withdrawn=[1])
    change(reservation, put_back=[number])
    assert numbers_of(reservation)[-1] == number
    assert reservation.cases.filter(number=number).count() == 2


@pytest.mark.parametrize(("left", "wanted", "refused"), [(2, 2, False), (1, 2, True), (0, 1, True)])
def test_put_back__as_many_as_the_hour_has_room_for(left: int, wanted: int, refused: bool) -> None:
    reservation = five()
    change(reservation, withdrawn=[1, 2])
    factories.slot(THURSDAY_TEN, booked_cases=F("capacity_cases") - left)

    if not refused:
        assert change(reservation, put_back=factories.numbers(wanted, 7000)).live_case_count == 5
        return
    found = assert_refused(
        reservation, Refusal.TOO_FEW_CASES_LEFT, put_back=factories.numbers(wanted, 7000)
    )
    assert found.reasons[0].facts == {"left": left}


def test_put_back__no_place_for_further_reservations__needs_none() -> None:
    reservation = five()
    change(reservation, withdrawn=[1])
    factories.slot(THURSDAY_TEN, booked_reservations=F("capacity_reservations"))
    assert change(reservation, put_back=["阪労一E07000"]).live_case_count == 5


def test_put_back__capacity_lowered_below_what_is_booked__refused() -> None:
    reservation = five()
    change(reservation, withdrawn=[1])
    factories.slot(THURSDAY_TEN, capacity_cases=2)
    found = assert_refused(reservation, Refusal.TOO_FEW_CASES_LEFT, put_back=["阪労一E07000"])
    assert found.reasons[0].facts == {"left": 0}


def test_put_back__into_a_stopped_hour__refused_and_the_rest_goes_on() -> None:
    reservation = five()
    change(reservation, withdrawn=[1])
    stop_hour(policy=factories.policy(), starts_at=THURSDAY_TEN, actor="staff:1", at=clock.now())

    assert_refused(reservation, Refusal.SLOT_STOPPED, put_back=["阪労一E07000"])
    change(reservation, withdrawn=[1], put_back=["阪労一E07000"])
    change(reservation, withdrawn=[1])
    change(reservation, corrected={1: "阪労一E07001"})


@pytest.mark.parametrize("changes", [{"is_open": False}, {"is_open": True, "hours": [9, 11]}])
def test_put_back__day_closed_or_hour_taken_away_since__refused_and_withdrawing_goes_on(
    changes: dict[str, Any],
) -> None:
    reservation = five()
    change(reservation, withdrawn=[1])
    factories.special_day(THURSDAY_TEN.date(), reason="臨時閉庁", **changes)

    assert_refused(reservation, Refusal.SLOT_STOPPED, put_back=["阪労一E07000"])
    assert change(reservation, withdrawn=[1]).live_case_count == 3
