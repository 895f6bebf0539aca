"""Periodic jobs: each runs once at a time, however many workers there are."""

import logging
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from uketori.outbox.models import Job
from uketori.outbox.registry import PeriodicJob, periodic_jobs

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
RETRY_AFTER = timedelta(minutes=1)


def run_due_jobs(at: datetime) -> int:
    """Run every registered job whose time has come; return how many ran."""
    known = {row.name: row for row in Job.objects.all()}
    due = [job for job in periodic_jobs() if _is_due(known.get(job.name), job, at)]
    return sum(_run(job, at) for job in due)


def _is_due(row: Job | None, job: PeriodicJob, at: datetime) -> bool:
    if row is None or row.ran_at is None:
        return row is None or row.lease_until is None or row.lease_until <= at
    return row.ran_at + job.every <= at and (row.lease_until is None or row.lease_until <= at)


def _run(job: PeriodicJob, at: datetime) -> bool:
    """Take the lease by one conditional UPDATE, and run the job if it was ours to take."""
    Job.objects.get_or_create(name=job.name)
    token = secrets.token_hex(16)
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    over = Q(ran_at=None) | Q(ran_at__lte=at - job.every)
    row = Job.objects.filter(free, over, name=job.name)
    if not row.update(lease_until=at + LEASE, lease_owner=token):
        return False
    held = Job.objects.filter(name=job.name, lease_owner=token)
    try:
        job.function(at)
    except Exception as error:  # noqa: BLE001 - one job never stops the mails or the other jobs
        log.warning("job %s failed: %s", job.name, type(error).__name__)
        held.update(lease_until=at + RETRY_AFTER)
        return False
    held.update(ran_at=at, lease_until=None, lease_owner="")
    return True
