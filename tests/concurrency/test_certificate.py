"""One certificate, several addresses: at most so many open claims as the policy says.  D03."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError

from tests import factories
from tests.concurrency.controls import slowed, without_constraint, without_transaction
from tests.concurrency.crowd import (
    Outcome,
    assert_nothing_broke,
    at_once,
)
from uketori.intermediaries.holders import act
from uketori.intermediaries.holders.act import PersonDetails
from uketori.intermediaries.models import Certificate, CertificateClaim, Intermediary, MailAddress
from uketori.rules.eligibility import HolderFacts
from uketori.rules.policy import IntermediaryKind
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4
PLACE = "certificate_claim_place_is_taken_once"


def enters(address: MailAddress, number: str, at: datetime) -> CertificateClaim:
    """One address enters the holder of a certificate."""
    policy = factories.policy(at)
    return act.enter_holder(
        policy=policy,
        mail_address=address,
        person=PersonDetails(name="知念 ゆい", name_kana="", organisation="", phone="06-0000-0000"),
        holder=HolderFacts(
            kind=IntermediaryKind.GYOSEISHOSHI,
            certificate_kind=policy.certificate_of[IntermediaryKind.GYOSEISHOSHI],
            expires_on=date(2028, 3, 31),
            is_education_institution=False,
        ),
        number=number,
        actor="mail:1",
        at=at,
    )


def all_enter(addresses: list[str], number: str, at: datetime) -> Outcome[CertificateClaim]:
    rows = [factories.mail_address(address) for address in addresses]
    with slowed(act, "_new_intermediary"):
        return at_once(*[lambda row=row: enters(row, number, at) for row in rows])


@pytest.mark.parametrize("addresses", [2, 5])
def test_certificate__from_several_addresses__never_more_open_claims_than_allowed(
    monday_morning: datetime, addresses: int
) -> None:
    allowed = factories.policy(monday_morning).max_open_claims
    for number in range(ROUNDS):
        typed = f"（大）行26第{number}号"
        names = [f"{name}@example.jp" for name in "abcde"[:addresses]]

        outcome = all_enter(names, typed, monday_morning)

        assert_nothing_broke(outcome)
        claims = CertificateClaim.objects.filter(number=typed, ended_at=None)
        assert sorted(claim.place or 0 for claim in claims) == list(range(1, allowed + 1))
        assert outcome.codes == [Refusal.TOO_MANY_CLAIMS] * (addresses - allowed)
        assert claims.values("intermediary").distinct().count() == allowed
    assert Intermediary.objects.count() == CertificateClaim.objects.count()
    assert Certificate.objects.count() == ROUNDS


def test_certificate__same_address_several_times__one_claim(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        outcome = all_enter(["a@example.jp"] * 4, f"大行第{number}号", monday_morning)

        assert_nothing_broke(outcome)
        assert len({claim.pk for claim in outcome.done}) == 1
        assert len(outcome.done) == 4
    assert CertificateClaim.objects.count() == Intermediary.objects.count() == ROUNDS


def test_certificates__the_last_one_an_address_may_serve__one_wins(
    monday_morning: datetime,
) -> None:
    allowed = factories.policy(monday_morning).max_certificates_per_address
    address = factories.mail_address("office@example.jp")
    for number in range(allowed - 1):
        factories.claim("office@example.jp", number=f"大行第{number}号")

    outcome = at_once(
        *[
            lambda letter=letter: enters(address, f"福行第{letter}号", monday_morning)
            for letter in "ABCD"
        ]
    )

    assert_nothing_broke(outcome)
    assert address.claims.count() == allowed
    assert outcome.codes == [Refusal.TOO_MANY_CERTIFICATES] * 3


def test_certificate__control__without_locks__the_numbered_places_are_a_second_wall(
    monday_morning: datetime,
) -> None:
    names = [f"{name}@example.jp" for name in "abcde"]
    factories.certificate("大行第1号", IntermediaryKind.GYOSEISHOSHI)
    with without_transaction(act, "enter_holder"):
        outcome = all_enter(names, "大行第1号", monday_morning)

    assert outcome.broken
    assert all(isinstance(error, IntegrityError) for error in outcome.broken)
    assert CertificateClaim.objects.count() <= factories.policy().max_open_claims


def test_certificate__control__without_locks_and_places__more_than_allowed(
    monday_morning: datetime,
) -> None:
    names = [f"{name}@example.jp" for name in "abcde"]
    factories.certificate("大行第1号", IntermediaryKind.GYOSEISHOSHI)
    with (
        without_constraint(CertificateClaim, PLACE),
        without_transaction(act, "enter_holder"),
    ):
        all_enter(names, "大行第1号", monday_morning)

        assert CertificateClaim.objects.count() > factories.policy().max_open_claims


def test_certificate__control__same_address_without_locks__refused_by_the_table(
    monday_morning: datetime,
) -> None:
    factories.certificate("大行第1号", IntermediaryKind.GYOSEISHOSHI)
    with without_transaction(act, "enter_holder"):
        outcome = all_enter(["a@example.jp"] * 3, "大行第1号", monday_morning)

    assert [type(error) for error in outcome.broken] == [IntegrityError] * 2
    assert CertificateClaim.objects.count() == 1
