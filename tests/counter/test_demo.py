"""The day at the counter that a development site begins with."""

from datetime import datetime

import pytest

from tests import factories
from tests.policies import at
from tests.situations import AtMoment
from uketori.bureaus.first_rows import prepare
from uketori.counter.board.hours import board_of
from uketori.development import counter_day
from uketori.development import staff_accounts as staff_demo
from uketori.outbox.models import MailState, OutgoingMail
from uketori.reservations.mails.reminders import remind_bureau
from uketori.reservations.models import Reservation
from uketori.rules.visit import VisitState

pytestmark = pytest.mark.django_db(transaction=True)


def begin(now: datetime) -> list[str]:
    prepare(now)
    staff_demo.fill(now)
    return counter_day.fill(now)


@pytest.mark.parametrize("hour", ["08:00", "10:20", "12:30", "15:59", "20:00"])
def test_open_day__one_hour_of_sixty_cases__at_any_time(at_moment: AtMoment, hour: str) -> None:
    now = at(f"2026-06-11 {hour}")
    at_moment(now)

    assert begin(now) == []

    board = board_of(factories.policy(now), now)
    assert max(one.cases for one in board.hours) == 60
    assert all(one.people for one in board.hours)
    kana = [one.reservation.intermediary.name_kana for one in board.hours[0].people]
    assert all(kana)
    assert kana == sorted(kana)


def test_at_ten_twenty__every_state_that_a_clerk_meets(at_moment: AtMoment) -> None:
    now = at("2026-06-11 10:20")
    at_moment(now)
    begin(now)

    board = board_of(factories.policy(now), now)

    states = {one.seen.state for hour in board.hours for one in hour.people}
    assert states == {
        VisitState.EXPECTED,
        VisitState.ARRIVED,
        VisitState.SERVING,
        VisitState.SERVED,
        VisitState.UNRESOLVED,
    }
    assert board.unresolved_count == 1


def test_begun_again__nothing_twice_and_nothing_undone(at_moment: AtMoment) -> None:
    now = at("2026-06-11 10:20")
    at_moment(now)
    begin(now)
    before = list(Reservation.objects.order_by("pk").values())

    later = at("2026-06-11 10:50")
    at_moment(later)
    begin(later)

    assert list(Reservation.objects.order_by("pk").values()) == before


def test_mailbox__nobody_invented_is_written_to(at_moment: AtMoment) -> None:
    now = at("2026-06-11 08:00")
    at_moment(now)
    begin(now)

    remind_bureau("osaka", now)

    assert not OutgoingMail.objects.filter(state=MailState.WAITING).exists()


def test_closed_day__the_next_open_one_and_said(at_moment: AtMoment) -> None:
    saturday = at("2026-06-13 10:20")
    at_moment(saturday)

    (*_others, told) = begin(saturday)

    assert "2026年6月15日（月）" in told
    assert set(Reservation.objects.values_list("visit_day", flat=True)) == {
        at("2026-06-15 10:00").date()
    }
