"""``/metrics`` for Prometheus, read from the database at each question.

It counts, and knows no person; recipients' domains are told because trouble with one provider shows
there first.  Open to this machine; to others only with the token.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from uketori import clock
from uketori.outbox.statistics import figures
from uketori.web.networks import is_from_here


class OutboxCollector(Collector):
    """The outbox as gauges: it stands in the database, whichever process sends."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of the moment."""
        now = figures(self.at)
        for name, words, value in (
            ("waiting", "mails due and not sent", now.waiting),
            ("planned", "mails whose moment is to come, retries among them", now.planned),
            ("oldest_seconds", "age of the oldest unsent mail", now.oldest.total_seconds()),
            ("sent_last_hour", "mails sent in the last hour", now.sent_last_hour),
            ("dead_last_day", "mails given up in the last day", now.dead),
            ("expired_last_day", "mails that failed until their end came", now.expired),
        ):
            yield GaugeMetricFamily(f"uketori_mail_{name}", words, value)
        failures = GaugeMetricFamily(
            "uketori_mail_failures_last_day", "failed attempts by domain", labels=["domain"]
        )
        for domain, times in now.failures_by_domain.items():
            failures.add_metric([domain], times)
        yield failures


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus' text format; 404 to whoever may not ask."""
    if not _may_ask(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(OutboxCollector(clock.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_ask(request: HttpRequest) -> bool:
    """Let this machine ask while no token is set: a proxy on it would speak for everybody."""
    if settings.METRICS_TOKEN:
        told = request.headers.get("Authorization", "")
        return hmac.compare_digest(told.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    forwarded = any(name.startswith("HTTP_X_FORWARDED") for name in request.META)
    return not forwarded and is_from_here(request)


def mail_facts(at: datetime) -> dict[str, object]:
    """Return what ``/readyz`` tells of the mail.

    Everybody may ask, so a domain of few addresses is not named: somebody's own domain is a name.
    """
    now = figures(at)
    common = now.failures_at_common_domains
    return {
        "late": now.is_late,
        "waiting": now.waiting,
        "oldest_seconds": int(now.oldest.total_seconds()),
        "dead_last_day": now.dead,
        "expired_last_day": now.expired,
        "failures_last_day": now.failures,
        "failures_by_domain": dict(common),
        "failures_elsewhere": now.failures - sum(common.values()),
    }
