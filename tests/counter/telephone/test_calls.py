"""What a clerk does for somebody who called: what is written, told, and refused.  4(2), R-30."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from tests import factories, situations
from tests.changes import assert_refused, edits, numbers_of, state_of
from tests.policies import at
from uketori.audit.models import Event
from uketori.bureaus.models import Slot
from uketori.counter.models import Call, CallKind
from uketori.counter.telephone.calls import Noted, calls_of, cancel_for, change_for, record_call
from uketori.counter.visit.check_in import check_in
from uketori.counter.visit.endings import end_visit
from uketori.outbox.models import OutgoingMail
from uketori.reservations.cancelling.act import cancel_by_bureau
from uketori.reservations.mails.telling import BureauReason
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal
from uketori.rules.visit import Ending

pytestmark = pytest.mark.django_db

TEN, ELEVEN = at("2026-06-11 10:00"), at("2026-06-11 11:00")
NOON = at("2026-06-10 12:00")
"""From then on nothing of Thursday can be changed by oneself."""
EVENING = at("2026-06-11 20:00")
CLERK = "staff:1"
SECOND = timedelta(seconds=1)


@pytest.fixture
def visit() -> Reservation:
    """青木, Thursday 10:00, three cases."""
    return factories.reservation(situations.aoki(), TEN, 3)


def noted(called_at: datetime, **changes: Any) -> Noted:
    values = {"called_at": called_at, "caller": "青木さん", "note": "急病", "key": uuid4()}
    return Noted(**{**values, **changes})


def hour() -> tuple[int, int]:
    slot = Slot.objects.get(starts_at=TEN)
    return slot.booked_reservations, slot.booked_cases


def mails() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("event", flat=True))


@pytest.mark.parametrize(
    ("called", "is_after", "is_before", "told"),
    [
        (NOON - SECOND, False, True, ["reservation_cancelled"]),
        (NOON, True, True, ["telephone_cancelled"]),
        (TEN - SECOND, True, True, ["telephone_cancelled"]),
        (TEN, True, False, ["telephone_cancelled"]),
        (ELEVEN - SECOND, True, False, ["telephone_cancelled"]),
    ],
)
def test_cancel_for__around_the_deadline_and_the_hour(
    visit: Reservation, called: datetime, is_after: bool, is_before: bool, told: list[str]
) -> None:
    call = cancel_for(reservation=visit, noted=noted(called), actor=CLERK, at=called)

    visit.refresh_from_db()
    assert (visit.cancelled_at, visit.ended_by, hour()) == (called, CLERK, (0, 0))
    assert (call.kind, call.is_after_deadline, call.is_before_visit) == (
        CallKind.CANCEL,
        is_after,
        is_before,
    )
    assert mails() == told


def test_cancel_for__called_when_the_hour_was_over__refused_and_nothing_written(
    visit: Reservation,
) -> None:
    assert_refused(
        visit,
        Refusal.CALL_AFTER_THE_HOUR,
        act=lambda: cancel_for(reservation=visit, noted=noted(ELEVEN), actor=CLERK, at=ELEVEN),
    )
    assert (Call.objects.count(), mails()) == (0, [])


def test_cancel_for__noted_on_paper_before_noon__in_time_however_late_it_is_typed(
    visit: Reservation,
) -> None:
    call = cancel_for(reservation=visit, noted=noted(NOON - SECOND), actor=CLERK, at=EVENING)

    assert (call.called_at, call.recorded_at) == (NOON - SECOND, EVENING)
    assert not call.is_after_deadline


def test_events__codes_and_references_only(visit: Reservation) -> None:
    call = cancel_for(reservation=visit, noted=noted(NOON), actor=CLERK, at=NOON)

    written = list(Event.objects.order_by("pk").values_list("kind", "actor", "subject"))
    assert written == [
        ("reservation_cancelled", CLERK, visit.reference),
        ("call_recorded", CLERK, visit.reference),
    ]
    assert Event.objects.get(kind="call_recorded").facts == {
        "call": call.pk,
        "about": "cancel",
        "called_at": NOON.isoformat(),
        "after_deadline": True,
        "before_visit": True,
        "done": True,
    }


def test_change_for__after_the_deadline__places_free_at_once_ledger_says_staff(
    visit: Reservation,
) -> None:
    wanted = edits(visit, withdrawn=[1], corrected={2: "阪労一E09002"})

    call = change_for(reservation=visit, edits=wanted, noted=noted(NOON), actor=CLERK, at=NOON)

    visit.refresh_from_db()
    assert (visit.live_case_count, visit.first_case_count, hour()) == (2, 3, (1, 2))
    assert numbers_of(visit)[0] == "阪労一E09002"
    assert set(visit.changes.values_list("actor", flat=True)) == {CLERK}
    assert (call.kind, call.is_after_deadline) == (CallKind.CHANGE, True)
    assert mails() == ["telephone_changed"]


def test_change_for__before_noon__the_mail_of_any_change(visit: Reservation) -> None:
    wanted = edits(visit, withdrawn=[1])

    change_for(
        reservation=visit, edits=wanted, noted=noted(NOON - SECOND), actor=CLERK, at=NOON - SECOND
    )

    assert mails() == ["reservation_changed"]


@pytest.mark.parametrize(
    ("put_back", "codes"),
    [(["阪労一E09001"], []), (["阪労一E09001", "阪労一E09002"], [Refusal.MORE_THAN_FIRST_COUNT])],
)
def test_change_for__put_back__never_above_the_first_count(
    visit: Reservation, put_back: list[str], codes: list[Refusal]
) -> None:
    change_for(
        reservation=visit,
        edits=edits(visit, withdrawn=[1]),
        noted=noted(NOON),
        actor=CLERK,
        at=NOON,
    )
    visit.refresh_from_db()
    wanted = edits(visit, put_back=put_back)

    def act() -> Call:
        return change_for(reservation=visit, edits=wanted, noted=noted(NOON), actor=CLERK, at=NOON)

    if codes:
        assert_refused(visit, *codes, act=act)
    else:
        act()
        assert hour() == (1, 3)


@pytest.mark.parametrize("kind", list(CallKind))
def test_record__by_itself__changes_nothing_but_the_log(visit: Reservation, kind: CallKind) -> None:
    before = state_of(visit)

    record_call(reservation=visit, kind=kind, noted=noted(NOON), actor=CLERK, at=NOON)

    assert state_of(visit) == before
    assert mails() == (["telephone_late"] if kind is CallKind.WILL_BE_LATE else [])


def test_record__called_before_the_hour_and_marked_as_no_show_since__noted_all_the_same(
    visit: Reservation,
) -> None:
    end_visit(
        reservation=visit,
        ending=Ending.NO_SHOW,
        policy=factories.policy(TEN),
        actor=CLERK,
        at=ELEVEN,
    )
    assert_refused(
        visit,
        Refusal.RESERVATION_ENDED,
        act=lambda: cancel_for(
            reservation=visit, noted=noted(TEN - SECOND), actor=CLERK, at=EVENING
        ),
    )

    call = record_call(
        reservation=visit,
        kind=CallKind.CANCEL,
        noted=noted(TEN - SECOND),
        actor=CLERK,
        at=EVENING,
    )

    assert call.is_before_visit
    assert not call.is_done


@pytest.mark.parametrize(
    ("called", "code"),
    [
        (NOON + SECOND, Refusal.CALL_NOT_YET_HAPPENED),
        (at("2026-06-01 09:00"), Refusal.CALL_BEFORE_BOOKING),
    ],
)
def test_record__at_a_moment_that_cannot_be__refused(
    visit: Reservation, called: datetime, code: Refusal
) -> None:
    assert_refused(
        visit,
        code,
        act=lambda: record_call(
            reservation=visit, kind=CallKind.OTHER, noted=noted(called), actor=CLERK, at=NOON
        ),
    )
    assert not Call.objects.exists()


def test_same_form_twice__one_call_one_mail(visit: Reservation) -> None:
    same = noted(NOON)

    first = cancel_for(reservation=visit, noted=same, actor=CLERK, at=NOON)
    again = cancel_for(reservation=visit, noted=same, actor=CLERK, at=NOON + SECOND)

    assert (first, Call.objects.count(), mails()) == (again, 1, ["telephone_cancelled"])


def test_cancel_for__who_has_arrived__refused(visit: Reservation) -> None:
    check_in(reservation=visit, policy=factories.policy(TEN), actor=CLERK, at=TEN)

    assert_refused(
        visit,
        Refusal.RESERVATION_ENDED,
        act=lambda: cancel_for(reservation=visit, noted=noted(TEN), actor=CLERK, at=TEN + SECOND),
    )


def test_by_bureau__after_the_deadline__told_why_and_no_call_counts(visit: Reservation) -> None:
    cancel_by_bureau(reservation=visit, reason=BureauReason.FAULT, actor=CLERK, at=TEN)

    visit.refresh_from_db()
    assert (visit.cancelled_at, hour(), Call.objects.count()) == (TEN, (0, 0), 0)
    assert mails() == ["reservation_cancelled_by_bureau"]
    event = Event.objects.get()
    assert (event.kind, event.facts["reason"]) == ("reservation_cancelled_by_bureau", "fault")


def test_by_bureau__cancelled_before__refused(visit: Reservation) -> None:
    def act() -> Reservation:
        return cancel_by_bureau(reservation=visit, reason=BureauReason.CLOSURE, actor=CLERK, at=TEN)

    act()
    assert_refused(visit, Refusal.RESERVATION_CANCELLED, act=act)


def test_calls_of__many_reservations__one_query(
    visit: Reservation, django_assert_num_queries: Any
) -> None:
    other = factories.reservation(situations.chinen(), TEN, 1)
    for called_at in (NOON, NOON + SECOND):
        record_call(
            reservation=visit,
            kind=CallKind.OTHER,
            noted=noted(called_at),
            actor=CLERK,
            at=NOON + SECOND,
        )

    with django_assert_num_queries(1):
        found = calls_of([visit, other])

    assert [call.called_at for call in found[visit.pk]] == [NOON, NOON + SECOND]
    assert other.pk not in found


@pytest.mark.parametrize(
    ("calls", "has_telephoned"),
    [
        ([], False),
        ([at("2026-06-11 09:40")], True),
        ([ELEVEN - SECOND], True),
        ([ELEVEN], False),
        ([at("2026-06-11 14:00"), at("2026-06-11 09:40")], True),
    ],
)
@pytest.mark.parametrize("is_ended_first", [True, False])
def test_no_show__somebody_telephoned_before_the_hour_was_over__kept_in_whatever_order(
    visit: Reservation, calls: list[datetime], has_telephoned: bool, is_ended_first: bool
) -> None:
    """What 6(4) counts is never told as silence to whoever called."""

    def end() -> None:
        told = {"policy": visit.made_under, "actor": CLERK, "at": EVENING}
        end_visit(reservation=visit, ending=Ending.NO_SHOW, **told)

    if is_ended_first:
        end()
    for called in calls:
        kind = CallKind.WILL_BE_LATE
        record_call(reservation=visit, kind=kind, noted=noted(called), actor=CLERK, at=EVENING)
    if not is_ended_first:
        end()

    visit.refresh_from_db()
    assert visit.first_telephoned_at == min(calls, default=None)
    assert visit.has_telephoned is has_telephoned


def test_calls_of_before__migrated__the_first_is_kept_with_the_reservation(
    visit: Reservation,
) -> None:
    silent = factories.reservation(situations.chinen(), TEN)
    for called in (EVENING, NOON):
        record_call(
            reservation=visit,
            kind=CallKind.OTHER,
            noted=noted(called),
            actor=CLERK,
            at=EVENING,
        )
    Reservation.objects.update(first_telephoned_at=None)

    import_module("uketori.counter.migrations.0004_keep_first_calls").fill(apps, None)

    visit.refresh_from_db()
    silent.refresh_from_db()
    assert (visit.first_telephoned_at, silent.first_telephoned_at) == (NOON, None)
