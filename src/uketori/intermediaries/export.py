"""Everything held about the people of one address, as JSON.  D03, D23.

Names are those of the code (``docs/glossary.md``), moments ISO with their offset; beside a code
``…_in_words`` says it as the pages do.
"""

import json
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from uketori.intermediaries.hooks import exported_parts
from uketori.intermediaries.masking import masked
from uketori.intermediaries.models import (
    AddressChange,
    CertificateClaim,
    Intermediary,
    MailAddress,
    Suspension,
)
from uketori.intermediaries.suspension.mails import GROUND_WORDS, Ground
from uketori.outbox.models import OutgoingMail


def export_of(mail_address: MailAddress, at: datetime) -> dict[str, Any]:
    """Return JSON-ready values: no token, seed or key, and nothing of any other address."""
    return {
        "exported_at": at.isoformat(),
        "bureau": mail_address.bureau,
        "mail_address": {
            "address": mail_address.address,
            "proved_at": mail_address.proved_at.isoformat(),
        },
        "holders": _holders(mail_address),
        "suspensions": _suspensions(mail_address),
        "claim_requests": _claim_requests(mail_address),
        "address_changes": _address_changes(mail_address),
        "sessions": _sessions(mail_address),
        "mails": _mails(mail_address),
        "typed_and_not_sent": _kept_inputs(mail_address),
        **exported_parts(mail_address),
    }


def moment(value: datetime | None) -> str | None:
    """Return a moment as JSON carries it."""
    return value.isoformat() if value else None


def people_of(mail_address: MailAddress) -> QuerySet[Intermediary]:
    """Return the people whose data this address may be told as they stand now.

    It speaks for them, or did so last.  Whoever is spoken for elsewhere after this address let go
    is told to nobody here: what stands in the row by now may have been written there.
    """
    claims = CertificateClaim.objects.filter(intermediary=OuterRef("pk"))
    mine = claims.filter(mail_address=mail_address)
    let_go = mine.filter(ended_at__isnull=False).order_by("-ended_at").values("ended_at")[:1]
    later = Q(ended_at=None) | Q(ended_at__gte=OuterRef("let_go_at"))
    elsewhere = claims.exclude(mail_address=mail_address).filter(later)
    known = Intermediary.objects.filter(Exists(mine)).annotate(let_go_at=Subquery(let_go))
    return known.filter(Exists(mine.filter(ended_at=None)) | ~Exists(elsewhere))


def _holders(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return each person with what was entered here of the certificates."""
    claims = mail_address.claims.select_related("intermediary", "certificate").order_by("pk")
    told = {person.pk for person in people_of(mail_address)}
    people: dict[int, list[CertificateClaim]] = {}
    for claim in claims:
        people.setdefault(claim.intermediary_id, []).append(claim)
    return [
        {
            **(_person(mine[0].intermediary) if pk in told else {}),
            "ended_at": _ended_at(mine),
            "certificates": [_certificate(claim) for claim in mine],
        }
        for pk, mine in people.items()
    ]


def _person(person: Intermediary) -> dict[str, Any]:
    return {
        "kind": person.kind,
        "name": person.name,
        "name_kana": person.name_kana,
        "organisation": person.organisation,
        "phone": person.phone,
        "entered_at": moment(person.entered_at),
    }


def _ended_at(claims: list[CertificateClaim]) -> str | None:
    """Return when the last claim of a person ended; None while this address speaks for them."""
    ends = [claim.ended_at for claim in claims if claim.ended_at is not None]
    return moment(max(ends)) if len(ends) == len(claims) else None


def _suspensions(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return every suspension, also one that is over or was lifted.  利用案内 6(4)."""
    rows = Suspension.objects.filter(intermediary__in=people_of(mail_address).values("pk"))
    return [
        {
            "name": one.intermediary.name,
            "first_day": one.first_day.isoformat(),
            "last_day": one.last_day.isoformat(),
            "grounds": one.grounds,
            "grounds_in_words": [str(GROUND_WORDS[Ground(ground)]) for ground in one.grounds],
            "evidence": one.evidence,
            "reason": one.reason,
            "decided_at": moment(one.decided_at),
            "lifted_at": moment(one.lifted_at),
        }
        for one in rows.select_related("intermediary").order_by("pk")
    ]


def _certificate(claim: CertificateClaim) -> dict[str, Any]:
    return {
        "kind": claim.certificate.kind,
        "number": claim.number,
        "expires_on": claim.expires_on.isoformat(),
        "claimed_at": moment(claim.claimed_at),
        "proved_at": moment(claim.proved_at),
        "ended_at": moment(claim.ended_at),
    }


def _claim_requests(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return what was asked from here; who is asked stays unsaid."""
    return [
        {
            "name": one.name,
            "number": one.number,
            "expires_on": one.expires_on.isoformat(),
            "requested_at": moment(one.requested_at),
            "granted_at": moment(one.granted_at),
            "declined_at": moment(one.declined_at),
        }
        for one in mail_address.claim_requests.order_by("pk")
    ]


def _address_changes(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return what was asked for from here, and by the staff for the people of this address."""
    own = Q(mail_address=mail_address, claim=None)
    rows = AddressChange.objects.filter(own | Q(claim__mail_address=mail_address))
    return [
        {
            "new_address": one.new_address
            if one.claim_id is None or one.new_address == mail_address.address
            else masked(one.new_address),
            "requested_at": moment(one.requested_at),
            "proved_at": moment(one.spent_at),
            "by_bureau": one.claim_id is not None,
        }
        for one in rows.order_by("pk")
    ]


def _sessions(mail_address: MailAddress) -> list[dict[str, Any]]:
    return [
        {
            "began_at": moment(one.spent_at),
            "last_seen_at": moment(one.last_seen_at),
            "ended_at": moment(one.ended_at),
        }
        for one in mail_address.proofs.order_by("pk")
    ]


def _mails(mail_address: MailAddress) -> list[dict[str, Any]]:
    rows = OutgoingMail.objects.filter(
        bureau=mail_address.bureau, recipient=mail_address.address
    ).order_by("pk")
    return [
        {
            "event": one.event,
            "state": one.state,
            "enqueued_at": moment(one.enqueued_at),
            "sent_at": moment(one.sent_at),
        }
        for one in rows
    ]


def _kept_inputs(mail_address: MailAddress) -> list[dict[str, Any]]:
    return [
        {"page": one.page, "kept_at": moment(one.kept_at), "typed": json.loads(one.content)}
        for one in mail_address.kept_inputs.order_by("pk")
    ]
