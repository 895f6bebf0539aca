"""Asking whether somebody is suspended.  利用案内 6(4), R-41.

Rows are written by the standing desk alone: a person decides, with evidence and an end.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from uketori.intermediaries.models import CertificateClaim, Intermediary
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

    ``person`` is the reference to the intermediary, e.g. ``OuterRef("pk")``.  The suspension may be
    of another who claims the same certificate (``_binding``).
    """
    return Subquery(_binding(person, day).values("last_day")[:1])


def suspended_among(people: Iterable[int], day: date) -> dict[int, date]:
    """Return who of these people may not book on this day, each until when (one query)."""
    found = Intermediary.objects.filter(pk__in=list(people)).annotate(
        suspended_until=last_day_of(OuterRef("pk"), day)
    )
    until = found.exclude(suspended_until=None).values_list("pk", "suspended_until")
    return dict(until)


def _binding(person: OuterRef, day: date) -> QuerySet[Suspension]:
    """Return what binds a person: their own, and those of the certificates they claim unproved.

    Who is suspended and enters the same certificate from another address is another row and the
    same holder of the paper.  Until a clerk has seen it, the number decides; a proved claim is
    known to be of somebody else, and with it the claims of the same person at other addresses.  A
    number that was added after the decision, and that nobody has shown, binds nobody: whoever is
    suspended could shut out a stranger with it.
    """
    was_theirs = Q(intermediary__claims__claimed_at__lte=F("decided_at"))
    shown = Q(intermediary__claims__proved_at__isnull=False)
    same_number = Q(
        was_theirs | shown,
        intermediary__claims__ended_at=None,
        intermediary__claims__certificate__in=_unproved(OuterRef(person)).values("certificate"),
    )
    return suspensions_on(day).filter(Q(intermediary=person) | same_number)


def _unproved(person: OuterRef) -> QuerySet[CertificateClaim]:
    """Return the claims of certificates that no clerk has seen with this person, at any address."""
    standing = CertificateClaim.objects.filter(ended_at=None)
    seen = standing.filter(
        certificate=OuterRef("certificate"),
        intermediary=OuterRef("intermediary"),
        proved_at__isnull=False,
    )
    return standing.filter(~Exists(seen), intermediary=person)
