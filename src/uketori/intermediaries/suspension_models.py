"""Suspensions: who may not book for a while, and on whose decision.  利用案内 6(4), R-41."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

PERSONAL_FIELDS = frozenset({"Suspension.reason"})


class Suspension(models.Model):
    """One period in which a person may not book.  What is booked already stays.

    It hangs on the person, so that a new address or a renewed certificate changes nothing.
    """

    intermediary = models.ForeignKey(
        "intermediaries.Intermediary", on_delete=models.PROTECT, related_name="suspensions"
    )
    first_day = models.DateField()
    last_day = models.DateField()
    grounds = models.JSONField()
    """Codes of ``suspension_mails.Ground``."""
    evidence = models.JSONField()
    """References of the reservations it was decided on."""
    reason = models.CharField(max_length=500)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="suspension_ends_after_it_begins"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["intermediary", "last_day"])]

    def __str__(self) -> str:
        return f"suspension {self.pk}"
