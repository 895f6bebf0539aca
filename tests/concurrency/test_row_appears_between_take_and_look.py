"""Two people are the first of an hour that has no row yet (PostgreSQL).

A takes nothing (no row), B makes the row and commits, A looks: there is a row, with room, so A is
refused with an empty list of reasons.
"""

import time
from datetime import datetime
from typing import Any

import pytest

from tests import factories
from tests.concurrency.controls import replaced
from tests.concurrency.crowd import (
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    books,
    people,
)
from uketori.bureaus.models import Slot, SlotQuerySet
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_first_two_of_an_hour_without_a_row__both_booked(monday_morning: datetime) -> None:
    take = SlotQuerySet.take
    dice = iter([0.0, 0.3, 0.0, 0.0, 0.0])

    def then_pauses(self: SlotQuerySet, **wanted: Any) -> int | None:
        answer = take(self, **wanted)
        if answer is None:
            time.sleep(next(dice))
        return answer

    starts_at = factories.displayed_hours(monday_morning)[0]
    orders = [factories.order(one, starts_at, 1) for one in people(2)]
    with replaced(SlotQuerySet, "take", then_pauses):
        outcome = at_once(*[books(order, monday_morning) for order in orders])

    assert_nothing_broke(outcome)
    assert [one.reasons for one in outcome.refused] == []
    assert len(outcome.done) == 2


def test_last_place__no_row_yet__as_many_as_the_policy_offers(monday_morning: datetime) -> None:
    for starts_at in factories.displayed_hours(monday_morning)[6:10]:
        orders = [factories.order(one, starts_at, 1) for one in people(8)]

        outcome = at_once(*[books(order, monday_morning) for order in orders])

        assert_nothing_broke(outcome)
        assert len(outcome.done) == factories.policy().capacity_reservations == 6
        assert outcome.codes == [Refusal.SLOT_FULL] * (8 - 6)
        assert Slot.objects.filter(starts_at=starts_at).count() == 1
    assert_counters_agree()
