"""The booking page in words: ①日付選択 ②時間枠 ③案件.  R-20 … R-26, D10, D12."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from uketori.bureaus.availability import Availability
from uketori.bureaus.hours_table import HoursTable, hours_table
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cases.controls import (
    SLOT_ANCHOR,
    CaseRemark,
    Choice,
    category_choices,
    remark_of,
    type_choices,
)
from uketori.reservations.cases.typed import DraftContent, DraftRow
from uketori.reservations.hours.choice import _slots_left, first_choice, own_states
from uketori.reservations.hours.offers import NearChoices, near_choices, near_hours
from uketori.rules.booking import Held
from uketori.rules.eligibility import categories_for
from uketori.rules.policy import BureauPolicy, IntermediaryKind
from uketori.rules.refusals import Reason, Refusal
from uketori.web.form_problems import Problem

BLANK_ROWS = 3


@dataclass(frozen=True)
class RowWords:
    """One row of ③案件."""

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

    @property
    def is_wrong(self) -> bool:
        """Whether something stops the booking."""
        return bool(self.wrong)

    @property
    def is_warned(self) -> bool:
        """Whether something is only unusual."""
        return bool(self.remarks) and not self.wrong


@dataclass(frozen=True)
class BookingPage:
    """Everything the template shows."""

    table: HoursTable
    chosen: str
    slots_left: int
    rows: list[RowWords]
    count: int
    types_for_all: list[Choice]
    categories_for_all: list[Choice]
    forms: str
    """What this person may need for the cases of others, by name."""
    problems: list[Problem]
    slot_remarks: list[CaseRemark]
    near: NearChoices | None
    """Where else all cases find room, if the chosen hour has none."""
    case_remarks: list[CaseRemark]
    category_remarks: list[CaseRemark]


def booking_page(
    *,
    content: DraftContent,
    claim: CertificateClaim,
    free: Availability,
    held: Sequence[Held],
    reasons: Sequence[Reason],
) -> BookingPage:
    """Put the draft, the free hours and what the rules say into words."""
    policy = free.facts.policy
    kind = IntermediaryKind(claim.intermediary.kind)
    reasons = _gathered(reasons)
    table = hours_table(free, own_states(free, held))
    remarks = [(reason, remark_of(reason, policy)) for reason in reasons]
    starts_at, cases = content.starts_at(policy.tz), len(content.number_keys())
    near = near_hours(free, held, claim.expires_on, starts_at, cases)
    general = [(reason, remark) for reason, remark in remarks if reason.case is None]
    return BookingPage(
        table=table,
        chosen=content.slot,
        slots_left=_slots_left(free, held),
        rows=_rows(content, kind, policy, remarks),
        count=len(content.number_keys()),
        types_for_all=type_choices(policy, content.type_for_all),
        categories_for_all=category_choices(kind, policy, content.category_for_all),
        forms=_forms(kind, policy),
        problems=[
            _problem(reason, remark, first_choice(table))
            for reason, remark in remarks
            if not remark.warns
        ],
        slot_remarks=[remark for _reason, remark in general if remark.field == SLOT_ANCHOR],
        near=near_choices(reasons=reasons, near=near, table=table, free=free) if cases else None,
        case_remarks=[remark for _reason, remark in general if remark.field == "cases"],
        category_remarks=[remark for _reason, remark in general if remark.field == "category-all"],
    )


def _gathered(reasons: Sequence[Reason]) -> list[Reason]:
    """Put what concerns the whole first and the rows in order; say once what many rows miss.

    A category missing in several rows is chosen in one place, so it is told there.
    """
    missing = sum(reason.code is Refusal.CATEGORY_MISSING for reason in reasons)
    if missing > 1:
        reasons = [
            Reason(Refusal.CATEGORY_MISSING),
            *(reason for reason in reasons if reason.code is not Refusal.CATEGORY_MISSING),
        ]
    return sorted(reasons, key=lambda reason: reason.case or 0)


def _problem(reason: Reason, remark: CaseRemark, first_choice: str) -> Problem:
    if reason.case is None:
        anchors = {
            "category-all": "category-all_0",
            "cases": "number-1",
            SLOT_ANCHOR: first_choice,
        }
        return Problem(anchors[remark.field], remark.text, remark.code)
    text = _("案件{order}：{text}").format(order=reason.case, text=remark.text)
    return Problem(f"{remark.field}-{reason.case}", text, remark.code)


def _rows(
    content: DraftContent,
    kind: IntermediaryKind,
    policy: BureauPolicy,
    remarks: Sequence[tuple[Reason, CaseRemark]],
) -> list[RowWords]:
    filled = list(content.filled().rows)
    room = max(0, policy.max_cases_per_slot - len(filled))
    asked = max(BLANK_ROWS if not filled else 1, len(content.rows) - len(filled))
    rows = filled + [DraftRow()] * min(room, asked)
    return [
        RowWords(
            order=order,
            number=row.number,
            types=type_choices(policy, row.type),
            categories=category_choices(kind, policy, row.category),
            reentry=row.with_reentry_permit,
            remarks=[remark for reason, remark in remarks if reason.case == order],
        )
        for order, row in enumerate(rows, start=1)
    ]


def _forms(kind: IntermediaryKind, policy: BureauPolicy) -> str:
    """Name what the categories of this kind of holder need beside the usual.  1 イ–エ, R-14."""
    needed = [policy.documents_of_category[one] for one in categories_for(kind, policy)]
    return _("か").join(dict.fromkeys(policy.documents[one] for some in needed for one in some))
