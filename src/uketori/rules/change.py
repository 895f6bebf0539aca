"""Until when a reservation can be changed or cancelled.  利用案内 4(1).

The computation itself stands in ``calendar.booking_closes_at``: a day is displayed for booking
exactly until its change deadline (D01), and the calendar must not depend on this module.
"""

from datetime import date, datetime, timedelta

from uketori import japanese
from uketori.rules.calendar import CalendarFacts, booking_closes_at, previous_open_day


def change_closes_at(*, visit_day: date, facts: CalendarFacts) -> datetime:
    """Return the first moment at which changes are refused.

    利用案内 4(1) says until 11:59 on the open day before, so 11:59:59 is still in time and 12:00:00
    is not.  What was promised to a reservation is stored with it and never made earlier.
    """
    return booking_closes_at(visit_day, facts)


def may_change(*, at: datetime, closes_at: datetime) -> bool:
    """Tell whether a request received at this moment is in time.  利用案内 4(1)."""
    return at < closes_at


def trace_deadline(visit_day: date, facts: CalendarFacts) -> tuple[str, ...]:
    """Explain, in Japanese lines, each day walked back from the visit day to the deadline."""
    count = facts.policy.change_open_days_before
    last = previous_open_day(visit_day, facts, count)
    lines = [f"予約日は{japanese.long_day_words(visit_day)}です。"]
    counted = 0
    for distance in range(1, (visit_day - last).days + 1):
        day = visit_day - timedelta(days=distance)
        words = japanese.day_words(day)
        if reason := facts.why_closed(day):
            lines.append(f"{words}は閉庁日（{reason}）のため、数えません。")
        else:
            counted += 1
            lines.append(f"{words}は開庁日で、予約日の{counted}開庁日前です。")
    return (*lines, _closing_line(visit_day, facts))


def _closing_line(visit_day: date, facts: CalendarFacts) -> str:
    closes_at = change_closes_at(visit_day=visit_day, facts=facts)
    words = japanese.last_minute_words(closes_at, facts.policy.tz, year=True)
    return f"変更・キャンセルの期限は{words}です。"
