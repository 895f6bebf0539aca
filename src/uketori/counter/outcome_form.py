"""What the form of an opened reservation sends: cases not issued and why, and a time from paper."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from django.http import QueryDict

from uketori.counter.outcomes import Exceptions
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal
from uketori.rules.visit import NotIssued, Outcome

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:：時]?([0-5][0-9])分?")
_KEY = re.compile("[0-9]{1,18}")
_WHY = {why.value: why for why in NotIssued}


@dataclass(frozen=True)
class Typed:
    """What was ticked, chosen and typed, as it came."""

    ticked: frozenset[int] = frozenset()
    why: dict[int, str] = field(default_factory=dict)
    clock: str = ""
    seen: int | None = None
    """The last line of the history that the form knew of."""

    @classmethod
    def from_post(cls, post: QueryDict, cases: Sequence[ReservedCase]) -> "Typed":
        """Return what was sent about these cases; anything else is passed over."""
        ticked = {value for value in post.getlist("except") if value.isdecimal()}
        chosen = {case.pk: post.get(f"why-{case.pk}", "") for case in cases}
        known = post.get("seen", "")
        return cls(
            ticked=frozenset(case.pk for case in cases if str(case.pk) in ticked),
            why={pk: why for pk, why in chosen.items() if why},
            clock=post.get("clock", "").strip()[:20],
            seen=int(known) if _KEY.fullmatch(known) else None,
        )

    @classmethod
    def of_record(cls, cases: Sequence[ReservedCase]) -> "Typed":
        """Return the form as it stands when the outcome is corrected."""
        not_issued = [case for case in cases if case.outcome == Outcome.NOT_ISSUED]
        return cls(
            ticked=frozenset(case.pk for case in not_issued),
            why={case.pk: case.not_issued_because for case in not_issued},
        )

    @property
    def is_blank(self) -> bool:
        """Whether nothing would be lost with it."""
        return not (self.ticked or self.why or self.clock)

    def refuse(self, cases: Sequence[ReservedCase]) -> list[Reason]:
        """Return what is wrong with the form: a mark without a reason, or the reverse."""
        reasons = []
        for case in cases:
            has_reason = self.why.get(case.pk) in _WHY
            if case.pk in self.ticked and not has_reason:
                reasons.append(Reason(Refusal.REASON_MISSING, case.order))
            if case.pk not in self.ticked and has_reason:
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
        found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", self.clock).replace(" ", ""))
        return time(int(found[1]), int(found[2])) if found else None
