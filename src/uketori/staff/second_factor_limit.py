"""How often a second factor may be wrong, counted in the database for all processes together.

Passwords are counted by django-axes, by name and address together, so that a stranger shuts out
nobody.  Only who has typed the right password comes to the second factor: there the account itself
is counted.
"""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

from uketori.intermediaries.proof.limits import is_exhausted, within_limit
from uketori.staff.models import Account

# the names by which django-allauth knows its sentences
INCORRECT, TOO_MANY = "incorrect_code", "too_many_login_attempts"
MOST_CODES = 10
WINDOW = timedelta(minutes=15)
LONGEST_VALID = timedelta(seconds=90)
"""A code of 30 seconds, and those before and after it."""


def count_code(account: Account, at: datetime) -> None:
    """Count one more code of this account.  Raises ``ValidationError`` for one too many."""
    identity = f"account:{account.pk}"
    if not within_limit(
        identity=identity, act="second_factor", limit=MOST_CODES, window=WINDOW, at=at
    ):
        raise refused(TOO_MANY)


def spend_code(account: Account, code: str, at: datetime) -> None:
    """Let the code count once.  Raises ``ValidationError`` when it was used before."""
    digest = salted_hmac("uketori spent code", f"{account.pk}:{code}", algorithm="sha256")
    identity, act = digest.hexdigest(), "spent_code"
    # windows are fixed: what was used at the end of one must not come back at the next one's start
    used = is_exhausted(identity=identity, act=act, limit=1, window=WINDOW, at=at - LONGEST_VALID)
    if used or not within_limit(identity=identity, act=act, limit=1, window=WINDOW, at=at):
        raise refused(INCORRECT)


def refused(reason: str) -> ValidationError:
    """Say in the words of the sign-in why a code does not count."""
    error: ValidationError = get_adapter().validation_error(reason)
    return error
