"""A reservation that the visitor may see: their own, or nobody's."""

from django.db.models import Q
from django.http import Http404

from uketori.intermediaries.models import CertificateClaim
from uketori.intermediaries.session.visitor import Visitor
from uketori.reservations.models import Reservation, ReservationQuerySet


def _mine(visitor: Visitor, claims: list[CertificateClaim]) -> ReservationQuerySet:
    """Return the reservations of the holders this address speaks for, and those made at it.

    Where a claim was ended, what was booked with it stands, and is still theirs to cancel.
    """
    people = [claim.intermediary_id for claim in claims]
    mine = Q(intermediary__in=people) | Q(mail_address=visitor.mail_address)
    return Reservation.objects.filter(mine, bureau=visitor.policy.code).select_related(
        "claim__certificate"
    )


def own_reservation(visitor: Visitor, reference: str) -> Reservation:
    """Return the reservation; not yours and not there are the same."""
    found = _mine(visitor, visitor.claims()).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found
