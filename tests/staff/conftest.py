"""What the tests of the staff's side share."""

import pytest

from tests.situations import at_moment, staff
from uketori.staff.models import Account

__all__ = ["at_moment"]

PASSWORD = "kokoro-no-kagi-1234"  # noqa: S105 - of tests only


@pytest.fixture
def chiba() -> Account:
    """千葉 光, a clerk with a password."""
    account = staff()
    account.set_password(PASSWORD)
    account.save()
    return account
