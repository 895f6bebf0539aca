"""Enqueueing what there is to tell about a reservation, by the bureau above all.  R-30, R-40, R-42.

Each function is called inside the transaction of the act it tells of, after the row was written:
the mail is rendered from that row when it leaves.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.taking_out import NotHere
from uketori.rules.visit import AheadMark

RESCHEDULED_EVENT = "reservation_rescheduled"
CANCELLED_BY_BUREAU_EVENT = "reservation_cancelled_by_bureau"
MOVED_BY_BUREAU_EVENT = "reservation_moved_by_bureau"
TAKEN_OUT_EVENT = "case_taken_out"
NOT_READY_EVENT = "case_not_ready"
NUMBER_UNKNOWN_EVENT = "case_number_unknown"
MARK_TAKEN_BACK_EVENT = "case_mark_taken_back"
AHEAD_EVENTS = {
    NOT_READY_EVENT: AheadMark.NOT_READY,
    NUMBER_UNKNOWN_EVENT: AheadMark.WRONG_NUMBER,
}
"""What tells of a mark; once the mark is taken off, the mail is no longer true."""


class BureauReason(StrEnum):
    """Why the bureau cancels or moves; never the visitor's doing (R-42)."""

    CLOSURE = "closure"
    FAULT = "fault"
    OTHER = "other"
    NOT_HERE = "not_here"
    """Every case was one that is not handed over at this counter.  R-32"""


class CallResult(StrEnum):
    """What a clerk noted of a telephone call after the deadline, as the mail about it.  R-30."""

    CANCELLED = "telephone_cancelled"
    CHANGED = "telephone_changed"
    LATE = "telephone_late"


def tell_cancelled_by_bureau(
    *,
    reservation: Reservation,
    reason: BureauReason,
    at: datetime,
    because: NotHere | None = None,
) -> OutgoingMail:
    """Tell that the bureau had to cancel, why, and how to book anew.

    Where no case was one for this counter, ``because`` says where it belongs.
    """
    facts = {"reason": reason.value} | ({"because": because.value} if because else {})
    return _tell(reservation, CANCELLED_BY_BUREAU_EVENT, at, facts=facts)


def tell_taken_out(*, reservation: Reservation, at: datetime) -> OutgoingMail:
    """Tell which cases the bureau took out, and why: its newest revision's ledger knows."""
    return _tell(reservation, TAKEN_OUT_EVENT, at)


def tell_moved_by_bureau(
    *, reservation: Reservation, old_starts_at: datetime, reason: BureauReason, at: datetime
) -> OutgoingMail:
    """Tell the old and the new hour; the row holds the new one already."""
    facts = {"reason": reason.value, "old_starts_at": old_starts_at.isoformat()}
    return _tell(reservation, MOVED_BY_BUREAU_EVENT, at, facts=facts)


def tell_rescheduled(
    *, reservation: Reservation, old_starts_at: datetime, at: datetime
) -> OutgoingMail:
    """Tell the hour that was given back and the one that was won; the row holds it already."""
    facts = {"old_starts_at": old_starts_at.isoformat()}
    return _tell(reservation, RESCHEDULED_EVENT, at, facts=facts)


def tell_call(
    *,
    reservation: Reservation,
    result: CallResult,
    at: datetime,
    called_at: datetime | None = None,
) -> OutgoingMail:
    """Tell what was noted of a call, now or earlier.  That one will be late helps until the end.

    For a cancellation or a change the row, and its revision, are written before.
    """
    ends_at = reservation.starts_at + timedelta(minutes=reservation.made_under.slot_minutes)
    not_after = ends_at if result is CallResult.LATE else None
    facts = {"called_at": (called_at or at).isoformat()}
    return _tell(reservation, result.value, at, facts=facts, not_after=not_after)


def tell_not_ready(
    *, reservation: Reservation, cases: Sequence[ReservedCase], at: datetime
) -> OutgoingMail:
    """Ask the visitor not to come for these cases."""
    return _tell_of_cases(reservation, NOT_READY_EVENT, at, cases=_keys(cases))


def tell_number_unknown(
    *, reservation: Reservation, cases: Sequence[ReservedCase], at: datetime
) -> OutgoingMail:
    """Ask the visitor to look at these numbers again: no application has them."""
    return _tell_of_cases(reservation, NUMBER_UNKNOWN_EVENT, at, cases=_keys(cases))


def tell_mark_taken_back(
    *, reservation: Reservation, cases: Sequence[ReservedCase], marked_at: datetime, at: datetime
) -> OutgoingMail:
    """Tell that one may come for these cases after all; ``marked_at`` is when the first was marked.

    It leaves only if a mail that told of the marks had left.
    """
    marked = marked_at.isoformat()
    return _tell_of_cases(
        reservation, MARK_TAKEN_BACK_EVENT, at, cases=_keys(cases), marked_at=marked
    )


def was_told_since(mail: OutgoingMail) -> bool:
    """Tell whether a mail left since the marks were made: every one of them told of the marks."""
    told = OutgoingMail.objects.filter(
        bureau=mail.bureau,
        subject_id=mail.subject_id,
        sent_at__gte=datetime.fromisoformat(mail.facts["marked_at"]),
    )
    return told.exclude(event=MARK_TAKEN_BACK_EVENT).exists()


def _keys(cases: Sequence[ReservedCase]) -> list[int]:
    return [case.pk for case in cases]


def _tell_of_cases(
    reservation: Reservation, event: str, at: datetime, **facts: object
) -> OutgoingMail:
    return _tell(reservation, event, at, facts=facts, not_after=reservation.starts_at)


def _tell(
    reservation: Reservation,
    event: str,
    at: datetime,
    *,
    facts: Mapping[str, object] | None = None,
    not_after: datetime | None = None,
) -> OutgoingMail:
    return enqueue(
        bureau=reservation.bureau,
        event=event,
        subject_id=reservation.reference,
        revision=reservation.revision,
        recipient=reservation.mail_address.address,
        at=at,
        not_after=not_after,
        message_domain=reservation.made_under.mail_domain,
        facts=facts,
    )


BOOKED_EVENT = "reservation_booked"
CANCELLED_EVENT = "reservation_cancelled"
BY_BUREAU_KIND = "reservation_cancelled_by_bureau"
CHANGED_EVENT = "reservation_changed"
