"""Somebody corrects their kind while a clerk sees their certificate.  D03, R-08."""

import pytest

from tests import factories
from tests.concurrency.controls import slowed, without_transaction
from tests.concurrency.crowd import assert_nothing_broke, at_once
from tests.policies import at
from uketori.audit.models import Event
from uketori.counter.visit import certificate
from uketori.intermediaries.holders import act, people
from uketori.intermediaries.holders.act import PersonDetails
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.eligibility import HolderFacts
from uketori.rules.policy import IntermediaryKind
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4
TEN, TEN_TWENTY = at("2026-06-11 10:00"), at("2026-06-11 10:20")
CORPORATION = IntermediaryKind.PUBLIC_CORP_STAFF


def corrects(claim: CertificateClaim) -> None:
    policy = factories.policy(TEN)
    act.enter_holder(
        policy=policy,
        mail_address=claim.mail_address,
        person=PersonDetails(
            name="青木 花子", name_kana="", organisation="財団", phone="06-0000-0000"
        ),
        holder=HolderFacts(
            kind=CORPORATION,
            certificate_kind=policy.certificate_of[CORPORATION],
            expires_on=claim.expires_on,
            is_education_institution=False,
        ),
        number=claim.number,
        actor="mail:1",
        at=TEN_TWENTY,
    )


def is_corrected_after_the_proof(number: int) -> bool:
    """Let both act at once; tell whether the kind changed of whom the counter knew already."""
    claim = factories.claim(f"{number}@example.jp", number=f"大取第{number}号")
    visit = factories.reservation(claim, TEN, 1, arrived_at=TEN)
    outcome = at_once(
        lambda: corrects(claim),
        lambda: certificate.see_certificate(
            reservation=Reservation.objects.get(pk=visit.pk),
            policy=factories.policy(TEN),
            actor="staff:1",
            at=TEN_TWENTY,
        ),
    )
    assert_nothing_broke(outcome)
    assert outcome.codes in ([], [Refusal.KIND_PROVED])
    told = Event.objects.filter(subject=f"claim:{claim.pk}").order_by("pk")
    kinds = list(told.values_list("kind", flat=True))
    assert "certificate_proved" in kinds
    return kinds[-1] == "holder_kind_corrected"


def test_kind__corrected_while_the_certificate_is_seen__never_after_it() -> None:
    factories.first_notice()

    assert not any(is_corrected_after_the_proof(number) for number in range(ROUNDS))


def test_kind__control__without_the_lock__corrected_after_the_proof() -> None:
    factories.first_notice()

    with without_transaction(act, "enter_holder"), slowed(people, "_write_kind"):
        met = [is_corrected_after_the_proof(number) for number in range(ROUNDS)]

    assert any(met)
