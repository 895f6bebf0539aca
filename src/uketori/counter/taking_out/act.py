"""Taking cases out of a reservation that are none of this counter's: the bureau's act.  R-32.

It cannot be undone, and the holder is told in the same transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from uketori.audit.record import record
from uketori.bureaus.models import Slot
from uketori.counter.visit.facts import locked, visit_of
from uketori.reservations.cancelling.act import cancel_what_is_not_here
from uketori.reservations.changing.rows import digests_of, write_taken_out
from uketori.reservations.mails.telling import tell_taken_out
from uketori.reservations.models import CaseChange, Reservation, ReservedCase
from uketori.reservations.standing import kept_of
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refused
from uketori.rules.taking_out import (
    NotHere,
    refuse_any_taking_out,
    refuse_taking_out,
    without,
)

TAKEN_OUT_KIND = "case_taken_out"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the clerk read on the page and decided: cases by their id."""

    cases: Collection[int]
    because: NotHere
    revision: int
    """The revision of the reservation that the clerk saw."""


@transaction.atomic(durable=True)
def take_out(
    *, reservation: Reservation, chosen: Chosen, policy: BureauPolicy, actor: str, at: datetime
) -> Reservation:
    """Take the chosen cases out, or raise ``Refused``; with the last one the reservation goes.

    Ids of another reservation are passed over.  Locks the intermediary, then the slot.
    """
    fresh = locked(reservation)
    cases = standing(fresh, chosen.cases)
    kept = kept_of(fresh)
    if reasons := refuse_taking_out(
        len(cases),
        kept,
        is_stale=chosen.revision != fresh.revision,
        day_ends_at=visit_of(fresh, policy).day_ends_at,
        at=at,
    ):
        raise Refused(reasons)
    if without(len(cases), kept) is None:
        cancel_what_is_not_here(fresh, because=chosen.because, actor=actor, at=at)
        return fresh
    _write(fresh, cases, chosen.because, actor, at)
    tell_taken_out(reservation=fresh, at=at)
    return fresh


def standing(reservation: Reservation, cases: Collection[int]) -> list[ReservedCase]:
    """Return those of the cases that stand in the reservation, in order."""
    return list(reservation.cases.filter(pk__in=cases, withdrawn_at=None).order_by("order"))


def why_not(reservation: Reservation, policy: BureauPolicy, at: datetime) -> list[Reason]:
    """Return why nothing of this reservation can be taken out now."""
    ends_at = visit_of(reservation, policy).day_ends_at
    return refuse_any_taking_out(kept_of(reservation), day_ends_at=ends_at, at=at)


def _write(
    fresh: Reservation, cases: list[ReservedCase], because: NotHere, actor: str, at: datetime
) -> None:
    """Give the places back, lower both counts, and write the ledger and one event."""
    gone = len(cases)
    Slot.objects.give_back(slot_id=fresh.slot_id, reservations=0, cases=gone)
    changes = write_taken_out(fresh, cases, because, actor, at)
    Reservation.objects.filter(pk=fresh.pk).update(
        live_case_count=F("live_case_count") - gone,
        first_case_count=F("first_case_count") - gone,
        revision=F("revision") + 1,
        revised_at=at,
    )
    fresh.refresh_from_db()
    _record(fresh, changes, because, actor, at)


def _record(
    fresh: Reservation, changes: list[CaseChange], because: NotHere, actor: str, at: datetime
) -> None:
    """Record it with digests only."""
    record(
        bureau=fresh.bureau,
        kind=TAKEN_OUT_KIND,
        actor=actor,
        subject=fresh.reference,
        at=at,
        facts={
            "revision": fresh.revision,
            "cases": fresh.live_case_count,
            "because": because.value,
            "changes": [digests_of(entry) for entry in changes],
        },
    )
