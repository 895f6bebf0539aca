"""Two addresses, one proved certificate: two slots together.  利用案内 3(2), R-23, D03."""

from datetime import datetime

import pytest

from tests import factories, situations
from tests.intermediaries.sharing.steps import a_request, answer
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking.act import book
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db

OFFICE = "aoki@office.example.jp"


@pytest.fixture
def now(monday_morning: datetime) -> datetime:
    return monday_morning


@pytest.fixture
def mine(now: datetime) -> CertificateClaim:
    return situations.a_proved_certificate()


@pytest.fixture
def shared(mine: CertificateClaim) -> CertificateClaim:
    """The same certificate, granted to another address."""
    answer(a_request(OFFICE, mine), "grant")
    return CertificateClaim.objects.get(mail_address__address=OFFICE)


def books(claim: CertificateClaim, hour: int, now: datetime, first: int = 1) -> Reservation:
    starts_at = factories.displayed_hours(now)[hour]
    order = factories.order(claim, starts_at, factories.numbers(1, first))
    return book(order=order, facts=factories.facts(now), actor="mail:1", at=now)


@pytest.mark.parametrize("second", ["mine", "shared"])
def test_quota__one_slot_each__no_third_from_either(
    mine: CertificateClaim, shared: CertificateClaim, now: datetime, second: str
) -> None:
    books(mine, 0, now, 100)
    books(shared, 6, now, 200)

    with pytest.raises(Refused) as refused:
        books({"mine": mine, "shared": shared}[second], 12, now, 300)

    assert refused.value.codes == [Refusal.TOO_MANY_SLOTS]
    assert Reservation.objects.live().count() == 2


def test_quota__same_hour_from_both__refused(
    mine: CertificateClaim, shared: CertificateClaim, now: datetime
) -> None:
    books(mine, 6, now, 100)

    with pytest.raises(Refused) as refused:
        books(shared, 6, now, 200)

    assert Refusal.SAME_HOUR_TWICE in refused.value.codes


def test_quota__each_mail_goes_to_who_booked(
    mine: CertificateClaim, shared: CertificateClaim, now: datetime
) -> None:
    held = [books(mine, 0, now, 100), books(shared, 6, now, 200)]

    assert [one.mail_address.address for one in held] == ["aoki@example.jp", OFFICE]
    for address in ("aoki@example.jp", OFFICE):
        shown = situations.signed_in_client(address).get("/osaka/reservations/").content.decode()
        assert all(one.reference in shown for one in held)
        assert "2枠のうち、2枠を予約しています" in shown


def test_quota__not_granted__a_stranger_books_nothing(mine: CertificateClaim) -> None:
    answer(a_request(OFFICE, mine), "decline")

    client = situations.signed_in_client(OFFICE)

    assert client.get("/osaka/reservations/new")["Location"] == "/osaka/holders/new"


def test_quota__renewed_certificate__still_two_together(
    mine: CertificateClaim, shared: CertificateClaim, now: datetime
) -> None:
    client = situations.signed_in_client("aoki@example.jp")
    client.post(
        f"/osaka/holders/{mine.pk}/renewal",
        {
            "number": "大取第20001号",
            "expires_on_year": "2030",
            "expires_on_month": "3",
            "expires_on_day": "31",
        },
    )
    renewed = CertificateClaim.objects.order_by("-pk")[0]
    assert renewed.number == "大取第20001号"
    books(shared, 0, now, 100)
    books(renewed, 6, now, 200)

    with pytest.raises(Refused) as refused:
        books(renewed, 12, now, 300)

    assert refused.value.codes == [Refusal.TOO_MANY_SLOTS]
