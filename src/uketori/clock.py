"""The only place that asks the time.

In development ``UKETORI_CLOCK_OFFSET`` (seconds) moves the clock; it goes on running.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings


def now() -> datetime:
    """Return the present moment, aware, in UTC; moved by the development offset if one is set."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """How far the clock is moved; zero in production."""
    return timedelta(seconds=settings.CLOCK_OFFSET_SECONDS)
