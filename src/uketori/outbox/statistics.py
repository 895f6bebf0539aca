"""How the mail is doing, in numbers: for operators, staff and monitoring.  R-19."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from uketori.outbox.models import FailedAttempt, MailState, OutgoingMail

FAILURES_OF = timedelta(days=1)
SENT_OF = timedelta(hours=1)
LATE_AFTER = timedelta(minutes=5)
"""A mail that is older and still waits is late: the pages tell people to wait so long."""
MOST_DOMAINS = 20
COMMON_FROM = 3
"""So many addresses of one domain failed: it is a provider or a house, and names no person."""


@dataclass(frozen=True)
class Figures:
    """The outbox at one moment."""

    waiting: int
    """Mails whose moment has come and which have not left."""
    planned: int
    """Mails whose moment is still to come, retries among them."""
    oldest: timedelta
    """Age of the oldest mail that has not left, since it was written; zero if there is none."""
    sent_last_hour: int
    dead: int
    """Given up in the last day, after a day of attempts: people who were not reached."""
    expired: int
    """Failed in the last day until their end came: people who were not reached in time."""
    failures: int
    """Attempts that failed in the last day."""
    failures_by_domain: Mapping[str, int]
    """The worst of them, most first."""
    failures_at_common_domains: Mapping[str, int]
    """Those that name no person, and may be told to everybody."""

    @property
    def is_late(self) -> bool:
        """Whether somebody has been waiting longer than the pages promise."""
        return self.oldest > LATE_AFTER


def is_held_up(at: datetime) -> bool:
    """Tell whether a mail that could leave has been waiting longer than the pages promise.

    One that its recipient's server put off is no sign that we stand still: anybody could name such
    an address.
    """
    since = at - LATE_AFTER
    put_off = Q(last_error__startswith="SMTPRecipientsRefused")
    put_off |= Q(last_error__startswith="SMTPDataError")
    waits = OutgoingMail.objects.filter(state=MailState.WAITING)
    return waits.filter(Q(not_before__lte=since) | Q(first_tried_at__lte=since) & ~put_off).exists()


def figures(at: datetime) -> Figures:
    """Count the outbox as it is at this moment; writes nothing."""
    yesterday = at - FAILURES_OF
    waits = Q(state=MailState.WAITING)
    given_up = Q(given_up_at__gt=yesterday)
    counts = OutgoingMail.objects.filter(waits | Q(sent_at__gt=at - SENT_OF) | given_up).aggregate(
        waiting=Count("pk", filter=waits & Q(not_before__lte=at)),
        planned=Count("pk", filter=waits & Q(not_before__gt=at)),
        oldest=Min("enqueued_at", filter=waits & (Q(not_before__lte=at) | Q(attempts__gt=0))),
        sent=Count("pk", filter=Q(sent_at__gt=at - SENT_OF)),
        dead=Count("pk", filter=given_up & Q(state=MailState.DEAD)),
        expired=Count("pk", filter=given_up & Q(state=MailState.DROPPED)),
    )
    failed = FailedAttempt.objects.filter(at__gt=yesterday)
    by_domain = (
        failed.values("domain")
        .annotate(times=Count("pk"), people=Count("mail__recipient", distinct=True))
        .order_by("-times", "domain")
    )
    common = by_domain.filter(people__gte=COMMON_FROM)
    return Figures(
        waiting=counts["waiting"],
        planned=counts["planned"],
        oldest=max(at - counts["oldest"], timedelta()) if counts["oldest"] else timedelta(),
        sent_last_hour=counts["sent"],
        dead=counts["dead"],
        expired=counts["expired"],
        failures=failed.count(),
        failures_by_domain={row["domain"]: row["times"] for row in by_domain[:MOST_DOMAINS]},
        failures_at_common_domains={row["domain"]: row["times"] for row in common[:MOST_DOMAINS]},
    )
