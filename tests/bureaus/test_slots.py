"""Hours are rows made ahead; a place is taken by one UPDATE; staff can stop an hour.  D08, D09."""

from datetime import date, datetime, timedelta

import pytest

from tests import factories
from tests.policies import at
from uketori.audit.models import Event
from uketori.bureaus.jobs import keep_slots_everywhere
from uketori.bureaus.models import Slot
from uketori.bureaus.slots import keep_slots, stop_hour

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
THURSDAY_TEN = at("2026-06-11 10:00")


def stop(starts_at: datetime, now: datetime = MONDAY) -> None:
    stop_hour(policy=factories.policy(now), starts_at=starts_at, actor="staff:1", at=now)


def test_keep_slots__mon_6_8__fifteen_open_days_once() -> None:
    assert keep_slots("osaka", MONDAY) == 15 * 6
    assert keep_slots("osaka", MONDAY) == 0

    starts = sorted(slot.starts_at for slot in Slot.objects.all())
    assert starts[0] == at("2026-06-09 09:00")  # Tue
    assert starts[-1] == at("2026-06-29 15:00")  # Mon, the fifteenth
    assert {(one.capacity_reservations, one.capacity_cases) for one in Slot.objects.all()} == {
        (6, 60)
    }


def test_keep_slots__a_day_later__one_day_more() -> None:
    keep_slots("osaka", MONDAY)

    assert keep_slots("osaka", MONDAY + timedelta(days=1)) == 6


def test_keep_slots__half_day_and_closed_day__only_what_is_offered() -> None:
    factories.special_day(date(2026, 6, 10), is_open=True, hours=[9, 10], reason="半日")
    factories.special_day(date(2026, 6, 11), is_open=False, reason="点検")

    assert keep_slots("osaka", MONDAY) == 14 * 6 + 2
    assert not Slot.objects.filter(starts_at=THURSDAY_TEN).exists()


def test_keep_slots__capacity_that_staff_set__stays() -> None:
    factories.slot(THURSDAY_TEN, capacity_reservations=2, booked_reservations=1)

    keep_slots_everywhere(MONDAY)

    assert Slot.objects.get(starts_at=THURSDAY_TEN).capacity_reservations == 2


@pytest.mark.parametrize(
    ("columns", "is_taken"),
    [
        ({"booked_reservations": 5, "booked_cases": 57}, True),
        ({"booked_reservations": 6, "booked_cases": 6}, False),
        ({"booked_reservations": 5, "booked_cases": 58}, False),
        ({"closed_at": MONDAY}, False),
    ],
    ids=["last place, last 3 cases", "6 of 6 places", "2 cases left", "stopped"],
)
def test_take__three_cases__one_place_or_nothing(columns: dict[str, int], is_taken: bool) -> None:
    before = factories.slot(THURSDAY_TEN, **columns)

    taken = Slot.objects.take(bureau="osaka", starts_at=THURSDAY_TEN, cases=3)

    after = Slot.objects.get(pk=before.pk)
    assert taken == (before.pk if is_taken else None)
    assert after.booked_reservations - before.booked_reservations == int(is_taken)
    assert after.booked_cases - before.booked_cases == 3 * int(is_taken)


def test_take__no_row_yet__none() -> None:
    assert Slot.objects.take(bureau="osaka", starts_at=THURSDAY_TEN, cases=1) is None


@pytest.mark.parametrize("has_row", [True, False], ids=["row there", "row not made yet"])
def test_stop_hour__stopped_once__recorded_once(has_row: bool) -> None:
    if has_row:
        factories.slot(THURSDAY_TEN, booked_reservations=2, booked_cases=9)

    stop(THURSDAY_TEN)
    stop(THURSDAY_TEN, MONDAY + timedelta(hours=1))

    slot = Slot.objects.get(starts_at=THURSDAY_TEN)
    assert slot.closed_at == MONDAY
    assert slot.booked_reservations == (2 if has_row else 0)
    (event,) = Event.objects.filter(kind="slot_stopped")
    assert (event.actor, event.happened_at) == ("staff:1", MONDAY)
    assert THURSDAY_TEN.isoformat() in event.subject


def test_stop_hour__one_hour__the_next_stays_open() -> None:
    factories.slot(at("2026-06-11 11:00"))

    stop(THURSDAY_TEN)

    assert Slot.objects.get(starts_at=at("2026-06-11 11:00")).closed_at is None
