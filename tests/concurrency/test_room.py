"""The last place and the last cases of an hour.  R-25, D09, D13, D27."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client

from tests import factories
from tests.concurrency.controls import (
    slowed,
    taking_by_looking,
    without_constraint,
)
from tests.concurrency.crowd import (
    Outcome,
    assert_counters_agree,
    assert_nothing_broke,
    at_once,
    books,
    disagreements,
    live_at,
    people,
    small_hour,
)
from uketori.bureaus.models import Slot
from uketori.reservations.booking.drafts import drafts_of
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.models import Draft, Reservation
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CROWD = 8


def eight_for_the_last_place(starts_at: datetime, at: datetime) -> Outcome[Reservation]:
    """Three places, two of them taken; eight people confirm a saved draft at once."""
    small_hour(starts_at, places=3)
    for one in people(2):
        factories.reservation(one, starts_at, 2)
    drafts = [factories.draft(one, starts_at, 3) for one in people(CROWD)]
    orders = [
        factories.order(draft.claim, starts_at, 3, key=draft.key) for draft in drafts if draft.claim
    ]
    return at_once(*[books(order, at) for order in orders])


def test_last_place__eight_at_once__one_wins(monday_morning: datetime) -> None:
    for starts_at in factories.displayed_hours(monday_morning)[:6]:
        outcome = eight_for_the_last_place(starts_at, monday_morning)

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.SLOT_FULL] * (CROWD - 1)
        assert live_at(starts_at) == 3
        kept = Draft.objects.exclude(key=outcome.done[0].idempotency_key)
        hour = f"{starts_at:%Y-%m-%dT%H:%M}"
        of_this_hour = [one for one in kept if DraftContent.from_json(one.content).slot == hour]
        assert len(of_this_hour) == CROWD - 1
        assert all(drafts_of(one.mail_address) == [one] for one in of_this_hour)
        assert_counters_agree()


def test_last_place__through_the_pages__losers_are_offered_other_hours(
    monday_morning: datetime,
) -> None:
    starts_at = factories.displayed_hours(monday_morning)[12]
    small_hour(starts_at, places=1)
    claims = people(CROWD)
    drafts = [factories.draft(one, starts_at, 3) for one in claims]
    clients = [factories.signed_in_client(one.mail_address.address) for one in claims]

    def confirms(client: Client, draft: Draft) -> tuple[int, str]:
        form = {"revision": "1", "declared": factories.DECLARED, "notice": "1"}
        answer = client.post(f"/osaka/reservations/drafts/{draft.key}/confirmation", form)
        return answer.status_code, answer.content.decode()

    with slowed(Slot.objects, "take"):
        pairs = zip(clients, drafts, strict=True)
        acts = [lambda pair=pair: confirms(*pair) for pair in pairs]
        outcome = at_once(*acts)

    assert_nothing_broke(outcome)
    assert sorted(status for status, _page in outcome.done) == [302] + [409] * (CROWD - 1)
    for status, page in outcome.done:
        if status == 409:
            assert 'data-refusal="SLOT_FULL"' in page
            assert page.count('name="slot"') == 4
            assert "阪労一E01236" in page
    assert Draft.objects.count() == CROWD
    assert_counters_agree()


def test_last_place__control__looking_first_oversells(monday_morning: datetime) -> None:
    starts_at = factories.displayed_hours(monday_morning)[0]
    with taking_by_looking(absolute=True):
        eight_for_the_last_place(starts_at, monday_morning)

    assert live_at(starts_at) > 3
    assert disagreements() != []


def test_last_place__control__the_check_is_a_second_wall(monday_morning: datetime) -> None:
    starts_at = factories.displayed_hours(monday_morning)[0]
    with taking_by_looking(absolute=False):
        outcome = eight_for_the_last_place(starts_at, monday_morning)

    assert live_at(starts_at) == 3
    assert outcome.broken
    assert all(isinstance(error, IntegrityError) for error in outcome.broken)
    assert_counters_agree()


def test_last_place__control__without_the_check__oversells(monday_morning: datetime) -> None:
    starts_at = factories.displayed_hours(monday_morning)[0]
    wall = "slot_reservations_stay_under_the_ceiling"
    with without_constraint(Slot, wall), taking_by_looking(absolute=False):
        eight_for_the_last_place(starts_at, monday_morning)

        slot = Slot.objects.get(starts_at=starts_at)
        assert slot.booked_reservations == live_at(starts_at) > slot.capacity_reservations


def for_the_last_cases(
    starts_at: datetime, at: datetime, left: int, wanted: tuple[int, ...]
) -> Outcome[Reservation]:
    """An hour of 10 cases with ``left`` of them free; everybody wants some of them."""
    small_hour(starts_at, places=20, cases=10)
    factories.reservation(people(1)[0], starts_at, 10 - left)
    orders = [
        factories.order(one, starts_at, factories.numbers(count, 5000 + count), key=uuid4())
        for one, count in zip(people(len(wanted)), wanted, strict=True)
    ]
    return at_once(*[books(order, at) for order in orders])


@pytest.mark.parametrize(
    ("left", "wanted"),
    [(2, (1,) * 6), (2, (2,) * 6), (2, (1, 2, 3, 1, 2, 3)), (5, (3,) * 6), (1, (2,) * 4)],
)
def test_last_cases__several_at_once__never_more_than_there_are(
    monday_morning: datetime, left: int, wanted: tuple[int, ...]
) -> None:
    for starts_at in factories.displayed_hours(monday_morning)[:3]:
        outcome = for_the_last_cases(starts_at, monday_morning, left, wanted)

        assert_nothing_broke(outcome)
        given = sum(one.first_case_count for one in outcome.done)
        assert given <= left
        assert left - given < min(wanted), "somebody was refused although there was room"
        assert set(outcome.codes) <= {Refusal.TOO_FEW_CASES_LEFT, Refusal.SLOT_FULL}
        assert len(outcome.done) + len(outcome.refused) == len(wanted)
        assert_counters_agree()


def test_last_cases__control__looking_first_oversells(monday_morning: datetime) -> None:
    starts_at = factories.displayed_hours(monday_morning)[0]
    with taking_by_looking(absolute=True):
        outcome = for_the_last_cases(starts_at, monday_morning, 2, (1,) * 6)

    assert sum(one.first_case_count for one in outcome.done) > 2
    assert disagreements() != []
