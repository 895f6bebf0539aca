"""The tables as a picture, made from the models.

    python scripts/diagrams.py          print docs/data-model.md
    python scripts/diagrams.py write    write it

A test compares the page with what this prints, so that it never ages.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db.models import Field, ForeignKey, Model

PAGE = Path(__file__).parent.parent / "docs" / "data-model.md"
HEAD = """# The tables

Made from the models by `make diagrams`; do not edit by hand. A line ends in a fork where many rows
may point to one. What the names mean stands in [the glossary](glossary.md), the constraints stand
beside the models.
"""
ROOMS = {
    "bureaus": "Days, hours and the notice",
    "intermediaries": "People, certificates and addresses",
    "reservations": "Reservations",
    "counter": "The counter",
    "staff": "Staff",
    "outbox": "Mail and jobs",
    "audit": "The record",
}


def page() -> str:
    """Return the whole page as Markdown."""
    parts = [HEAD]
    for label, title in ROOMS.items():
        models = sorted(apps.get_app_config(label).get_models(), key=lambda one: one.__name__)
        parts.append(f"## {title}\n\n```mermaid\nerDiagram\n{_diagram(models)}```\n")
    return "\n".join(parts)


def _diagram(models: list[type[Model]]) -> str:
    return "".join(f"{line}\n" for model in models for line in _lines(model))


def _lines(model: type[Model]) -> Iterator[str]:
    name = model.__name__
    local = model._meta.local_fields  # noqa: SLF001 - Django documents it for this
    fields = [one for one in local if isinstance(one, Field)]
    yield f"    {name} {{"
    for field in fields:
        yield f"        {_kind(field)} {field.name}{_key(field)}"
    yield "    }"
    for field in fields:
        if isinstance(field, ForeignKey):
            owner = field.related_model.__name__
            many = "|o" if field.unique else "}o"
            one = "o|" if field.null else "||"
            yield f"    {name} {many}--{one} {owner} : {field.name}"


def _kind(field: "Field[Any, Any]") -> str:
    if isinstance(field, ForeignKey):
        return "id"
    return field.get_internal_type().removesuffix("Field").lower()


def _key(field: "Field[Any, Any]") -> str:
    if field.primary_key:
        return " PK"
    if isinstance(field, ForeignKey):
        return " FK"
    return " UK" if field.unique else ""


def main(arguments: list[str]) -> int:
    """Print the page, or write it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uketori.config.settings_test")
    django.setup()
    if arguments == ["write"]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
