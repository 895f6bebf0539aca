"""A clerk saw the certificate with one of two rivals: the other books nothing more.  D03."""

from datetime import date, datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.intermediaries.certificates.steps import renewed
from tests.policies import at
from tests.reservations.booking.test_quota import try_to_book
from tests.reservations.walking import (
    LIST,
    confirm,
    confirm_path,
    draft_path,
    main_of,
    refusals,
    type_into,
    value_of,
)
from uketori.counter.visit.certificate_brought import certificate_shown
from uketori.intermediaries.certificates.settling import prove, take_proof_back
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db

CODE = "CERTIFICATE_SHOWN_BY_ANOTHER"
WEDNESDAY, THURSDAY = at("2026-06-10 11:00"), at("2026-06-11 11:00")


@pytest.fixture
def shown(monday_morning: datetime) -> CertificateClaim:
    """青木, whose certificate a clerk is about to see."""
    return situations.aoki()


@pytest.fixture
def rival(shown: CertificateClaim) -> CertificateClaim:
    """Somebody else at another address who typed the same number."""
    person = factories.intermediary("蒼木 華子")
    return factories.claim("rival@example.jp", person=person, number=shown.number, place=2)


@pytest.fixture
def client(rival: CertificateClaim) -> Client:
    return situations.signed_in_client(rival)


def see(claim: CertificateClaim) -> None:
    assert prove(claim=claim, actor="staff:1", at=situations.MONDAY_MORNING)


def test_book__before_and_after_the_proof__refused_only_after(
    shown: CertificateClaim, rival: CertificateClaim
) -> None:
    now = situations.MONDAY_MORNING
    assert try_to_book(rival, WEDNESDAY, now, 7000) == []

    see(shown)

    assert try_to_book(rival, THURSDAY, now, 8000) == [CODE]
    assert try_to_book(shown, THURSDAY, now, 8000) == []
    assert rival.reservations.get().cancelled_at is None


def test_book__proof_taken_back__books_again(
    shown: CertificateClaim, rival: CertificateClaim
) -> None:
    see(shown)
    proved = CertificateClaim.objects.get(pk=shown.pk)
    CertificateClaim.objects.update(claimed_at=at("2026-06-05 10:00"))

    take_proof_back(claim=proved, actor="staff:1", at=situations.MONDAY_MORNING)

    assert try_to_book(rival, WEDNESDAY, situations.MONDAY_MORNING) == []


def test_book__other_address_of_the_same_person__not_refused(shown: CertificateClaim) -> None:
    office = factories.claim(
        "office@example.jp", person=shown.intermediary, number=shown.number, place=2
    )
    see(shown)

    assert try_to_book(office, WEDNESDAY, situations.MONDAY_MORNING) == []


def test_book__number_corrected_by_renewing__the_quota_is_the_person_s(
    shown: CertificateClaim, rival: CertificateClaim, client: Client
) -> None:
    """What was booked with the wrong number counts."""
    now = situations.MONDAY_MORNING
    assert try_to_book(rival, WEDNESDAY, now, 7000) == []
    see(shown)

    right = renewed(client, rival, "大取第10243号")

    assert right.intermediary == rival.intermediary
    assert try_to_book(right, THURSDAY, now, 8000) == []
    assert try_to_book(right, at("2026-06-12 11:00"), now, 9000) == ["TOO_MANY_SLOTS"]


def test_pages__say_so_before_anything_is_typed_and_keep_what_was(
    shown: CertificateClaim, rival: CertificateClaim, client: Client
) -> None:
    draft = factories.draft(rival, WEDNESDAY, 3)
    assert refusals(client.get(draft_path(draft))) == []
    assert "新しく予約する" in main_of(client.get(LIST))

    see(shown)

    assert refusals(client.get(draft_path(draft))) == [CODE]
    assert refusals(client.get(confirm_path(draft), follow=True)) == [CODE]
    listed = client.get(LIST)
    assert refusals(listed) == [CODE]
    assert "新しく予約する" not in main_of(listed)
    assert "あと" not in main_of(listed)


def test_confirm__proved_since_the_page_was_opened__told_and_the_draft_stays(
    shown: CertificateClaim, rival: CertificateClaim, client: Client
) -> None:
    draft = factories.draft(rival, WEDNESDAY, 3)
    see(shown)

    answer = confirm(client, draft)

    assert answer.status_code == 422
    assert refusals(answer) == [CODE]
    for words in ("新しい予約はできません", "更新した証明書を登録する", "0570-064259"):
        assert words in main_of(answer)
    assert not Reservation.objects.exists()
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_confirm__the_day_is_closed_as_well__no_other_hour_is_offered(
    shown: CertificateClaim, rival: CertificateClaim, client: Client
) -> None:
    draft = factories.draft(rival, at("2026-06-13 11:00"), 3)
    see(shown)

    answer = confirm(client, draft)

    assert refusals(answer) == ["DAY_CLOSED", CODE]
    assert "近い時間で予約する" not in main_of(answer)


def test_slip_added_after_the_right_number__right_one_is_booked_with(
    shown: CertificateClaim, monday_morning: datetime
) -> None:
    """Also with a draft that was typed for the wrong one, and looked at on the desk."""
    right = situations.beppu()
    client = situations.signed_in_client(right)
    wrong = renewed(client, right, shown.number)
    draft = factories.draft(wrong, WEDNESDAY, 3)
    held = factories.reservation(wrong, THURSDAY)
    assert certificate_shown(held, monday_morning.date()) == wrong
    see(shown)

    assert refusals(client.get(LIST)) == []
    assert refusals(client.get(draft_path(draft))) == []
    assert refusals(client.get(confirm_path(draft), follow=True)) == []
    typed = {"slot": value_of(WEDNESDAY), "category_all": "own"}
    assert type_into(client, draft, ["阪労一E01234"], **typed).status_code == 302
    assert confirm(client, draft).status_code == 302
    assert Reservation.objects.get(starts_at=WEDNESDAY).claim == right
    assert certificate_shown(held, monday_morning.date()) == right


def test_slip_added_after_the_right_number__right_one_expired__told_of_the_slip(
    shown: CertificateClaim, monday_morning: datetime
) -> None:
    right = situations.beppu()
    client = situations.signed_in_client(right)
    renewed(client, right, shown.number)
    CertificateClaim.objects.filter(pk=right.pk).update(expires_on=date(2026, 6, 7))
    see(shown)

    assert refusals(client.get(LIST)) == [CODE]


def test_cancel__what_the_rival_had_booked__still_theirs_to_see_and_to_cancel(
    shown: CertificateClaim, rival: CertificateClaim, client: Client
) -> None:
    held = factories.reservation(rival, WEDNESDAY)
    see(shown)

    assert held.reference in main_of(client.get(LIST))
    assert client.post(f"{LIST}{held.reference}/cancellation").status_code == 302
    held.refresh_from_db()
    assert held.cancelled_at is not None


def test_staff__book_for_the_rival__told_when_checking(
    shown: CertificateClaim, rival: CertificateClaim
) -> None:
    see(shown)
    page = f"/staff/osaka/counter/bookings/claims/{rival.pk}"

    answer = situations.staff_client().post(page, {"do": "check"})

    assert CODE in refusals(answer)
