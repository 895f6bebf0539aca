"""Days, hours and moments in Japanese words, for templates."""

from datetime import date, datetime, tzinfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from uketori import japanese, mail_wrapping, refusal_texts
from uketori.rules.policy import BureauPolicy

register = template.Library()


@register.filter
def day(value: date) -> str:
    """6月11日（木）."""
    return japanese.day_words(value)


@register.filter
def long_day(value: date) -> str:
    """2026年6月11日（木）."""
    return japanese.long_day_words(value)


@register.filter
def hour(starts_at: datetime, policy: BureauPolicy) -> str:
    """10時～11時: the slot that starts then, as long as the bureau's slots are."""
    return japanese.hour_words(starts_at, policy.slot_minutes, policy.tz)


@register.filter
def moment(at: datetime, tz: tzinfo) -> str:
    """6月10日（水）10時20分."""
    return japanese.moment_words(at, tz)


@register.filter
def long_moment(at: datetime, tz: tzinfo) -> str:
    """The same with the year."""
    return japanese.moment_words(at, tz, year=True)


@register.filter
def last_minute(closes_at: datetime, tz: tzinfo) -> str:
    """6月10日（水）11時59分 for what closes at 12:00:00."""
    return japanese.last_minute_words(closes_at, tz)


@register.filter
def long_last_minute(closes_at: datetime, tz: tzinfo) -> str:
    """The same with the year."""
    return japanese.last_minute_words(closes_at, tz, year=True)


@register.filter
def clock(at: datetime, tz: tzinfo) -> str:
    """11時24分."""
    return japanese.clock_words(at, tz)


@register.filter
def long_date(at: datetime, tz: tzinfo) -> str:
    """2026年1月1日, the day of a moment without its weekday."""
    day_of_it = at.astimezone(tz).date()
    return f"{day_of_it.year}年{day_of_it.month}月{day_of_it.day}日"


@register.filter
def number_papers(policy: BureauPolicy) -> object:
    """Name the papers that bear the application number, as every sentence about it does."""
    return refusal_texts.numbers_of(policy)["number_papers"]


@register.filter
def untranslated(code: object) -> SafeString | str:
    """Show a number, a reference or an address so that a browser that translates leaves it alone.

    Not for attributes and titles, which hold no markup.
    """
    return format_html('<span translate="no">{}</span>', code) if code else ""


@register.filter
def unbroken(text: object) -> str:
    """Keep an application number or a reference on one line of a mail."""
    return mail_wrapping.unbroken(text)
