"""A new draft saved twice at once (double click on 保存 or ④確認へ進む of a fresh form)."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from tests import factories
from tests.concurrency.controls import slowed, without_transaction
from tests.concurrency.crowd import assert_nothing_broke, at_once, people
from uketori.intermediaries.models import MailProof
from uketori.intermediaries.proof import act
from uketori.reservations.booking import drafts
from uketori.reservations.models import Draft
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_new_draft__saved_twice_at_once__one_draft_and_no_error(monday_morning: datetime) -> None:
    claim = people(1)[0]
    key = uuid4()
    first = factories.signed_in_client(claim.mail_address.address)
    second = Client()
    second.cookies = first.cookies.copy()

    def saves(client: Client) -> int:
        form = {"holder": claim.pk, "number-1": "阪労一E01234", "do": "proceed"}
        return client.post(f"/osaka/reservations/drafts/{key}", form).status_code

    with slowed(drafts, "refuse_draft"):
        outcome = at_once(lambda: saves(first), lambda: saves(second))

    assert_nothing_broke(outcome)
    assert outcome.done == [302, 302]
    assert Draft.objects.count() == 1


def _copied_twice_at_once(at: datetime) -> int:
    """Press この案件をもう一度予約する twice at once; return how many drafts there are then."""
    claim = people(1)[0]
    held = factories.reservation(claim, factories.displayed_hours(at)[0], 2)

    def copies() -> Draft | None:
        return drafts.draft_from_reservation(
            reservation=held, mail_address=claim.mail_address, claim=claim, at=at
        )

    with slowed(drafts, "save_draft"):
        outcome = at_once(copies, copies)

    assert_nothing_broke(outcome)
    return Draft.objects.count()


def test_copy__pressed_twice_at_once__one_draft(monday_morning: datetime) -> None:
    assert _copied_twice_at_once(monday_morning) == 1


def test_copy__control__without_the_transaction__two_drafts(monday_morning: datetime) -> None:
    with without_transaction(drafts, "draft_from_reservation"):
        assert _copied_twice_at_once(monday_morning) == 2


def test_drafts__twentieth_and_more_at_once__never_more_than_twenty(
    monday_morning: datetime,
) -> None:
    claim = people(1)[0]
    for _one in range(19):
        factories.draft(claim)
    content = factories.content(None, 1)

    def saves() -> Draft | None:
        return drafts.save_draft(
            mail_address=claim.mail_address,
            key=uuid4(),
            claim=claim,
            content=content,
            at=monday_morning,
        )

    outcome = at_once(*[saves] * 6)

    assert_nothing_broke(outcome)
    assert (len(outcome.done), Draft.objects.count()) == (1, drafts.MOST_DRAFTS)
    assert outcome.codes == [Refusal.TOO_MANY_DRAFTS] * 5


def test_live_links__asked_for_by_ten_at_once__never_more_than_five(
    monday_morning: datetime,
) -> None:
    policy = factories.policy(monday_morning)

    outcome = at_once(
        *[lambda: act.request_proof(policy=policy, address="aoki@example.jp", at=monday_morning)]
        * 10
    )

    assert_nothing_broke(outcome)
    assert MailProof.objects.count() <= policy.max_live_links_per_address
