"""Whether a slot has room, and how it is shown.  D09, D27, R-26."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal


@dataclass(frozen=True, kw_only=True)
class Room:
    """What is left of a slot for all users together; ``stopped`` by staff (受付終了)."""

    free_reservations: int
    free_cases: int
    stopped: bool


class SlotState(StrEnum):
    """What a cell of the calendar says; the last two depend on who looks at it."""

    FREE = "free"
    FEW_CASES_LEFT = "few_cases_left"
    FULL = "full"
    PAST_CLOSING = "past_closing"
    CLOSED = "closed"
    YOURS = "yours"
    YOUR_LIMIT = "your_limit"


class LeftUnit(StrEnum):
    """What the number in 残りn counts."""

    RESERVATIONS = "reservations"
    CASES = "cases"


class SlotShown(NamedTuple):
    """A state and the number beside it, in the unit that is the tighter limit."""

    state: SlotState
    left: int
    unit: LeftUnit


def refuse_for_room(room: Room, cases: int) -> list[Reason]:
    """Return why so many cases cannot be taken into the slot.  D09, D27."""
    if room.stopped:
        return [Reason(Refusal.SLOT_STOPPED)]
    if _is_full(room):
        return [Reason(Refusal.SLOT_FULL)]
    if cases > room.free_cases:
        return [Reason(Refusal.TOO_FEW_CASES_LEFT, facts={"left": room.free_cases})]
    return []


def refuse_more_cases(room: Room, more: int) -> list[Reason]:
    """Return why so many cases more cannot join a reservation that has its place already.  D06."""
    if room.stopped:
        return [Reason(Refusal.SLOT_STOPPED)]
    if more > room.free_cases:
        return [Reason(Refusal.TOO_FEW_CASES_LEFT, facts={"left": room.free_cases})]
    return []


def has_room(room: Room, cases: int) -> bool:
    """Tell whether so many cases can be taken into the slot."""
    return not refuse_for_room(room, cases)


def slot_state(room: Room | None, policy: BureauPolicy, *, offered: bool) -> SlotShown:
    """Return how the slot is shown to somebody who holds nothing.  R-26, D27.

    The number counts cases where fewer are left than one reservation may hold, so that the cell can
    say 残り2件; otherwise it counts reservations.
    """
    if room is None or not offered:
        return SlotShown(SlotState.CLOSED, 0, LeftUnit.RESERVATIONS)
    if room.stopped:
        return SlotShown(SlotState.PAST_CLOSING, 0, LeftUnit.RESERVATIONS)
    if _is_full(room):
        return SlotShown(SlotState.FULL, 0, LeftUnit.RESERVATIONS)
    if room.free_cases < policy.max_cases_per_slot:
        return SlotShown(SlotState.FEW_CASES_LEFT, room.free_cases, LeftUnit.CASES)
    few = room.free_reservations <= policy.few_left
    state = SlotState.FEW_CASES_LEFT if few else SlotState.FREE
    return SlotShown(state, room.free_reservations, LeftUnit.RESERVATIONS)


def _is_full(room: Room) -> bool:
    return room.free_reservations < 1 or room.free_cases < 1
