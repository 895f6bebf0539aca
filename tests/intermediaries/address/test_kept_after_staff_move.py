"""What was typed and kept leaves the address from which the staff move a person.  D03, D04."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.http import QueryDict

from tests import factories, situations
from tests.policies import at
from tests.situations import MONDAY_MORNING
from uketori.intermediaries.address import by_staff
from uketori.intermediaries.address.by_staff import MoveReason
from uketori.intermediaries.models import AddressChange, CertificateClaim, KeptInput, MailAddress
from uketori.intermediaries.session.kept import keep
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db

Move = Callable[[CertificateClaim, MoveReason], None]
OLD, NEW = "aoki@example.jp", "aoki@new.example.jp"
REASONS = pytest.mark.parametrize(
    ("reason", "is_theirs"),
    [
        (MoveReason.GONE, True),
        (MoveReason.UNREACHED, True),
        (MoveReason.MISTYPED, False),
        (MoveReason.OTHER, False),
    ],
)
GENERAL = "/osaka/holders/new"


@pytest.fixture
def aoki(monday_morning: datetime) -> CertificateClaim:
    return factories.claim(OLD, number="大取第10234号", is_proved=True)


@pytest.fixture
def reservation(aoki: CertificateClaim) -> Reservation:
    return factories.reservation(aoki, at("2026-06-12 10:00"), 3)


@pytest.fixture
def colleague(aoki: CertificateClaim) -> CertificateClaim:
    """別府 at the same address."""
    person = factories.intermediary("別府 次郎", name_kana="ベップ ジロウ")
    return factories.claim(OLD, person=person, number="大取第10235号")


def typed(address: MailAddress, *pages: str) -> None:
    for page in pages:
        assert keep(address, page, said_on(page), MONDAY_MORNING)


def said_on(page: str) -> QueryDict:
    return QueryDict(f"number=typed+at+{page}")


def at_counter(claim: CertificateClaim, reason: MoveReason) -> None:
    by_staff.move_at_counter(
        claim=CertificateClaim.objects.get(pk=claim.pk),
        new_address=NEW,
        reason=reason,
        policy=factories.policy(),
        actor="staff:1",
        at=MONDAY_MORNING,
    )


def by_telephone(claim: CertificateClaim, reason: MoveReason) -> None:
    by_staff.ask_for(
        claim=CertificateClaim.objects.get(pk=claim.pk),
        new_address=NEW,
        reason=reason,
        policy=factories.policy(),
        actor="staff:1",
        at=MONDAY_MORNING,
    )
    by_staff.move_by_link(
        change=AddressChange.objects.get(),
        policy=factories.policy(),
        device_digest="x",
        at=MONDAY_MORNING,
    )


def kept_at(address: str) -> list[str]:
    pages = KeptInput.objects.filter(mail_address__address=address).values_list("page", flat=True)
    return sorted(pages)


@REASONS
@pytest.mark.parametrize("way", [at_counter, by_telephone])
def test_moved_alone__what_was_kept__goes_along_or_away_as_the_reason_says(
    aoki: CertificateClaim, reservation: Reservation, reason: MoveReason, is_theirs: bool, way: Move
) -> None:
    pages = [GENERAL, f"/osaka/reservations/{reservation.reference}/changes"]
    typed(aoki.mail_address, *pages)

    way(aoki, reason)

    assert kept_at(OLD) == []
    assert kept_at(NEW) == (pages if is_theirs else [])


@REASONS
def test_moved_from_an_office__about_whom_it_is__goes_and_the_colleague_s_stays(
    aoki: CertificateClaim,
    colleague: CertificateClaim,
    reservation: Reservation,
    reason: MoveReason,
    is_theirs: bool,
) -> None:
    theirs = factories.reservation(colleague, at("2026-06-12 11:00"), 2)
    going = [
        f"/osaka/holders/{aoki.pk}",
        f"/osaka/holders/{aoki.pk}/renewal",
        f"/osaka/reservations/{reservation.reference}/changes",
    ]
    staying = [
        f"/osaka/holders/{aoki.pk}0/renewal",
        f"/osaka/holders/{colleague.pk}/renewal",
        GENERAL,
        f"/osaka/reservations/{theirs.reference}/changes",
    ]
    typed(aoki.mail_address, *going, *staying)

    at_counter(aoki, reason)

    assert kept_at(OLD) == sorted(staying)
    assert kept_at(NEW) == (going if is_theirs else [])


@REASONS
def test_last_one_moved__draft_of_nobody__goes_along_or_away(
    aoki: CertificateClaim, reason: MoveReason, is_theirs: bool
) -> None:
    left = factories.draft(aoki)
    own = factories.draft(aoki)
    Draft.objects.filter(pk=left.pk).update(claim=None)

    at_counter(aoki, reason)

    assert not Draft.objects.filter(mail_address__address=OLD).exists()
    assert Draft.objects.get(pk=own.pk).mail_address.address == NEW
    assert Draft.objects.filter(pk=left.pk).exists() is is_theirs


def test_moved_from_an_office__draft_of_nobody__stays_to_be_asked_about(
    aoki: CertificateClaim, colleague: CertificateClaim
) -> None:
    left = factories.draft(aoki)
    Draft.objects.filter(pk=left.pk).update(claim=None)

    at_counter(aoki, MoveReason.MISTYPED)

    assert Draft.objects.get(pk=left.pk).mail_address.address == OLD


def test_moved_to_where_the_page_was_kept_before__the_newer_is_shown(
    aoki: CertificateClaim, reservation: Reservation
) -> None:
    page = f"/osaka/reservations/{reservation.reference}/changes"
    typed(factories.mail_address(NEW), page)
    assert keep(aoki.mail_address, page, QueryDict("number=newer"), MONDAY_MORNING)

    at_counter(aoki, MoveReason.GONE)

    assert "newer" in KeptInput.objects.get().content


def test_moved__whoever_proves_the_old_address_next__finds_nothing_typed(
    aoki: CertificateClaim, reservation: Reservation
) -> None:
    typed(aoki.mail_address, GENERAL)

    at_counter(aoki, MoveReason.GONE)

    stranger = situations.signed_in_client(OLD)
    assert "typed at" not in stranger.get(GENERAL).content.decode()
    assert "typed at" not in stranger.get("/osaka/my-data/export").content.decode()
    moved = situations.signed_in_client(NEW)
    assert "typed at" in moved.get(GENERAL).content.decode()
