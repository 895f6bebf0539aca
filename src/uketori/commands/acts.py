"""Commands that change what people see, or send mail."""

import argparse

from uketori.commands.beginning import Commands, answer, set_up_django


def add_to(commands: Commands) -> None:
    """Add them to the parser."""
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


def _banner(arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.banner_command import banner_lines  # noqa: PLC0415 - only this command needs it

    answer(banner_lines(arguments.bureau, arguments.text, clock.now(), clear=arguments.clear))


def _mails(arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config import mails_command  # noqa: PLC0415 - only this command needs it

    if arguments.resend is not None:
        answer(mails_command.resend_lines(arguments.resend, clock.now()))
    elif arguments.subject:
        answer(mails_command.history_lines(arguments.subject, as_json=arguments.json))
    else:
        answer(mails_command.queue_lines(clock.now(), as_json=arguments.json))


def _mail_test(arguments: argparse.Namespace) -> None:
    set_up_django(any_secret=True)
    from uketori import clock  # noqa: PLC0415 - after Django's set-up
    from uketori.config.mails_command import trial_lines  # noqa: PLC0415 - only this command needs it

    answer(trial_lines(arguments.address, arguments.bureau, clock.now()))
