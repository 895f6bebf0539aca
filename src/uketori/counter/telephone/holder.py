"""A caller who is entered as a holder on the telephone."""

from datetime import datetime

from django.db import transaction

from uketori.intermediaries.holders.act import PersonDetails, claim_for
from uketori.intermediaries.models import CertificateClaim, MailAddress
from uketori.rules.eligibility import HolderFacts
from uketori.staff.access import Staff


@transaction.atomic(durable=True)
def enter_caller(
    *,
    staff: Staff,
    address: str,
    person: PersonDetails,
    holder: HolderFacts,
    number: str,
    at: datetime,
) -> CertificateClaim:
    """Record the caller as the form of the public does, or raise ``Refused``.

    The address was read back on the telephone instead of proved by a link: whoever holds the
    mailbox may enter with it later, as with any other.
    """
    mail_address, _made = MailAddress.objects.get_or_create(
        bureau=staff.policy.code, address=address, defaults={"proved_at": at}
    )
    return claim_for(
        policy=staff.policy,
        mail_address=mail_address,
        person=person,
        holder=holder,
        number=number,
        actor=staff.actor,
        at=at,
        by_staff=True,
    )
