"""The certificate at the counter: seen, proved, and rival claims settled by a supervisor.  D03."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.counter.conftest import TEN_TWENTY, address
from tests.policies import at
from uketori.audit.models import Event
from uketori.counter.models import Step, VisitEntry
from uketori.intermediaries.models import CertificateClaim
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Role

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")


@pytest.fixture
def visit(ten_twenty: datetime) -> Reservation:
    """青木, this hour; nobody has seen the certificate yet."""
    return factories.reservation(situations.aoki(), TEN, 2)


@pytest.fixture
def rival(visit: Reservation) -> CertificateClaim:
    """Somebody else who typed the same number, with an hour of tomorrow."""
    person = factories.intermediary("青木 華子", organisation="別の会社")
    number = visit.certificate_number
    claim = factories.claim("rival@example.com", person=person, number=number, place=2)
    factories.reservation(claim, at("2026-06-12 13:00"), 1)
    return claim


def post(client: Client, visit: Reservation, act: str) -> Any:
    return client.post(address(visit, f"/{act}"), {"opened": visit.reference})


def settlement(rival: CertificateClaim) -> str:
    return f"rivals/{rival.pk}/settlement"


def test_seen__proves_the_claim__once(clerk: Client, visit: Reservation) -> None:
    for _ in range(2):
        assert post(clerk, visit, "certificate").status_code == 302

    claim = CertificateClaim.objects.get()
    assert (claim.proved_at, claim.place) == (TEN_TWENTY, None)
    assert VisitEntry.objects.get().step == Step.CERTIFICATE_SEEN
    event = Event.objects.get(kind="certificate_proved")
    assert (event.subject, event.actor) == (f"claim:{claim.pk}", situations.staff().actor)
    assert "窓口で確認済み" in clerk.get(address(visit)).content.decode()


def test_expired_today__said(clerk: Client, visit: Reservation) -> None:
    CertificateClaim.objects.update(expires_on=TEN.date())
    assert "有効期限が過ぎています" not in clerk.get(address(visit)).content.decode()

    CertificateClaim.objects.update(expires_on=at("2026-06-10 10:00").date())
    assert "証明書の有効期限が過ぎています" in clerk.get(address(visit)).content.decode()


def test_rival__shown_masked_with_what_is_booked__and_for_the_supervisor_to_settle(
    clerk: Client, visit: Reservation, rival: CertificateClaim
) -> None:
    post(clerk, visit, "certificate")
    chief = situations.staff_client(Role.SUPERVISOR)

    for client, may_settle in ((clerk, False), (chief, True)):
        page = client.get(address(visit)).content.decode()
        assert "r…@example.com" in page
        assert "rival@example.com" not in page
        assert rival.reservations.get().reference in page
        assert (settlement(rival) in page) is may_settle


def test_settled__claim_ended_its_address_told_and_its_reservation_stays(
    clerk: Client, visit: Reservation, rival: CertificateClaim
) -> None:
    post(clerk, visit, "certificate")
    chief = situations.staff_client(Role.SUPERVISOR)

    for _ in range(2):
        assert post(chief, visit, settlement(rival)).status_code == 302

    rival.refresh_from_db()
    assert (rival.ended_at, rival.place) == (TEN_TWENTY, None)
    assert rival.reservations.get().cancelled_at is None
    mail = OutgoingMail.objects.get(event="claim_settled")
    assert mail.recipient == "rival@example.com"
    assert Event.objects.get(kind="claim_settled").facts == {}


def test_settled__by_a_clerk__refused(
    clerk: Client, visit: Reservation, rival: CertificateClaim
) -> None:
    post(clerk, visit, "certificate")

    assert post(clerk, visit, settlement(rival)).status_code == 403
    rival.refresh_from_db()
    assert rival.ended_at is None


def test_settled__before_anything_was_proved__refused(
    visit: Reservation, rival: CertificateClaim
) -> None:
    chief = situations.staff_client(Role.SUPERVISOR)

    answer = post(chief, visit, settlement(rival))

    assert 'data-refusal="NOTHING_PROVED"' in answer.content.decode()
    rival.refresh_from_db()
    assert rival.ended_at is None


def test_seen__after_the_rival_s_was_proved__refused_with_a_sentence(
    clerk: Client, visit: Reservation, rival: CertificateClaim
) -> None:
    post(clerk, rival.reservations.get(), "certificate")

    answer = post(clerk, visit, "certificate")

    assert 'data-refusal="CERTIFICATE_OF_ANOTHER"' in answer.content.decode()
    assert CertificateClaim.objects.get(intermediary=visit.intermediary).proved_at is None


def test_seen__of_a_shared_certificate__the_other_address_of_the_person_is_no_rival(
    clerk: Client, visit: Reservation
) -> None:
    number = visit.certificate_number
    factories.claim("office@example.jp", person=visit.intermediary, number=number, place=2)

    assert "同じ番号の証明書を、ほかの方も" not in clerk.get(address(visit)).content.decode()
    assert post(clerk, visit, "certificate").status_code == 302
