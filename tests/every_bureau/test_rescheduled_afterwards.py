"""What a new hour leaves behind: mails, reminders, the calendar, the counter's sheets.  D07."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from django.core import mail

from tests import factories, situations
from tests.changes import change, reschedule
from tests.mails.reading import says
from tests.policies import at
from uketori.counter.preparation.difference_words import VisitorDifference, differences_of
from uketori.counter.preparation.differences import moved_since
from uketori.intermediaries.models import CertificateClaim
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once
from uketori.reservations.confirmation.ledger import ledger_of
from uketori.reservations.mails.again import send_again
from uketori.reservations.mails.reminders import remind
from uketori.reservations.mails.telling import CallResult, tell_call
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY, LATER = at("2026-06-08 10:00"), at("2026-06-08 10:05")
WEDNESDAY, THURSDAY, FRIDAY = (at(f"2026-06-{day} 08:00") for day in (10, 11, 12))


@pytest.fixture
def claim(monday_morning: datetime, minato: BureauPolicy, settings: Any) -> CertificateClaim:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    factories.first_notice()
    return factories.claim()


@pytest.fixture
def reservation(claim: CertificateClaim) -> Reservation:
    """青木 at みなと: Thursday at eight, three cases, booked days before."""
    return factories.reservation(claim, THURSDAY, ["湊K00001", "湊K00002", "湊K00003"])


def states() -> dict[str, str]:
    return dict(OutgoingMail.objects.order_by("pk").values_list("event", "state"))


# mails


def test_mail__old_and_new_hour_and_the_new_deadline(reservation: Reservation) -> None:
    reschedule(reservation, FRIDAY)
    run_once(LATER)

    (message,) = mail.outbox
    assert "予約の時間を変更しました　新しい日時 6月12日（金）8時" in message.subject
    assert says(message.body, "前の時間　6月11日（木）8時～8時30分")
    assert says(message.body, "新しい時間　6月12日（金）8時～8時30分")
    assert says(message.body, "2026年6月10日（水）17時59分まで")


def test_mails_that_wait__of_the_old_hour__never_leave(reservation: Reservation) -> None:
    send_again(reservation=reservation, recipient="aoki@example.jp", actor="mail:1", at=MONDAY)
    tell_call(reservation=reservation, result=CallResult.LATE, at=MONDAY)
    reschedule(reservation, FRIDAY)
    run_once(LATER)

    assert states() == {
        "reservation_booked": MailState.SUPERSEDED,
        "telephone_late": MailState.SUPERSEDED,
        "reservation_rescheduled": MailState.SENT,
    }


def test_mail__moved_on_before_it_left__only_the_last_hour_is_told(
    reservation: Reservation,
) -> None:
    reschedule(reservation, FRIDAY)
    reschedule(reservation, WEDNESDAY)
    run_once(LATER)

    (message,) = mail.outbox
    assert says(message.body, "前の時間　6月12日（金）8時～8時30分")
    assert "6月10日（水）8時" in message.subject


def test_telephone_late__of_the_hour_that_stands__leaves(reservation: Reservation) -> None:
    reschedule(reservation, FRIDAY)
    reservation.refresh_from_db()
    tell_call(reservation=reservation, result=CallResult.LATE, at=MONDAY)
    run_once(LATER)

    assert states()["telephone_late"] == MailState.SENT


# reminders: the first three open days before at 10:30, the second one open day before at 8:15


def reminded() -> list[str]:
    found = OutgoingMail.objects.filter(event__startswith="reminder").order_by("pk")
    return [f"{one.event} {str(one.once).split()[2]}" for one in found]


def test_reminders__of_the_new_day_and_not_of_the_old_one(reservation: Reservation) -> None:
    reschedule(reservation, FRIDAY)
    for moment in ("2026-06-09 10:30", "2026-06-10 08:15", "2026-06-11 08:15"):
        remind(at(moment))

    assert reminded() == ["reminder_first 2026-06-12", "reminder_second 2026-06-12"]


def test_reminder__of_the_old_day__waits_while_it_is_moved__dropped(
    reservation: Reservation,
) -> None:
    remind(at("2026-06-08 10:30"))
    assert reminded() == ["reminder_first 2026-06-11"]
    reschedule(reservation, FRIDAY, at=at("2026-06-08 10:31"))
    run_once(at("2026-06-08 10:32"))

    assert states()["reminder_first"] == MailState.DROPPED
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("moved_at", "told"),
    [("2026-06-09 10:29:59", ["reminder_first 2026-06-12"]), ("2026-06-09 10:30:00", [])],
)
def test_reminder__whoever_has_just_moved__has_just_been_told(
    reservation: Reservation, moved_at: str, told: list[str]
) -> None:
    reschedule(reservation, FRIDAY, at=at(moved_at))
    remind(at("2026-06-09 10:31"))
    assert reminded() == told


# the ledger, the export, the calendar


def test_ledger__moves_and_changes_in_their_order(reservation: Reservation) -> None:
    change(reservation, corrected={1: "湊K00099"})
    reschedule(reservation, FRIDAY)
    change(reservation, corrected={2: "湊K00098"})
    reschedule(reservation, WEDNESDAY)

    entries = ledger_of(reservation)
    assert [one.kind for one in entries] == ["なおした", "時間を変えた"] * 2
    moved = entries[1]
    assert (moved.before, moved.after, moved.who) == (
        "6月11日（木）8時～8時30分",
        "6月12日（金）8時～8時30分",
        "ご本人",
    )
    assert [one.kind for one in ledger_of(reservation, revision=3)] == ["時間を変えた"]


def test_export__every_move(reservation: Reservation) -> None:
    reschedule(reservation, FRIDAY)
    visitor = situations.signed_in_client(reservation.claim)
    data = json.loads(visitor.get("/minato/my-data/export").content)

    (one,) = data["reservations"]
    assert one["hours"] == [
        {
            "before": "2026-06-10T23:00:00+00:00",
            "after": "2026-06-11T23:00:00+00:00",
            "by": "self",
            "moved_at": "2026-06-08T01:00:00+00:00",
        }
    ]


def test_calendar__same_entry_with_a_higher_sequence(reservation: Reservation) -> None:
    visitor = situations.signed_in_client(reservation.claim)
    page = f"/minato/reservations/{reservation.reference}/calendar.ics"
    before = visitor.get(page).content.decode().split("\r\n")
    reschedule(reservation, FRIDAY)
    after = visitor.get(page).content.decode().split("\r\n")

    uid = f"UID:{reservation.reference}@minato.example.jp"
    assert uid in before
    assert uid in after
    assert ("SEQUENCE:1" in before, "SEQUENCE:2" in after) == (True, True)
    assert "DTSTART:20260611T230000Z" in after


# the sheets of the counter


def sheet(day: date, policy: BureauPolicy) -> list[VisitorDifference]:
    return differences_of(moved_since("minato", day, MONDAY), policy)


def test_sheet__of_the_old_day__moved_away(reservation: Reservation, minato: BureauPolicy) -> None:
    reschedule(reservation, FRIDAY, at=LATER)
    (found,) = sheet(THURSDAY.date(), minato)

    assert (found.what, found.who) == ("6月12日（金）8時に移りました", "")
    assert [card.task for card in found.cards] == ["棚に戻す"] * 3
    assert found.moment == "6月8日（月）10時5分"


def test_sheet__of_the_new_day__moved_here(reservation: Reservation, minato: BureauPolicy) -> None:
    reschedule(reservation, FRIDAY, at=LATER)
    (found,) = sheet(FRIDAY.date(), minato)

    assert (found.what, found.hour) == ("ほかの日から移りました", "8時～8時30分")
    assert [card.task for card in found.cards] == ["出す"] * 3


def test_sheet__another_hour_of_the_same_day(
    reservation: Reservation, minato: BureauPolicy
) -> None:
    reschedule(reservation, at("2026-06-11 09:00"), at=LATER)
    (found,) = sheet(THURSDAY.date(), minato)

    assert found.what == "時間の変更（前は8時～8時30分）"
    assert found.cards == []


def test_sheet__away_and_back__nothing(reservation: Reservation, minato: BureauPolicy) -> None:
    reschedule(reservation, FRIDAY, at=LATER)
    reschedule(reservation, THURSDAY, at=LATER)

    assert sheet(THURSDAY.date(), minato) == []
    assert sheet(FRIDAY.date(), minato) == []


def test_sheet__corrected_and_moved__the_printed_cards_go_back(
    reservation: Reservation, minato: BureauPolicy
) -> None:
    change(reservation, corrected={1: "湊K00099"}, at=LATER)
    reschedule(reservation, FRIDAY, at=LATER)
    (away,), (here,) = sheet(THURSDAY.date(), minato), sheet(FRIDAY.date(), minato)

    assert away.cards[0].before.startswith("湊K00001")
    assert here.cards[0].after.startswith("湊K00099")
