"""The pages of the guide, and its answers carried into the booking.  利用案内 1, R-05 … R-14."""

import re
from datetime import datetime
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests import factories
from tests.every_bureau.bureaus import CODES, policy_of
from tests.intermediaries.holders.steps import enter
from tests.journeys.reading import Form, Page
from tests.policies import osaka
from tests.rules.test_guide import AOKI, ends
from uketori.bureaus.guide_words import NoPage, no_page, question_page, yes_page
from uketori.rules.guide import Ask, No, Question, go_through
from uketori.rules.policy import IntermediaryKind

pytestmark = pytest.mark.django_db

GUIDE = "/osaka/eligibility"
NEW = "/osaka/reservations/new"
RECEIVES_ONLY = AOKI | {"application": "permanent", "handed_in": "somebody_else"}


@pytest.fixture(autouse=True)
def _stage(monday_morning: datetime) -> None:
    factories.first_notice()


def page(client: Client | None = None, *, status: int = 200, **query: str) -> Page:
    response = (client or Client()).get(GUIDE, query)
    assert response.status_code == status
    return Page(response.content.decode())


def keep(client: Client, **answers: str) -> str:
    """Press the button of the yes page; return where it leads."""
    return str(client.post(GUIDE, {**AOKI, **answers})["Location"])


def test_guide__walked_by_hand__ends_with_the_papers() -> None:
    top = Page(Client().get("/osaka/").content.decode())
    assert GUIDE in [link.href for link in top.links if link.text == "６つの質問で確かめる"]
    shown = page()
    for answer in (
        "大阪出入国在留管理局（本局）の窓口",
        "永住",
        "交付窓口が「２階Ａカウンター」となっている",
        "受入れ機関等の職員",
        "申請人本人など、ほかの人が申請した",
        "はい、受け取る日にも有効です",
    ):
        form = shown.form_with("asked")
        next(one for one in form.controls if one.label.startswith(answer)).checked = True
        shown = page(**dict(form.pairs))

    text = shown.text
    assert "予約できます｜" in shown.title
    assert "申請人本人など、ほかの人が申請したので、利用案内１の「ウ」にあたります。" in text
    papers = ("申請等取次者証明書", "通知書（ハガキ）", "申請受付票", "手数料納付書", "依頼書")
    listed = text[text.index("お持ちください") :]
    assert sorted(papers, key=listed.index) == list(papers)


def test_guide__first_page__nothing_asked_before() -> None:
    first = page()

    assert "質問１／６" in first.text
    assert "これまでの答え" not in first.text
    assert "トップへもどる" in first.text


def test_guide__fourth_page__leads_back_to_each_answer() -> None:
    answers = {key: AOKI[key] for key in ("filed", "application", "postcard")}
    fourth = page(**answers)

    assert "質問４／６" in fourth.text
    changes = [link.href for link in fourth.links if link.text.startswith("変える")]
    assert changes == [f"{GUIDE}?{urlencode({**answers, 'change': one})}" for one in answers]
    back = next(link for link in fourth.links if link.text == "前の質問へもどる")
    assert back.href == changes[-1]


def test_guide__answer_changed__chosen_one_shown_and_the_others_sent_along() -> None:
    form: Form = page(**AOKI, change="application").form_with("asked")

    assert [one.value for one in form.controls if one.checked] == ["extension"]
    hidden = {one.name: one.value for one in form.controls if one.kind == "hidden"}
    assert hidden == {key: AOKI[key] for key in AOKI if key != "application"} | {
        "asked": "application"
    }


def test_guide__person_changed__what_depends_on_it_asked_anew() -> None:
    form = page(**AOKI, change="who").form_with("asked")

    assert {"handed_in", "certificate"} & form.names == set()
    assert "質問５／６" in page(**{**dict(form.pairs), "who": "lawyer"}).text


def test_guide__change_of_what_was_not_said__next_question_asked() -> None:
    assert "質問２／６" in page(filed="window", change="certificate").text


def test_guide__sent_without_an_answer__told_and_the_first_one_linked() -> None:
    asked = page(status=422, filed="window", asked="application")

    assert asked.title.startswith("エラー：")
    assert "あてはまるものを一つ選んでください。" in asked.text
    assert "answer-1" in asked.ids
    assert "#answer-1" in {link.href for link in asked.links}


@pytest.mark.parametrize(
    "query",
    ["filed=moon", "filed=", "filed=%00", "x=1&asked=who", "filed=window&filed=moon", "change=who"],
)
def test_guide__nonsense__first_question(query: str) -> None:
    response = Client().get(f"{GUIDE}?{query}")

    assert response.status_code == 200
    assert "質問１／６" in response.content.decode()


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ({"filed": "online"}, "FILED_ONLINE", "在留申請オンラインシステムから届いた案内"),
        ({"filed": "other_office"}, "FILED_ELSEWHERE", "申請した官署から届いた"),
        ({"postcard": "no_postcard"}, "NOT_FINISHED", "届くまでお待ちください"),
        ({"postcard": "other_place"}, "CALLED_ELSEWHERE", "２階Ａカウンター以外の場所"),
        ({"who": "education"}, "EDUCATION_INSTITUTION", "通常の２階Ａカウンターにお越しください"),
        ({"who": "travel_agent"}, "TRAVEL_AGENT", "お電話でお尋ねください"),
        (
            {"who": "public_corp_staff", "handed_in": "somebody_else"},
            "NOT_FOR_THIS_KIND",
            "公益法人の職員の方が、「ほかの人が申請した」案件",
        ),
        (
            {"who": "lawyer", "certificate": "ends_before"},
            "CERTIFICATE_ENDS_BEFORE",
            "受け取る日に有効な届出済証明書が必要です。",
        ),
    ],
)
def test_guide__no__says_why_by_which_clause_and_what_instead(
    answers: dict[str, str], code: str, words: str
) -> None:
    no = page(**{**AOKI, **answers})

    assert no.refusals == [code]
    assert words in no.text
    assert "0570-064259" in no.text
    clause = next(link for link in no.links if link.text.startswith("利用案内 "))
    assert clause.href == "/osaka/notice#s1"
    assert [form for form in no.forms if form.method == "post"] == []


@pytest.mark.parametrize("code", CODES)
def test_guide__every_end__has_words(code: str) -> None:
    policy = policy_of(code)
    for one in ends(policy):
        shown = no_page(one, policy) if isinstance(one, No) else yes_page(one, policy)
        assert "{" not in repr({**vars(shown), "kept": None, "papers": None, "answers": None})[1:]
        assert len(shown.answers) == len(one.given)
        words = [word for given in shown.answers for word in (given.term, given.value)]
        if isinstance(shown, NoPage):
            words += [shown.reason, shown.instead]
        else:
            words += [shown.kind, shown.type, shown.handed_in, shown.letter]
            words += [paper.name for paper in shown.papers] or [""]
        assert [word for word in words if not word.strip()] == [], one


def test_guide__every_question__has_words() -> None:
    for question in Question:
        state = go_through({**AOKI, question: ""}, osaka())
        assert isinstance(state, Ask)
        shown = question_page(state, osaka(), is_unanswered=False)
        assert all(option.label for option in shown.options)
        assert "{" not in "".join([shown.title, *(one.label + one.help for one in shown.options)])


@pytest.mark.parametrize(
    ("application", "words"),
    [
        ("permanent", "特例期間がありません"),
        ("acquisition_birth", "生まれた日から60日まで"),
        ("extension", "満了日から2か月"),
    ],
)
def test_guide__yes__warns_until_when_to_come(application: str, words: str) -> None:
    shown = page(**AOKI | {"application": application})

    assert words in shown.text
    assert factories.policy().stay_url in {link.href for link in shown.links}


def test_guide__yes__form_of_the_agency_only_where_it_is_needed() -> None:
    policy = factories.policy()

    assert policy.forms_url not in {link.href for link in page(**AOKI).links}
    response = Client().get(GUIDE, RECEIVES_ONLY).content.decode()
    assert f'<a href="{policy.forms_url}" rel="external">' in response


def test_guide__get__sets_no_cookie_before_the_end() -> None:
    for query in ({}, {"filed": "online"}):
        response = Client().get(GUIDE, query)
        assert response.cookies == {}
        assert "csrfmiddlewaretoken" not in response.content.decode()


def test_guide__get_of_the_end__carries_nothing() -> None:
    client = Client()
    page(client, **AOKI)

    assert "guide" not in client.session


def test_guide__head_and_unknown_bureau() -> None:
    assert Client().head(GUIDE).status_code == 200
    assert Client().get("/kobe/eligibility").status_code == 404
    assert Client().post("/kobe/eligibility").status_code == 404


@pytest.mark.parametrize(
    "answers", [{"certificate": ""}, {"who": "education"}, {"handed_in": "moon"}]
)
def test_guide__posted_without_a_yes__back_to_the_page_and_nothing_carried(
    answers: dict[str, str],
) -> None:
    client = Client()

    where = keep(client, **answers)

    assert where.startswith(f"{GUIDE}?filed=window&")
    assert client.get(where).status_code == 200
    assert "guide" not in client.session


def test_guide__nobody_signed_in__entry_comes_first() -> None:
    client = Client()

    where = keep(client)

    assert where == NEW
    assert client.get(where)["Location"] == f"/osaka/entry?{urlencode({'next': NEW})}"


def chosen(form: Form, name: str) -> str:
    """Return what this control sends, be it a select or radios; nothing chosen is empty."""
    return dict(form.pairs).get(name, "")


def test_guide__newcomer__finds_kind_and_cases_filled_in() -> None:
    client = Client()
    keep(client, who="lawyer", handed_in="somebody_else", application="permanent")
    factories.signed_in_client("aoki@example.jp", client)

    holder = client.get(NEW, follow=True)

    assert holder.request["PATH_INFO"] == "/osaka/holders/new"
    form = Page(holder.content.decode()).form_with("kind")
    assert chosen(form, "kind") == IntermediaryKind.LAWYER
    entered = enter(client, kind=chosen(form, "kind"))
    cases = Page(client.get(entered["Location"], follow=True).content.decode()).form_with("type-1")
    assert [chosen(cases, f"{name}-1") for name in ("type", "category")] == [
        "permanent",
        "professional_receive_only",
    ]
    assert [chosen(cases, name) for name in ("type-2", "category-2", "number-1")] == [""] * 3


def test_guide__in_the_masthead__marked_as_the_present_page() -> None:
    text = Client().get(GUIDE).content.decode()

    assert re.search(r'href="/osaka/eligibility" aria-current="page">対象の確認', text)
