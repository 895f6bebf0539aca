"""All checks and test suites, one after the other, each with its wall time.

    python scripts/suites.py          everything; installs what the machine lacks where it may
    python scripts/suites.py check    formatting, lint, types, layers, migrations only
    python scripts/suites.py races    one suite or several, by name

Every suite runs, whatever became of those before it; the status is 1 if anything failed.
"""
# ruff: noqa: S603 - every command is our own

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from machine import install_what_is_missing
from throwaway_postgres import throwaway_postgres

ROOT = Path(__file__).parent.parent
NO_TESTS = 5
"""pytest's status when nothing was collected."""


@dataclass(frozen=True)
class Result:
    """What became of one suite."""

    name: str
    seconds: float
    passed: int
    failed: int
    skipped: int = 0

    @property
    def line(self) -> str:
        """The suite in one line of the table."""
        skipped = f"  {self.skipped} skipped" if self.skipped else ""
        return (
            f"{self.name:<12}{self.seconds:>7.1f} s"
            f"{self.passed:>7} passed{self.failed:>5} failed{skipped}"
        )


CHECKS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "templates": ["djlint", "src", "--lint", "--quiet"],
    "types": ["mypy", "--strict", "src"],
    "layers": [],
    "system": ["django", "check"],
    "migrations": ["django", "makemigrations", "--check", "--dry-run", "--skip-checks"],
}


def check(name: str) -> Result:
    """Run one check; it counts as one test, and speaks only when it fails."""
    command = [sys.executable, "-m", *CHECKS[name]]
    if name == "layers":  # import-linter has no module to run
        command = [str(Path(sys.executable).with_name("lint-imports"))]
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=test_environment(None),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.stdout.write(done.stdout)
    failed = int(done.returncode != 0)
    return Result(name, time.monotonic() - began, 1 - failed, failed)


def tests(name: str, arguments: Sequence[str], database: str | None) -> Result:
    """Run pytest on one database; read the figures from its own report."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="uketori-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        status = subprocess.run(
            command, cwd=ROOT, env=test_environment(database), check=False
        ).returncode
        passed, failed, skipped = figures(report)
    if status not in {0, NO_TESTS} and not failed:
        failed = 1  # pytest itself fell
    return Result(name, time.monotonic() - began, passed, failed, skipped)


def figures(report: Path) -> tuple[int, int, int]:
    """Return how many passed, failed and were skipped."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - written by pytest just now
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return total - failed - skipped, failed, skipped


def test_environment(database: str | None) -> dict[str, str]:
    """Return an environment in which nothing of the caller's settings is left."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("UKETORI_")}
    ours["DJANGO_SETTINGS_MODULE"] = "uketori.config.settings_test"
    return {**ours, "UKETORI_DATABASE": database} if database else ours


THE_REST = ["tests", "--ignore=tests/rules", "-m", "not race and not browser", "-n", "2"]
RACES = ["tests", "--ignore=tests/rules", "-m", "race"]
BROWSER = ["tests", "--ignore=tests/rules", "-m", "browser"]

Suite = Callable[[], Iterator[Result]]


def checks() -> Iterator[Result]:
    """Formatting, lint, types, layers, migrations."""
    for name in CHECKS:
        yield check(name)


def rules() -> Iterator[Result]:
    """The rules, without a database."""
    yield tests("rules", ["tests/rules"], None)


def sqlite() -> Iterator[Result]:
    """Everything else on SQLite."""
    yield tests("sqlite", THE_REST, None)


def postgresql() -> Iterator[Result]:
    """Everything else on PostgreSQL."""
    with throwaway_postgres() as url:
        yield tests("postgresql", THE_REST, url)


def races() -> Iterator[Result]:
    """Two requests at once, on both databases."""
    yield tests("races sqlite", RACES, None)
    with throwaway_postgres() as url:
        yield tests("races pg", RACES, url)


def browser() -> Iterator[Result]:
    """Real pages in Chromium."""
    yield tests("browser", BROWSER, None)


SUITES: dict[str, Suite] = {
    "check": checks,
    "rules": rules,
    "sqlite": sqlite,
    "postgresql": postgresql,
    "races": races,
    "browser": browser,
}


def main(names: Sequence[str]) -> int:
    """Run the named suites, or all; print the table; return the status."""
    if unknown := set(names) - set(SUITES):
        sys.exit(f"no such suite: {', '.join(sorted(unknown))} (there are: {', '.join(SUITES)})")
    if not names:
        install_what_is_missing()
    results: list[Result] = []
    for name in names or SUITES:
        for result in SUITES[name]():
            sys.stdout.write(f"{result.line}\n")
            sys.stdout.flush()
            results.append(result)
    passed, failed = sum(one.passed for one in results), sum(one.failed for one in results)
    sys.stdout.write("\n" + "".join(f"{one.line}\n" for one in results))
    sys.stdout.write(f"{'all':<12}{sum(one.seconds for one in results):>7.1f} s\n")
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
