"""What ``/readyz`` asks of us: is there a worker, do mails leave, does the database take a row?

Each answers with the reason why not, or with nothing.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache

from uketori.database import waiting_shortly
from uketori.outbox.signs import WORKER, last_sign, show_sign
from uketori.outbox.statistics import LATE_AFTER, is_held_up

MISSED_AFTER = timedelta(minutes=1)
READYZ = "readyz"
WRITES_EVERY_SECONDS = 1
"""Whoever asks more often is told of the write before: anybody may ask."""
LOCK_SECONDS = 0.5
"""Whoever asks waits a second or two for the whole answer."""


def why_not_written(at: datetime) -> str:
    """Write a row; raises what the database says to that."""
    if cache.add(READYZ, at, timeout=WRITES_EVERY_SECONDS):
        try:
            with waiting_shortly(LOCK_SECONDS):
                show_sign(READYZ, at)
        except Exception:
            cache.delete(READYZ)
            raise
    return ""


def why_no_worker(at: datetime) -> str:
    """Tell since when no worker has shown that it lives, where one is expected."""
    if not settings.WORKER_EXPECTED:
        return ""
    seen = last_sign(WORKER)
    if seen is None:
        return "no worker has shown a sign of life yet"
    missed = int((at - seen).total_seconds())
    is_missed = at - seen >= MISSED_AFTER
    return f"no worker has shown a sign of life for {missed} seconds" if is_missed else ""


def why_mail_is_late(at: datetime) -> str:
    """Tell whether mails that could leave wait."""
    minutes = int(LATE_AFTER.total_seconds()) // 60
    return f"a mail has been waiting for more than {minutes} minutes" if is_held_up(at) else ""


CHECKS = {"writing": why_not_written, "worker": why_no_worker, "mail": why_mail_is_late}
