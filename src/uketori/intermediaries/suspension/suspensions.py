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
    """Return the last day of the person's own suspension in force, as a column of another query.

    ``person`` is the reference to the intermediary, e.g. ``OuterRef("pk")``.
    """
    return Subquery(suspensions_on(day).filter(intermediary=person).values("last_day")[:1])


def bound_by_number(person: OuterRef, day: date) -> Exists:
    """Return whether another's suspension binds a person, as a column of another query.

    Whose it is and until when is nobody's business but the other's: anybody can type a number.
    """
    return Exists(_of_their_numbers(person, day))


def suspended_among(people: Iterable[int], day: date) -> dict[int, date | None]:
    """Return who of these people may not book on this day (one query).

    Each with the last day of their own suspension, None where only the number they typed is bound.
    """
    found = Intermediary.objects.filter(pk__in=list(people)).annotate(
        suspended_until=last_day_of(OuterRef("pk"), day),
        is_bound_by_number=bound_by_number(OuterRef("pk"), day),
    )
    bound = found.exclude(suspended_until=None, is_bound_by_number=False)
    return dict(bound.values_list("pk", "suspended_until"))


def _of_their_numbers(person: OuterRef, day: date) -> QuerySet[Suspension]:
    """Return the suspensions of others who claim a certificate that this person claims unproved.

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
    return suspensions_on(day).filter(same_number).exclude(intermediary=person)


def _unproved(person: OuterRef) -> QuerySet[CertificateClaim]:
    """Return the claims of certificates that no clerk has seen with this person, at any address."""
    standing = CertificateClaim.objects.filter(ended_at=None)
    seen = standing.filter(
        certificate=OuterRef("certificate"),
        intermediary=OuterRef("intermediary"),
        proved_at__isnull=False,
    )
    return standing.filter(~Exists(seen), intermediary=person)
