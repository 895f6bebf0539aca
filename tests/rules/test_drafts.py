"""How many drafts of one person are kept.  D13."""

import pytest

from uketori.rules.drafts import MOST_DRAFTS, refuse_draft
from uketori.rules.refusals import Reason, Refusal


@pytest.mark.parametrize(("kept", "is_refused"), [(0, False), (19, False), (20, True), (21, True)])
def test_draft__beside_so_many__refused_from_the_twenty_first_on(
    kept: int, is_refused: bool
) -> None:
    told = [Reason(Refusal.TOO_MANY_DRAFTS, facts={"most": MOST_DRAFTS})]
    assert refuse_draft(kept) == (told if is_refused else [])
