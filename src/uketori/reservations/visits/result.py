"""What became of a visit, for the holder: each case, why not, and what to do next.  R-39, 6(2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from uketori import refusal_texts
from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.visits.outcome_words import BOOKED_AGAIN, WHY_NOT, unserved_words
from uketori.rules.policy import BureauPolicy
from uketori.rules.visit import Ending, NotIssued, Outcome

COLUMNS = {Ending.LATE: "late_at", Ending.ABSENT: "absent_at", Ending.NO_SHOW: "no_show_at"}


@dataclass(frozen=True)
class CaseResult:
    """One case and what became of it."""

    order: int
    number: str
    is_issued: bool
    sentence: Promise | str
    next_step: str


@dataclass(frozen=True)
class VisitResult:
    """The end of a visit."""

    kind: str
    """Of the message: good, caution."""
    title: str
    text: str
    cases: list[CaseResult]
    again: int
    """How many of the cases another reservation helps."""
    tells_contact: bool


def visit_result(
    reservation: Reservation, cases: Sequence[ReservedCase], policy: BureauPolicy
) -> VisitResult | None:
    """Return how the visit ended; None while it has not, and for what was cancelled."""
    if reservation.served_at is not None:
        return _served(cases, policy)
    for ending, column in COLUMNS.items():
        if getattr(reservation, column) is not None:
            words = unserved_words(ending, has_telephoned=reservation.has_telephoned)
            return VisitResult(
                kind="caution",
                title=str(words.title),
                text=str(words.meaning).format(**refusal_texts.numbers_of(policy)),
                cases=[],
                again=len(cases),
                tells_contact=True,
            )
    return None


def _served(cases: Sequence[ReservedCase], policy: BureauPolicy) -> VisitResult:
    results = [_result(case, policy) for case in cases]
    issued = sum(one.is_issued for one in results)
    left = len(results) - issued
    if not left:
        title = _("{issued}件を交付しました").format(issued=issued)
    elif not issued:
        title = _("{left}件とも、交付できませんでした").format(left=left)
    else:
        title = _("{issued}件を交付し、{left}件は交付できませんでした").format(
            issued=issued, left=left
        )
    return VisitResult(
        kind="caution" if left else "good",
        title=title,
        text=_("交付できなかった案件の理由と、次にしていただくことを、下に示しています。")
        if left
        else "",
        cases=results,
        again=sum(case.not_issued_because in BOOKED_AGAIN for case in cases),
        tells_contact=bool(left),
    )


def _result(case: ReservedCase, policy: BureauPolicy) -> CaseResult:
    is_issued = case.outcome != Outcome.NOT_ISSUED
    why = None if is_issued else WHY_NOT[NotIssued(case.not_issued_because)]
    return CaseResult(
        order=case.order,
        number=case.number,
        is_issued=is_issued,
        sentence=why.sentence if why else _("交付しました。"),
        next_step=str(why.next_step).format(**refusal_texts.numbers_of(policy)) if why else "",
    )
