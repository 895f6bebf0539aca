"""A call is struck while another is noted: when somebody first telephoned is true after.  R-41."""

from datetime import datetime
from uuid import uuid4

import pytest

from tests import factories
from tests.concurrency import controls
from tests.concurrency.controls import slowed, without_transaction
from tests.concurrency.crowd import assert_nothing_broke, at_once, people
from tests.policies import at
from uketori.counter.models import Call, CallKind
from uketori.counter.telephone import calls, striking
from uketori.counter.telephone.calls import Noted
from uketori.reservations.models import Reservation

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4
TEN = at("2026-06-11 10:00")
BY_MISTAKE, LATER, NOW = at("2026-06-10 14:00"), at("2026-06-10 14:20"), at("2026-06-10 14:30")


def noted(reservation: Reservation, called_at: datetime) -> Call:
    return calls.record_call(
        reservation=reservation,
        kind=CallKind.OTHER,
        noted=Noted(called_at=called_at, caller="", note="", key=uuid4()),
        actor="staff:1",
        at=NOW,
    )


def struck_while_another_is_noted() -> Reservation:
    reservation = factories.reservation(people(1)[0], TEN, 2)
    mistake = noted(reservation, BY_MISTAKE)
    assert_nothing_broke(
        at_once(
            lambda: striking.strike_call(call=mistake, actor="staff:1", at=NOW),
            lambda: noted(reservation, LATER),
        )
    )
    reservation.refresh_from_db()
    return reservation


def test_call_struck_while_another_is_noted__the_other_counts() -> None:
    for _ in range(ROUNDS):
        assert struck_while_another_is_noted().first_telephoned_at == LATER


def test_call_struck_while_another_is_noted__control__without_the_lock_it_may_be_forgotten() -> (
    None
):
    met = 0
    with (
        without_transaction(striking, "strike_call"),
        without_transaction(calls, "record_call"),
        slowed(striking, "_telephone_first"),
        slowed(calls, "_write", controls.pause / 2),  # after the one looked, before it writes
    ):
        for _ in range(ROUNDS):
            met += struck_while_another_is_noted().first_telephoned_at != LATER
    assert met
