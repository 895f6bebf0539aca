"""What the bureau tells of a reservation: with the act, and true when it leaves.  R-30, R-42."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from tests import factories, situations
from tests.changes import cancel, change
from tests.mails.reading import says
from tests.policies import at
from tests.situations import AtMoment
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once
from uketori.reservations.mails.telling import (
    BureauReason,
    CallResult,
    tell_call,
    tell_cancelled_by_bureau,
    tell_moved_by_bureau,
    tell_not_ready,
    tell_number_unknown,
)
from uketori.reservations.models import Reservation, ReservedCase

pytestmark = pytest.mark.django_db

MONDAY = situations.MONDAY_MORNING
NOON = at("2026-06-10 12:00")
"""The deadline of Thu 2026-06-11."""
ENTRY = "http://testserver/osaka/entry"


@pytest.fixture
def reservation(monday_morning: datetime, settings: Any) -> Reservation:
    """青木's three cases on Thu 2026-06-11 10:00."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return factories.reservation(situations.aoki(), at("2026-06-11 10:00"), factories.numbers(3))


def case(reservation: Reservation, order: int) -> ReservedCase:
    return reservation.cases.get(order=order)


def cancelled(reservation: Reservation, when: datetime) -> Reservation:
    Reservation.objects.filter(pk=reservation.pk).update(
        cancelled_at=when, revised_at=when, revision=2
    )
    reservation.refresh_from_db()
    return reservation


def leaves(told: OutgoingMail, when: datetime) -> str:
    """Let the worker send; return the state of the mail."""
    run_once(when)
    told.refresh_from_db()
    return told.state


def marked(
    tell: Callable[..., OutgoingMail], reservation: Reservation, cases: list[ReservedCase]
) -> OutgoingMail:
    """Mark the cases as a clerk would, and tell of it."""
    mark = "not_ready" if tell is tell_not_ready else "wrong_number"
    reservation.cases.filter(pk__in=[one.pk for one in cases]).update(ahead_mark=mark)
    return tell(reservation=reservation, cases=cases, at=MONDAY)


def body() -> str:
    return str(mail.outbox[-1].body)


def test_tell__act_is_rolled_back__nothing_is_told(reservation: Reservation) -> None:
    @transaction.atomic
    def note_a_call() -> None:
        tell_call(reservation=reservation, result=CallResult.LATE, at=NOON)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        note_a_call()

    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (BureauReason.CLOSURE, "臨時に閉庁するためです。"),
        (BureauReason.FAULT, "システムの障害のためです。"),
        (BureauReason.OTHER, "当局の都合によるものです。"),
    ],
)
def test_cancelled_by_bureau__says_why_and_that_it_counts_against_nobody(
    reservation: Reservation, reason: BureauReason, words: str
) -> None:
    row = cancelled(reservation, MONDAY)
    told = tell_cancelled_by_bureau(reservation=row, reason=reason, at=MONDAY)

    assert leaves(told, MONDAY) == MailState.SENT
    assert says(body(), words)
    assert says(body(), "あなたのキャンセルとしては数えません。")
    assert ENTRY in body().split("\n")


def test_cancelled__row_still_stands__nothing_untrue_leaves(reservation: Reservation) -> None:
    told = tell_cancelled_by_bureau(reservation=reservation, reason=BureauReason.OTHER, at=MONDAY)

    assert leaves(told, MONDAY) == MailState.DROPPED


def test_moved_by_bureau__old_and_new_hour(reservation: Reservation) -> None:
    new = at("2026-06-12 14:00")
    Reservation.objects.update(starts_at=new, visit_day=new.date(), revision=2, revised_at=MONDAY)
    row = Reservation.objects.get()
    told = tell_moved_by_bureau(
        reservation=row, old_starts_at=reservation.starts_at, reason=BureauReason.FAULT, at=MONDAY
    )

    assert leaves(told, MONDAY) == MailState.SENT
    assert says(body(), "前の時間　6月11日（木）10時～11時 新しい時間　6月12日（金）14時～15時")
    assert "6月12日（金）14時～15時" in mail.outbox[-1].subject


def test_moved__cancelled_by_the_user_meanwhile__superseded(
    reservation: Reservation, at_moment: AtMoment
) -> None:
    told = tell_moved_by_bureau(
        reservation=reservation,
        old_starts_at=MONDAY,
        reason=BureauReason.OTHER,
        at=MONDAY,
    )
    cancel(reservation)

    assert leaves(told, MONDAY) == MailState.SUPERSEDED


def test_call__cancelled_after_the_deadline__says_that_it_was_recorded(
    reservation: Reservation,
) -> None:
    row = cancelled(reservation, NOON)
    told = tell_call(reservation=row, result=CallResult.CANCELLED, at=NOON)

    assert leaves(told, NOON) == MailState.SENT
    assert says(body(), "6月10日（水）12時のお電話により、次の予約を取り消しました。")
    assert says(body(), "期限のあとの変更・キャンセルとして記録しました。")


def test_call__changed__holds_everything_for_the_counter(reservation: Reservation) -> None:
    told = tell_call(reservation=reservation, result=CallResult.CHANGED, at=NOON)

    assert leaves(told, NOON) == MailState.SENT
    for words in (*factories.numbers(3), reservation.reference, "予約窓口で見せてください"):
        assert says(body(), words), words


@pytest.mark.parametrize(
    ("leaves_at", "state"),
    [
        ("2026-06-11 10:59:59", MailState.SENT),
        ("2026-06-11 11:00:00", MailState.DROPPED),
    ],
)
def test_call__will_be_late__told_until_the_hour_is_over(
    reservation: Reservation, leaves_at: str, state: MailState
) -> None:
    told = tell_call(reservation=reservation, result=CallResult.LATE, at=at("2026-06-11 09:30"))

    assert leaves(told, at(leaves_at)) == state


def test_call__late_and_arrived_before_it_left__dropped(reservation: Reservation) -> None:
    told = tell_call(reservation=reservation, result=CallResult.LATE, at=at("2026-06-11 09:30"))
    Reservation.objects.update(arrived_at=at("2026-06-11 10:10"))

    assert leaves(told, at("2026-06-11 10:11")) == MailState.DROPPED


@pytest.mark.parametrize(
    ("orders", "words", "silent"),
    [
        ([1], "ほかの案件は、予約のとおりに", "これですべてです"),
        ([1, 2, 3], "これですべてです。どうぞ、お越しにならないでください。", "ほかの案件は"),
    ],
)
def test_not_ready__some_or_all__come_or_do_not(
    reservation: Reservation, orders: list[int], words: str, silent: str
) -> None:
    cases = [case(reservation, order) for order in orders]
    told = marked(tell_not_ready, reservation, cases)

    assert leaves(told, MONDAY) == MailState.SENT
    assert says(body(), words)
    assert not says(body(), silent)
    numbers = factories.numbers(3)
    assert [one in body() for one in numbers] == [place in orders for place in (1, 2, 3)]


@pytest.mark.parametrize("tell", [tell_not_ready, tell_number_unknown])
@pytest.mark.parametrize(
    ("leaves_at", "is_linked"),
    [("2026-06-10 11:59:59", True), ("2026-06-10 12:00:00", False)],
)
def test_cases__around_the_deadline__own_page_or_telephone(
    reservation: Reservation,
    tell: Callable[..., OutgoingMail],
    leaves_at: str,
    is_linked: bool,
) -> None:
    told = marked(tell, reservation, [case(reservation, 1)])

    assert leaves(told, at(leaves_at)) == MailState.SENT
    assert (ENTRY in body().split("\n")) is is_linked
    assert "0570-064259" in body()


@pytest.mark.parametrize("tell", [tell_not_ready, tell_number_unknown])
@pytest.mark.parametrize(
    ("leaves_at", "state"),
    [
        ("2026-06-11 09:59:59", MailState.SENT),
        ("2026-06-11 10:00:00", MailState.DROPPED),
    ],
)
def test_cases__told_until_the_visit(
    reservation: Reservation,
    tell: Callable[..., OutgoingMail],
    leaves_at: str,
    state: MailState,
) -> None:
    told = marked(tell, reservation, [case(reservation, 1)])

    assert leaves(told, at(leaves_at)) == state


@pytest.mark.parametrize("tell", [tell_not_ready, tell_number_unknown])
def test_cases__mark_taken_back_before_it_left__never_sent(
    reservation: Reservation, tell: Callable[..., OutgoingMail]
) -> None:
    told = marked(tell, reservation, [case(reservation, 1)])
    reservation.cases.update(ahead_mark="")

    assert leaves(told, MONDAY) == MailState.SUPERSEDED


def test_number_unknown__one_corrected_meanwhile__only_the_other_is_asked_about(
    reservation: Reservation,
) -> None:
    cases = [case(reservation, 1), case(reservation, 2)]
    told = marked(tell_number_unknown, reservation, cases)
    change(reservation, corrected={1: "阪労一E99999"})

    assert leaves(told, MONDAY) == MailState.SENT
    (asked,) = [str(one.body) for one in mail.outbox if "お確かめください" in one.subject]
    assert (factories.numbers(3)[1] in asked, "E99999" in asked) == (True, False)


def test_number_unknown__all_corrected_or_taken_out_meanwhile__superseded(
    reservation: Reservation,
) -> None:
    cases = [case(reservation, 1), case(reservation, 2)]
    told = marked(tell_number_unknown, reservation, cases)
    change(reservation, corrected={1: "阪労一E99999"}, withdrawn=[2])

    assert leaves(told, MONDAY) == MailState.SUPERSEDED


def test_facts__in_the_outbox__no_name_and_no_number(reservation: Reservation) -> None:
    cases = [case(reservation, 1)]
    tell_not_ready(reservation=reservation, cases=cases, at=MONDAY)
    tell_moved_by_bureau(
        reservation=reservation,
        old_starts_at=MONDAY,
        reason=BureauReason.CLOSURE,
        at=MONDAY,
    )

    kept = str(list(OutgoingMail.objects.values_list("facts", flat=True)))

    assert str(cases[0].pk) in kept
    for words in ("青木", "大取", "E01234", "@"):
        assert words not in kept
