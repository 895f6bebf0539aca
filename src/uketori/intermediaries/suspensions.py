"""Asking whether somebody is suspended.  利用案内 6(4), R-41.

Rows are written by the standing desk alone: a person decides, with evidence and an end.
"""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from uketori.intermediaries.suspension_models import Suspension


def suspensions_on(day: date) -> QuerySet[Suspension]:
    """Return those in force on this day at the bureau, the one that ends last first.

    A suspension ends by itself with its last day, or when it is lifted.
    """
    return Suspension.objects.filter(
        first_day__lte=day, last_day__gte=day, lifted_at=None
    ).order_by("-last_day")


def last_day_of(person: OuterRef, day: date) -> Subquery:
    """Return the last day of the suspension in force, as a column of another query.

    ``person`` is the reference to the intermediary, e.g. ``OuterRef("pk")``.
    """
    mine = suspensions_on(day).filter(intermediary_id=person)
    return Subquery(mine.values("last_day")[:1])
