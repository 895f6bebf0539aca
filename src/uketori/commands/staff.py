"""Commands for the accounts of the staff."""

import argparse

from uketori.commands.beginning import Commands, answer, set_up_django
from uketori.rules.permissions import Role


def add_to(commands: Commands) -> None:
    """Add them to the parser."""
    first = commands.add_parser("create-administrator", help="the first account of a bureau")
    _add_person(first)
    first.add_argument("--another", action="store_true", help="although there is one")
    first.set_defaults(run=_create_administrator)

    staff = commands.add_parser("staff", help="accounts: list, add, stop, repair")
    acts = staff.add_subparsers(required=True, metavar="ACT")
    listed = acts.add_parser("list", help="who has a post")
    listed.add_argument("bureau", nargs="?")
    listed.set_defaults(run=_list)
    add = acts.add_parser("add", help="a clerk or a supervisor")
    _add_person(add)
    lesser = [Role.CLERK.value, Role.SUPERVISOR.value]
    add.add_argument("--role", choices=lesser, default=Role.CLERK.value)
    add.set_defaults(run=_add)
    for word, says in (
        ("deactivate", "signs in no more"),
        ("reset-second-factor", "the next sign-in asks for a new one"),
        ("new-password", "for whoever forgot it"),
    ):
        act = acts.add_parser(word, help=says)
        act.add_argument("username")
        act.set_defaults(run=_change, act=word)


def _add_person(command: argparse.ArgumentParser) -> None:
    command.add_argument("bureau")
    command.add_argument("username")
    command.add_argument("name", help="as colleagues say it")


def _create_administrator(arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.staff_command import administrator_lines  # noqa: PLC0415 - only this command needs it

    person = (arguments.bureau, arguments.username, arguments.name)
    answer(administrator_lines(*person, clock.now(), another=arguments.another))


def _add(arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.staff_command import added_lines  # noqa: PLC0415 - only this command needs it

    person = (arguments.bureau, arguments.username, arguments.name)
    answer(added_lines(*person, Role(arguments.role), clock.now()))


def _list(arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori.config.staff_command import listed_lines  # noqa: PLC0415 - after Django's set-up

    answer(listed_lines(arguments.bureau))


def _change(arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config import staff_command  # noqa: PLC0415 - only this command needs it

    lines = {
        "deactivate": staff_command.deactivated_lines,
        "reset-second-factor": staff_command.reset_lines,
        "new-password": staff_command.password_lines,
    }[arguments.act]
    answer(lines(arguments.username, clock.now()))
