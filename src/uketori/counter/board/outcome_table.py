"""The table of the outcome: all are issued but what is ticked.  R-39."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from uketori import refusal_texts
from uketori.counter.board.outcome_form import Typed
from uketori.counter.words import AHEAD_WORDS
from uketori.reservations.cases.words import case_facts, case_words
from uketori.reservations.models import ReservedCase
from uketori.reservations.visits.outcome_words import outcome_words
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason


@dataclass(frozen=True)
class CaseLine:
    """One case of the table."""

    pk: int
    order: int
    number: str
    type: str
    letter: str
    ahead: Promise | str
    is_ticked: bool
    why: str
    result: str
    """What is recorded of it."""
    problem: str
    """What is wrong with this line, as a sentence."""
    code: str


def case_lines(
    cases: Sequence[ReservedCase], form: Typed, problems: Sequence[Reason], policy: BureauPolicy
) -> list[CaseLine]:
    """Return the lines with what was ticked, and what is wrong beside it."""
    wrong = {reason.case: reason for reason in problems if reason.case is not None}
    return [_line(case, form, wrong.get(case.order), policy) for case in cases]


def _line(
    case: ReservedCase, form: Typed, problem: Reason | None, policy: BureauPolicy
) -> CaseLine:
    words = case_words(case_facts(case), policy)
    why = form.why.get(case.pk, "")
    return CaseLine(
        pk=case.pk,
        order=case.order,
        number=case.number,
        type=words.type,
        letter=words.letter,
        ahead=AHEAD_WORDS.get(case.ahead_mark, ""),
        is_ticked=case.pk in form.ticked,
        why=why,
        result=outcome_words(case.outcome, case.not_issued_because),
        problem=refusal_texts.refusal_text(problem, policy) if problem else "",
        code=problem.code if problem else "",
    )
