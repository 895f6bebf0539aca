"""Cancelling the whole: all is free at once, and nothing brings it back.  4(1), R-32, D07."""

import json

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction

from tests import factories, situations
from tests.changes import cancel, change, numbers_of, state_of
from tests.policies import at
from uketori import clock
from uketori.audit.models import Event
from uketori.bureaus.models import Slot
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once
from uketori.reservations.booking import act as booking_act
from uketori.reservations.booking.drafts import draft_from_reservation
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.mails.again import send_again
from uketori.reservations.models import CaseChange, Reservation
from uketori.rules.refusals import Refusal, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

THURSDAY_TEN = at("2026-06-11 10:00")
FRIDAY_NINE = at("2026-06-12 09:00")
MONDAY_NINE = at("2026-06-15 09:00")


def books(reservation: Reservation, starts_at: factories.datetime, first: int) -> Reservation:
    """The same person books another hour."""
    order = factories.order(reservation.claim, starts_at, factories.numbers(2, first))
    return booking_act.book(order=order, facts=factories.facts(), actor="mail:1", at=clock.now())


def booked(starts_at: factories.datetime = THURSDAY_TEN, cases: int = 5) -> Reservation:
    order = factories.order(situations.aoki(), starts_at, factories.numbers(cases))
    return booking_act.book(order=order, facts=factories.facts(), actor="mail:1", at=clock.now())


def test_cancel__both_counts_are_free_at_once_and_the_moment_is_kept() -> None:
    reservation = booked()
    change(reservation, withdrawn=[1])

    cancelled = cancel(reservation, at=at("2026-06-08 10:30"))

    slot = Slot.objects.get()
    assert (slot.booked_reservations, slot.booked_cases) == (0, 0)
    assert cancelled.cancelled_at == at("2026-06-08 10:30")
    assert (cancelled.first_case_count, cancelled.live_case_count) == (5, 4)
    (event,) = Event.objects.filter(kind="reservation_cancelled")
    assert event.facts == {"cases": 4, "revision": 3}


def test_cancel__last_place_of_the_hour__another_person_can_take_it() -> None:
    reservation = booked()
    factories.slot(THURSDAY_TEN, capacity_reservations=1, capacity_cases=5)
    order = factories.order(situations.chinen(), THURSDAY_TEN, factories.numbers(5, 5000))
    facts = factories.facts()
    with pytest.raises(Refused):
        booking_act.book(order=order, facts=facts, actor="mail:2", at=clock.now())

    cancel(reservation)

    booking_act.book(order=order, facts=facts, actor="mail:2", at=clock.now())


def test_cancel__one_of_two_hours__one_more_can_be_booked_even_the_same() -> None:
    reservation = booked()
    other = books(reservation, FRIDAY_NINE, 2000)
    with pytest.raises(Refused) as refused:
        books(reservation, MONDAY_NINE, 3000)
    assert refused.value.codes == [Refusal.TOO_MANY_SLOTS]

    cancel(reservation)

    again = books(reservation, THURSDAY_TEN, 1234)
    assert again.first_case_count == 2, "its own first count, not that of the one before"
    cancel(other)
    books(reservation, MONDAY_NINE, 3000)


@pytest.mark.parametrize(
    ("now", "closed"),
    [("2026-06-10 11:59:59.999999", False), ("2026-06-10 12:00:00", True)],
)
def test_cancel__of_thursday_around_noon_on_wednesday(now: str, closed: bool) -> None:
    reservation = booked()
    before = state_of(reservation)
    if not closed:
        assert cancel(reservation, at=at(now)).cancelled_at == at(now)
        return
    with pytest.raises(Refused) as refused:
        cancel(reservation, at=at(now))
    assert refused.value.codes == [Refusal.CHANGE_CLOSED]
    assert state_of(reservation) == before


def test_cancelled__nothing_revives_it() -> None:
    reservation = booked()
    cancel(reservation)
    before = state_of(reservation)

    for act in (
        lambda: cancel(reservation),
        lambda: change(reservation, put_back=["阪労一E07000"]),
        lambda: change(reservation, withdrawn=[1]),
        lambda: change(reservation, corrected={1: "阪労一E07000"}),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.codes == [Refusal.RESERVATION_CANCELLED]
    assert state_of(reservation) == before


def test_cancelled__the_same_form_sent_again__books_nothing() -> None:
    """The key of the form was used up: it still means the reservation that was cancelled."""
    claim = situations.aoki()
    order = factories.order(claim, THURSDAY_TEN, 2)
    facts = factories.facts()
    made = booking_act.book(order=order, facts=facts, actor="mail:1", at=clock.now())
    cancel(made)

    again = booking_act.book(order=order, facts=facts, actor="mail:1", at=clock.now())

    assert again == made
    assert Reservation.objects.live().count() == 0
    assert Slot.objects.get().booked_reservations == 0


def test_cancelled__its_cases_become_the_draft_of_a_new_one() -> None:
    reservation = booked()
    change(reservation, withdrawn=[5], corrected={1: "阪労一E09001"})
    cancel(reservation)

    draft = draft_from_reservation(
        reservation=reservation,
        mail_address=reservation.mail_address,
        claim=reservation.claim,
        at=clock.now(),
    )

    assert draft is not None
    content = DraftContent.from_json(draft.content)
    assert [row.number for row in content.rows] == numbers_of(reservation)
    assert content.slot == ""
    order = factories.order(reservation.claim, FRIDAY_NINE, numbers_of(reservation))
    made = booking_act.book(order=order, facts=factories.facts(), actor="mail:1", at=clock.now())
    assert made.first_case_count == 4


def test_database__changed_and_cancelled__events_hold_digests_only() -> None:
    """D23: the values stand in the ledger, which can be erased; never in an event."""
    reservation = booked()
    typed = [*numbers_of(reservation), "阪労一E09001", "阪労一E09002"]
    change(reservation, withdrawn=[5], corrected={1: "阪労一E09001"})
    change(reservation, put_back=["阪労一E09002"])
    cancel(reservation)

    events = json.dumps(
        list(Event.objects.values_list("kind", "actor", "subject", "facts")), ensure_ascii=False
    )
    personal = [*typed, *(number[-5:] for number in typed), "青木", "大取", "aoki@"]
    assert [word for word in personal if word in events] == []
    (first, *_rest) = Event.objects.filter(kind="reservation_changed").order_by("pk")
    corrected = first.facts["changes"][1]
    assert {len(corrected["before"]), len(corrected["after"])} == {64}
    assert corrected["before"] != corrected["after"]
    ledger = json.dumps(list(CaseChange.objects.values_list("before", "after")), ensure_ascii=False)
    assert all(number in ledger for number in (typed[0], typed[4], *typed[5:]))


def test_database__dumped__no_number_outside_the_tables_that_can_be_erased(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reservation = booked()
    change(reservation, corrected={1: "阪労一E09001"})
    cancel(reservation)
    erasable = {"reservations.reservedcase", "reservations.casechange", "reservations.draft"}

    call_command("dumpdata", format="json")

    rows = json.loads(capsys.readouterr().out)
    found = {
        row["model"] for row in rows if "E09001" in json.dumps(row["fields"], ensure_ascii=False)
    }
    assert found <= erasable
    assert found


# what the database itself bears


@pytest.mark.parametrize(
    "impossible",
    [{"live_case_count": 6}, {"live_case_count": 0}, {"served_at": at("2026-06-11 10:00")}],
    ids=["above the first count", "emptied", "two endings"],
)
def test_database__impossible_reservation__refused(impossible: dict[str, object]) -> None:
    reservation = booked()
    cancel(reservation)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.filter(pk=reservation.pk).update(**impossible)


def test_database__line_of_the_ledger_without_values__refused() -> None:
    reservation = booked()
    change(reservation, withdrawn=[1])
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseChange.objects.update(before=None)


# mails


def delivered() -> list[str]:
    """What left now, subject and body."""
    mail.outbox.clear()
    run_once(clock.now())
    return [f"{one.subject}\n{one.body}" for one in mail.outbox]


def test_mail__changed__holds_the_newest_state() -> None:
    reservation = booked()
    assert len(delivered()) == 1
    gone, *kept = numbers_of(reservation)
    change(reservation, withdrawn=[1], corrected={2: "阪労一E09002"})

    (text,) = delivered()

    assert "予約を変更しました" in text
    told, shown = text.split("予約確認（このメールを")
    assert "4件" in shown
    assert "阪労一E09002" in shown
    assert [number for number in (gone, kept[0]) if number in shown] == []
    assert f"・取り消した　{gone}" in told
    assert f"・なおした　{kept[0]}" in told
    for fact in (reservation.reference, "10時～11時", "6月10日（水）11時59分", "0570-064259"):
        assert fact in text


def test_mail__changed_twice_before_it_left__only_the_newest_leaves() -> None:
    reservation = booked()
    change(reservation, withdrawn=[1])
    change(reservation, withdrawn=[1])

    (text,) = delivered()

    assert "予約を変更しました" in text
    assert "3件" in text
    states = OutgoingMail.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [MailState.SUPERSEDED, MailState.SUPERSEDED, MailState.SENT]


def test_mail__cancelled_while_the_booked_one_waits__only_that_it_was_cancelled() -> None:
    reservation = booked()
    change(reservation, withdrawn=[1])
    cancel(reservation)

    (text,) = delivered()

    assert "予約を取り消しました" in text
    assert "窓口では使えません" in text
    assert "予約が決まりました" not in text
    assert reservation.reference in text


def test_mail__sent_again_after_a_change__is_the_newest_state() -> None:
    reservation = booked()
    change(reservation, withdrawn=[1])
    reservation.refresh_from_db()
    delivered()
    send_again(reservation=reservation, recipient="aoki@example.jp", actor="mail:1", at=clock.now())

    (text,) = delivered()

    assert "4件" in text


def test_mail__sent_again_after_cancelling__says_that_it_was_cancelled() -> None:
    cancelled = cancel(booked())
    delivered()
    send_again(reservation=cancelled, recipient="aoki@example.jp", actor="mail:1", at=clock.now())

    (text,) = delivered()

    assert "予約を取り消しました" in text
    assert "予約が決まりました" not in text
