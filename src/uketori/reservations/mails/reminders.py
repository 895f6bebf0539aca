"""Reminding of visits: each reminder of a visit once, and only while it is true.  D21."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from uketori.bureaus.calendar import facts_at
from uketori.bureaus.policies import bureau_codes
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Outcome, job, renderer
from uketori.reservations.mails.words import is_off, of_none_ready, rendered_of, reservation_of
from uketori.reservations.models import ENDINGS, Reservation
from uketori.rules.calendar import CalendarFacts
from uketori.rules.reminders import ExpectedVisit, Reminder, due_reminders, ends_at, may_remind

log = logging.getLogger(__name__)

EVENT_OF = {Reminder.FIRST: "reminder_first", Reminder.SECOND: "reminder_second"}
LOOK_EVERY = timedelta(minutes=1)


@job("remind", every=LOOK_EVERY)
def remind(at: datetime) -> None:
    """Enqueue the reminders that are due, at every bureau."""
    told = sum(remind_bureau(code, at) for code in bureau_codes())
    if told:
        log.info("reminders: %s enqueued", told)


def remind_bureau(code: str, at: datetime) -> int:
    """Enqueue what is due and was not told yet; return how many.

    Looking first only saves work: that a reminder is told once, the database sees to.
    """
    wanted = {_name(one, which): (one, which) for one, which in _due(facts_at(code, at), at)}
    told = OutgoingMail.objects.filter(once__in=wanted).values_list("once", flat=True)
    missing = wanted.keys() - set(told)
    return sum(
        tell(reservation=wanted[name][0], reminder=wanted[name][1], at=at) for name in missing
    )


def tell(*, reservation: Reservation, reminder: Reminder, at: datetime) -> bool:
    """Enqueue one reminder; False if another worker was quicker."""
    try:
        with transaction.atomic():
            enqueue(
                bureau=reservation.bureau,
                event=EVENT_OF[reminder],
                subject_id=reservation.reference,
                revision=reservation.revision,
                recipient=reservation.mail_address.address,
                at=at,
                not_after=ends_at(reminder, visit_of(reservation)),
                message_domain=reservation.made_under.mail_domain,
                once=_name(reservation, reminder),
            )
    except IntegrityError:
        return False
    return True


@renderer(EVENT_OF[Reminder.FIRST])
def first(mail: OutgoingMail, at: datetime) -> Outcome:
    """Say until when and how the place can be given back."""
    return _of_coming(mail, Reminder.FIRST, at, "reservations/mail/reminder_first.txt")


@renderer(EVENT_OF[Reminder.SECOND])
def second(mail: OutgoingMail, at: datetime) -> Outcome:
    """Say what to bring, when, and whom to call."""
    return _of_coming(mail, Reminder.SECOND, at, "reservations/mail/reminder_second.txt")


def visit_of(reservation: Reservation) -> ExpectedVisit:
    """Return the reservation as the rules of reminding see it."""
    moved = [one.moved_at for one in reservation.hour_changes.all()]
    return ExpectedVisit(
        starts_at=reservation.starts_at,
        arranged_at=max(moved, default=reservation.booked_at),
        closes_at=reservation.change_closes_at,
    )


def _of_coming(mail: OutgoingMail, reminder: Reminder, at: datetime, template: str) -> Outcome:
    """Render the live row; nothing for a visit that is off, begun, over, or on another day now.

    Where not one case can be issued yet, nobody is told to come: the reminder says so again.
    """
    reservation = reservation_of(mail)
    if is_off(reservation) or mail.once != _name(reservation, reminder):
        return None
    if not may_remind(reminder, visit_of(reservation), at, facts_at(mail.bureau, at)):
        return None
    return of_none_ready(reservation, at) or rendered_of(reservation, template)


def _due(facts: CalendarFacts, at: datetime) -> Iterator[tuple[Reservation, Reminder]]:
    """Yield what should have been told by now, told or not (in two queries)."""
    coming = Reservation.objects.filter(
        bureau=facts.policy.code,
        visit_day__gte=at.astimezone(facts.policy.tz).date(),
        arrived_at=None,
        **dict.fromkeys(ENDINGS),
    )
    coming = coming.select_related("mail_address").prefetch_related("hour_changes")
    for reservation in coming.order_by("starts_at", "pk"):
        for reminder in due_reminders(visit_of(reservation), at, facts):
            yield reservation, reminder


def _name(reservation: Reservation, reminder: Reminder) -> str:
    """Name the reminder of this visit: one that the bureau moved to another day has its own."""
    return f"reminder {reservation.reference} {reservation.visit_day} {reminder.value}"
