"""How fast one worker delivers, and how long a noon rush of 2,000 bookings takes to leave.

The floor is the same mails over one connection to the same server, without a database: what SMTP
and the server themselves take.  Meanwhile somebody else writes, as bookings do.
"""
# ruff: noqa: S603 - every command is our own

import os
import smtplib
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django

from bench.targets import report

BOOKINGS = 2000
FLOOR_MAILS = 500
CASES = 5
AN_HOUR = timedelta(hours=1)


class Sink:
    """An SMTP server in a process of its own that counts and forgets."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.sink", str(self.port)], stdout=subprocess.PIPE, text=True
        )
        self.arrivals: list[float] = []
        threading.Thread(target=self._read, daemon=True).start()
        while not self._answers():
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def _read(self) -> None:
        assert self.process.stdout  # noqa: S101 - told to be a pipe
        for line in self.process.stdout:
            self.arrivals.append(float(line))

    def wait_for(self, count: int) -> None:
        """Return when so many mails have come."""
        while len(self.arrivals) < count:
            time.sleep(0.005)


@contextmanager
def sink() -> Iterator[Sink]:
    """A running server."""
    server = Sink()
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait()


def seed() -> None:
    """Copies of one reservation, hour after hour, each with its cases and its mail."""
    from tests import factories, situations
    from uketori import clock
    from uketori.bureaus.availability import availability
    from uketori.outbox.enqueue import message_id
    from uketori.outbox.models import OutgoingMail
    from uketori.reservations.mails.telling import BOOKED_EVENT
    from uketori.reservations.models import Reservation, ReservedCase

    now = clock.now()
    first = factories.reservation(
        situations.aoki(), min(availability("osaka", now).by_start), CASES
    )
    fields = Reservation._meta.concrete_fields  # noqa: SLF001 - Django documents it
    facts = [(field.attname, getattr(first, field.attname)) for field in fields]
    copies = [
        Reservation(
            **{
                **dict(facts),
                "id": None,
                "reference": f"BENCH{number:05d}",
                "starts_at": first.starts_at + number * AN_HOUR,
                "idempotency_key": uuid4(),
            }
        )
        for number in range(1, BOOKINGS + 1)
    ]
    made = Reservation.objects.bulk_create(copies)
    ReservedCase.objects.bulk_create(
        ReservedCase(
            reservation=one,
            order=case.order,
            number=f"見本一E{order:05d}{case.order}",
            number_key=f"見本一E{order:05d}{case.order}",
            type=case.type,
            category=case.category,
        )
        for order, one in enumerate(made)
        for case in first.cases.all()
    )
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            bureau="osaka",
            event=BOOKED_EVENT,
            subject_id=one.reference,
            recipient=f"n{order}@example.jp",
            message_id=message_id("example.jp"),
            enqueued_at=now,
            not_before=now,
        )
        for order, one in enumerate(made)
    )


def floor(server: Sink) -> float:
    """Mails a second over one connection, of the very same text."""
    from uketori import clock
    from uketori.outbox.message import message_of
    from uketori.outbox.models import OutgoingMail
    from uketori.outbox.registry import Rendered, renderer_of

    mail = OutgoingMail.objects.earliest("pk")
    words = renderer_of(mail.event)(mail, clock.now())
    assert isinstance(words, Rendered)  # noqa: S101 - it was just seeded
    raw = message_of(mail, words, clock.now()).message().as_bytes(linesep="\r\n")
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", server.port) as connection:
        for _ in range(FLOOR_MAILS):
            connection.sendmail(words.from_address, [mail.recipient], raw)
    return FLOOR_MAILS / (time.monotonic() - began)


class Neighbour(threading.Thread):
    """Writes a row every 20 ms and keeps how long each commit took."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.milliseconds: list[float] = []
        self.done = threading.Event()

    def run(self) -> None:
        """Write until told that it is enough."""
        from uketori import clock
        from uketori.audit.record import record

        while not self.done.wait(0.02):
            began = time.monotonic()
            record(bureau="osaka", kind="bench", actor="bench", subject="x", at=clock.now())
            self.milliseconds.append((time.monotonic() - began) * 1000)


def measure() -> dict[str, Any]:
    """Seed, measure the floor, then let one worker empty the queue."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    seed()
    with sink() as server:
        bare = floor(server)
        server.wait_for(FLOOR_MAILS)
        neighbour = Neighbour()
        neighbour.start()
        began = time.monotonic()
        worker = subprocess.Popen(
            [sys.executable, "-m", "uketori.cli", "worker"],
            env={**os.environ, "UKETORI_MAIL_PORT": str(server.port)},
            stderr=subprocess.DEVNULL,
        )
        server.wait_for(FLOOR_MAILS + BOOKINGS)
        empty = time.monotonic() - began
        neighbour.done.set()
        worker.terminate()
        worker.wait()
    arrivals = server.arrivals[FLOOR_MAILS:]
    rate = (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])
    beside = sorted(neighbour.milliseconds)
    return {
        "benchmark": "mail",
        "database": connection.vendor,
        "mails": BOOKINGS,
        "floor_per_second": round(bare),
        "worker_per_second": round(rate),
        "worker_to_floor": round(rate / bare, 2),
        "empty_after_seconds": round(timedelta(seconds=empty).total_seconds(), 1),
        "write_beside_ms_median": round(statistics.median(beside), 1),
        "write_beside_ms_p99": round(beside[int(len(beside) * 0.99)], 1),
    }


if __name__ == "__main__":
    django.setup()
    sys.exit(report([measure()]))
