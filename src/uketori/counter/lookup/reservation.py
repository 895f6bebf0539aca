"""One reservation of this bureau by its reference."""

from django.http import Http404

from uketori.reservations.models import Reservation
from uketori.staff.access import Staff


def find_reservation(staff: Staff, reference: str) -> Reservation:
    """Return the bureau's reservation of this reference, or 404."""
    rows = Reservation.objects.select_related("intermediary", "claim__certificate", "mail_address")
    found = rows.filter(bureau=staff.policy.code, reference=reference).first()
    if found is None:
        raise Http404
    return found
