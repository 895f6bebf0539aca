"""Times from paper: what fits beside what is recorded, and what is refused aloud.  R-39."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.policies import at
from uketori.rules.paper import (
    Recorded,
    refuse_arrival_time,
    refuse_call_time,
    refuse_outcome_time,
    served_at,
    tells_arrival,
)
from uketori.rules.refusals import Reason, Refusal

CAME, CALLED, SERVED = (at(f"2026-06-11 {clock}") for clock in ("10:20", "10:30", "10:50"))
SECOND = timedelta(seconds=1)
ALL = Recorded(arrived_at=CAME, called_at=CALLED, ended_at=SERVED)
ONLY_CALLED = Recorded(arrived_at=CALLED, called_at=CALLED, is_inferred=True)
ONLY_SERVED = Recorded(arrived_at=SERVED, ended_at=SERVED, is_inferred=True)
NOTHING = Recorded()


def codes(reasons: list[Reason]) -> list[tuple[str, object]]:
    return [(one.code, one.facts["recorded_at"]) for one in reasons]


@pytest.mark.parametrize(
    ("recorded", "told_at", "refused"),
    [
        (NOTHING, CAME, []),
        (ONLY_CALLED, CAME, []),
        (ONLY_CALLED, CALLED, []),
        (ONLY_CALLED, CALLED + SECOND, [(Refusal.TIME_OUT_OF_ORDER, CALLED)]),
        (ONLY_SERVED, SERVED, []),
        (ONLY_SERVED, SERVED + SECOND, [(Refusal.TIME_OUT_OF_ORDER, SERVED)]),
        (ALL, CAME, []),
        (ALL, CAME + SECOND, [(Refusal.TIME_RECORDED, CAME)]),
    ],
)
def test_arrival__inferred_gives_way__said_has_to_be_taken_back(
    recorded: Recorded, told_at: datetime, refused: list[tuple[str, object]]
) -> None:
    assert codes(refuse_arrival_time(recorded, told_at)) == refused


@pytest.mark.parametrize(
    ("recorded", "told_at", "refused"),
    [
        (NOTHING, CALLED, []),
        (ONLY_SERVED, CALLED, []),
        (ONLY_SERVED, SERVED + SECOND, [(Refusal.TIME_OUT_OF_ORDER, SERVED)]),
        (replace(ALL, called_at=None), CAME, []),
        (replace(ALL, called_at=None), CAME - SECOND, [(Refusal.TIME_OUT_OF_ORDER, CAME)]),
        (ALL, CALLED, []),
        (ALL, CALLED - SECOND, [(Refusal.TIME_RECORDED, CALLED)]),
    ],
)
def test_call__between_coming_and_being_served(
    recorded: Recorded, told_at: datetime, refused: list[tuple[str, object]]
) -> None:
    assert codes(refuse_call_time(recorded, told_at)) == refused


@pytest.mark.parametrize(
    ("recorded", "told_at", "refused"),
    [
        (NOTHING, SERVED, []),
        (Recorded(arrived_at=CAME), CAME, []),
        (Recorded(arrived_at=CAME), CAME - SECOND, [(Refusal.TIME_OUT_OF_ORDER, CAME)]),
        (ONLY_CALLED, CAME, []),
        (ALL, CAME, []),
        (ALL, SERVED, []),
        (ALL, SERVED + SECOND, [(Refusal.TIME_RECORDED, CAME)]),
        (ONLY_SERVED, SERVED + SECOND, [(Refusal.TIME_OUT_OF_ORDER, SERVED)]),
    ],
)
def test_outcome__after_coming__or_telling_the_arrival(
    recorded: Recorded, told_at: datetime, refused: list[tuple[str, object]]
) -> None:
    assert codes(refuse_outcome_time(recorded, told_at)) == refused


@pytest.mark.parametrize(
    ("recorded", "told_at", "is_arrival", "moment"),
    [
        (NOTHING, SERVED, False, SERVED),
        (ONLY_CALLED, CALLED - SECOND, True, CALLED),
        (ONLY_CALLED, CALLED, False, CALLED),
        (ONLY_CALLED, SERVED, False, SERVED),
        (ONLY_SERVED, CAME, True, SERVED),
        (ONLY_SERVED, SERVED, False, SERVED),
    ],
)
def test_time_beside_the_outcome__arrival_where_it_is_before_what_stands(
    recorded: Recorded, told_at: datetime, is_arrival: bool, moment: datetime
) -> None:
    assert tells_arrival(recorded, told_at) is is_arrival
    assert served_at(recorded, told_at) == moment
