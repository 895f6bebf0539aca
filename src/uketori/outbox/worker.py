"""The worker: mails that are due leave, periodic jobs run.  R-19.

At least once, and as near to once as SMTP allows: each mail is marked before the next is begun, so
a worker that dies between the server's answer and the mark repeats one mail, after its lease and
under the same Message-ID.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, close_old_connections, connections
from django.utils import translation

from uketori import clock
from uketori.database import let_go_of, wait_patiently
from uketori.outbox.enqueue import wake
from uketori.outbox.jobs import run_due_jobs
from uketori.outbox.lease import Mark, claim, mark, release
from uketori.outbox.message import message_of
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.registry import renderer_of
from uketori.outbox.retry import Trouble, cause, is_given_up, next_attempt_at, trouble_of
from uketori.outbox.signs import WORKER, show_sign

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
"""How soon mails of other processes and retries are seen."""
BATCH_SECONDS = 5.0
"""No mail of a claim is begun later than this, so that an urgent one never waits behind fifty."""
SIGN_EVERY_SECONDS = 10.0
"""How often it is written down that a worker lives; `/readyz` misses one after a minute."""
PAUSE_SECONDS = 5.0
"""How long the mail server is left alone after it failed us."""
DATABASE_PAUSE_SECONDS = 2.0
"""The same for the database; short, since whoever waits for it waits for our sign, too."""


class Worker:
    """Sends mails from one thread, over one connection a batch."""

    def __init__(self) -> None:
        self.unwritten: list[tuple[str, Mark]] = []
        """Marks that the database did not take: those mails have left, and must not leave again."""
        self.showed_at = -SIGN_EVERY_SECONDS

    def run_once(
        self, at: datetime | None = None, ending: Callable[[], bool] = lambda: False
    ) -> "Round":
        """Send what is due at the moment; return what became of the round.

        When ``ending`` comes true, the mail in hand is finished and the others are given back.
        """
        self.write_down()
        token, mails = claim(at := at or clock.now())
        if not mails:
            return Round(0, server_failed=False)
        batch = _Batch(token, at, ending, self.unwritten)
        batch.work_off(mails)
        return Round(len(mails), server_failed=batch.server_failed)

    def show_life(self) -> None:
        """Write down, every few seconds, that there is a worker."""
        if time.monotonic() - self.showed_at >= SIGN_EVERY_SECONDS:
            show_sign(WORKER, clock.now())
            self.showed_at = time.monotonic()

    def write_down(self) -> None:
        """Write the marks that the database did not take before; raises when it still does not."""
        while self.unwritten:
            _mark(*self.unwritten[0])
            self.unwritten.pop(0)


@dataclass(frozen=True)
class Round:
    """What one look into the outbox came to."""

    claimed: int
    server_failed: bool


def run_once(at: datetime | None = None, ending: Callable[[], bool] = lambda: False) -> int:
    """Send what is due at the moment; return how many mails were claimed."""
    return Worker().run_once(at, ending).claimed


def run_forever(stop: threading.Event) -> None:
    """Send mails and run jobs until told to stop, or until the process is ending."""
    wait_patiently()
    worker = Worker()
    try:
        while not _ending(stop):
            _one_round(worker, stop)
        worker.write_down()
    except DatabaseError as error:
        log.warning("worker: ended with marks unwritten: %s", type(error).__name__)
    finally:
        connections.close_all()


def _one_round(worker: Worker, stop: threading.Event) -> None:
    """Send one batch, run the jobs that are due, and wait for what comes next."""
    close_old_connections()
    try:
        worker.show_life()
        done = worker.run_once(ending=lambda: _ending(stop))
        run_due_jobs(clock.now())
    except DatabaseError as error:
        # Not its text: it may hold what stands in a row.
        log.warning("worker: the database answered %s; pausing", type(error).__name__)
        let_go_of(error)
        connections.close_all()
        stop.wait(DATABASE_PAUSE_SECONDS)
        return
    close_old_connections()
    if done.server_failed:
        stop.wait(PAUSE_SECONDS)
    elif not done.claimed:
        wake.wait(LOOK_EVERY_SECONDS)
        wake.clear()


def _ending(stop: threading.Event) -> bool:
    # A server's worker process ends by returning from its main thread; nobody sets our event there.
    return stop.is_set() or not threading.main_thread().is_alive()


def _mark(token: str, one: Mark) -> None:
    if not mark(token, one):
        log.error("worker: the lease of mail %s had ended before its mark", one.mail.pk)


class _Batch:
    """The mails of one claim, sent one after the other over one connection."""

    def __init__(
        self,
        token: str,
        at: datetime,
        ending: Callable[[], bool],
        unwritten: list[tuple[str, Mark]],
    ) -> None:
        self.token = token
        self.ending = ending
        self.unwritten = unwritten
        self.started_at = at
        self.started = time.monotonic()
        self.connection = get_connection()
        self.server_failed = False

    def now(self) -> datetime:
        """The moment of the claim, running on."""
        return self.started_at + timedelta(seconds=time.monotonic() - self.started)

    def work_off(self, mails: list[OutgoingMail]) -> None:
        """Deal with each mail; what cannot be begun in time is given back."""
        rest = iter(mails)
        try:
            for mail in self._while_there_is_time(rest):
                self._write_down(self._deal_with(mail))
        finally:
            self.connection.close()
            release(self.token, rest)

    def _while_there_is_time(self, mails: Iterator[OutgoingMail]) -> Iterator[OutgoingMail]:
        while time.monotonic() - self.started < BATCH_SECONDS and not self._must_end():
            try:
                yield next(mails)
            except StopIteration:
                return

    def _must_end(self) -> bool:
        # A server that failed is left alone for a while; the mails not tried yet lose no attempt.
        return self.server_failed or self.ending()

    def _write_down(self, one: Mark) -> None:
        self.unwritten.append((self.token, one))
        _mark(self.token, one)
        self.unwritten.pop()

    def _deal_with(self, mail: OutgoingMail) -> Mark:
        at = self.now()
        if mail.not_after is not None and mail.not_after <= at:
            return Mark(mail, MailState.DROPPED, at, is_given_up=True)
        try:
            outcome = self._rendered(mail, at)
            if isinstance(outcome, MailState):
                return Mark(mail, outcome, at)
            self._send(outcome)
        except DatabaseError:
            raise  # rendering reads; nothing was sent, and the lease gives the mail back
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the others leave
            return self._failure(mail, error)
        return Mark(mail, MailState.SENT, self.now())

    def _rendered(self, mail: OutgoingMail, at: datetime) -> EmailMessage | MailState:
        with translation.override(mail.language):
            outcome = renderer_of(mail.event)(mail, at)
        if outcome is None:
            return MailState.DROPPED
        return outcome if isinstance(outcome, MailState) else message_of(mail, outcome, at)

    def _send(self, message: EmailMessage) -> None:
        # Opened by us, the connection stays open from mail to mail.
        try:
            self.connection.open()
            self.connection.send_messages([message])
        except Exception:
            self.connection.close()
            raise

    def _failure(self, mail: OutgoingMail, error: Exception) -> Mark:
        at, why, trouble = self.now(), cause(error), trouble_of(error)
        log.warning("mail %s (%s) failed, attempt %s: %s", mail.pk, mail.event, mail.attempts, why)
        self.server_failed = trouble is Trouble.SERVER
        if is_given_up(trouble, mail.attempts, mail.first_tried_at or at, at):
            return Mark(mail, MailState.DEAD, at, error=why, is_given_up=True)
        again = next_attempt_at(trouble, mail.attempts, at, mail.not_after)
        if again is None:
            return Mark(mail, MailState.DROPPED, at, error=why, is_given_up=True)
        return Mark(mail, MailState.WAITING, at, not_before=again, error=why)
