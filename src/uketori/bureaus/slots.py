"""Slots of a bureau: rows made ahead, places taken and given back, hours stopped.  D08, D09."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from uketori.audit.record import record
from uketori.bureaus.calendar import facts_at
from uketori.bureaus.models import Slot
from uketori.rules.calendar import CalendarFacts, slots_days
from uketori.rules.capacity import Room, refuse_for_room
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal, Refused

TAKE_ATTEMPTS = 4


def starts_on(day: date, facts: CalendarFacts) -> list[datetime]:
    """Return the moments at which slots start on the day, in order."""
    return [datetime.combine(day, time(hour), facts.policy.tz) for hour in facts.hours(day)]


def keep_slots(code: str, at: datetime) -> int:
    """Insert the missing rows of the coming open days; return how many were missing."""
    facts = facts_at(code, at)
    moments = [
        moment
        for day in slots_days(at, facts, facts.policy.slots_kept_open_days)
        for moment in starts_on(day, facts)
    ]
    known = set(
        Slot.objects.filter(bureau=code, starts_at__in=moments).values_list("starts_at", flat=True)
    )
    missing = [new_slot(facts.policy, moment) for moment in moments if moment not in known]
    Slot.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def ensure_slot(policy: BureauPolicy, starts_at: datetime) -> None:
    """Insert the row of this hour if the worker has not yet; call it inside a transaction."""
    Slot.objects.bulk_create([new_slot(policy, starts_at)], ignore_conflicts=True)


def new_slot(policy: BureauPolicy, starts_at: datetime) -> Slot:
    """Return an unsaved row with the policy's capacity."""
    return Slot(
        bureau=policy.code,
        starts_at=starts_at,
        capacity_reservations=policy.capacity_reservations,
        capacity_cases=policy.capacity_cases,
        ceiling_reservations=policy.capacity_reservations,
        ceiling_cases=policy.capacity_cases,
    )


def room_of(slot: Slot | None, policy: BureauPolicy) -> Room:
    """Return the room that is left; an hour without a row is empty."""
    if slot is None:
        return Room(
            free_reservations=policy.capacity_reservations,
            free_cases=policy.capacity_cases,
            stopped=False,
        )
    return Room(
        free_reservations=max(0, slot.capacity_reservations - slot.booked_reservations),
        free_cases=max(0, slot.capacity_cases - slot.booked_cases),
        stopped=slot.closed_at is not None,
    )


def take_place(*, policy: BureauPolicy, starts_at: datetime, cases: int) -> int:
    """Take a place for so many cases and return the slot's id, or raise ``Refused``.  D09, D27.

    The hour's row is made if the worker has not yet; call it inside a transaction.
    """
    for _attempt in range(TAKE_ATTEMPTS):
        slot_id = Slot.objects.take(bureau=policy.code, starts_at=starts_at, cases=cases)
        if slot_id is not None:
            return slot_id
        slot = Slot.objects.filter(bureau=policy.code, starts_at=starts_at).first()
        if slot is None:
            ensure_slot(policy, starts_at)
        elif reasons := refuse_for_room(room_of(slot, policy), cases):
            raise Refused(reasons)
        # the row was made, or a place came free, between the two looks: ask again
    raise Refused([Reason(Refusal.SLOT_FULL)])


def lock_hours(*, policy: BureauPolicy, starts: Iterable[datetime]) -> None:
    """Lock the rows of these hours until the transaction ends, the earliest first.

    Whoever needs two hours takes them in this order, so that two people who exchange theirs at the
    same instant wait for each other once, and not for ever.  A missing row is made before the first
    lock.  SQLite ignores the words; there the transaction itself is the lock.
    """
    hours = list(starts)
    rows = Slot.objects.filter(bureau=policy.code, starts_at__in=hours)
    known = set(rows.values_list("starts_at", flat=True))
    for moment in hours:
        if moment not in known:
            ensure_slot(policy, moment)
    list(rows.order_by("starts_at").select_for_update(no_key=True))


@transaction.atomic
def stop_hour(*, policy: BureauPolicy, starts_at: datetime, actor: str, at: datetime) -> None:
    """Stop an hour (受付終了): from the commit on nobody can book it.

    Touches the slot row only, so it never waits for an intermediary's lock; a booking that holds
    the row commits first and stands, one that comes later is refused.
    """
    ensure_slot(policy, starts_at)
    stopped = Slot.objects.filter(bureau=policy.code, starts_at=starts_at, closed_at=None).update(
        closed_at=at
    )
    if stopped:
        record(
            bureau=policy.code,
            kind="slot_stopped",
            actor=actor,
            subject=f"slot:{starts_at.isoformat()}",
            at=at,
        )


def day_span(first: date, last: date, policy: BureauPolicy) -> tuple[datetime, datetime]:
    """Return the half-open span of moments from the first day to the end of the last."""
    begin = datetime.combine(first, time(), policy.tz)
    return begin, datetime.combine(last + timedelta(days=1), time(), policy.tz)
