"""A certificate renewed after the booking is shown and proved at the desk.  D03, R-09, R-38."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import untranslated
from tests.counter.address.steps import NEW, ask
from tests.counter.conftest import TEN_TWENTY, address
from tests.counter.telephone.test_pages import page
from tests.policies import at
from tests.reservations.walking import words_of
from uketori.counter.models import Step, VisitEntry
from uketori.counter.preparation.day import read_day
from uketori.counter.preparation.words import hours_of
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
OLD_NUMBER, NEW_NUMBER = "大取第10234号", "大取第20001号"
OVER = "証明書の有効期限が過ぎています"


@pytest.fixture
def visit(ten_twenty: datetime) -> Reservation:
    """青木, who came in this hour with a certificate that nobody has seen."""
    return factories.reservation(situations.aoki(), TEN, 2, arrived_at=TEN)


@pytest.fixture
def renewed(visit: Reservation) -> CertificateClaim:
    """The one that was entered after the booking."""
    return factories.claim(
        person=visit.intermediary, number=NEW_NUMBER, expires_on=date(2030, 3, 31)
    )


def press(client: Client, visit: Reservation, act: str, claim: CertificateClaim | None) -> Any:
    named = {} if claim is None else {"claim": claim.pk}
    return client.post(address(visit, f"/{act}"), {"opened": visit.reference, **named})


def proved() -> set[str]:
    """The numbers that a clerk has seen."""
    claims = CertificateClaim.objects.filter(proved_at__isnull=False)
    return set(claims.values_list("number", flat=True))


def test_opened__not_renewed__one_certificate(clerk: Client, visit: Reservation) -> None:
    shown = words_of(clerk.get(address(visit)))

    assert OLD_NUMBER in shown
    assert "更新した証明書" not in shown
    assert "予約時の証明書" not in shown


@pytest.mark.usefixtures("renewed")
def test_opened__renewed__both_numbers_the_renewed_one_first(
    clerk: Client, visit: Reservation
) -> None:
    shown = words_of(clerk.get(address(visit)))

    assert shown.index(NEW_NUMBER) < shown.index("予約時の証明書") < shown.index(OLD_NUMBER)
    assert shown.index("2030年3月31日（日）まで有効") < shown.index("予約時の証明書")


@pytest.mark.parametrize(
    ("last_day", "is_over"), [(date(2026, 6, 10), True), (date(2026, 6, 11), False)]
)
def test_opened__old_one_is_over__the_last_day_of_the_renewed_one_decides(
    clerk: Client,
    visit: Reservation,
    renewed: CertificateClaim,
    last_day: date,
    is_over: bool,
) -> None:
    CertificateClaim.objects.filter(pk=visit.claim_id).update(expires_on=date(2026, 6, 9))
    CertificateClaim.objects.filter(pk=renewed.pk).update(expires_on=last_day)

    assert (OVER in words_of(clerk.get(address(visit)))) is is_over


def test_opened__renewed_one_is_over__the_old_valid_one_is_shown_alone(
    clerk: Client, visit: Reservation, renewed: CertificateClaim
) -> None:
    CertificateClaim.objects.filter(pk=renewed.pk).update(expires_on=date(2026, 6, 10))

    shown = words_of(clerk.get(address(visit)))

    assert OLD_NUMBER in shown
    assert NEW_NUMBER not in shown
    assert OVER not in shown


def test_opened__same_certificate_from_another_address__one_certificate(
    clerk: Client, visit: Reservation
) -> None:
    CertificateClaim.objects.update(proved_at=TEN, place=None)
    shared = factories.claim("b@example.jp", person=visit.intermediary, number=OLD_NUMBER)
    CertificateClaim.objects.filter(pk=shared.pk).update(place=None)

    assert "予約時の証明書" not in words_of(clerk.get(address(visit)))


def test_seen__renewed_one__it_is_proved_and_taken_back(
    clerk: Client, visit: Reservation, renewed: CertificateClaim
) -> None:
    assert press(clerk, visit, "certificate", renewed).status_code == 302

    assert proved() == {NEW_NUMBER}
    assert VisitEntry.objects.get().step == Step.CERTIFICATE_SEEN
    renewed.refresh_from_db()
    assert (renewed.proved_at, renewed.place) == (TEN_TWENTY, None)
    offer = f'formaction="{address(visit, "/certificate")}"'
    assert offer not in clerk.get(address(visit)).content.decode()

    assert press(clerk, visit, "certificate/removal", renewed).status_code == 302

    assert proved() == set()
    assert clerk.get(address(visit)).content.decode().count(offer) == 2


def test_seen__the_one_of_the_booking_after_all__that_one_is_proved(
    clerk: Client, visit: Reservation, renewed: CertificateClaim
) -> None:
    press(clerk, visit, "certificate", visit.claim)

    assert proved() == {OLD_NUMBER}


def test_seen__page_older_than_the_renewal__proves_what_it_named(
    clerk: Client, visit: Reservation
) -> None:
    html = clerk.get(address(visit)).content.decode()
    assert f'name="claim" value="{visit.claim_id}"' in html
    factories.claim(person=visit.intermediary, number=NEW_NUMBER)

    press(clerk, visit, "certificate", visit.claim)

    assert proved() == {OLD_NUMBER}


@pytest.mark.parametrize("named", ["other", "none"])
def test_seen__claim_of_somebody_else_or_none_named__what_is_shown(
    clerk: Client, visit: Reservation, renewed: CertificateClaim, named: str
) -> None:
    other = factories.claim("chinen@example.jp", number="大取第30303号")

    press(clerk, visit, "certificate", other if named == "other" else None)

    assert proved() == {NEW_NUMBER}


def test_preparation__renewed__the_list_names_both_and_the_new_last_day(
    visit: Reservation, renewed: CertificateClaim
) -> None:
    (hour,) = hours_of(read_day("osaka", TEN.date(), TEN_TWENTY))
    (row,) = hour.visitors

    assert row.certificate == f"申請等取次者証明書　{NEW_NUMBER}（予約のときは{OLD_NUMBER}）"
    assert row.expires_on == "2030年3月31日"


def test_telephone__renewed__either_number_is_on_the_page(
    clerk: Client, visit: Reservation, renewed: CertificateClaim
) -> None:
    html = page(clerk, "call", reference=visit.reference)

    assert NEW_NUMBER in html
    assert f"予約のときは {untranslated(OLD_NUMBER)}" in html


@pytest.mark.parametrize("number", [OLD_NUMBER, NEW_NUMBER])
def test_address__either_number_read_back__known(
    chief: Client, claim: CertificateClaim, number: str
) -> None:
    factories.claim(person=claim.intermediary, number=NEW_NUMBER)

    assert ask(chief, claim, number=number).status_code == 302


def test_address__renewed_one_seen_today__moves_at_once(
    chief: Client, claim: CertificateClaim
) -> None:
    newer = factories.claim(person=claim.intermediary, number=NEW_NUMBER)
    assert ask(chief, claim, way="counter").status_code == 422
    CertificateClaim.objects.filter(pk=newer.pk).update(proved_at=at("2026-06-10 09:10"))

    assert ask(chief, claim, way="counter").status_code == 302

    claim.refresh_from_db()
    assert claim.mail_address.address == NEW
