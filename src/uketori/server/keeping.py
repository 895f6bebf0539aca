"""The parent of the serving processes: starts them, starts dead ones again, ends them all.

It never gives up: a process that dies at once is started again after a pause that grows.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.2
PATIENCE_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
SOUND_SECONDS = 60.0
"""Who lived so long did not die of being started."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be served."""

    host: str
    port: int
    workers: int
    threads: int
    mail_worker: bool

    def arguments(self, number: int) -> list[str]:
        """Return the command line of a process; the first one sends the mails."""
        told = [f"--parent={os.getpid()}", f"--host={self.host}", f"--port={self.port}"]
        mail = ["--mail-worker"] if self.mail_worker and number == 1 else []
        return [*told, f"--threads={self.threads}", *mail]


def pause_after(before: float, lived: float) -> float:
    """Return how long to wait before the next start, after that pause and this life."""
    if lived >= SOUND_SECONDS:
        return FIRST_PAUSE_SECONDS
    return min(max(2 * before, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)


@dataclass
class Kept:
    """One of the processes, through all its lives."""

    number: int
    arguments: list[str]
    pause: float = 0.0
    since: float = 0.0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def look(self, now: float) -> None:
        """Start the process if it is time to; note its death if it died."""
        if self.process is None:
            if now - self.since >= self.pause:
                self._start(now)
        elif (status := self.process.poll()) is not None:
            self.pause = pause_after(self.pause, lived=now - self.since)
            self.process, self.since = None, now
            log.error(
                "process %s ended (%s); it is started again in %s s",
                *(self.number, status, self.pause),
            )

    def _start(self, now: float) -> None:
        command = [sys.executable, "-m", "uketori.server.process", *self.arguments]
        self.since = now
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
        except OSError as error:  # no memory, or the interpreter is just being replaced
            self.pause = pause_after(self.pause, lived=0)
            log.error(  # noqa: TRY400 - the trace says no more than the name
                "process %s cannot be started (%s); it is tried again in %s s",
                *(self.number, type(error).__name__, self.pause),
            )

    def end(self) -> None:
        """Tell it to end; it finishes what is in hand."""
        if self.process is not None:
            self.process.terminate()

    def is_gone(self, seconds: float) -> None:
        """Wait for its end, or end it."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
            self.process.kill()
            self.process.wait()


def keep_serving(wanted: Wanted, stop: threading.Event) -> None:
    """Keep the processes running until told to stop."""
    numbers = range(1, wanted.workers + 1)
    all_of_them = [Kept(number, wanted.arguments(number)) for number in numbers]
    try:
        while not stop.is_set():
            for one in all_of_them:
                one.look(time.monotonic())
            stop.wait(LOOK_EVERY_SECONDS)
    finally:
        for one in all_of_them:
            one.end()
        until = time.monotonic() + PATIENCE_SECONDS
        for one in all_of_them:
            one.is_gone(max(0.0, until - time.monotonic()))
