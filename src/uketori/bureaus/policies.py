"""Reading the dated policy files of the bureaus.

``data/bureaus/<code>/policy.<date>.toml`` is in force from its date until the next file's date.  A
key that no field knows, or a field that no key fills, stops the process: a number of the notice is
never guessed.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
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
    "certificates",
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


class UnknownBureau(LookupError):
    """No bureau has this code."""


def bureau_codes() -> list[str]:
    """Return the codes of all bureaus, sorted."""
    return sorted(folder.name for folder in _bureaus().iterdir() if list(folder.glob("policy.*")))


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
    return _load_all(_bureaus() / code)


def bureau_folder(code: str) -> Path:
    """Return the folder of the bureau's data files.  Raises ``UnknownBureau``."""
    if code not in bureau_codes():
        raise UnknownBureau(code)
    return _bureaus() / code


def _bureaus() -> Path:
    return Path(settings.BUREAUS_FOLDER)


@cache
def _load_all(folder: Path) -> tuple[BureauPolicy, ...]:
    return tuple(_load(path) for path in sorted(folder.glob("policy.*.toml")))


def _load(path: Path) -> BureauPolicy:
    source = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := set(source) - {*FLAT_SECTIONS, *TABLE_SECTIONS}:
        message = f"{path.name}: unknown section {sorted(unknown)}"
        raise ImproperlyConfigured(message)
    values: dict[str, Any] = {
        "code": path.parent.name,
        "effective_from": date.fromisoformat(path.name.split(".")[1]),
    }
    for section in FLAT_SECTIONS:
        for key, value in source[section].items():
            if key in values:
                message = f"{path.name}: {key} stands twice"
                raise ImproperlyConfigured(message)
            values[key] = value
    values.update(_tables(source))
    _shape(values)
    _check_keys(path.name, values)
    return BureauPolicy(**values)


def _check_keys(name: str, values: Mapping[str, object]) -> None:
    wanted = {field.name for field in fields(BureauPolicy)}
    if wrong := wanted ^ set(values):
        message = f"{name}: unknown or missing keys {sorted(wrong)}"
        raise ImproperlyConfigured(message)


def _shape(values: dict[str, Any]) -> None:
    """Turn what TOML can say into what the policy means."""
    values["tz"] = ZoneInfo(values.pop("timezone"))
    values["closed_weekdays"] = tuple(values["closed_weekdays"])
    values["closed_annually"] = tuple(tuple(span) for span in values["closed_annually"])
    values["hours"] = _hours(values["hours"])
    values["change_last_minute"] = time.fromisoformat(values["change_last_minute"])
    values["number_letters"] = {
        letter: ApplicationType(name) for letter, name in values["number_letters"].items()
    }


def _hours(hours: list[Any]) -> tuple[tuple[int, ...], ...]:
    """One list for every weekday (an open Saturday has it too), or seven, Monday first."""
    if hours and isinstance(hours[0], list):
        return tuple(tuple(day) for day in hours)
    return tuple(tuple(hours) for _ in range(7))


def _tables(source: Mapping[str, Any]) -> dict[str, Any]:
    kinds = source["intermediary_kinds"]
    categories = source["categories"]
    documents = source["documents"]
    return {
        "application_types": {
            ApplicationType(key): name for key, name in source["application_types"].items()
        },
        "certificate_kinds": {
            CertificateKind(key): name for key, name in source["certificate_kinds"].items()
        },
        "intermediary_kinds": {IntermediaryKind(key): row["name"] for key, row in kinds.items()},
        "certificate_of": {
            IntermediaryKind(key): CertificateKind(row["certificate"]) for key, row in kinds.items()
        },
        "categories_of": {
            IntermediaryKind(key): tuple(ReceiptCategory(one) for one in row["categories"])
            for key, row in kinds.items()
        },
        "categories": {ReceiptCategory(key): row["letter"] for key, row in categories.items()},
        "category_questions": {
            ReceiptCategory(key): row["question"] for key, row in categories.items()
        },
        "documents_of_category": {
            ReceiptCategory(key): tuple(Document(one) for one in row["documents"])
            for key, row in categories.items()
        },
        "documents": {Document(key): row["name"] for key, row in documents.items()},
        "document_notes": {Document(key): row["note"] for key, row in documents.items()},
        "documents_of_type": {
            ApplicationType(key): tuple(Document(one) for one in rows)
            for key, rows in source["documents_of_type"].items()
        },
        "declarations": tuple(
            Declaration(
                code=row["code"],
                text=row["text"],
                only_for=ApplicationType(row["only_for"]) if "only_for" in row else None,
            )
            for row in source["declarations"]
        ),
    }
