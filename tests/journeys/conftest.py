"""The clock of the journeys, and reading the mail that a visit brings."""

import re
from collections.abc import Callable

import pytest
from django.core import mail

from tests import factories
from tests.situations import at_moment, monday_morning
from uketori.outbox.worker import run_once

__all__ = ["at_moment", "monday_morning"]

Post = Callable[[str], str]


@pytest.fixture
def post() -> Post:
    """Deliver what waits, and return the newest mail to an address."""

    def newest(address: str) -> str:
        run_once()
        mails = [one for one in mail.outbox if one.to == [address]]
        assert mails, f"nothing came to {address}"
        return f"{mails[-1].subject}\n{mails[-1].body}"

    return newest


def link_in(text: str) -> str:
    """The path of the link in a verification mail."""
    found = re.search(r"http://testserver(/osaka/entry/\S+)", text)
    assert found, text
    return found[1]


@pytest.fixture(autouse=True)
def _notice(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("monday_morning")
        request.getfixturevalue("db")
        factories.first_notice()
