"""Every refusal that booking can meet: from the same setup as the success, and nothing written."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from tests import factories, situations
from tests.factories import facts, numbers, order
from tests.policies import at
from tests.reservations.recording import nothing_written
from uketori.bureaus.slots import stop_hour
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking.act import book
from uketori.reservations.cases.typed import DraftRow
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
THURSDAY_TEN = at("2026-06-11 10:00")
Before = Callable[[CertificateClaim], Any]


def nothing(_claim: CertificateClaim) -> None:
    """No other circumstances."""


def rows(*first: DraftRow) -> tuple[DraftRow, ...]:
    """Two ordinary rows after those given."""
    return (*first, *(DraftRow(number=number) for number in numbers(2, 5000)))


def stopped(_claim: CertificateClaim) -> None:
    stop_hour(policy=factories.policy(), starts_at=THURSDAY_TEN, actor="staff:1", at=MONDAY)


def closed_by_staff(_claim: CertificateClaim) -> None:
    factories.special_day(date(2026, 6, 11), is_open=False, reason="台風")


def half_day(_claim: CertificateClaim) -> None:
    factories.special_day(date(2026, 6, 11), is_open=True, hours=[9], reason="半日")


def full(_claim: CertificateClaim) -> None:
    situations.a_full_hour(THURSDAY_TEN)


def two_cases_left(_claim: CertificateClaim) -> None:
    situations.an_hour_with_two_cases_left(THURSDAY_TEN)


def two_slots(claim: CertificateClaim) -> None:
    factories.reservation(claim, at("2026-06-09 10:00"))
    factories.reservation(claim, at("2026-06-10 10:00"))


def same_hour(claim: CertificateClaim) -> None:
    factories.reservation(claim, THURSDAY_TEN)


def same_number(claim: CertificateClaim) -> None:
    factories.reservation(claim, at("2026-06-12 10:00"), ["阪労一Ｅ-01235"])


def expired(claim: CertificateClaim) -> None:
    claim.expires_on = date(2026, 6, 10)
    claim.save()


def suspended(claim: CertificateClaim) -> None:
    """In force on the day of booking, its last; the visit itself comes after it.  R-41."""
    factories.suspension(claim.intermediary, date(2026, 5, 10), date(2026, 6, 8))


def shown_by_another(claim: CertificateClaim) -> None:
    """A clerk has seen the same certificate with somebody else.  D03."""
    rival = factories.intermediary("偽 花子")
    factories.claim("rival@example.jp", person=rival, number=claim.number, is_proved=True)


def number_of_a_suspended(claim: CertificateClaim) -> None:
    """Somebody suspended claims the same certificate, and no clerk has seen it.  R-41."""
    other = factories.intermediary("偽 花子")
    factories.claim("rival@example.jp", person=other, number=claim.number, place=2)
    factories.suspension(other, date(2026, 5, 10), date(2026, 6, 8))


def notice_2(_claim: CertificateClaim) -> None:
    factories.notice(2, at("2026-06-08 09:59"))


def without(code: str) -> dict[str, Any]:
    return {"declared": frozenset(factories.DECLARED) - {code}}


REFUSED: list[tuple[str, Before, dict[str, Any]]] = [
    ("NO_SLOT_CHOSEN", nothing, {"starts_at": None}),
    ("NO_SLOT_CHOSEN", nothing, {"slot": "2026-06-11T25:00"}),
    ("DAY_NOT_DISPLAYED", nothing, {"starts_at": at("2026-06-16 10:00")}),
    ("DAY_CLOSED", nothing, {"starts_at": at("2026-06-13 10:00")}),
    ("DAY_CLOSED", closed_by_staff, {}),
    ("BOOKING_CLOSED", nothing, {"starts_at": at("2026-06-08 15:00")}),
    ("HOUR_NOT_OFFERED", nothing, {"starts_at": at("2026-06-11 12:00")}),
    ("HOUR_NOT_OFFERED", nothing, {"starts_at": at("2026-06-11 10:30")}),
    ("HOUR_NOT_OFFERED", half_day, {}),
    ("SLOT_STOPPED", stopped, {}),
    ("SLOT_FULL", full, {}),
    ("TOO_FEW_CASES_LEFT", two_cases_left, {}),
    ("TOO_MANY_SLOTS", two_slots, {}),
    ("SAME_HOUR_TWICE", same_hour, {}),
    ("NO_CASES", nothing, {"cases": 0}),
    ("NO_CASES", nothing, {"cases": ["", "  "]}),
    ("TOO_MANY_CASES", nothing, {"cases": 16}),
    ("NO_CASES", nothing, {"rows": (DraftRow(type="change"),)}),
    ("NUMBER_TOO_SHORT", nothing, {"rows": rows(DraftRow("E1", "change"))}),
    ("NUMBER_TOO_LONG", nothing, {"rows": rows(DraftRow(f"阪労一E{'1' * 27}"))}),
    ("NUMBER_FORBIDDEN_CHARACTERS", nothing, {"rows": rows(DraftRow("阪労一E0123★"))}),
    ("NUMBER_REPEATED", nothing, {"cases": ["阪労一E01234", "阪労一Ｅ－01234"]}),
    ("NUMBER_IN_OTHER_RESERVATION", same_number, {}),
    ("TYPE_MISSING", nothing, {"rows": rows(DraftRow("阪労一X01234"))}),
    ("TYPE_UNKNOWN", nothing, {"rows": rows(DraftRow("阪労一E01234", "reentry"))}),
    ("CATEGORY_MISSING", nothing, {"category": ""}),
    ("CATEGORY_UNKNOWN", nothing, {"category": "family"}),
    ("CATEGORY_NOT_FOR_HOLDER", nothing, {"category": "professional_receive_only"}),
    ("CERTIFICATE_EXPIRES_BEFORE_VISIT", expired, {}),
    *(("DECLARATION_MISSING", nothing, without(code)) for code in factories.DECLARED),
    ("DECLARATION_MISSING", nothing, {"type_for_all": "acquisition_birth"}),
    ("SUSPENDED", suspended, {}),
    ("CERTIFICATE_TO_BE_SEEN", number_of_a_suspended, {}),
    ("CERTIFICATE_SHOWN_BY_ANOTHER", shown_by_another, {}),
    ("NOTICE_NOT_READ", nothing, {"notice_version": None}),
    ("NOTICE_CHANGED", notice_2, {}),
]

ELSEWHERE = {
    "EDUCATION_INSTITUTION",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_NOT_OF_KIND",
    "KIND_PROVED",
    "CERTIFICATE_PROVED_ELSEWHERE",
    "TOO_MANY_CLAIMS",
    "TOO_MANY_CERTIFICATES",
    "TOO_MANY_NUMBERS_TODAY",
    "DRAFT_CHANGED",
    "TOO_MANY_DRAFTS",
    "CHANGE_CLOSED",
    "RESERVATION_CANCELLED",
    "RESERVATION_ENDED",
    "RESERVATION_CHANGED",
    "MORE_THAN_FIRST_COUNT",
    "ALL_WITHDRAWN",
    "CORRECTION_NOT_ALLOWED",
    "WITHDRAWAL_NOT_ALLOWED",
    "PUTTING_BACK_NOT_ALLOWED",
    "RESCHEDULING_NOT_ALLOWED",
    "HOUR_UNCHANGED",
    "NOTHING_CHANGED",
    "NUMBER_MISSING",
    "NOT_TODAY",
    "NOT_YET_HAPPENED",
    "HOUR_NOT_OVER",
    "HAS_ARRIVED",
    "CAME_IN_TIME",
    "NO_SHOW_BEFORE_HOUR",
    "HAS_NOT_ARRIVED",
    "VISIT_ENDED",
    "CORRECTION_CLOSED",
    "REASON_MISSING",
    "CALL_NOT_YET_HAPPENED",
    "CALL_BEFORE_BOOKING",
    "CALL_AFTER_THE_HOUR",
    "CALL_STAYS",
    "VISIT_DAY_OVER",
    "REASON_WITHOUT_MARK",
    "TIME_MISSING",
    "TIME_UNREADABLE",
    "CERTIFICATE_OF_ANOTHER",
    "NOTHING_PROVED",
    "TIME_RECORDED",
    "TIME_OUT_OF_ORDER",
    "CERTIFICATE_BEFORE_ARRIVAL",
    "CERTIFICATE_UNSEEN",
    "PROVED_ON_ANOTHER_DAY",
    "PROOF_RELIED_ON",
}
"""Refusals of the holder's form, the confirmation page, changing, the counter and the telephone."""


def book_with(claim: CertificateClaim, **changes: Any) -> Reservation:
    values = {"starts_at": THURSDAY_TEN, "cases": 3, **changes}
    what = order(claim, values.pop("starts_at"), values.pop("cases"), **values)
    return book(order=what, facts=facts(MONDAY), actor="mail:7", at=MONDAY)


def test_refused__list__leaves_no_refusal_out() -> None:
    assert {code for code, _before, _changes in REFUSED} | ELSEWHERE == set(Refusal.__members__)


def test_booked__same_setup__nothing_in_the_way(monday_morning: datetime) -> None:
    assert book_with(situations.aoki()).first_case_count == 3


@pytest.mark.parametrize(
    ("code", "before", "changes"),
    REFUSED,
    ids=[f"{index}-{code}" for index, (code, _before, _changes) in enumerate(REFUSED)],
)
def test_refused__one_thing_in_the_way__this_reason_alone_and_nothing_written(
    monday_morning: datetime, code: str, before: Before, changes: dict[str, Any]
) -> None:
    claim = situations.aoki()
    before(claim)

    with nothing_written(), pytest.raises(Refused) as refused:
        book_with(claim, **changes)

    assert set(refused.value.codes) == {code}


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        (two_cases_left, {"cases": 2}),
        (nothing, {"type_for_all": "acquisition_birth", "declared": "birth"}),
        (notice_2, {"notice_version": 2}),
        (stopped, {"starts_at": at("2026-06-11 11:00")}),
        (same_number, {"cases": ["阪労一E01234", "阪労一E01236"]}),
        (nothing, {"rows": rows(DraftRow(type="change", category="own"))}),
    ],
    ids=[
        "two cases",
        "birth declared",
        "new notice read",
        "next hour",
        "other numbers",
        "no number",
    ],
)
def test_booked__what_was_in_the_way_mended__taken(
    monday_morning: datetime, before: Before, changes: dict[str, Any]
) -> None:
    claim = situations.aoki()
    before(claim)
    if changes.get("declared") == "birth":
        changes["declared"] = frozenset({*factories.DECLARED, "acquisition_by_birth"})

    assert book_with(claim, **changes).pk
