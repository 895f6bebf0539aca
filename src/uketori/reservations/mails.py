"""The mails of reservations, rendered from the committed row when they leave.  R-19, 利用案内 5."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from uketori.intermediaries.mails import rendered
from uketori.outbox.models import OutgoingMail
from uketori.outbox.register import Rendered, job, renderer
from uketori.reservations.booking import BOOKED_EVENT
from uketori.reservations.confirmation import confirmation
from uketori.reservations.drafts import forget_old_drafts
from uketori.reservations.models import Reservation


@renderer(BOOKED_EVENT)
def booked(mail: OutgoingMail, _at: datetime) -> Rendered | None:
    """Render the confirmation; its body alone can be shown at the counter.  It holds no secret."""
    reservation = (
        Reservation.objects.live()
        .select_related("claim__certificate")
        .filter(reference=mail.subject_id)
        .first()
    )
    if reservation is None:
        return None
    cases = list(reservation.cases.filter(withdrawn_at=None).order_by("order"))
    words = confirmation(reservation, cases)
    entry = reverse("entry:start", kwargs={"bureau": reservation.bureau})
    return rendered(
        "reservations/mail/reservation_booked.txt",
        words.policy,
        {"words": words, "entry": f"{settings.SITE_URL}{entry}"},
    )


@job("forget_drafts", every=timedelta(hours=1))
def forget_drafts(at: datetime) -> None:
    """Delete drafts that are over.  D23."""
    forget_old_drafts(at)
