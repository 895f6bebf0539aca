"""R-32, 4(3): what the bureau takes out lowers both counts, and nothing comes in its place."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import at, osaka
from uketori.rules.change import Change, Kept, refuse_change
from uketori.rules.refusals import Refusal
from uketori.rules.taking_out import refuse_taking_out, without

CLOSES_AT, DAY_ENDS_AT = at("2026-06-12 12:00"), at("2026-06-16 00:00")
"""Of a visit on Mon 2026-06-15: its deadline is Fri 2026-06-12, noon."""
IN_TIME = at("2026-06-12 11:59")
INSTANT = timedelta(microseconds=1)


def kept(first: int = 5, live: int = 5, **changes: Any) -> Kept:
    return Kept(**{"closes_at": CLOSES_AT, "first_count": first, "live_count": live, **changes})


def codes(kept: Kept, now: Any = IN_TIME, cases: int = 1, *, is_stale: bool = False) -> list[str]:
    found = refuse_taking_out(cases, kept, is_stale=is_stale, day_ends_at=DAY_ENDS_AT, at=now)
    return [reason.code for reason in found]


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        (CLOSES_AT - INSTANT, []),
        (CLOSES_AT, []),
        (DAY_ENDS_AT - INSTANT, []),
        (DAY_ENDS_AT, [Refusal.VISIT_DAY_OVER]),
    ],
)
def test_taking_out__around_the_deadline_and_midnight__only_the_day_ends_it(
    now: Any, refused: list[str]
) -> None:
    assert codes(kept(), now) == refused


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"is_cancelled": True}, Refusal.RESERVATION_CANCELLED),
        ({"is_over": True}, Refusal.RESERVATION_ENDED),
    ],
)
def test_taking_out__cancelled_or_come__refused_and_nothing_else_is_said(
    facts: dict[str, bool], code: Refusal
) -> None:
    assert codes(kept()) == []
    assert codes(kept(**facts), DAY_ENDS_AT, 0, is_stale=True) == [code]


def test_taking_out__from_a_page_of_another_revision__refused() -> None:
    assert codes(kept(), is_stale=True, cases=0) == [Refusal.RESERVATION_CHANGED]


@pytest.mark.parametrize(("cases", "refused"), [(0, [Refusal.NOTHING_CHANGED]), (1, [])])
def test_taking_out__none_and_one(cases: int, refused: list[str]) -> None:
    assert codes(kept(), cases=cases) == refused


@pytest.mark.parametrize(("cases", "counts"), [(4, (1, 1)), (5, None), (6, None)])
def test_without__all_but_one_and_all__the_last_one_is_the_reservation(
    cases: int, counts: tuple[int, int] | None
) -> None:
    left = without(cases, kept())
    assert (left and (left.first_count, left.live_count)) == counts


@pytest.mark.parametrize(
    ("first", "live", "room"), [(3, 3, 0), (3, 2, 1), (5, 3, 2)], ids=["none", "one", "two"]
)
def test_put_back__after_one_was_taken_out__as_many_as_before_and_no_more(
    first: int, live: int, room: int
) -> None:
    left = without(1, kept(first, live))
    assert left is not None
    for more, refused in ((room, []), (room + 1, [Refusal.MORE_THAN_FIRST_COUNT])):
        if more:
            found = refuse_change(Change(put_back=more), left, osaka(), IN_TIME)
            assert [reason.code for reason in found] == refused


@given(first=st.integers(1, 15), withdrawn=st.integers(0, 14), taken_out=st.integers(1, 15))
def test_without__any_counts__the_walls_of_the_database_hold(
    first: int, withdrawn: int, taken_out: int
) -> None:
    before = kept(first, max(1, first - withdrawn))
    left = without(taken_out, before)
    if left is None:
        assert taken_out >= before.live_count
        return
    assert 1 <= left.live_count <= left.first_count
    assert left.first_count - left.live_count == before.first_count - before.live_count
