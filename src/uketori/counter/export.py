"""What the counter holds about the people of one address, for its export.  D23, R-39, R-30."""

from typing import Any

from uketori.counter.models import Call, CallKind, VisitEntry
from uketori.counter.words import KIND_WORDS, STEP_WORDS
from uketori.intermediaries.export import moment
from uketori.intermediaries.hooks import register_exporter
from uketori.intermediaries.models import MailAddress
from uketori.reservations.export import told_reservations


def calls_of(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return every call that was noted, also one that was struck, as it was noted."""
    rows = Call.objects.filter(reservation__in=told_reservations(mail_address))
    return [
        {
            "reference": one.reservation.reference,
            "kind": one.kind,
            "kind_in_words": str(KIND_WORDS[CallKind(one.kind)]),
            "called_at": moment(one.called_at),
            "is_after_deadline": one.is_after_deadline,
            "is_before_visit": one.is_before_visit,
            "caller": one.caller,
            "note": one.note,
            "recorded_at": moment(one.recorded_at),
            "struck_at": moment(one.struck_at),
        }
        for one in rows.select_related("reservation").order_by("called_at", "pk")
    ]


def visit_entries_of(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return every line of the history of each visit; who of the staff wrote it stays unsaid."""
    rows = VisitEntry.objects.filter(reservation__in=told_reservations(mail_address))
    return [
        {
            "reference": one.reservation.reference,
            "case": one.case.order if one.case else None,
            "step": one.step,
            "step_in_words": str(STEP_WORDS[one.step]),
            "before": one.before,
            "after": one.after,
            "happened_at": moment(one.happened_at),
            "recorded_at": moment(one.recorded_at),
        }
        for one in rows.select_related("reservation", "case").order_by("recorded_at", "pk")
    ]


def register() -> None:
    """Hang the counter's parts on the export."""
    register_exporter("calls", calls_of)
    register_exporter("visit_entries", visit_entries_of)
