"""The acts of changing and cancelling, said in a line each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests import factories
from uketori import clock
from uketori.counter.taking_out import act as taking_out_act
from uketori.reservations.cancelling import act as cancelling_act
from uketori.reservations.cases.words import case_facts
from uketori.reservations.changing import act as changing_act
from uketori.reservations.changing.edits import Edits
from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.rescheduling import act as rescheduling_act
from uketori.rules.eligibility import CaseFacts
from uketori.rules.refusals import Refusal, Refused
from uketori.rules.taking_out import NotHere

ACTOR = "mail:1"


def cases_of(reservation: Reservation) -> list[ReservedCase]:
    """The cases that stand, in order."""
    return list(reservation.cases.filter(withdrawn_at=None).order_by("order"))


def numbers_of(reservation: Reservation) -> list[str]:
    """The numbers that stand, in order."""
    return [case.number for case in cases_of(reservation)]


def added(number: str, **changes: Any) -> CaseFacts:
    """A row that is put back."""
    return CaseFacts(**{"number": number, "type": "extension", "category": "own", **changes})


def edits(
    reservation: Reservation,
    *,
    corrected: Mapping[int, str | CaseFacts] | None = None,
    withdrawn: Sequence[int] = (),
    put_back: Sequence[str | CaseFacts] = (),
    revision: int | None = None,
) -> Edits:
    """What is asked for; cases are named by their place, counted from one."""
    cases = cases_of(reservation)
    typed = {case.pk: case_facts(case) for case in cases}
    for place, wanted in (corrected or {}).items():
        case = cases[place - 1]
        typed[case.pk] = (
            replace(case_facts(case), number=wanted) if isinstance(wanted, str) else wanted
        )
    return Edits(
        corrected=typed,
        withdrawn=frozenset(cases[place - 1].pk for place in withdrawn),
        put_back=tuple(added(one) if isinstance(one, str) else one for one in put_back),
        revision=reservation.revision if revision is None else revision,
    )


def change(
    reservation: Reservation,
    *,
    at: datetime | None = None,
    wanted: Edits | None = None,
    corrected: Mapping[int, str | CaseFacts] | None = None,
    withdrawn: Sequence[int] = (),
    put_back: Sequence[str | CaseFacts] = (),
    actor: str = ACTOR,
) -> Reservation:
    """Change a reservation as it stands now."""
    reservation = Reservation.objects.get(pk=reservation.pk)
    return changing_act.change(
        reservation=reservation,
        edits=wanted
        or edits(reservation, corrected=corrected, withdrawn=withdrawn, put_back=put_back),
        policy=reservation.made_under,
        actor=actor,
        at=at or clock.now(),
    )


def reschedule(
    reservation: Reservation,
    starts_at: datetime | None,
    *,
    at: datetime | None = None,
    revision: int | None = None,
) -> Reservation:
    """Give a reservation another hour, as it stands now or as ``revision`` showed it."""
    reservation = Reservation.objects.get(pk=reservation.pk)
    return rescheduling_act.reschedule(
        reservation=reservation,
        new_starts_at=starts_at,
        revision=reservation.revision if revision is None else revision,
        actor=ACTOR,
        at=at or clock.now(),
    )


def cancel(reservation: Reservation, *, at: datetime | None = None) -> Reservation:
    """Cancel the whole of it."""
    return cancelling_act.cancel(
        reservation=reservation,
        policy=reservation.made_under,
        actor=ACTOR,
        at=at or clock.now(),
    )


def state_of(reservation: Reservation) -> tuple[object, ...]:
    """Everything that a refused change may not touch."""
    reservation = Reservation.objects.get(pk=reservation.pk)
    hour = factories.Slot.objects.get(pk=reservation.slot_id)
    return (
        list(reservation.cases.order_by("pk").values_list()),
        list(reservation.changes.order_by("pk").values_list()),
        reservation.live_case_count,
        reservation.first_case_count,
        reservation.revision,
        reservation.cancelled_at,
        hour.booked_reservations,
        hour.booked_cases,
    )


def assert_refused(
    reservation: Reservation, *codes: Refusal, act: Callable[[], Any] | None = None, **wanted: Any
) -> Refused:
    """Refused for exactly these reasons, and nothing was written."""
    before = state_of(reservation)
    with pytest.raises(Refused) as refused:
        (act or (lambda: change(reservation, **wanted)))()
    assert refused.value.codes == list(codes)
    assert state_of(reservation) == before
    return refused.value


def take_out(
    reservation: Reservation,
    *places: int,
    at: datetime | None = None,
    because: NotHere = NotHere.OTHER_BUREAU,
    revision: int | None = None,
) -> Reservation:
    """Take cases out as the bureau does; they are named by their place, counted from one."""
    reservation = Reservation.objects.get(pk=reservation.pk)
    cases = cases_of(reservation)
    return taking_out_act.take_out(
        reservation=reservation,
        chosen=taking_out_act.Chosen(
            cases=[cases[place - 1].pk for place in places],
            because=because,
            revision=reservation.revision if revision is None else revision,
        ),
        policy=reservation.made_under,
        actor="staff:1",
        at=at or clock.now(),
    )
