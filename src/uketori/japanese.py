"""Days, hours and moments in Japanese words.

Pure: an aware moment and the bureau's time zone in, words out.
"""

from datetime import date, datetime, timedelta, tzinfo

WEEKDAYS = "月火水木金土日"


def day_words(day: date) -> str:
    """Return e.g. 6月11日（木）."""
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def long_day_words(day: date) -> str:
    """Return e.g. 2026年6月11日（木）."""
    return f"{day.year}年{day_words(day)}"


def clock_words(moment: datetime, tz: tzinfo) -> str:
    """Return the time of day with its minutes, e.g. 10時24分 or 10時0分."""
    local = moment.astimezone(tz)
    return f"{local.hour}時{local.minute}分"


def hour_words(starts_at: datetime, minutes: int, tz: tzinfo) -> str:
    """Return the span of a slot, e.g. 10時～11時; minutes are shown only when they are not zero."""
    ends_at = starts_at + timedelta(minutes=minutes)
    return f"{_short_clock(starts_at, tz)}～{_short_clock(ends_at, tz)}"


def begin_words(starts_at: datetime, tz: tzinfo) -> str:
    """Return when a slot begins, e.g. 10時."""
    return _short_clock(starts_at, tz)


def moment_words(moment: datetime, tz: tzinfo, *, year: bool = False) -> str:
    """Return e.g. 6月10日（水）12時 or 6月10日（水）12時5分."""
    day = moment.astimezone(tz).date()
    words = long_day_words(day) if year else day_words(day)
    return f"{words}{_short_clock(moment, tz)}"


def since_words(moment: datetime, at: datetime, tz: tzinfo) -> list[str]:
    """Return the time of day, e.g. 10時24分, after the day where that is not today: 6月9日."""
    day = moment.astimezone(tz).date()
    is_today = day == at.astimezone(tz).date()
    return [*([] if is_today else [f"{day.month}月{day.day}日"]), clock_words(moment, tz)]


def last_minute_words(closes_at: datetime, tz: tzinfo, *, year: bool = False) -> str:
    """Return the last minute before the first refused moment, e.g. 6月10日（水）11時59分."""
    return moment_words(closes_at - timedelta(minutes=1), tz, year=year)


def slot_words(starts_at: datetime, minutes: int, tz: tzinfo) -> str:
    """Return the day and the span of a slot, e.g. 6月11日（木）10時～11時."""
    day = starts_at.astimezone(tz).date()
    return f"{day_words(day)}{hour_words(starts_at, minutes, tz)}"


def _short_clock(moment: datetime, tz: tzinfo) -> str:
    local = moment.astimezone(tz)
    return f"{local.hour}時{local.minute}分" if local.minute else f"{local.hour}時"
