"""How many drafts of one person are kept.  D13."""

from uketori.rules.refusals import Reason, Refusal

MOST_DRAFTS = 20
"""Of one person at one address."""
MOST_RESCUED = 2 * MOST_DRAFTS
"""The same where nobody can be told and what was typed would be lost: it came too late."""


def refuse_draft(kept: int, *, most: int = MOST_DRAFTS) -> list[Reason]:
    """Refuse one more draft beside those that are kept: one has to be thrown away first."""
    if kept < most:
        return []
    return [Reason(Refusal.TOO_MANY_DRAFTS, facts={"most": most})]
