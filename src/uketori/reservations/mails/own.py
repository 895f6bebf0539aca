"""The mails of reservations, rendered from the committed row when they leave.  R-19, 利用案内 5."""

from datetime import datetime

from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Outcome, renderer
from uketori.reservations.mails.telling import (
    BOOKED_EVENT,
    CANCELLED_EVENT,
    CHANGED_EVENT,
    RESCHEDULED_EVENT,
)
from uketori.reservations.mails.words import (
    CANCELLED_TEMPLATE,
    of_live,
    old_hour,
    rendered_of,
    reservation_of,
)


@renderer(BOOKED_EVENT)
def booked(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Render the confirmation; its body alone can be shown at the counter.  It holds no secret."""
    return of_live(mail, "reservations/mail/reservation_booked.txt")


@renderer(CHANGED_EVENT)
def changed(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Render the newest state, and what made it so."""
    return of_live(mail, "reservations/mail/reservation_changed.txt")


@renderer(RESCHEDULED_EVENT)
def rescheduled(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Say the hour that was given back, and everything of the new one.  D07."""
    return of_live(
        mail,
        "reservations/mail/reservation_rescheduled.txt",
        old=old_hour(mail),
    )


@renderer(CANCELLED_EVENT)
def cancelled(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Say that the reservation is no more."""
    return rendered_of(reservation_of(mail), CANCELLED_TEMPLATE)
