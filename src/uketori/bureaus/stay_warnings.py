"""Until when a result has to be received: warned of, and judged nowhere.  D20."""

from collections.abc import Iterable

from uketori.bureaus.guide_sentences import WARNINGS
from uketori.rules.guide import DAYS_AFTER_BIRTH, MONTHS_AFTER_EXPIRY
from uketori.rules.policy import ApplicationType


def stay_warnings(types: Iterable[str]) -> list[str]:
    """Return the sentences for these types of application, each once, in the types' own order."""
    wanted = set(types)
    sentences = (str(WARNINGS[one]) for one in ApplicationType if one in wanted and one in WARNINGS)
    facts = {"days": DAYS_AFTER_BIRTH, "months": MONTHS_AFTER_EXPIRY}
    return [sentence.format(**facts) for sentence in dict.fromkeys(sentences)]
