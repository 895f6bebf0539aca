"""Who else claims the certificate that is shown, and what they hold.  D03."""

from dataclasses import dataclass
from datetime import date

from uketori.intermediaries.certificates.settling import rivals_of
from uketori.intermediaries.masking import masked
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation


@dataclass(frozen=True)
class RivalLine:
    """Another person's claim in words."""

    claim_id: int
    name: str
    organisation: str
    address: str
    held: list[Reservation]
    """What they hold from today on; it stays when the claim is ended."""


def rival_lines(claim: CertificateClaim, today: date) -> list[RivalLine]:
    """Return the rivals of a claim (two queries where there are any)."""
    rivals = rivals_of(claim)
    if not rivals:
        return []
    held = (
        Reservation.objects.live()
        .from_day(today)
        .filter(claim__in=[rival.pk for rival in rivals])
        .order_by("starts_at")
    )
    by_claim: dict[int, list[Reservation]] = {}
    for one in held:
        by_claim.setdefault(one.claim_id, []).append(one)
    return [
        RivalLine(
            claim_id=rival.pk,
            name=rival.intermediary.name,
            organisation=rival.intermediary.organisation,
            address=masked(rival.mail_address.address),
            held=by_claim.get(rival.pk, []),
        )
        for rival in rivals
    ]
