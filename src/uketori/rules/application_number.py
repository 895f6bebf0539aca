"""The numbers of applications, as the person typed or pasted them.  D10, D12.

Reading a number is in ``number_key``, which is offered here, too; pasted rows are in ``paste``.
"""

import re
import unicodedata
from collections.abc import Sequence

from uketori.rules.number_key import (
    KANA,
    KANJI,
    compare_key,
    has_kanji_one_guessed,
    has_usual_form,
    suggested_type,
)
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal, Warned

__all__ = [
    "compare_key",
    "judge_number",
    "repeated_numbers",
    "suggested_type",
]

_FORBIDDEN = re.compile(f"[^{KANJI}{KANA}A-Z0-9]")


def judge_number(typed: str, policy: BureauPolicy, *, case: int | None) -> list[Reason]:
    """Return why the number cannot be taken, or, if it can, what is unusual about it.  D10."""
    key = compare_key(typed)
    return _refuse_key(key, policy, case) or _warn_of(typed, policy, case)


def repeated_numbers(keys: Sequence[str]) -> list[Reason]:
    """Refuse each later row whose number stands in an earlier one; ``first`` says in which."""
    first_row: dict[str, int] = {}
    reasons = []
    for order, key in enumerate(keys, start=1):
        if key and (first := first_row.setdefault(key, order)) != order:
            reasons.append(Reason(Refusal.NUMBER_REPEATED, order, {"first": first}))
    return reasons


def _refuse_key(key: str, policy: BureauPolicy, case: int | None) -> list[Reason]:
    if not key:
        return [Reason(Refusal.NUMBER_MISSING, case)]
    reasons = []
    if len(key) < policy.number_min_length:
        reasons.append(Reason(Refusal.NUMBER_TOO_SHORT, case))
    if len(key) > policy.number_max_length:
        reasons.append(Reason(Refusal.NUMBER_TOO_LONG, case))
    if found := _FORBIDDEN.search(key):
        facts: dict[str, object] = {"character": _readable(found[0])}
        reasons.append(Reason(Refusal.NUMBER_FORBIDDEN_CHARACTERS, case, facts))
    return reasons


def _warn_of(typed: str, policy: BureauPolicy, case: int | None) -> list[Reason]:
    reasons = []
    if not has_usual_form(typed, policy):
        reasons.append(Reason(Warned.NUMBER_UNUSUAL_FORM, case))
    if has_kanji_one_guessed(typed):
        reasons.append(Reason(Warned.NUMBER_MAYBE_KANJI_ONE, case))
    return reasons


def _readable(character: str) -> str:
    """Return the sign in brackets, or its code point where nothing would be seen."""
    visible = unicodedata.category(character)[0] in "LNPS"
    return f"「{character}」" if visible else f"U+{ord(character):04X}"
