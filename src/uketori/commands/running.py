"""Commands that serve the site, or make it ready."""

import argparse
import os
import signal
import threading

from uketori.commands.beginning import Commands, set_up_django
from uketori.config.arguments import CannotRun, parse_moment, port_number
from uketori.config.ports import address_of, refuse_taken_port

DEFAULT_THREADS = 4
"""For each process; more would only fight for its interpreter."""
PORT_SECONDS = 10.0
"""A server that has just been told to end, or lost its parent, is waited for."""


def add_to(commands: Commands) -> None:
    """Add them to the parser."""
    serve = commands.add_parser("serve", help="serve the site, and send its mails")
    _add_address(serve)
    serve.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes (default: one a core on PostgreSQL; on SQLite always 1)",
    )
    serve.add_argument("--threads", type=int, metavar="N", default=DEFAULT_THREADS)
    serve.add_argument("--no-worker", action="store_true", help="a `uketori worker` runs elsewhere")
    serve.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    serve.set_defaults(run=_serve)

    worker = commands.add_parser("worker", help="send mails and run periodic jobs")
    worker.set_defaults(run=_worker)

    setup = commands.add_parser(
        "setup", help="migrate, collect static files, make notice and slots"
    )
    setup.set_defaults(run=_setup)

    run = commands.add_parser("run", help="development: the whole site on this machine")
    _add_address(run)
    run.add_argument("--now", metavar="MOMENT", help="start the clock here; it runs on")
    run.set_defaults(run=_run)

    prepare = commands.add_parser("prepare", help="the part of `run` before the site is served")
    prepare.set_defaults(run=_prepare)


def _add_address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=port_number, default=8000)


def _serve(arguments: argparse.Namespace) -> None:
    set_up_django(is_serving=True)
    from uketori.development.prepare_database import refuse_unprepared  # noqa: PLC0415 - after Django's set-up
    from uketori.server.keeping import Wanted, keep_serving  # noqa: PLC0415 - only this command serves

    wanted = Wanted(
        host=address_of(arguments.host),
        port=arguments.port,
        workers=_workers(arguments.workers),
        threads=max(1, arguments.threads),
        mail_worker=not arguments.no_worker,
    )
    refuse_taken_port(wanted.host, wanted.port, patience=PORT_SECONDS)
    refuse_unprepared()
    if arguments.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    keep_serving(wanted, _told_to_end())


def _workers(asked: int | None) -> int:
    """Return how many processes serve.  Raises ``CannotRun``."""
    from django.db import connection  # noqa: PLC0415 - after Django's set-up

    if connection.vendor == "sqlite":
        # Several writing ones shut each other out for seconds.
        if asked not in {None, 1}:
            message = "SQLite では --workers は 1 だけです。増やすには PostgreSQL が要ります。"
            raise CannotRun(message)
        return 1
    return max(1, asked or len(os.sched_getaffinity(0)))


def _told_to_end() -> threading.Event:
    """Return what is set when this process is told to end."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _end_with_stdin() -> None:
    """End this process when the one that started it is gone, even if it was killed."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _worker(_arguments: argparse.Namespace) -> None:
    set_up_django(is_serving=True)
    from uketori.development.prepare_database import refuse_unprepared  # noqa: PLC0415 - after Django's set-up
    from uketori.outbox.worker import run_forever  # noqa: PLC0415 - the same

    refuse_unprepared(shows_pages=False)
    run_forever(_told_to_end())


def _setup(_arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.development.prepare_database import prepare_everything  # noqa: PLC0415 - only this command needs it

    prepare_everything(clock.now())


def _prepare(_arguments: argparse.Namespace) -> None:
    set_up_django()
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.development.prepare_database import prepare_development  # noqa: PLC0415 - only this command needs it

    prepare_development(clock.now())


def _run(arguments: argparse.Namespace) -> int:
    from uketori.development.site import run_development  # noqa: PLC0415 - brings the mail catcher

    now = parse_moment(arguments.now) if arguments.now else None
    return run_development(host=arguments.host, port=arguments.port, now=now)
