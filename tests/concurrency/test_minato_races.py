"""The races of the limits at a bureau with smaller ones: what wins is data, not Osaka.

みなと has two places an hour, one hour a person, and one address a certificate.
利用案内 3(2), D02, D03, D09.
"""

from datetime import date, datetime
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError

from tests import factories
from tests.concurrency.controls import (
    slowed,
    taking_by_looking,
    without_constraint,
    without_transaction,
)
from tests.concurrency.crowd import (
    Outcome,
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    books,
    disagreements,
    live_at,
)
from tests.concurrency.test_certificate import PLACE
from tests.every_bureau.bureaus import FOLDER, go_to
from uketori.bureaus.models import SlotQuerySet
from uketori.intermediaries.holders import act as holders_act
from uketori.intermediaries.holders.act import PersonDetails
from uketori.intermediaries.models import CertificateClaim, MailAddress
from uketori.reservations.booking import act
from uketori.reservations.booking.act import Order
from uketori.reservations.models import Reservation
from uketori.rules.eligibility import HolderFacts
from uketori.rules.policy import BureauPolicy, IntermediaryKind
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 3
NUMBER = "見取第1号"


@pytest.fixture(autouse=True)
def minato(settings: Any, monkeypatch: pytest.MonkeyPatch) -> BureauPolicy:
    """The second bureau as it is; the counts of this file are its limits."""
    settings.BUREAUS_FOLDER = str(FOLDER)
    policy = go_to("minato", monkeypatch)
    assert (policy.capacity_reservations, policy.max_slots_in_window) == (2, 1)
    assert policy.max_open_claims == 1
    factories.first_notice()
    return policy


def staff_of_companies(how_many: int) -> list[CertificateClaim]:
    """So many people, each with an address and a certificate of their own."""
    begin = CertificateClaim.objects.count()
    return [
        factories.claim(
            f"person{number}@example.jp", person=factories.intermediary(f"予約 {number}")
        )
        for number in range(begin, begin + how_many)
    ]


def orders_for(claims: list[CertificateClaim], hours: list[datetime]) -> list[Order]:
    """What each confirms for the hour beside; every number is another one."""
    numbers = count(300)
    return [
        factories.order(
            claim,
            starts_at,
            [f"湊K{next(numbers):05d}"],
            declared=frozenset(factories.DECLARED),
            type_for_all="extension",
        )
        for claim, starts_at in zip(claims, hours, strict=True)
    ]


def two_for_the_last_place(starts_at: datetime, at: datetime) -> Outcome[Reservation]:
    """One of the two places is taken; two people confirm for the other at once."""
    holder, *two = staff_of_companies(3)
    factories.reservation(holder, starts_at)
    orders = orders_for(two, [starts_at] * 2)
    with slowed(SlotQuerySet, "take"):
        return at_once(*[books(order, at) for order in orders])


def test_last_place__two_at_once__one_wins(monday_morning: datetime) -> None:
    for starts_at in factories.displayed_hours(monday_morning)[:ROUNDS]:
        outcome = two_for_the_last_place(starts_at, monday_morning)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.SLOT_FULL]
        assert live_at(starts_at) == 2
    assert_counters_agree()


def test_last_place__control__looking_first_oversells(monday_morning: datetime) -> None:
    starts_at = factories.displayed_hours(monday_morning)[0]
    with taking_by_looking(absolute=True):
        two_for_the_last_place(starts_at, monday_morning)

    assert live_at(starts_at) == 3
    assert disagreements() != []


def from_two_tabs(at: datetime) -> Outcome[Reservation]:
    """One person who holds nothing confirms an hour in each of two tabs at once."""
    claim = staff_of_companies(1)[0]
    orders = orders_for([claim] * 2, factories.displayed_hours(at)[1:3])
    with slowed(SlotQuerySet, "take"):
        return at_once(*[books(order, at) for order in orders])


def test_second_slot__from_two_tabs__the_first_stays_the_only_one(monday_morning: datetime) -> None:
    for number in range(1, 3):  # the hours have a place for each of these people
        outcome = from_two_tabs(monday_morning)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.TOO_MANY_SLOTS]
        assert Reservation.objects.live().count() == number
    assert_counters_agree()


def test_second_slot__control__without_the_lock__two(monday_morning: datetime) -> None:
    with without_transaction(act, "book_once"):
        from_two_tabs(monday_morning)

    assert Reservation.objects.live().count() == 2


def enters(address: MailAddress, number: str, at: datetime) -> CertificateClaim:
    policy = factories.policy(at)
    kind = IntermediaryKind.ORG_STAFF
    return holders_act.enter_holder(
        policy=policy,
        mail_address=address,
        person=PersonDetails(
            name="青木 花子", name_kana="", organisation="あおぞら", phone="06-0000-0000"
        ),
        holder=HolderFacts(
            kind=kind,
            certificate_kind=policy.certificate_of[kind],
            expires_on=date(2028, 3, 31),
            is_education_institution=False,
        ),
        number=number,
        actor="mail:1",
        at=at,
    )


def two_enter(number: str, at: datetime) -> Outcome[CertificateClaim]:
    """Two addresses enter one certificate at once."""
    rows = [factories.mail_address(f"{name}@example.jp") for name in "ab"]
    with slowed(holders_act, "_new_intermediary"):
        return at_once(*[lambda row=row: enters(row, number, at) for row in rows])


def test_certificate__from_two_addresses__one_wins(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        outcome = two_enter(f"見取第{number}号", monday_morning)

        assert_nothing_broke(outcome)
        assert [claim.place for claim in outcome.done] == [1]
        assert outcome.codes == [Refusal.TOO_MANY_CLAIMS]
        assert CertificateClaim.objects.count() == number + 1


def test_certificate__control__without_locks__the_place_is_a_second_wall(
    monday_morning: datetime,
) -> None:
    factories.certificate(NUMBER)
    with without_transaction(holders_act, "enter_holder"):
        outcome = two_enter(NUMBER, monday_morning)

    assert [type(error) for error in outcome.broken] == [IntegrityError]
    assert CertificateClaim.objects.count() == 1


def test_certificate__control__without_locks_and_places__two(monday_morning: datetime) -> None:
    factories.certificate(NUMBER)
    with (
        without_constraint(CertificateClaim, PLACE),
        without_transaction(holders_act, "enter_holder"),
    ):
        two_enter(NUMBER, monday_morning)

        assert CertificateClaim.objects.count() == 2
