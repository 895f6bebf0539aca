"""What was booked with a claim that was settled is still theirs to see, change and cancel.  D03."""

from datetime import datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.policies import at
from tests.reservations.walking import LIST, draft_path, main_of, numbers_in, saved
from uketori.intermediaries.certificates.settling import settle
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db

WEDNESDAY, FRIDAY = at("2026-06-10 11:00"), at("2026-06-12 11:00")


@pytest.fixture
def rival(monday_morning: datetime) -> CertificateClaim:
    """Somebody who typed 青木's number."""
    return situations.a_rival_of_a_shown_certificate(monday_morning)


@pytest.fixture
def held(rival: CertificateClaim) -> Reservation:
    """What they had booked before the clerk saw the certificate."""
    return factories.reservation(rival, WEDNESDAY, factories.numbers(3, 6000))


def end(rival: CertificateClaim) -> None:
    settle(
        rival=rival,
        policy=factories.policy(),
        actor="staff:2",
        at=situations.MONDAY_MORNING,
    )


@pytest.mark.parametrize("is_settled", [False, True])
def test_list__what_is_booked__stands_there_with_its_buttons(
    rival: CertificateClaim, held: Reservation, is_settled: bool
) -> None:
    if is_settled:
        end(rival)
    client = situations.signed_in_client(rival)

    listed = main_of(client.get(LIST))

    for page in (held.reference, f"{held.reference}/changes"):
        assert f'href="{LIST}{page}"' in listed
    shown = client.get(f"{LIST}{held.reference}")
    assert shown.status_code == 200
    assert "蒼木 華子" in main_of(shown)


def test_entry__after_settling__leads_to_the_list(
    rival: CertificateClaim, held: Reservation
) -> None:
    end(rival)
    proof = factories.proof(rival.mail_address.address)

    answer = Client().post(factories.link_of(proof))

    assert answer["Location"] == LIST


@pytest.mark.parametrize(
    ("now", "status", "is_cancelled"),
    [("2026-06-09 11:59:59", 302, True), ("2026-06-09 12:00:00", 409, False)],
)
def test_cancel__after_settling__until_the_promised_moment_as_everybody(
    rival: CertificateClaim,
    held: Reservation,
    at_moment: situations.AtMoment,
    now: str,
    status: int,
    is_cancelled: bool,
) -> None:
    end(rival)
    at_moment(at(now))
    client = situations.signed_in_client(rival)

    answer = client.post(f"{LIST}{held.reference}/cancellation")

    held.refresh_from_db()
    assert answer.status_code == status
    assert (held.cancelled_at is not None) is is_cancelled


def test_others__after_settling__see_nothing_of_it(
    rival: CertificateClaim, held: Reservation
) -> None:
    end(rival)

    for who in ("aoki@example.jp", "chinen@example.jp"):
        client = situations.signed_in_client(who)
        assert held.reference not in main_of(client.get(LIST))
        assert client.get(f"{LIST}{held.reference}").status_code == 404


def test_copy__after_settling__a_draft_that_asks_who_comes__once(
    rival: CertificateClaim, held: Reservation
) -> None:
    end(rival)
    client = situations.signed_in_client(rival)

    for _ in range(2):
        copied = client.post(f"{LIST}{held.reference}/copy")

    draft = Draft.objects.get()
    assert copied["Location"] == draft_path(draft)
    assert draft.claim is None
    assert numbers_in(saved(draft)) == factories.numbers(3, 6000)
    assert client.get(draft_path(draft))["Location"].startswith("/osaka/holders/new?next=")
