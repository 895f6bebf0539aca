"""Workers of the real program, killed without warning: nothing is lost, next to nothing repeated.

A mail can be doubled only by a kill between the server's answer and our commit, where SMTP leaves
it open; then both have the same Message-ID.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from tests import factories, situations
from tests.faults.databases import database_url
from tests.policies import at
from tests.post import Post
from uketori import clock
from uketori.outbox.enqueue import enqueue
from uketori.outbox.lease import LEASE
from uketori.outbox.models import MailState, OutgoingMail
from uketori.reservations.mails.telling import BOOKED_EVENT

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = 400
WORKERS = 3
KILLED_ROUNDS = 3


class Crew:
    """The worker processes of one test; ``later`` moves their clock beyond the leases."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen[bytes]] = []
        self.later = timedelta()
        self.kills = 0

    def start(self, count: int) -> None:
        ours = {name: text for name, text in os.environ.items() if not name.startswith("UKETORI_")}
        environment = {
            **ours,
            "DJANGO_SETTINGS_MODULE": "uketori.config.settings",
            "UKETORI_DEVELOPMENT": "1",
            "UKETORI_SECRET_KEY": "a secret of the tests only",
            "UKETORI_DATABASE": database_url(),
            "UKETORI_MAIL_PORT": str(django_settings.EMAIL_PORT),
            "UKETORI_CLOCK_OFFSET": str(int(self.later.total_seconds())),
        }
        command = [sys.executable, "-m", "uketori.cli", "worker"]
        for _ in range(count):
            self.running.append(
                subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
            )

    def kill(self) -> None:
        """End all of them without warning, and let their leases be over for the next ones."""
        self.later += LEASE + timedelta(seconds=1)
        while self.running:
            worker = self.running.pop()
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            self.kills += 1

    def end(self) -> None:
        """Tell all of them to end, as a service manager does."""
        for worker in self.running:
            worker.terminate()
        for worker in self.running:
            worker.wait(30)
        self.running.clear()


@pytest.fixture
def crew(post: Post) -> Iterator[Crew]:
    crew = Crew()
    yield crew
    for worker in crew.running:
        worker.kill()
        worker.wait()


def enqueue_confirmations(count: int) -> None:
    """Real mails of a real reservation, to so many addresses."""
    reservation = factories.reservation(situations.aoki(), at("2026-06-09 09:00"), 3)
    for number in range(count):
        enqueue(
            bureau="osaka",
            message_domain="@example.jp",
            event=BOOKED_EVENT,
            subject_id=reservation.reference,
            recipient=f"n{number}@example.jp",
            at=clock.now(),
        )


def wait_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def wait_until(post: Post, arrived: int) -> None:
    wait_for(lambda: len(post.received) >= arrived)


def ids(post: Post) -> Counter[str]:
    return Counter(str(message["Message-ID"]) for message in post.received)


def tell(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{connection.vendor}: {line}\n")


def test_workers_killed_at_random__none_lost_and_no_more_doubled_than_kills(
    post: Post, crew: Crew, capsys: Any
) -> None:
    enqueue_confirmations(MAILS)
    chance = random.Random(20260609)  # noqa: S311 - a test that can be repeated
    post.seconds = 0.005
    for number in range(KILLED_ROUNDS):
        crew.start(WORKERS)
        wait_until(post, (number + 1) * MAILS // (KILLED_ROUNDS + 2))
        time.sleep(chance.random() / 10)
        crew.kill()
    crew.start(WORKERS)
    wait_for(lambda: not OutgoingMail.objects.filter(state=MailState.WAITING).exists())
    crew.end()

    sent = OutgoingMail.objects.filter(state=MailState.SENT)
    oldest = max(mail.sent_at - mail.enqueued_at for mail in sent if mail.sent_at)
    doubled = sum(times - 1 for times in ids(post).values())
    tell(
        capsys,
        f"{MAILS} mails, {WORKERS} workers, {crew.kills} kills: "
        f"{MAILS - len(ids(post))} lost, {doubled} doubled, "
        f"oldest {oldest.total_seconds():.0f} s of the moved clock",
    )
    assert sent.count() == MAILS
    assert set(ids(post)) == set(sent.values_list("message_id", flat=True)), "lost, or invented"
    assert doubled <= crew.kills
    assert crew.kills == WORKERS * KILLED_ROUNDS


def test_worker_killed_before_its_mark__the_mail_comes_twice_with_one_message_id(
    post: Post, crew: Crew
) -> None:
    """The one place where SMTP leaves it open; and the control of the count above."""
    enqueue_confirmations(3)
    post.on_arrival = crew.kill
    crew.start(1)
    wait_for(lambda: crew.kills == 1)
    post.on_arrival = lambda: None

    crew.start(1)
    wait_until(post, 4)
    crew.end()

    assert sorted(ids(post).values()) == [1, 1, 2]
    assert OutgoingMail.objects.filter(state=MailState.SENT).count() == 3


def test_worker_told_to_end__finishes_the_mail_in_hand_and_repeats_none(
    post: Post, crew: Crew
) -> None:
    enqueue_confirmations(60)
    post.seconds = 0.05
    crew.start(1)
    wait_until(post, 5)
    crew.end()

    waiting = OutgoingMail.objects.filter(state=MailState.WAITING)
    assert 0 < waiting.count() < 60
    assert not waiting.exclude(lease_until=None).exists(), "what was not tried is free at once"
    post.seconds = 0
    crew.start(1)
    wait_until(post, 60)
    crew.end()
    assert set(ids(post).values()) == {1}
