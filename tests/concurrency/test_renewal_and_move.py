"""A renewal while a supervisor moves the person to another address: they stay together.  D03."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from tests import factories, situations
from tests.concurrency.controls import replaced, slowed
from tests.concurrency.crowd import Outcome, at_once
from tests.intermediaries.certificates.steps import NEW_NUMBER, renew, text_of
from uketori.intermediaries.address import by_staff
from uketori.intermediaries.certificates import renewal
from uketori.intermediaries.certificates.renewal import ClaimLeft, WhyKept
from uketori.intermediaries.models import AddressChange, CertificateClaim
from uketori.intermediaries.my_data import views
from uketori.intermediaries.session.visitor import Visitor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 3
NEW = "new@example.jp"


def holds(number: int) -> CertificateClaim:
    """A person with a proved certificate, as the page read it before anything happened."""
    made = factories.claim(f"p{number}@example.jp", number=f"大取第1000{number}号", is_proved=True)
    return CertificateClaim.objects.select_related("certificate", "mail_address").get(pk=made.pk)


def renews(claim: CertificateClaim, at: datetime) -> Callable[[], object]:
    policy = factories.policy(at)
    return lambda: renewal.renew_certificate(
        policy=policy,
        claim=claim,
        number=f"大取第2000{claim.pk}号",
        expires_on=date(2030, 3, 31),
        actor="mail:1",
        at=at,
    )


def moves(claim: CertificateClaim, at: datetime) -> Callable[[], AddressChange]:
    policy = factories.policy(at)
    return lambda: by_staff.move_at_counter(
        claim=claim,
        new_address=NEW,
        reason=by_staff.MoveReason.GONE,
        policy=policy,
        actor="staff:1",
        at=at,
    )


def addresses_of(claim: CertificateClaim) -> list[str]:
    """Where each certificate of the person stands."""
    claims = claim.intermediary.claims.filter(ended_at=None).order_by("pk")
    return list(claims.values_list("mail_address__address", flat=True))


def both_at_once(claim: CertificateClaim, at: datetime) -> Outcome[object]:
    return at_once(renews(claim, at), moves(claim, at))


def test_renewal__while_moved__moved_along_or_refused(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        claim = holds(number)

        outcome = both_at_once(claim, monday_morning)

        assert {type(error) for error in outcome.broken} <= {ClaimLeft}
        assert addresses_of(claim) == [NEW] * len(outcome.done)


def test_renewal__moved_before_it_began__refused(monday_morning: datetime) -> None:
    claim = holds(1)
    moves(claim, monday_morning)()

    with pytest.raises(ClaimLeft):
        renews(claim, monday_morning)()

    assert addresses_of(claim) == [NEW]


def test_renewal__before_the_move_began__moved_along(monday_morning: datetime) -> None:
    claim = holds(1)
    renews(claim, monday_morning)()

    moves(claim, monday_morning)()

    assert addresses_of(claim) == [NEW, NEW]


def test_renewal__control__deciding_on_what_the_page_read__left_behind(
    monday_morning: datetime,
) -> None:
    claim = holds(1)

    with (
        slowed(renewal, "renew_certificate"),
        replaced(renewal, "_standing_at", lambda _address, read: read),
    ):
        outcome = both_at_once(claim, monday_morning)

    assert outcome.broken == []
    assert addresses_of(claim) == [NEW, "p1@example.jp"]


def test_giving_back__moved_meanwhile__not_from_here(monday_morning: datetime) -> None:
    made = factories.claim("p1@example.jp", number="大取第10001号")
    read = CertificateClaim.objects.get(pk=made.pk)
    CertificateClaim.objects.filter(pk=made.pk).update(mail_address=factories.mail_address(NEW))

    assert renewal.give_back(claim=read, actor="mail:1", at=monday_morning) is WhyKept.LEFT
    made.refresh_from_db()
    assert made.ended_at is None


def test_page__moved_between_its_look_and_the_act__told_with_what_was_typed(
    monday_morning: datetime,
) -> None:
    claim = situations.aoki(is_proved=True)
    client = situations.signed_in_client(claim)
    look = views.own_claim

    def then_moved(visitor: Visitor, claim_id: int) -> CertificateClaim:
        found = look(visitor, claim_id)
        moves(found, monday_morning)()
        return found

    with replaced(views, "own_claim", then_moved):
        response = renew(client, claim)

    assert response.status_code == 422
    assert "ここから更新することはできません。" in text_of(response)
    assert NEW_NUMBER in text_of(response)
    assert addresses_of(claim) == [NEW]
