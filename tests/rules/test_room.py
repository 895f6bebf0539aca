"""D09, D27, R-26: two limits for a slot, and what the cell says."""

import pytest

from tests.policies import osaka
from uketori.rules.booking import LeftUnit, Room, SlotState, refuse_for_room, slot_state
from uketori.rules.refusals import Reason, Refusal


def room(reservations: int = 6, cases: int = 60, *, stopped: bool = False) -> Room:
    return Room(free_reservations=reservations, free_cases=cases, stopped=stopped)


@pytest.mark.parametrize(
    ("left", "cases", "expected"),
    [
        (room(), 15, []),
        (room(1, 15), 15, []),
        (room(1, 14), 15, [Reason(Refusal.TOO_FEW_CASES_LEFT, facts={"left": 14})]),
        (room(1, 2), 3, [Reason(Refusal.TOO_FEW_CASES_LEFT, facts={"left": 2})]),
        (room(0, 30), 1, [Reason(Refusal.SLOT_FULL)]),
        (room(3, 0), 1, [Reason(Refusal.SLOT_FULL)]),
        (room(-1, 20), 1, [Reason(Refusal.SLOT_FULL)]),
        (room(stopped=True), 1, [Reason(Refusal.SLOT_STOPPED)]),
    ],
)
def test_room__refused_or_not(left: Room, cases: int, expected: list[Reason]) -> None:
    assert refuse_for_room(left, cases) == expected


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (room(6, 60), (SlotState.FREE, 6, LeftUnit.RESERVATIONS)),
        (room(3, 15), (SlotState.FREE, 3, LeftUnit.RESERVATIONS)),
        (room(3, 14), (SlotState.FEW_CASES_LEFT, 14, LeftUnit.CASES)),
        (room(2, 60), (SlotState.FEW_CASES_LEFT, 2, LeftUnit.RESERVATIONS)),
        (room(1, 2), (SlotState.FEW_CASES_LEFT, 2, LeftUnit.CASES)),
        (room(0, 60), (SlotState.FULL, 0, LeftUnit.RESERVATIONS)),
        (room(6, 0), (SlotState.FULL, 0, LeftUnit.RESERVATIONS)),
        (room(stopped=True), (SlotState.PAST_CLOSING, 0, LeftUnit.RESERVATIONS)),
        (None, (SlotState.CLOSED, 0, LeftUnit.RESERVATIONS)),
    ],
)
def test_state__with_its_number_and_unit(left: Room | None, expected: object) -> None:
    assert slot_state(left, osaka(), offered=True) == expected


def test_state__not_offered__closed_whatever_is_free() -> None:
    assert slot_state(room(), osaka(), offered=False).state is SlotState.CLOSED
