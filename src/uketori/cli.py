"""The command ``uketori``.

Django is set up only by the commands that need it, so that the others start fast and stay small.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from uketori.commands import acts, questions, running, staff
from uketori.config.arguments import CannotRun


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 2 with one sentence for what cannot be done."""
    arguments = parser().parse_args(argv)
    try:
        with own_files():
            return int(arguments.run(arguments) or 0)
    except CannotRun as refused:
        sys.stderr.write(f"{refused}\n")
        return 2


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; each names the function that runs it."""
    root = argparse.ArgumentParser(prog="uketori", description="受取の予約")
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    for group in (running, questions, acts, staff):
        group.add_to(commands)
    return root


@contextmanager
def own_files() -> Iterator[None]:
    """Let whatever is written be this user's own: tables, mails and the key are nobody else's."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


if __name__ == "__main__":
    sys.exit(main())
