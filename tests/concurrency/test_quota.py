"""Two hours a person, from however many tabs.  利用案内 3(2), R-23, D02."""

from datetime import datetime

import pytest
from django.db import IntegrityError

from tests import factories
from tests.concurrency.controls import slowed, without_transaction
from tests.concurrency.crowd import (
    Outcome,
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    books,
    people,
)
from uketori.bureaus.models import SlotQuerySet
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking import act
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4


def hours_of_different_days(at: datetime, how_many: int) -> list[datetime]:
    """Hours of one day after the other, and round again."""
    hours = factories.displayed_hours(at)
    return [hours[index % 5 * 6 + 1 + index // 5] for index in range(how_many)]


def from_tabs(tabs: int, at: datetime) -> tuple[CertificateClaim, Outcome[Reservation]]:
    """One person holds an hour already and confirms another in each tab, all at once."""
    claim = people(1)[0]
    factories.reservation(claim, factories.displayed_hours(at)[0])
    orders = [
        factories.order(claim, starts_at, factories.numbers(2, 3000 + 10 * number))
        for number, starts_at in enumerate(hours_of_different_days(at, tabs))
    ]
    with slowed(SlotQuerySet, "take"):
        return claim, at_once(*[books(order, at) for order in orders])


def held(claim: CertificateClaim) -> int:
    return Reservation.objects.live().filter(intermediary=claim.intermediary).count()


@pytest.mark.parametrize("tabs", [2, 6])
def test_third_slot__from_several_tabs__never_more_than_two(
    monday_morning: datetime, tabs: int
) -> None:
    for _round in range(ROUNDS):
        claim, outcome = from_tabs(tabs, monday_morning)

        assert_nothing_broke(outcome)
        assert held(claim) == 2
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.TOO_MANY_SLOTS] * (tabs - 1)
    assert_counters_agree()


@pytest.mark.parametrize("tabs", [2, 6])
def test_third_slot__control__without_the_lock__three_or_more(
    monday_morning: datetime, tabs: int
) -> None:
    with without_transaction(act, "book_once"):
        claim, _outcome = from_tabs(tabs, monday_morning)

    assert held(claim) >= 3


def test_third_slot__two_addresses_of_one_certificate_each_have_their_own(
    monday_morning: datetime,
) -> None:
    """D03: an unproved claim takes nothing from the other one's quota."""
    mine, other = people(2)
    shared = CertificateClaim.objects.create(
        certificate=mine.certificate,
        intermediary=other.intermediary,
        mail_address=other.mail_address,
        number=mine.number,
        expires_on=mine.expires_on,
        place=2,
        claimed_at=mine.claimed_at,
    )
    hours = hours_of_different_days(monday_morning, 3)
    orders = [
        factories.order(claim, hour, factories.numbers(1, 3000 + number))
        for claim in (mine, shared)
        for number, hour in enumerate(hours)
    ]

    outcome = at_once(*[books(order, monday_morning) for order in orders])

    assert_nothing_broke(outcome)
    assert held(mine) == held(shared) == 2
    assert_counters_agree()


def four_drafts_of_one_hour(at: datetime) -> Outcome[Reservation]:
    """One person confirms four drafts for the same hour, all at once."""
    claim = people(1)[0]
    starts_at = factories.displayed_hours(at)[2]
    orders = [
        factories.order(claim, starts_at, factories.numbers(1, 3000 + number))
        for number in range(4)
    ]
    with slowed(SlotQuerySet, "take"):
        return at_once(*[books(order, at) for order in orders])


def test_same_hour__from_four_drafts__one(monday_morning: datetime) -> None:
    for _round in range(ROUNDS):
        outcome = four_drafts_of_one_hour(monday_morning)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.SAME_HOUR_TWICE] * 3
    assert_counters_agree()


def test_same_hour__control__the_unique_constraint_is_a_second_wall(
    monday_morning: datetime,
) -> None:
    with without_transaction(act, "book_once"):
        outcome = four_drafts_of_one_hour(monday_morning)

    assert len(outcome.done) == 1
    assert [type(error) for error in outcome.broken] == [IntegrityError] * 3
