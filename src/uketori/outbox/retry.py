"""When a mail that could not leave is tried again, and when it is given up.

What went wrong decides: a mail server that cannot be reached is asked again soon, since nothing is
wrong with the mail; a passing refusal waits longer each time; a final refusal is asked about a few
times more, because servers say "never" of what an administrator mends within the hour.
"""

import secrets
import smtplib
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
SHORTEST_DELAY = timedelta(seconds=15)
GIVEN_UP_AFTER = timedelta(days=1)
"""Counted from the first attempt, so that the time in which no worker ran takes nothing away."""
FEWEST_ATTEMPTS = 10
"""Tried at least so often, even if the worker stood still for most of the day."""
FEWEST_REFUSALS = 3
REFUSED_DELAY = timedelta(minutes=10)
CLOSING = 421
FINAL = range(500, 600)


class Trouble(StrEnum):
    """What kept a mail from leaving."""

    SERVER = "server"  # cannot be reached, closes, or refuses us: nothing leaves
    PASSING = "passing"  # this mail was refused for now
    FINAL = "final"  # this mail was refused for good
    OURS = "ours"  # it could not be put into words


def trouble_of(error: Exception) -> Trouble:
    """Return what kind of failure this is.

    A sender who is refused is the server's trouble: all mails of the bureau have the same.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _of_codes({code for code, _text in error.recipients.values()})
    if isinstance(error, smtplib.SMTPDataError):
        return _of_codes({error.smtp_code})
    if isinstance(error, (smtplib.SMTPException, OSError)):
        return Trouble.SERVER
    return Trouble.OURS


def _of_codes(codes: Collection[int]) -> Trouble:
    if CLOSING in codes:
        return Trouble.SERVER
    return Trouble.FINAL if all(code in FINAL for code in codes) else Trouble.PASSING


def next_attempt_at(
    trouble: Trouble, attempts: int, at: datetime, not_after: datetime | None
) -> datetime | None:
    """Return when to try again after so many attempts; None when the end is too near.

    Up to a quarter is taken off at random, so that mails which failed together do not come back
    together.  A mail with an end is tried again at the latest half-way to it.
    """
    delay = _delay(trouble, attempts)
    delay -= delay * secrets.randbelow(250) / 1000
    if not_after is not None:
        delay = min(delay, (not_after - at) / 2)
        if delay < SHORTEST_DELAY:
            return None
    return at + delay


def _delay(trouble: Trouble, attempts: int) -> timedelta:
    if trouble is Trouble.SERVER:
        return FIRST_DELAY
    if trouble is Trouble.FINAL:
        return REFUSED_DELAY
    return min(FIRST_DELAY * (1 << min(attempts - 1, 10)), LONGEST_DELAY)


def is_given_up(trouble: Trouble, attempts: int, first_tried_at: datetime, at: datetime) -> bool:
    """Tell whether the attempts were enough: a day of them, or the third final refusal."""
    if trouble is Trouble.FINAL and attempts >= FEWEST_REFUSALS:
        return True
    return attempts >= FEWEST_ATTEMPTS and at - first_tried_at >= GIVEN_UP_AFTER


def cause(error: Exception) -> str:
    """Return class and SMTP code of a failure; never its text, which may hold an address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {answer[0] for answer in error.recipients.values()}
        return " ".join([type(error).__name__, *map(str, sorted(codes))])
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
