"""The mails of reservations, rendered from the committed row when they leave.  R-19, 利用案内 5."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from uketori.intermediaries.mails import rendered
from uketori.outbox.history import is_superseded
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.register import Outcome, Rendered, job, renderer
from uketori.reservations.booking import BOOKED_EVENT
from uketori.reservations.cancelling import CANCELLED_EVENT
from uketori.reservations.changing import CHANGED_EVENT
from uketori.reservations.confirmation import confirmation
from uketori.reservations.drafts import forget_old_drafts
from uketori.reservations.models import Reservation


@renderer(BOOKED_EVENT)
def booked(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Render the confirmation; its body alone can be shown at the counter.  It holds no secret."""
    return _of_live(mail, "reservations/mail/reservation_booked.txt")


@renderer(CHANGED_EVENT)
def changed(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Render the newest state."""
    return _of_live(mail, "reservations/mail/reservation_changed.txt")


@renderer(CANCELLED_EVENT)
def cancelled(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Say that the reservation is no more."""
    reservation = _reservation(mail)
    return _rendered(reservation, "reservations/mail/reservation_cancelled.txt")


def _of_live(mail: OutgoingMail, template: str) -> Outcome:
    """Render what is true now, unless a newer mail says it; after a cancellation, that."""
    if is_superseded(mail):
        return MailState.SUPERSEDED
    reservation = _reservation(mail)
    if reservation.cancelled_at is not None:
        template = "reservations/mail/reservation_cancelled.txt"
    return _rendered(reservation, template)


def _reservation(mail: OutgoingMail) -> Reservation:
    return Reservation.objects.select_related("claim__certificate").get(reference=mail.subject_id)


def _rendered(reservation: Reservation, template: str) -> Rendered:
    cases = list(reservation.cases.filter(withdrawn_at=None).order_by("order"))
    words = confirmation(reservation, cases)
    entry = reverse("entry:start", kwargs={"bureau": reservation.bureau})
    return rendered(
        template, words.policy, {"words": words, "entry": f"{settings.SITE_URL}{entry}"}
    )


@job("forget_drafts", every=timedelta(hours=1))
def forget_drafts(at: datetime) -> None:
    """Delete drafts that are over.  D23."""
    forget_old_drafts(at)
