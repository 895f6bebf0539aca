"""The bureaus of the tests: Osaka as it is shipped, and みなと, which is nothing but data."""

from datetime import date
from functools import cache
from pathlib import Path

from tests.policies import holidays
from uketori.bureaus.policy_file import read_policy
from uketori.rules.calendar import CalendarFacts
from uketori.rules.policy import BureauPolicy

FOLDER = Path(__file__).parent.parent / "data" / "bureaus"
CODES = sorted(folder.name for folder in FOLDER.iterdir())
FIRST_DAY = date(2026, 1, 1)


@cache
def policy_of(code: str) -> BureauPolicy:
    """The bureau's first policy."""
    return read_policy(FOLDER / code / f"policy.{FIRST_DAY}.toml")


def calendar_of(code: str, **staff: dict[date, str]) -> CalendarFacts:
    """The bureau's days; ``staff`` are closures and days opened."""
    nothing: dict[date, str] = {}
    return CalendarFacts(
        policy=policy_of(code),
        holidays=holidays(),
        closures=staff.get("closures", nothing),
        extra_open=staff.get("extra_open", nothing),
        hours_on={},
    )
