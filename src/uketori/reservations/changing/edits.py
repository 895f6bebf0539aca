"""What a person asks a change to do, and what would stand after it.  利用案内 4(3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from uketori.reservations.cases.words import case_facts
from uketori.reservations.models import CaseChangeKind, Reservation, ReservedCase
from uketori.rules.change import Change
from uketori.rules.eligibility import CaseFacts

GONE = (CaseChangeKind.WITHDRAWN, CaseChangeKind.TAKEN_OUT)
"""What ends the standing of a case."""


@dataclass(frozen=True, kw_only=True)
class Edits:
    """What is asked for: cases by their id, and rows to add again."""

    corrected: Mapping[int, CaseFacts]
    withdrawn: frozenset[int]
    put_back: tuple[CaseFacts, ...]
    revision: int
    """The revision of the reservation that the person saw."""


@dataclass(frozen=True)
class EditedCase:
    """One case as it would stand after the change; ``case`` is None for one put back."""

    case: ReservedCase | None
    facts: CaseFacts

    @property
    def is_corrected(self) -> bool:
        """Whether the person typed something else than what stands."""
        return self.case is not None and replace(self.facts, order=self.case.order) != case_facts(
            self.case
        )

    @property
    def is_touched(self) -> bool:
        """Whether the line comes from what the person typed."""
        return self.case is None or self.is_corrected


def lines_after(cases: list[ReservedCase], edits: Edits) -> list[EditedCase]:
    """Return what would stand after the edits, in order; those put back come last."""
    kept = [
        EditedCase(case, edits.corrected.get(case.pk, case_facts(case)))
        for case in cases
        if case.pk not in edits.withdrawn
    ]
    return [*kept, *(EditedCase(None, facts) for facts in edits.put_back)]


def asked_for(lines: list[EditedCase], cases: list[ReservedCase], edits: Edits) -> Change:
    """Count what the edits come to."""
    return Change(
        corrected=sum(line.is_corrected for line in lines),
        withdrawn=sum(case.pk in edits.withdrawn for case in cases),
        put_back=len(edits.put_back),
    )


def facts_seen(
    reservation: Reservation, cases: Sequence[ReservedCase], revision: int
) -> dict[int, CaseFacts]:
    """Return each case as it stood at an earlier revision, from the ledger.

    A form sends every case along.  What it sends as it was shown is no wish to undo what another
    tab has corrected since.
    """
    seen = {case.pk: case_facts(case) for case in cases}
    if revision == reservation.revision:
        return seen
    later = reservation.changes.filter(revision__gt=revision, before__isnull=False)
    for entry in later.order_by("-revision", "-pk"):
        if entry.case_id in seen and entry.before is not None:
            seen[entry.case_id] = replace(seen[entry.case_id], **entry.before)
    return seen


def cases_at(reservation: Reservation, revision: int) -> list[ReservedCase]:
    """Return the cases that stood at an earlier revision, in order, with today's values."""
    later = reservation.changes.filter(revision__gt=revision)
    gone = later.filter(kind__in=GONE).values("case")
    put_back = later.filter(kind=CaseChangeKind.PUT_BACK).values("case")
    stood = reservation.cases.filter(Q(withdrawn_at=None) | Q(pk__in=gone))
    return list(stood.exclude(pk__in=put_back).order_by("order"))


def is_as_asked(now: Sequence[ReservedCase], then: Sequence[ReservedCase], edits: Edits) -> bool:
    """Tell whether exactly what was asked for stands already: the same form was sent twice.

    ``then`` are the cases that stood when the form was shown, and ``edits`` is read with them.
    """
    lines = lines_after(list(then), edits)
    kept = {line.case.pk: line.facts for line in lines if line.case is not None}
    added = [replace(line.facts, order=None) for line in lines if line.case is None]
    old = {case.pk for case in then}
    stands = {case.pk: case_facts(case) for case in now if case.pk in old}
    new = [replace(case_facts(case), order=None) for case in now if case.pk not in old]
    return kept == stands and added == new
