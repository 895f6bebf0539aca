"""Reminders: enqueued when due, once, and rendered against the live row.  D21."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, situations
from tests.changes import cancel, change
from tests.mails.reading import says
from tests.policies import at
from tests.reservations.walking import LIST, words_of
from tests.situations import AtMoment
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.registry import periodic_jobs
from uketori.outbox.worker import run_once
from uketori.reservations.mails.reminders import remind
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

NINE, NOON, ONE = at("2026-06-10 09:00"), at("2026-06-10 12:00"), at("2026-06-10 13:00")
"""Wed 2026-06-10, the open day before Thu 06-11."""


@pytest.fixture
def reservation(monday_morning: datetime, settings: Any) -> Reservation:
    """青木's hour on Thu 2026-06-11 10:00, booked days before."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return factories.reservation(situations.aoki(), at("2026-06-11 10:00"), 3)


def enqueued() -> list[str]:
    return [one.event for one in OutgoingMail.objects.order_by("pk")]


def state() -> str:
    return OutgoingMail.objects.order_by("-pk")[0].state


def sent() -> list[str]:
    return [str(one.subject) for one in mail.outbox]


@pytest.mark.parametrize(
    ("now", "events"),
    [
        ("2026-06-10 08:59:59", []),
        ("2026-06-10 09:00:00", ["reminder_first"]),
        ("2026-06-10 11:59:59", ["reminder_first"]),
        ("2026-06-10 12:00:00", []),
        ("2026-06-10 13:00:00", ["reminder_second"]),
        ("2026-06-11 09:59:59", ["reminder_second"]),
        ("2026-06-11 10:00:00", []),
    ],
)
def test_remind__of_thu_06_11(reservation: Reservation, now: str, events: list[str]) -> None:
    remind(at(now))

    assert enqueued() == events


def test_remind__every_minute_of_a_day__each_once(reservation: Reservation) -> None:
    for hour in range(8, 20):
        for minute in (0, 1, 59):
            remind(at(f"2026-06-10 {hour:02}:{minute:02}"))

    assert enqueued() == ["reminder_first", "reminder_second"]
    assert len(set(OutgoingMail.objects.values_list("once", flat=True))) == 2


def test_remind__job__looked_at_every_minute() -> None:
    (job,) = [one for one in periodic_jobs() if one.name == "remind"]

    assert (job.function, job.every.total_seconds()) == (remind, 60)


def test_first__says_until_when_and_how_it_is_given_back(reservation: Reservation) -> None:
    remind(NINE)
    run_once(NINE)

    (message,) = mail.outbox
    assert message.to == ["aoki@example.jp"]
    assert (
        "6月11日（木）10時～11時（変更・キャンセルは6月10日（水）11時59分まで）" in message.subject
    )
    assert says(message.body, "2026年6月10日（水）11時59分までに、次のページからキャンセル")
    assert "http://testserver/osaka/entry" in message.body.split("\n")
    assert reservation.reference in message.body


def test_second__says_what_to_bring_and_whom_to_call(reservation: Reservation) -> None:
    remind(ONE)
    run_once(ONE)

    (message,) = mail.outbox
    for words in (
        "（2026年6月10日（水）11時59分）を過ぎました",
        "□ 申請等取次者証明書",
        "0570-064259",
    ):
        assert says(message.body, words), words
    assert "次のページからキャンセル" not in message.body


def arrive(one: Reservation) -> None:
    Reservation.objects.filter(pk=one.pk).update(arrived_at=NINE)


def miss(one: Reservation) -> None:
    Reservation.objects.filter(pk=one.pk).update(no_show_at=one.starts_at)


def move(one: Reservation) -> None:
    moved = at("2026-06-18 10:00")
    Reservation.objects.filter(pk=one.pk).update(starts_at=moved, visit_day=moved.date())


def close_the_day(_one: Reservation) -> None:
    factories.special_day(date(2026, 6, 11), is_open=False, reason="台風")


def nothing(_one: Reservation) -> None:
    """The control: the same way to the end, and the mail leaves."""


@pytest.mark.parametrize("due_at", [NINE, ONE], ids=["first", "second"])
@pytest.mark.parametrize(
    ("happens", "becomes"),
    [
        (nothing, MailState.SENT),
        (arrive, MailState.DROPPED),
        (miss, MailState.DROPPED),
        (move, MailState.DROPPED),
        (close_the_day, MailState.DROPPED),
    ],
)
def test_reminder__no_longer_true_when_it_leaves__dropped(
    reservation: Reservation,
    due_at: datetime,
    happens: Callable[[Reservation], None],
    becomes: MailState,
) -> None:
    remind(due_at)
    happens(reservation)

    run_once(due_at)

    assert state() == becomes
    assert len(mail.outbox) == (becomes is MailState.SENT)


def test_reminder__cancelled_meanwhile__only_the_cancellation_leaves(
    reservation: Reservation, at_moment: AtMoment
) -> None:
    remind(NINE)
    at_moment(NINE)
    cancel(reservation)

    run_once(NINE)

    (subject,) = sent()
    assert "取り消しました" in subject


@pytest.mark.parametrize(
    ("due_at", "leaves_at", "becomes"),
    [
        (NINE, "2026-06-10 11:59:59", MailState.SENT),
        (NINE, "2026-06-10 12:00:00", MailState.DROPPED),
        (ONE, "2026-06-11 09:59:59", MailState.SENT),
        (ONE, "2026-06-11 10:00:00", MailState.DROPPED),
    ],
)
def test_reminder__worker_stood_still__never_the_first_after_its_deadline(
    reservation: Reservation, due_at: datetime, leaves_at: str, becomes: MailState
) -> None:
    remind(due_at)

    run_once(at(leaves_at))

    assert state() == becomes


def test_first__cases_changed_meanwhile__tells_them_as_they_are(
    reservation: Reservation, at_moment: AtMoment
) -> None:
    remind(NINE)
    at_moment(NINE)
    change(reservation, withdrawn=[1])

    run_once(NINE)

    bodies = [str(one.body) for one in mail.outbox if "お知らせ" in one.subject]
    assert ["2件" in body for body in bodies] == [True]


def test_remind__booked_at_nine__has_just_been_told(reservation: Reservation) -> None:
    Reservation.objects.update(booked_at=NINE)

    remind(NINE)

    assert enqueued() == []


def test_remind__the_day_before_is_closed__reminded_on_tuesday(reservation: Reservation) -> None:
    tuesday = at("2026-06-09 09:00")
    remind(tuesday)
    assert enqueued() == []
    factories.special_day(date(2026, 6, 10), is_open=False, reason="臨時閉庁")

    remind(tuesday)

    assert enqueued() == ["reminder_first"]


def test_remind__moved_by_the_bureau_after_it__reminded_of_the_new_day(
    reservation: Reservation,
) -> None:
    remind(NINE)
    move(reservation)
    Reservation.objects.update(change_closes_at=at("2026-06-17 12:00"))

    remind(at("2026-06-17 09:00"))

    assert enqueued() == ["reminder_first"] * 2


def test_page__reminder_dropped__told_beside_the_confirmation_that_was_sent(
    reservation: Reservation, at_moment: AtMoment
) -> None:
    client = situations.signed_in_client(reservation.claim)
    client.post(f"{LIST}{reservation.reference}/mails")
    run_once(situations.MONDAY_MORNING)
    remind(NINE)
    run_once(NOON)
    assert state() == MailState.DROPPED

    shown = words_of(client.get(f"{LIST}{reservation.reference}"))

    assert "6月8日（月）10時に送りました。" in shown
    assert "お知らせする時期が過ぎたか、内容が変わったためです。" in shown


def test_remind__many_reservations__a_few_queries_when_all_are_told(
    reservation: Reservation,
) -> None:
    for number in range(5):
        factories.reservation(factories.claim(f"p{number}@example.jp"), at("2026-06-11 11:00"))
    remind(NINE)

    with CaptureQueriesContext(connection) as captured:
        remind(NINE)

    assert len(captured) <= 4
    assert len(enqueued()) == 6
