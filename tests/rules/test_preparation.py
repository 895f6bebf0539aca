"""When a day's list is final, what moved since it was printed, what may be marked before."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.every_bureau.bureaus import calendar_of
from tests.policies import at
from uketori.rules.change import change_closes_at
from uketori.rules.eligibility import CaseFacts
from uketori.rules.preparation import (
    CaseMoved,
    Listed,
    ReservationMoved,
    difference,
    final_at,
    is_final,
    refuse_ahead_mark,
    same_card_from,
)
from uketori.rules.refusals import Refusal
from uketori.rules.visit import AheadMark, Ending, Visit

SECOND = timedelta(seconds=1)
TEN, ELEVEN = at("2026-06-11 10:00"), at("2026-06-11 11:00")
ONE, TWO, THREE = (CaseFacts(number=f"阪労一E{n}", type="extension", category="own") for n in "123")
PRINTED = Listed(TEN, {1: ONE, 2: TWO})


@pytest.mark.parametrize(
    ("bureau", "visit_day", "final"),
    [
        ("osaka", "2026-06-11", "2026-06-10 12:00"),  # Thursday: Wednesday noon
        ("osaka", "2026-06-15", "2026-06-12 12:00"),  # Monday: Friday noon
        ("osaka", "2026-05-07", "2026-05-01 12:00"),  # after the holidays of May
        ("osaka", "2027-01-04", "2026-12-28 12:00"),  # over the turn of the year
        ("minato", "2026-06-11", "2026-06-09 18:00"),  # two open days before, 17:59
        ("minato", "2026-06-15", "2026-06-11 18:00"),
        ("minato", "2026-08-17", "2026-08-10 18:00"),  # over 山の日 and its own closing of August
    ],
)
def test_final__nothing_promised_beyond__from_the_deadline_on_and_not_a_second_earlier(
    bureau: str, visit_day: str, final: str
) -> None:
    closes_at = change_closes_at(visit_day=date.fromisoformat(visit_day), facts=calendar_of(bureau))
    moment = final_at(promised=[closes_at], booking_closes_at=closes_at)

    assert moment == at(final)
    assert not is_final(at=moment - SECOND, final_at=moment)
    assert is_final(at=moment, final_at=moment)


def test_final__one_was_promised_longer_before_a_closure__the_latest_counts() -> None:
    """Requirements b.8: a Wednesday promised until Tuesday noon, then the Tuesday was closed."""
    monday, tuesday = at("2026-06-15 12:00"), at("2026-06-16 12:00")

    assert final_at(promised=[monday, tuesday], booking_closes_at=monday) == tuesday


def test_final__day_opened_between__not_before_the_day_closes_for_booking() -> None:
    friday, saturday = at("2026-06-12 12:00"), at("2026-06-13 12:00")

    assert final_at(promised=[friday], booking_closes_at=saturday) == saturday
    assert final_at(promised=[], booking_closes_at=saturday) == saturday


def test_difference__the_same__none() -> None:
    assert difference(PRINTED, PRINTED) is None
    assert difference(None, None) is None


def test_difference__new_and_gone__every_case_is_named() -> None:
    added, gone = difference(None, PRINTED), difference(PRINTED, None)

    assert added is not None
    assert gone is not None
    assert (added.kind, gone.kind) == (ReservationMoved.ADDED, ReservationMoved.GONE)
    assert [one.after for one in added.cases] == [ONE, TWO]
    assert [one.before for one in gone.cases] == [ONE, TWO]
    assert {one.kind for one in gone.cases} == {CaseMoved.TAKEN_OUT}


@pytest.mark.parametrize(
    ("cases", "kind", "before", "after"),
    [
        ({1: ONE}, CaseMoved.TAKEN_OUT, TWO, None),
        ({1: ONE, 2: THREE}, CaseMoved.CORRECTED, TWO, THREE),
        ({1: ONE, 2: TWO, 3: THREE}, CaseMoved.ADDED, None, THREE),
        (
            {1: ONE, 2: replace(TWO, category="same_org")},
            CaseMoved.CORRECTED,
            TWO,
            replace(TWO, category="same_org"),
        ),
    ],
)
def test_difference__one_case__only_that_one_is_told(
    cases: dict[int, CaseFacts],
    kind: CaseMoved,
    before: CaseFacts | None,
    after: CaseFacts | None,
) -> None:
    found = difference(PRINTED, Listed(TEN, cases))

    assert found is not None
    assert found.kind is ReservationMoved.CHANGED
    assert [(one.kind, one.before, one.after) for one in found.cases] == [(kind, before, after)]


@pytest.mark.parametrize(
    ("before", "after"), [(None, AheadMark.NOT_READY), (AheadMark.NOT_READY, None)]
)
def test_difference__only_a_mark__told_with_the_mark_that_holds(
    before: AheadMark | None, after: AheadMark | None
) -> None:
    old, new = (replace(PRINTED, marks={1: mark} if mark else {}) for mark in (before, after))
    found = difference(old, new)

    assert found is not None
    assert [(one.kind, one.after, one.mark) for one in found.cases] == [
        (CaseMoved.MARKED, ONE, after)
    ]
    assert difference(old, old) is None


@pytest.mark.parametrize("hour", [TEN, ELEVEN])
def test_difference__other_hour__told_although_every_case_is_the_same(hour: datetime) -> None:
    found = difference(PRINTED, Listed(hour, PRINTED.cases))

    assert (found is not None) == (hour == ELEVEN)
    if found is not None:
        assert (found.kind, found.before_at, found.after_at) == (
            ReservationMoved.OTHER_HOUR,
            TEN,
            ELEVEN,
        )
        assert found.cases == ()


LISTS = st.none() | st.builds(
    Listed,
    st.sampled_from([TEN, ELEVEN]),
    st.dictionaries(st.integers(1, 5), st.sampled_from([ONE, TWO, THREE]), min_size=1),
)


@given(LISTS, LISTS)
def test_difference__done_to_the_old_list__gives_the_new_one(
    before: Listed | None, after: Listed | None
) -> None:
    found = difference(before, after)
    cards = sorted(one.number for one in (before.cases if before else {}).values())
    for one in found.cases if found else ():
        if one.before:
            cards.remove(one.before.number)
        if one.after:
            cards.append(one.after.number)

    assert sorted(cards) == sorted(one.number for one in (after.cases if after else {}).values())


VISIT = Visit(
    starts_at=TEN,
    ends_at=ELEVEN,
    day_ends_at=at("2026-06-12 00:00"),
    work_ends_at=at("2026-06-11 17:00"),
)


@pytest.mark.parametrize(
    ("visit", "codes"),
    [
        (VISIT, []),
        (replace(VISIT, arrived_at=TEN), [Refusal.RESERVATION_ENDED]),
        (replace(VISIT, ending=Ending.NO_SHOW), [Refusal.RESERVATION_ENDED]),
        (replace(VISIT, ending=Ending.CANCELLED), [Refusal.RESERVATION_CANCELLED]),
    ],
)
def test_ahead_mark__before_the_visit_only(visit: Visit, codes: list[Refusal]) -> None:
    assert [reason.code for reason in refuse_ahead_mark(visit)] == codes


def test_same_card__half_a_year_before__numbers_may_restart_yearly() -> None:
    assert same_card_from(date(2026, 6, 15)) == date(2025, 12, 17)
