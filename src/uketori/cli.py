"""The command ``uketori``.

Django is set up only by the commands that need it, so that the others start fast and stay small.
"""

import argparse
import os
import secrets
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TypeAlias

from uketori.config.arguments import CannotRun, parse_moment

# argparse has no public name for it
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse names it nowhere else
DEFAULT_THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 2 with one sentence for what cannot be done."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except CannotRun as refused:
        sys.stderr.write(f"{refused}\n")
        return 2


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; each names the function that runs it."""
    root = argparse.ArgumentParser(prog="uketori", description="交付予約システム")
    commands = root.add_subparsers(required=True, metavar="COMMAND")

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
    _add_questions(commands)
    _add_acts(commands)
    return root


def _add_questions(commands: Commands) -> None:
    """Commands that answer and change nothing."""
    calendar = commands.add_parser("calendar", help="which days can be booked")
    calendar.add_argument("bureau")
    calendar.add_argument("--json", action="store_true", help="one object a line")
    calendar.add_argument("--at", action="append", metavar="MOMENT", help="may be repeated")
    calendar.set_defaults(run=_calendar)

    deadline = commands.add_parser("deadline", help="until when a visit day can be changed")
    deadline.add_argument("bureau")
    deadline.add_argument("--json", action="store_true", help="one object a line")
    deadline.add_argument("day", nargs="+", metavar="DATE")
    deadline.set_defaults(run=_deadline)

    policy = commands.add_parser("policy", help="what a coming policy file changes")
    policy.add_argument("bureau")
    policy.add_argument("--preview", action="store_true", required=True, help="change nothing")
    policy.add_argument("--json", action="store_true", help="one object a line")
    policy.set_defaults(run=_policy)


def _add_acts(commands: Commands) -> None:
    """Commands that change what people see, or send mail."""
    mails = commands.add_parser("mails", help="how the mail is doing; a mail's history; resend")
    mails.add_argument("subject", nargs="?", help="a reservation's reference: all mails about it")
    mails.add_argument("--resend", type=int, metavar="ID", help="let this mail leave again")
    mails.add_argument("--json", action="store_true", help="one object a line")
    mails.set_defaults(run=_mails)

    mail_test = commands.add_parser("mail-test", help="send one mail now, and say how it went")
    mail_test.add_argument("address")
    mail_test.add_argument("--bureau", help="whose sender it has; the first if left out")
    mail_test.set_defaults(run=_mail_test)

    banner = commands.add_parser("banner", help="an emergency sentence on all pages and mails")
    banner.add_argument("bureau")
    banner.add_argument("text", nargs="?", help="without it, what stands now is shown")
    banner.add_argument("--clear", action="store_true", help="show nothing any more")
    banner.set_defaults(run=_banner)


def _add_address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=8000)


def _serve(arguments: argparse.Namespace) -> None:
    from granian import Granian  # noqa: PLC0415 - only this command serves
    from granian.constants import Interfaces  # noqa: PLC0415 - only this command needs it

    _refuse_wrong_settings()
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
    _set_up_django()
    from uketori.outbox.worker import run_forever  # noqa: PLC0415 - after Django's set-up

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run_forever(stop)


def _setup(_arguments: argparse.Namespace) -> None:
    _set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.preparation import prepare_everything  # noqa: PLC0415 - only this command needs it

    prepare_everything(clock.now())


def _prepare(_arguments: argparse.Namespace) -> None:
    _set_up_django()
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.preparation import prepare_development  # noqa: PLC0415 - only this command needs it

    prepare_development(clock.now())


def _run(arguments: argparse.Namespace) -> int:
    from uketori.config.supervisor import run_development  # noqa: PLC0415 - brings the mail catcher

    now = parse_moment(arguments.now) if arguments.now else None
    return run_development(host=arguments.host, port=arguments.port, now=now)


def _calendar(arguments: argparse.Namespace) -> None:
    moments = [parse_moment(word) for word in arguments.at or ()]
    _set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.answers import calendar_lines  # noqa: PLC0415 - only this command needs it

    moments = moments or [clock.now().replace(microsecond=0)]
    _answer(calendar_lines(arguments.bureau, moments, as_json=arguments.json))


def _deadline(arguments: argparse.Namespace) -> None:
    _set_up_django(any_secret=True)
    from uketori.config.answers import deadline_lines  # noqa: PLC0415 - after Django's set-up

    _answer(deadline_lines(arguments.bureau, arguments.day, as_json=arguments.json))


def _banner(arguments: argparse.Namespace) -> None:
    _set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.banner_command import banner_lines  # noqa: PLC0415 - only this command needs it

    _answer(banner_lines(arguments.bureau, arguments.text, clock.now(), clear=arguments.clear))


def _mails(arguments: argparse.Namespace) -> None:
    _set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config import mails_command  # noqa: PLC0415 - only this command needs it

    if arguments.resend is not None:
        _answer(mails_command.resend_lines(arguments.resend, clock.now()))
    elif arguments.subject:
        _answer(mails_command.history_lines(arguments.subject, as_json=arguments.json))
    else:
        _answer(mails_command.queue_lines(clock.now(), as_json=arguments.json))


def _mail_test(arguments: argparse.Namespace) -> None:
    _set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.mails_command import trial_lines  # noqa: PLC0415 - only this command needs it

    _answer(trial_lines(arguments.address, arguments.bureau, clock.now()))


def _policy(arguments: argparse.Namespace) -> None:
    _set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.policy_preview import preview_lines  # noqa: PLC0415 - only this command needs it

    _answer(preview_lines(arguments.bureau, clock.now(), as_json=arguments.json))


def _answer(lines: Iterable[str]) -> None:
    from django.db import DatabaseError  # noqa: PLC0415 - after Django's set-up

    try:
        for line in lines:
            sys.stdout.write(f"{line}\n")
    except DatabaseError:
        message = "データベースの準備ができていません。先に make setup（uketori setup）をどうぞ。"
        raise CannotRun(message) from None


def _set_up_django(*, any_secret: bool = False) -> None:
    """Set Django up; ``any_secret`` for commands whose work needs none, as nothing is signed."""
    if any_secret and not os.environ.get("UKETORI_SECRET_KEY"):
        os.environ["UKETORI_SECRET_KEY"] = secrets.token_urlsafe(48)
    _refuse_wrong_settings()
    import django  # noqa: PLC0415 - takes a third of a second
    from django.apps import apps  # noqa: PLC0415 - only this command needs it

    if not apps.ready:
        django.setup()


def _refuse_wrong_settings() -> None:
    """Turn a setting or a policy file that is missing or wrong into its one line."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - only this command needs it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uketori.config.settings")
    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except ImproperlyConfigured as error:
        raise CannotRun(str(error)) from None
    from uketori.bureaus.policies import bureau_codes, bureaus_folder, policies_of  # noqa: PLC0415 - after settings

    try:
        for code in bureau_codes():
            policies_of(code)
    except ImproperlyConfigured as error:
        message = f"規則のファイルを読み取れません：{error}"
        raise CannotRun(message) from None
    except OSError:
        message = f"局のフォルダ（UKETORI_BUREAUS）を読めません：{bureaus_folder()}"
        raise CannotRun(message) from None


if __name__ == "__main__":
    sys.exit(main())
