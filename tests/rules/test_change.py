"""利用案内 4(1): until 11:59 on the open day before."""

from datetime import date

import pytest

from tests.policies import at, calendar
from uketori.rules.change import change_closes_at, may_change, trace_deadline


@pytest.mark.parametrize(
    ("visit_day", "closes_at"),
    [
        (date(2026, 4, 30), "2026-04-28 12:00"),
        (date(2026, 5, 7), "2026-05-01 12:00"),
        (date(2026, 6, 15), "2026-06-12 12:00"),
        (date(2026, 8, 12), "2026-08-10 12:00"),
        (date(2026, 9, 24), "2026-09-18 12:00"),
        (date(2026, 11, 4), "2026-11-02 12:00"),
        (date(2027, 1, 4), "2026-12-28 12:00"),
        (date(2027, 3, 23), "2027-03-19 12:00"),
    ],
)
def test_change__every_row_of_the_table(visit_day: date, closes_at: str) -> None:
    assert change_closes_at(visit_day=visit_day, facts=calendar()) == at(closes_at)


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        ("2026-06-12 11:59:59", True),
        ("2026-06-12 11:59:59.999999", True),
        ("2026-06-12 12:00:00", False),
        ("2026-06-15 00:00:00", False),
    ],
)
def test_change__around_noon_on_friday_before_monday_06_15(now: str, *, allowed: bool) -> None:
    closes_at = change_closes_at(visit_day=date(2026, 6, 15), facts=calendar())
    assert may_change(at=at(now), closes_at=closes_at) is allowed


def test_change__tue_06_16_closed_on_thu_06_11__promised_and_new_deadline_differ() -> None:
    wednesday = date(2026, 6, 17)
    promised = change_closes_at(visit_day=wednesday, facts=calendar())
    closed = calendar(closures={date(2026, 6, 16): "臨時閉庁"})
    now_made = change_closes_at(visit_day=wednesday, facts=closed)
    assert (promised, now_made) == (at("2026-06-16 12:00"), at("2026-06-15 12:00"))


def test_trace__mon_2027_01_04__walks_back_over_new_year() -> None:
    assert trace_deadline(date(2027, 1, 4), calendar()) == (
        "予約日は2027年1月4日（月）です。",
        "1月3日（日）は閉庁日（日曜日）のため、数えません。",
        "1月2日（土）は閉庁日（土曜日）のため、数えません。",
        "1月1日（金）は閉庁日（元日）のため、数えません。",
        "12月31日（木）は閉庁日（年末年始）のため、数えません。",
        "12月30日（水）は閉庁日（年末年始）のため、数えません。",
        "12月29日（火）は閉庁日（年末年始）のため、数えません。",
        "12月28日（月）は開庁日で、予約日の1開庁日前です。",
        "変更・キャンセルの期限は2026年12月28日（月）11時59分です。",
    )
