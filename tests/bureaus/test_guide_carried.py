"""The guide's answers in the booking: for the case that was asked about, not for all.  D10, D26."""

from datetime import datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.bureaus.test_guide import NEW, RECEIVES_ONLY, chosen, keep
from tests.journeys.reading import Form, Page
from tests.policies import osaka
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.models import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(monday_morning: datetime) -> None:
    factories.first_notice()


def draft_page(client: Client) -> Form:
    opened = client.get(NEW, follow=True).content.decode()
    return Page(opened).form_with("type-all")


def test_guide__signed_in__fresh_draft_starts_with_the_answers() -> None:
    client = situations.signed_in_client(situations.aoki())
    keep(client, **RECEIVES_ONLY)

    form = draft_page(client)

    assert (chosen(form, "type-1"), chosen(form, "category-1")) == (
        "permanent",
        "org_receive_only",
    )
    for name in ("type-all", "category-all", "type-2", "category-2", "number-1"):
        assert chosen(form, name) == ""
    assert Draft.objects.count() == 0


def test_guide__draft_saved__the_next_one_starts_empty() -> None:
    claim = situations.aoki()
    client = situations.signed_in_client(claim)
    keep(client, **RECEIVES_ONLY)
    where = client.get(client.get(NEW)["Location"]).request["PATH_INFO"]

    client.post(where, {"holder": claim.pk, "type-all": "permanent", "category-all": "own"})

    kept = DraftContent.from_json(Draft.objects.get().content)
    assert (kept.type_for_all, kept.category_for_all) == ("permanent", "own")
    assert "guide" not in client.session
    assert chosen(draft_page(client), "type-1") == ""


def test_guide__another_kind_of_person_comes__category_left_open() -> None:
    client = situations.signed_in_client(situations.chinen())
    keep(client, **RECEIVES_ONLY)

    form = draft_page(client)

    assert chosen(form, "type-1") == "permanent"
    assert chosen(form, "category-1") == ""


def begun(client: Client) -> tuple[str, Form, Page]:
    """Open the fresh draft after the guide; return its address, its form and its page."""
    opened = client.get(NEW, follow=True)
    shown = Page(opened.content.decode())
    return str(opened.request["PATH_INFO"]), shown.form_with("type-all"), shown


def test_guide__then_typed__its_answers_for_the_first_case_alone_and_the_letter_warned() -> None:
    client = situations.signed_in_client(situations.aoki())
    keep(client, **RECEIVES_ONLY)
    where, form, shown = begun(client)
    assert "１行目の案件だけに入れました" in shown.text

    typed = {f"number-{order}": f"阪労一E0{order}234" for order in (1, 2)}
    sent = client.post(where, {**dict(form.pairs), **typed, "do": "keep"}, follow=True)

    kept = DraftContent.from_json(Draft.objects.get().content).cases(osaka())
    assert [(case.type, case.category) for case in kept] == [
        ("permanent", "org_receive_only"),
        ("extension", ""),
    ]
    text = sent.content.decode()
    assert text.count('data-refusal="TYPE_NOT_OF_LETTER"') == 1
    assert "「在留期間更新」と読めますが、選んだ種類は「永住」です。" in text
    assert "１行目の案件だけに入れました" not in text


@pytest.mark.parametrize(
    ("pasted", "types", "warned"),
    [
        ("阪労一P01234", ["permanent"], 0),
        ("阪労一E01234", ["permanent"], 1),
        ("阪労一X01234", ["permanent"], 0),
        ("阪労一E01234\n阪労一E01235\n阪労一C01236", ["permanent", "extension", "change"], 1),
    ],
)
def test_guide__then_pasted__first_number_takes_its_row_and_the_letter_warned(
    pasted: str, types: list[str], warned: int
) -> None:
    client = situations.signed_in_client(situations.aoki())
    keep(client, **RECEIVES_ONLY)
    where, form, _shown = begun(client)

    sent = client.post(where, {**dict(form.pairs), "paste": pasted, "do": "add-paste"}, follow=True)

    rows = DraftContent.from_json(Draft.objects.get().content).rows
    assert [row.type for row in rows] == types
    assert [row.category for row in rows] == ["org_receive_only", *[""] * (len(types) - 1)]
    assert [row.number for row in rows] == pasted.split()
    assert sent.content.decode().count('data-refusal="TYPE_NOT_OF_LETTER"') == warned


def test_guide__one_number_and_straight_on__the_last_look_warns_and_lets_through() -> None:
    claim = situations.aoki()
    client = situations.signed_in_client(claim)
    keep(client, **RECEIVES_ONLY)
    where, form, _shown = begun(client)
    fields = {**dict(form.pairs), "number-1": "阪労一E01234", "do": "proceed"}

    sent = client.post(where, {**fields, "slot": "2026-06-11T10:00"}, follow=True)

    assert sent.request["PATH_INFO"] == f"{where}/confirmation"
    assert sent.status_code == 200
    assert "案件1：申請番号の英字からは「在留期間更新」と読めますが" in sent.content.decode()


def test_guide__not_gone_through__nothing_said_of_it() -> None:
    client = situations.signed_in_client(situations.aoki())

    _where, form, shown = begun(client)

    assert chosen(form, "type-1") == ""
    assert "１行目の案件だけに入れました" not in shown.text
