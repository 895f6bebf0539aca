"""Whether a reservation is possible at all, one question after the other.  利用案内 1, R-05 … R-14.

The answers so far in, the next question or the end out.  Nobody has to know ア–エ: they follow from
who handed the application in (D26).  What a bureau does not offer is not among the answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from uketori.rules.eligibility import (
    CaseFacts,
    RequiredDocument,
    categories_for,
    kinds_that_book,
    required_documents,
)
from uketori.rules.policy import (
    ApplicationType,
    BureauPolicy,
    CertificateKind,
    IntermediaryKind,
    ReceiptCategory,
)

PROFESSIONALS = frozenset((IntermediaryKind.GYOSEISHOSHI, IntermediaryKind.LAWYER))
DAYS_AFTER_BIRTH = 60
"""So long a child may stay without a status: the law, the same at every bureau.  D20."""
MONTHS_AFTER_EXPIRY = 2
"""So long a stay goes on, at most, when the result is late; not for 永住.  The law.  D20."""


class Question(StrEnum):
    """One screen each, in this order."""

    FILED = "filed"
    APPLICATION = "application"
    POSTCARD = "postcard"
    WHO = "who"
    HANDED_IN = "handed_in"
    CERTIFICATE = "certificate"


class Answer(StrEnum):
    """The answers beside the policy's own types of application and kinds of person."""

    # where it was filed
    WINDOW = "window"
    ONLINE = "online"
    OTHER_OFFICE = "other_office"
    # applications that are no ApplicationType
    ACQUISITION_OTHER = "acquisition_other"
    ELIGIBILITY_CERTIFICATE = "eligibility_certificate"
    REENTRY_ALONE = "reentry_alone"
    CARD_MATTER = "card_matter"
    OTHER_APPLICATION = "other_application"
    # where the postcard calls whom
    COUNTER = "counter"
    OTHER_PLACE = "other_place"
    IN_PERSON = "in_person"
    NO_POSTCARD = "no_postcard"
    # people who are no IntermediaryKind
    EDUCATION = "education"
    TRAVEL_AGENT = "travel_agent"
    APPLICANT = "applicant"
    OTHER_PERSON = "other_person"
    # who handed it in
    ME = "me"
    COLLEAGUE = "colleague"
    SOMEBODY_ELSE = "somebody_else"
    # the certificate on the day of the visit
    VALID = "valid"
    ENDS_BEFORE = "ends_before"
    NO_CERTIFICATE = "no_certificate"


class Stop(StrEnum):
    """Why no reservation is possible.  The value is the stable code."""

    FILED_ONLINE = "FILED_ONLINE"  # 1 注意, R-05
    FILED_ELSEWHERE = "FILED_ELSEWHERE"  # 1, R-05
    ACQUISITION_NOT_BY_BIRTH = "ACQUISITION_NOT_BY_BIRTH"  # 1(4), R-06
    ELIGIBILITY_CERTIFICATE = "ELIGIBILITY_CERTIFICATE"  # 1 注意, R-07
    REENTRY_ALONE = "REENTRY_ALONE"  # 1 注意, R-07
    CARD_MATTER = "CARD_MATTER"  # 1 注意, R-07
    OTHER_APPLICATION = "OTHER_APPLICATION"  # 1(1)–(6), R-06
    NOT_FINISHED = "NOT_FINISHED"  # 1, R-11
    CALLED_ELSEWHERE = "CALLED_ELSEWHERE"  # ※1, R-12
    CALLED_IN_PERSON = "CALLED_IN_PERSON"  # ※1, R-12
    EDUCATION_INSTITUTION = "EDUCATION_INSTITUTION"  # 1, R-10
    TRAVEL_AGENT = "TRAVEL_AGENT"  # 1 注意, R-08
    NOT_AN_INTERMEDIARY = "NOT_AN_INTERMEDIARY"  # 1, R-08
    OTHER_PERSON = "OTHER_PERSON"  # 1, R-08
    NOT_FOR_THIS_KIND = "NOT_FOR_THIS_KIND"  # 1 ア–エ, R-08, D25
    CERTIFICATE_ENDS_BEFORE = "CERTIFICATE_ENDS_BEFORE"  # 1, R-09
    NO_CERTIFICATE = "NO_CERTIFICATE"  # 1, R-09


STOPS: Mapping[str, Stop] = {
    Answer.ONLINE: Stop.FILED_ONLINE,
    Answer.OTHER_OFFICE: Stop.FILED_ELSEWHERE,
    Answer.ACQUISITION_OTHER: Stop.ACQUISITION_NOT_BY_BIRTH,
    Answer.ELIGIBILITY_CERTIFICATE: Stop.ELIGIBILITY_CERTIFICATE,
    Answer.REENTRY_ALONE: Stop.REENTRY_ALONE,
    Answer.CARD_MATTER: Stop.CARD_MATTER,
    Answer.OTHER_APPLICATION: Stop.OTHER_APPLICATION,
    Answer.NO_POSTCARD: Stop.NOT_FINISHED,
    Answer.OTHER_PLACE: Stop.CALLED_ELSEWHERE,
    Answer.IN_PERSON: Stop.CALLED_IN_PERSON,
    Answer.EDUCATION: Stop.EDUCATION_INSTITUTION,
    Answer.TRAVEL_AGENT: Stop.TRAVEL_AGENT,
    Answer.APPLICANT: Stop.NOT_AN_INTERMEDIARY,
    Answer.OTHER_PERSON: Stop.OTHER_PERSON,
    Answer.ENDS_BEFORE: Stop.CERTIFICATE_ENDS_BEFORE,
    Answer.NO_CERTIFICATE: Stop.NO_CERTIFICATE,
}
"""Answers that end the questions by themselves."""

Given = Mapping[Question, str]
"""Answers in the order of the questions, each from its closed list."""


@dataclass(frozen=True)
class Ask:
    """This question comes next."""

    question: Question
    given: Given


@dataclass(frozen=True)
class No:
    """No reservation is possible, by the last of the answers given."""

    stop: Stop
    given: Given


@dataclass(frozen=True)
class Yes:
    """A reservation is possible."""

    given: Given
    kind: IntermediaryKind
    type: ApplicationType
    category: ReceiptCategory


def go_through(told: Mapping[str, str], policy: BureauPolicy) -> Ask | No | Yes:
    """Take answers by the names of their questions; whatever is on no list counts as not said."""
    given: dict[Question, str] = {}
    for question in Question:
        answer = told.get(question, "")
        if answer not in answers_to(question, given, policy):
            return Ask(question, given)
        given[question] = answer
        if stop := _stop_of(question, given, policy):
            return No(stop, given)
    kind = IntermediaryKind(given[Question.WHO])
    handed_in = Answer(given[Question.HANDED_IN])
    return Yes(
        given=given,
        kind=kind,
        type=ApplicationType(given[Question.APPLICATION]),
        category=_category_meant(kind, handed_in),
    )


def answers_to(question: Question, given: Given, policy: BureauPolicy) -> tuple[str, ...]:
    """Return the answers a question offers after those given, in the order shown."""
    match question:
        case Question.FILED:
            return (Answer.WINDOW, Answer.ONLINE, Answer.OTHER_OFFICE)
        case Question.APPLICATION:
            return tuple(_applications(policy))
        case Question.POSTCARD:
            return (Answer.COUNTER, Answer.OTHER_PLACE, Answer.IN_PERSON, Answer.NO_POSTCARD)
        case Question.WHO:
            return tuple(_people(policy))
        case Question.HANDED_IN:
            return tuple(_filers(IntermediaryKind(given[Question.WHO]), policy))
        case Question.CERTIFICATE:
            return (Answer.VALID, Answer.ENDS_BEFORE, Answer.NO_CERTIFICATE)


def answers_kept(changed: Question, given: Given) -> Given:
    """Return what still holds when one answer is given anew: who it is decides what follows it."""
    follows = {Question.HANDED_IN, Question.CERTIFICATE} if changed is Question.WHO else set()
    return {
        question: answer
        for question, answer in given.items()
        if question is not changed and question not in follows
    }


def category_of(
    kind: IntermediaryKind, handed_in: Answer, policy: BureauPolicy
) -> ReceiptCategory | None:
    """Return ア–エ for who handed it in, None if this kind of person may not receive it.  R-08."""
    category = _category_meant(kind, handed_in)
    return category if category in categories_for(kind, policy) else None


def certificate_of(given: Given, policy: BureauPolicy) -> CertificateKind:
    """Return the certificate that the person named in the answers must hold."""
    return policy.certificate_of[IntermediaryKind(given[Question.WHO])]


def papers_for(
    yes: Yes, policy: BureauPolicy, *, with_reentry_permit: bool = False
) -> list[RequiredDocument]:
    """Return the papers to bring for such a case, the certificate first.  R-13."""
    case = CaseFacts(
        number="",
        type=yes.type,
        category=yes.category,
        with_reentry_permit=with_reentry_permit,
    )
    return required_documents(certificate_of(yes.given, policy), [case], policy)


def _applications(policy: BureauPolicy) -> Iterator[str]:
    for kind in policy.application_types:
        yield kind
        if kind is ApplicationType.ACQUISITION_BIRTH:
            yield Answer.ACQUISITION_OTHER
    yield Answer.ELIGIBILITY_CERTIFICATE
    yield Answer.REENTRY_ALONE
    yield Answer.CARD_MATTER
    yield Answer.OTHER_APPLICATION


def _people(policy: BureauPolicy) -> Iterator[str]:
    yield from kinds_that_book(policy)
    if policy.education_excluded:
        yield Answer.EDUCATION
    yield Answer.TRAVEL_AGENT
    yield Answer.APPLICANT
    yield Answer.OTHER_PERSON


def _filers(kind: IntermediaryKind, policy: BureauPolicy) -> Iterator[str]:
    """Yield who may have handed it in; a professional's colleague is somebody else like any."""
    yield Answer.ME
    if kind not in PROFESSIONALS and ReceiptCategory.SAME_ORG in policy.categories:
        yield Answer.COLLEAGUE
    yield Answer.SOMEBODY_ELSE


def _stop_of(question: Question, given: Given, policy: BureauPolicy) -> Stop | None:
    answer = given[question]
    if question is Question.HANDED_IN:
        kind = IntermediaryKind(given[Question.WHO])
        allowed = category_of(kind, Answer(answer), policy)
        return None if allowed else Stop.NOT_FOR_THIS_KIND
    return STOPS.get(answer)


def _category_meant(kind: IntermediaryKind, handed_in: Answer) -> ReceiptCategory:
    if handed_in is Answer.ME:
        return ReceiptCategory.OWN
    if handed_in is Answer.COLLEAGUE:
        return ReceiptCategory.SAME_ORG
    if kind in PROFESSIONALS:
        return ReceiptCategory.PROFESSIONAL_RECEIVE_ONLY
    return ReceiptCategory.ORG_RECEIVE_ONLY
