"""One case in words, as every page and mail shows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from uketori.reservations.models import ReservedCase
from uketori.rules.eligibility import CaseFacts
from uketori.rules.policy import BureauPolicy


@dataclass(frozen=True)
class CaseWords:
    """One case as it is shown."""

    order: int
    number: str
    type: str
    letter: str
    mark: str = ""
    """What a clerk saw of it before the visit, in a mail."""


def case_facts(case: ReservedCase) -> CaseFacts:
    """Return the case as the rules see it."""
    return CaseFacts(
        number=case.number,
        type=case.type,
        category=case.category,
        with_reentry_permit=case.with_reentry_permit,
        order=case.order,
    )


def case_words(case: CaseFacts, policy: BureauPolicy) -> CaseWords:
    """Return the case in words; what was not (rightly) chosen yet stays blank."""
    types = {one.value: name for one, name in policy.application_types.items()}
    letters = {one.value: letter for one, letter in policy.categories.items()}
    name = types.get(case.type, "")
    if case.with_reentry_permit:
        name = _("{type}・再入国").format(type=name)
    return CaseWords(case.order or 0, case.number, name, letters.get(case.category, ""))
