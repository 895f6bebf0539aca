"""Days that differ from the calendar, slots with their capacity, versions of the notice."""

from datetime import datetime
from typing import ClassVar

from django.db import connections, models
from django.db.models import F, Q

from uketori.bureaus.notice_file import LONGEST_CHANGES

PERSONAL_FIELDS: frozenset[str] = frozenset()


class SpecialDay(models.Model):
    """A day on which staff (or an imported holiday list) overrule the calendar.  R-21, D08."""

    bureau = models.SlugField(max_length=40)
    day = models.DateField()
    is_open = models.BooleanField()
    hours = models.JSONField(null=True, blank=True)
    """Hours at which slots start on this open day; null means the policy's hours of its weekday."""
    reason = models.CharField(max_length=200)
    announced_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "day"], name="special_day_stands_once_for_a_bureau"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bureau} {self.day} {'open' if self.is_open else 'closed'}"


TAKE = """
UPDATE bureaus_slot
SET booked_reservations = booked_reservations + 1, booked_cases = booked_cases + %s
WHERE bureau = %s AND starts_at = %s AND closed_at IS NULL
  AND booked_reservations + 1 <= capacity_reservations
  AND booked_cases + %s <= capacity_cases
RETURNING id
"""


class SlotQuerySet(models.QuerySet["Slot"]):
    """Finds slots, and takes and gives back places by conditional UPDATE."""

    def take(self, *, bureau: str, starts_at: datetime, cases: int) -> int | None:
        """Take one place and ``cases`` cases; return the slot's id, None if there is no room.

        One conditional UPDATE, whose answer is the row it changed.  In SQL because the ORM's update
        returns no id, and a second look would be one more round trip under the row's lock.
        """
        connection = connections[self.db]
        moment = connection.ops.adapt_datetimefield_value(starts_at)
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [cases, bureau, moment, cases])
            row = cursor.fetchone()
        return row[0] if row else None

    def take_cases(self, *, slot_id: int, cases: int) -> bool:
        """Take ``cases`` more cases for a reservation that stands already.  D06."""
        return bool(
            self.filter(
                pk=slot_id, closed_at=None, booked_cases__lte=F("capacity_cases") - cases
            ).update(booked_cases=F("booked_cases") + cases)
        )

    def give_back(self, *, slot_id: int, reservations: int, cases: int) -> None:
        """Free places at once; they count for others from the commit on.  R-33."""
        self.filter(pk=slot_id).update(
            booked_reservations=F("booked_reservations") - reservations,
            booked_cases=F("booked_cases") - cases,
        )

    def of_days(self, bureau: str, first: datetime, end: datetime) -> "SlotQuerySet":
        """Slots that start in ``[first, end)``."""
        return self.filter(bureau=bureau, starts_at__gte=first, starts_at__lt=end)


class Slot(models.Model):
    """One hour of one bureau, with the places offered and the places taken.  利用案内 3(2), D09."""

    bureau = models.SlugField(max_length=40)
    starts_at = models.DateTimeField()
    capacity_reservations = models.PositiveIntegerField()
    capacity_cases = models.PositiveIntegerField()
    booked_reservations = models.PositiveIntegerField(default=0)
    booked_cases = models.PositiveIntegerField(default=0)
    ceiling_reservations = models.PositiveIntegerField()
    """What the database bears: the capacity, or what was booked when staff changed it."""
    ceiling_cases = models.PositiveIntegerField()
    closed_at = models.DateTimeField(null=True, blank=True)
    """When staff stopped the hour (受付終了)."""

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "starts_at"], name="slot_is_one_row_an_hour"),
            models.CheckConstraint(
                condition=Q(booked_reservations__lte=F("ceiling_reservations")),
                name="slot_reservations_stay_under_the_ceiling",
            ),
            models.CheckConstraint(
                condition=Q(booked_cases__lte=F("ceiling_cases")),
                name="slot_cases_stay_under_the_ceiling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bureau} {self.starts_at:%Y-%m-%dT%H:%M%z}"


LONGEST_BANNER = 400


class BannerQuerySet(models.QuerySet["Banner"]):
    """Finds banners."""

    def standing(self, bureau: str) -> "BannerQuerySet":
        """The one that is shown now, if any."""
        return self.filter(bureau=bureau, cleared_at=None)


class Banner(models.Model):
    """One emergency sentence on all pages and mails of a bureau, from when to when."""

    bureau = models.SlugField(max_length=40)
    text = models.CharField(max_length=LONGEST_BANNER)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    """``staff:<id>`` or ``system:<process>``."""
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = BannerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau"],
                condition=Q(cleared_at=None),
                name="banner_stands_once_for_a_bureau",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None) | Q(cleared_at__gte=F("set_at")),
                name="banner_is_cleared_after_it_was_set",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="banner_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.bureau} {self.pk}"


class NoticeVersion(models.Model):
    """One version of the notice (利用案内), in Markdown.  R-01, R-02, 利用案内 6(5)."""

    bureau = models.SlugField(max_length=40)
    number = models.PositiveIntegerField()
    body = models.TextField()
    changes = models.CharField(max_length=LONGEST_CHANGES, blank=True)
    """What changed against the version before, in a sentence."""
    effective_from = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "number"], name="notice_version_number_stands_once_for_a_bureau"
            ),
        ]
        ordering: ClassVar = ["bureau", "-effective_from", "-number"]

    def __str__(self) -> str:
        return f"{self.bureau} {self.number}"
