"""The certificate at the counter: seen, proved, and rival claims settled by a supervisor.  D03."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.counter.conftest import TEN_TWENTY, address
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.counter.models import Step, VisitEntry
from uketori.intermediaries.models import CertificateClaim
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Role

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
OFFER, TAKE_BACK = ">証明書を確認した <kbd", ">証明書の確認を取り消す</button>"
YESTERDAY, TOMORROW = at("2026-06-10 10:20"), at("2026-06-12 09:00")
EVENING = at("2026-06-11 23:59")


@pytest.fixture
def visit(ten_twenty: datetime) -> Reservation:
    """青木, who came in this hour; nobody has seen the certificate yet."""
    return factories.reservation(situations.aoki(), TEN, 2, arrived_at=TEN)


@pytest.fixture
def rival(visit: Reservation) -> CertificateClaim:
    """Somebody else who typed the same number, with an hour of tomorrow."""
    person = factories.intermediary("青木 華子", organisation="別の会社")
    number = visit.certificate_number
    claim = factories.claim("rival@example.com", person=person, number=number, place=2)
    CertificateClaim.objects.filter(pk=claim.pk).update(claimed_at=YESTERDAY)
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
    theirs = factories.reservation(rival, at("2026-06-11 11:00"), 1, arrived_at=TEN)
    post(clerk, theirs, "certificate")

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


@pytest.mark.parametrize(
    ("values", "now", "code"),
    [
        ({"arrived_at": None}, TEN_TWENTY, "CERTIFICATE_BEFORE_ARRIVAL"),
        ({}, YESTERDAY, "NOT_TODAY"),
        ({"arrived_at": None}, TOMORROW, "CERTIFICATE_BEFORE_ARRIVAL"),
        ({"cancelled_at": YESTERDAY}, TEN_TWENTY, "RESERVATION_CANCELLED"),
    ],
)
def test_seen__of_nobody_who_has_come_today__refused_and_not_offered(
    clerk: Client,
    visit: Reservation,
    at_moment: AtMoment,
    values: dict[str, Any],
    now: datetime,
    code: str,
) -> None:
    """One slip would shut the rival out."""
    assert OFFER in clerk.get(address(visit)).content.decode()
    Reservation.objects.filter(pk=visit.pk).update(**values)
    at_moment(now)
    chief = situations.staff_client(Role.SUPERVISOR)

    answer = post(chief, visit, "certificate")

    assert answer.status_code == 422
    assert f'data-refusal="{code}"' in answer.content.decode()
    assert CertificateClaim.objects.get().proved_at is None
    assert not VisitEntry.objects.exists()
    page = chief.get(address(visit)).content.decode()
    assert OFFER not in page
    assert "窓口では、まだ確認していません。" in page


def test_taken_back__the_same_evening__open_again_and_the_rival_may_be_proved(
    clerk: Client, visit: Reservation, rival: CertificateClaim, at_moment: AtMoment
) -> None:
    post(clerk, visit, "certificate")
    assert TAKE_BACK in clerk.get(address(visit)).content.decode()
    at_moment(EVENING)
    clerk = situations.staff_client()

    for _ in range(2):
        assert post(clerk, visit, "certificate/removal").status_code == 302

    claim = CertificateClaim.objects.get(intermediary=visit.intermediary)
    assert (claim.proved_at, claim.place) == (None, 1)
    assert Event.objects.get(kind="certificate_proof_taken_back").subject == f"claim:{claim.pk}"
    last = VisitEntry.objects.last()
    assert last is not None
    assert (last.step, last.before) == (Step.TAKEN_BACK, Step.CERTIFICATE_SEEN)
    page = clerk.get(address(visit)).content.decode()
    assert OFFER in page
    assert "記録を取り消した：証明書を確認した" in page
    theirs = factories.reservation(rival, TEN, 1, arrived_at=TEN)
    assert post(clerk, theirs, "certificate").status_code == 302
    rival.refresh_from_db()
    assert rival.proved_at == EVENING


def on_paper(client: Client, visit: Reservation, clock: str) -> Any:
    sent = {"opened": visit.reference, "clock": clock}
    return client.post(address(visit, "/certificate"), sent)


def test_seen__entered_from_paper_the_day_after__offered_with_the_time_of_then(
    visit: Reservation, at_moment: AtMoment
) -> None:
    """Also where the evening of correcting is over: nobody had said anything of the certificate."""
    Reservation.objects.update(served_at=TEN_TWENTY)
    at_moment(TOMORROW)
    clerk = situations.staff_client()
    page = clerk.get(address(visit)).content.decode()
    assert OFFER in page
    assert 'name="clock"' in page
    assert 'data-refusal="TIME_MISSING"' in on_paper(clerk, visit, "").content.decode()
    assert 'data-refusal="TIME_OUT_OF_ORDER"' in on_paper(clerk, visit, "9:59").content.decode()
    assert not VisitEntry.objects.exists()

    assert on_paper(clerk, visit, "10:20").status_code == 302

    line = VisitEntry.objects.get()
    assert (line.happened_at, line.recorded_at) == (TEN_TWENTY, TOMORROW)
    assert CertificateClaim.objects.get().proved_at == TEN_TWENTY
    assert Event.objects.get(kind="certificate_proved").happened_at == TOMORROW


@pytest.mark.parametrize(
    ("now", "is_open"), [("2026-06-12 23:59:59", True), ("2026-06-13 00:00", False)]
)
def test_seen__entered_from_paper_the_day_after__taken_back_until_that_evening(
    visit: Reservation, at_moment: AtMoment, now: str, *, is_open: bool
) -> None:
    at_moment(TOMORROW)
    on_paper(situations.staff_client(), visit, "10:20")
    at_moment(at(now))
    clerk = situations.staff_client()

    assert (TAKE_BACK in clerk.get(address(visit)).content.decode()) is is_open
    answer = post(clerk, visit, "certificate/removal")

    assert (answer.status_code == 302) is is_open
    assert (CertificateClaim.objects.get().proved_at is None) is is_open


def test_seen__entered_from_paper__a_claim_made_before_the_entry_rests_on_nothing(
    visit: Reservation, rival: CertificateClaim, at_moment: AtMoment
) -> None:
    """Nobody knew of the proof when it was made: the slip can be undone."""
    in_the_night = at("2026-06-11 22:00")
    CertificateClaim.objects.filter(pk=rival.pk).update(claimed_at=in_the_night)
    at_moment(TOMORROW)
    clerk = situations.staff_client()
    on_paper(clerk, visit, "10:20")

    assert post(clerk, visit, "certificate/removal").status_code == 302
    on_paper(clerk, visit, "10:20")
    CertificateClaim.objects.filter(pk=rival.pk).update(claimed_at=TOMORROW)
    answer = post(clerk, visit, "certificate/removal")

    assert 'data-refusal="PROOF_RELIED_ON"' in answer.content.decode()


def test_taken_back__the_day_after__only_by_who_may(
    clerk: Client, visit: Reservation, at_moment: AtMoment
) -> None:
    post(clerk, visit, "certificate")
    at_moment(TOMORROW)

    clerk, chief = situations.staff_client(), situations.staff_client(Role.SUPERVISOR)
    answer = post(clerk, visit, "certificate/removal")
    assert 'data-refusal="CORRECTION_CLOSED"' in answer.content.decode()
    assert TAKE_BACK not in clerk.get(address(visit)).content.decode()
    assert post(chief, visit, "certificate/removal").status_code == 302
    assert CertificateClaim.objects.get().proved_at is None


def test_taken_back__at_a_visit_of_another_day__refused_and_not_offered(
    clerk: Client, visit: Reservation
) -> None:
    CertificateClaim.objects.update(proved_at=YESTERDAY, place=None)

    answer = post(clerk, visit, "certificate/removal")

    assert 'data-refusal="PROVED_ON_ANOTHER_DAY"' in answer.content.decode()
    assert TAKE_BACK not in answer.content.decode()
    assert CertificateClaim.objects.get().proved_at == YESTERDAY


def settled(visit: Reservation, rival: CertificateClaim) -> None:
    post(situations.staff_client(Role.SUPERVISOR), visit, settlement(rival))


def shared(visit: Reservation, _rival: CertificateClaim) -> None:
    """Through the link of the proved address."""
    number = visit.certificate_number
    made = factories.claim(
        "office@example.jp", person=visit.intermediary, number=number, place=None
    )
    CertificateClaim.objects.filter(pk=made.pk).update(claimed_at=TEN_TWENTY)


@pytest.mark.parametrize("rely", [settled, shared])
def test_taken_back__after_somebody_relied_on_it__refused(
    clerk: Client,
    visit: Reservation,
    rival: CertificateClaim,
    rely: Callable[[Reservation, CertificateClaim], None],
) -> None:
    post(clerk, visit, "certificate")
    rely(visit, rival)

    answer = post(clerk, visit, "certificate/removal")

    assert 'data-refusal="PROOF_RELIED_ON"' in answer.content.decode()
    assert visit.claim.proved_at is None
    assert CertificateClaim.objects.get(pk=visit.claim.pk).proved_at == TEN_TWENTY


def test_taken_back__of_a_cancelled_reservation__can_be(clerk: Client, visit: Reservation) -> None:
    """Nothing may shut the rival out for ever."""
    post(clerk, visit, "certificate")
    Reservation.objects.update(cancelled_at=TEN_TWENTY)

    assert post(clerk, visit, "certificate/removal").status_code == 302
    assert CertificateClaim.objects.get().proved_at is None
