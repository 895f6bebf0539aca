"""What the database bears of the moments of a visit: none before what led to it.  6(3), 6(4)."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from tests import factories, situations
from tests.policies import at
from uketori.reservations.constraints import IN_ORDER
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
SECOND = timedelta(seconds=1)
REPAIR = import_module("uketori.reservations.migrations.0008_keep_moments_in_order")


@pytest.mark.parametrize(("first", "then"), IN_ORDER)
def test_database__moment_before_what_leads_to_it__refused(first: str, then: str) -> None:
    made = factories.reservation(situations.aoki(), TEN, 1)
    row = Reservation.objects.filter(pk=made.pk)
    row.update(**{first: TEN})
    row.update(**{then: TEN})

    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(**{then: TEN - SECOND})


@pytest.fixture
def unchecked() -> Iterator[None]:
    """Rows may be as they were; on PostgreSQL until the test is rolled back."""
    is_sqlite = connection.vendor == "sqlite"
    drop = "ALTER TABLE reservations_reservation DROP CONSTRAINT reservation_moments_are_in_order"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON" if is_sqlite else drop)
    yield
    if is_sqlite:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.usefixtures("unchecked")
def test_rows_from_before_the_order_was_kept__put_in_order() -> None:
    wrong = {"arrived_at": TEN, "called_at": TEN - SECOND, "absent_at": TEN - 2 * SECOND}
    absent = factories.reservation(situations.aoki(), TEN, 1, **wrong)
    missed = factories.reservation(situations.beppu(), TEN, 1, no_show_at=TEN - SECOND)
    right = {"arrived_at": TEN, "served_at": TEN + SECOND}
    served = factories.reservation(situations.chinen(), TEN, 1, **right)

    REPAIR.repair(apps, None)

    moments = Reservation.objects.in_bulk()
    assert (moments[absent.pk].called_at, moments[absent.pk].absent_at) == (TEN, TEN)
    assert moments[missed.pk].no_show_at == TEN
    assert (moments[served.pk].arrived_at, moments[served.pk].served_at) == (TEN, TEN + SECOND)
    assert REPAIR.IN_ORDER == IN_ORDER
