"""Forgetting what the sign-in leaves behind, run by the worker."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from uketori import clock
from uketori.outbox.registry import job

ATTEMPTS_KEPT = timedelta(days=1)

FOREIGN_PERSONAL_FIELDS = {
    "axes.AccessAttempt.username": "ATTEMPTS_KEPT",
    "axes.AccessAttempt.ip_address": "ATTEMPTS_KEPT",
    "axes.AccessAttempt.user_agent": "ATTEMPTS_KEPT",
    "axes.AccessAttempt.http_accept": "ATTEMPTS_KEPT",
    "axes.AccessAttempt.get_data": "ATTEMPTS_KEPT; holds no name, no password, no code",
    "axes.AccessAttempt.post_data": "ATTEMPTS_KEPT; holds no name, no password, no code",
    "sessions.Session.session_data": "when it ends; may hold a form that was sent while locked",
    "mfa.Authenticator.data": "with the account, or when removed; secrets are encrypted",
}
"""What tables of others hold about people here, and until when."""


@job("forget_sign_ins", every=timedelta(hours=1))
def forget_sign_ins(at: datetime) -> None:
    """Delete failed sign-ins of yesterday and sessions that are over."""
    real = at - clock.offset()  # both tables are written by the machine's clock
    AccessAttempt.objects.filter(attempt_time__lt=real - ATTEMPTS_KEPT).delete()
    Session.objects.filter(expire_date__lt=real).delete()
