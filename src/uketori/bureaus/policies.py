"""Reading the dated policy files of the bureaus.

``data/bureaus/<code>/policy.<date>.toml`` is in force from its date until the next file's date.  A
key that no field knows, or a field that no key fills, stops the process: a number of the notice is
never guessed.
"""

from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from uketori.bureaus.policy_checks import check_followed
from uketori.bureaus.policy_file import read_policy
from uketori.rules.policy import BureauPolicy


class UnknownBureau(LookupError):
    """No bureau has this code."""


def bureau_codes() -> list[str]:
    """Return the codes of all bureaus, sorted."""
    folders = bureaus_folder().iterdir()
    return sorted(folder.name for folder in folders if list(folder.glob("policy.*")))


def policy_at(code: str, day: date) -> BureauPolicy:
    """Return the policy in force at the bureau on ``day``; before the first file, the first one.

    Raises ``UnknownBureau``.
    """
    policies = policies_of(code)
    in_force = [policy for policy in policies if policy.effective_from <= day]
    return in_force[-1] if in_force else policies[0]


def policy_in_force(code: str, at: datetime) -> BureauPolicy:
    """Return the policy in force at a moment; its day begins at midnight of the bureau's own time.

    Raises ``UnknownBureau``.
    """
    policies = policies_of(code)
    begun = [one for one in policies if one.effective_from <= at.astimezone(one.tz).date()]
    return begun[-1] if begun else policies[0]


def policies_of(code: str) -> tuple[BureauPolicy, ...]:
    """Return all policies of the bureau, oldest first.  Raises ``UnknownBureau``."""
    if code not in bureau_codes():
        raise UnknownBureau(code)
    return _load_all(bureaus_folder() / code)


def bureau_folder(code: str) -> Path:
    """Return the folder of the bureau's data files.  Raises ``UnknownBureau``."""
    if code not in bureau_codes():
        raise UnknownBureau(code)
    return bureaus_folder() / code


def bureaus_folder() -> Path:
    """Return the folder that holds a folder for each bureau."""
    return Path(settings.BUREAUS_FOLDER)


@cache
def _load_all(folder: Path) -> tuple[BureauPolicy, ...]:
    """Read every file, in the order of their days; each still serves the people of those before."""
    found = sorted((read_policy(path) for path in folder.glob("policy.*.toml")), key=_day)
    for earlier, later in pairwise(found):
        try:
            check_followed(earlier, later)
        except ValueError as error:
            message = f"policy.{later.effective_from}.toml: {error}"
            raise ImproperlyConfigured(message) from error
    return tuple(found)


def _day(policy: BureauPolicy) -> date:
    return policy.effective_from
