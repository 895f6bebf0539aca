"""Links, codes and limits, used by several at once.  R-15, R-17."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from tests import factories
from tests.concurrency import controls
from tests.concurrency.controls import slowed
from tests.concurrency.crowd import assert_nothing_broke, at_once
from uketori.audit.models import Event
from uketori.intermediaries.models import Limit, MailAddress, MailProof
from uketori.intermediaries.proof import act, limits, tokens
from uketori.intermediaries.proof.act import CodeAnswer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 5
LIMIT = 5


def spends(proof: MailProof, device: str, at: datetime) -> bool:
    return act.spend(proof=proof, device_digest=device, at=at)


@pytest.mark.parametrize("devices", [2, 5])
def test_one_link__on_several_devices_at_once__one_session(
    monday_morning: datetime, devices: int
) -> None:
    for number in range(ROUNDS):
        address = f"aoki{number}@example.jp"
        proof = factories.proof(address, monday_morning)

        outcome = at_once(
            *[partial(spends, proof, f"device{one}", monday_morning) for one in range(devices)]
        )

        assert_nothing_broke(outcome)
        assert sorted(outcome.done) == [False] * (devices - 1) + [True]
        assert MailAddress.objects.filter(address=address).count() == 1
    assert Event.objects.filter(kind="address_proved").count() == ROUNDS


def test_two_links_of_one_address__spent_at_once__both_or_the_later(
    monday_morning: datetime,
) -> None:
    """The later one always opens a session; the earlier one does unless it was retired first."""
    for number in range(ROUNDS):
        address = f"beppu{number}@example.jp"
        first, second = (factories.proof(address, monday_morning) for _link in range(2))

        outcome = at_once(
            lambda first=first: ("first", spends(first, "a", monday_morning)),
            lambda second=second: ("second", spends(second, "b", monday_morning)),
        )

        assert_nothing_broke(outcome)
        assert dict(outcome.done)["second"] is True
        first.refresh_from_db()
        assert (first.spent_at is None) == (dict(outcome.done)["first"] is False)
        assert (first.retired_at is None) != (first.spent_at is None)
        assert MailAddress.objects.filter(address=address).count() == 1


def test_one_link__control__looking_first__two_sessions(monday_morning: datetime) -> None:
    proof = factories.proof(at=monday_morning)

    outcome = at_once(
        *[
            lambda name=name: controls.spend_by_looking(
                proof=proof, device_digest=name, at=monday_morning
            )
            for name in "abc"
        ]
    )

    assert sum(outcome.done) > 1


def counts(count: object, at: datetime) -> bool:
    assert callable(count)
    return bool(count(identity="x", act="mail", limit=LIMIT, window=timedelta(hours=1), at=at))


def test_limit__twenty_at_once__exactly_five(monday_morning: datetime) -> None:
    for number in range(3):
        at = monday_morning + timedelta(hours=number)
        outcome = at_once(*[lambda at=at: counts(limits.within_limit, at)] * 20)

        assert_nothing_broke(outcome)
        assert sum(outcome.done) == LIMIT
    assert set(Limit.objects.values_list("count", flat=True)) == {LIMIT}


def test_limit__control__get_then_set_leaks(monday_morning: datetime) -> None:
    outcome = at_once(*[lambda: counts(controls.within_limit_by_looking, monday_morning)] * 20)

    assert sum(outcome.done) > LIMIT


def test_wrong_codes__ten_at_once__five_are_judged(monday_morning: datetime) -> None:
    policy = factories.policy(monday_morning)
    proof = factories.proof(at=monday_morning)
    right = tokens.code_of(bytes(proof.seed))
    wrong = "000000" if right != "000000" else "000001"

    def tries(typed: str) -> CodeAnswer:
        fresh = MailProof.objects.get(pk=proof.pk)
        return act.try_code(proof=fresh, typed=typed, policy=policy, at=monday_morning)

    with slowed(tokens, "codes_match"):
        outcome = at_once(*[lambda: tries(wrong)] * 10)

    assert_nothing_broke(outcome)
    proof.refresh_from_db()
    assert proof.wrong_codes == policy.max_wrong_codes == 5
    assert outcome.done.count(CodeAnswer.NO_MORE_TRIES) >= 5
    assert Limit.objects.get(act=act.WRONG_CODE).count == 5
    assert tries(right) is CodeAnswer.NO_MORE_TRIES
