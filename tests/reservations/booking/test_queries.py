"""The confirming POST asks at most so many statements, however much is booked."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, situations
from tests.policies import at
from tests.reservations.walking import confirm_path
from uketori.bureaus.slots import keep_slots
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 12
"""BEGIN and COMMIT among them."""


def statements_of_booking() -> list[str]:
    """Book fifteen cases in a fresh browser; return the statements of the last click."""
    claim = situations.aoki()
    client = situations.signed_in_client(claim)
    draft = situations.a_draft_of_fifteen(claim, at("2026-06-15 15:00"))
    fields = {"revision": draft.revision, "declared": factories.DECLARED, "notice": "1"}
    with CaptureQueriesContext(connection) as captured:
        response = client.post(confirm_path(draft), fields)
    assert response.status_code == 302
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("others", [0, 60])
def test_confirm__others_hold_so_many__twelve_statements(
    monday_morning: datetime, others: int
) -> None:
    factories.first_notice()
    keep_slots("osaka", monday_morning)
    for hour in factories.displayed_hours(monday_morning)[: others // 2]:
        for _ in range(2):
            factories.reservation(factories.claim(), hour)

    statements = statements_of_booking()

    assert Reservation.objects.count() == others + 1
    assert len(statements) <= MOST, "\n".join(statements)


def test_confirm__session__its_row_is_not_written(monday_morning: datetime) -> None:
    written = [
        one
        for one in statements_of_booking()
        if "mailproof" in one and not one.startswith("SELECT")
    ]

    assert written == []
