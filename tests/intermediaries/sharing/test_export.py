"""Who gave a shared certificate back is told nothing written elsewhere since.  D03, D23."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import factories, situations
from tests.intermediaries.certificates.steps import give_back
from tests.intermediaries.holders.steps import enter
from tests.intermediaries.sharing.steps import a_request, answer
from tests.policies import at
from uketori.intermediaries.models import CertificateClaim

pytestmark = pytest.mark.django_db

MONDAY, FRIDAY = at("2026-06-08 10:00"), at("2026-06-12 10:00")
SECOND, NOTHING = timedelta(seconds=1), timedelta()
OFFICE = "aoki@office.example.jp"
CHANGED = {"name": "改姓 花子", "phone": "090-0000-9999"}


@pytest.fixture
def first(monday_morning: datetime) -> CertificateClaim:
    """青木's proved claim; the office's address was let join it."""
    assert answer(a_request(OFFICE), "grant").status_code == 302
    return CertificateClaim.objects.exclude(mail_address__address=OFFICE).get()


@pytest.fixture
def share(first: CertificateClaim) -> CertificateClaim:
    """What the office has of it."""
    return CertificateClaim.objects.get(mail_address__address=OFFICE)


def exported(address: str = OFFICE) -> dict[str, Any]:
    client = situations.signed_in_client(address)
    found: dict[str, Any] = json.loads(client.get("/osaka/my-data/export").content)
    return found


def lives_on(first: CertificateClaim) -> str:
    """The person renames themselves, is suspended, books, calls and comes; return the reference."""
    mine = situations.signed_in_client(first)
    assert enter(mine, f"/osaka/holders/{first.pk}", **CHANGED).status_code == 302
    factories.suspension(first.intermediary, date(2026, 6, 8), date(2026, 7, 10))
    held = factories.reservation(first, FRIDAY, 2)
    noted: dict[str, Any] = {"recorded_at": MONDAY, "actor": "staff:1"}
    late = {"is_after_deadline": False, "is_before_visit": True}
    held.calls.create(kind="will_be_late", called_at=MONDAY, **late, **noted)
    held.visit_entries.create(step="arrived", happened_at=FRIDAY, **noted)
    return held.reference


def test_shared__still_spoken_for__told_as_it_stands(
    first: CertificateClaim, share: CertificateClaim
) -> None:
    reference = lives_on(first)

    data = exported()

    (holder,) = data["holders"]
    assert {key: holder[key] for key in CHANGED} == CHANGED
    assert holder["ended_at"] is None
    assert [one["reference"] for one in data["reservations"]] == [reference]
    parts = ("suspensions", "calls", "visit_entries")
    assert [len(data[part]) for part in parts] == [1, 1, 1]


def test_shared__given_back__only_what_the_address_itself_entered(
    first: CertificateClaim, share: CertificateClaim
) -> None:
    assert give_back(situations.signed_in_client(share), share).status_code == 302
    reference = lives_on(first)

    data = exported()

    (holder,) = data["holders"]
    assert set(holder) == {"ended_at", "certificates"}
    assert datetime.fromisoformat(holder["ended_at"]) == MONDAY
    (certificate,) = holder["certificates"]
    assert (certificate["number"], certificate["expires_on"]) == ("大取第10234号", "2028-03-31")
    everything = json.dumps(data, ensure_ascii=False)
    for word in (*CHANGED.values(), "06-1234-5678", reference, "三度お越しにならなかった"):
        assert word not in everything
    assert data["reservations"] == data["suspensions"] == []
    assert data["calls"] == data["visit_entries"] == []


def test_shared__given_back__the_other_is_told_everything_as_before(
    first: CertificateClaim, share: CertificateClaim
) -> None:
    give_back(situations.signed_in_client(share), share)
    reference = lives_on(first)

    data = exported(first.mail_address.address)

    assert data["holders"][0]["name"] == CHANGED["name"]
    assert [one["reference"] for one in data["reservations"]] == [reference]


@pytest.mark.parametrize(("later", "is_told"), [(-SECOND, True), (NOTHING, False)])
def test_shared__the_other_ended_first__nothing_can_be_newer(
    first: CertificateClaim, share: CertificateClaim, later: timedelta, *, is_told: bool
) -> None:
    ended_at = MONDAY + timedelta(hours=1)
    CertificateClaim.objects.filter(pk=share.pk).update(ended_at=ended_at)
    CertificateClaim.objects.filter(pk=first.pk).update(ended_at=ended_at + later)

    (holder,) = exported()["holders"]

    assert ("name" in holder) is is_told


def test_shared__given_back_and_granted_again__told_again(
    first: CertificateClaim, share: CertificateClaim
) -> None:
    give_back(situations.signed_in_client(share), share)
    lives_on(first)
    assert answer(a_request(OFFICE, first), "grant").status_code == 302

    (holder,) = exported()["holders"]

    assert (holder["name"], holder["ended_at"]) == (CHANGED["name"], None)
    assert len(holder["certificates"]) == 2


def test_given_back__never_shared__what_was_entered_stays_in_the_file(
    monday_morning: datetime,
) -> None:
    claim = situations.aoki()
    assert give_back(situations.signed_in_client(claim), claim).status_code == 302

    (holder,) = exported(claim.mail_address.address)["holders"]

    assert holder["name"] == "青木 花子"
    assert datetime.fromisoformat(holder["ended_at"]) == MONDAY


def test_booked_from_here__spoken_for_elsewhere_only__as_it_was_booked(
    first: CertificateClaim, share: CertificateClaim
) -> None:
    held = factories.reservation(share, FRIDAY, 2)
    CertificateClaim.objects.filter(pk=share.pk).update(ended_at=MONDAY)
    number = held.cases.get(order=1).number

    data = exported()

    (reservation,) = data["reservations"]
    assert reservation["reference"] == held.reference
    assert reservation["holder_name"] == "青木 花子"
    assert "cases" not in reservation
    assert number not in json.dumps(data, ensure_ascii=False)
