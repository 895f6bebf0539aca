"""A claim that is given back: its place is free again.  D03."""

from datetime import datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.intermediaries.certificates.steps import NEW_NUMBER, give_back, renewed, text_of
from tests.intermediaries.holders.steps import enter
from tests.policies import at
from uketori import clock
from uketori.audit.models import Event
from uketori.intermediaries.models import Certificate, CertificateClaim
from uketori.reservations.models import Draft
from uketori.rules.policy import IntermediaryKind

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
FIRST = "aoki@example.jp"
MY_DATA = "/osaka/my-data"


@pytest.fixture
def claim(monday_morning: datetime) -> CertificateClaim:
    return situations.aoki()


@pytest.fixture
def client(claim: CertificateClaim) -> Client:
    return situations.signed_in_client(claim)


def test_give_back__never_booked__ended_and_its_place_is_free(
    client: Client, claim: CertificateClaim
) -> None:
    for _ in range(2):
        give_back(client, claim)

    claim.refresh_from_db()
    assert (claim.ended_at, claim.place) == (MONDAY, None)
    assert Event.objects.filter(kind="claim_given_back", subject=f"claim:{claim.pk}").count() == 1
    assert text_of(client.get(MY_DATA)).count("まだ登録されていません。") == 1
    for name in ("beppu", "chinen"):
        assert enter(situations.signed_in_client(f"{name}@example.jp")).status_code == 302


@pytest.mark.parametrize("ending", [None, "cancelled_at", "served_at"])
def test_give_back__booked_with__kept(
    client: Client, claim: CertificateClaim, ending: str | None
) -> None:
    endings = {ending: MONDAY} if ending else {}
    factories.reservation(claim, factories.displayed_hours(MONDAY)[6], **endings)

    response = give_back(client, claim)

    assert response.status_code == 409
    assert "予約したことがあるため" in text_of(response)
    claim.refresh_from_db()
    assert claim.ended_at is None


def test_give_back__proved__kept(monday_morning: datetime) -> None:
    claim = situations.a_proved_certificate()

    response = give_back(situations.signed_in_client(claim), claim)

    assert "窓口で確認された" in text_of(response)


def test_give_back__renewed_since__the_old_number_stays_taken(
    client: Client, claim: CertificateClaim
) -> None:
    new = renewed(client, claim)

    assert give_back(client, claim).status_code == 409
    assert give_back(client, new).status_code == 302
    assert give_back(client, claim).status_code == 302


def test_give_back__mistyped_renewal_of_one_who_booked__free_again(
    client: Client, claim: CertificateClaim
) -> None:
    factories.reservation(claim, factories.displayed_hours(MONDAY)[6])
    new = renewed(client, claim)

    assert give_back(client, new).status_code == 302
    assert f"?holder={claim.pk}" in client.get("/osaka/reservations/new")["Location"]


def test_give_back__draft__kept_for_who_is_entered_next(
    client: Client, claim: CertificateClaim
) -> None:
    draft = factories.draft(claim, cases=4)
    give_back(client, claim)
    assert Draft.objects.get().claim is None

    enter(client, number=NEW_NUMBER)

    draft.refresh_from_db()
    assert draft.claim == CertificateClaim.objects.get(ended_at=None)


def test_give_back__place_of_a_shared_person__goes_to_the_other_address(
    client: Client, claim: CertificateClaim
) -> None:
    other = factories.claim(
        "office@example.jp", person=claim.intermediary, number=claim.number, place=2
    )
    CertificateClaim.objects.filter(pk=other.pk).update(place=None)

    give_back(client, claim)

    other.refresh_from_db()
    assert (other.place, other.ended_at) == (1, None)


def test_give_back__pressed_twice__said_to_be_done(client: Client, claim: CertificateClaim) -> None:
    give_back(client, claim)
    again = give_back(client, claim)

    assert (again.status_code, again["Location"]) == (302, "/osaka/my-data")
    assert client.get(f"/osaka/holders/{claim.pk}/removal").status_code == 302
    stranger = factories.claim("other@example.jp")
    CertificateClaim.objects.filter(pk=stranger.pk).update(ended_at=clock.now())
    assert give_back(client, stranger).status_code == 404


def test_give_back__page__asks_first(client: Client, claim: CertificateClaim) -> None:
    shown = text_of(client.get(f"/osaka/holders/{claim.pk}/removal"))

    assert "登録を取りやめる</button>" in shown
    claim.refresh_from_db()
    assert claim.ended_at is None


def test_choose__person_with_two_certificates__stands_once(
    client: Client, claim: CertificateClaim
) -> None:
    new = renewed(client, claim)
    person = factories.intermediary("別府 次郎", kind=IntermediaryKind.ORG_STAFF)
    factories.claim(FIRST, person=person)

    shown = text_of(client.get("/osaka/holders/"))

    assert shown.count("<h2>青木 花子</h2>") == 1
    assert new.number in shown
    assert claim.number not in shown
    assert Certificate.objects.count() == 3
