"""Times from paper: what fits beside what is recorded, and what is refused aloud.  R-39."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.policies import at
from uketori.rules.paper_times import (
    Recorded,
    called_at,
    refuse_arrival_time,
    refuse_call_time,
    refuse_outcome_time,
    served_at,
    tells_arrival,
)
from uketori.rules.refusals import Reason, Refusal

CAME, CALLED, SERVED = (at(f"2026-06-11 {clock}") for clock in ("10:20", "10:30", "10:50"))
MINUTE, SECONDS = timedelta(minutes=1), timedelta(seconds=40)
ALL = Recorded(arrived_at=CAME, called_at=CALLED, ended_at=SERVED)
ONLY_CALLED = Recorded(arrived_at=CALLED, called_at=CALLED, is_inferred=True)
ONLY_SERVED = Recorded(arrived_at=SERVED, ended_at=SERVED, is_inferred=True)
NOTHING = Recorded()
CAME_TO_THE_SECOND = Recorded(arrived_at=CAME + SECONDS)
CALLED_TO_THE_SECOND = Recorded(
    arrived_at=CALLED + SECONDS, called_at=CALLED + SECONDS, is_inferred=True
)
SERVED_TO_THE_SECOND = Recorded(arrived_at=CAME + SECONDS, ended_at=SERVED + SECONDS)


def codes(reasons: list[Reason]) -> list[tuple[str, object]]:
    return [(one.code, one.facts["recorded_at"]) for one in reasons]


@pytest.mark.parametrize(
    ("recorded", "told_at", "refused"),
    [
        (NOTHING, CAME, []),
        (ONLY_CALLED, CAME, []),
        (ONLY_CALLED, CALLED, []),
        (ONLY_CALLED, CALLED + MINUTE, [(Refusal.TIME_OUT_OF_ORDER, CALLED)]),
        (ONLY_SERVED, SERVED, []),
        (ONLY_SERVED, SERVED + MINUTE, [(Refusal.TIME_OUT_OF_ORDER, SERVED)]),
        (ALL, CAME, []),
        (ALL, CAME + MINUTE, [(Refusal.TIME_RECORDED, CAME)]),
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
        (ONLY_SERVED, SERVED + MINUTE, [(Refusal.TIME_OUT_OF_ORDER, SERVED)]),
        (replace(ALL, called_at=None), CAME, []),
        (replace(ALL, called_at=None), CAME - MINUTE, [(Refusal.TIME_OUT_OF_ORDER, CAME)]),
        (ALL, CALLED, []),
        (ALL, CALLED - MINUTE, [(Refusal.TIME_RECORDED, CALLED)]),
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
        (Recorded(arrived_at=CAME), CAME - MINUTE, [(Refusal.TIME_OUT_OF_ORDER, CAME)]),
        (ONLY_CALLED, CAME, []),
        (ALL, CAME, []),
        (ALL, SERVED, []),
        (ALL, SERVED + MINUTE, [(Refusal.TIME_RECORDED, CAME)]),
        (ONLY_SERVED, SERVED + MINUTE, [(Refusal.TIME_OUT_OF_ORDER, SERVED)]),
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
        (ONLY_CALLED, CALLED - MINUTE, True, CALLED),
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


@pytest.mark.parametrize(
    ("refuse", "recorded", "told_at", "refused"),
    [
        (refuse_arrival_time, CAME_TO_THE_SECOND, CAME, []),
        (refuse_arrival_time, CAME_TO_THE_SECOND, CAME - MINUTE, [Refusal.TIME_RECORDED]),
        (refuse_arrival_time, CALLED_TO_THE_SECOND, CALLED, []),
        (
            refuse_arrival_time,
            CALLED_TO_THE_SECOND,
            CALLED + MINUTE,
            [Refusal.TIME_OUT_OF_ORDER],
        ),
        (refuse_call_time, CAME_TO_THE_SECOND, CAME, []),
        (refuse_call_time, CAME_TO_THE_SECOND, CAME - MINUTE, [Refusal.TIME_OUT_OF_ORDER]),
        (refuse_call_time, CALLED_TO_THE_SECOND, CALLED, []),
        (refuse_call_time, CALLED_TO_THE_SECOND, CALLED - MINUTE, [Refusal.TIME_RECORDED]),
        (refuse_outcome_time, CAME_TO_THE_SECOND, CAME, []),
        (refuse_outcome_time, CAME_TO_THE_SECOND, CAME - MINUTE, [Refusal.TIME_OUT_OF_ORDER]),
        (refuse_outcome_time, SERVED_TO_THE_SECOND, SERVED, []),
        (refuse_outcome_time, SERVED_TO_THE_SECOND, SERVED - MINUTE, [Refusal.TIME_RECORDED]),
    ],
)
def test_typed_minute__of_what_was_recorded_to_the_second__fits(
    refuse: Callable[[Recorded, datetime], list[Reason]],
    recorded: Recorded,
    told_at: datetime,
    refused: list[Refusal],
) -> None:
    assert [one.code for one in refuse(recorded, told_at)] == refused


@pytest.mark.parametrize(
    ("written", "recorded", "told_at", "moment"),
    [
        (called_at, CAME_TO_THE_SECOND, CAME, CAME + SECONDS),
        (called_at, CAME_TO_THE_SECOND, CAME + MINUTE, CAME + MINUTE),
        (served_at, CAME_TO_THE_SECOND, CAME, CAME + SECONDS),
        (served_at, CAME_TO_THE_SECOND, CAME + MINUTE, CAME + MINUTE),
        (served_at, CALLED_TO_THE_SECOND, CALLED, CALLED + SECONDS),
        (served_at, SERVED_TO_THE_SECOND, SERVED, SERVED + SECONDS),
    ],
)
def test_written__never_before_what_came_before_it(
    written: Callable[[Recorded, datetime], datetime],
    recorded: Recorded,
    told_at: datetime,
    moment: datetime,
) -> None:
    """The order in the database stays true."""
    assert written(recorded, told_at) == moment
