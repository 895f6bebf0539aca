"""A reminder is told once, however many workers find it due at the same instant.  D21."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests import factories, situations
from tests.concurrency.controls import replaced, slowed
from tests.concurrency.crowd import Outcome, assert_nothing_broke, at_once
from tests.policies import at
from uketori.outbox.models import OutgoingMail
from uketori.reservations.mails import reminders

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

NINE = at("2026-06-10 09:00")
WORKERS = 3


def all_remind() -> Outcome[int]:
    """Every worker has looked before any has written."""
    look: Callable[[], int] = lambda: reminders.remind_bureau("osaka", NINE)  # noqa: E731
    with slowed(reminders, "tell"):
        return at_once(*[look] * WORKERS)


@pytest.mark.parametrize("coming", [1, 6])
def test_reminder__two_workers_at_once__one_mail(monday_morning: datetime, coming: int) -> None:
    situations.aoki()
    for number in range(coming):
        factories.reservation(factories.claim(f"p{number}@example.jp"), at("2026-06-11 10:00"))

    outcome = all_remind()

    assert_nothing_broke(outcome)
    assert sum(outcome.done) == coming
    assert OutgoingMail.objects.filter(event="reminder_first").count() == coming


def test_reminder__control__without_its_name__several_mails(monday_morning: datetime) -> None:
    factories.reservation(situations.aoki(), at("2026-06-11 10:00"))

    def without_name(**told: Any) -> OutgoingMail:
        return enqueue(**{**told, "once": None})

    enqueue = reminders.enqueue
    with replaced(reminders, "enqueue", without_name):
        all_remind()

    assert OutgoingMail.objects.filter(event="reminder_first").count() == WORKERS
