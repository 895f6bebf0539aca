"""The link of an address that staff change, opened several times at once.  D03."""

from datetime import datetime

import pytest

from tests import factories, situations
from tests.concurrency.crowd import assert_nothing_broke, at_once
from uketori.audit.models import Event
from uketori.intermediaries.address import by_staff
from uketori.intermediaries.address.obstacles import NotMoved
from uketori.intermediaries.models import AddressChange, CertificateClaim, MailProof
from uketori.outbox.models import OutgoingMail

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

NEW = "new@example.jp"


def asked(claim: CertificateClaim, at: datetime) -> AddressChange:
    return by_staff.ask_for(
        claim=claim,
        new_address=NEW,
        reason=by_staff.MoveReason.GONE,
        policy=factories.policy(at),
        actor="staff:1",
        at=at,
    )


def opens(change: AddressChange, at: datetime) -> MailProof | None:
    return by_staff.move_by_link(
        change=change, policy=factories.policy(at), device_digest="x", at=at
    )


def test_link__opened_several_times_at_once__moves_once(monday_morning: datetime) -> None:
    claim = situations.aoki()
    change = asked(claim, monday_morning)

    outcome = at_once(*[lambda: opens(change, monday_morning)] * 4)

    assert_nothing_broke(outcome)
    assert sum(one is not None for one in outcome.done) == 1
    claim.refresh_from_db()
    assert claim.mail_address.address == NEW
    assert Event.objects.filter(kind="address_changed_by_staff").count() == 1
    assert OutgoingMail.objects.filter(event="address_changed_by_bureau").count() == 1


def test_two_people__to_the_last_place_of_an_office__one_moves(monday_morning: datetime) -> None:
    """The new address is locked before it is counted; the other one is told why not."""
    for _one in range(factories.policy(monday_morning).max_certificates_per_address - 1):
        factories.claim(NEW)
    claims = [factories.claim(f"p{index}@example.jp") for index in range(2)]
    changes = [asked(one, monday_morning) for one in claims]

    outcome = at_once(*[lambda one=one: opens(one, monday_morning) for one in changes])

    assert len(outcome.done) == 1
    assert [type(error) for error in outcome.broken] == [NotMoved]
    assert CertificateClaim.objects.filter(mail_address__address=NEW).count() == 20
