"""A new mail address for whoever calls or comes to the counter: who they are, then the act.  D03.

A supervisor does it.  The link goes to the address that is asked for, so it proves a mailbox and
no person: what keeps a stranger out is the number read back, a second pair of eyes, and the mail
to the old address.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from uketori.intermediaries.address.by_staff import (
    MoveReason,
    ask_for,
    move_at_counter,
)
from uketori.intermediaries.models import AddressChange, CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.certificate_number import certificate_key
from uketori.staff.access import Staff


class Way(StrEnum):
    """How it is known who asks."""

    TELEPHONE = "telephone"
    COUNTER = "counter"


class Unknown(StrEnum):
    """Why it is not known who asks."""

    NUMBER = "number"
    NOT_SEEN = "not_seen"


class NotKnown(Exception):
    """Whoever asks is not known to be this person."""

    def __init__(self, why: Unknown) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class MoveRequest:
    """What was asked for, and with what."""

    way: Way
    number: str
    """Of the certificate, as read back or as it stands there."""
    address: str
    reason: MoveReason


def move_for(*, staff: Staff, claim: CertificateClaim, wanted: MoveRequest) -> AddressChange:
    """Move at once, or mail the link that moves; raises ``NotKnown`` or ``NotMoved``.

    Any certificate of the person says who they are: a renewed one, too.
    """
    if (
        not _of_the_person(claim)
        .filter(certificate__number_key=certificate_key(wanted.number))
        .exists()
    ):
        raise NotKnown(Unknown.NUMBER)
    if wanted.way is Way.COUNTER and not is_seen_today(claim, staff):
        raise NotKnown(Unknown.NOT_SEEN)
    act = move_at_counter if wanted.way is Way.COUNTER else ask_for
    return act(
        claim=claim,
        new_address=wanted.address,
        reason=wanted.reason,
        policy=staff.policy,
        actor=staff.actor,
        at=staff.at,
    )


def _of_the_person(claim: CertificateClaim) -> QuerySet[CertificateClaim]:
    return CertificateClaim.objects.filter(intermediary=claim.intermediary_id, ended_at=None)


def is_seen_today(claim: CertificateClaim, staff: Staff) -> bool:
    """Tell whether a certificate of the person is proved, and they were at the counter today."""
    tz, person = staff.policy.tz, claim.intermediary_id
    today = staff.at.astimezone(tz).date()
    mine = _of_the_person(claim)
    proved = [one.proved_at.astimezone(tz).date() for one in mine if one.proved_at is not None]
    if today in proved:
        return True
    arrived = Reservation.objects.filter(
        intermediary=person, visit_day=today, arrived_at__isnull=False, cancelled_at=None
    )
    return bool(proved) and arrived.exists()
