"""The history of a visit in words: when, who, what.  R-39."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from uketori import japanese
from uketori.counter.models import Step, VisitEntry
from uketori.counter.words import AHEAD_WORDS, STEP_WORDS
from uketori.refusal_facts import ENDING_WORDS
from uketori.reservations.models import Reservation
from uketori.reservations.visits.outcome_words import outcome_words
from uketori.rules.policy import BureauPolicy
from uketori.rules.visit import Ending, Outcome
from uketori.staff.names import names_of

A_MINUTE = 60.0


@dataclass(frozen=True)
class HistoryLine:
    """One thing that was recorded."""

    moment: str
    who: str
    what: str
    entered: str
    """When it was entered, where that was later than it happened."""


def history_of(reservation: Reservation, policy: BureauPolicy) -> list[HistoryLine]:
    """Return what was recorded of the visit, oldest first (two queries)."""
    entries = list(reservation.visit_entries.select_related("case").order_by("recorded_at", "pk"))
    names = names_of(entry.actor for entry in entries)
    return [
        HistoryLine(
            moment=japanese.moment_words(entry.happened_at, policy.tz),
            who=names.get(entry.actor, _("システム")),
            what=_what(entry),
            entered=japanese.moment_words(entry.recorded_at, policy.tz)
            if (entry.recorded_at - entry.happened_at).total_seconds() >= A_MINUTE
            else "",
        )
        for entry in entries
        if not _is_first_issue(entry)
    ]


def _is_first_issue(entry: VisitEntry) -> bool:
    """Tell the lines that say no more than 完了 does."""
    return entry.step == Step.OUTCOME and (entry.before, entry.after) == ("", Outcome.ISSUED)


def _what(entry: VisitEntry) -> str:
    word = str(STEP_WORDS[entry.step])
    if entry.case is not None and entry.step in {Step.OUTCOME, Step.AHEAD_MARK}:
        case = _("案件{order}").format(order=entry.case.order)
        is_outcome = entry.step == Step.OUTCOME
        told = _outcome(entry.after) if is_outcome else _marked(entry.after)
        before = _outcome(entry.before) if is_outcome else AHEAD_WORDS.get(entry.before, "")
        aside = _("（前は：{before}）").format(before=before) if entry.before else ""
        return f"{case}　{told}{aside}"
    if entry.step == Step.TAKEN_BACK:
        return f"{word}{_('：{before}').format(before=_taken(entry.before))}"
    if entry.step == Step.ARRIVED and entry.after:
        return f"{word}{_('（「{step}」の記録から）').format(step=STEP_WORDS[entry.after])}"
    return word


def _outcome(code: str) -> str:
    outcome, _colon, why = code.partition(":")
    return outcome_words(outcome, why)


def _marked(code: str) -> str:
    """Say the mark that was set, or that there is none any more."""
    if not code:
        return _("準備の印を消した")
    return _("準備の印：{mark}").format(mark=AHEAD_WORDS[code])


def _taken(code: str) -> str:
    return str(STEP_WORDS[code]) if code in STEP_WORDS else str(ENDING_WORDS[Ending(code)])
