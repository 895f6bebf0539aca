"""Each guard can be taken away on purpose: a race test that cannot fail proves nothing.

Nothing here replaces a rule.  A control takes one guard away (a lock, a transaction, a condition of
an UPDATE, a constraint) or widens the moment between look and write, so that a race that is there
is met.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from django.db import connection, models
from django.db.models import F, QuerySet

from uketori.bureaus import models as bureau_models
from uketori.bureaus.models import Slot, SlotQuerySet
from uketori.intermediaries.models import Certificate, CertificateClaim, Limit, MailProof
from uketori.outbox.models import OutgoingMail
from uketori.reservations.booking import act as booking_act
from uketori.reservations.models import Draft, Reservation

pause = 0.05
"""Seconds between look and write.  A control must meet the race and takes longer (conftest)."""


@contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Let ``owner.name`` be something else for a while."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def slowed(owner: Any, name: str, seconds: float | None = None) -> Iterator[None]:
    """Pause before each call of ``owner.name``; it does what it always does."""
    before: Callable[..., Any] = getattr(owner, name)

    def slow(*args: Any, **kwargs: Any) -> Any:
        time.sleep(pause if seconds is None else seconds)
        return before(*args, **kwargs)

    with replaced(owner, name, slow):
        yield


@contextmanager
def without_row_locks() -> Iterator[None]:
    """Read rows without locking them."""
    with replaced(QuerySet, "select_for_update", lambda self, **_how: self.all()):
        yield


@contextmanager
def without_transaction(module: ModuleType, name: str) -> Iterator[None]:
    """Run an action in autocommit: on SQLite the transaction itself is the lock."""
    with replaced(module, name, getattr(module, name).__wrapped__), without_row_locks():
        yield


@contextmanager
def taking_by_looking(*, absolute: bool) -> Iterator[None]:
    """Take a place by looking first and writing later, as a form of counting that is not ours.

    Absolute values hide the overselling from the CHECK; relative ones run into it.
    """

    def take(self: SlotQuerySet, *, bureau: str, starts_at: datetime, cases: int) -> int | None:
        slot = self.filter(bureau=bureau, starts_at=starts_at, closed_at=None).first()
        if slot is None or slot.booked_reservations + 1 > slot.capacity_reservations:
            return None
        if slot.booked_cases + cases > slot.capacity_cases:
            return None
        time.sleep(pause)
        taken, carried = slot.booked_reservations, slot.booked_cases
        self.filter(pk=slot.pk).update(
            booked_reservations=(taken if absolute else F("booked_reservations")) + 1,
            booked_cases=(carried if absolute else F("booked_cases")) + cases,
        )
        return slot.pk

    with without_transaction(booking_act, "book_once"), replaced(SlotQuerySet, "take", take):
        yield


@contextmanager
def without_look() -> Iterator[None]:
    """Book without seeing what the person or the form holds already."""
    with replaced(booking_act, "_reservations_of", lambda _order, _now: []):
        yield


@contextmanager
def without_stop_condition() -> Iterator[None]:
    """Take places of an hour without asking whether it was stopped."""
    condition = " AND closed_at IS NULL"
    assert condition in bureau_models.TAKE
    with replaced(bureau_models, "TAKE", bureau_models.TAKE.replace(condition, "")):
        yield


def spend_by_looking(*, proof: MailProof, device_digest: str, at: datetime) -> bool:
    """Use a link up by looking first and writing later."""
    fresh = MailProof.objects.filter(pk=proof.pk, spent_at=None, expires_at__gt=at).exists()
    time.sleep(pause)
    if fresh:
        MailProof.objects.filter(pk=proof.pk).update(spent_session_digest=device_digest)
    return fresh


def within_limit_by_looking(
    *, identity: str, act: str, limit: int, window: timedelta, at: datetime
) -> bool:
    """Count as a cache's ``incr`` does: get, then set."""
    begin = at - timedelta(seconds=at.timestamp() % window.total_seconds())
    row, _ = Limit.objects.get_or_create(identity=identity, act=act, window_starts_at=begin)
    time.sleep(pause)
    Limit.objects.filter(pk=row.pk).update(count=row.count + 1)
    return row.count < limit


ROWS = (OutgoingMail, Draft, Reservation, CertificateClaim, Certificate, Slot)
"""What a control may leave behind, in an order in which it can be deleted."""


@contextmanager
def without_constraint(model: type[models.Model], name: str) -> Iterator[None]:
    """Take a constraint off the table; at the end the rows go and the constraint comes back."""
    everything = model._meta.constraints
    constraint = next(one for one in everything if one.name == name)
    # SQLite makes the table anew, from what the model says at that moment
    with replaced(model._meta, "constraints", [one for one in everything if one != constraint]):
        _change(model, "remove_constraint", constraint)
    try:
        yield
    finally:
        for rows in ROWS:
            rows._default_manager.all().delete()
        _change(model, "add_constraint", constraint)


def _change(model: type[models.Model], how: str, constraint: models.BaseConstraint) -> None:
    with connection.schema_editor() as editor:
        getattr(editor, how)(model, constraint)
