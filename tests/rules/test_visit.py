"""The visit: states at their edges, and what may be recorded when.  利用案内 6(3), 6(4)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import at, osaka
from uketori.rules.refusals import Refusal
from uketori.rules.visit import (
    A_DAY,
    Ending,
    Visit,
    VisitState,
    ended_at,
    is_early,
    is_late,
    is_too_early,
    refuse_arrival,
    refuse_beside_late,
    refuse_correction,
    refuse_ending,
    refuse_moment,
    state_of,
    work_ends_at,
)

TEN, ELEVEN = at("2026-06-11 10:00"), at("2026-06-11 11:00")
MIDNIGHT = at("2026-06-12 00:00")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
FIVE = at("2026-06-11 17:00")
VISIT = Visit(starts_at=TEN, ends_at=ELEVEN, day_ends_at=MIDNIGHT, work_ends_at=FIVE)
ARRIVED = replace(VISIT, arrived_at=at("2026-06-11 10:20"))
MARKS = [Ending.LATE, Ending.ABSENT, Ending.NO_SHOW]


@pytest.mark.parametrize(
    ("visit", "moment", "state"),
    [
        (VISIT, ELEVEN - SECOND, VisitState.EXPECTED),
        (VISIT, ELEVEN, VisitState.UNRESOLVED),
        (ARRIVED, ELEVEN, VisitState.ARRIVED),
        (ARRIVED, FIVE - SECOND, VisitState.ARRIVED),
        (ARRIVED, FIVE, VisitState.UNRESOLVED),
        (replace(ARRIVED, called_at=TEN), ELEVEN, VisitState.SERVING),
        (replace(VISIT, ending=Ending.NO_SHOW), MIDNIGHT, VisitState.NO_SHOW),
    ],
)
def test_state__at_the_edges(visit: Visit, moment: datetime, state: VisitState) -> None:
    assert state_of(visit, moment) is state


@pytest.mark.parametrize(
    ("day", "ends", "work_ends"),
    [
        (date(2026, 6, 11), ELEVEN, FIVE),
        (date(2026, 6, 11), at("2026-06-11 19:00"), at("2026-06-11 20:00")),
    ],
)
def test_work_ends__an_hour_after_the_last_slot_of_the_day(
    day: date, ends: datetime, work_ends: datetime
) -> None:
    """Osaka's last slot ends at 16:00; a slot that staff added later than that counts itself."""
    assert work_ends_at(day, ends, osaka()) == work_ends


@given(st.integers(-86_400, 5 * 86_400))
def test_state__whatever_the_time__nobody_becomes_a_no_show_by_it(seconds: int) -> None:
    """R-40: a person decides; time alone leads to unresolved at most."""
    open_states = {VisitState.EXPECTED, VisitState.UNRESOLVED}
    assert state_of(VISIT, TEN + timedelta(seconds=seconds)) in open_states


@pytest.mark.parametrize(("moment", "late"), [(ELEVEN - SECOND, False), (ELEVEN, True)])
def test_late__at_the_end_of_the_booked_hour(moment: datetime, late: bool) -> None:
    assert is_late(moment, VISIT) is late


@pytest.mark.parametrize(("moment", "early"), [(TEN - SECOND, True), (TEN, False)])
def test_early__until_the_booked_hour_begins(moment: datetime, early: bool) -> None:
    assert is_early(moment, VISIT) is early


@pytest.mark.parametrize("minutes", [60, 30])
def test_too_early__more_than_one_slot_before_the_hour(minutes: int) -> None:
    length = timedelta(minutes=minutes)
    visit = replace(VISIT, ends_at=TEN + length)

    assert is_too_early(TEN - length - SECOND, visit)
    assert not is_too_early(TEN - length, visit)


@pytest.mark.parametrize(
    ("happened", "now", "code"),
    [
        (at("2026-06-11 08:30"), at("2026-06-11 08:30"), None),
        (at("2026-06-11 00:00"), TEN, None),
        (at("2026-06-10 23:59"), TEN, Refusal.NOT_TODAY),
        (MIDNIGHT - SECOND, MIDNIGHT + timedelta(days=3), None),
        (MIDNIGHT, MIDNIGHT, Refusal.NOT_TODAY),
        (ELEVEN, ELEVEN - SECOND, Refusal.NOT_YET_HAPPENED),
    ],
)
def test_arrival__of_the_day_only_also_entered_later(
    happened: datetime, now: datetime, code: Refusal | None
) -> None:
    assert [one.code for one in refuse_arrival(VISIT, happened, now)] == ([code] if code else [])


@pytest.mark.parametrize("ending", Ending)
def test_arrival__of_an_ended_visit__refused(ending: Ending) -> None:
    (reason,) = refuse_arrival(replace(VISIT, ending=ending), TEN, TEN)
    cancelled = ending is Ending.CANCELLED
    assert reason.code is (Refusal.RESERVATION_CANCELLED if cancelled else Refusal.VISIT_ENDED)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (Ending.CANCELLED, Refusal.RESERVATION_CANCELLED),
        (Ending.SERVED, Refusal.VISIT_ENDED),
        (Ending.NO_SHOW, Refusal.VISIT_ENDED),
    ],
)
@pytest.mark.parametrize("moment", [MIDNIGHT - timedelta(days=1) - SECOND, MIDNIGHT])
def test_arrival__of_another_day_and_ended__the_day_is_said_first(
    moment: datetime, ending: Ending, code: Refusal
) -> None:
    ended = replace(VISIT, ending=ending)
    codes = [one.code for one in refuse_arrival(ended, moment, moment)]
    assert codes == [Refusal.NOT_TODAY, code]


@pytest.mark.parametrize("ending", [Ending.LATE, Ending.NO_SHOW])
def test_ending__late_or_no_show__not_before_the_hour_is_over(ending: Ending) -> None:
    (reason,) = refuse_ending(ending, VISIT, ELEVEN - SECOND)
    assert reason.code is Refusal.HOUR_NOT_OVER
    assert refuse_ending(ending, VISIT, ELEVEN) == []


def test_ending__who_came__is_no_no_show_and_who_did_not__is_not_absent() -> None:
    assert [one.code for one in refuse_ending(Ending.NO_SHOW, ARRIVED, ELEVEN)] == [
        Refusal.HAS_ARRIVED
    ]
    assert [one.code for one in refuse_ending(Ending.ABSENT, VISIT, ELEVEN)] == [
        Refusal.HAS_NOT_ARRIVED
    ]
    assert refuse_ending(Ending.ABSENT, ARRIVED, ELEVEN) == []
    assert refuse_ending(Ending.ABSENT, VISIT, ELEVEN, is_told=True) == []


@pytest.mark.parametrize("ending", [None, *Ending])
def test_beside_late__in_time__contradicts(ending: Ending | None) -> None:
    visit = replace(VISIT, ending=ending)
    assert refuse_beside_late(visit, ELEVEN) == []
    codes = [one.code for one in refuse_beside_late(visit, ELEVEN - SECOND)]
    assert codes == ([Refusal.CAME_IN_TIME] if ending is Ending.LATE else [])


def test_ending__who_came_within_the_hour__is_not_late_however_long_the_wait() -> None:
    """D15: the arrival decides, not the moment at which the mark is made."""
    (reason,) = refuse_ending(Ending.LATE, ARRIVED, ELEVEN)
    assert (reason.code, reason.facts) == (
        Refusal.CAME_IN_TIME,
        {"arrived_at": ARRIVED.arrived_at},
    )
    assert refuse_ending(Ending.LATE, replace(VISIT, arrived_at=ELEVEN), ELEVEN) == []


@pytest.mark.parametrize(
    ("ending", "visit", "happened", "now", "code"),
    [
        (Ending.LATE, VISIT, ELEVEN - SECOND, ELEVEN, Refusal.CAME_IN_TIME),
        (Ending.LATE, VISIT, ELEVEN, ELEVEN, None),
        (Ending.LATE, VISIT, MIDNIGHT - SECOND, MIDNIGHT, None),
        (Ending.LATE, VISIT, MIDNIGHT, MIDNIGHT, Refusal.TIME_MISSING),
        (Ending.SERVED, VISIT, MIDNIGHT, MIDNIGHT, Refusal.TIME_MISSING),
        (Ending.SERVED, ARRIVED, MIDNIGHT, MIDNIGHT, None),
        (Ending.SERVED, VISIT, TEN, MIDNIGHT, None),
        (Ending.ABSENT, ARRIVED, MIDNIGHT, MIDNIGHT, None),
        (Ending.ABSENT, VISIT, MIDNIGHT - SECOND, MIDNIGHT, None),
        (Ending.ABSENT, VISIT, MIDNIGHT, MIDNIGHT, Refusal.TIME_MISSING),
        (Ending.NO_SHOW, VISIT, MIDNIGHT, MIDNIGHT, None),
        (Ending.NO_SHOW, VISIT, TEN, MIDNIGHT, None),
        (Ending.NO_SHOW, VISIT, TEN - SECOND, MIDNIGHT, Refusal.NO_SHOW_BEFORE_HOUR),
        *((ending, VISIT, ELEVEN + SECOND, ELEVEN, Refusal.NOT_YET_HAPPENED) for ending in MARKS),
        (Ending.SERVED, VISIT, ELEVEN + SECOND, ELEVEN, Refusal.NOT_YET_HAPPENED),
    ],
)
def test_moment__on_paper__is_of_the_day_and_no_later_than_now(
    ending: Ending, visit: Visit, happened: datetime, now: datetime, code: Refusal | None
) -> None:
    codes = [one.code for one in refuse_moment(ending, visit, happened, now)]
    assert codes == ([code] if code else [])


CAME = at("2026-06-11 11:20") + 40 * SECOND
CAME_LATE = replace(VISIT, arrived_at=CAME)
CALLED = replace(CAME_LATE, called_at=CAME + 10 * MINUTE)


@pytest.mark.parametrize("ending", [Ending.LATE, Ending.ABSENT])
@pytest.mark.parametrize("visit", [CAME_LATE, CALLED])
def test_moment__minute_of_coming_or_of_the_call__fits_and_one_before__does_not(
    ending: Ending, visit: Visit
) -> None:
    """Paper tells whole minutes; what is written comes no earlier than what was recorded."""
    recorded_at = visit.called_at or CAME
    told_at = recorded_at - 40 * SECOND
    assert refuse_moment(ending, visit, told_at, FIVE) == []
    assert ended_at(visit, told_at) == recorded_at
    assert ended_at(visit, told_at + MINUTE) == told_at + MINUTE

    (reason,) = refuse_moment(ending, visit, told_at - SECOND, FIVE)

    assert (reason.code, reason.facts) == (
        Refusal.TIME_OUT_OF_ORDER,
        {"recorded_at": recorded_at},
    )


@pytest.mark.parametrize("ending", [*MARKS, Ending.SERVED])
def test_ending__before_the_day__refused(ending: Ending) -> None:
    day_begins = MIDNIGHT - timedelta(days=1)
    (reason,) = refuse_ending(ending, ARRIVED, day_begins - SECOND)
    assert reason.code is Refusal.NOT_TODAY
    assert refuse_ending(Ending.SERVED, VISIT, day_begins) == []


@pytest.mark.parametrize("first", MARKS)
@pytest.mark.parametrize("second", [*MARKS, Ending.SERVED])
def test_ending__over_another__refused_and_the_same_again_not(
    first: Ending, second: Ending
) -> None:
    ended = replace(ARRIVED if first is Ending.ABSENT else VISIT, ending=first)
    codes = [one.code for one in refuse_ending(second, ended, ELEVEN)]
    assert codes == ([] if first is second else [Refusal.VISIT_ENDED])


@pytest.mark.parametrize(
    ("moment", "of_past_days", "refused"),
    [
        (MIDNIGHT - SECOND, False, False),
        (MIDNIGHT, False, True),
        (MIDNIGHT + timedelta(days=30), True, False),
    ],
)
def test_correction__until_the_evening_or_by_who_may(
    moment: datetime, of_past_days: bool, refused: bool
) -> None:
    served = replace(ARRIVED, ending=Ending.SERVED)
    assert bool(refuse_correction(served, moment, of_past_days=of_past_days)) is refused


@pytest.mark.parametrize(
    ("recorded_at", "last_moment"),
    [
        (TEN, MIDNIGHT - SECOND),
        (MIDNIGHT - SECOND, MIDNIGHT - SECOND),
        (MIDNIGHT, MIDNIGHT + A_DAY - SECOND),
        (MIDNIGHT + A_DAY - SECOND, MIDNIGHT + A_DAY - SECOND),
        (MIDNIGHT + A_DAY, MIDNIGHT + 2 * A_DAY - SECOND),
    ],
)
def test_correction__of_what_was_entered_from_paper__until_the_evening_of_the_first_entry(
    recorded_at: datetime, last_moment: datetime
) -> None:
    """Days are the bureau's, in whatever zone the moment was read from the database."""
    first = recorded_at.astimezone(UTC)
    served = replace(ARRIVED, ending=Ending.SERVED, first_recorded_at=first)
    assert refuse_correction(served, last_moment, of_past_days=False) == []

    (reason,) = refuse_correction(served, last_moment + SECOND, of_past_days=False)

    assert reason.code is Refusal.CORRECTION_CLOSED
