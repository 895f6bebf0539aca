"""The .ics: one entry for the life of a reservation, taken away when it is cancelled.  R-36."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from icalendar import Calendar, Event

from tests import factories, situations
from tests.changes import cancel, change
from tests.reservations.changing.steps import THURSDAY_TEN, path
from tests.reservations.walking import main_of
from uketori import clock
from uketori.counter.telephone.calls import Noted, cancel_for
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cancelling.act import cancel_by_bureau
from uketori.reservations.mails.telling import BureauReason
from uketori.reservations.models import Reservation
from uketori.reservations.rescheduling.act import reschedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def reservation(aoki: CertificateClaim) -> Reservation:
    """Fifteen cases of 青木's on Thursday at ten."""
    return factories.reservation(aoki, THURSDAY_TEN, 15)


def file_of(visitor: Client, reservation: Reservation) -> Calendar:
    response = visitor.get(path(reservation, "calendar.ics"))
    calendar = Calendar.from_ical(response.content)
    assert isinstance(calendar, Calendar)
    method = calendar["method"]
    assert response["Content-Type"] == f"text/calendar; charset=utf-8; method={method}"
    assert calendar.errors == []
    return calendar


def entry_of(calendar: Calendar) -> Event:
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return event


def test_entry__utc_hours_stable_uid_and_no_application_number(
    client: Client, reservation: Reservation
) -> None:
    response = client.get(path(reservation, "calendar.ics"))
    calendar = file_of(client, reservation)

    event = entry_of(calendar)
    assert response.content == client.get(path(reservation, "calendar.ics")).content
    assert (calendar["method"], event["status"]) == ("PUBLISH", "CONFIRMED")
    assert event["dtstart"].dt == datetime(2026, 6, 11, 1, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2026, 6, 11, 2, tzinfo=UTC)
    raw = response.content.decode().replace("\r\n ", "")
    assert re.search(r"DTSTART(;VALUE=DATE-TIME)?:20260611T010000Z\r\n", raw)
    assert str(event["uid"]) == f"{reservation.reference}@immi-cardyoyaku.moj.go.jp"
    assert "２階Ａカウンター" in str(event["location"])
    assert [one for one in factories.numbers(15) if one in raw] == []
    assert "青木" not in raw


def by_telephone(reservation: Reservation) -> None:
    noted = Noted(called_at=clock.now(), caller="青木", note="", key=uuid4())
    cancel_for(reservation=reservation, noted=noted, actor="staff:1", at=clock.now())


def by_the_bureau(reservation: Reservation) -> None:
    reason = next(iter(BureauReason))
    cancel_by_bureau(reservation=reservation, reason=reason, actor="staff:1", at=clock.now())


@pytest.mark.parametrize("ends", [cancel, by_telephone, by_the_bureau])
def test_cancelled__the_same_entry_is_taken_away(
    client: Client, reservation: Reservation, ends: Callable[[Reservation], Any]
) -> None:
    change(reservation, withdrawn=[1])
    taken_in = entry_of(file_of(client, reservation))

    ends(reservation)

    calendar = file_of(client, reservation)
    gone = entry_of(calendar)
    assert (calendar["method"], gone["status"]) == ("CANCEL", "CANCELLED")
    assert gone["uid"] == taken_in["uid"]
    assert gone["organizer"] == taken_in["organizer"] == "mailto:admin@immi-cardyoyaku.moj.go.jp"
    assert (taken_in["sequence"], gone["sequence"]) == (2, 3)
    assert gone["dtstart"].dt == taken_in["dtstart"].dt == THURSDAY_TEN
    assert str(gone["summary"]).startswith("【取消し】")
    assert "取り消されています" in str(gone["description"])
    assert "期限" not in str(gone["description"])


def test_exchanged__the_same_entry_moves(
    aoki: CertificateClaim, settings: Any, tmp_path: Path
) -> None:
    settings.BUREAUS_FOLDER = situations.an_osaka_that_reschedules(tmp_path)
    made = factories.reservation(aoki, THURSDAY_TEN, 3)
    visitor = situations.signed_in_client(aoki)
    before = entry_of(file_of(visitor, made))
    later = THURSDAY_TEN + timedelta(hours=1)

    reschedule(
        reservation=made,
        new_starts_at=later,
        revision=made.revision,
        actor="self",
        at=clock.now(),
    )

    calendar = file_of(visitor, made)
    after = entry_of(calendar)
    assert (calendar["method"], after["status"]) == ("PUBLISH", "CONFIRMED")
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert (before["dtstart"].dt, after["dtstart"].dt) == (THURSDAY_TEN, later)


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_page__leads_to_the_file_that_takes_in_or_away(
    client: Client, reservation: Reservation, is_cancelled: bool
) -> None:
    if is_cancelled:
        cancel(reservation)

    shown = main_of(client.get(f"/osaka/reservations/{reservation.reference}"))

    link = f'href="{path(reservation, "calendar.ics")}"'
    assert shown.count(link) == 1
    assert ("カレンダーに入れる" in shown) is not is_cancelled
    assert ("カレンダーに入れた予定を消す" in shown) is is_cancelled
