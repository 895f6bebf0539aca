"""利用案内 1: who may come, with which cases, and what to bring."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.policies import osaka
from uketori.rules.eligibility import (
    CaseFacts,
    HolderFacts,
    judge_case,
    refuse_certificate_on,
    refuse_declarations,
    refuse_holder,
    refuse_notice,
    required_declarations,
    required_documents,
)
from uketori.rules.policy import ApplicationType, CertificateKind, Document, IntermediaryKind
from uketori.rules.refusals import Reason, Refusal, Warned

TODAY = date(2026, 6, 10)
AOKI = HolderFacts(
    kind=IntermediaryKind.ORG_STAFF,
    certificate_kind=CertificateKind.INTERMEDIARY,
    expires_on=date(2027, 3, 31),
    is_education_institution=False,
)
CASE = CaseFacts(number="阪労一E01234", type="extension", category="own")


def codes(reasons: list[Reason]) -> list[str]:
    return [str(reason.code) for reason in reasons]


def refused(**changes: Any) -> list[str]:
    return codes(refuse_holder(replace(AOKI, **changes), osaka(), today=TODAY))


def test_holder__in_order__not_refused() -> None:
    assert refused() == []


def test_holder__of_an_education_institution__refused_unless_the_policy_allows() -> None:
    teacher = replace(AOKI, is_education_institution=True)
    assert codes(refuse_holder(teacher, osaka(), today=TODAY)) == ["EDUCATION_INSTITUTION"]
    assert refuse_holder(teacher, osaka(education_excluded=False), today=TODAY) == []


@pytest.mark.parametrize(
    ("kind", "certificate", "expected"),
    [
        ("org_staff", "intermediary", []),
        ("org_staff", "notified_professional", ["CERTIFICATE_NOT_OF_KIND"]),
        ("public_corp_staff", "notified_professional", ["CERTIFICATE_NOT_OF_KIND"]),
        ("gyoseishoshi", "notified_professional", []),
        ("gyoseishoshi", "intermediary", ["CERTIFICATE_NOT_OF_KIND"]),
        ("lawyer", "notified_professional", []),
        ("lawyer", "intermediary", ["CERTIFICATE_NOT_OF_KIND"]),
    ],
)
def test_holder__certificate_of_kind(kind: str, certificate: str, expected: list[str]) -> None:
    changes = {
        "kind": IntermediaryKind(kind),
        "certificate_kind": CertificateKind(certificate),
    }
    assert refused(**changes) == expected


def test_holder__certificate_ends_today__allowed_and_yesterday_refused() -> None:
    assert refused(expires_on=date(2026, 6, 10)) == []
    assert refused(expires_on=date(2026, 6, 9)) == ["CERTIFICATE_EXPIRED"]


def test_holder__everything_wrong__all_reasons() -> None:
    wrong = refused(
        is_education_institution=True,
        certificate_kind=CertificateKind.NOTIFIED_PROFESSIONAL,
        expires_on=date(2026, 6, 9),
    )
    assert wrong == ["EDUCATION_INSTITUTION", "CERTIFICATE_NOT_OF_KIND", "CERTIFICATE_EXPIRED"]


def test_certificate__ends_on_visit_day_fri_06_12__allowed() -> None:
    assert refuse_certificate_on(date(2026, 6, 12), date(2026, 6, 12)) == []


def test_certificate__ends_on_thu_06_11_before_visit_on_fri_06_12__refused() -> None:
    (reason,) = refuse_certificate_on(date(2026, 6, 12), date(2026, 6, 11))
    assert reason.code is Refusal.CERTIFICATE_EXPIRES_BEFORE_VISIT
    assert reason.facts == {"expires_on": date(2026, 6, 11), "visit_day": date(2026, 6, 12)}


MATRIX = {  # R-08, D25: own, same_org, org_receive_only, professional_receive_only
    "org_staff": "yes yes yes no",
    "public_corp_staff": "yes yes no no",
    "gyoseishoshi": "yes no no yes",
    "lawyer": "yes no no yes",
}
CATEGORIES = ("own", "same_org", "org_receive_only", "professional_receive_only")


@pytest.mark.parametrize(
    ("kind", "category", "answer"),
    [
        (kind, category, answer)
        for kind, row in MATRIX.items()
        for category, answer in zip(CATEGORIES, row.split(), strict=True)
    ],
)
def test_category__matrix_of_r_08(kind: str, category: str, answer: str) -> None:
    reasons = judge_case(replace(CASE, category=category), IntermediaryKind(kind), osaka(), case=1)
    assert codes(reasons) == ([] if answer == "yes" else ["CATEGORY_NOT_FOR_HOLDER"])


@pytest.mark.parametrize(
    "kind",
    ["change", "extension", "permanent", "acquisition_birth", "extra_activity", "work_certificate"],
)
def test_type__each_of_the_six__allowed(kind: str) -> None:
    case = replace(CASE, number="阪労一X01234", type=kind)
    assert judge_case(case, AOKI.kind, osaka(), case=1) == []


@pytest.mark.parametrize(
    ("number", "kind", "suggested"),
    [
        ("阪労一E01234", "extension", None),
        ("阪労一E01234", "permanent", "在留期間更新"),
        ("阪労一Ｐ０１２３４", "permanent", None),
        ("阪労一ｐ-01234", "extension", "永住"),
        ("阪労一C01234", "work_certificate", "在留資格変更"),
        ("阪労一X01234", "permanent", None),
        ("0123456", "permanent", None),
    ],
)
def test_type__not_of_the_letter__warned_by_both_names(
    number: str, kind: str, suggested: str | None
) -> None:
    policy = osaka()
    reasons = judge_case(replace(CASE, number=number, type=kind), AOKI.kind, policy, case=2)

    told = [reason for reason in reasons if reason.code is Warned.TYPE_NOT_OF_LETTER]
    chosen = policy.application_types[ApplicationType(kind)]
    facts = {"suggested": suggested, "chosen": chosen}
    assert told == ([Reason(Warned.TYPE_NOT_OF_LETTER, 2, facts)] if suggested else [])
    assert not any(isinstance(reason.code, Refusal) for reason in reasons)


@pytest.mark.parametrize("kind", ["", "reentry"])
def test_type__missing_or_unknown_beside_a_letter__refused_and_not_warned(kind: str) -> None:
    reasons = judge_case(replace(CASE, type=kind), AOKI.kind, osaka(), case=1)

    assert codes(reasons) == ["TYPE_UNKNOWN" if kind else "TYPE_MISSING"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type": ""}, ["TYPE_MISSING"]),
        ({"type": "reentry"}, ["TYPE_UNKNOWN"]),
        ({"category": ""}, ["CATEGORY_MISSING"]),
        ({"category": "オ"}, ["CATEGORY_UNKNOWN"]),
        (
            {"number": "", "type": "", "category": ""},
            ["NUMBER_MISSING", "TYPE_MISSING", "CATEGORY_MISSING"],
        ),
        ({"with_reentry_permit": True}, []),
    ],
)
def test_case__what_is_missing_or_unknown(changes: dict[str, Any], expected: list[str]) -> None:
    reasons = judge_case(replace(CASE, **changes), AOKI.kind, osaka(), case=3)
    assert codes(reasons) == expected
    assert all(reason.case == 3 for reason in reasons)


def papers(*cases: CaseFacts, kind: str = "intermediary") -> list[tuple[str, object]]:
    needed = required_documents(CertificateKind(kind), cases, osaka())
    return [(paper.name, paper.cases) for paper in needed]


FOR_ALL = [
    ("申請等取次者証明書", None),
    ("通知書（ハガキ）", None),
    ("申請受付票", None),
    ("申請人の旅券と在留カード", None),
]


def test_documents__own_case_without_fee__only_those_for_everybody() -> None:
    assert papers(replace(CASE, type="extra_activity")) == FOR_ALL


def test_documents__certificate_comes_first_by_its_own_name() -> None:
    assert papers(CASE, kind="notified_professional")[0] == ("届出済証明書", None)


def test_documents__fee_for_all__is_said_for_all() -> None:
    assert papers(CASE, CASE) == [*FOR_ALL, ("手数料納付書と収入印紙", None)]


def test_documents__mixed_cases__name_their_rows() -> None:
    assert papers(
        replace(CASE, type="extra_activity"),
        replace(CASE, category="same_org"),
        replace(CASE, type="acquisition_birth", category="org_receive_only"),
        replace(CASE, type="acquisition_birth", with_reentry_permit=True),
    ) == [
        *FOR_ALL,
        ("手数料納付書と収入印紙", (2, 4)),
        ("受領証", (2,)),
        ("依頼書（申請人の署名入り）", (3,)),
    ]


def test_documents__rows_missing_in_between__keep_their_order_numbers() -> None:
    rows = (replace(CASE, order=2), replace(CASE, order=5, category="same_org"))
    assert papers(*rows)[-1] == ("受領証", (5,))


def test_documents__notes_come_from_the_policy() -> None:
    first = required_documents(CertificateKind.INTERMEDIARY, [CASE], osaka())[0]
    assert (first.document, first.note) == (Document.CERTIFICATE, "予約日に有効なもの")


def test_declarations__birth_only_where_an_acquisition_is_among_the_cases() -> None:
    usual = [one.code for one in required_declarations({"extension"}, osaka())]
    birth = [one.code for one in required_declarations({"acquisition_birth"}, osaka())]
    assert usual == ["filed_at_window", "not_education"]
    assert birth == [*usual, "acquisition_by_birth"]


def test_declarations__each_missing_one_is_named() -> None:
    (reason,) = refuse_declarations({"filed_at_window"}, {"extension"}, osaka())
    assert reason.facts == {
        "code": "not_education",
        "text": "外国人受入れ教育機関の申請等取次者ではありません。",
    }
    assert refuse_declarations({"filed_at_window", "not_education"}, {"change"}, osaka()) == []
    assert len(refuse_declarations(set(), {"acquisition_birth"}, osaka())) == 3


@pytest.mark.parametrize(
    ("read", "expected"), [(None, ["NOTICE_NOT_READ"]), (2, ["NOTICE_CHANGED"]), (3, [])]
)
def test_notice__the_version_in_force_must_be_read(read: int | None, expected: list[str]) -> None:
    assert codes(refuse_notice(read, 3)) == expected
