"""利用案内 4(2): what staff may do for a caller, and until when; edges in pairs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import at, osaka
from uketori.rules.change import (
    CallMoment,
    Change,
    Kept,
    NotedCall,
    refuse_call,
    refuse_cancellation,
    refuse_change,
    refuse_striking,
)
from uketori.rules.refusals import Refusal

CLOSES_AT = at("2026-06-12 12:00")
"""Of a visit on Mon 2026-06-15, 10:00 to 11:00: Fri 2026-06-12, noon."""
EVENING = at("2026-06-15 20:00")


def kept(**changes: Any) -> Kept:
    return Kept(**{"closes_at": CLOSES_AT, "first_count": 5, "live_count": 4, **changes})


def call(called: str) -> CallMoment:
    return CallMoment(
        called_at=at(called),
        booked_at=at("2026-06-10 09:00"),
        hour_ends_at=at("2026-06-15 11:00"),
        day_ends_at=at("2026-06-16 00:00"),
    )


@pytest.mark.parametrize(
    ("called", "codes"),
    [
        ("2026-06-12 11:59:59", []),
        ("2026-06-12 12:00:00", []),
        ("2026-06-15 09:59:59", []),
        ("2026-06-15 10:00:00", []),
        ("2026-06-15 10:59:59.999999", []),
        ("2026-06-15 11:00:00", [Refusal.CALL_AFTER_THE_HOUR]),
    ],
)
def test_cancel_and_change_for__around_noon_on_friday_and_the_hour_of_monday(
    called: str, codes: list[str]
) -> None:
    cancelled = refuse_cancellation(kept(), EVENING, call(called))
    changed = refuse_change(Change(withdrawn=1), kept(), osaka(), EVENING, call(called))

    assert [reason.code for reason in cancelled] == codes
    assert [reason.code for reason in changed] == codes


@pytest.mark.parametrize(
    ("called", "now", "codes"),
    [
        ("2026-06-15 09:30:00", "2026-06-15 09:30:00", []),
        ("2026-06-15 09:30:01", "2026-06-15 09:30:00", [Refusal.CALL_NOT_YET_HAPPENED]),
        ("2026-06-10 09:00:00", "2026-06-15 09:30:00", []),
        ("2026-06-10 08:59:59", "2026-06-15 09:30:00", [Refusal.CALL_BEFORE_BOOKING]),
        ("2026-06-15 09:30:00", "2026-06-20 09:00:00", []),
    ],
)
def test_call__noted_from_paper__not_ahead_of_time_nor_before_the_booking(
    called: str, now: str, codes: list[str]
) -> None:
    assert [reason.code for reason in refuse_call(call(called), at(now))] == codes


@pytest.mark.parametrize(
    ("now", "codes"),
    [("2026-06-15 23:59:59", []), ("2026-06-16 00:00:00", [Refusal.VISIT_DAY_OVER])],
)
def test_change_for__entered_around_midnight__only_on_the_day(now: str, codes: list[str]) -> None:
    known = call("2026-06-15 09:30")

    changed = refuse_change(Change(corrected=1), kept(), osaka(), at(now), known)

    assert [reason.code for reason in changed] == codes
    assert refuse_cancellation(kept(), at(now), known) == []


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"is_cancelled": True}, [Refusal.RESERVATION_CANCELLED]),
        ({"is_over": True}, [Refusal.RESERVATION_ENDED]),
    ],
)
def test_for_a_caller__who_arrived_or_cancelled__nothing(facts: Any, codes: list[str]) -> None:
    known = call("2026-06-15 09:30")

    assert [one.code for one in refuse_cancellation(kept(**facts), EVENING, known)] == codes


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (Change(put_back=1), []),
        (Change(put_back=2), [Refusal.MORE_THAN_FIRST_COUNT]),
        (Change(withdrawn=3), []),
        (Change(withdrawn=4), [Refusal.ALL_WITHDRAWN]),
    ],
)
def test_change_for__after_the_deadline__same_edges_of_the_count(
    wanted: Change, codes: list[str]
) -> None:
    refused = refuse_change(wanted, kept(), osaka(), EVENING, call("2026-06-15 09:30"))

    assert [reason.code for reason in refused] == codes


MIDNIGHT = at("2026-06-16 00:00")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "is_own", "of_others", "codes"),
    [
        (MIDNIGHT - SECOND, True, False, []),
        (MIDNIGHT, True, False, [Refusal.CALL_STAYS]),
        (MIDNIGHT - SECOND, False, False, [Refusal.CALL_STAYS]),
        (MIDNIGHT, True, True, []),
        (MIDNIGHT, False, True, []),
    ],
)
def test_striking__own_until_midnight__others_by_whoever_may(
    now: datetime, is_own: bool, of_others: bool, codes: list[str]
) -> None:
    noted = NotedCall(is_own=is_own, day_ends_at=MIDNIGHT)

    assert [one.code for one in refuse_striking(noted, now, of_others=of_others)] == codes


def test_strike__the_call_in_which_it_was_booked__stays() -> None:
    noted = NotedCall(is_own=True, day_ends_at=MIDNIGHT, is_booking=True)

    refused = refuse_striking(noted, MIDNIGHT - timedelta(hours=1), of_others=True)

    assert [one.code for one in refused] == [Refusal.CALL_STAYS]


@given(seconds=st.integers(0, 500_000), later=st.integers(0, 500_000))
def test_cancel_for__whatever_the_holder_may__staff_may(seconds: int, later: int) -> None:
    called = at("2026-06-10 09:00") + timedelta(seconds=seconds)
    known = call(f"{called:%Y-%m-%d %H:%M:%S}")

    if not refuse_cancellation(kept(), called):
        assert refuse_cancellation(kept(), called + timedelta(seconds=later), known) == []
