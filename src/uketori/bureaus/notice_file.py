"""Reading the first notice of a bureau from its data folder, whole or not at all.

Between two lines ``+++`` stand its number and its day, below them its Markdown.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from uketori.bureaus.data_files import text_of

NAME = "notice.ja.md"
FENCE = "+++"
LONGEST_CHANGES = 400
KINDS: dict[str, tuple[type, str]] = {
    "number": (int, "a whole number from 1 on"),
    "effective_from": (date, "a day such as 2026-01-01"),
    "changes": (str, "a text"),
}


@dataclass(frozen=True)
class Notice:
    """What the file says."""

    number: int
    effective_from: date
    changes: str
    body: str


def read_notice(folder: Path) -> Notice:
    """Read the bureau's file.  Raises ``ImproperlyConfigured``, naming it and the line."""
    try:
        return _read(text_of(folder / NAME))
    except (ValueError, OSError) as error:
        why = "cannot be read" if isinstance(error, OSError) else str(error)
        message = f"{folder.name}/{NAME}: {why}"
        raise ImproperlyConfigured(message) from error


def _read(text: str) -> Notice:
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if line.strip() == FENCE][:2]
    if len(fences) < 2 or any(line.strip() for line in lines[: fences[0]]):  # noqa: PLR2004 - begin and end
        message = f"line 1: must begin with a line {FENCE}, number and day, and a line {FENCE}"
        raise ValueError(message)
    begin, end = fences
    # blank lines keep the numbers of the lines, which TOML's own errors name
    facts = tomllib.loads("\n" * (begin + 1) + "\n".join(lines[begin + 1 : end]))
    for key in KINDS:
        _check(key, facts, lines[: end + 1])
    body = "\n".join(lines[end + 1 :]).strip()
    if not body:
        message = f"line {end + 2}: no text follows"
        raise ValueError(message)
    return Notice(**{key: facts[key] for key in KINDS}, body=body)


def _check(key: str, facts: dict[str, Any], head: list[str]) -> None:
    """Check one value of the head.  Raises ``ValueError``, naming its line."""
    kind, words = KINDS[key]
    line = next((n for n, one in enumerate(head, 1) if one.lstrip().startswith(key)), len(head))
    if key not in facts:
        message = f"line {len(head)}: {key} is missing above"
        raise ValueError(message)
    value = facts[key]
    if type(value) is not kind or (isinstance(value, int) and value < 1):
        message = f"line {line}: {key} must be {words}, not {value!r}"
        raise ValueError(message)
    if isinstance(value, str) and len(value) > LONGEST_CHANGES:
        message = f"line {line}: {key} must be at most {LONGEST_CHANGES} letters, not {len(value)}"
        raise ValueError(message)
