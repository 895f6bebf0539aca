"""Commands that serve the site, or make it ready."""

import argparse
import os
import signal
import threading

from uketori.commands.beginning import Commands, refuse_wrong_settings, set_up_django
from uketori.config.arguments import parse_moment

DEFAULT_THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)


def add_to(commands: Commands) -> None:
    """Add them to the parser."""
    serve = commands.add_parser("serve", help="serve the site, with the mail worker inside")
    _add_address(serve)
    serve.add_argument("--threads", type=int, default=DEFAULT_THREADS)
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
    command.add_argument("--port", type=int, default=8000)


def _serve(arguments: argparse.Namespace) -> None:
    from granian import Granian  # noqa: PLC0415 - only this command serves
    from granian.constants import Interfaces  # noqa: PLC0415 - only this command needs it

    refuse_wrong_settings(is_serving=True)
    os.environ["UKETORI_WORKER_THREAD"] = "0" if arguments.no_worker else "1"
    if arguments.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    # One process: on SQLite several writing ones shut each other out for seconds.
    Granian(
        "uketori.config.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=arguments.threads,
        websockets=False,
        # In development a fall must be seen; elsewhere the counter must go on.
        respawn_failed_workers=os.environ.get("UKETORI_DEVELOPMENT", "0") != "1",
        workers_kill_timeout=30,
    ).serve()


def _end_with_stdin() -> None:
    """End this process when the one that started it is gone, even if it was killed."""
    # Not sys.stdin: the server forks meanwhile, and its lock would be held in the fork for ever.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _worker(_arguments: argparse.Namespace) -> None:
    set_up_django(is_serving=True)
    from uketori.outbox.worker import run_forever  # noqa: PLC0415 - after Django's set-up

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run_forever(stop)


def _setup(_arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.preparation import prepare_everything  # noqa: PLC0415 - only this command needs it

    prepare_everything(clock.now())


def _prepare(_arguments: argparse.Namespace) -> None:
    set_up_django()
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.preparation import prepare_development  # noqa: PLC0415 - only this command needs it

    prepare_development(clock.now())


def _run(arguments: argparse.Namespace) -> int:
    from uketori.config.supervisor import run_development  # noqa: PLC0415 - brings the mail catcher

    now = parse_moment(arguments.now) if arguments.now else None
    return run_development(host=arguments.host, port=arguments.port, now=now)
