"""The worker: mails that are due leave, periodic jobs run.  R-19.

At least once, and as near to once as SMTP allows: a mail whose worker dies between the server's
answer and the mark is sent again after its lease, under the same Message-ID.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, close_old_connections, connections
from django.utils import translation

from uketori import clock
from uketori.outbox.claim import Mark, claim, mark, release
from uketori.outbox.enqueue import wake
from uketori.outbox.jobs import run_due_jobs
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.register import renderer_of
from uketori.outbox.retry import cause, is_given_up, next_attempt_at
from uketori.outbox.sending import message_of

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
"""How soon mails of other processes and retries are seen."""
BATCH_SECONDS = 5.0
"""No mail of a claim is begun later than this, so that an urgent one never waits behind fifty."""
MARK_SECONDS = 0.2
"""How long marks are gathered: few transactions for the writers beside us, little to send twice."""
PAUSE_SECONDS = 5.0


def run_once(at: datetime | None = None, ending: Callable[[], bool] = lambda: False) -> int:
    """Send what is due at the moment; return how many mails were claimed, whatever became of them.

    When ``ending`` comes true, the mail in hand is finished and the others are given back.
    """
    token, mails = claim(at := at or clock.now())
    if mails:
        _Batch(token, at, ending).work_off(mails)
    return len(mails)


def run_forever(stop: threading.Event) -> None:
    """Send mails and run jobs until told to stop, or until the process is ending."""
    try:
        while not _ending(stop):
            if not _one_round(stop):
                wake.wait(LOOK_EVERY_SECONDS)
                wake.clear()
    finally:
        connections.close_all()


def _one_round(stop: threading.Event) -> int:
    """Send one batch and run the jobs that are due; return the number of mails."""
    close_old_connections()
    try:
        mails = run_once(ending=lambda: _ending(stop))
        run_due_jobs(clock.now())
    except DatabaseError as error:
        # Not its text: it may hold what stands in a row.
        log.warning("worker: the database answered %s; pausing", type(error).__name__)
        connections.close_all()
        stop.wait(PAUSE_SECONDS)
        return 0
    close_old_connections()
    return mails


def _ending(stop: threading.Event) -> bool:
    # A server's worker process ends by returning from its main thread; nobody sets our event there.
    return stop.is_set() or not threading.main_thread().is_alive()


class _Batch:
    """The mails of one claim, sent one after the other over one connection."""

    def __init__(self, token: str, at: datetime, ending: Callable[[], bool]) -> None:
        self.token = token
        self.ending = ending
        self.started_at = at
        self.started = self.flushed = time.monotonic()
        self.connection = get_connection()
        self.marks: list[Mark] = []

    def now(self) -> datetime:
        """The moment of the claim, running on."""
        return self.started_at + timedelta(seconds=time.monotonic() - self.started)

    def work_off(self, mails: list[OutgoingMail]) -> None:
        """Deal with each mail; what cannot be begun in time is given back."""
        rest = iter(mails)
        try:
            for mail in self._while_there_is_time(rest):
                self.marks.append(self._deal_with(mail))
                self._flush(after=MARK_SECONDS)
        finally:
            self._flush(after=0)
            release(self.token, rest)
            self.connection.close()

    def _while_there_is_time(self, mails: Iterator[OutgoingMail]) -> Iterator[OutgoingMail]:
        while time.monotonic() - self.started < BATCH_SECONDS and not self.ending():
            try:
                yield next(mails)
            except StopIteration:
                return

    def _deal_with(self, mail: OutgoingMail) -> Mark:
        at = self.now()
        if mail.not_after is not None and mail.not_after <= at:
            return Mark(mail, MailState.DROPPED, at)
        try:
            message = self._rendered(mail, at)
            if message is None:
                return Mark(mail, MailState.DROPPED, at)
            self._send(message)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the others leave
            return self._failure(mail, error)
        return Mark(mail, MailState.SENT, self.now())

    def _rendered(self, mail: OutgoingMail, at: datetime) -> EmailMessage | None:
        with translation.override(mail.language):
            rendered = renderer_of(mail.event)(mail, at)
        return message_of(mail, rendered, at) if rendered else None

    def _send(self, message: EmailMessage) -> None:
        # Opened by us, the connection stays open from mail to mail.
        try:
            self.connection.open()
            self.connection.send_messages([message])
        except Exception:
            self.connection.close()
            raise

    def _failure(self, mail: OutgoingMail, error: Exception) -> Mark:
        at, why = self.now(), cause(error)
        log.warning("mail %s (%s) failed, attempt %s: %s", mail.pk, mail.event, mail.attempts, why)
        if is_given_up(mail.attempts):
            return Mark(mail, MailState.DEAD, at, error=why)
        again = next_attempt_at(mail.attempts, at, mail.not_after)
        state = MailState.WAITING if again else MailState.DROPPED
        return Mark(mail, state, at, not_before=again, error=why)

    def _flush(self, *, after: float) -> None:
        if time.monotonic() - self.flushed < after:
            return
        if self.marks and (lost := len(self.marks) - mark(self.token, self.marks)):
            log.error("worker: %s leases had ended before their marks", lost)
        # Kept until they are written: a database that was busy is asked again at the end.
        self.marks = []
        self.flushed = time.monotonic()
