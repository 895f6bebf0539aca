"""Booking, changing and cancelling at every bureau: its own limits, to the case and the instant."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import factories
from tests.policies import at
from tests.situations import AtMoment
from uketori.reservations.booking.act import book
from uketori.reservations.cancelling.act import cancel
from uketori.reservations.changing.act import Edits, change
from uketori.reservations.models import Reservation
from uketori.rules.eligibility import CaseFacts
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db(transaction=True)

AN_INSTANT = timedelta(microseconds=1)
NO_EDITS: dict[str, Any] = {"corrected": {}, "withdrawn": frozenset(), "put_back": ()}


@pytest.fixture
def now(monday_morning: datetime, policy: BureauPolicy) -> datetime:
    """Mon 2026-06-08 10:00, at the one bureau or the other."""
    factories.first_notice()
    return monday_morning


def books(claim: Any, starts_at: datetime, cases: int | list[str], now: datetime) -> Reservation:
    order = factories.order(
        claim,
        starts_at,
        cases,
        declared=frozenset(factories.DECLARED),
        type_for_all="extension",
    )
    return book(order=order, facts=factories.facts(now), actor="mail:1", at=now)


def edits_of(reservation: Reservation, **changes: Any) -> Edits:
    return Edits(**{**NO_EDITS, "revision": reservation.revision, **changes})


def test_book__slots_up_to_the_limit__one_more_refused(now: datetime, policy: BureauPolicy) -> None:
    claim = factories.claim()
    *allowed, beyond = factories.displayed_hours(now)[: policy.max_slots_in_window + 1]
    for number, starts_at in enumerate(allowed):
        made = books(claim, starts_at, [f"阪労一E{number:05d}"], now)
        assert made.bureau == policy.code

    with pytest.raises(Refused) as refused:
        books(claim, beyond, ["阪労一E09999"], now)

    assert refused.value.codes == [Refusal.TOO_MANY_SLOTS]
    assert Reservation.objects.count() == policy.max_slots_in_window


def test_book__cases_up_to_the_limit__one_more_refused(now: datetime, policy: BureauPolicy) -> None:
    claim, starts_at = factories.claim(), factories.displayed_hours(now)[0]

    with pytest.raises(Refused) as refused:
        books(claim, starts_at, policy.max_cases_per_slot + 1, now)

    assert refused.value.codes == [Refusal.TOO_MANY_CASES]
    made = books(claim, starts_at, policy.max_cases_per_slot, now)
    assert made.live_case_count == policy.max_cases_per_slot


def test_book__an_hour_of_the_other_bureau_only__refused(
    now: datetime, policy: BureauPolicy
) -> None:
    day = factories.displayed_hours(now)[0]
    elsewhere = {"osaka": 17, "minato": 10}[policy.code]

    with pytest.raises(Refused) as refused:
        books(factories.claim(), day.replace(hour=elsewhere), 1, now)

    assert refused.value.codes == [Refusal.HOUR_NOT_OFFERED]


@pytest.mark.parametrize("act", ["correct", "cancel"])
def test_change__last_instant_and_first_refused_one(
    now: datetime, policy: BureauPolicy, act: str
) -> None:
    made = books(factories.claim(), factories.displayed_hours(now)[-1], 1, now)
    last = policy.change_last_minute
    assert made.change_closes_at - timedelta(minutes=1) == made.change_closes_at.astimezone(
        policy.tz
    ).replace(hour=last.hour, minute=last.minute)

    def acts(moment: datetime) -> None:
        if act == "cancel":
            cancel(reservation=made, policy=policy, actor="mail:1", at=moment)
            return
        case = made.cases.get()
        other = CaseFacts(number="阪労一E07777", type="extension", category="own")
        edits = edits_of(made, corrected={case.pk: other})
        change(reservation=made, edits=edits, policy=policy, actor="mail:1", at=moment)

    with pytest.raises(Refused) as refused:
        acts(made.change_closes_at)
    assert refused.value.codes == [Refusal.CHANGE_CLOSED]
    acts(made.change_closes_at - AN_INSTANT)


def test_change__kinds_that_the_bureau_does_not_offer__refused(
    now: datetime, policy: BureauPolicy
) -> None:
    made = books(factories.claim(), factories.displayed_hours(now)[-1], 3, now)
    gone = made.cases.first()
    assert gone is not None
    edits = edits_of(made, withdrawn=frozenset({gone.pk}))

    def withdraws() -> Reservation:
        return change(reservation=made, edits=edits, policy=policy, actor="mail:1", at=now)

    if policy.allow_withdrawal:
        assert withdraws().live_case_count == 2
        return
    with pytest.raises(Refused) as refused:
        withdraws()
    assert refused.value.codes == [Refusal.WITHDRAWAL_NOT_ALLOWED]


def test_minato__deadline__18_00_of_the_second_open_day_before(
    both_bureaus: None, monkeypatch: pytest.MonkeyPatch, at_moment: AtMoment
) -> None:
    """Fri 2026-06-12: two open days before is Wed 06-10."""
    monkeypatch.setattr(factories, "BUREAU", "minato")
    monkeypatch.setattr(factories, "DECLARED", ("nobody_called", "postcard_in_hand"))
    at_moment(now := at("2026-06-08 10:00"))
    factories.first_notice()

    made = books(factories.claim(), at("2026-06-12 17:00"), 1, now)

    assert made.change_closes_at == at("2026-06-10 18:00")
    with pytest.raises(Refused) as refused:
        books(
            factories.claim(number="大取第2号"), at("2026-06-10 08:00"), 1, at("2026-06-08 18:00")
        )
    assert refused.value.codes == [Refusal.BOOKING_CLOSED]
