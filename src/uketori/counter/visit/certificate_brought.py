"""Which certificate the person brings: the renewed one, where one was entered since.  D03, R-09.

A reservation keeps the certificate it was booked with.  Whoever renewed it since shows another
number with another last day, and that one is looked at and proved at the desk.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from uketori.intermediaries.certificates.seen_elsewhere import shown_by_another
from uketori.intermediaries.models import CertificateClaim
from uketori.intermediaries.session.visitor import newest_valid
from uketori.reservations.models import Reservation


def certificates_shown(
    reservations: Iterable[Reservation], today: date
) -> dict[int, CertificateClaim]:
    """Return the claim of the certificate to be shown, by reservation (one query)."""
    rows = list(reservations)
    claims = CertificateClaim.objects.filter(
        intermediary__in={one.intermediary_id for one in rows}, ended_at=None
    )
    by_person: dict[int, list[CertificateClaim]] = defaultdict(list)
    asked = claims.annotate(shown_by_another=shown_by_another())
    for claim in asked.select_related("certificate", "intermediary").order_by("pk"):
        by_person[claim.intermediary_id].append(claim)
    return {one.pk: _shown(one, by_person[one.intermediary_id], today) for one in rows}


def certificate_shown(reservation: Reservation, today: date) -> CertificateClaim:
    """Return the same of one reservation."""
    return certificates_shown([reservation], today)[reservation.pk]


def certificates_at_desk(reservation: Reservation, today: date) -> list[CertificateClaim]:
    """Return what may lie on the desk: what is shown, then what was booked with if that differs."""
    shown = certificate_shown(reservation, today)
    return [shown] if is_of_the_booking(shown, reservation) else [shown, reservation.claim]


def is_of_the_booking(claim: CertificateClaim, reservation: Reservation) -> bool:
    """Tell whether it is the certificate that was booked with, whichever address claims it."""
    return claim.certificate_id == reservation.claim.certificate_id


def _shown(
    reservation: Reservation, claims: list[CertificateClaim], today: date
) -> CertificateClaim:
    """Return the newest certificate of the person that is valid, as booking takes it.

    Several addresses may speak for one certificate: it is new when it was first entered, and the
    claim that was booked with stands for it, or else the one that was proved.
    """
    entered: dict[int, int] = {}
    for claim in claims:
        entered.setdefault(claim.certificate_id, claim.pk)
    in_turn = sorted(claims, key=lambda one: (entered[one.certificate_id], one.pk))
    newest = next(iter(newest_valid(in_turn, today)), reservation.claim)
    same = [one for one in in_turn if one.certificate_id == newest.certificate_id]
    booked = [one for one in same if one.pk == reservation.claim_id]
    proved = [one for one in same if one.proved_at is not None]
    return next(iter([*booked, *proved]), newest)
