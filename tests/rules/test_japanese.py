"""Days, hours and moments in words."""

from datetime import UTC, date, datetime

from tests.policies import TOKYO, at
from uketori import japanese


def test_days() -> None:
    assert japanese.day_words(date(2026, 6, 11)) == "6月11日（木）"
    assert japanese.long_day_words(date(2026, 6, 11)) == "2026年6月11日（木）"


def test_hours__minutes_only_when_not_zero() -> None:
    assert japanese.hour_words(at("2026-06-11 10:00"), 60, TOKYO) == "10時～11時"
    assert japanese.hour_words(at("2026-06-11 10:00"), 90, TOKYO) == "10時～11時30分"
    assert japanese.slot_words(at("2026-06-11 09:00"), 60, TOKYO) == "6月11日（木）9時～10時"


def test_moments__and_the_last_minute_before() -> None:
    noon = at("2026-06-10 12:00")
    assert japanese.moment_words(noon, TOKYO) == "6月10日（水）12時"
    assert japanese.moment_words(at("2026-06-10 12:05"), TOKYO) == "6月10日（水）12時5分"
    assert japanese.moment_words(noon, TOKYO, year=True) == "2026年6月10日（水）12時"
    assert japanese.last_minute_words(noon, TOKYO) == "6月10日（水）11時59分"
    assert japanese.last_minute_words(noon, TOKYO, year=True) == "2026年6月10日（水）11時59分"
    assert japanese.clock_words(at("2026-06-10 10:24"), TOKYO) == "10時24分"


def test_since__around_midnight__with_the_day_where_it_is_not_today() -> None:
    now = at("2026-06-11 00:00")
    assert japanese.since_words(at("2026-06-10 23:59"), now, TOKYO) == ["6月10日", "23時59分"]
    assert japanese.since_words(now, now, TOKYO) == ["0時0分"]


def test_moments__given_in_utc__are_said_in_the_bureaus_zone() -> None:
    late = datetime(2026, 6, 10, 15, 30, tzinfo=UTC)
    assert japanese.moment_words(late, TOKYO) == "6月11日（木）0時30分"
