"""A certificate that ends before a visit that is booked: told on every page it concerns.  R-09."""

from datetime import date

import pytest
from django.test import Client

from tests import factories, situations
from tests.changes import change
from tests.intermediaries.certificates.steps import NEW_NUMBER, renew
from tests.intermediaries.holders.steps import enter
from tests.policies import at
from tests.reservations.walking import LIST, main_of, words_of
from tests.situations import AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

FRIDAY_TEN = at("2026-06-12 10:00")
FRIDAY, THURSDAY = date(2026, 6, 12), date(2026, 6, 11)
TITLE = "予約日には、証明書の有効期限が過ぎています"
SHORT = "証明書の有効期限は2026年6月11日（木）で、予約日より前です。"
BEFORE = "予約日より前に、有効期限が過ぎます"


@pytest.fixture
def held(aoki: CertificateClaim) -> Reservation:
    return factories.reservation(aoki, FRIDAY_TEN, 2)


def page_of(client: Client, held: Reservation) -> str:
    return words_of(client.get(f"{LIST}{held.reference}"))


def ends_on(day: date) -> None:
    CertificateClaim.objects.update(expires_on=day)


def revise(
    client: Client, claim: CertificateClaim, last_day: date, then: str = "/osaka/my-data"
) -> str:
    """Save another last day; return where that leads."""
    path = f"/osaka/holders/{claim.pk}?next={then}"
    return str(enter(client, path, expires_on=last_day, next=then)["Location"])


@pytest.mark.parametrize(("last_day", "is_told"), [(THURSDAY, True), (FRIDAY, False)])
def test_pages__last_day_around_the_visit__told_the_day_before_only(
    client: Client, held: Reservation, last_day: date, is_told: bool
) -> None:
    ends_on(last_day)

    assert (TITLE in page_of(client, held)) is is_told
    assert (SHORT in words_of(client.get(LIST))) is is_told


def test_page__last_day_before_the_visit__number_what_to_do_and_where(
    client: Client, held: Reservation, aoki: CertificateClaim
) -> None:
    ends_on(THURSDAY)

    page = client.get(f"{LIST}{held.reference}")

    assert (
        "登録されている証明書（大取第10234号）の有効期限は、2026年6月11日（木）です。"
        in words_of(page)
    )
    assert "新しい証明書を登録し、当日お持ちください。" in words_of(page)
    assert f'href="/osaka/holders/{aoki.pk}/renewal"' in main_of(page)
    assert f'href="/osaka/holders/{aoki.pk}?next=' in main_of(page)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-06-11 11:59:59", "間に合わないときは、6月11日（木）11時59分までにキャンセル"),
        (
            "2026-06-11 12:00",
            "時間の前までに、審査管理部門（電話0570-064259、部署番号210）へご",
        ),
    ],
)
def test_page__around_the_deadline__cancel_or_telephone(
    at_moment: AtMoment, now: str, said: str
) -> None:
    at_moment(at(now))
    claim = situations.aoki()
    held = factories.reservation(claim, FRIDAY_TEN)
    ends_on(THURSDAY)

    assert said in page_of(situations.signed_in_client(claim), held)


@pytest.mark.parametrize("ending", ["cancelled_at", "served_at"])
def test_page__nobody_comes_any_more__nothing_told(
    client: Client, held: Reservation, ending: str
) -> None:
    ends_on(THURSDAY)
    Reservation.objects.update(**{ending: at("2026-06-08 10:00")})

    assert TITLE not in page_of(client, held)
    assert SHORT not in words_of(client.get(LIST))


def test_page__day_of_the_visit_over__nothing_told(at_moment: AtMoment) -> None:
    at_moment(at("2026-06-13 00:00"))
    claim = situations.aoki()
    held = factories.reservation(claim, FRIDAY_TEN)
    ends_on(THURSDAY)

    assert TITLE not in page_of(situations.signed_in_client(claim), held)


def test_page__colleague_s_certificate_ends__nothing_told(
    client: Client, held: Reservation
) -> None:
    person = factories.intermediary("別府 次郎")
    factories.claim(person=person, number="大取第10235号", expires_on=THURSDAY)

    assert TITLE not in page_of(client, held)


@pytest.mark.parametrize(("last_day", "is_told"), [(THURSDAY, True), (FRIDAY, False)])
def test_revise__last_day_around_the_visit__kept_and_told_there_with_the_reservation(
    client: Client, held: Reservation, aoki: CertificateClaim, last_day: date, is_told: bool
) -> None:
    location = revise(client, aoki, last_day)

    aoki.refresh_from_db()
    assert aoki.expires_on == last_day
    assert location.startswith(f"/osaka/holders/{aoki.pk}" if is_told else "/osaka/my-data")
    page = words_of(client.get(f"/osaka/holders/{aoki.pk}"))
    assert (BEFORE in page) is is_told
    which = f"6月12日（金）10時～11時の予約（予約番号 {held.reference}）の日には過ぎています"
    assert (which in page) is is_told


def test_revise__told_once__the_way_back_is_there_and_the_next_saving_goes_on(
    client: Client, held: Reservation, aoki: CertificateClaim
) -> None:
    page = client.get(revise(client, aoki, THURSDAY))

    assert 'class="page__back" href="/osaka/my-data"' in main_of(page)
    assert revise(client, aoki, THURSDAY) == "/osaka/my-data"


@pytest.mark.parametrize(("last_day", "is_told"), [(THURSDAY, True), (FRIDAY, False)])
def test_renewal__last_day_around_the_visit__told_everywhere(
    client: Client, held: Reservation, aoki: CertificateClaim, last_day: date, is_told: bool
) -> None:
    assert renew(client, aoki, expires_on=last_day).status_code == 302

    assert (held.reference in words_of(client.get("/osaka/my-data"))) is is_told
    page = page_of(client, held)
    assert (TITLE in page) is is_told
    assert (f"登録されている証明書（{NEW_NUMBER}）" in page) is is_told
    assert (SHORT in words_of(client.get(LIST))) is is_told


def test_renewal__old_one_would_have_ended_before_the_visit__nothing_told_any_more(
    client: Client, held: Reservation, aoki: CertificateClaim
) -> None:
    ends_on(THURSDAY)
    assert TITLE in page_of(client, held)

    renew(client, aoki)

    assert TITLE not in page_of(client, held)
    assert held.reference not in words_of(client.get("/osaka/my-data"))


def test_change__after_the_renewal__the_old_last_day_stops_nothing(
    client: Client, held: Reservation, aoki: CertificateClaim
) -> None:
    """What is booked stays booked; the certificate is looked at on the day."""
    ends_on(date(2026, 6, 8))
    renew(client, aoki)

    change(held, withdrawn=[1], corrected={2: "阪労一E77777"})

    held.refresh_from_db()
    assert held.live_case_count == 1
