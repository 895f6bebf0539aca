"""Delays grow, stay bounded, and never reach beyond the end of a mail."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from uketori.outbox.retry import (
    LONGEST_DELAY,
    MOST_ATTEMPTS,
    SHORTEST_DELAY,
    is_given_up,
    next_attempt_at,
)

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@given(st.integers(1, 10_000))
def test_next_attempt__without_end__within_bounds(attempts: int) -> None:
    again = next_attempt_at(attempts, AT, None)

    assert again is not None
    assert SHORTEST_DELAY <= again - AT <= LONGEST_DELAY


@given(st.integers(1, 40), st.integers(0, 7200))
def test_next_attempt__with_end__before_it_or_none(attempts: int, seconds: int) -> None:
    end = AT + timedelta(seconds=seconds)
    again = next_attempt_at(attempts, AT, end)

    if seconds < 30:
        assert again is None
    else:
        assert again is not None
        assert AT < again < end


def test_attempts__until_given_up__take_about_a_day() -> None:
    at, attempts = AT, 1
    while not is_given_up(attempts):
        again = next_attempt_at(attempts, at, None)
        assert again is not None
        at, attempts = again, attempts + 1

    assert attempts == MOST_ATTEMPTS
    assert timedelta(hours=18) < at - AT < timedelta(hours=25)
