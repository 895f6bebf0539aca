"""Fifty mixed acts of few people on few hours: nobody is stuck, nothing is lost."""

import random
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from tests import factories
from tests.concurrency.crowd import (
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    books,
    people,
    small_hour,
)
from uketori.bureaus import slots
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refused

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def one_after_the_other(acts: list[Callable[[], Any]]) -> int:
    """Do them in order; a refusal is an answer."""
    done = 0
    for act in acts:
        try:
            act()
        except Refused:
            continue
        done += 1
    return done


def test_two_people__hours_in_opposite_order__no_deadlock(monday_morning: datetime) -> None:
    """Each of five rounds: two people, two threads each, five hours forwards and backwards."""
    hours = factories.displayed_hours(monday_morning)
    for number in range(5):
        two = people(2)
        forwards = hours[number * 5 : number * 5 + 5]
        acts = [
            partial(
                one_after_the_other,
                [
                    books(factories.order(one, starts_at, [f"阪労一E{index:05d}"]), monday_morning)
                    for index, starts_at in enumerate(order, start=1000 * lane)
                ],
            )
            for lane, (one, order) in enumerate(
                [(one, order) for one in two for order in (forwards, forwards[::-1])], start=1
            )
        ]

        outcome = at_once(*acts)

        assert_nothing_broke(outcome)
        assert sum(outcome.done) == 4
        assert all(
            Reservation.objects.live().filter(intermediary=one.intermediary).count() == 2
            for one in two
        )
    assert_counters_agree()


def test_fifty_mixed_acts__nobody_is_stuck(monday_morning: datetime) -> None:
    """Bookings of twelve people, and stops, over four small hours, shuffled over five threads."""
    dice = random.Random(20260608)  # noqa: S311 - the same mixture every time
    hours = factories.displayed_hours(monday_morning)[:4]
    for starts_at in hours:
        small_hour(starts_at, places=3, cases=9)
    acts: list[Callable[[], Any]] = [
        books(factories.order(one, starts_at, dice.randint(1, 5)), monday_morning)
        for one in people(12)
        for starts_at in hours
    ]
    acts += [
        partial(
            slots.stop_hour,
            policy=factories.policy(monday_morning),
            starts_at=starts_at,
            actor="staff:1",
            at=monday_morning,
        )
        for starts_at in hours[2:]
    ]
    assert len(acts) == 50
    dice.shuffle(acts)

    outcome = at_once(*[partial(one_after_the_other, acts[lane::5]) for lane in range(5)])

    assert_nothing_broke(outcome)
    assert sum(outcome.done) - 2 == Reservation.objects.count() > 0
    assert_counters_agree()
