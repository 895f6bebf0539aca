"""Whether a clerk saw the certificate with another person: from then on nobody else books.  D03."""

from typing import Protocol, cast

from django.db.models import Exists, OuterRef

from uketori.intermediaries.models import CertificateClaim

THE_CERTIFICATE, THE_INTERMEDIARY = OuterRef("certificate"), OuterRef("intermediary")
"""Of the claim of the query that asks."""


def shown_by_another(
    certificate: int | OuterRef = THE_CERTIFICATE, intermediary: int | OuterRef = THE_INTERMEDIARY
) -> Exists:
    """Ask, as part of a query of claims or beside given keys, for a proved claim of somebody else.

    Other addresses of the same person are nobody else.
    """
    proved = CertificateClaim.objects.filter(
        certificate=certificate, proved_at__isnull=False, ended_at=None
    )
    return Exists(proved.exclude(intermediary=intermediary))


class _Asked(Protocol):
    """A claim whose query asked."""

    shown_by_another: bool


def found_shown_by_another(claim: CertificateClaim) -> bool:
    """Return what the query found out that read the claim, as ``Visitor.claims`` does."""
    return cast(_Asked, claim).shown_by_another


def is_shown_by_another(claim: CertificateClaim) -> bool:
    """Ask the same of one claim (one query)."""
    return CertificateClaim.objects.filter(shown_by_another(), pk=claim.pk).exists()
