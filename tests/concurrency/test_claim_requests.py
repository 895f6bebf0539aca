"""Answering, renewing, giving back and moving, by several requests at once.  D03."""

import time
from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import pytest
from django.db import IntegrityError

from tests import factories, situations
from tests.concurrency import controls
from tests.concurrency.controls import replaced, slowed, without_transaction
from tests.concurrency.crowd import Outcome, assert_nothing_broke, at_once
from tests.intermediaries.sharing.steps import a_request, asks
from uketori import clock
from uketori.audit.models import Event
from uketori.intermediaries.address import by_person
from uketori.intermediaries.address.by_person import AddressInUse
from uketori.intermediaries.certificates import renewal
from uketori.intermediaries.models import (
    AddressChange,
    CertificateClaim,
    ClaimRequest,
    Intermediary,
    MailProof,
)
from uketori.intermediaries.sharing import answering, asking
from uketori.intermediaries.sharing.answering import FoundRequest
from uketori.intermediaries.sharing.asking import RequestOutcome
from uketori.outbox.models import OutgoingMail
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4
OFFICE = "office@example.jp"


def grants(row: ClaimRequest, at: datetime) -> Callable[[], bool]:
    policy = factories.policy(at)
    return lambda: answering.grant(
        request=ClaimRequest.objects.get(pk=row.pk), policy=policy, at=at
    )


def declines(row: ClaimRequest, at: datetime) -> Callable[[], bool]:
    policy = factories.policy(at)
    return lambda: answering.decline(
        request=ClaimRequest.objects.get(pk=row.pk), policy=policy, at=at
    )


def proved(number: int) -> CertificateClaim:
    """A person with a proved certificate and an address of their own."""
    person = factories.intermediary(f"予約 {number}")
    typed = f"大取第{number:05d}号"
    return factories.claim(f"p{number}@example.jp", person=person, number=typed, is_proved=True)


def a_row(claim: CertificateClaim, at: datetime) -> ClaimRequest:
    assert asks(f"ask{claim.pk}@example.jp", number=claim.number) is RequestOutcome.SENT
    return ClaimRequest.objects.order_by("-pk")[0]


def test_one_request__granted_several_times_at_once__one_claim(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        claim = proved(number)
        row = a_row(claim, monday_morning)
        at = clock.now()

        with slowed(answering, "refuse_another_certificate"):
            outcome = at_once(*[grants(row, at)] * 3)

        assert_nothing_broke(outcome)
        assert sorted(outcome.done) == [False, False, True]
        assert claim.intermediary.claims.count() == 2
    assert Event.objects.filter(kind="claim_granted").count() == ROUNDS
    assert OutgoingMail.objects.filter(event="claim_granted").count() == ROUNDS


def test_one_request__granted_and_declined_at_once__one_answer(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        claim = proved(number)
        row = a_row(claim, monday_morning)
        at = clock.now()

        outcome = at_once(grants(row, at), declines(row, at))

        assert_nothing_broke(outcome)
        assert sorted(outcome.done) == [False, True]
        row.refresh_from_db()
        assert (row.granted_at is None) != (row.declined_at is None)
        assert (claim.intermediary.claims.count() == 2) is (row.granted_at is not None)


def answer_by_looking(found: FoundRequest, at: datetime, **moment: datetime) -> bool:
    """Use a link up by looking first and writing later."""
    row = found.request
    fresh = row is not None and row.granted_at is None and row.declined_at is None
    time.sleep(controls.pause)
    if row is not None:
        ClaimRequest.objects.filter(pk=row.pk).update(**moment)
    return fresh


def test_one_request__control__looking_first_without_locks__answered_twice(
    monday_morning: datetime,
) -> None:
    row = a_row(proved(1), monday_morning)
    at = clock.now()

    with (
        without_transaction(answering, "grant"),
        replaced(answering, "_answer", answer_by_looking),
        slowed(answering, "refuse_another_certificate"),
    ):
        outcome = at_once(*[grants(row, at)] * 3)

    answered = sum(outcome.done) + len(outcome.broken)
    assert answered > 1
    assert all(isinstance(error, IntegrityError) for error in outcome.broken)


def all_ask(addresses: list[str], claim: CertificateClaim) -> Outcome[RequestOutcome]:
    for address in addresses:
        factories.mail_address(address)
    with slowed(asking, "_insert"):
        return at_once(*[partial(asks, address, claim.number) for address in addresses])


def test_requests__for_one_certificate_at_once__two_live(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        claim = proved(number)
        addresses = [f"{letter}{number}@example.jp" for letter in "abcde"]

        outcome = all_ask(addresses, claim)

        assert_nothing_broke(outcome)
        assert sorted(outcome.done) == [RequestOutcome.ENOUGH] * 3 + [RequestOutcome.SENT] * 2
        assert claim.certificate.claim_requests.count() == 2


def test_requests__control__without_locks__more_than_two(monday_morning: datetime) -> None:
    claim = proved(1)

    with without_transaction(asking, "request_claim"):
        all_ask([f"{letter}@example.jp" for letter in "abcde"], claim)

    assert claim.certificate.claim_requests.count() > 2


def renews(claim: CertificateClaim, number: str, at: datetime) -> Callable[[], CertificateClaim]:
    policy = factories.policy(at)
    loaded = CertificateClaim.objects.select_related("certificate").get(pk=claim.pk)
    return lambda: renewal.renew_certificate(
        policy=policy,
        claim=loaded,
        number=number,
        expires_on=date(2030, 3, 31),
        actor="mail:1",
        at=at,
    )


def test_renewal__same_number_several_times_at_once__one_claim(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        claim = proved(number)
        typed = f"大取第9{number}号"

        with slowed(renewal, "_place_for"):
            outcome = at_once(*[renews(claim, typed, monday_morning)] * 3)

        assert_nothing_broke(outcome)
        assert len({one.pk for one in outcome.done}) == 1
        assert claim.intermediary.claims.count() == 2


def test_renewal__one_number_by_three_people_at_once__two_places(
    monday_morning: datetime,
) -> None:
    for number in range(ROUNDS):
        claims = [proved(10 * number + index) for index in range(3)]
        typed = f"大取第9{number}号"

        with slowed(renewal, "_place_for"):
            outcome = at_once(*[renews(claim, typed, monday_morning) for claim in claims])

        assert_nothing_broke(outcome)
        assert outcome.codes == [Refusal.TOO_MANY_CLAIMS]
        assert sorted(one.place or 0 for one in outcome.done) == [1, 2]


def test_renewal__control__without_locks__refused_by_the_table(monday_morning: datetime) -> None:
    claim = proved(1)
    factories.certificate("大取第9号")

    with (
        without_transaction(renewal, "renew_certificate"),
        slowed(renewal.hooks, "move_to_claim"),
        slowed(renewal, "_place_for"),
    ):
        outcome = at_once(*[renews(claim, "大取第9号", monday_morning)] * 3)

    assert outcome.broken
    assert all(isinstance(error, IntegrityError) for error in outcome.broken)
    assert claim.intermediary.claims.count() == 2


def moves(row: AddressChange, at: datetime) -> Callable[[], MailProof | None]:
    policy = factories.policy(at)
    return lambda: by_person.move(
        change=row, policy=policy, device_digest="x", actor="mail:1", at=at
    )


def a_change(address: str, new: str, at: datetime) -> AddressChange:
    made = by_person.request_change(
        policy=factories.policy(at),
        mail_address=factories.mail_address(address),
        new_address=new,
        actor="mail:1",
        at=at,
    )
    assert made is not None
    return made


def test_move__confirmed_several_times_at_once__once(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        claim = proved(number)
        row = a_change(f"p{number}@example.jp", f"new{number}@example.jp", monday_morning)

        outcome = at_once(*[moves(row, monday_morning)] * 3)

        assert_nothing_broke(outcome)
        assert sum(one is not None for one in outcome.done) == 1
        claim.refresh_from_db()
        assert claim.mail_address.address == f"new{number}@example.jp"
    assert Event.objects.filter(kind="address_changed").count() == ROUNDS


def test_move__two_addresses_to_one__one_wins(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        claims = [proved(10 * number + index) for index in range(2)]
        new = f"new{number}@example.jp"
        rows = [a_change(one.mail_address.address, new, monday_morning) for one in claims]

        outcome = at_once(*[moves(row, monday_morning) for row in rows])

        assert [type(error) for error in outcome.broken] == [AddressInUse]
        assert len(outcome.done) == 1
        assert factories.mail_address(new).claims.count() == 1


def test_move__swapping_two_addresses__no_deadlock(monday_morning: datetime) -> None:
    for number in range(ROUNDS):
        claims = [proved(10 * number + index) for index in range(2)]
        one, other = (claim.mail_address.address for claim in claims)
        rows = [a_change(one, other, monday_morning), a_change(other, one, monday_morning)]

        outcome = at_once(*[moves(row, monday_morning) for row in rows])

        assert [type(error) for error in outcome.broken] == [AddressInUse] * 2


def test_give_back_and_grant__at_once__nothing_broke(monday_morning: datetime) -> None:
    """A shared claim is given back while the person's certificate is granted to a third."""
    for number in range(ROUNDS):
        claim = proved(number)
        shared = factories.claim(
            f"s{number}@example.jp", person=claim.intermediary, number=f"別{number}"
        )
        row = a_row(claim, monday_morning)
        at = clock.now()

        outcome = at_once(
            grants(row, at),
            lambda shared=shared, at=at: (
                renewal.give_back(claim=shared, actor="mail:1", at=at) is None
            ),
        )

        assert_nothing_broke(outcome)
        assert outcome.done == [True, True]
    assert Intermediary.objects.count() == ROUNDS


def test_a_request__of_the_situations__is_the_one_of_the_pages(monday_morning: datetime) -> None:
    row = a_request(OFFICE, situations.a_proved_certificate())

    assert row.asked.address == "aoki@example.jp"
