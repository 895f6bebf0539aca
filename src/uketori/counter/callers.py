"""Who a caller is: a holder the bureau knows, or one who is entered by telephone.  D03, R-29."""

import unicodedata
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from uketori.audit.record import record
from uketori.counter.board import name_key
from uketori.intermediaries.holders import Person, claim_for
from uketori.intermediaries.models import CertificateClaim, MailAddress
from uketori.rules.certificate_number import certificate_key
from uketori.rules.eligibility import HolderFacts
from uketori.staff.access import Staff

MOST = 20
LONGEST = 200
FOUND_KIND = "holder_opened"


def find_claims(typed: str, staff: Staff) -> list[CertificateClaim]:
    """Return whom a certificate, a mail address or a name means, at most twenty."""
    words = unicodedata.normalize("NFKC", typed[:LONGEST]).replace("\x00", "").strip()
    wanted = name_key(words)
    if not wanted:
        return []
    rows = open_claims_of(staff)
    exact = list(rows.filter(certificate__number_key=certificate_key(words))[:MOST])
    exact += list(rows.filter(mail_address__address=words.lower())[:MOST])
    names = rows.values_list("pk", "intermediary__name", "intermediary__name_kana")
    same = [pk for pk, *known in names if any(wanted in name_key(one) for one in known)]
    found = {one.pk: one for one in [*exact, *rows.filter(pk__in=same[:MOST])]}
    return list(found.values())[:MOST]


def claim_at(staff: Staff, claim_id: int) -> CertificateClaim:
    """Return the bureau's open claim; another bureau's is not there."""
    found = open_claims_of(staff).filter(pk=claim_id).first()
    if found is None:
        raise Http404
    return found


def record_holder_opening(staff: Staff, claim: CertificateClaim) -> None:
    """Record that somebody looked at a person without a reservation before them."""
    record(
        bureau=staff.policy.code,
        kind=FOUND_KIND,
        actor=staff.actor,
        subject=f"claim:{claim.pk}",
        at=staff.at,
    )


@transaction.atomic(durable=True)
def enter_caller(
    *, staff: Staff, address: str, person: Person, holder: HolderFacts, number: str, at: datetime
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
    )


def open_claims_of(staff: Staff) -> QuerySet[CertificateClaim]:
    """Return the claims of the bureau that stand, the newest first."""
    rows = CertificateClaim.objects.filter(certificate__bureau=staff.policy.code, ended_at=None)
    return rows.select_related("certificate", "intermediary", "mail_address").order_by("-pk")
