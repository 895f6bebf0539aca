"""Counting how often something was asked for.  R-17."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from uketori.intermediaries.models import Limit


def within_limit(*, identity: str, act: str, limit: int, window: timedelta, at: datetime) -> bool:
    """Count one more act of ``identity``; return whether it is still within ``limit``.

    The count is one conditional UPDATE, so two requests at once are never both the last allowed.
    Windows are fixed (a whole hour, a whole day in UTC), not sliding.
    """
    starts_at = _window_start(at, window)
    with transaction.atomic():
        row, _ = Limit.objects.get_or_create(
            identity=identity, act=act, window_starts_at=starts_at, defaults={"count": 0}
        )
        counted = Limit.objects.filter(pk=row.pk, count__lt=limit).update(count=F("count") + 1)
    return bool(counted)


def one_at_a_time(*, identity: str, act: str, at: datetime) -> None:
    """Let the acts of one identity follow one another until the transaction ends."""
    row, _ = Limit.objects.get_or_create(
        identity=identity, act=act, window_starts_at=_window_start(at, timedelta(days=1))
    )
    Limit.objects.select_for_update(no_key=True).get(pk=row.pk)


def is_exhausted(*, identity: str, act: str, limit: int, window: timedelta, at: datetime) -> bool:
    """Return whether the limit is used up, without counting."""
    return Limit.objects.filter(
        identity=identity, act=act, window_starts_at=_window_start(at, window), count__gte=limit
    ).exists()


def opens_again_at(window: timedelta, at: datetime) -> datetime:
    """Return when the window ends, from which the count begins anew."""
    return _window_start(at, window) + window


def forget_old_limits(at: datetime) -> None:
    """Delete counts of windows long past."""
    Limit.objects.filter(window_starts_at__lt=at - timedelta(days=2)).delete()


def _window_start(at: datetime, window: timedelta) -> datetime:
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % int(window.total_seconds()), tz=at.tzinfo)
