"""What the mails about reservations share: the live row, in the words of its confirmation."""

from django.conf import settings
from django.urls import reverse

from uketori.intermediaries.mails import rendered
from uketori.outbox.history import is_superseded
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.register import Outcome, Rendered
from uketori.reservations.confirmation import confirmation
from uketori.reservations.ledger import ledger_of
from uketori.reservations.models import ENDINGS, Reservation

CANCELLED_TEMPLATE = "reservations/mail/reservation_cancelled.txt"


def of_live(mail: OutgoingMail, template: str, **context: object) -> Outcome:
    """Render what is true now, unless a newer mail says it; after a cancellation, that."""
    if is_superseded(mail):
        return MailState.SUPERSEDED
    reservation = reservation_of(mail)
    if reservation.cancelled_at is not None:
        return rendered_of(reservation, CANCELLED_TEMPLATE)
    changes = ledger_of(reservation, revision=reservation.revision)
    return rendered_of(reservation, template, changes=changes, **context)


def reservation_of(mail: OutgoingMail) -> Reservation:
    """Return the row the mail is about, as it stands at this moment."""
    return Reservation.objects.select_related("claim__certificate").get(reference=mail.subject_id)


def is_off(reservation: Reservation) -> bool:
    """Tell whether nobody is waited for: cancelled, come, or missed."""
    return any(getattr(reservation, fact) for fact in (*ENDINGS, "arrived_at"))


def rendered_of(reservation: Reservation, template: str, **context: object) -> Rendered:
    """Render the template with the words of the confirmation, and the way to one's reservations."""
    cases = list(reservation.cases.filter(withdrawn_at=None).order_by("order"))
    words = confirmation(reservation, cases)
    entry = reverse("entry:start", kwargs={"bureau": reservation.bureau})
    return rendered(
        template, words.policy, {"words": words, "entry": f"{settings.SITE_URL}{entry}", **context}
    )
