"""What the tests of the staff's side share."""

import pytest
from django.core.cache import cache

from tests.situations import at_moment, staff
from uketori.staff.models import Account

__all__ = ["at_moment"]

PASSWORD = "kokoro-no-kagi-1234"  # noqa: S105 - of tests only


@pytest.fixture(autouse=True)
def _no_code_was_used_yet() -> None:
    """The codes that an account has used are kept beside the database."""
    cache.clear()


@pytest.fixture
def chiba() -> Account:
    """千葉 光, a clerk with a password."""
    account = staff()
    account.set_password(PASSWORD)
    account.save()
    return account
