"""One serving process: granian takes connections in, the front requests, Django answers.

``python -m uketori.server.process`` is started by ``uketori serve`` (``uketori.server.keeping``),
and ends when that ends, however it ends.
"""

import argparse
import asyncio
import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

if TYPE_CHECKING:
    from uketori.server.front import Front

log = logging.getLogger(__name__)

HEADER_MILLISECONDS = 10_000
"""From the connection, or the answer before, to the last header."""
CONNECTIONS = 4000
BACKLOG = 2048
HEADER_BYTES = 32 * 1024
LOOK_EVERY_SECONDS = 0.5
WORKER_PAUSE_SECONDS = 5.0
LAST_SECONDS = 20.0
"""How long requests and the mail in hand may take once the process was told to end."""


def main(argv: Sequence[str] | None = None) -> None:
    """Serve until told to end, or until the parent is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--mail-worker", action="store_true")
    arguments = parser.parse_args(argv)
    threading.Thread(target=_end_with, args=(arguments.parent,), daemon=True).start()
    _raise_limit_of_files()
    from uketori.server.front import build  # noqa: PLC0415 - sets Django up, which takes a second

    front = build(arguments.threads)
    with mail_worker(wanted=arguments.mail_worker):
        asyncio.run(_serve(front, arguments.host, arguments.port))
    sys.stdout.flush()
    sys.stderr.flush()
    # Not by returning: the server's own threads do not bear the interpreter's end.
    os._exit(0)


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone, even if it was killed."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def _raise_limit_of_files() -> None:
    """Every connection is a file; the usual limit of 1,024 would be the first thing to end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextmanager
def mail_worker(*, wanted: bool) -> Iterator[None]:
    """Run the mail worker beside; at the end the mail in hand is finished and marked."""
    if not wanted:
        yield
        return
    from uketori.outbox.enqueue import wake  # noqa: PLC0415 - Django is set up by now

    stop = threading.Event()
    worker = threading.Thread(target=_send_mails, args=(stop,), name="outbox", daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        wake.set()
        worker.join(LAST_SECONDS)


def _send_mails(stop: threading.Event) -> None:
    """Run the worker; one that fell is started again, as nobody else would see that it is gone."""
    from uketori.outbox.worker import run_forever  # noqa: PLC0415 - Django is set up by now

    while not stop.is_set():
        try:
            run_forever(stop)
        except Exception as error:  # noqa: BLE001 - mail must leave whatever fell
            log.error("the mail worker fell: %s", type(error).__name__)  # noqa: TRY400 - its text may hold an address
            stop.wait(WORKER_PAUSE_SECONDS)


async def _serve(front: "Front", host: str, port: int) -> None:
    server = Server(
        front,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,  # only there are headers bounded in time
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=HEADER_BYTES
        ),
        websockets=False,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    await server.serve()
    await front.rest(LAST_SECONDS)


if __name__ == "__main__":
    main()
