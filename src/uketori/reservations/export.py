"""What is held in reservations and drafts of one address, for its export.  D23."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from uketori.audit.models import Event
from uketori.intermediaries.export import moment, people_of
from uketori.intermediaries.models import BY_MAIL, MailAddress
from uketori.reservations.hour_models import HourChange
from uketori.reservations.mails.bureau import REASON_WORDS
from uketori.reservations.mails.telling import BY_BUREAU_KIND, BureauReason
from uketori.reservations.models import (
    CaseChange,
    Draft,
    Reservation,
    ReservationQuerySet,
    ReservedCase,
)
from uketori.reservations.visits.ahead_words import mark_words
from uketori.reservations.visits.outcome_words import outcome_words
from uketori.reservations.visits.taken_out_words import taken_out_words


def told_reservations(mail_address: MailAddress) -> ReservationQuerySet:
    """Return the reservations of which this address is told everything: those of its people."""
    return Reservation.objects.filter(
        bureau=mail_address.bureau, intermediary__in=people_of(mail_address).values("pk")
    )


def reservations_of(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return every reservation of the people of this address, with cases and ledger.

    Of one that was booked from here for whom it speaks no more, what was booked.
    """
    told = told_reservations(mail_address).values("pk")
    rows = Reservation.objects.filter(
        Q(pk__in=told) | Q(mail_address=mail_address), bureau=mail_address.bureau
    )
    known = dict(told.values_list("pk", "reference"))
    reasons = _reasons(mail_address.bureau, known.values())
    return [
        _reservation(one) | reasons.get(one.reference, {}) if one.pk in known else _booked(one)
        for one in rows.order_by("starts_at", "pk").prefetch_related(
            "cases", "changes", "hour_changes"
        )
    ]


def drafts_of(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return what was typed and not booked."""
    rows = Draft.objects.filter(mail_address=mail_address).order_by("pk")
    return [
        {"touched_at": moment(one.touched_at), "content": json.loads(one.content)} for one in rows
    ]


def _reasons(bureau: str, references: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return why the bureau cancelled, by reference; the record of the act alone knows."""
    acts = Event.objects.filter(bureau=bureau, kind=BY_BUREAU_KIND, subject__in=list(references))
    return {
        one.subject: {
            "cancelled_because": one.facts.get("because", one.facts["reason"]),
            "cancelled_because_in_words": taken_out_words(one.facts.get("because", ""))
            or str(REASON_WORDS[BureauReason(one.facts["reason"])]),
        }
        for one in acts
    }


def _booked(one: Reservation) -> dict[str, Any]:
    """Return what never changes after the booking, but for the hour."""
    return {
        "reference": one.reference,
        "holder_name": one.holder_name,
        "certificate_number": one.certificate_number,
        "certificate_expires_on": one.certificate_expires_on.isoformat(),
        "booked_at": moment(one.booked_at),
        "notice_version": one.notice_version,
        "declarations": one.declarations,
    }


def _reservation(one: Reservation) -> dict[str, Any]:
    return {
        **_booked(one),
        "starts_at": moment(one.starts_at),
        "first_case_count": one.first_case_count,
        "live_case_count": one.live_case_count,
        "change_closes_at": moment(one.change_closes_at),
        "revised_at": moment(one.revised_at),
        "arrived_at": moment(one.arrived_at),
        "called_at": moment(one.called_at),
        "first_telephoned_at": moment(one.first_telephoned_at),
        "cancelled_at": moment(one.cancelled_at),
        "served_at": moment(one.served_at),
        "late_at": moment(one.late_at),
        "absent_at": moment(one.absent_at),
        "no_show_at": moment(one.no_show_at),
        "ended_by": _by(one.ended_by),
        "cases": [_case(case) for case in one.cases.all()],
        "ledger": [_entry(entry) for entry in one.changes.all()],
        "hours": [_hour(entry) for entry in one.hour_changes.all()],
    }


def _case(case: ReservedCase) -> dict[str, Any]:
    return {
        "order": case.order,
        "number": case.number,
        "type": case.type,
        "category": case.category,
        "with_reentry_permit": case.with_reentry_permit,
        "withdrawn_at": moment(case.withdrawn_at),
        "outcome": case.outcome,
        "not_issued_because": case.not_issued_because,
        "outcome_in_words": outcome_words(case.outcome, case.not_issued_because),
        "ahead_mark": case.ahead_mark,
        "ahead_mark_in_words": mark_words(case),
        "ahead_at": moment(case.ahead_at),
    }


def _entry(entry: CaseChange) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "before": entry.before,
        "after": entry.after,
        "because": entry.because,
        "because_in_words": taken_out_words(entry.because),
        "by": _by(entry.actor),
        "changed_at": moment(entry.changed_at),
    }


def _hour(entry: HourChange) -> dict[str, Any]:
    return {
        "before": moment(entry.old_starts_at),
        "after": moment(entry.new_starts_at),
        "by": _by(entry.actor),
        "moved_at": moment(entry.moved_at),
    }


def _by(actor: str) -> str:
    """Say whether it was done from the address or by the bureau; nothing for nobody."""
    if not actor:
        return ""
    return "self" if actor.startswith(BY_MAIL) else "bureau"
