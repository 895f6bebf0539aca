"""The act of booking writes exactly this, or nothing.  利用案内 3, D09, D11."""

from datetime import datetime
from uuid import uuid4

import pytest

from tests import factories, situations
from tests.factories import facts, order
from tests.policies import at
from tests.reservations.recording import added, everything, nothing_written
from uketori.audit.models import Event
from uketori.bureaus.models import Slot
from uketori.intermediaries.models import CertificateClaim
from uketori.outbox.models import OutgoingMail
from uketori.reservations.booking.act import Order, book
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refused

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
THURSDAY_TEN = at("2026-06-11 10:00")


def booked(what: Order, now: datetime = MONDAY) -> Reservation:
    return book(order=what, facts=facts(now), actor="mail:7", at=now)


def test_book__three_cases_on_thu_6_11_at_ten__reservation_cases_event_and_mail(
    aoki: CertificateClaim,
) -> None:
    factories.slot(THURSDAY_TEN, booked_reservations=2, booked_cases=20)
    before = everything()

    reservation = booked(order(aoki, THURSDAY_TEN, 3))

    assert added(before) == {"Reservation": 1, "ReservedCase": 3, "Event": 1, "OutgoingMail": 1}
    changed = [
        name for name, rows in everything().items() if rows[: len(before[name])] != before[name]
    ]
    assert changed == ["Slot"]
    hour = Slot.objects.get()
    assert (hour.booked_reservations, hour.booked_cases) == (3, 23)
    reservation.refresh_from_db()
    assert (reservation.starts_at, str(reservation.visit_day)) == (THURSDAY_TEN, "2026-06-11")
    assert reservation.slot == hour
    assert (reservation.first_case_count, reservation.live_case_count) == (3, 3)
    assert reservation.booked_at == MONDAY
    assert reservation.change_closes_at == at("2026-06-10 12:00")
    assert (reservation.holder_name, reservation.certificate_number) == (
        "青木 花子",
        "大取第10234号",
    )
    assert reservation.declarations == sorted(factories.DECLARED)
    assert reservation.notice_version == 1


def test_book__cases__as_typed_with_key_type_and_category(aoki: CertificateClaim) -> None:
    typed = ["阪労一Ｅ01234", "阪永一Ｐ00007", " 阪変一c-00008 "]

    reservation = booked(order(aoki, THURSDAY_TEN, typed))

    assert list(
        reservation.cases.values_list("order", "number", "number_key", "type", "category")
    ) == [
        (1, "阪労一Ｅ01234", "阪労一E01234", "extension", "own"),
        (2, "阪永一Ｐ00007", "阪永一P00007", "permanent", "own"),
        (3, "阪変一c-00008", "阪変一C00008", "change", "own"),
    ]


def test_book__declarations_nobody_asked_for__not_kept(aoki: CertificateClaim) -> None:
    sent = frozenset({*factories.DECLARED, "acquisition_by_birth", "<script>"})

    reservation = booked(order(aoki, THURSDAY_TEN, declared=sent))

    assert reservation.declarations == sorted(factories.DECLARED)


def test_book__row_not_made_by_the_worker_yet__made_and_taken(aoki: CertificateClaim) -> None:
    assert not Slot.objects.exists()

    booked(order(aoki, THURSDAY_TEN, 15))

    hour = Slot.objects.get()
    assert (hour.booked_reservations, hour.booked_cases) == (1, 15)
    assert (hour.capacity_reservations, hour.capacity_cases) == (6, 60)


def test_book__event__holds_no_personal_value(aoki: CertificateClaim) -> None:
    what = order(aoki, THURSDAY_TEN, 3)

    reservation = booked(what)

    event = Event.objects.get(kind="reservation_booked")
    assert (event.actor, event.subject) == ("mail:7", reservation.reference)
    assert event.facts == {"cases": 3, "notice": 1}
    written = f"{event.actor} {event.subject} {event.facts}"
    person = aoki.intermediary
    personal = [person.name, person.phone, person.organisation, aoki.number, "aoki@example.jp"]
    assert [one for one in [*personal, *what.content.number_keys()] if one in written] == []


def test_book__mail__to_the_address_inside_and_without_the_body(aoki: CertificateClaim) -> None:
    reservation = booked(order(aoki, THURSDAY_TEN, 3))

    mail = OutgoingMail.objects.get()
    assert (mail.event, mail.recipient) == ("reservation_booked", "aoki@example.jp")
    assert mail.subject_id == reservation.reference
    assert mail.message_id.endswith("@immi-cardyoyaku.moj.go.jp>")
    assert mail.not_after is None


def test_book__same_key_again__same_reservation_and_nothing_more(aoki: CertificateClaim) -> None:
    what = order(aoki, THURSDAY_TEN, 3)
    first = booked(what)

    with nothing_written():
        again = booked(what)

    assert again.pk == first.pk


def test_book__same_key_with_other_content__same_reservation_unchanged(
    aoki: CertificateClaim,
) -> None:
    key = uuid4()
    first = booked(order(aoki, THURSDAY_TEN, 3, key=key))

    with nothing_written():
        again = booked(order(aoki, at("2026-06-12 09:00"), 5, key=key))

    assert again.pk == first.pk


def test_book__same_key_after_noon_of_the_deadline__still_the_answer(
    aoki: CertificateClaim,
) -> None:
    what = order(aoki, at("2026-06-09 10:00"), 3)
    first = booked(what, at("2026-06-08 11:59:59.999"))

    assert booked(what, at("2026-06-08 12:00:00")).pk == first.pk


def test_book__refused_attempt__does_not_use_its_key_up(aoki: CertificateClaim) -> None:
    situations.a_full_hour(THURSDAY_TEN)
    key = uuid4()
    with pytest.raises(Refused):
        booked(order(aoki, THURSDAY_TEN, 3, key=key))

    reservation = booked(order(aoki, at("2026-06-11 11:00"), 3, key=key))

    assert reservation.idempotency_key == key


def test_book__several_reasons__all_told_at_once(aoki: CertificateClaim) -> None:
    what = order(
        aoki, at("2026-06-13 10:00"), 16, declared=frozenset(), notice_version=None, category=""
    )

    with pytest.raises(Refused) as refused:
        booked(what)

    codes = refused.value.codes
    assert codes[:2] == ["DAY_CLOSED", "TOO_MANY_CASES"]
    assert codes.count("CATEGORY_MISSING") == 16
    assert codes[-6:] == ["DECLARATION_MISSING"] * 5 + ["NOTICE_NOT_READ"]


@pytest.mark.parametrize(("cases", "is_booked"), [(1, True), (15, True), (0, False), (16, False)])
def test_book__so_many_cases__one_to_fifteen(
    aoki: CertificateClaim, cases: int, is_booked: bool
) -> None:
    if is_booked:
        assert booked(order(aoki, THURSDAY_TEN, cases)).first_case_count == cases
    else:
        with nothing_written(), pytest.raises(Refused):
            booked(order(aoki, THURSDAY_TEN, cases))


@pytest.mark.parametrize(("expires_on", "is_booked"), [("2026-06-11", True), ("2026-06-10", False)])
def test_book__for_thu_6_11__certificate_valid_on_the_visit_day(
    aoki: CertificateClaim, expires_on: str, is_booked: bool
) -> None:
    aoki.expires_on = at(f"{expires_on} 00:00").date()
    aoki.save()

    if is_booked:
        booked(order(aoki, THURSDAY_TEN))
    else:
        with nothing_written(), pytest.raises(Refused) as refused:
            booked(order(aoki, THURSDAY_TEN))
        assert refused.value.codes == ["CERTIFICATE_EXPIRES_BEFORE_VISIT"]
        booked(order(aoki, at("2026-06-10 10:00")))


def test_book__colleague_and_stranger__each_has_own_hour(aoki: CertificateClaim) -> None:
    """D11: the same number of another holder is taken, and neither is told."""
    booked(order(aoki, THURSDAY_TEN, 3))
    booked(order(situations.beppu(), THURSDAY_TEN, 3))

    assert Slot.objects.get().booked_reservations == 2
