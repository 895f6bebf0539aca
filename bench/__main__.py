"""All benchmarks, on SQLite and PostgreSQL, one JSON object a line.

    python -m bench            all that take a minute
    python -m bench mail       one or several, by name

Each figure that has a target (`bench.targets`) tells it and whether it was kept; one that was not
ends the run with 1.  Beyond the targets only ratios within one run mean something: machines differ.
"""
# ruff: noqa: S603 - every command is our own

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from machine import install_what_is_missing  # noqa: E402 - the path comes first
from throwaway_postgres import throwaway_postgres  # noqa: E402

BENCHMARKS = ("mail",)
GROWTH = ("search",)
"""Only by name: they load a million rows first."""


@contextmanager
def sqlite() -> Iterator[str]:
    """A file of its own on a local disk."""
    with tempfile.TemporaryDirectory(prefix="uketori-bench-") as folder:
        yield f"sqlite:///{folder}/bench.sqlite3"


def main(names: Sequence[str]) -> int:
    """Run the named benchmarks on both databases; 1 if one fell or missed a target."""
    if unknown := set(names) - {*BENCHMARKS, *GROWTH}:
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}")
    install_what_is_missing()
    fell = 0
    for name in names or BENCHMARKS:
        for database in (sqlite, throwaway_postgres):
            with database() as url:
                ours = {key: text for key, text in os.environ.items() if "UKETORI" not in key}
                environment = {
                    **ours,
                    "DJANGO_SETTINGS_MODULE": "uketori.config.settings",
                    "UKETORI_DEVELOPMENT": "1",
                    "UKETORI_SECRET_KEY": "a secret of the benchmarks only",
                    "UKETORI_DATABASE": url,
                }
                command = [sys.executable, "-m", f"bench.{name}"]
                fell |= subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return 1 if fell else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
