"""Forms of the session: what was typed outlives it, a few days, at its own address.  D04, D23."""

import json
from datetime import datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from tests import factories, situations
from tests.intermediaries.holders.steps import NEW, entry
from tests.journeys.reading import Form, Page
from tests.situations import MONDAY_MORNING, AtMoment
from uketori.intermediaries.models import CertificateClaim, KeptInput
from uketori.intermediaries.session.kept import (
    LONGEST,
    MOST,
    find_kept,
    forget_old_input,
    keep,
    move_kept_input,
)

pytestmark = pytest.mark.django_db

NOTICE = "前に入力した内容を表示しています"
TOO_LATE = MONDAY_MORNING + timedelta(minutes=61)
HALF_A_DAY = {"expires_on_year": "２０２８", "expires_on_month": "", "expires_on_day": "31"}
REVISED = {"name": "青木 はな子", "phone": "０６", "organisation": "", **HALF_A_DAY}
SENT = {
    "holders/new": {"kind": "lawyer", "education": "no", "number": "（大）弁", **REVISED},
    "holders/{pk}": REVISED,
    "holders/{pk}/renewal": {"number": "大取第\u0000", **HALF_A_DAY},
    "my-data/address": {"address": "aoki@"},
}
FORMS = pytest.mark.parametrize("page", SENT)


@pytest.fixture
def claim(monday_morning: datetime) -> CertificateClaim:
    return situations.aoki()


@pytest.fixture
def client(claim: CertificateClaim) -> Client:
    return situations.signed_in_client(claim)


def path(page: str, claim: CertificateClaim) -> str:
    return f"/osaka/{page.format(pk=claim.pk)}"


def looked_at(client: Client, path: str) -> Page:
    response = client.get(path)
    assert response.status_code == 200
    return Page(response.content.decode())


def field_values(form: Form) -> dict[str, str]:
    return dict(form.pairs)


def query(**values: str) -> QueryDict:
    typed = QueryDict(mutable=True)
    typed.update(values)
    return typed


@FORMS
@pytest.mark.parametrize("do", ["", "send", "keep"])
def test_session_over__sent_too_late__shown_after_proving_the_address(
    client: Client, claim: CertificateClaim, at_moment: AtMoment, page: str, do: str
) -> None:
    where = path(page, claim)
    at_moment(TOO_LATE)

    response = client.post(where, {**SENT[page], "do": do})

    assert response["Location"].startswith(
        f"/osaka/entry?next={where.replace('/', '%2F')}&ended=1&undone="
    )
    assert "入力した内容は、保存してあります。" in client.get(response["Location"]).content.decode()
    shown = looked_at(situations.signed_in_client(claim), where)
    assert NOTICE in shown.text
    assert shown.errors == [], "nothing is judged before it is sent"
    values = field_values(shown.form_with(next(iter(SENT[page]))))
    wanted = {name: text for name, text in SENT[page].items() if text.isprintable()}
    assert {name: values.get(name) for name in wanted} == wanted


@FORMS
def test_time_lengthened_without_scripts__form_comes_back_as_it_was(
    client: Client, claim: CertificateClaim, at_moment: AtMoment, page: str
) -> None:
    where = path(page, claim)
    typed = {name: text for name, text in SENT[page].items() if text.isprintable()}
    at_moment(MONDAY_MORNING + timedelta(minutes=50))

    response = client.post(where, {**typed, "do": "keep"}, follow=True)

    shown = Page(response.content.decode())
    values = field_values(shown.form_with(next(iter(typed))))
    assert {name: values.get(name) for name in typed} == typed
    assert "入力を保存しました" in shown.text
    at_moment(MONDAY_MORNING + timedelta(minutes=109))
    assert client.get(where).status_code == 200
    assert claim.mail_address.changes.count() == 0


@FORMS
def test_form__button_for_more_time_belongs_to_it_and_enter_sends(
    client: Client, claim: CertificateClaim, page: str
) -> None:
    html = client.get(path(page, claim)).content.decode()
    keep_at = html.index('name="do" value="keep"')
    assert html.index('name="do" value="send"') < keep_at, "the enter key takes the first button"
    named = html[:keep_at].rpartition('form="')[2].split('"')[0]
    assert f'id="{named}"' in html


def test_way_back__survives_with_the_form(client: Client, claim: CertificateClaim) -> None:
    where = path("holders/{pk}", claim)
    client.post(where, {**REVISED, "next": "/osaka/my-data", "do": "keep"})
    assert looked_at(client, where).form_with("phone").value("next") == "/osaka/my-data"


def test_asking_to_share__session_over__shown_on_the_form_it_came_from(
    client: Client, claim: CertificateClaim, at_moment: AtMoment
) -> None:
    at_moment(TOO_LATE)
    response = client.post("/osaka/requests/new", entry(name="別府 次郎"))
    assert "next=%2Fosaka%2Fholders%2Fnew" in response["Location"]
    shown = looked_at(situations.signed_in_client(claim), NEW)
    assert shown.form_with("number").value("name") == "別府 次郎"


def test_asking_to_share__refused__more_time_can_be_had_there(
    client: Client, claim: CertificateClaim
) -> None:
    """The page stands at an address that can only be posted to."""
    html = client.post("/osaka/requests/new", entry(name="")).content.decode()
    assert 'form="holder" name="do" value="keep"' in html
    assert 'name="next" value="/osaka/requests/new"' not in html


def test_sent__nothing_is_shown_again(client: Client, claim: CertificateClaim) -> None:
    client.post(NEW, {"name": "別府 次郎", "do": "keep"})
    assert client.post(NEW, entry(number="大取第10235号")).status_code == 302
    assert NOTICE not in looked_at(client, NEW).text


def test_logged_out__nothing_is_kept(
    client: Client, claim: CertificateClaim, at_moment: AtMoment
) -> None:
    client.post("/osaka/session/ending")
    client.post(NEW, entry())
    assert KeptInput.objects.count() == 0


def test_thrown_away_too_late__nothing_is_kept(
    client: Client, claim: CertificateClaim, at_moment: AtMoment
) -> None:
    at_moment(TOO_LATE)
    client.post(NEW, {"do": "forget"})
    assert KeptInput.objects.count() == 0


def test_kept__too_long__said_and_not_saved(client: Client, claim: CertificateClaim) -> None:
    response = client.post(NEW, {"name": "x" * LONGEST, "do": "keep"}, follow=True)
    assert "入力が長すぎるため、保存できませんでした" in response.content.decode()
    assert KeptInput.objects.count() == 0


def test_kept__too_many_pages__the_oldest_makes_room(claim: CertificateClaim) -> None:
    address = claim.mail_address
    for order in range(MOST + 1):
        moment = MONDAY_MORNING + timedelta(minutes=order)
        assert keep(address, f"/osaka/holders/{order}", query(name="x"), moment)
    assert address.kept_inputs.count() == MOST
    assert find_kept(address, "/osaka/holders/0") == QueryDict()
    assert find_kept(address, f"/osaka/holders/{MOST}") == query(name="x")


@pytest.mark.parametrize(
    ("later", "left"), [(timedelta(days=7), 1), (timedelta(days=7, seconds=1), 0)]
)
def test_kept__as_long_as_a_draft(claim: CertificateClaim, later: timedelta, left: int) -> None:
    keep(claim.mail_address, NEW, query(name="x"), MONDAY_MORNING)
    forget_old_input(MONDAY_MORNING + later)
    assert KeptInput.objects.count() == left


def test_kept__goes_along_to_a_new_address(claim: CertificateClaim) -> None:
    new = factories.mail_address("aoki@new.example.jp")
    keep(new, NEW, query(name="older"), MONDAY_MORNING)
    keep(claim.mail_address, NEW, query(name="別府"), MONDAY_MORNING)
    move_kept_input(claim.mail_address, new)
    assert find_kept(new, NEW) == query(name="別府")


def test_kept__part_of_the_export(client: Client, claim: CertificateClaim) -> None:
    client.post(NEW, {"name": "別府 次郎", "do": "keep"})
    (one,) = json.loads(client.get("/osaka/my-data/export").content)["typed_and_not_sent"]
    assert (one["page"], one["typed"]) == (NEW, [["name", ["別府 次郎"]]])
