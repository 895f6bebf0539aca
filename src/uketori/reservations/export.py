"""What is held in reservations and drafts of one address, for its export.  D23."""

import json
from typing import Any

from django.db.models import Q

from uketori.intermediaries.export import moment
from uketori.intermediaries.models import MailAddress
from uketori.reservations.models import CaseChange, Draft, Reservation, ReservedCase


def reservations_of(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return every reservation of the people of this address, with cases and ledger."""
    people = mail_address.claims.filter(ended_at=None).values("intermediary")
    rows = Reservation.objects.filter(Q(intermediary__in=people) | Q(mail_address=mail_address))
    rows = rows.filter(bureau=mail_address.bureau).prefetch_related("cases", "changes")
    return [_reservation(one) for one in rows.order_by("starts_at", "pk")]


def drafts_of(mail_address: MailAddress) -> list[dict[str, Any]]:
    """Return what was typed and not booked."""
    rows = Draft.objects.filter(mail_address=mail_address).order_by("pk")
    return [
        {"touched_at": moment(one.touched_at), "content": json.loads(one.content)} for one in rows
    ]


def _reservation(one: Reservation) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "starts_at": moment(one.starts_at),
        "holder_name": one.holder_name,
        "certificate_number": one.certificate_number,
        "certificate_expires_on": one.certificate_expires_on.isoformat(),
        "first_case_count": one.first_case_count,
        "live_case_count": one.live_case_count,
        "booked_at": moment(one.booked_at),
        "change_closes_at": moment(one.change_closes_at),
        "notice_version": one.notice_version,
        "declarations": one.declarations,
        "arrived_at": moment(one.arrived_at),
        "first_telephoned_at": moment(one.first_telephoned_at),
        "cancelled_at": moment(one.cancelled_at),
        "served_at": moment(one.served_at),
        "late_at": moment(one.late_at),
        "absent_at": moment(one.absent_at),
        "no_show_at": moment(one.no_show_at),
        "cases": [_case(case) for case in one.cases.all()],
        "ledger": [_entry(entry) for entry in one.changes.all()],
    }


def _case(case: ReservedCase) -> dict[str, Any]:
    return {
        "order": case.order,
        "number": case.number,
        "type": case.type,
        "category": case.category,
        "with_reentry_permit": case.with_reentry_permit,
        "withdrawn_at": moment(case.withdrawn_at),
    }


def _entry(entry: CaseChange) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "before": entry.before,
        "after": entry.after,
        "because": entry.because,
        "by": "self" if entry.actor.startswith("mail:") else "bureau",
        "changed_at": moment(entry.changed_at),
    }
