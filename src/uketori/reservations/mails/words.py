"""What the mails about reservations share: the live row, in the words of its confirmation."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from uketori import japanese, refusal_texts
from uketori.intermediaries.rendering import rendered
from uketori.outbox.history import is_superseded
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.registry import Outcome, Rendered
from uketori.reservations.cases.words import case_facts, case_words
from uketori.reservations.confirmation.ledger import ledger_of
from uketori.reservations.confirmation.words import confirmation
from uketori.reservations.models import ENDINGS, Reservation, ReservedCase
from uketori.reservations.visits.ahead_words import marks_of

CANCELLED_TEMPLATE = "reservations/mail/reservation_cancelled.txt"
NOT_READY_TEMPLATE = "reservations/mail/case_not_ready.txt"


def old_hour(mail: OutgoingMail) -> str:
    """Say the hour from which the reservation was moved."""
    policy = reservation_of(mail).made_under
    old = datetime.fromisoformat(mail.facts["old_starts_at"])
    return japanese.slot_words(old, policy.slot_minutes, policy.tz)


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


def of_cases(
    reservation: Reservation, cases: Sequence[ReservedCase], template: str, at: datetime
) -> Rendered:
    """Render what is to be said of these cases, some of the reservation's or all."""
    policy = reservation.made_under
    return rendered_of(
        reservation,
        template,
        affected=[case_words(case_facts(case), policy) for case in cases],
        all_of_them=len(cases) == reservation.live_case_count,
        is_open=at < reservation.change_closes_at,
        number_papers=refusal_texts.numbers_of(policy)["number_papers"],
    )


def of_none_ready(reservation: Reservation, at: datetime) -> Rendered | None:
    """Ask not to come where not one case can be issued yet; None where any can."""
    cases = standing_cases(reservation)
    if not marks_of(cases).none_ready:
        return None
    return of_cases(reservation, cases, NOT_READY_TEMPLATE, at)


def standing_cases(reservation: Reservation) -> list[ReservedCase]:
    """Return the cases that were not taken out, in order."""
    return list(reservation.cases.filter(withdrawn_at=None).order_by("order"))


def rendered_of(reservation: Reservation, template: str, **context: object) -> Rendered:
    """Render the template with the words of the confirmation, and the way to one's reservations."""
    words = confirmation(reservation, standing_cases(reservation))
    entry = reverse("entry:start", kwargs={"bureau": reservation.bureau})
    return rendered(
        template, words.policy, {"words": words, "entry": f"{settings.SITE_URL}{entry}", **context}
    )
