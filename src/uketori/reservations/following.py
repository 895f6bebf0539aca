"""Reservations and drafts follow their person to another address or certificate.  D03."""

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from uketori.intermediaries.hooks import Follower, register_exporter, register_follower
from uketori.intermediaries.models import CertificateClaim, Intermediary, MailAddress
from uketori.outbox.models import MailState, OutgoingMail
from uketori.reservations.export import drafts_of, reservations_of
from uketori.reservations.models import Draft, Reservation
from uketori.reservations.visits.expiry_words import visits_after_expiry


def to_address(old: MailAddress, new: MailAddress, _at: datetime) -> None:
    """Move reservations, drafts, and the mails about reservations that still wait."""
    _move(Reservation.objects.filter(mail_address=old), old, new)
    Draft.objects.filter(mail_address=old).update(mail_address=new)


def person_to_address(person: Intermediary, old: MailAddress, new: MailAddress) -> None:
    """Move the same of one person; drafts for which nobody was chosen stay."""
    _move(Reservation.objects.filter(mail_address=old, intermediary=person), old, new)
    drafts = Draft.objects.filter(mail_address=old, claim__intermediary=person)
    drafts.update(mail_address=new)


def empty(old: MailAddress, new: MailAddress | None) -> None:
    """Move drafts for which nobody was chosen, or delete them; nobody is left to be asked."""
    drafts = Draft.objects.filter(Q(claim=None) | Q(claim__ended_at__isnull=False))
    if new is None:
        drafts.filter(mail_address=old).delete()
    else:
        drafts.filter(mail_address=old).update(mail_address=new)


def pages_of(person: Intermediary) -> list[str]:
    """Return the page of each reservation; those of its forms begin with it."""
    return [
        reverse("reservations:show", kwargs={"bureau": person.bureau, "reference": one})
        for one in person.reservations.values_list("reference", flat=True)
    ]


def to_claim(old: CertificateClaim, new: CertificateClaim) -> None:
    """Let drafts be booked with the renewed certificate; what is booked keeps its own."""
    _give(Draft.objects.filter(claim=old), new)


def is_booked(claim: CertificateClaim) -> bool:
    """Return whether the claim was ever booked with, however that ended."""
    return Reservation.objects.filter(claim=claim).exists()


def let_go(claim: CertificateClaim) -> None:
    """Leave the drafts to the person's other certificate here, or to whoever comes instead."""
    others = CertificateClaim.objects.filter(
        intermediary=claim.intermediary_id, mail_address=claim.mail_address_id, ended_at=None
    ).exclude(pk=claim.pk)
    _give(Draft.objects.filter(claim=claim), others.order_by("-pk").first())


def adopt(claim: CertificateClaim) -> None:
    """Give drafts of nobody to the holder that was just entered, if nobody else is here.

    Beside colleagues it is not clear who comes: that is asked when the draft is opened.
    """
    colleagues = CertificateClaim.objects.filter(
        mail_address=claim.mail_address_id, ended_at=None
    ).exclude(intermediary=claim.intermediary_id)
    if not colleagues.exists():
        _give(Draft.objects.filter(mail_address=claim.mail_address_id, claim=None), claim)


FOLLOWER = Follower(
    to_address=to_address,
    person_to_address=person_to_address,
    empty=empty,
    pages_of=pages_of,
    to_claim=to_claim,
    is_booked=is_booked,
    let_go=let_go,
    adopt=adopt,
    after_expiry=visits_after_expiry,
)


def _give(drafts: QuerySet[Draft], claim: CertificateClaim | None) -> None:
    """Put another claim into drafts; who is about to confirm one is told that it changed."""
    drafts.update(claim=claim, revision=F("revision") + 1)


def _move(moved: QuerySet[Reservation], old: MailAddress, new: MailAddress) -> None:
    OutgoingMail.objects.filter(
        bureau=old.bureau,
        recipient=old.address,
        state=MailState.WAITING,
        subject_id__in=moved.values("reference"),
    ).update(recipient=new.address)
    moved.update(mail_address=new)


def register() -> None:
    """Hang reservations and drafts on addresses and claims, and their parts on the export."""
    register_follower("reservations", FOLLOWER)
    register_exporter("reservations", reservations_of)
    register_exporter("drafts", drafts_of)
