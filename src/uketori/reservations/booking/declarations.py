"""What is confirmed before booking, by oneself or aloud: the sentences, and the notice.  D26."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from uketori.rules.eligibility import CaseFacts, required_declarations
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason

NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class DeclarationWords:
    """One sentence to confirm, and whether it was."""

    code: str
    text: str
    given: bool
    wrong: bool


def declaration_words(
    cases: Sequence[CaseFacts],
    declared: Collection[str],
    reasons: Sequence[Reason],
    policy: BureauPolicy,
) -> list[DeclarationWords]:
    """Return the sentences that these cases ask for; ``reasons`` tell which one was missing."""
    missing = {one.facts.get("code") for one in reasons}
    return [
        DeclarationWords(one.code, one.text, one.code in declared, one.code in missing)
        for one in required_declarations({case.type for case in cases}, policy)
    ]


def notice_read(post: QueryDict) -> int | None:
    """Return the version of the notice that was confirmed; what is no number is none."""
    read = post.get("notice", "")
    return int(read) if NUMBER.fullmatch(read) else None
