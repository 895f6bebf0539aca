"""The history of exchanged hours: who moved which reservation from where to where.  R-33, D07."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

PERSONAL_FIELDS: frozenset[str] = frozenset()


class HourChange(models.Model):
    """One exchange of day and hour: who moved the reservation from which hour to which.  D07."""

    reservation = models.ForeignKey(
        "reservations.Reservation", on_delete=models.CASCADE, related_name="hour_changes"
    )
    old_starts_at = models.DateTimeField()
    new_starts_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    revision = models.PositiveIntegerField()
    """Of the reservation after this exchange."""
    moved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(old_starts_at=F("new_starts_at")),
                name="hour_change_leads_to_another_hour",
            ),
            models.UniqueConstraint(
                fields=["reservation", "revision"], name="hour_change_makes_a_revision_of_its_own"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["moved_at"])]
        ordering: ClassVar = ["reservation", "moved_at", "pk"]

    def __str__(self) -> str:
        return f"hour change {self.pk}"
