"""Drafts are forgotten when their days are over."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from uketori.bureaus.policies import bureau_codes, policy_in_force
from uketori.outbox.registry import job
from uketori.reservations.models import Draft, Reservation


@job("forget_drafts", every=timedelta(hours=1))
def forget_drafts(at: datetime) -> None:
    """Delete drafts that are over.  D23."""
    forget_old_drafts(at)


def forget_old_drafts(at: datetime) -> None:
    """Delete drafts that nobody touched for the policy's number of days, and booked ones."""
    booked = Reservation.objects.filter(idempotency_key=OuterRef("key"))
    Draft.objects.filter(Exists(booked), touched_at__lt=at - timedelta(hours=1)).delete()
    for code in bureau_codes():
        days = policy_in_force(code, at).draft_days
        Draft.objects.filter(bureau=code, touched_at__lt=at - timedelta(days=days)).delete()
