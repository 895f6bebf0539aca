"""How a typed application number is read: the key by which two numbers are compared.  D10.

Keys are stored.  Whoever changes how they are made, once data is kept, writes them anew in a
migration.
"""

import re
from collections.abc import Callable

import regex

from uketori.rules.folding import DASH, Dashes, fold
from uketori.rules.policy import ApplicationType, BureauPolicy

_BLANKS = regex.compile(r"\p{White_Space}")
"""Of every width."""
KANJI = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"

_DASH_INSIDE = regex.compile(
    f"(?<=[A-Z0-9]){DASH}+(?=[A-Z0-9])|(?<=一){DASH}+(?=[A-Z])", regex.VERSION1
)
_DASH_FOR_ONE = regex.compile(f"(?<=[{KANJI}--一])(?:{DASH}+|1)(?=[A-Z])", regex.VERSION1)
_LETTER_BEFORE_DIGITS = re.compile("([A-Z])[0-9]")
_LOWER_TO_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def compare_key(typed: str) -> str:
    """Return the form in which numbers are compared; equal keys mean the same number.  D10.

    Width, case, blanks and dashes between letters and digits do not count, nor what is invisible
    or a radical.  A dash or a 1 between a kanji and a letter is read as the kanji 一, which itself
    is never touched; behind it a dash only separates.
    """
    return settled(typed, lambda text: _DASH_FOR_ONE.sub("一", _without_inner_dashes(text)))


def as_shown(typed: str) -> str:
    """Return the number as it was typed, without what came along unseen.  D10."""
    return fold(typed, dashes=Dashes.AS_TYPED, keeps_width=True).strip()


def has_kanji_one_guessed(typed: str) -> bool:
    """Tell whether a dash or a 1 was read as the kanji 一."""
    return _DASH_FOR_ONE.search(settled(typed, _without_inner_dashes)) is not None


def has_usual_form(typed: str, policy: BureauPolicy) -> bool:
    """Tell whether the number looks as the bureau's numbers usually do."""
    return re.fullmatch(policy.number_pattern, compare_key(typed)) is not None


def suggested_type(typed: str, policy: BureauPolicy) -> ApplicationType | None:
    """Return the type that the letter right before the digits suggests, no more.  D10."""
    found = _LETTER_BEFORE_DIGITS.search(compare_key(typed))
    return policy.number_letters.get(found[1]) if found else None


def folded(text: str) -> str:
    """Return the text in upper case and without blanks, so that words can be compared."""
    plain = fold(text, dashes=Dashes.AS_TYPED)
    return _BLANKS.sub("", plain.translate(_LOWER_TO_UPPER))


def settled(text: str, step: Callable[[str], str]) -> str:
    """Fold the text and take the step until nothing changes, so that a key is its own key.

    Once is nearly always enough; a blank or dash taken out can bring two signs together that NFKC
    then writes as one.
    """
    while (after := step(folded(text))) != text:
        text = after
    return text


def _without_inner_dashes(text: str) -> str:
    return _DASH_INSIDE.sub("", text)
