"""Somebody else holds a lock: nobody waits longer than two seconds, and a press goes on from there.

The only times that are measured here are waits that have a bound.
"""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from tests import factories, situations
from tests.concurrency.controls import replaced
from tests.faults.databases import held
from tests.faults.polite import as_many_times, assert_polite, repeating, typed_in
from tests.hostile.form import Typed
from tests.hostile.forms import form_named
from tests.hostile.requests import Sent, encoded
from tests.hostile.trial import send
from tests.hostile.world import World, make_world
from tests.situations import AtMoment
from uketori.bureaus.models import Slot
from uketori.database import wait_patiently
from uketori.intermediaries.models import MailProof
from uketori.reservations.models import Reservation
from uketori.web import middleware

pytestmark = pytest.mark.django_db(transaction=True)

BOUND = settings.DATABASE_WAIT_SECONDS
SLACK = 1.0
"""What everything but the waiting takes on a slow machine."""
SLOTS, PEOPLE = "bureaus_slot", "intermediaries_intermediary"


@pytest.fixture
def world(at_moment: AtMoment) -> World:
    at_moment(situations.MONDAY_MORNING)
    here = make_world()
    factories.slot(here.hours[9])
    here.visitor.raise_request_exception = False
    return here


@contextmanager
def took(least: float, most: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert least <= time.monotonic() - began <= most


def confirming(world: World) -> tuple[str, Typed]:
    form = form_named("confirm")
    return form.path(world), form.typed(world)


def test_booking__hour_held_by_somebody_else__ends_soon_and_is_sent_by_one_press(
    world: World,
) -> None:
    before = Reservation.objects.count()
    path, typed = confirming(world)

    with held(SLOTS), took(BOUND * 0.9, BOUND + SLACK):
        shown = repeating(assert_polite(send(world.visitor, path, Sent(encoded(typed)))))

    assert as_many_times(typed_in(shown)) == as_many_times(typed)
    assert Reservation.objects.count() == before
    assert world.visitor.post(shown.action, typed_in(shown)).status_code == 302
    assert Reservation.objects.count() == before + 1


def cursors() -> list[CursorWrapper]:
    return [one for one in gc.get_objects() if issubclass(type(one), CursorWrapper)]


def test_error__that_was_answered__holds_no_cursor(world: World) -> None:
    """The garbage collection of another thread would wait for the connection of this one."""
    path, typed = confirming(world)
    gc.collect()
    before = {id(one) for one in cursors()}
    gc.disable()
    try:
        with held(SLOTS):
            assert_polite(send(world.visitor, path, Sent(encoded(typed))))
        assert [one for one in cursors() if id(one) not in before] == []
    finally:
        gc.enable()


def test_pasted_numbers__draft_held_by_somebody_else__are_kept_in_the_page(world: World) -> None:
    form = form_named("draft add-paste")
    typed = form.typed(world)

    with held("intermediaries_mailaddress"), took(BOUND * 0.9, BOUND + SLACK):
        shown = repeating(assert_polite(world.visitor.post(form.path(world), typed)))

    assert shown.value("paste") == typed["paste"][0]
    assert world.visitor.post(shown.action, typed_in(shown)).status_code == 302


def test_page__session_held_by_somebody_else__is_shown_all_the_same(
    world: World, at_moment: AtMoment
) -> None:
    """That somebody is still there is noted by the way."""
    at_moment(situations.MONDAY_MORNING + timedelta(minutes=20))
    seen = MailProof.objects.exclude(last_seen_at=None).values_list("pk", "last_seen_at")
    before = dict(seen)

    with held("intermediaries_mailproof"), took(0, BOUND + SLACK):
        assert world.visitor.get(world.path("reservations/")).status_code == 200

    assert dict(seen.all()) == before


def _waits_twice(world: World) -> float:
    """Book while the person is held for a while, and the hour for longer; return the seconds."""
    path, typed = confirming(world)
    is_held, may_end = threading.Event(), threading.Event()

    def hold_the_person() -> None:
        with held(PEOPLE):
            is_held.set()
            may_end.wait(BOUND * 0.75)

    holder = threading.Thread(target=hold_the_person)
    holder.start()
    is_held.wait(BOUND)
    try:
        with held(SLOTS):
            began = time.monotonic()
            assert_polite(send(world.visitor, path, Sent(encoded(typed))))
            return time.monotonic() - began
    finally:
        may_end.set()
        holder.join()


def test_two_locks__one_after_the_other__cost_the_time_of_one(world: World) -> None:
    if connection.vendor == "postgresql":  # SQLite has one lock only
        assert _waits_twice(world) <= BOUND + SLACK / 2


def test_two_locks__control__without_the_common_bound__cost_more(world: World) -> None:
    if connection.vendor == "postgresql":
        with replaced(middleware, "bounded", nullcontext):
            assert _waits_twice(world) > BOUND + SLACK / 2


def test_worker_and_commands__wait_longer_than_a_request(world: World) -> None:
    """Nobody sits in front of them: a migration or a mail is not given up after two seconds."""
    done = threading.Event()

    def stops_the_hour() -> None:
        wait_patiently()
        try:
            Slot.objects.filter(starts_at=world.hours[9]).update(closed_at=world.hours[0])
            done.set()
        finally:
            connection.close()

    patient = threading.Thread(target=stops_the_hour)
    with held(SLOTS):
        patient.start()
        assert not done.wait(BOUND + SLACK)
    patient.join()

    assert done.is_set()
