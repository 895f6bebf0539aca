"""What an act wrote: every row of every table of ours, before and after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps

Rows = dict[str, list[dict[str, Any]]]
OURS = ("bureaus", "intermediaries", "reservations", "outbox", "audit")


def everything() -> Rows:
    """Every row of every table of ours."""
    return {
        model._meta.object_name: list(model.objects.order_by("pk").values())
        for label in OURS
        for model in apps.get_app_config(label).get_models()
    }


def added(before: Rows) -> dict[str, int]:
    """How many rows each table has more than before, where any."""
    counts = {name: len(rows) - len(before[name]) for name, rows in everything().items()}
    return {name: count for name, count in counts.items() if count}


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fail if any row of any table of ours comes, goes or changes."""
    before = everything()
    yield
    after = everything()
    changed = [name for name, rows in before.items() if rows != after[name]]
    assert changed == []
