"""What the counter records: the steps of a visit, telephone calls, printed lists.  R-30, R-39."""

from typing import ClassVar

from django.db import models

from uketori.reservations.models import Reservation, ReservedCase

PERSONAL_FIELDS = frozenset({"Call.note", "Call.caller"})


class Step(models.TextChoices):
    """One thing that staff recorded of a visit."""

    ARRIVED = "arrived"
    CALLED_UP = "called_up"
    CERTIFICATE_SEEN = "certificate_seen"
    OUTCOME = "outcome"
    SERVED = "served"
    LATE = "late"
    ABSENT = "absent"
    NO_SHOW = "no_show"
    TAKEN_BACK = "taken_back"
    AHEAD_MARK = "ahead_mark"


class VisitEntry(models.Model):
    """One line of the history of a visit.  Nothing here is ever changed; codes only."""

    reservation = models.ForeignKey(
        Reservation, on_delete=models.CASCADE, related_name="visit_entries"
    )
    case = models.ForeignKey(
        ReservedCase, null=True, blank=True, on_delete=models.CASCADE, related_name="visit_entries"
    )
    step = models.CharField(max_length=20, choices=Step.choices)
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    """Codes: an outcome and its reason, an ending, a mark; of an arrival that nobody said, the step
    that it was inferred from."""
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    """Later than ``happened_at`` where the day was worked on paper."""
    actor = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["reservation", "recorded_at", "pk"]
        verbose_name_plural = "visit entries"

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"


class CallKind(models.TextChoices):
    """What somebody called about.  利用案内 4(2), R-30."""

    CANCEL = "cancel"
    CHANGE = "change"
    WILL_BE_LATE = "will_be_late"
    OTHER = "other"
    BOOK = "book"
    """The reservation was made for the caller: no word about a visit that was booked before."""


class Call(models.Model):
    """One telephone call about a reservation.  R-30, R-41."""

    reservation = models.ForeignKey(Reservation, on_delete=models.CASCADE, related_name="calls")
    kind = models.CharField(max_length=20, choices=CallKind.choices)
    called_at = models.DateTimeField()
    is_after_deadline = models.BooleanField()
    """Whether the promised moment of changes had passed when it was called."""
    is_before_visit = models.BooleanField()
    """Whether it was called before the booked hour began: no silence.  4(2)"""
    caller = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    key = models.UUIDField(null=True, blank=True, unique=True)
    """Of the form; the same form sent twice is one call."""
    revision = models.PositiveIntegerField(null=True, blank=True)
    """Of the reservation after what was done for the caller; null where it was only noted."""
    struck_at = models.DateTimeField(null=True, blank=True)
    """When it was found to be noted by mistake: it stays, and counts no more."""
    struck_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["reservation", "called_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(struck_at=None, struck_by="")
                | (models.Q(struck_at__isnull=False) & ~models.Q(struck_by="")),
                name="call_is_struck_by_somebody",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["called_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_done(self) -> bool:
        """Whether what was asked for was done with the call."""
        return self.revision is not None


class Sheet(models.TextChoices):
    """What was printed or written out."""

    HOURS = "hours"
    NUMBERS = "numbers"
    DESK = "desk"
    DIFFERENCES = "differences"
    FILE = "file"


class Printing(models.Model):
    """That the list of a day was printed or written out: later sheets tell what moved since."""

    bureau = models.SlugField(max_length=40)
    day = models.DateField()
    printed_at = models.DateTimeField()
    sheet = models.CharField(max_length=20, choices=Sheet.choices, blank=True)
    """Empty where it was printed before this was kept."""
    since = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    """The printing that a difference sheet begins at."""
    actor = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["bureau", "day"])]

    def __str__(self) -> str:
        return f"{self.bureau} {self.day}"
