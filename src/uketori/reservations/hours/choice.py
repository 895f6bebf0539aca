"""The hours of the window as one person may choose among them."""

from collections.abc import Sequence

from uketori.bureaus.availability import Availability
from uketori.bureaus.hours_table import HoursTable, value_of
from uketori.reservations.cases.controls import SLOT_ANCHOR
from uketori.rules.booking import Held, slots_held_in_window
from uketori.rules.capacity import SlotState


def own_states(free: Availability, held: Sequence[Held]) -> dict[str, SlotState]:
    """Return the states only this person sees: own hours, and everything at the limit.  R-26."""
    mine = {one.starts_at for one in held}
    at_limit = _slots_left(free, held) == 0
    states = {}
    for hour in free.by_start.values():
        if hour.starts_at in mine:
            states[value_of(hour)] = SlotState.YOURS
        elif at_limit and hour.state in {SlotState.FREE, SlotState.FEW_CASES_LEFT}:
            states[value_of(hour)] = SlotState.YOUR_LIMIT
    return states


def _slots_left(free: Availability, held: Sequence[Held]) -> int:
    policy = free.facts.policy
    return max(0, policy.max_slots_in_window - slots_held_in_window(held, free.window, policy.tz))


def first_choice(table: HoursTable) -> str:
    """Return the id of the first hour that can be chosen: where a missing choice is mended."""
    for column in zip(*(row.cells for row in table.rows), strict=True):
        for cell in column:
            if cell.choosable:
                return f"slot-{cell.value}"
    return SLOT_ANCHOR
