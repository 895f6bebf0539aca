"""The controls of a case, and what is said at them: the same when booking and when changing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from uketori import refusal_texts
from uketori.rules.eligibility import categories_for
from uketori.rules.policy import BureauPolicy, IntermediaryKind, ReceiptCategory
from uketori.rules.refusals import Reason, Refusal, Warned

SLOT_ANCHOR = "slot"
ROW_FIELD: dict[Refusal | Warned, str] = {
    Refusal.TYPE_MISSING: "type",
    Refusal.TYPE_UNKNOWN: "type",
    Warned.TYPE_NOT_OF_LETTER: "type",
    Refusal.CATEGORY_MISSING: "category",
    Refusal.CATEGORY_UNKNOWN: "category",
    Refusal.CATEGORY_NOT_FOR_HOLDER: "category",
}
"""Which control of a row a refusal belongs to; all others belong to the number."""
CASE_REFUSALS = {Refusal.NO_CASES, Refusal.TOO_MANY_CASES}


@dataclass(frozen=True)
class Choice:
    """One option of a select or radio."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class CaseRemark:
    """What is said at a row, or at a part of the page."""

    text: str
    code: str
    field: str
    warns: bool


def remark_of(reason: Reason, policy: BureauPolicy) -> CaseRemark:
    """Say a reason in words, with the place where it stands."""
    return CaseRemark(
        text=refusal_texts.refusal_text(reason, policy),
        code=reason.code.value,
        field=field_of(reason),
        warns=isinstance(reason.code, Warned),
    )


def field_of(reason: Reason) -> str:
    """Return the control a reason belongs to."""
    if reason.case is not None:
        return ROW_FIELD.get(reason.code, "number")
    if reason.code is Refusal.CATEGORY_MISSING:
        return "category-all"
    return "cases" if reason.code in CASE_REFUSALS else SLOT_ANCHOR


def type_choices(policy: BureauPolicy, selected: str) -> list[Choice]:
    """Return the types of application to choose from.  利用案内 1(1)–(6)."""
    return [
        Choice(one.value, name, one.value == selected)
        for one, name in policy.application_types.items()
    ]


def category_choices(kind: IntermediaryKind, policy: BureauPolicy, selected: str) -> list[Choice]:
    """Return who may have handed it in, for this kind of holder.  利用案内 1 ア–エ."""
    return [
        Choice(one.value, category_words(one, policy), one.value == selected)
        for one in categories_for(kind, policy)
    ]


def category_words(category: ReceiptCategory, policy: BureauPolicy) -> str:
    """Return who handed it in, with the letter of the notice."""
    return _("{letter}　{question}").format(
        letter=policy.categories[category], question=policy.category_questions[category]
    )
