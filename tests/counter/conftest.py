"""What the tests of the counter share."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.counter.address.steps import WEDNESDAY
from tests.policies import at
from tests.situations import AtMoment, aoki, at_moment, staff_client
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Role

__all__ = ["at_moment"]

TEN_TWENTY = at("2026-06-11 10:20")


@pytest.fixture
def ten_twenty(at_moment: AtMoment) -> datetime:
    """The clock stands at Thu 2026-06-11 10:20, in the hour of the reservations."""
    at_moment(TEN_TWENTY)
    return TEN_TWENTY


@pytest.fixture
def clerk(ten_twenty: datetime) -> Client:
    """千葉 光 at the counter."""
    return staff_client()


@pytest.fixture
def claim(at_moment: AtMoment, settings: Any) -> CertificateClaim:
    """青木, whose mailbox is dead; it is Wed 2026-06-10 09:20, and mails can be read."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    at_moment(WEDNESDAY)
    return aoki()


@pytest.fixture
def chief(claim: CertificateClaim) -> Client:
    """The supervisor, who moves them."""
    return staff_client(Role.SUPERVISOR)


def address(reservation: Reservation | None = None, rest: str = "") -> str:
    """The address of the board, of an opened reservation, or of an act on it."""
    reference = reservation.reference if reservation else ""
    return f"/staff/osaka/counter/{reference}{rest}"
