"""Correcting, withdrawing and putting back cases, all in one act.  利用案内 4(1), 4(3), D06."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from uketori.audit.record import record
from uketori.bureaus.models import Slot
from uketori.bureaus.slots import room_of
from uketori.intermediaries.models import Intermediary
from uketori.intermediaries.tokens import keyed_digest
from uketori.outbox.enqueue import enqueue
from uketori.reservations.checking import held_by
from uketori.reservations.confirmation import case_facts
from uketori.reservations.models import (
    CaseChange,
    CaseChangeKind,
    Reservation,
    ReservedCase,
)
from uketori.rules.application_number import repeated_numbers
from uketori.rules.booking import Held, refuse_numbers_held
from uketori.rules.change import Change, Kept, refuse_change
from uketori.rules.eligibility import CaseFacts, judge_case
from uketori.rules.number_key import compare_key
from uketori.rules.policy import BureauPolicy, IntermediaryKind
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.rules.room import refuse_for_room

CHANGED_EVENT = "reservation_changed"


@dataclass(frozen=True, kw_only=True)
class Edits:
    """What is asked for: cases by their id, and rows to add again."""

    corrected: Mapping[int, CaseFacts]
    withdrawn: frozenset[int]
    put_back: tuple[CaseFacts, ...]
    revision: int
    """The revision of the reservation that the person saw."""


@dataclass(frozen=True)
class Line:
    """One case as it would stand after the change; ``case`` is None for one put back."""

    case: ReservedCase | None
    facts: CaseFacts

    @property
    def is_corrected(self) -> bool:
        """Whether the person typed something else than what stands."""
        return self.case is not None and replace(self.facts, order=self.case.order) != case_facts(
            self.case
        )


@transaction.atomic(durable=True)
def change(
    *, reservation: Reservation, edits: Edits, policy: BureauPolicy, actor: str, at: datetime
) -> Reservation:
    """Change the cases of a reservation, or raise ``Refused`` with every reason.

    ``at`` is the moment the request arrived; ``policy`` the one the reservation was made under.
    Locks the intermediary, then the slot; places come free, or are taken, in the same transaction.
    """
    Intermediary.objects.lock(reservation.intermediary_id)
    fresh = Reservation.objects.select_related("intermediary").get(pk=reservation.pk)
    cases = list(fresh.cases.filter(withdrawn_at=None).order_by("order"))
    lines = lines_after(cases, edits)
    asked = asked_for(lines, cases, edits)
    if reasons := reasons_against(fresh, lines, asked, edits, policy, at):
        raise Refused(reasons)
    _move_places(fresh, asked, policy)
    changes = _write(fresh, cases, lines, edits, actor, at)
    Reservation.objects.filter(pk=fresh.pk).update(
        live_case_count=asked.count_after(kept_of(fresh)), revision=F("revision") + 1
    )
    fresh.refresh_from_db()
    _tell(fresh, changes, policy, actor, at)
    return fresh


def lines_after(cases: list[ReservedCase], edits: Edits) -> list[Line]:
    """Return what would stand after the edits, in order; those put back come last."""
    kept = [
        Line(case, edits.corrected.get(case.pk, case_facts(case)))
        for case in cases
        if case.pk not in edits.withdrawn
    ]
    return [*kept, *(Line(None, facts) for facts in edits.put_back)]


def kept_of(reservation: Reservation) -> Kept:
    """Return the reservation as the rules see it."""
    endings = (
        reservation.arrived_at,
        reservation.served_at,
        reservation.late_at,
        reservation.absent_at,
        reservation.no_show_at,
    )
    return Kept(
        closes_at=reservation.change_closes_at,
        first_count=reservation.first_case_count,
        live_count=reservation.live_case_count,
        is_cancelled=reservation.cancelled_at is not None,
        is_over=any(endings),
    )


def judge_lines(
    reservation: Reservation, lines: list[Line], policy: BureauPolicy, at: datetime
) -> list[Reason]:
    """Return what the rules say of the cases as they would stand; ``case`` is the line's order."""
    kind = IntermediaryKind(reservation.intermediary.kind)
    keys = [compare_key(line.facts.number) for line in lines]
    judged = [
        reason
        for order, line in enumerate(lines, start=1)
        if line.case is None or line.is_corrected
        for reason in judge_case(line.facts, kind, policy, case=order)
    ]
    others = _others(reservation, at.astimezone(policy.tz).date())
    return [*judged, *repeated_numbers(keys), *refuse_numbers_held(keys, others)]


def _others(reservation: Reservation, today: date) -> list[Held]:
    """Return the person's other live reservations from today on.  D11."""
    held = held_by(reservation.intermediary_id, today)
    return [one for one in held if one.reference != reservation.reference]


def asked_for(lines: list[Line], cases: list[ReservedCase], edits: Edits) -> Change:
    """Count what the edits come to."""
    return Change(
        corrected=sum(line.is_corrected for line in lines),
        withdrawn=sum(case.pk in edits.withdrawn for case in cases),
        put_back=len(edits.put_back),
    )


def reasons_against(
    reservation: Reservation,
    lines: list[Line],
    asked: Change,
    edits: Edits,
    policy: BureauPolicy,
    at: datetime,
) -> list[Reason]:
    """Return every reason to refuse the edits, as far as can be told without taking a place."""
    refusals = refuse_change(asked, kept_of(reservation), policy, at)
    untouchable = {
        Refusal.CHANGE_CLOSED,
        Refusal.RESERVATION_CANCELLED,
        Refusal.RESERVATION_ENDED,
    }
    if untouchable & {reason.code for reason in refusals}:
        return refusals
    if edits.revision != reservation.revision:
        return [Reason(Refusal.RESERVATION_CHANGED)]
    judged = judge_lines(reservation, lines, policy, at)
    return refusals + [reason for reason in judged if isinstance(reason.code, Refusal)]


def _move_places(reservation: Reservation, asked: Change, policy: BureauPolicy) -> None:
    """Take or give back the places of the difference, or raise ``Refused``."""
    more = asked.count_after(kept_of(reservation)) - reservation.live_case_count
    slot_id = reservation.slot_id
    if more < 0:
        Slot.objects.give_back(slot_id=slot_id, reservations=0, cases=-more)
    elif more > 0 and not Slot.objects.take_cases(slot_id=slot_id, cases=more):
        room = room_of(Slot.objects.get(pk=slot_id), policy)
        # the place of the reservation itself is held already: only cases can be too few
        own = replace(room, free_reservations=max(1, room.free_reservations))
        reasons = refuse_for_room(own, more)
        raise Refused(reasons or [Reason(Refusal.TOO_FEW_CASES_LEFT, facts={"left": 0})])


def _write(
    reservation: Reservation,
    cases: list[ReservedCase],
    lines: list[Line],
    edits: Edits,
    actor: str,
    at: datetime,
) -> list[CaseChange]:
    withdrawn = [case for case in cases if case.pk in edits.withdrawn]
    changes = [_entry(case, CaseChangeKind.WITHDRAWN, values_of(case), None) for case in withdrawn]
    ReservedCase.objects.filter(pk__in=[case.pk for case in withdrawn]).update(withdrawn_at=at)
    changes += _correct([line for line in lines if line.is_corrected])
    changes += _put_back(reservation, edits.put_back)
    for entry in changes:
        entry.reservation = reservation
        entry.actor = actor
        entry.revision = reservation.revision + 1
        entry.changed_at = at
    return CaseChange.objects.bulk_create(changes)


def _correct(lines: list[Line]) -> list[CaseChange]:
    """Write the corrected rows.  Numbers may change places, so all keys step aside first."""
    rows = [line.case for line in lines if line.case is not None]
    before = [values_of(row) for row in rows]
    for row in rows:
        ReservedCase.objects.filter(pk=row.pk).update(number_key=f"~{row.pk}")
    for row, line in zip(rows, lines, strict=True):
        _fill(row, line.facts)
    ReservedCase.objects.bulk_update(
        rows, ["number", "number_key", "type", "category", "with_reentry_permit"]
    )
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
    case.number = facts.number
    case.number_key = compare_key(facts.number)
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


def _tell(
    reservation: Reservation,
    changes: list[CaseChange],
    policy: BureauPolicy,
    actor: str,
    at: datetime,
) -> None:
    """Record the change with digests only, and enqueue the mail with the new state."""
    record(
        bureau=reservation.bureau,
        kind="reservation_changed",
        actor=actor,
        subject=reservation.reference,
        at=at,
        facts={
            "revision": reservation.revision,
            "cases": reservation.live_case_count,
            "changes": [_digests(entry) for entry in changes],
        },
    )
    enqueue(
        bureau=reservation.bureau,
        event=CHANGED_EVENT,
        subject_id=reservation.reference,
        revision=reservation.revision,
        recipient=reservation.mail_address.address,
        at=at,
        message_domain=policy.mail_domain.lstrip("@"),
    )


def _digests(entry: CaseChange) -> dict[str, object]:
    values = {"before": entry.before, "after": entry.after}
    digests = {
        name: keyed_digest("case", str(value["number"])) for name, value in values.items() if value
    }
    return {"kind": str(entry.kind), "case": entry.case_id, **digests}
