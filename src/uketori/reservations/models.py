"""Reservations, their cases, and the drafts they are made from.  利用案内 3–5."""

from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from uketori.bureaus.models import Slot
from uketori.bureaus.policies import policies_of
from uketori.intermediaries.models import CertificateClaim, Intermediary, MailAddress
from uketori.reservations.constraints import moments_in_order
from uketori.reservations.hour_models import HourChange
from uketori.rules.policy import ApplicationType, BureauPolicy, ReceiptCategory
from uketori.rules.taking_out import NotHere
from uketori.rules.visit import AheadMark, NotIssued, Outcome

__all__ = ["CaseChange", "Draft", "HourChange", "Reservation", "ReservedCase"]

PERSONAL_FIELDS = frozenset(
    {
        "CaseChange.before",
        "CaseChange.after",
        "ReservedCase.number",
        "ReservedCase.number_key",
        "Draft.content",
        "Reservation.holder_name",
        "Reservation.certificate_number",
    }
)

ENDINGS = ("cancelled_at", "served_at", "late_at", "absent_at", "no_show_at")


def _at_most_one_ending() -> Q:
    """No two endings: every pair has at least one null."""
    together = Q()
    for index, one in enumerate(ENDINGS):
        for other in ENDINGS[index + 1 :]:
            together &= Q(**{one: None}) | Q(**{other: None})
    return together


class ReservationQuerySet(models.QuerySet["Reservation"]):
    """Finds reservations."""

    def live(self) -> "ReservationQuerySet":
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def coming(self, today: date) -> "ReservationQuerySet":
        """Those of today or later that have no ending: somebody may still come with them.

        The same of one: ``Reservation.is_coming``.
        """
        return self.from_day(today).filter(**dict.fromkeys(ENDINGS))

    def from_day(self, day: date) -> "ReservationQuerySet":
        """Those whose visit day is ``day`` or later."""
        return self.filter(visit_day__gte=day)


class CaseChangeKind(models.TextChoices):
    """What was done to one case.  利用案内 4(3)."""

    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    PUT_BACK = "put_back"
    TAKEN_OUT = "taken_out"
    """By the bureau: it is none of this counter's.  R-32"""


class Reservation(models.Model):
    """One hour of one person, with the rules it was made under.  利用案内 3(2), 4, 5."""

    bureau = models.SlugField(max_length=40)
    reference = models.CharField(max_length=12, unique=True)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="reservations")
    starts_at = models.DateTimeField()
    visit_day = models.DateField()
    """The day of ``starts_at`` in the bureau's time zone."""
    intermediary = models.ForeignKey(
        Intermediary, on_delete=models.PROTECT, related_name="reservations"
    )
    claim = models.ForeignKey(
        CertificateClaim, on_delete=models.PROTECT, related_name="reservations"
    )
    mail_address = models.ForeignKey(
        MailAddress, on_delete=models.PROTECT, related_name="reservations"
    )
    holder_name = models.CharField(max_length=100)
    """The name as it stood when the hour was booked: it is printed and shown."""
    certificate_number = models.CharField(max_length=60)
    certificate_expires_on = models.DateField()
    first_case_count = models.PositiveIntegerField()
    """As booked, less what the bureau took out.  4(3), R-32"""
    live_case_count = models.PositiveIntegerField()
    booked_at = models.DateTimeField()
    change_closes_at = models.DateTimeField()
    """The promised first moment at which changes are refused, never made earlier.  4(1)."""
    notice_version = models.PositiveIntegerField()
    policy_effective_from = models.DateField()
    declarations = models.JSONField()
    """Codes of the declarations that were confirmed."""
    idempotency_key = models.UUIDField(unique=True)
    revision = models.PositiveIntegerField(default=1)
    revised_at = models.DateTimeField(null=True, blank=True)
    """When it became this revision: the last change or the cancellation; null as it was booked."""
    arrived_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    """When the person was called up to the desk."""
    first_telephoned_at = models.DateTimeField(null=True, blank=True)
    """When somebody first telephoned about it, however late that was noted.  R-41"""
    cancelled_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)
    late_at = models.DateTimeField(null=True, blank=True)
    absent_at = models.DateTimeField(null=True, blank=True)
    no_show_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(live_case_count__gte=1), name="reservation_is_never_emptied"
            ),
            models.UniqueConstraint(
                fields=["intermediary", "starts_at"],
                condition=Q(cancelled_at=None),
                name="reservation_is_one_live_one_a_person_and_hour",
            ),
            models.CheckConstraint(
                condition=Q(live_case_count__lte=F("first_case_count")),
                name="reservation_never_grows_beyond_its_first_count",
            ),
            models.CheckConstraint(
                condition=Q(first_case_count__gte=1), name="reservation_begins_with_a_case"
            ),
            models.CheckConstraint(
                condition=_at_most_one_ending(), name="reservation_ends_at_most_once"
            ),
            models.CheckConstraint(
                condition=moments_in_order(), name="reservation_moments_are_in_order"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "visit_day"]),
            models.Index(
                fields=["bureau", "visit_day"],
                condition=Q(**dict.fromkeys(ENDINGS)),
                name="reservation_without_an_ending",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def is_coming(self, today: date) -> bool:
        """Tell whether it is of today or later and has no ending."""
        is_open = all(getattr(self, moment) is None for moment in ENDINGS)
        return is_open and self.visit_day >= today

    @property
    def ends_at(self) -> datetime:
        """The first moment after the booked hour.  6(3)."""
        return self.starts_at + timedelta(minutes=self.made_under.slot_minutes)

    @property
    def taken_out_count(self) -> int:
        """How many cases the bureau took out: by so many the first count was lowered.  R-32."""
        return self.changes.filter(kind=CaseChangeKind.TAKEN_OUT).count()

    @property
    def has_telephoned(self) -> bool:
        """Whether somebody telephoned before the hour was over: that is no silence.  4(2), R-41."""
        first = self.first_telephoned_at
        return first is not None and first < self.ends_at

    @property
    def made_under(self) -> BureauPolicy:
        """The policy in force when it was booked: it keeps these rules to its end.  R-02."""
        policies = policies_of(self.bureau)
        same = [one for one in policies if one.effective_from == self.policy_effective_from]
        return same[0] if same else policies[0]


class ReservedCase(models.Model):
    """One application whose result is picked up.  利用案内 1(1)–(6), 3(2)."""

    reservation = models.ForeignKey(Reservation, on_delete=models.CASCADE, related_name="cases")
    order = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=200)
    """As typed; no longer than what a draft saves."""
    number_key = models.CharField(max_length=60)
    type = models.CharField(
        max_length=30, choices=[(one.value, one.name) for one in ApplicationType]
    )
    category = models.CharField(
        max_length=40, choices=[(one.value, one.name) for one in ReceiptCategory]
    )
    with_reentry_permit = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=20, blank=True, choices=[(one.value, one.name) for one in Outcome]
    )
    not_issued_because = models.CharField(
        max_length=30, blank=True, choices=[(one.value, one.name) for one in NotIssued]
    )
    ahead_mark = models.CharField(
        max_length=20, blank=True, choices=[(one.value, one.name) for one in AheadMark]
    )
    """What a clerk saw of the case before the visit."""
    ahead_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.NOT_ISSUED.value) & ~Q(not_issued_because=""))
                | (~Q(outcome=Outcome.NOT_ISSUED.value) & Q(not_issued_because="")),
                name="reserved_case_not_issued_says_why",
            ),
            models.UniqueConstraint(
                fields=["reservation", "number_key"],
                condition=Q(withdrawn_at=None),
                name="reserved_case_stands_once_in_a_reservation",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["number_key"])]
        ordering: ClassVar = ["reservation", "order"]

    def __str__(self) -> str:
        return f"case {self.pk}"


class CaseChange(models.Model):
    """One line of the ledger: who changed a case from what to what.  R-33, D23.

    Holds the old and new values and can be erased; the event beside it holds digests only.
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.CASCADE, related_name="changes")
    case = models.ForeignKey(ReservedCase, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20, choices=CaseChangeKind.choices)
    before = models.JSONField(null=True, blank=True)
    """``number``, ``type``, ``category``, ``with_reentry_permit``; null for what was put back."""
    after = models.JSONField(null=True, blank=True)
    """The same; null for what was withdrawn or taken out."""
    because = models.CharField(
        max_length=30, blank=True, choices=[(one.value, one.name) for one in NotHere]
    )
    """Why the bureau took it out; empty for what anybody else did."""
    actor = models.CharField(max_length=80)
    revision = models.PositiveIntegerField()
    """Of the reservation after this change."""
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(after__isnull=False),
                name="case_change_has_a_before_or_an_after",
            ),
            models.CheckConstraint(
                condition=(Q(kind=CaseChangeKind.TAKEN_OUT.value) & ~Q(because=""))
                | (~Q(kind=CaseChangeKind.TAKEN_OUT.value) & Q(because="")),
                name="case_change_taken_out_says_why",
            ),
        ]
        ordering: ClassVar = ["reservation", "changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Draft(models.Model):
    """What was typed and not yet booked; it hangs on the proved address for seven days.  D13, D23.

    ``content`` is JSON text (not a JSON column: what people paste may hold characters that
    PostgreSQL's jsonb refuses, and nothing typed may be lost).
    """

    key = models.UUIDField(unique=True, default=uuid4)
    bureau = models.SlugField(max_length=40)
    mail_address = models.ForeignKey(MailAddress, on_delete=models.CASCADE, related_name="drafts")
    claim = models.ForeignKey(
        CertificateClaim, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts"
    )
    """Who comes; null until it was chosen."""
    content = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    touched_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["mail_address", "touched_at"])]

    def __str__(self) -> str:
        return str(self.key)
