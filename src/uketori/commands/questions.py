"""Commands that answer and change nothing."""

import argparse

from uketori.commands.beginning import Commands, answer, set_up_django
from uketori.config.arguments import parse_moment


def add_to(commands: Commands) -> None:
    """Add them to the parser."""
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
    policy.add_argument("--at", metavar="MOMENT", help="as it will be then; now, if left out")
    policy.add_argument("--json", action="store_true", help="one object a line")
    policy.set_defaults(run=_policy)


def _calendar(arguments: argparse.Namespace) -> None:
    moments = [parse_moment(word) for word in arguments.at or ()]
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.answers import calendar_lines  # noqa: PLC0415 - only this command needs it

    moments = moments or [clock.now().replace(microsecond=0)]
    answer(calendar_lines(arguments.bureau, moments, as_json=arguments.json))


def _deadline(arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori.config.answers import deadline_lines  # noqa: PLC0415 - after Django's set-up

    answer(deadline_lines(arguments.bureau, arguments.day, as_json=arguments.json))


def _policy(arguments: argparse.Namespace) -> None:
    moment = parse_moment(arguments.at) if arguments.at else None
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.policy_preview import preview_lines  # noqa: PLC0415 - only this command needs it

    answer(preview_lines(arguments.bureau, moment or clock.now(), as_json=arguments.json))
