"""Reading one dated policy file, whole or not at all.

Whatever is wrong is said with the file and the key: a number of the notice is never guessed.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

from uketori.bureaus.data_files import text_of
from uketori.bureaus.policy_checks import Values, check
from uketori.rules.guide import Stop
from uketori.rules.policy import (
    ApplicationType,
    BureauPolicy,
    CertificateKind,
    Declaration,
    Document,
    IntermediaryKind,
    ReceiptCategory,
)

FLAT_SECTIONS = (
    "bureau",
    "contact",
    "mail",
    "calendar",
    "slots",
    "booking",
    "change",
    "reminders",
    "certificates",
    "staff",
    "eligibility",
    "application_number",
    "forms",
)
NAME = re.compile(r"policy\.([0-9]{4}-[0-9]{2}-[0-9]{2})\.toml")
MINUTE = re.compile(r"[0-9]{2}:[0-9]{2}")
MONTH_AND_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
A_LEAP_YEAR = 2000
NAME_WORDS = "policy.YYYY-MM-DD.toml"
TABLE_SECTIONS = (
    "application_types",
    "certificate_kinds",
    "intermediary_kinds",
    "categories",
    "declarations",
    "guide_clauses",
    "documents",
    "documents_of_type",
)


def read_policy(path: Path) -> BureauPolicy:
    """Read ``<bureau>/policy.<date>.toml``.  Raises ``ImproperlyConfigured``, naming the key."""
    try:
        return _read(path)
    except ValueError as error:
        message = f"{path.name}: {error}"
        raise ImproperlyConfigured(message) from error


def day_of(path: Path) -> date:
    """Return the day of a file that is called ``policy.YYYY-MM-DD.toml``, and in no other way.

    Raises ``ValueError``: what lies beside it under a like name, such as a copy kept for safety,
    would otherwise be in force in silence.
    """
    found = NAME.fullmatch(path.name)
    if found is None:
        message = f"is not called {NAME_WORDS}"
        raise ValueError(message)
    return date.fromisoformat(found[1])


def _read(path: Path) -> BureauPolicy:
    source = tomllib.loads(text_of(path))
    _check_sections(source)
    values: Values = {
        "code": path.parent.name,
        "effective_from": day_of(path),
    }
    for section in FLAT_SECTIONS:
        for key, value in source[section].items():
            if key in values:
                message = f"{key} stands twice"
                raise ValueError(message)
            values[key] = value
    _check_keys(values)
    for build, where in ((SHAPES, values), (TABLES, source)):
        for key, shape in build.items():
            values[key] = _built(key, shape, where)
    del values["timezone"]
    check(values)
    return BureauPolicy(**values)


def _check_sections(source: Mapping[str, Any]) -> None:
    wanted = {*FLAT_SECTIONS, *TABLE_SECTIONS}
    if unknown := set(source) - wanted:
        message = f"unknown section {sorted(unknown)}"
        raise ValueError(message)
    if missing := wanted - set(source):
        message = f"missing section {sorted(missing)}"
        raise ValueError(message)


def _check_keys(values: Values) -> None:
    wanted = {field.name for field in fields(BureauPolicy)} - set(TABLES) - {"tz"} | {"timezone"}
    if wrong := wanted ^ set(values):
        message = f"unknown or missing keys {sorted(wrong)}"
        raise ValueError(message)


def _built(key: str, shape: Callable[[Mapping[str, Any]], Any], source: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever the key holds
    """Turn what TOML can say into what the policy means."""
    try:
        return shape(source)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        why = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        message = f"{key}: {why}"
        raise ValueError(message) from error


def _hours(source: Mapping[str, Any]) -> tuple[tuple[int, ...], ...]:
    """One list for every weekday (an open Saturday has it too), or seven, Monday first."""
    hours = source["hours"]
    week = hours if hours and isinstance(hours[0], list) else [hours] * 7
    for day in week:
        if not all(type(hour) is int and 0 <= hour < 24 for hour in day):  # noqa: PLR2004 - of a day
            message = f"whole hours from 0 to 23, not {day}"
            raise ValueError(message)
        if day != sorted(set(day)):
            message = f"each hour once and in order, not {day}"
            raise ValueError(message)
    if len(week) != 7:  # noqa: PLR2004 - of a week
        message = f"one list, or seven of them, not {len(week)}"
        raise ValueError(message)
    return tuple(tuple(day) for day in week)


def _minute(text: str) -> time:
    """Read a minute of the bureau's own day."""
    if not MINUTE.fullmatch(text):
        message = f"a minute such as 09:05, not {text}"
        raise ValueError(message)
    return time.fromisoformat(text)


def _minute_or_none(text: str) -> time | None:
    """Read the minute at which something is done; an empty text means never."""
    return _minute(text) if text else None


def _weekdays(source: Mapping[str, Any]) -> tuple[int, ...]:
    """Monday is 0.  At least one day stays open."""
    days = source["closed_weekdays"]
    if not all(type(day) is int and 0 <= day <= 6 for day in days):  # noqa: PLR2004 - of a week
        message = f"days from 0 (Monday) to 6 (Sunday), not {days}"
        raise ValueError(message)
    if len(set(days)) == 7:  # noqa: PLR2004 - of a week
        message = "no day of the week would be open"
        raise ValueError(message)
    return tuple(days)


def _annually(source: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """First day, last day, both MM-DD, and their name; over the new year where the last is less."""
    spans = []
    for span in source["closed_annually"]:
        if len(span) != 3 or not all(isinstance(one, str) and one for one in span):  # noqa: PLR2004 - see above
            message = f'["MM-DD", "MM-DD", "name"], not {span}'
            raise ValueError(message)
        for day in span[:2]:
            if not MONTH_AND_DAY.fullmatch(day):
                message = f"a day such as 01-03, not {day}"
                raise ValueError(message)
            date.fromisoformat(f"{A_LEAP_YEAR}-{day}")
        spans.append((span[0], span[1], span[2]))
    return tuple(spans)


def _pattern(source: Mapping[str, Any]) -> str:
    pattern: str = source["number_pattern"]
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(str(error)) from error
    return pattern


SHAPES: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "tz": lambda source: ZoneInfo(source["timezone"]),
    "closed_weekdays": _weekdays,
    "closed_annually": _annually,
    "hours": _hours,
    "change_last_minute": lambda source: _minute(source["change_last_minute"]),
    "first_reminder_time": lambda source: _minute_or_none(source["first_reminder_time"]),
    "second_reminder_time": lambda source: _minute_or_none(source["second_reminder_time"]),
    "number_pattern": _pattern,
    "number_letters": lambda source: {
        letter: ApplicationType(name) for letter, name in source["number_letters"].items()
    },
}
"""What stands in a flat section and is more than a number or a text."""

TABLES: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "application_types": lambda source: {
        ApplicationType(key): name for key, name in source["application_types"].items()
    },
    "certificate_kinds": lambda source: {
        CertificateKind(key): name for key, name in source["certificate_kinds"].items()
    },
    "intermediary_kinds": lambda source: {
        IntermediaryKind(key): row["name"] for key, row in source["intermediary_kinds"].items()
    },
    "certificate_of": lambda source: {
        IntermediaryKind(key): CertificateKind(row["certificate"])
        for key, row in source["intermediary_kinds"].items()
    },
    "categories_of": lambda source: {
        IntermediaryKind(key): tuple(ReceiptCategory(one) for one in row["categories"])
        for key, row in source["intermediary_kinds"].items()
    },
    "categories": lambda source: {
        ReceiptCategory(key): row["letter"] for key, row in source["categories"].items()
    },
    "category_questions": lambda source: {
        ReceiptCategory(key): row["question"] for key, row in source["categories"].items()
    },
    "documents_of_category": lambda source: {
        ReceiptCategory(key): tuple(Document(one) for one in row["documents"])
        for key, row in source["categories"].items()
    },
    "documents": lambda source: {
        Document(key): row["name"] for key, row in source["documents"].items()
    },
    "document_notes": lambda source: {
        Document(key): row["note"] for key, row in source["documents"].items()
    },
    "documents_of_type": lambda source: {
        ApplicationType(key): tuple(Document(one) for one in rows)
        for key, rows in source["documents_of_type"].items()
    },
    "guide_clauses": lambda source: {
        Stop(key.upper()): clause for key, clause in source["guide_clauses"].items()
    },
    "declarations": lambda source: tuple(
        Declaration(
            code=row["code"],
            text=row["text"],
            only_for=ApplicationType(row["only_for"]) if "only_for" in row else None,
        )
        for row in source["declarations"]
    ),
}
"""What stands in a table of its own."""
