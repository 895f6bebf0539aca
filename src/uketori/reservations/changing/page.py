"""The change page in words: each case with what may be done to it, and the review.  4(3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from uketori.reservations.cases.controls import (
    CaseRemark,
    Choice,
    category_choices,
    field_of,
    remark_of,
    type_choices,
)
from uketori.reservations.cases.words import CaseWords, case_facts, case_words
from uketori.reservations.changing.edits import EditedCase, Edits, lines_after
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.capacity import Room
from uketori.rules.eligibility import CaseFacts
from uketori.rules.policy import BureauPolicy, IntermediaryKind
from uketori.rules.refusals import Reason, Refusal, Warned
from uketori.web.form_problems import Problem


@dataclass(frozen=True)
class LedgerLine:
    """One case that stands, with what the person typed for it."""

    pk: int
    order: int
    words: CaseWords
    is_withdrawn: bool
    is_open: bool
    number: str
    types: list[Choice]
    categories: list[Choice]
    reentry: bool
    remarks: list[CaseRemark]

    @property
    def wrong(self) -> list[str]:
        """The controls with an error."""
        return [remark.field for remark in self.remarks if not remark.warns]


@dataclass(frozen=True)
class PutBackRow:
    """One row in which a case can be added again."""

    order: int
    number: str
    types: list[Choice]
    categories: list[Choice]
    reentry: bool
    remarks: list[CaseRemark]

    @property
    def wrong(self) -> list[str]:
        """The controls with an error."""
        return [remark.field for remark in self.remarks if not remark.warns]


@dataclass(frozen=True)
class ChangePage:
    """Everything the template shows."""

    lines: list[LedgerLine]
    put_back: list[PutBackRow]
    left: int
    """How many may be put back."""
    room_left: int
    """For how many of them the hour has room now."""
    problems: list[Problem]


def change_page(
    *,
    reservation: Reservation,
    cases: Sequence[ReservedCase],
    edits: Edits,
    policy: BureauPolicy,
    reasons: Sequence[Reason],
    room: Room,
) -> ChangePage:
    """Put the reservation, the edits and what the rules say into words."""
    lines = lines_after(list(cases), edits)
    places = _places(lines)
    told_in_order = sorted(reasons, key=lambda reason: reason.case or 0)
    remarks = [(reason, _remark(reason, lines, policy)) for reason in told_in_order]
    kind = IntermediaryKind(reservation.intermediary.kind)
    free = reservation.first_case_count - reservation.live_case_count
    rows = [*edits.put_back, *([CaseFacts(number="", type="", category="")] * free)]
    rows = rows[: max(free, len(edits.put_back))]
    told = [(reason.case, remark) for reason, remark in remarks]
    return ChangePage(
        lines=[
            _ledger_line(case, edits, policy, kind, _at(told, places.get(f"case-{case.pk}")))
            for case in cases
        ],
        put_back=[
            _put_back_row(order, row, policy, kind, _at(told, places.get(f"row-{order}")))
            for order, row in enumerate(rows, start=1)
        ],
        left=free,
        room_left=0 if room.stopped else min(free, room.free_cases),
        problems=[_problem(reason, remark, lines, policy) for reason, remark in remarks],
    )


def warnings(
    reasons: Sequence[Reason], lines: Sequence[EditedCase], policy: BureauPolicy
) -> list[str]:
    """Say what is unusual about the numbers that were typed; it stops nobody.  D10."""
    return [
        _at_line(reason, _remark(reason, lines, policy), lines)
        for reason in reasons
        if isinstance(reason.code, Warned)
    ]


def _places(lines: Sequence[EditedCase]) -> dict[str, int]:
    """Return at which line, counted from one, each case and each added row stands."""
    found: dict[str, int] = {}
    added = 0
    for order, line in enumerate(lines, start=1):
        if line.case is None:
            added += 1
            found[f"row-{added}"] = order
        else:
            found[f"case-{line.case.pk}"] = order
    return found


def _at(told: Sequence[tuple[int | None, CaseRemark]], place: int | None) -> list[CaseRemark]:
    return [remark for case, remark in told if case is not None and case == place]


def _ledger_line(
    case: ReservedCase,
    edits: Edits,
    policy: BureauPolicy,
    kind: IntermediaryKind,
    remarks: list[CaseRemark],
) -> LedgerLine:
    facts = edits.corrected.get(case.pk, case_facts(case))
    return LedgerLine(
        pk=case.pk,
        order=case.order,
        words=case_words(case_facts(case), policy),
        is_withdrawn=case.pk in edits.withdrawn,
        is_open=EditedCase(case, facts).is_corrected or bool(remarks),
        number=facts.number,
        types=type_choices(policy, facts.type),
        categories=category_choices(kind, policy, facts.category),
        reentry=facts.with_reentry_permit,
        remarks=remarks,
    )


def _put_back_row(
    order: int,
    facts: CaseFacts,
    policy: BureauPolicy,
    kind: IntermediaryKind,
    remarks: list[CaseRemark],
) -> PutBackRow:
    return PutBackRow(
        order=order,
        number=facts.number,
        types=type_choices(policy, facts.type),
        categories=category_choices(kind, policy, facts.category),
        reentry=facts.with_reentry_permit,
        remarks=remarks,
    )


def _remark(reason: Reason, lines: Sequence[EditedCase], policy: BureauPolicy) -> CaseRemark:
    """Say a reason in words; some need others here than where an hour is chosen."""
    if reason.code is Refusal.NUMBER_REPEATED:
        first = _line_name(int(str(reason.facts["first"])), lines)
        text = _(
            "この申請番号は、{first}と同じです。どちらかを取り消すか、正しい番号になおしてください。"
        ).format(first=first)
    elif reason.code is Refusal.TOO_FEW_CASES_LEFT and not reason.facts["left"]:
        text = _("この枠は、いま空きがないため、案件を戻せません。訂正と取消はできます。")
    elif reason.code is Refusal.TOO_FEW_CASES_LEFT:
        text = _(
            "この枠でいまより増やせるのは、あと{left}件です。戻す件数を減らしてください。"
        ).format(left=reason.facts["left"])
    elif reason.code is Refusal.SLOT_STOPPED:
        text = _("この枠は受付を終了したため、案件を戻せません。訂正と取消はできます。")
    else:
        return remark_of(reason, policy)
    return replace(remark_of(reason, policy), text=text)


def _problem(
    reason: Reason, remark: CaseRemark, lines: Sequence[EditedCase], policy: BureauPolicy
) -> Problem:
    """Lead to the control, unless the bureau offers none and somebody sent one all the same."""
    text = _at_line(reason, remark, lines)
    if reason.case is None:
        return Problem("", text, remark.code)
    line = lines[reason.case - 1]
    if line.case is not None:
        anchor = f"new-{field_of(reason)}-{line.case.pk}"
        return Problem(anchor if policy.allow_correction else "", text, remark.code)
    anchor = f"{field_of(reason)}-{_order_put_back(reason.case, lines)}"
    return Problem(anchor if policy.allow_putting_back else "", text, remark.code)


def _at_line(reason: Reason, remark: CaseRemark, lines: Sequence[EditedCase]) -> str:
    if reason.case is None:
        return remark.text
    return _("{line}：{text}").format(line=_line_name(reason.case, lines), text=remark.text)


def _line_name(place: int, lines: Sequence[EditedCase]) -> str:
    """Name a line as the page does: by the order of its case, or as one that is put back."""
    line = lines[place - 1]
    if line.case is not None:
        return _("案件{order}").format(order=line.case.order)
    return _("戻す案件{order}").format(order=_order_put_back(place, lines))


def _order_put_back(place: int, lines: Sequence[EditedCase]) -> int:
    return sum(line.case is None for line in lines[:place])
