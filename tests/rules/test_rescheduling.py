"""D07: another hour in one act, the old one counted as released; edges in pairs, properties."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import TOKYO, at, calendar, osaka
from uketori.rules.booking import Held, Wish, refuse_day_and_hour, refuse_quantity
from uketori.rules.calendar import CalendarFacts, display_window
from uketori.rules.change import Kept
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal
from uketori.rules.rescheduling import Standing, promise_after, refuse_rescheduling

ALLOWING = osaka(allow_reschedule=True)
NOW = at("2026-06-10 12:00")  # Wednesday: 6/12 6/15 6/16 6/17 6/18 are displayed
FRIDAY, MONDAY, TUESDAY = (at(f"2026-06-{day} 10:00") for day in (12, 15, 16))
CLOSES_AT = at("2026-06-12 12:00")
"""Of a visit on Mon 2026-06-15: Fri 2026-06-12, noon."""


def kept(**changes: Any) -> Kept:
    return Kept(**{"closes_at": CLOSES_AT, "first_count": 5, "live_count": 3, **changes})


def held(*starts: datetime) -> list[Held]:
    """What the person has besides; none of it is the reservation that is moved."""
    return [Held(starts_at=one, reference=f"OTHER-{one:%d%H}") for one in starts]


def standing(**changes: Any) -> Standing:
    """Monday at ten, three of five cases left, nothing else held."""
    itself = Held(starts_at=MONDAY, reference="MINE")
    values: dict[str, Any] = {
        "reference": "MINE",
        "starts_at": MONDAY,
        "kept": kept(),
        "made_under": ALLOWING,
        "expires_on": date(2028, 3, 31),
        "suspended_until": None,
        "is_bound_by_number": False,
        "is_shown_by_another": False,
        "held": [],
        **changes,
    }
    return Standing(**{**values, "held": [itself, *values["held"]]})


def reasons(
    new: datetime | None, one: Standing, now: datetime = NOW, policy: BureauPolicy = ALLOWING
) -> list[Reason]:
    return refuse_rescheduling(new, one, now, calendar(policy=policy))


def codes(new: datetime | None, one: Standing, now: datetime = NOW, **changes: Any) -> list[str]:
    policy = replace(ALLOWING, **changes)
    return [str(reason.code) for reason in reasons(new, one, now, policy)]


def test_move__where_the_bureau_does__only_there() -> None:
    assert codes(TUESDAY, standing()) == []
    assert codes(TUESDAY, standing(made_under=osaka())) == [Refusal.RESCHEDULING_NOT_ALLOWED]


def test_move__allowed_by_the_policy_of_the_booking__whatever_todays_says() -> None:
    assert codes(TUESDAY, standing(), allow_reschedule=False) == []


@pytest.mark.parametrize(("minutes", "refused"), [(60, False), (30, True)])
def test_move__into_hours_of_another_length__refused(minutes: int, refused: bool) -> None:
    expected = [Refusal.RESCHEDULING_NOT_ALLOWED] if refused else []
    assert codes(TUESDAY, standing(), slot_minutes=minutes) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-06-12 11:59:59.999999", []),
        ("2026-06-12 12:00:00", [Refusal.CHANGE_CLOSED]),
        ("2026-06-15 10:00", [Refusal.CHANGE_CLOSED]),
    ],
)
def test_move__around_noon_on_friday_before_monday_06_15(now: str, expected: list[str]) -> None:
    assert codes(at("2026-06-17 10:00"), standing(), at(now)) == expected


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"is_cancelled": True}, Refusal.RESERVATION_CANCELLED),
        ({"is_over": True}, Refusal.RESERVATION_ENDED),
        ({"closes_at": NOW}, Refusal.CHANGE_CLOSED),
    ],
)
def test_move__nothing_can_be_touched__said_before_that_the_bureau_does_not(
    facts: dict[str, Any], code: Refusal
) -> None:
    for policy in (ALLOWING, osaka()):
        assert codes(TUESDAY, standing(kept=kept(**facts), made_under=policy)) == [code]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (None, [Refusal.NO_SLOT_CHOSEN]),
        (MONDAY, [Refusal.HOUR_UNCHANGED]),
        (at("2026-06-15 11:00"), []),
        (FRIDAY, []),
        (at("2026-06-11 10:00"), [Refusal.BOOKING_CLOSED]),
        (at("2026-06-13 10:00"), [Refusal.DAY_CLOSED]),
        (at("2026-06-18 10:00"), []),
        (at("2026-06-19 10:00"), [Refusal.DAY_NOT_DISPLAYED]),
        (at("2026-06-16 12:00"), [Refusal.HOUR_NOT_OFFERED]),
        (at("2026-06-16 10:30"), [Refusal.HOUR_NOT_OFFERED]),
    ],
)
def test_move__to_a_displayed_day_and_an_offered_hour(
    new: datetime | None, expected: list[str]
) -> None:
    assert codes(new, standing()) == expected


@pytest.mark.parametrize(
    ("most", "besides", "expected"),
    [
        (1, [], []),
        (2, [FRIDAY], []),
        (1, [FRIDAY], [Refusal.TOO_MANY_SLOTS]),
        (2, [FRIDAY, at("2026-06-17 09:00")], [Refusal.TOO_MANY_SLOTS]),
    ],
)
def test_quota__counted_after_the_release(
    most: int, besides: list[datetime], expected: list[str]
) -> None:
    assert codes(TUESDAY, standing(held=held(*besides)), max_slots_in_window=most) == expected


def test_quota__full_without_it__only_the_others_are_named() -> None:
    (reason,) = reasons(
        TUESDAY, standing(held=held(FRIDAY)), policy=replace(ALLOWING, max_slots_in_window=1)
    )
    assert reason.facts == {"held": [FRIDAY]}


def test_move__where_another_of_ones_own_stands__refused() -> None:
    assert codes(FRIDAY, standing(held=held(FRIDAY))) == [Refusal.SAME_HOUR_TWICE]


@pytest.mark.parametrize(("live", "expected"), [(15, []), (16, [Refusal.TOO_MANY_CASES])])
def test_cases__as_many_as_an_hour_takes_today(live: int, expected: list[str]) -> None:
    full = kept(first_count=16, live_count=live)
    assert codes(TUESDAY, standing(kept=full)) == expected


@pytest.mark.parametrize(
    ("expires_on", "expected"),
    [
        (date(2026, 6, 16), []),
        (date(2026, 6, 15), [Refusal.CERTIFICATE_EXPIRES_BEFORE_VISIT]),
    ],
)
def test_certificate__on_the_new_day(expires_on: date, expected: list[str]) -> None:
    assert codes(TUESDAY, standing(expires_on=expires_on)) == expected


def test_suspended__keeps_the_hour() -> None:
    until = date(2026, 7, 9)
    (reason,) = reasons(TUESDAY, standing(suspended_until=until))
    assert (reason.code, reason.facts) == (Refusal.SUSPENDED, {"last_day": until})


def test_number_of_a_suspended__keeps_the_hour_and_names_nobody() -> None:
    (reason,) = reasons(TUESDAY, standing(is_bound_by_number=True))
    assert (reason.code, reason.facts) == (Refusal.CERTIFICATE_TO_BE_SEEN, {})


def test_certificate__shown_by_another__keeps_the_hour() -> None:
    shown = standing(is_shown_by_another=True)
    assert codes(TUESDAY, shown) == [Refusal.CERTIFICATE_SHOWN_BY_ANOTHER]


# the promise


def promise(new: datetime, facts: CalendarFacts | None = None, **changes: Any) -> datetime:
    return promise_after(new, standing(**changes), facts or calendar(policy=ALLOWING))


def test_promise__of_another_day__as_if_it_were_booked_now() -> None:
    assert promise(TUESDAY) == at("2026-06-15 12:00")
    assert promise(FRIDAY) == at("2026-06-11 12:00")
    closed = calendar(policy=ALLOWING, closures={date(2026, 6, 15): "臨時閉庁"})
    assert promise(TUESDAY, closed) == CLOSES_AT


def test_promise__of_the_same_day__never_made_earlier() -> None:
    eleven = at("2026-06-15 11:00")
    closed = calendar(policy=ALLOWING, closures={date(2026, 6, 12): "臨時閉庁"})
    assert promise(eleven) == CLOSES_AT
    assert promise(eleven, closed) == CLOSES_AT
    assert promise(eleven, kept=kept(closes_at=at("2026-06-11 12:00"))) == CLOSES_AT


HOURS = st.builds(
    lambda day, hour: datetime(2026, 6, day, hour, tzinfo=TOKYO),
    st.integers(8, 26),
    st.integers(8, 17),
)


@given(new=HOURS, besides=st.lists(HOURS, max_size=3), live=st.integers(1, 18))
def test_move__is_refused_exactly_for_what_a_booking_would_be__had_it_been_released(
    new: datetime, besides: list[datetime], live: int
) -> None:
    one = standing(held=held(*besides), kept=kept(first_count=18, live_count=live))
    facts = calendar(policy=ALLOWING)
    wish = Wish(starts_at=new, cases=live)
    anew = [
        *refuse_day_and_hour(new, NOW, facts),
        *refuse_quantity(wish, held(*besides), NOW, facts),
    ]
    expected = [Refusal.HOUR_UNCHANGED] if new == MONDAY else [one.code for one in anew]
    assert codes(new, one) == expected


@given(new=HOURS, earlier=st.timedeltas(timedelta(0), timedelta(days=9)))
def test_move__not_refused__the_new_promise_lies_ahead(new: datetime, earlier: timedelta) -> None:
    now = CLOSES_AT - earlier
    if codes(new, standing(), now):
        return
    assert promise(new) > now
    assert new.date() in display_window(now, calendar(policy=ALLOWING))
