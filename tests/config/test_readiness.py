"""``/readyz``: each reason for which it is not ready, and ready again as soon as it is over."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.faults.databases import away, held, let_it_be_read_only
from tests.policies import at
from tests.situations import AtMoment, at_moment
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import OutgoingMail, SignOfLife
from uketori.outbox.signs import WORKER, show_sign
from uketori.outbox.worker import SIGN_EVERY_SECONDS, Worker

__all__ = ["at_moment"]

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at("2026-06-08 10:00")
SECOND = timedelta(seconds=1)
WELL = {
    "database": "ok",
    "migrations": "ok",
    "clock": "ok",
    "writing": "ok",
    "worker": "ok",
    "mail": "ok",
}


@pytest.fixture(autouse=True)
def _all_is_well(at_moment: AtMoment, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A worker lives, nothing was written in this second, and the database's clock is ours."""
    settings.WORKER_EXPECTED = True
    cache.clear()
    at_moment(NOW)
    monkeypatch.setattr("uketori.web.health._database_now", lambda: NOW)
    show_sign(WORKER, NOW)


def a_mail(enqueued_at: datetime, **changes: Any) -> None:
    mail = enqueue(
        bureau="osaka",
        message_domain="@example.jp",
        event="told",
        subject_id="R1",
        recipient="a@example.jp",
        at=enqueued_at,
    )
    OutgoingMail.objects.filter(pk=mail.pk).update(**changes)


def checks(expected: int) -> dict[str, str]:
    """Ask; hold the status against the words; return what is not well."""
    cache.clear()
    answer = Client().get("/readyz")
    assert answer.status_code == expected
    told = answer.json()
    assert told["ready"] == (expected == 200)
    return {name: why for name, why in told["checks"].items() if why != "ok"}


def test_all_is_well__each_check_is_named() -> None:
    assert Client().get("/readyz").json()["checks"] == WELL


def test_asked_again_and_again__one_row() -> None:
    for _time in range(3):
        checks(200)

    assert set(SignOfLife.objects.values_list("name", flat=True)) == {WORKER, "readyz"}


def test_worker__no_sign_yet__not_ready() -> None:
    SignOfLife.objects.all().delete()

    assert checks(503) == {"worker": "failed: no worker has shown a sign of life yet"}


@pytest.mark.parametrize(("ago", "status"), [(59, 200), (60, 503)])
def test_worker__last_sign(ago: int, status: int) -> None:
    show_sign(WORKER, NOW - ago * SECOND)

    told = checks(status)

    words = f"failed: no worker has shown a sign of life for {ago} seconds"
    assert told == ({} if status == 200 else {"worker": words})


def test_worker__none_expected_here__ready(settings: Any) -> None:
    settings.WORKER_EXPECTED = False
    SignOfLife.objects.all().delete()

    assert checks(200) == {}


def test_worker__shows_its_life_and_not_at_every_look(at_moment: AtMoment) -> None:
    worker = Worker()
    worker.show_life()
    at_moment(NOW + SECOND)
    worker.show_life()
    assert SignOfLife.objects.get(name=WORKER).at == NOW

    worker.showed_at -= SIGN_EVERY_SECONDS
    worker.show_life()
    assert SignOfLife.objects.get(name=WORKER).at == NOW + SECOND


FIVE = timedelta(minutes=5)
LATE = {"mail": "failed: a mail has been waiting for more than 5 minutes"}


@pytest.mark.parametrize(("waiting", "status"), [(FIVE - SECOND, 200), (FIVE, 503)])
def test_mail__that_nobody_has_tried(waiting: timedelta, status: int) -> None:
    a_mail(NOW - waiting)

    assert checks(status) == (LATE if status == 503 else {})


def test_mail__whose_moment_is_to_come__is_not_late() -> None:
    a_mail(NOW - 10 * FIVE, not_before=NOW + SECOND)

    assert checks(200) == {}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("ConnectionRefusedError", 503),
        ("SMTPSenderRefused 550", 503),
        ("SMTPRecipientsRefused 450", 200),  # anybody could name such an address
        ("SMTPDataError 451", 200),
    ],
)
def test_mail__tried_for_five_minutes__by_what_keeps_it(error: str, status: int) -> None:
    soon = {"not_before": NOW + SECOND, "attempts": 9}
    a_mail(NOW - FIVE, first_tried_at=NOW - FIVE, last_error=error, **soon)

    assert checks(status) == (LATE if status == 503 else {})


def test_read_only__not_ready__and_ready_as_soon_as_it_is_over() -> None:
    let_it_be_read_only()

    reason = checks(503)["writing"]

    assert reason.endswith("SQLITE_READONLY" if connection.vendor == "sqlite" else "25006")
    assert checks(200) == {}  # by a new connection


def test_away__not_ready__and_ready_as_soon_as_it_is_back() -> None:
    with away():
        assert checks(503)["database"].startswith("failed: OperationalError")

    assert checks(200) == {}


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow or change."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_full_disk__not_ready__and_ready_as_soon_as_there_is_room() -> None:
    if connection.vendor == "postgresql":  # its disk is another process's
        return
    with full_disk():
        reason = checks(503)["writing"]

    assert "SQLITE_IOERR" in reason or "SQLITE_FULL" in reason
    assert checks(200) == {}


def test_write_lock_held_by_somebody_else__answered_all_the_same() -> None:
    began = time.monotonic()
    with held():
        told = checks(503 if connection.vendor == "sqlite" else 200)

    assert time.monotonic() - began < 2  # whoever asks gives up soon
    assert told == (
        {"writing": "failed: OperationalError SQLITE_BUSY"} if connection.vendor == "sqlite" else {}
    )
