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
TABLE_SECTIONS = (
    "application_types",
    "certificate_kinds",
    "intermediary_kinds",
    "categories",
    "declarations",
    "documents",
    "documents_of_type",
)
PLAIN: Mapping[object, str] = {int: "a whole number", str: "a text", bool: "true or false"}
MAY_BE_ZERO = {
    *("few_left", "change_open_days_before", "session_warning_minutes"),
    *("first_reminder_open_days_before", "second_reminder_open_days_before"),
}
A_DAY_IN_MINUTES = 24 * 60

Values = dict[str, Any]


def read_policy(path: Path) -> BureauPolicy:
    """Read ``<bureau>/policy.<date>.toml``.  Raises ``ImproperlyConfigured``, naming the key."""
    try:
        return _read(path)
    except ValueError as error:
        message = f"{path.name}: {error}"
        raise ImproperlyConfigured(message) from error


def _read(path: Path) -> BureauPolicy:
    source = tomllib.loads(path.read_text(encoding="utf-8"))
    _check_sections(source)
    values: Values = {
        "code": path.parent.name,
        "effective_from": date.fromisoformat(path.name.split(".")[1]),
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
    _check_plain(values)
    _check_together(values)
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


def _check_plain(values: Values) -> None:
    """Check what needs no shaping: whole numbers, texts, yes or no."""
    for field in fields(BureauPolicy):
        value = values[field.name]
        if field.type in PLAIN and type(value) is not field.type:
            message = f"{field.name} must be {PLAIN[field.type]}, not {value!r}"
            raise ValueError(message)
        least = 0 if field.name in MAY_BE_ZERO else 1
        if field.type is int and value < least:
            message = f"{field.name} must be at least {least}, not {value}"
            raise ValueError(message)


def _check_together(values: Values) -> None:
    """Check what only several keys together can get wrong."""
    length = values["slot_minutes"]
    for day in values["hours"]:
        ends = [60 * hour + length for hour in day]
        begins = [60 * hour for hour in day[1:]] + [A_DAY_IN_MINUTES] * bool(day)
        if any(end > begin for end, begin in zip(ends, begins, strict=True)):
            message = f"hours: slots of {length} minutes overlap, or run into the next day"
            raise ValueError(message)
    if Document.POSTCARD not in values["documents"]:  # every bureau sends one, under its own name
        message = "documents: postcard is missing"
        raise ValueError(message)
    for key, known in (
        ("number_letters", "application_types"),
        ("certificate_of", "certificate_kinds"),
    ):
        if unknown := set(values[key].values()) - set(values[known]):
            message = f"{key}: {sorted(unknown)} not in {known}"
            raise ValueError(message)
    for kind, categories in values["categories_of"].items():
        if unknown := set(categories) - set(values["categories"]):
            message = f"intermediary_kinds.{kind}: {sorted(unknown)} not in categories"
            raise ValueError(message)


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


def _time_or_none(text: str) -> time | None:
    """Read the time of day at which something is done; an empty text means never."""
    return time.fromisoformat(text) if text else None


def _pattern(source: Mapping[str, Any]) -> str:
    pattern: str = source["number_pattern"]
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(str(error)) from error
    return pattern


SHAPES: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "tz": lambda source: ZoneInfo(source["timezone"]),
    "closed_weekdays": lambda source: tuple(source["closed_weekdays"]),
    "closed_annually": lambda source: tuple(tuple(span) for span in source["closed_annually"]),
    "hours": _hours,
    "change_last_minute": lambda source: time.fromisoformat(source["change_last_minute"]),
    "first_reminder_time": lambda source: _time_or_none(source["first_reminder_time"]),
    "second_reminder_time": lambda source: _time_or_none(source["second_reminder_time"]),
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
