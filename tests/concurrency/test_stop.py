"""An hour is stopped while people book it: nothing is booked after the stop's commit."""

import time
from datetime import datetime
from typing import Any

import pytest

from tests import factories
from tests.concurrency.controls import slowed, without_stop_condition
from tests.concurrency.crowd import (
    Outcome,
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    books,
    live_at,
    people,
)
from uketori.bureaus import slots
from uketori.bureaus.models import Slot
from uketori.reservations.booking import act
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CROWD = 5


def stop_among_bookings(
    starts_at: datetime, at: datetime, after: float, *, has_row: bool = True
) -> tuple[int, Outcome[Any]]:
    """Stop the hour so many seconds after five begin to book; count when the stop is committed."""
    if has_row:
        factories.slot(starts_at)
    orders = [factories.order(one, starts_at, 2) for one in people(CROWD)]
    at_commit: list[int] = []

    def stops() -> None:
        time.sleep(after)
        slots.stop_hour(policy=factories.policy(at), starts_at=starts_at, actor="staff:1", at=at)
        at_commit.append(live_at(starts_at))

    outcome: Outcome[Any] = at_once(stops, *[books(order, at) for order in orders])
    return at_commit[0], outcome


def assert_stop_was_kept(starts_at: datetime, at_commit: int, outcome: Outcome[Any]) -> None:
    assert_nothing_broke(outcome)
    assert live_at(starts_at) == at_commit, "booked after the stop's commit"
    assert set(outcome.codes) <= {Refusal.SLOT_STOPPED}
    assert len(outcome.refused) == CROWD - at_commit
    assert Slot.objects.get(starts_at=starts_at).closed_at is not None
    assert_counters_agree()


def test_stop__at_any_moment__booked_before_or_refused(monday_morning: datetime) -> None:
    booked = []
    with slowed(act, "insert", 0.01):
        for number, starts_at in enumerate(factories.displayed_hours(monday_morning)[:10]):
            at_commit, outcome = stop_among_bookings(starts_at, monday_morning, number * 0.008)
            assert_stop_was_kept(starts_at, at_commit, outcome)
            booked.append(at_commit)
    assert min(booked) < CROWD, "no stop ever came before a booking"
    assert max(booked) > 0, "no booking ever came before a stop"


def test_stop__hour_without_a_row__the_same(monday_morning: datetime) -> None:
    for number, starts_at in enumerate(factories.displayed_hours(monday_morning)[10:16]):
        at_commit, outcome = stop_among_bookings(
            starts_at, monday_morning, number * 0.004, has_row=False
        )
        assert_stop_was_kept(starts_at, at_commit, outcome)


def test_stop__bookings_wait_for_its_commit__all_refused(monday_morning: datetime) -> None:
    """The stop holds the row for a while; whoever waited sees it afterwards."""
    with slowed(slots, "record", 0.2), slowed(act, "_take", 0.05):
        for starts_at in factories.displayed_hours(monday_morning)[:3]:
            at_commit, outcome = stop_among_bookings(starts_at, monday_morning, 0)
            assert_stop_was_kept(starts_at, at_commit, outcome)


def test_stop__control__without_the_condition__booked_after_the_stop(
    monday_morning: datetime,
) -> None:
    """On a busy machine one try may find nobody waiting; of several hours one shows it."""
    overtaken = []
    with (
        without_stop_condition(),
        slowed(slots, "record", 0.2),
        slowed(act, "_take", 0.05),
    ):
        for starts_at in factories.displayed_hours(monday_morning)[:6]:
            at_commit, _outcome = stop_among_bookings(starts_at, monday_morning, 0)
            overtaken.append(live_at(starts_at) > at_commit)
            if overtaken[-1]:
                break

    assert any(overtaken)
