"""What reading and breaking the code found, and what must stay mended."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories, situations
from tests.policies import at
from tests.reservations.walking import LIST, confirm, numbers_on
from tests.situations import AtMoment
from uketori.bureaus.availability import availability
from uketori.bureaus.hours_table import hours_table
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db
MONDAY = at("2026-06-08 10:00")


def test_table__every_day_closed__no_days_no_release_no_error() -> None:
    tomorrow = MONDAY.date() + timedelta(days=1)
    for distance in range(420):
        day = tomorrow + timedelta(days=distance)
        factories.special_day(day, is_open=False, reason="災害")

    table = hours_table(availability("osaka", MONDAY))

    assert (table.heads, table.closing, table.release) == ([], "", "")


def test_copy__booked_at_the_old_address__draft_belongs_to_the_visitor(
    aoki: CertificateClaim,
) -> None:
    held = factories.reservation(aoki, at("2026-06-04 10:00"), factories.numbers(3))
    factories.claim("aoki@new.example.jp", person=aoki.intermediary)
    client = situations.signed_in_client("aoki@new.example.jp")

    response = client.post(f"{LIST}{held.reference}/copy")

    assert numbers_on(client.get(response["Location"])) == factories.numbers(3)


def test_confirm__claim_was_ended_after_the_draft_was_saved__not_booked(
    aoki: CertificateClaim, monday_morning: datetime
) -> None:
    draft = situations.a_draft_of_fifteen(aoki, at("2026-06-11 10:00"))
    client = situations.signed_in_client(aoki)
    aoki.ended_at = monday_morning
    aoki.save()

    confirm(client, draft)

    assert not Reservation.objects.exists()


def test_top__cache_of_seven_seconds__nothing_of_before_noon_after_it(
    at_moment: AtMoment, settings: Any
) -> None:
    factories.first_notice()
    settings.AVAILABILITY_CACHE_SECONDS = 7
    cache.clear()
    at_moment(at("2026-06-08 11:59:59.999"))
    Client().get("/osaka/")
    at_moment(at("2026-06-08 12:00:00"))

    assert "6月9日（火）の予約は" not in Client().get("/osaka/").content.decode()


def test_personal_page__unknown_bureau__404() -> None:
    assert Client().get("/kobe/reservations/").status_code == 404
