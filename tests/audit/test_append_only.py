"""The database itself refuses to change or delete an event.  D23."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from uketori.audit.models import Event
from uketori.audit.record import record

append_only = import_module("uketori.audit.migrations.0002_append_only")
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def event(db: None) -> Iterator[Event]:
    """One recorded event, with the triggers in place (transactional tests take them off)."""
    append_only.execute(append_only.INSTALL, connection)
    return record(bureau="osaka", kind="booked", actor="mail:1", subject="R1", at=AT)


@pytest.mark.parametrize(
    "act",
    [
        lambda event: Event.objects.filter(pk=event.pk).update(kind="other"),
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.all().delete(),
    ],
    ids=["update", "save", "delete", "delete all"],
)
def test_event__changed_or_deleted__refused(event: Event, act: Callable[[Event], object]) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act(event)

    event.refresh_from_db()
    assert event.kind == "booked"


def test_event__added__stands(event: Event) -> None:
    record(bureau="osaka", kind="cancelled", actor="mail:1", subject="R1", at=AT)

    assert Event.objects.filter(subject="R1").count() == 2


def test_migration__taken_back__events_can_be_removed(event: Event) -> None:
    """Reversible: both lists may be run again and again."""
    append_only.execute(append_only.REMOVE, connection)
    append_only.execute(append_only.REMOVE, connection)
    event.delete()

    assert not Event.objects.exists()
