"""利用案内 1, R-05 … R-14: every way through the guide."""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import osaka
from uketori.rules.eligibility import form_names
from uketori.rules.guide import (
    Answer,
    Ask,
    No,
    Question,
    Stop,
    Yes,
    answers_kept,
    answers_to,
    go_through,
    papers_for,
)
from uketori.rules.policy import (
    ApplicationType,
    BureauPolicy,
    CertificateKind,
    Document,
    IntermediaryKind,
    ReceiptCategory,
)

AOKI = {
    "filed": "window",
    "application": "extension",
    "postcard": "counter",
    "who": "org_staff",
    "handed_in": "me",
    "certificate": "valid",
}


def ends(policy: BureauPolicy) -> Iterator[No | Yes]:
    """Walk every way, answer by answer."""
    ways: list[Mapping[str, str]] = [{}]
    while ways:
        told = ways.pop()
        state = go_through(told, policy)
        if not isinstance(state, Ask):
            yield state
            continue
        answers = answers_to(state.question, state.given, policy)
        ways += [{**told, state.question: answer} for answer in answers]


def end(**changes: str) -> Ask | No | Yes:
    return go_through({**AOKI, **changes}, osaka())


def stop(**changes: str) -> Stop:
    state = end(**changes)
    assert isinstance(state, No)
    return state.stop


def test_guide__every_way__ends_after_six_questions_at_most() -> None:
    found = list(ends(osaka()))

    assert max(len(one.given) for one in found) == len(Question) == 6
    assert all(len(one.given) == 6 for one in found if isinstance(one, Yes))
    # 2 + 5 + 3 + 4 refused at once; 6 types times what each kind of person can say
    assert len(found) == 2 + 5 + 6 * (3 + 4 + (3 + 2 + 2 + 2) * 3 + 1)


def test_guide__every_refusal__reached_on_some_way() -> None:
    assert {one.stop for one in ends(osaka()) if isinstance(one, No)} == set(Stop)


@pytest.mark.parametrize(
    ("who", "handed_in", "expected"),
    [
        ("org_staff", "me", "own"),
        ("org_staff", "colleague", "same_org"),
        ("org_staff", "somebody_else", "org_receive_only"),
        ("public_corp_staff", "me", "own"),
        ("public_corp_staff", "colleague", "same_org"),
        ("public_corp_staff", "somebody_else", Stop.NOT_FOR_THIS_KIND),
        ("gyoseishoshi", "me", "own"),
        ("gyoseishoshi", "somebody_else", "professional_receive_only"),
        ("lawyer", "me", "own"),
        ("lawyer", "somebody_else", "professional_receive_only"),
    ],
)
def test_guide__who_handed_it_in__matrix_of_r_08(who: str, handed_in: str, expected: str) -> None:
    state = end(who=who, handed_in=handed_in)

    assert (state.category if isinstance(state, Yes) else stop(who=who, handed_in=handed_in)) == (
        expected
    )


def test_guide__every_kind__reaches_its_categories_and_no_other() -> None:
    policy = osaka()
    reached: dict[IntermediaryKind, set[ReceiptCategory]] = {}
    for one in ends(policy):
        if isinstance(one, Yes):
            reached.setdefault(one.kind, set()).add(one.category)

    assert reached == {kind: set(rows) for kind, rows in policy.categories_of.items()}


def test_guide__every_type__reached() -> None:
    assert {one.type for one in ends(osaka()) if isinstance(one, Yes)} == set(ApplicationType)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("filed", "online", Stop.FILED_ONLINE),
        ("filed", "other_office", Stop.FILED_ELSEWHERE),
        ("application", "acquisition_other", Stop.ACQUISITION_NOT_BY_BIRTH),
        ("application", "eligibility_certificate", Stop.ELIGIBILITY_CERTIFICATE),
        ("application", "reentry_alone", Stop.REENTRY_ALONE),
        ("application", "card_matter", Stop.CARD_MATTER),
        ("application", "other_application", Stop.OTHER_APPLICATION),
        ("postcard", "no_postcard", Stop.NOT_FINISHED),
        ("postcard", "other_place", Stop.CALLED_ELSEWHERE),
        ("postcard", "in_person", Stop.CALLED_IN_PERSON),
        ("who", "education", Stop.EDUCATION_INSTITUTION),
        ("who", "travel_agent", Stop.TRAVEL_AGENT),
        ("who", "applicant", Stop.NOT_AN_INTERMEDIARY),
        ("who", "other_person", Stop.OTHER_PERSON),
        ("certificate", "ends_before", Stop.CERTIFICATE_ENDS_BEFORE),
        ("certificate", "no_certificate", Stop.NO_CERTIFICATE),
    ],
)
def test_guide__one_answer_refuses__whatever_is_said_later(
    question: str, answer: str, expected: Stop
) -> None:
    assert stop(**{question: answer}) is expected


@pytest.mark.parametrize("missing", list(Question))
def test_guide__answer_missing__asked_and_those_before_kept(missing: Question) -> None:
    state = end(**{missing: ""})

    assert isinstance(state, Ask)
    assert state.question is missing
    assert list(state.given) == list(Question)[: list(Question).index(missing)]


def test_guide__professional__is_not_asked_about_a_colleague() -> None:
    state = end(who="lawyer", handed_in="colleague")

    assert isinstance(state, Ask)
    assert state.question is Question.HANDED_IN
    assert answers_to(state.question, state.given, osaka()) == (Answer.ME, Answer.SOMEBODY_ELSE)


known = st.one_of(
    st.sampled_from([one.value for one in Answer]),
    st.sampled_from([one.value for one in (*ApplicationType, *IntermediaryKind)]),
    st.text(max_size=5),
)
keys = st.one_of(st.sampled_from([one.value for one in Question]), st.text(max_size=5))


@given(told=st.dictionaries(keys, known, max_size=9))
def test_guide__whatever_is_told__a_page_made_of_listed_answers(told: dict[str, str]) -> None:
    policy = osaka()
    state = go_through(told, policy)

    questions = list(Question)[: len(state.given)]
    assert list(state.given) == questions
    for question in questions:
        assert state.given[question] in answers_to(question, state.given, policy)
        assert state.given[question] == told[question]
    if isinstance(state, Ask):
        assert state.question is list(Question)[len(state.given)]


def test_guide__bureau_without_professionals_and_three_types__offers_no_others() -> None:
    """As Tokyo: three types, no エ, nobody with a 届出済証明書."""
    offered = osaka()
    types = (ApplicationType.CHANGE, ApplicationType.EXTENSION, ApplicationType.EXTRA_ACTIVITY)
    policy = osaka(
        application_types={one: offered.application_types[one] for one in types},
        intermediary_kinds={
            IntermediaryKind.ORG_STAFF: offered.intermediary_kinds[IntermediaryKind.ORG_STAFF]
        },
        education_excluded=False,
    )
    found = [one for one in ends(policy) if isinstance(one, Yes)]

    assert {one.type for one in found} == set(types)
    assert {one.kind for one in found} == {IntermediaryKind.ORG_STAFF}
    refused = {one.stop for one in ends(policy) if isinstance(one, No)}
    assert Stop.ACQUISITION_NOT_BY_BIRTH not in refused
    assert Stop.EDUCATION_INSTITUTION not in refused


def test_guide__bureau_without_same_org__a_colleague_is_somebody_else() -> None:
    offered = osaka()
    own, receive = ReceiptCategory.OWN, ReceiptCategory.ORG_RECEIVE_ONLY
    policy = osaka(
        categories={one: offered.categories[one] for one in (own, receive)},
        categories_of=dict.fromkeys(offered.categories_of, (own, receive)),
    )
    state = go_through({**AOKI, "handed_in": "colleague"}, policy)

    assert isinstance(state, Ask)
    assert answers_to(state.question, state.given, policy) == (Answer.ME, Answer.SOMEBODY_ELSE)


def test_papers__receiving_only__certificate_first_and_the_form() -> None:
    state = end(who="lawyer", handed_in="somebody_else", application="permanent")
    assert isinstance(state, Yes)
    papers = papers_for(state, osaka())

    assert papers[0].name == osaka().certificate_kinds[CertificateKind.NOTIFIED_PROFESSIONAL]
    assert papers[-1].document is Document.REQUEST_FORM
    assert form_names(papers) == ["依頼書（申請人の署名入り）"]
    assert {paper.cases for paper in papers} == {None}


def test_papers__own_case__no_form() -> None:
    state = end()
    assert isinstance(state, Yes)
    assert form_names(papers_for(state, osaka())) == []


def test_change__who_it_is__asks_what_depends_on_it_anew() -> None:
    state = end()

    kept = [str(one) for one in answers_kept(Question.WHO, state.given)]
    assert kept == ["filed", "application", "postcard"]


def test_change__application__keeps_all_others() -> None:
    state = end()

    assert len(answers_kept(Question.APPLICATION, state.given)) == 5
