"""Who may come, with which cases, and what to bring.  利用案内 1."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from uketori.rules.application_number import judge_number, suggested_type
from uketori.rules.policy import (
    ApplicationType,
    BureauPolicy,
    CertificateKind,
    Declaration,
    Document,
    IntermediaryKind,
    ReceiptCategory,
)
from uketori.rules.refusals import Reason, Refusal, Warned

FOR_EVERYBODY = frozenset(
    (Document.CERTIFICATE, Document.POSTCARD, Document.RECEIPT_SLIP, Document.PASSPORT_AND_CARD)
)
FORMS = frozenset((Document.RECEIPT_FORM, Document.REQUEST_FORM))


@dataclass(frozen=True, kw_only=True)
class HolderFacts:
    """The person who will come, as entered."""

    kind: IntermediaryKind
    certificate_kind: CertificateKind
    expires_on: date
    is_education_institution: bool


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """One case as entered; type and category may still be empty or unknown.

    ``order`` is the number of its row where rows are missing in between; else they count from 1.
    """

    number: str
    type: str
    category: str
    with_reentry_permit: bool = False
    order: int | None = None


@dataclass(frozen=True, kw_only=True)
class RequiredDocument:
    """A paper to bring, and the rows it is for; ``cases`` is None when it is for all of them."""

    document: Document
    name: str
    note: str
    cases: tuple[int, ...] | None


def refuse_holder(holder: HolderFacts, policy: BureauPolicy, *, today: date) -> list[Reason]:
    """Return why this person cannot use the system at all.  利用案内 1, R-08 … R-10."""
    reasons = []
    if policy.education_excluded and holder.is_education_institution:
        reasons.append(Reason(Refusal.EDUCATION_INSTITUTION))
    needed = policy.certificate_of[holder.kind]
    if holder.certificate_kind != needed:
        facts: dict[str, object] = {
            "holder": policy.intermediary_kinds[holder.kind],
            "certificate": policy.certificate_kinds[needed],
        }
        reasons.append(Reason(Refusal.CERTIFICATE_NOT_OF_KIND, facts=facts))
    if holder.expires_on < today:
        facts = {"expires_on": holder.expires_on}
        reasons.append(Reason(Refusal.CERTIFICATE_EXPIRED, facts=facts))
    return reasons


def refuse_certificate_on(visit_day: date, expires_on: date) -> list[Reason]:
    """Refuse a day on which the certificate is no longer valid; its last day is allowed.  R-09."""
    if visit_day <= expires_on:
        return []
    facts: dict[str, object] = {"expires_on": expires_on, "visit_day": visit_day}
    return [Reason(Refusal.CERTIFICATE_EXPIRES_BEFORE_VISIT, facts=facts)]


def refuse_certificate_at(
    starts_at: datetime | None, expires_on: date, policy: BureauPolicy
) -> list[Reason]:
    """Do the same for the hour that was chosen; without one there is nothing to say."""
    if starts_at is None:
        return []
    return refuse_certificate_on(starts_at.astimezone(policy.tz).date(), expires_on)


def kinds_that_book(policy: BureauPolicy) -> dict[IntermediaryKind, str]:
    """Return who may book here, with their names.

    A position without a category is kept for those who registered with it, and no longer offered.
    """
    names = policy.intermediary_kinds
    return {kind: name for kind, name in names.items() if policy.categories_of[kind]}


def kinds_with(certificate: CertificateKind, policy: BureauPolicy) -> dict[IntermediaryKind, str]:
    """Return those who book here with this certificate: a slip among them can be corrected."""
    return {
        kind: name
        for kind, name in kinds_that_book(policy).items()
        if policy.certificate_of[kind] == certificate
    }


def categories_for(kind: IntermediaryKind, policy: BureauPolicy) -> tuple[ReceiptCategory, ...]:
    """Return the categories open to this kind of person, in the notice's order.  1 ア–エ, R-08.

    All of them where the rules are older than the kind: a reservation keeps the rules it was made
    under, and its holder's kind may be corrected to one that came later.
    """
    return policy.categories_of.get(kind, tuple(policy.categories))


def judge_case(
    facts: CaseFacts, holder_kind: IntermediaryKind, policy: BureauPolicy, *, case: int | None
) -> list[Reason]:
    """Return every refusal and warning of one row: number, type, category.  1(1)–(6), ア–エ."""
    return [
        *judge_number(facts.number, policy, case=case),
        *(_refuse_type(facts.type, policy, case) or _warn_of_letter(facts, policy, case)),
        *_refuse_category(facts.category, holder_kind, policy, case),
    ]


def required_documents(
    certificate_kind: CertificateKind, cases: Sequence[CaseFacts], policy: BureauPolicy
) -> list[RequiredDocument]:
    """Return the papers to bring, the certificate first and by its own name.  R-13, C7."""
    names = dict(policy.documents)
    names[Document.CERTIFICATE] = policy.certificate_kinds[certificate_kind]
    papers = []
    for document in filter(names.__contains__, Document):
        rows = _rows_needing(document, cases, policy)
        if not rows and document not in FOR_EVERYBODY:
            continue
        paper = RequiredDocument(
            document=document,
            name=names[document],
            note=policy.document_notes.get(document, ""),
            cases=None if len(rows) == len(cases) else rows,
        )
        papers.append(paper)
    return papers


def form_names(papers: Iterable[RequiredDocument]) -> list[str]:
    """Return the names of those that are forms of the agency.  R-14."""
    return [paper.name for paper in papers if paper.document in FORMS]


def required_declarations(types: Collection[str], policy: BureauPolicy) -> tuple[Declaration, ...]:
    """Return what has to be confirmed at booking for cases of these types.  D26."""
    return tuple(
        declaration
        for declaration in policy.declarations
        if declaration.only_for is None or declaration.only_for in types
    )


def refuse_declarations(
    confirmed: AbstractSet[str], types: Collection[str], policy: BureauPolicy
) -> list[Reason]:
    """Return one reason for each sentence that was not confirmed.  利用案内 1, ※1, D26."""
    return [
        Reason(
            Refusal.DECLARATION_MISSING, facts={"code": declaration.code, "text": declaration.text}
        )
        for declaration in required_declarations(types, policy)
        if declaration.code not in confirmed
    ]


def refuse_notice(read_version: int | None, current_version: int) -> list[Reason]:
    """Refuse who has not read the notice, or not the one in force.  利用案内 6(5), R-01."""
    if read_version is None:
        return [Reason(Refusal.NOTICE_NOT_READ)]
    if read_version != current_version:
        return [Reason(Refusal.NOTICE_CHANGED)]
    return []


def _refuse_type(value: str, policy: BureauPolicy, case: int | None) -> list[Reason]:
    if not value:
        return [Reason(Refusal.TYPE_MISSING, case)]
    if value not in policy.application_types:
        return [Reason(Refusal.TYPE_UNKNOWN, case)]
    return []


def _warn_of_letter(facts: CaseFacts, policy: BureauPolicy, case: int | None) -> list[Reason]:
    """Warn where the number's letter suggests another type than the chosen one.  D10."""
    suggested = suggested_type(facts.number, policy)
    if suggested is None or suggested == facts.type:
        return []
    names = policy.application_types
    words: dict[str, object] = {
        "suggested": names[suggested],
        "chosen": names[ApplicationType(facts.type)],
    }
    return [Reason(Warned.TYPE_NOT_OF_LETTER, case, words)]


def _refuse_category(
    value: str, holder_kind: IntermediaryKind, policy: BureauPolicy, case: int | None
) -> list[Reason]:
    if not value:
        return [Reason(Refusal.CATEGORY_MISSING, case)]
    if value not in policy.categories:
        return [Reason(Refusal.CATEGORY_UNKNOWN, case)]
    category = ReceiptCategory(value)
    if category in categories_for(holder_kind, policy):
        return []
    facts: dict[str, object] = {
        "category": policy.categories[category],
        "holder": policy.intermediary_kinds[holder_kind],
    }
    return [Reason(Refusal.CATEGORY_NOT_FOR_HOLDER, case, facts)]


def _rows_needing(
    document: Document, cases: Sequence[CaseFacts], policy: BureauPolicy
) -> tuple[int, ...]:
    return tuple(
        case.order or place
        for place, case in enumerate(cases, start=1)
        if document in FOR_EVERYBODY or document in _extra_documents(case, policy)
    )


def _extra_documents(case: CaseFacts, policy: BureauPolicy) -> Iterator[Document]:
    """Yield the papers that this case needs beside those for everybody."""
    if case.type in policy.application_types:
        yield from policy.documents_of_type.get(ApplicationType(case.type), ())
    if case.category in policy.categories:
        yield from policy.documents_of_category.get(ReceiptCategory(case.category), ())
    if case.with_reentry_permit:
        yield Document.FEE_FORM
