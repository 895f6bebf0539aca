"""Delays grow, stay bounded, and never reach beyond the end of a mail."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uketori.outbox.retry import (
    FEWEST_ATTEMPTS,
    FEWEST_REFUSALS,
    GIVEN_UP_AFTER,
    LONGEST_DELAY,
    REFUSED_DELAY,
    SHORTEST_DELAY,
    Trouble,
    is_given_up,
    next_attempt_at,
    trouble_of,
)

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TROUBLES = st.sampled_from(Trouble)


@given(TROUBLES, st.integers(1, 10_000))
def test_next_attempt__without_end__within_bounds(trouble: Trouble, attempts: int) -> None:
    again = next_attempt_at(trouble, attempts, AT, None)

    assert again is not None
    assert SHORTEST_DELAY <= again - AT <= LONGEST_DELAY


@given(TROUBLES, st.integers(1, 40), st.integers(0, 7200))
def test_next_attempt__with_end__before_it_or_none(
    trouble: Trouble, attempts: int, seconds: int
) -> None:
    end = AT + timedelta(seconds=seconds)
    again = next_attempt_at(trouble, attempts, AT, end)

    if seconds < 30:
        assert again is None
    else:
        assert again is not None
        assert AT < again < end


@given(st.integers(1, 1000))
def test_next_attempt__server_away__soon_however_often(attempts: int) -> None:
    """Nothing is wrong with the mail, so it leaves within a minute of the server's return."""
    again = next_attempt_at(Trouble.SERVER, attempts, AT, None)

    assert again is not None
    assert again - AT <= timedelta(seconds=30)


@pytest.mark.parametrize("trouble", [Trouble.PASSING, Trouble.OURS])
def test_attempts__until_given_up__take_a_day(trouble: Trouble) -> None:
    at, attempts = AT, 1
    while not is_given_up(trouble, attempts, AT, at):
        again = next_attempt_at(trouble, attempts, at, None)
        assert again is not None
        at, attempts = again, attempts + 1

    assert GIVEN_UP_AFTER <= at - AT <= GIVEN_UP_AFTER + LONGEST_DELAY
    assert FEWEST_ATTEMPTS < attempts < 50


def test_attempts__worker_stood_still_for_two_days__still_tried_ten_times() -> None:
    late = AT + timedelta(days=2)
    assert not is_given_up(Trouble.SERVER, FEWEST_ATTEMPTS - 1, AT, late)
    assert is_given_up(Trouble.SERVER, FEWEST_ATTEMPTS, AT, late)


def test_attempts__refused_for_good__end_within_half_an_hour() -> None:
    assert not is_given_up(Trouble.FINAL, FEWEST_REFUSALS - 1, AT, AT)
    assert is_given_up(Trouble.FINAL, FEWEST_REFUSALS, AT, AT + 2 * REFUSED_DELAY)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (ConnectionRefusedError(), Trouble.SERVER),
        (TimeoutError(), Trouble.SERVER),
        (smtplib.SMTPServerDisconnected("closed"), Trouble.SERVER),
        (smtplib.SMTPAuthenticationError(535, b"no"), Trouble.SERVER),
        (smtplib.SMTPSenderRefused(550, b"no", "a@b.jp"), Trouble.SERVER),
        (smtplib.SMTPDataError(421, b"closing"), Trouble.SERVER),
        (smtplib.SMTPDataError(451, b"later"), Trouble.PASSING),
        (smtplib.SMTPDataError(554, b"no"), Trouble.FINAL),
        (smtplib.SMTPRecipientsRefused({"a@b.jp": (450, b"later")}), Trouble.PASSING),
        (smtplib.SMTPRecipientsRefused({"a@b.jp": (550, b"no")}), Trouble.FINAL),
        (smtplib.SMTPRecipientsRefused({"a@b.jp": (421, b"closing")}), Trouble.SERVER),
        (KeyError("event"), Trouble.OURS),
    ],
)
def test_trouble_of__what_servers_say(error: Exception, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble
