"""Keeping drafts: saved with every POST, seven days after the last touch.  D13, D23."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef

from uketori.intermediaries.models import CertificateClaim, MailAddress
from uketori.reservations.cases.typed import DraftContent, DraftRow
from uketori.reservations.models import Draft, Reservation
from uketori.reservations.visits.again import booked_again
from uketori.rules.drafts import MOST_DRAFTS, refuse_draft
from uketori.rules.refusals import Refused


def find_draft(mail_address: MailAddress, key: UUID) -> Draft | None:
    """Return the draft of this address, with its holder (one query).

    A holder whose claim has ended since is a holder no more: ``claim`` is None then.
    """
    found = (
        Draft.objects.select_related("claim__intermediary", "claim__certificate")
        .filter(mail_address=mail_address, key=key)
        .first()
    )
    if found is not None and found.claim is not None and found.claim.ended_at is not None:
        found.claim = None
    return found


def drafts_of(mail_address: MailAddress) -> list[Draft]:
    """Return the drafts that were not booked, the last touched first."""
    booked = Reservation.objects.filter(idempotency_key=OuterRef("key"))
    return list(
        mail_address.drafts.filter(~Exists(booked))
        .select_related("claim__intermediary")
        .order_by("-touched_at")
    )


def drafts_for(mail_address: MailAddress, claim: CertificateClaim | None) -> list[Draft]:
    """Return those of one person, whichever certificate they come with; or those of nobody."""
    person = claim.intermediary_id if claim else None
    return [
        one
        for one in drafts_of(mail_address)
        if (one.claim.intermediary_id if one.claim else None) == person
    ]


@transaction.atomic
def save_draft(
    *,
    mail_address: MailAddress,
    key: UUID,
    claim: CertificateClaim | None,
    content: DraftContent,
    at: datetime,
    most: int = MOST_DRAFTS,
) -> Draft | None:
    """Save what was typed under this key; None if the key belongs to somebody else.

    Raises ``Refused`` where a new one would be one too many of this person.
    A key that was booked already is spent: the content goes under a new one, so that a second tab
    loses nothing and changes nothing that is booked.
    """
    # one address saves one draft after another: the same new form twice at once is one draft
    MailAddress.objects.select_for_update(no_key=True).get(pk=mail_address.pk)
    if Reservation.objects.filter(idempotency_key=key).exists():
        key = uuid4()
    draft = Draft.objects.filter(key=key, mail_address=mail_address).first()
    if draft is not None:
        return _rewrite(draft, claim, content, at)
    if Draft.objects.filter(key=key).exists():
        return None
    kept = len(drafts_for(mail_address, claim))
    if refused := refuse_draft(kept, most=most):
        raise Refused(refused)
    return Draft.objects.create(
        key=key,
        bureau=mail_address.bureau,
        mail_address=mail_address,
        claim=claim,
        content=content.to_json(),
        touched_at=at,
    )


def _rewrite(
    draft: Draft, claim: CertificateClaim | None, content: DraftContent, at: datetime
) -> Draft:
    """Save over the draft; its revision moves only if something is different."""
    text = content.to_json()
    if text != draft.content or claim != draft.claim:
        draft.revision += 1
    draft.content, draft.claim, draft.touched_at = text, claim, at
    draft.save(update_fields=["content", "claim", "touched_at", "revision"])
    return draft


def content_again(reservation: Reservation) -> DraftContent:
    """Return the cases of an earlier reservation to book again, without a day."""
    rows = (
        DraftRow(case.number, case.type, case.category, case.with_reentry_permit)
        for case in booked_again(reservation)
    )
    return DraftContent(rows=tuple(rows))


@transaction.atomic
def draft_from_reservation(
    *,
    reservation: Reservation,
    mail_address: MailAddress,
    claim: CertificateClaim | None,
    at: datetime,
) -> Draft | None:
    """Make a new draft of the cases of an earlier reservation, without a day; None without any.

    After a visit these are the cases that were not issued.

    It belongs to the address that asks, which need not be the one the reservation was made at.
    Without ``claim`` it asks who comes when it is opened.
    Raises ``Refused`` as ``save_draft`` does.
    Pressed twice it is one draft: an untouched one of the same cases is returned.
    """
    content = content_again(reservation)
    if not content.rows:
        return None
    MailAddress.objects.select_for_update(no_key=True).get(pk=mail_address.pk)
    for draft in drafts_of(mail_address):
        if draft.claim == claim and draft.content == content.to_json():
            return draft
    return save_draft(mail_address=mail_address, key=uuid4(), claim=claim, content=content, at=at)
