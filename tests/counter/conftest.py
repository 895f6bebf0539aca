"""What the tests of the counter share."""

from datetime import datetime

import pytest
from django.test import Client

from tests.policies import at
from tests.situations import AtMoment, at_moment, staff_client
from uketori.reservations.models import Reservation

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


def address(reservation: Reservation | None = None, rest: str = "") -> str:
    """The address of the board, of an opened reservation, or of an act on it."""
    reference = reservation.reference if reservation else ""
    return f"/staff/osaka/counter/{reference}{rest}"
