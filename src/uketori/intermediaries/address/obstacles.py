"""What keeps somebody from another mail address, on the telephone or at the counter.  D03."""

from enum import StrEnum

from uketori.intermediaries.certificates.settling import rivals_of
from uketori.intermediaries.models import CertificateClaim
from uketori.rules.policy import BureauPolicy


class AddressObstacle(StrEnum):
    """Why an address cannot become this person's."""

    SAME = "same"
    FULL = "full"
    THERE_ALREADY = "there_already"
    RIVAL = "rival"
    LEFT = "left"
    """The claim was ended, or went to another address since the link was asked for."""
    TOO_OFTEN = "too_often"


class NotMoved(Exception):
    """The address stays as it is; ``why`` has its sentence in the view."""

    def __init__(self, why: AddressObstacle) -> None:
        super().__init__(why.value)
        self.why = why


def why_not(
    claim: CertificateClaim, new_address: str, policy: BureauPolicy, *, is_seen: bool = False
) -> AddressObstacle | None:
    """Return why the person cannot go to this address, or None.

    A number that another person has shown at the counter says nothing on the telephone: there only
    the certificate itself decides.  A claim that nobody has proved stands in nobody's way.
    """
    if claim.ended_at is not None:
        return AddressObstacle.LEFT
    if claim.mail_address.address == new_address:
        return AddressObstacle.SAME
    moved = claims_going_along(claim)
    there = CertificateClaim.objects.filter(
        mail_address__bureau=policy.code, mail_address__address=new_address, ended_at=None
    )
    if there.filter(certificate__in=[one.certificate_id for one in moved]).exists():
        return AddressObstacle.THERE_ALREADY
    people = set(there.values_list("intermediary", flat=True)) | {claim.intermediary_id}
    if len(people) > policy.max_certificates_per_address:
        return AddressObstacle.FULL
    if not is_seen and any(rival.proved_at for one in moved for rival in rivals_of(one)):
        return AddressObstacle.RIVAL
    return None


def claims_going_along(claim: CertificateClaim) -> list[CertificateClaim]:
    """Return every open claim of the person at the same address, this one among them."""
    same = CertificateClaim.objects.filter(
        intermediary=claim.intermediary_id, mail_address=claim.mail_address_id, ended_at=None
    )
    return list(same.select_related("certificate").order_by("pk"))
