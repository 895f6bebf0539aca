"""利用案内 3: two slots among the displayed days, fifteen cases in one."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import TOKYO, at, calendar, osaka
from uketori.rules.booking import (
    Held,
    Wish,
    next_freed,
    refuse_booking,
    refuse_day_and_hour,
    refuse_numbers_held,
    refuse_quantity,
    slots_held_in_window,
)
from uketori.rules.calendar import CalendarFacts, display_window
from uketori.rules.refusals import Reason, Refusal

NOW = at("2026-06-10 12:00")  # Wednesday: 6/12 6/15 6/16 6/17 6/18 are displayed
FRIDAY_10 = at("2026-06-12 10:00")


def held(*starts: str) -> list[Held]:
    return [Held(starts_at=at(words)) for words in starts]


def wish(cases: int = 1, starts_at: datetime | None = FRIDAY_10) -> Wish:
    return Wish(starts_at=starts_at, cases=cases)


def codes(reasons: list[Reason]) -> list[str]:
    return [str(reason.code) for reason in reasons]


def count(now: str, reservations: list[Held], facts: CalendarFacts | None = None) -> int:
    facts = facts or calendar()
    return slots_held_in_window(reservations, display_window(at(now), facts), TOKYO)


def quantity(wanted: Wish, reservations: list[Held]) -> list[Reason]:
    return refuse_quantity(wanted, reservations, NOW, calendar())


@pytest.mark.parametrize(
    ("cases", "expected"),
    [(0, ["NO_CASES"]), (1, []), (15, []), (16, ["TOO_MANY_CASES"]), (30, ["TOO_MANY_CASES"])],
)
def test_cases__edges(cases: int, expected: list[str]) -> None:
    assert codes(quantity(wish(cases), [])) == expected


def test_cases__sixteen__says_how_many_were_entered() -> None:
    assert quantity(wish(16), [])[0].facts == {"cases": 16}


def test_slots__second_is_allowed_and_third_refused_with_the_two_named() -> None:
    one, two = held("2026-06-15 09:00"), held("2026-06-15 09:00", "2026-06-12 09:00")
    assert quantity(wish(), one) == []
    (refused,) = quantity(wish(), two)
    assert refused.code is Refusal.TOO_MANY_SLOTS
    assert refused.facts == {"held": [at("2026-06-12 09:00"), at("2026-06-15 09:00")]}


def test_slots__both_on_one_day_and_adjacent__allowed() -> None:
    assert quantity(wish(), held("2026-06-12 09:00")) == []


def test_slots__same_hour_twice__refused() -> None:
    (refused,) = quantity(wish(), held("2026-06-12 10:00"))
    assert (refused.code, refused.facts) == (Refusal.SAME_HOUR_TWICE, {"starts_at": FRIDAY_10})


def test_slots__above_the_limit_by_the_bureau__further_ones_refused() -> None:
    three = held("2026-06-12 09:00", "2026-06-15 09:00", "2026-06-16 09:00")
    assert codes(quantity(wish(), three)) == ["TOO_MANY_SLOTS"]


@pytest.mark.parametrize(
    ("now", "counted"),
    [
        ("2026-06-10 11:59:59", 2),
        ("2026-06-10 12:00:00", 1),
        ("2026-06-11 11:59:59", 1),
        ("2026-06-11 12:00:00", 0),
    ],
)
def test_quota__thu_10_and_fri_9_held__slides_with_the_window(now: str, counted: int) -> None:
    assert count(now, held("2026-06-11 10:00", "2026-06-12 09:00")) == counted


def test_quota__beyond_the_last_displayed_day__counts_too() -> None:
    opened = calendar(extra_open={date(2026, 6, 13): "臨時開庁"})
    last = held("2026-06-17 09:00")
    assert count("2026-06-10 11:00", last, opened) == 1


def test_quota__on_a_day_closed_since__still_counts() -> None:
    closed = calendar(closures={date(2026, 6, 16): "臨時閉庁"})
    assert count("2026-06-11 10:00", held("2026-06-16 09:00"), closed) == 1


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        (None, ["NO_SLOT_CHOSEN"]),
        ("2026-06-12 09:00", []),
        ("2026-06-18 15:00", []),
        ("2026-06-11 10:00", ["BOOKING_CLOSED"]),
        ("2026-06-10 15:00", ["BOOKING_CLOSED"]),
        ("2026-06-09 10:00", ["BOOKING_CLOSED"]),
        ("2026-06-19 10:00", ["DAY_NOT_DISPLAYED"]),
        ("2029-06-15 10:00", ["DAY_NOT_DISPLAYED"]),
        ("0001-01-08 10:00", ["DAY_NOT_DISPLAYED"]),
        ("2026-06-13 10:00", ["DAY_CLOSED"]),
        ("2026-06-12 12:00", ["HOUR_NOT_OFFERED"]),
        ("2026-06-12 16:00", ["HOUR_NOT_OFFERED"]),
        ("2026-06-12 10:30", ["HOUR_NOT_OFFERED"]),
        ("2026-06-12 10:00:01", ["HOUR_NOT_OFFERED"]),
    ],
)
def test_day_and_hour__wed_2026_06_10_at_noon(starts_at: str | None, expected: list[str]) -> None:
    chosen = at(starts_at) if starts_at else None
    assert codes(refuse_day_and_hour(chosen, NOW, calendar())) == expected


def test_day_and_hour__thursday_one_microsecond_before_noon__allowed() -> None:
    thursday = at("2026-06-11 10:00")
    assert refuse_day_and_hour(thursday, at("2026-06-10 11:59:59.999999"), calendar()) == []
    (refused,) = refuse_day_and_hour(thursday, NOW, calendar())
    assert refused.facts == {"closed_at": NOW, "visit_day": date(2026, 6, 11)}


def test_day_and_hour__closed_day__says_why() -> None:
    (refused,) = refuse_day_and_hour(at("2026-06-13 10:00"), NOW, calendar())
    assert refused.facts == {"reason": "土曜日", "visit_day": date(2026, 6, 13)}


def test_numbers_held__each_row_in_another_reservation() -> None:
    mine = [Held(starts_at=FRIDAY_10, number_keys=frozenset({"A", "B"}), reference="K7")]
    reasons = refuse_numbers_held(["X", "B", "", "A"], mine)
    assert [reason.case for reason in reasons] == [2, 4]
    assert reasons[0].facts == {"starts_at": FRIDAY_10, "reference": "K7"}


def test_booking__everything_wrong__all_reasons_in_the_order_of_the_notice() -> None:
    mine = [
        Held(starts_at=at("2026-06-13 10:00"), number_keys=frozenset({"A"})),
        Held(starts_at=at("2026-06-15 09:00")),
    ]
    wanted = wish(16, at("2026-06-13 10:00"))
    assert codes(refuse_booking(wanted, ["A"], mine, NOW, calendar())) == [
        "DAY_CLOSED",
        "TOO_MANY_SLOTS",
        "SAME_HOUR_TWICE",
        "TOO_MANY_CASES",
        "NUMBER_IN_OTHER_RESERVATION",
    ]


def test_booking__all_right__empty() -> None:
    assert refuse_booking(wish(15), ["A"], held("2026-06-15 09:00"), NOW, calendar()) == []


def freed(
    now: str, *starts: str, facts: CalendarFacts | None = None
) -> tuple[datetime, datetime] | None:
    facts = facts or calendar()
    result = next_freed(held(*starts), display_window(at(now), facts), at(now), facts)
    return (result.at, result.starts_at) if result else None


def test_next_freed__nothing_counted__none() -> None:
    assert freed("2026-06-10 12:00") is None
    assert freed("2026-06-10 12:00", "2026-06-11 10:00") is None


def test_next_freed__the_earliest_leaves_first() -> None:
    expected = (at("2026-06-11 12:00"), at("2026-06-12 09:00"))
    assert freed("2026-06-10 12:00", "2026-06-15 10:00", "2026-06-12 09:00") == expected


def test_next_freed__three_by_an_act_of_the_bureau__two_must_leave() -> None:
    starts = ("2026-06-12 09:00", "2026-06-15 10:00", "2026-06-16 10:00")
    assert freed("2026-06-10 12:00", *starts) == (at("2026-06-12 12:00"), at("2026-06-15 10:00"))


def test_next_freed__on_a_day_closed_since__leaves_with_the_open_day_before() -> None:
    closed = calendar(closures={date(2026, 6, 16): "臨時閉庁"})
    result = freed("2026-06-11 10:00", "2026-06-16 09:00", facts=closed)
    assert result == (at("2026-06-12 12:00"), at("2026-06-16 09:00"))
    assert count("2026-06-12 11:59:59", held("2026-06-16 09:00"), closed) == 1
    assert count("2026-06-12 12:00", held("2026-06-16 09:00"), closed) == 0


@given(cases=st.integers(-2, 40), more=st.integers(0, 40))
def test_refusing__is_monotonic_in_cases(cases: int, more: int) -> None:
    if cases >= 1 and codes(quantity(wish(cases), [])):
        assert codes(quantity(wish(cases + more), []))


HOURS = st.sampled_from(
    [at(f"2026-06-{day} {hour:02}:00") for day in (12, 15, 16) for hour in (9, 10, 11, 13)]
)


@given(wanted=st.lists(HOURS, max_size=12), limit=st.integers(1, 4))
def test_quota__booking_whatever_is_not_refused__is_never_above(
    wanted: list[datetime], limit: int
) -> None:
    facts = calendar(policy=osaka(max_slots_in_window=limit))
    mine: list[Held] = []
    for starts_at in wanted:
        if not refuse_booking(wish(1, starts_at), [], mine, NOW, facts):
            mine.append(Held(starts_at=starts_at))
    assert len({one.starts_at for one in mine}) == len(mine) <= limit
    assert len(mine) == min(limit, len(set(wanted)))
