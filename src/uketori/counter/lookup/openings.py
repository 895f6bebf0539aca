"""Looking at people is recorded: who opened or listed whom."""

from collections.abc import Sequence

from uketori.audit.record import record
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.staff.access import Staff

OPENED = "reservation_opened"
"""The event of looking at what is personal: the one thing that a GET of the staff writes."""
LISTED = "reservations_listed"
"""The event of being shown several people at once, as a search does."""


def record_opening(staff: Staff, reservation: Reservation) -> None:
    """Record that somebody looked at what is personal."""
    record(
        bureau=reservation.bureau,
        kind=OPENED,
        actor=staff.actor,
        subject=reservation.reference,
        at=staff.at,
    )


def record_listing(staff: Staff, found: Sequence[Reservation]) -> None:
    """Record that a search showed so many reservations; never what was typed, nor whose."""
    if found:
        record(
            bureau=staff.policy.code,
            kind=LISTED,
            actor=staff.actor,
            subject=f"bureau:{staff.policy.code}",
            at=staff.at,
            facts={"reservations": len(found)},
        )


FOUND_KIND = "holder_opened"


def record_holder_opening(staff: Staff, claim: CertificateClaim) -> None:
    """Record that somebody looked at a person without a reservation before them."""
    record(
        bureau=staff.policy.code,
        kind=FOUND_KIND,
        actor=staff.actor,
        subject=f"claim:{claim.pk}",
        at=staff.at,
    )
