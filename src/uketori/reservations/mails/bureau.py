"""The mails by which the bureau tells what it did, heard or found.  R-30, R-40, R-42."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from uketori import japanese
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.registry import Outcome, renderer
from uketori.reservations.confirmation.ledger import ledger_of
from uketori.reservations.mails.telling import (
    AHEAD_EVENTS,
    CANCELLED_BY_BUREAU_EVENT,
    MARK_TAKEN_BACK_EVENT,
    MOVED_BY_BUREAU_EVENT,
    NOT_READY_EVENT,
    NUMBER_UNKNOWN_EVENT,
    TAKEN_OUT_EVENT,
    BureauReason,
    CallResult,
    was_told_since,
)
from uketori.reservations.mails.words import (
    NOT_READY_TEMPLATE,
    is_off,
    of_cases,
    of_live,
    of_none_ready,
    old_hour,
    rendered_of,
    reservation_of,
)
from uketori.reservations.models import CaseChangeKind, Reservation, ReservedCase
from uketori.reservations.visits.taken_out_words import told
from uketori.rules.taking_out import NotHere

REASON_WORDS = {
    BureauReason.CLOSURE: _("臨時に閉庁するためです。"),
    BureauReason.FAULT: _("システムの障害のためです。"),
    BureauReason.OTHER: _("当局の都合によるものです。"),
    BureauReason.NOT_HERE: _("案件がすべて、この窓口でお渡しするものではなかったためです。"),
}


@renderer(CANCELLED_BY_BUREAU_EVENT)
def cancelled_by_bureau(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Say that the bureau cancelled, why, and that it counts against nobody."""
    if because := mail.facts.get("because"):
        return _of_cancelled(
            mail,
            "reservations/mail/reservation_not_here.txt",
            reason=_reason(mail),
            **_why(NotHere(because), mail),
        )
    return _of_cancelled(
        mail, "reservations/mail/reservation_cancelled_by_bureau.txt", reason=_reason(mail)
    )


@renderer(TAKEN_OUT_EVENT)
def taken_out(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Say which cases the bureau took out, why and what to do, and what is left now.

    No later mail says it instead, so this one leaves whatever came after.
    """
    reservation = reservation_of(mail)
    gone = reservation.changes.filter(revision=mail.revision, kind=CaseChangeKind.TAKEN_OUT)
    if not gone:
        return None
    return rendered_of(
        reservation,
        "reservations/mail/case_taken_out.txt",
        taken_out=ledger_of(reservation, revision=mail.revision),
        is_cancelled=reservation.cancelled_at is not None,
        **_why(NotHere(gone[0].because), mail),
    )


@renderer(MOVED_BY_BUREAU_EVENT)
def moved_by_bureau(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Say the old hour, and everything of the new one."""
    return of_live(
        mail,
        "reservations/mail/reservation_moved_by_bureau.txt",
        reason=_reason(mail),
        old=old_hour(mail),
    )


@renderer(CallResult.CANCELLED)
def telephone_cancelled(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Say that the call was noted as a cancellation after the deadline."""
    return _of_cancelled(mail, "reservations/mail/telephone_cancelled.txt", call=_call(mail))


@renderer(CallResult.CHANGED)
def telephone_changed(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Say what the reservation holds after the call."""
    return of_live(mail, "reservations/mail/telephone_changed.txt", call=_call(mail))


@renderer(CallResult.LATE)
def telephone_late(mail: OutgoingMail, _at: datetime) -> Outcome:
    """Say until when the reservation can be used; nothing once it is off or of another hour."""
    reservation = reservation_of(mail)
    if is_off(reservation):
        return None
    if reservation.hour_changes.filter(revision__gt=mail.revision).exists():
        return MailState.SUPERSEDED
    return rendered_of(reservation, "reservations/mail/telephone_late.txt", call=_call(mail))


@renderer(NOT_READY_EVENT)
def not_ready(mail: OutgoingMail, at: datetime) -> Outcome:
    """Say for which cases it is not worth coming."""
    return _of_cases(mail, at, NOT_READY_TEMPLATE)


@renderer(NUMBER_UNKNOWN_EVENT)
def number_unknown(mail: OutgoingMail, at: datetime) -> Outcome:
    """Say which numbers no application has."""
    return _of_cases(mail, at, "reservations/mail/case_number_unknown.txt")


@renderer(MARK_TAKEN_BACK_EVENT)
def mark_taken_back(mail: OutgoingMail, at: datetime) -> Outcome:
    """Say for which cases one may come after all; nothing where no mail had said otherwise."""
    if not was_told_since(mail):
        return None
    return _of_cases(mail, at, "reservations/mail/case_mark_taken_back.txt")


def _of_cancelled(mail: OutgoingMail, template: str, **context: object) -> Outcome:
    reservation = reservation_of(mail)
    if reservation.cancelled_at is None:
        return None
    return rendered_of(reservation, template, **context)


def _of_cases(mail: OutgoingMail, at: datetime, template: str) -> Outcome:
    """Tell of the cases that still stand as they stood; nothing when there is none left.

    Where by now no case at all is ready, the mail tells of all: nobody comes for the others.
    """
    reservation = reservation_of(mail)
    if is_off(reservation) or at >= reservation.starts_at:
        return None
    cases = _untouched(reservation, mail)
    if not cases:
        return MailState.SUPERSEDED
    all_at_once = of_none_ready(reservation, at) if template == NOT_READY_TEMPLATE else None
    return all_at_once or of_cases(reservation, cases, template, at)


def _untouched(reservation: Reservation, mail: OutgoingMail) -> list[ReservedCase]:
    """Return the cases of the mail that bear its mark, or none now, and were not touched since."""
    since = reservation.changes.filter(revision__gt=mail.revision).values("case")
    cases = reservation.cases.filter(
        pk__in=mail.facts["cases"], withdrawn_at=None, ahead_mark=AHEAD_EVENTS.get(mail.event, "")
    )
    return list(cases.exclude(pk__in=since).order_by("order"))


def _why(because: NotHere, mail: OutgoingMail) -> dict[str, str]:
    sentence, next_step = told(because, reservation_of(mail).made_under)
    return {"sentence": sentence, "next_step": next_step}


def _reason(mail: OutgoingMail) -> str:
    return str(REASON_WORDS[BureauReason(mail.facts["reason"])])


def _call(mail: OutgoingMail) -> str:
    """Say when it was called."""
    called_at = datetime.fromisoformat(mail.facts["called_at"])
    return japanese.moment_words(called_at, reservation_of(mail).made_under.tz)
