"""When a mail that could not leave is tried again, and when it is given up."""

import secrets
import smtplib
from datetime import datetime, timedelta

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
SHORTEST_DELAY = timedelta(seconds=15)
MOST_ATTEMPTS = 31
"""30 s, 1, 2, 4, … minutes, then every hour: the 31st fails about a day after the first."""


def next_attempt_at(attempts: int, at: datetime, not_after: datetime | None) -> datetime | None:
    """Return when to try again after so many attempts; None when the end is too near.

    Up to a quarter is taken off at random, so that mails which failed together do not come back
    together.  A mail with an end is tried again at the latest half-way to it.
    """
    doubled = FIRST_DELAY * (1 << min(attempts - 1, 10))
    delay = min(doubled, LONGEST_DELAY)
    delay -= delay * secrets.randbelow(250) / 1000
    if not_after is not None:
        delay = min(delay, (not_after - at) / 2)
        if delay < SHORTEST_DELAY:
            return None
    return at + delay


def is_given_up(attempts: int) -> bool:
    """Tell whether so many failed attempts are enough."""
    return attempts >= MOST_ATTEMPTS


def cause(error: Exception) -> str:
    """Return class and SMTP code of a failure; never its text, which may hold an address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {answer[0] for answer in error.recipients.values()}
        return " ".join([type(error).__name__, *map(str, sorted(codes))])
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
