"""Rows of mails to send.

The body is rendered when the mail leaves, so no usable token is stored.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

PERSONAL_FIELDS = frozenset({"OutgoingMail.recipient", "FailedAttempt.domain"})


class MailState(models.TextChoices):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"
    SUPERSEDED = "superseded"  # a newer mail of the same subject tells it better
    DROPPED = "dropped"  # its time was over, or it was no longer true, before it could leave
    DEAD = "dead"  # given up after a day of attempts, or refused for good


class OutgoingMail(models.Model):
    """One mail of one event, written in the transaction of the act it tells of.  R-19."""

    bureau = models.SlugField(max_length=40)
    event = models.CharField(max_length=60)
    """Name of the registered renderer, e.g. ``reservation_booked``."""
    subject_id = models.CharField(max_length=60)
    """What the mail is about: a reference, or the id of a row; the renderer knows."""
    revision = models.PositiveIntegerField(default=1)
    recipient = models.CharField(max_length=254)
    language = models.CharField(max_length=10, default="ja")
    message_id = models.CharField(max_length=200, unique=True)
    once = models.CharField(max_length=120, unique=True, null=True, blank=True)
    """What may be told only once, e.g. ``reminder ABC2-DEF3 1``: the database refuses a second."""
    facts = models.JSONField(default=dict, blank=True)
    """What no row tells, e.g. the hour before the bureau moved it: codes, keys and moments only."""
    priority = models.PositiveSmallIntegerField(default=5)
    """Smaller leaves first: verification mails 1, everything else 5."""
    state = models.CharField(max_length=20, choices=MailState.choices, default=MailState.WAITING)
    enqueued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(null=True, blank=True)
    """A mail still waiting at this moment never leaves."""
    attempts = models.PositiveIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    """When it was clear that it reaches nobody: dead, or dropped because its end came first.

    A mail that was dropped because it was no longer true has none: nobody misses it.
    """
    last_error = models.CharField(max_length=300, blank=True)
    """Class and code of the last failure; never a body or an address."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="outgoing_mail_sent_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["priority", "not_before"],
                condition=Q(state="waiting"),
                name="outbox_waiting",
            ),
            models.Index(fields=["subject_id"]),
            models.Index(
                fields=["given_up_at"],
                condition=Q(given_up_at__isnull=False),
                name="outbox_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"


class FailedAttempt(models.Model):
    """One attempt that failed; what succeeded stands in the mail's own row."""

    mail = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, related_name="failures")
    at = models.DateTimeField()
    error = models.CharField(max_length=300)
    """Class and code; never a body or an address."""
    domain = models.CharField(max_length=254)
    """Of the recipient, so that trouble with one provider shows."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.mail_id} {self.error}"


class SignOfLife(models.Model):
    """When something last showed that it works; one row a name, written again and again."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """When a periodic job last ran, and who is running it now.  The function is registered."""

    name = models.CharField(max_length=60, unique=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.name
