"""What a change writes: the cases, their ledger, and digests for the event.  R-33, D23."""

from datetime import datetime

from uketori.intermediaries.proof.tokens import keyed_digest
from uketori.reservations.changing.edits import EditedCase, Edits
from uketori.reservations.models import (
    CaseChange,
    CaseChangeKind,
    Reservation,
    ReservedCase,
)
from uketori.rules.eligibility import CaseFacts
from uketori.rules.number_key import compare_key
from uketori.rules.taking_out import NotHere

FILLED = (
    "number",
    "number_key",
    "type",
    "category",
    "with_reentry_permit",
    "ahead_mark",
    "ahead_at",
)
"""The columns that a correction may touch."""


def write_changes(
    reservation: Reservation,
    cases: list[ReservedCase],
    lines: list[EditedCase],
    edits: Edits,
    actor: str,
    at: datetime,
) -> list[CaseChange]:
    """Write the cases as they stand after the change; return the new lines of the ledger."""
    withdrawn = [case for case in cases if case.pk in edits.withdrawn]
    changes = [_entry(case, CaseChangeKind.WITHDRAWN, values_of(case), None) for case in withdrawn]
    ReservedCase.objects.filter(pk__in=[case.pk for case in withdrawn]).update(withdrawn_at=at)
    changes += _correct([line for line in lines if line.is_corrected])
    changes += _put_back(reservation, edits.put_back)
    return _write_ledger(reservation, changes, actor, at)


def write_taken_out(
    reservation: Reservation,
    cases: list[ReservedCase],
    because: NotHere,
    actor: str,
    at: datetime,
) -> list[CaseChange]:
    """Write that the bureau took these cases out; return the new lines of the ledger.  R-32."""
    changes = [_entry(case, CaseChangeKind.TAKEN_OUT, values_of(case), None) for case in cases]
    for entry in changes:
        entry.because = because.value
    ReservedCase.objects.filter(pk__in=[case.pk for case in cases]).update(withdrawn_at=at)
    return _write_ledger(reservation, changes, actor, at)


def _write_ledger(
    reservation: Reservation, changes: list[CaseChange], actor: str, at: datetime
) -> list[CaseChange]:
    for entry in changes:
        entry.reservation = reservation
        entry.actor = actor
        entry.revision = reservation.revision + 1
        entry.changed_at = at
    return CaseChange.objects.bulk_create(changes)


def _correct(lines: list[EditedCase]) -> list[CaseChange]:
    """Write the corrected rows.  Numbers may change places, so all keys step aside first."""
    rows = [line.case for line in lines if line.case is not None]
    before = [values_of(row) for row in rows]
    for row in rows:
        ReservedCase.objects.filter(pk=row.pk).update(number_key=f"~{row.pk}")
    for row, line in zip(rows, lines, strict=True):
        _fill(row, line.facts)
    ReservedCase.objects.bulk_update(rows, FILLED)
    return [
        _entry(row, CaseChangeKind.CORRECTED, old, values_of(row))
        for row, old in zip(rows, before, strict=True)
    ]


def _put_back(reservation: Reservation, rows: tuple[CaseFacts, ...]) -> list[CaseChange]:
    last = max(reservation.cases.values_list("order", flat=True), default=0)
    added = []
    for order, facts in enumerate(rows, start=last + 1):
        case = ReservedCase(reservation=reservation, order=order)
        _fill(case, facts)
        added.append(case)
    created = ReservedCase.objects.bulk_create(added)
    return [_entry(case, CaseChangeKind.PUT_BACK, None, values_of(case)) for case in created]


def _fill(case: ReservedCase, facts: CaseFacts) -> None:
    """Write the facts; what a clerk saw ahead of the visit was seen of another number."""
    key = compare_key(facts.number)
    if key != case.number_key:
        case.ahead_mark, case.ahead_at = "", None
    case.number = facts.number
    case.number_key = key
    case.type = facts.type
    case.category = facts.category
    case.with_reentry_permit = facts.with_reentry_permit


def values_of(case: ReservedCase) -> dict[str, object]:
    """Return what the ledger keeps of a case."""
    return {
        "number": case.number,
        "type": case.type,
        "category": case.category,
        "with_reentry_permit": case.with_reentry_permit,
    }


def _entry(
    case: ReservedCase,
    kind: CaseChangeKind,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> CaseChange:
    return CaseChange(case=case, kind=kind, before=before, after=after)


def digests_of(entry: CaseChange) -> dict[str, object]:
    """Return what the event keeps of a line: which case, and digests of its numbers."""
    values = {"before": entry.before, "after": entry.after}
    digests = {
        name: keyed_digest("case", str(value["number"])) for name, value in values.items() if value
    }
    return {"kind": str(entry.kind), "case": entry.case_id, **digests}
