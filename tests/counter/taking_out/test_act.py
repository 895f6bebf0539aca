"""A case that is none of this counter's, taken out by the bureau: written, told, never undone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests import factories, situations
from tests.changes import (
    assert_refused,
    cancel,
    cases_of,
    change,
    edits,
    numbers_of,
    take_out,
)
from tests.concurrency.crowd import assert_counters_agree
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.counter.preparation.difference_words import differences_of
from uketori.counter.preparation.differences import moved_since
from uketori.outbox.models import OutgoingMail
from uketori.reservations.confirmation.ledger import ledger_of
from uketori.reservations.models import CaseChange, CaseChangeKind, Reservation
from uketori.rules.refusals import Refusal
from uketori.rules.taking_out import NotHere

pytestmark = pytest.mark.django_db

TEN, DAY = at("2026-06-11 10:00"), date(2026, 6, 11)
TUESDAY, NOON = at("2026-06-09 16:00"), at("2026-06-10 12:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def visit(at_moment: AtMoment) -> Reservation:
    """青木, Thursday 10:00, three cases; it is Tue 2026-06-09 16:00."""
    at_moment(TUESDAY)
    return factories.reservation(
        situations.aoki(), TEN, ["阪労一E00001", "阪労一E00002", "阪労一E00003"]
    )


def counts(visit: Reservation) -> tuple[int, int, int]:
    """First count, live count, and what the hour holds."""
    row = Reservation.objects.get(pk=visit.pk)
    return row.first_case_count, row.live_case_count, factories.slot(TEN).booked_cases


def mails() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("event", flat=True))


def test_take_out__one_of_three__both_counts_fall_and_the_place_is_free(
    visit: Reservation,
) -> None:
    left = take_out(visit, 2)

    assert counts(visit) == (2, 2, 2)
    assert numbers_of(visit) == ["阪労一E00001", "阪労一E00003"]
    assert visit.cases.get(order=2).withdrawn_at == TUESDAY
    assert (left.revision, left.revised_at) == (2, TUESDAY)
    assert_counters_agree()


def test_take_out__two__a_line_each_with_who_and_why(visit: Reservation) -> None:
    take_out(visit, 1, 2, because=NotHere.NOT_COVERED)

    lines = CaseChange.objects.values_list("kind", "actor", "revision", "because", "after")
    assert list(lines) == [(CaseChangeKind.TAKEN_OUT, "staff:1", 2, "not_covered", None)] * 2
    told = ledger_of(Reservation.objects.get())
    assert [(one.kind, one.who, one.before.split("　")[0], one.why) for one in told] == [
        ("窓口で除いた", "窓口", "阪労一E00001", "予約の対象ではない申請"),
        ("窓口で除いた", "窓口", "阪労一E00002", "予約の対象ではない申請"),
    ]


def test_take_out__recorded__with_digests_only(visit: Reservation) -> None:
    take_out(visit, 1)

    event = Event.objects.get(kind="case_taken_out")
    assert (event.actor, event.subject) == ("staff:1", visit.reference)
    assert (event.facts["because"], event.facts["cases"]) == ("other_bureau", 2)
    assert [one["kind"] for one in event.facts["changes"]] == ["taken_out"]
    assert "E00001" not in str(event.facts)


def test_take_out__told_in_one_mail(visit: Reservation) -> None:
    take_out(visit, 1, 2)

    mail = OutgoingMail.objects.get()
    assert (mail.event, mail.revision, mail.recipient) == ("case_taken_out", 2, "aoki@example.jp")


@pytest.mark.parametrize("when", [NOON - SECOND, NOON, TEN + timedelta(hours=5)])
def test_take_out__before_and_after_the_holder_s_deadline__done(
    visit: Reservation, when: datetime
) -> None:
    take_out(visit, 1, at=when)
    assert counts(visit) == (2, 2, 2)


def test_put_back__after_one_was_taken_out__refused_then_only_as_many_as_withdrawn(
    visit: Reservation,
) -> None:
    take_out(visit, 1)
    assert_refused(visit, Refusal.MORE_THAN_FIRST_COUNT, put_back=["阪労一E08001"])

    change(visit, withdrawn=[1])
    both = ["阪労一E08001", "阪労一E08002"]
    assert_refused(visit, Refusal.MORE_THAN_FIRST_COUNT, put_back=both)
    change(visit, put_back=both[:1])
    assert counts(visit) == (2, 2, 2)


@pytest.mark.parametrize("places", [(1,), (1, 2, 3)])
def test_take_out__the_last_ones__the_bureau_cancels_and_tells_why(
    visit: Reservation, places: tuple[int, ...]
) -> None:
    if len(places) == 1:
        change(visit, withdrawn=[1, 2])
        OutgoingMail.objects.all().delete()
    left = take_out(visit, *places, because=NotHere.OTHER_COUNTER)

    assert (left.cancelled_at, left.ended_by) == (TUESDAY, "staff:1")
    assert (factories.slot(TEN).booked_reservations, factories.slot(TEN).booked_cases) == (0, 0)
    mail = OutgoingMail.objects.get()
    assert mail.event == "reservation_cancelled_by_bureau"
    assert mail.facts == {"reason": "not_here", "because": "other_counter"}
    event = Event.objects.get(kind="reservation_cancelled_by_bureau")
    assert (event.facts["reason"], event.facts["because"]) == ("not_here", "other_counter")
    assert not CaseChange.objects.filter(kind=CaseChangeKind.TAKEN_OUT).exists()
    assert_counters_agree()


@pytest.mark.parametrize(
    ("happens", "when", "code"),
    [
        (cancel, TUESDAY, Refusal.RESERVATION_CANCELLED),
        (lambda visit: ends(visit, arrived_at=TEN), TEN, Refusal.RESERVATION_ENDED),
        (lambda visit: ends(visit, no_show_at=TEN), TEN, Refusal.RESERVATION_ENDED),
        (lambda _visit: None, at("2026-06-12 00:00"), Refusal.VISIT_DAY_OVER),
    ],
)
def test_take_out__cancelled_come_missed_or_past__refused_and_nothing_written(
    visit: Reservation,
    happens: Callable[[Reservation], Any],
    when: datetime,
    code: Refusal,
) -> None:
    happens(visit)
    told = mails()
    assert_refused(visit, code, act=lambda: take_out(visit, 1, at=when))
    assert mails() == told


def ends(visit: Reservation, **columns: Any) -> None:
    Reservation.objects.filter(pk=visit.pk).update(**columns)


@pytest.mark.parametrize("wanted", [{"withdrawn": [1]}, {"corrected": {1: "阪労一E09999"}}])
def test_take_out__withdrawn_or_corrected_since_the_page_was_shown__refused(
    visit: Reservation, wanted: dict[str, Any]
) -> None:
    change(visit, **wanted)
    code = Refusal.RESERVATION_CHANGED
    assert_refused(visit, code, act=lambda: take_out(visit, 1, revision=1))
    take_out(visit, 1, revision=2)


def test_take_out__again_with_the_same_form__refused_and_taken_once(visit: Reservation) -> None:
    take_out(visit, 1, revision=1)
    code = Refusal.RESERVATION_CHANGED
    assert_refused(visit, code, act=lambda: take_out(visit, 1, revision=1))
    assert counts(visit) == (2, 2, 2)


def test_change__on_a_page_from_before__refused(visit: Reservation) -> None:
    typed = edits(visit, withdrawn=[1])
    take_out(visit, 1)
    assert_refused(visit, Refusal.RESERVATION_CHANGED, wanted=typed)


@pytest.mark.parametrize(
    ("kind", "because"),
    [(CaseChangeKind.TAKEN_OUT, ""), (CaseChangeKind.WITHDRAWN, NotHere.OTHER_BUREAU)],
)
def test_database__line_taken_out_without_why_or_why_without__refused(
    visit: Reservation, kind: CaseChangeKind, because: str
) -> None:
    line = CaseChange(
        reservation=visit,
        case=cases_of(visit)[0],
        kind=kind,
        because=because,
        before={},
        actor="staff:1",
        revision=2,
        changed_at=TUESDAY,
    )
    with pytest.raises(IntegrityError, match="taken_out_says_why"), transaction.atomic():
        line.save()


def test_difference_sheet__taken_out_since_the_printing__with_who(visit: Reservation) -> None:
    take_out(visit, 2, at=NOON)

    (one,) = differences_of(moved_since("osaka", DAY, NOON - SECOND), factories.policy(TEN))
    assert one.who == "窓口"
    assert [(card.task, card.before.split("　")[0], card.after) for card in one.cards] == [
        ("棚に戻す", "阪労一E00002", "")
    ]
