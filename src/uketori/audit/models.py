"""Events: append-only, holding references, codes and keyed digests only.  D23."""

from typing import ClassVar

from django.db import models

PERSONAL_FIELDS: frozenset[str] = frozenset()


class Event(models.Model):
    """One thing that happened, written with the act; UPDATE and DELETE are refused."""

    bureau = models.SlugField(max_length=40)
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    """``mail:<proof id>``, ``staff:<id>`` or ``system:<process>``."""
    subject = models.CharField(max_length=80)
    """A reference, or ``<model>:<id>``."""
    facts = models.JSONField(default=dict)
    """Codes, counts and references; never a personal value."""
    happened_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%dT%H:%M:%S} {self.kind} {self.subject}"
