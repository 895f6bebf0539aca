"""What is ticked on the sheet for the desk, in the words of the screen it is entered into later."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from uketori.counter.models import CallKind, Step
from uketori.counter.visit.state import ABSENT, LATE, NO_SHOW
from uketori.counter.words import KIND_WORDS, STEP_WORDS, reason_choices


@dataclass(frozen=True)
class Boxes:
    """What may have to be recorded of a person, and the reasons with their digits."""

    certificate_seen: Promise
    endings: Sequence[Promise]
    calls: Sequence[Promise]
    reasons: Sequence[str]
    """e.g. 1 書類がない: the digits that choose them on the screen, too."""


def boxes() -> Boxes:
    """Return everything besides the outcome that the sheet has a place for."""
    return Boxes(
        certificate_seen=STEP_WORDS[Step.CERTIFICATE_SEEN],
        endings=[one.word for one in (LATE, ABSENT, NO_SHOW)],
        calls=[word for kind, word in KIND_WORDS.items() if kind != CallKind.BOOK],
        reasons=[words for _why, words in reason_choices()],
    )
