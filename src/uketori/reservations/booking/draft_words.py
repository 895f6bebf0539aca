"""A draft in one line: in the list, and where one has to go before another is saved.  D13."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from uketori import japanese
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.models import Draft
from uketori.rules.policy import BureauPolicy


@dataclass(frozen=True)
class DraftWords:
    """One draft in the list."""

    draft: Draft
    slot: str
    count: int
    first: str
    """The first number that was typed, by which drafts of one hour are told apart."""


def draft_words(draft: Draft, policy: BureauPolicy) -> DraftWords:
    """Say for which hour it is and how many cases it holds."""
    content = DraftContent.from_json(draft.content)
    starts_at = content.starts_at(policy.tz)
    slot = (
        japanese.slot_words(starts_at, policy.slot_minutes, policy.tz)
        if starts_at
        else _("日と時間は未定")
    )
    numbers = [row.number.strip() for row in content.rows if row.is_case]
    first = numbers[0] if numbers else ""
    return DraftWords(draft=draft, slot=slot, count=len(numbers), first=first)
