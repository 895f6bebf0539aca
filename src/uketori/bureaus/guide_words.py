"""The pages of the guide in words: a question, a yes, a no.  利用案内 1, R-05 … R-14.

State travels in the query string: the answers by the names of their questions, ``change`` for the
question that is asked again, ``asked`` for the one whose form was sent.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from uketori import refusal_texts
from uketori.bureaus.guide_sentences import ANSWERS, HELPS, QUESTIONS, STOPS
from uketori.bureaus.stay_warnings import stay_warnings
from uketori.rules.eligibility import RequiredDocument, form_names, kinds_that_book
from uketori.rules.guide import (
    Answer,
    Ask,
    Given,
    No,
    Question,
    Yes,
    answers_kept,
    answers_to,
    category_of,
    certificate_of,
    papers_for,
)
from uketori.rules.policy import ApplicationType, BureauPolicy, Document, IntermediaryKind
from uketori.web.form_problems import Problem

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    value: str
    label: str
    help: str
    chosen: bool


@dataclass(frozen=True)
class GivenAnswer:
    """An answer given before, with the address at which it is changed."""

    term: str
    value: str
    change: str


@dataclass(frozen=True)
class QuestionPage:
    """One question."""

    name: str
    number: str
    of: str
    title: str
    hint: str
    options: list[Option]
    kept: Given
    """Sent along unseen."""
    back: str
    answers: list[GivenAnswer]
    problems: list[Problem]


@dataclass(frozen=True)
class NoPage:
    """Why not, and what to do instead."""

    code: str
    reason: str
    clause: str
    """Of the bureau's notice; empty where the policy cites none."""
    instead: str
    at_counter: bool
    by_telephone: bool
    back: str
    answers: list[GivenAnswer]


@dataclass(frozen=True)
class YesPage:
    """What is booked, and what to bring."""

    kind: str
    type: str
    handed_in: str
    letter: str
    warnings: list[str]
    """Until when the result has to be received.  D20"""
    papers: list[RequiredDocument]
    fee_paper: str
    """Needed only when a re-entry permit was applied for along with it; else empty."""
    forms: str
    """The names of those papers that are forms of the agency.  R-14"""
    kept: Given
    back: str
    answers: list[GivenAnswer]


def how_many_questions() -> str:
    """Return the number of questions as it stands in sentences."""
    return _wide(len(Question))


def question_page(ask: Ask, policy: BureauPolicy, *, is_unanswered: bool) -> QuestionPage:
    """Put a question into words; ``ask.given`` may hold its own answer and later ones."""
    questions = list(Question)
    place = questions.index(ask.question)
    words = QUESTIONS[ask.question]
    before: Given = {one: ask.given[one] for one in questions[:place]}
    return QuestionPage(
        name=ask.question,
        number=_wide(place + 1),
        of=how_many_questions(),
        title=str(words.title).format(**_facts(before, policy)),
        hint=str(words.hint).format(**refusal_texts.numbers_of(policy)),
        options=[
            Option(
                value=value,
                label=_label(ask.question, value, before, policy),
                help=_help(ask.question, value, before, policy),
                chosen=ask.given.get(ask.question) == value,
            )
            for value in answers_to(ask.question, before, policy)
        ],
        kept=answers_kept(ask.question, ask.given),
        back=_changing(questions[place - 1], ask.given, policy) if place else "",
        answers=_answers(before, ask.given, policy),
        problems=[Problem("answer-1", _("あてはまるものを一つ選んでください。"))]
        if is_unanswered
        else [],
    )


def no_page(no: No, policy: BureauPolicy) -> NoPage:
    """Say why no reservation is possible, and what to do instead."""
    words = STOPS[no.stop]
    facts = _facts(no.given, policy)
    return NoPage(
        code=no.stop,
        reason=str(words.reason).format(**facts),
        clause=policy.guide_clauses.get(no.stop, ""),
        instead=str(words.instead).format(**facts),
        at_counter=words.at_counter,
        by_telephone=words.by_telephone,
        back=_changing(list(no.given)[-1], no.given, policy),
        answers=_answers(no.given, no.given, policy),
    )


def yes_page(yes: Yes, policy: BureauPolicy) -> YesPage:
    """Say which case it is, what to bring and until when to come."""
    papers = papers_for(yes, policy)
    return YesPage(
        kind=policy.intermediary_kinds[yes.kind],
        type=policy.application_types[yes.type],
        handed_in=policy.category_questions[yes.category],
        letter=policy.categories[yes.category],
        warnings=stay_warnings([yes.type]),
        papers=papers,
        fee_paper=_fee_paper(papers, policy),
        forms="・".join(form_names(papers)),
        kept=yes.given,
        back=_changing(list(yes.given)[-1], yes.given, policy),
        answers=_answers(yes.given, yes.given, policy),
    )


def address(policy: BureauPolicy, **query: str) -> str:
    """Return the guide's address with this query."""
    path = reverse("bureaus:eligibility", kwargs={"bureau": policy.code})
    return f"{path}?{urlencode(query)}" if query else path


def _answers(shown: Given, given: Given, policy: BureauPolicy) -> list[GivenAnswer]:
    return [
        GivenAnswer(
            term=str(QUESTIONS[question].term).format(**refusal_texts.numbers_of(policy)),
            value=_label(question, answer, given, policy),
            change=_changing(question, given, policy),
        )
        for question, answer in shown.items()
    ]


def _changing(question: Question, given: Given, policy: BureauPolicy) -> str:
    return address(policy, **{str(one): answer for one, answer in given.items()}, change=question)


def _label(question: Question, value: str, given: Given, policy: BureauPolicy) -> str:
    """Return the policy's own name of an answer, else ours."""
    if question is Question.APPLICATION and value in policy.application_types:
        return policy.application_types[ApplicationType(value)]
    if question is Question.WHO and value in policy.intermediary_kinds:
        return policy.intermediary_kinds[IntermediaryKind(value)]
    if question is Question.HANDED_IN:
        kind = IntermediaryKind(given[Question.WHO])
        category = category_of(kind, Answer(value), policy)
        if category is not None and category in policy.category_questions:
            return policy.category_questions[category]
    return str(ANSWERS[value]).format(**refusal_texts.numbers_of(policy))


def _help(question: Question, value: str, given: Given, policy: BureauPolicy) -> str:
    words = str(HELPS.get(value, "")).format(**refusal_texts.numbers_of(policy))
    if question is Question.WHO and value in policy.intermediary_kinds:
        certificate = policy.certificate_kinds[policy.certificate_of[IntermediaryKind(value)]]
        return words + _("{certificate}をお持ちの方").format(certificate=certificate)
    if question is Question.HANDED_IN:
        kind = IntermediaryKind(given[Question.WHO])
        category = category_of(kind, Answer(value), policy)
        needed = policy.documents_of_category.get(category, ()) if category else ()
        papers = "、".join(policy.documents[document] for document in needed)
        return _("{papers}が必要です。").format(papers=papers) if papers else words
    return words


def _facts(given: Given, policy: BureauPolicy) -> dict[str, str | int]:
    """Return what the sentences name: the policy's words, and those of the answers."""
    facts = refusal_texts.numbers_of(policy)
    facts["types"] = "、".join(policy.application_types.values())
    facts["kinds"] = "、".join(kinds_that_book(policy).values())
    if given.get(Question.WHO) in policy.intermediary_kinds:
        facts["kind"] = policy.intermediary_kinds[IntermediaryKind(given[Question.WHO])]
        facts["certificate"] = policy.certificate_kinds[certificate_of(given, policy)]
    if handed_in := given.get(Question.HANDED_IN):
        facts["handed_in"] = _label(Question.HANDED_IN, handed_in, given, policy)
    return facts


def _fee_paper(papers: list[RequiredDocument], policy: BureauPolicy) -> str:
    if any(paper.document is Document.FEE_FORM for paper in papers):
        return ""
    return policy.documents.get(Document.FEE_FORM, "")


def _wide(number: int) -> str:
    return str(number).translate(WIDE)
