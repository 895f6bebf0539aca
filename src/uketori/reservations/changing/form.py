"""What the form of the change page asks for, and the same in words.  利用案内 4(3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.cases.words import case_facts, case_words
from uketori.reservations.changing.edits import (
    Edits,
    cases_at,
    facts_seen,
    is_as_asked,
    lines_after,
)
from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.standing import revision_of
from uketori.rules.eligibility import CaseFacts
from uketori.rules.number_key import as_shown
from uketori.rules.policy import BureauPolicy


@dataclass(frozen=True)
class ReviewedChange:
    """One thing that would change, for the review."""

    kind: str
    before: str
    after: str


def edits_from(
    post: QueryDict,
    reservation: Reservation,
    cases: Sequence[ReservedCase],
    policy: BureauPolicy,
) -> Edits:
    """Return what a form asks for; a field that was not sent means: as it stands."""
    revision = revision_of(post)
    seen = facts_seen(reservation, cases, revision) if post else {}
    return Edits(
        corrected={case.pk: _wanted(post, case, seen.get(case.pk)) for case in cases},
        withdrawn=frozenset(case.pk for case in cases if str(case.pk) in post.getlist("withdraw")),
        put_back=tuple(DraftContent.from_post(post).cases(policy)),
        revision=revision,
    )


def is_done(
    post: QueryDict,
    reservation: Reservation,
    cases: Sequence[ReservedCase],
    policy: BureauPolicy,
) -> bool:
    """Tell whether the form was sent before and did its work: a double click, a page reloaded.

    ``cases`` are those that stand now.
    """
    revision = revision_of(post)
    if not 0 < revision < reservation.revision:
        return False
    then = cases_at(reservation, revision)
    edits = edits_from(post, reservation, then, policy)
    seen = facts_seen(reservation, then, revision)
    corrects = any(_typed(post, case) not in {None, seen[case.pk]} for case in then)
    asks = bool(edits.withdrawn or edits.put_back or corrects)
    return asks and is_as_asked(cases, then, edits)


def differences(
    cases: Sequence[ReservedCase], edits: Edits, policy: BureauPolicy
) -> list[ReviewedChange]:
    """Return what would change, case by case."""
    found = []
    for line in lines_after(list(cases), edits):
        after = _line_words(line.facts, policy)
        if line.case is None:
            found.append(ReviewedChange(_("戻す"), "", after))
        elif line.is_corrected:
            before = _line_words(case_facts(line.case), policy)
            found.append(ReviewedChange(_("なおす"), before, after))
    withdrawn = [case for case in cases if case.pk in edits.withdrawn]
    gone = [
        ReviewedChange(_("取り消す"), _line_words(case_facts(case), policy), "")
        for case in withdrawn
    ]
    return [*gone, *found]


def typed_in_vain(
    post: QueryDict, reservation: Reservation, policy: BureauPolicy
) -> list[ReviewedChange]:
    """Return what was typed for cases that were withdrawn since the form was shown."""
    revision = revision_of(post)
    if not 0 < revision < reservation.revision:
        return []
    gone = [case for case in cases_at(reservation, revision) if case.withdrawn_at is not None]
    edits = edits_from(post, reservation, gone, policy)
    return [
        ReviewedChange(
            _("なおす"), _line_words(case_facts(case), policy), _line_words(typed, policy)
        )
        for case in gone
        if case.pk not in edits.withdrawn
        and (typed := edits.corrected[case.pk]) != case_facts(case)
    ]


def _wanted(post: QueryDict, case: ReservedCase, seen: CaseFacts | None) -> CaseFacts:
    """Return the case as it was typed; as it stands, if nothing else was typed than was shown."""
    typed = _typed(post, case)
    return case_facts(case) if typed is None or typed == seen else typed


def _typed(post: QueryDict, case: ReservedCase) -> CaseFacts | None:
    """Return what the form sent of the case, None if nothing."""
    facts = case_facts(case)
    name = f"new-number-{case.pk}"
    if name not in post:
        return None
    return CaseFacts(
        number=as_shown(post.get(name, "")),
        type=post.get(f"new-type-{case.pk}", facts.type),
        category=post.get(f"new-category-{case.pk}", facts.category),
        with_reentry_permit=f"new-reentry-{case.pk}" in post,
        order=case.order,
    )


def _line_words(facts: CaseFacts, policy: BureauPolicy) -> str:
    """Say a case in one line, also one whose type is not right yet."""
    known = facts.type in {one.value for one in policy.application_types}
    letters = facts.category in {one.value for one in policy.categories}
    if not (known and letters):
        return facts.number
    words = case_words(facts, policy)
    return f"{words.number}　{words.type}　{words.letter}"
