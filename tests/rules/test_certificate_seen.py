"""The certificate: seen of whoever has come on the day, and taken back until its end.  D03."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.policies import at
from uketori.rules.refusals import Refusal
from uketori.rules.showing_certificate import (
    may_be_seen,
    refuse_other_kind,
    refuse_seeing,
    refuse_shown_by_another,
    refuse_taking_seeing_back,
    remind_of_certificate,
    seen_at,
)
from uketori.rules.visit import Ending, Visit

TEN, MIDNIGHT = at("2026-06-11 10:00"), at("2026-06-12 00:00")
SECOND, MINUTE, A_DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
CAME = at("2026-06-11 10:28")
VISIT = Visit(
    starts_at=TEN,
    ends_at=at("2026-06-11 11:00"),
    day_ends_at=MIDNIGHT,
    work_ends_at=at("2026-06-11 17:00"),
    arrived_at=TEN,
)


@pytest.mark.parametrize(
    ("visit", "moment", "codes"),
    [
        (VISIT, MIDNIGHT - A_DAY - SECOND, [Refusal.NOT_TODAY]),
        (VISIT, MIDNIGHT - A_DAY, []),
        (VISIT, MIDNIGHT - SECOND, []),
        (VISIT, MIDNIGHT, [Refusal.TIME_MISSING]),
        (replace(VISIT, ending=Ending.SERVED), TEN, []),
        (replace(VISIT, arrived_at=None), TEN, [Refusal.CERTIFICATE_BEFORE_ARRIVAL]),
        (replace(VISIT, arrived_at=None), MIDNIGHT, [Refusal.CERTIFICATE_BEFORE_ARRIVAL]),
        (replace(VISIT, ending=Ending.CANCELLED), TEN, [Refusal.RESERVATION_CANCELLED]),
    ],
)
def test_seeing__of_whoever_has_come_on_the_day(
    visit: Visit, moment: datetime, codes: list[Refusal]
) -> None:
    assert [one.code for one in refuse_seeing(visit, moment)] == codes
    assert may_be_seen(visit, moment) is (codes in ([], [Refusal.TIME_MISSING]))


@pytest.mark.parametrize(
    ("told_at", "moment", "codes"),
    [
        (CAME, MIDNIGHT, []),
        (CAME - MINUTE, MIDNIGHT, [Refusal.TIME_OUT_OF_ORDER]),
        (MIDNIGHT - MINUTE, MIDNIGHT, []),
        (MIDNIGHT, MIDNIGHT, [Refusal.NOT_TODAY]),
        (CAME + MINUTE, CAME + MINUTE, []),
        (CAME + MINUTE, CAME + MINUTE - SECOND, [Refusal.NOT_YET_HAPPENED]),
    ],
)
def test_seeing__on_paper__of_the_day_and_after_coming(
    told_at: datetime, moment: datetime, codes: list[Refusal]
) -> None:
    visit = replace(VISIT, arrived_at=CAME + 40 * SECOND)
    assert [one.code for one in refuse_seeing(visit, moment, told_at)] == codes


def test_seen__in_the_minute_of_coming__not_before_it() -> None:
    visit = replace(VISIT, arrived_at=CAME + 40 * SECOND)
    assert seen_at(visit, CAME) == CAME + 40 * SECOND
    assert seen_at(visit, CAME + MINUTE) == CAME + MINUTE


@pytest.mark.parametrize("visit", [VISIT, replace(VISIT, ending=Ending.CANCELLED)])
@pytest.mark.parametrize(
    ("proved_at", "moment", "of_past_days", "codes"),
    [
        (TEN, MIDNIGHT - SECOND, False, []),
        (TEN, MIDNIGHT, True, []),
        (TEN - A_DAY, TEN, True, [Refusal.PROVED_ON_ANOTHER_DAY]),
    ],
)
def test_taking_back__until_the_end_of_the_day(
    visit: Visit, proved_at: datetime, moment: datetime, of_past_days: bool, codes: list[Refusal]
) -> None:
    reasons = refuse_taking_seeing_back(visit, proved_at, moment, of_past_days=of_past_days)
    assert [one.code for one in reasons] == codes


@pytest.mark.parametrize("visit", [VISIT, replace(VISIT, ending=Ending.CANCELLED)])
def test_taking_back__the_day_after_by_anybody__refused(visit: Visit) -> None:
    reasons = refuse_taking_seeing_back(visit, TEN, MIDNIGHT, of_past_days=False)
    assert [one.code for one in reasons] == [Refusal.CORRECTION_CLOSED]


@pytest.mark.parametrize(
    ("is_shown", "codes"), [(True, [Refusal.CERTIFICATE_SHOWN_BY_ANOTHER]), (False, [])]
)
def test_booking__with_a_certificate_that_another_has_shown(
    is_shown: bool, codes: list[Refusal]
) -> None:
    assert [one.code for one in refuse_shown_by_another(is_shown=is_shown)] == codes


@pytest.mark.parametrize(("is_proved", "codes"), [(True, [Refusal.KIND_PROVED]), (False, [])])
def test_other_kind__of_whom_the_counter_knows(is_proved: bool, codes: list[Refusal]) -> None:
    assert [one.code for one in refuse_other_kind(is_proved=is_proved)] == codes


@pytest.mark.parametrize(
    ("moment", "codes"),
    [(MIDNIGHT + A_DAY - SECOND, []), (MIDNIGHT + A_DAY, [Refusal.CORRECTION_CLOSED])],
)
def test_taking_back__entered_the_day_after__until_the_evening_of_that_day(
    moment: datetime, codes: list[Refusal]
) -> None:
    entered = replace(VISIT, first_recorded_at=MIDNIGHT + 9 * 60 * MINUTE)
    reasons = refuse_taking_seeing_back(entered, TEN, moment, of_past_days=False)
    assert [one.code for one in reasons] == codes


@pytest.mark.parametrize(
    ("visit", "is_proved", "was_told", "reminds"),
    [
        (VISIT, False, False, True),
        (replace(VISIT, arrived_at=None), False, False, True),
        (VISIT, True, False, False),
        (VISIT, False, True, False),
        (replace(VISIT, ending=Ending.SERVED), False, False, False),
    ],
)
def test_issuing__certificate_nobody_has_seen__told_once(
    visit: Visit, is_proved: bool, was_told: bool, reminds: bool
) -> None:
    told = remind_of_certificate(visit, is_proved=is_proved, was_told=was_told)

    assert [one.code for one in told] == [Refusal.CERTIFICATE_UNSEEN] * reminds
