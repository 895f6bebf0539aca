"""What the form of an opened reservation sends: cases not issued and why, and a time from paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from django.http import QueryDict

from uketori.counter.visit.outcomes import Exceptions
from uketori.counter.visit.stale_page import PageState
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.folding import Dashes, fold
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal
from uketori.rules.visit import BECAUSE_OF_MARK, AheadMark, NotIssued, Outcome

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:：時]?([0-5][0-9])分?")
_KEY = re.compile("[0-9]{1,18}")
_WHY = {why.value: why for why in NotIssued}


@dataclass(frozen=True)
class Typed:
    """What was ticked, chosen and typed, as it came."""

    ticked: frozenset[int] = frozenset()
    why: dict[int, str] = field(default_factory=dict)
    clock: str = ""
    shown: PageState | None = None
    """What the page showed; None where the button stood in the list."""
    unseen: str = ""
    """The certificate of which the page said that nobody has seen it."""
    of_cases: bool = False
    """Whether the page had the table of the outcome: another says nothing of the cases."""

    @classmethod
    def from_post(cls, post: QueryDict, cases: Sequence[ReservedCase]) -> "Typed":
        """Return what was sent about these cases; anything else is passed over.

        What was marked ahead since the page was made begins as on a new page: nobody unticked it.
        Nor did anybody tick what the page had ticked for a mark that has gone since.
        """
        entry, revision = _key(post.get("seen", "")), _key(post.get("revision", ""))
        shown = None if entry is None else PageState(entry, revision)
        marked = post.getlist("marked")
        news = [case for case in cases if shown and str(case.pk) not in marked]
        still = [case for case in cases if not _was_marked(case, post)]
        ticked, begun = set(post.getlist("except")), cls.of_marks(news)
        chosen = {case.pk: post.get(f"why-{case.pk}", "") for case in still}
        return cls(
            ticked=begun.ticked | {case.pk for case in still if str(case.pk) in ticked},
            why=begun.why | {pk: why for pk, why in chosen.items() if why},
            clock=post.get("clock", "").strip()[:20],
            shown=shown,
            unseen=post.get("unseen", ""),
            of_cases=any(f"why-{case.pk}" in post or str(case.pk) in ticked for case in cases),
        )

    @classmethod
    def of_record(cls, cases: Sequence[ReservedCase]) -> "Typed":
        """Return the form as it stands when the outcome is corrected."""
        not_issued = [case for case in cases if case.outcome == Outcome.NOT_ISSUED]
        return cls(
            ticked=frozenset(case.pk for case in not_issued),
            why={case.pk: case.not_issued_because for case in not_issued},
        )

    @classmethod
    def of_marks(cls, cases: Sequence[ReservedCase]) -> "Typed":
        """Return the form as it begins: what was marked ahead is not issued, and why.  6(2)"""
        why = {case.pk: because for case in cases if (because := _because_of_mark(case))}
        return cls(ticked=frozenset(why), why=why)

    def differs(self, cases: Sequence[ReservedCase]) -> bool:
        """Whether marks would be lost if the form began anew."""
        begun = Typed.of_marks(cases)
        return self.of_cases and (self.ticked, self.why) != (begun.ticked, begun.why)

    def refuse(self, cases: Sequence[ReservedCase]) -> list[Reason]:
        """Return what is wrong with the form: a mark without a reason, or the reverse.

        A reason that the page itself had chosen stands against nobody who took its mark off.
        """
        reasons = []
        for case in cases:
            why = self.why.get(case.pk, "")
            if case.pk in self.ticked and why not in _WHY:
                reasons.append(Reason(Refusal.REASON_MISSING, case.order))
            if case.pk not in self.ticked and why in _WHY and why != _because_of_mark(case):
                reasons.append(Reason(Refusal.REASON_WITHOUT_MARK, case.order))
        return reasons

    def exceptions(self) -> Exceptions:
        """Return the cases that were not issued; to be asked of a form without refusals."""
        return {pk: _WHY[self.why[pk]] for pk in self.ticked}

    def refuse_clock(self) -> list[Reason]:
        """Return why the time cannot be read."""
        return [] if not self.clock or self._time() else [Reason(Refusal.TIME_UNREADABLE)]

    def happened_at(self, reservation: Reservation, policy: BureauPolicy) -> datetime | None:
        """Return the typed moment of the visit day; None where no time was typed."""
        typed = self._time()
        return datetime.combine(reservation.visit_day, typed, policy.tz) if typed else None

    def _time(self) -> time | None:
        found = _CLOCK.fullmatch(fold(self.clock, dashes=Dashes.NONE).replace(" ", ""))
        return time(int(found[1]), int(found[2])) if found else None


def _key(text: str) -> int | None:
    return int(text) if _KEY.fullmatch(text) else None


def _was_marked(case: ReservedCase, post: QueryDict) -> bool:
    """Tell whether the page had ticked the case for a mark that it has no more."""
    is_of_mark = post.get(f"why-{case.pk}", "") in BECAUSE_OF_MARK.values()
    return is_of_mark and not case.ahead_mark and str(case.pk) in post.getlist("marked")


def _because_of_mark(case: ReservedCase) -> str:
    return BECAUSE_OF_MARK[AheadMark(case.ahead_mark)].value if case.ahead_mark else ""
