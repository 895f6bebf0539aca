"""①②③ on one page: nothing typed is lost, each row says what is wrong.  R-24, D10, D12, D13."""

import re
from datetime import datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.policies import at
from tests.reservations.recording import nothing_written
from tests.reservations.walking import (
    confirm_path,
    draft_path,
    main_of,
    numbers_in,
    numbers_on,
    refusals,
    saved,
    type_into,
)
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Draft

pytestmark = pytest.mark.django_db

TEN = "2026-06-11T10:00"


@pytest.fixture
def draft(aoki: CertificateClaim) -> Draft:
    """An empty draft."""
    return factories.draft(aoki, None, 0, category="")


def remarks_of(response: Answer, row: int) -> list[str]:
    """The codes at one row."""
    (found,) = re.findall(
        rf'<legend class="visually-hidden">案件{row}</legend>(.*?)</fieldset>',
        main_of(response),
        re.DOTALL,
    )
    return re.findall(r'data-refusal="(\w+)"', found)


def test_new__fresh_key_each_time__nothing_written_before_something_is_sent(
    client: Client, aoki: CertificateClaim
) -> None:
    with nothing_written():
        first = client.get("/osaka/reservations/new")["Location"]
        second = client.get("/osaka/reservations/new")["Location"]
        assert client.get(first).status_code == 200

    assert first != second


@pytest.mark.parametrize("do", ["keep", "add-row", "drop-99", "proceed", "unheard-of", ""])
def test_post__any_button__saves_first(client: Client, draft: Draft, do: str) -> None:
    type_into(client, draft, ["阪労一E01234"], slot=TEN, do=do)

    assert saved(draft).slot == TEN
    assert numbers_in(saved(draft)) == ["阪労一E01234"]
    assert draft.revision == 2


@pytest.mark.parametrize(("how_many", "leads_on"), [(15, True), (16, False)])
def test_proceed__fifteen_or_sixteen__all_still_in_the_page(
    client: Client, draft: Draft, how_many: int, leads_on: bool
) -> None:
    numbers = factories.numbers(how_many)

    sent = type_into(client, draft, numbers, slot=TEN, category_all="own", do="proceed")
    led = client.get(sent["Location"])

    assert numbers_in(saved(draft)) == numbers
    assert (led.status_code == 200) is leads_on
    page = client.get(draft_path(draft) if leads_on else led["Location"])
    assert numbers_on(page) == numbers
    assert refusals(page) == ([] if leads_on else ["TOO_MANY_CASES"])
    if not leads_on:
        assert page.status_code == 422
        assert "入力されているのは16件です。1件減らすか" in main_of(page)


def test_sixteen__one_taken_out__goes_on(client: Client, draft: Draft) -> None:
    numbers = factories.numbers(16)

    type_into(client, draft, numbers, slot=TEN, category_all="own", do="drop-3")

    assert numbers_in(saved(draft)) == numbers[:2] + numbers[3:]
    assert client.get(confirm_path(draft)).status_code == 200


def test_check__nothing_entered__every_reason_at_once(client: Client, draft: Draft) -> None:
    page = client.get(f"{draft_path(draft)}?check=1")

    assert page.status_code == 422
    assert set(refusals(page)) == {"NO_SLOT_CHOSEN", "NO_CASES"}


def test_check__not_asked_yet__no_reproach(client: Client, draft: Draft) -> None:
    page = client.get(draft_path(draft))

    assert (page.status_code, refusals(page)) == (200, [])


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("阪労一E01234", None),
        ("阪労一Ｅ０１２３４", None),
        ("阪労ーE01234", "NUMBER_MAYBE_KANJI_ONE"),
        ("阪労1E01234", "NUMBER_MAYBE_KANJI_ONE"),
        ("ABC123", "NUMBER_UNUSUAL_FORM"),
        ("E1", "NUMBER_TOO_SHORT"),
        ("阪労一E0123★", "NUMBER_FORBIDDEN_CHARACTERS"),
        (f"阪労一E{'1' * 27}", "NUMBER_TOO_LONG"),
    ],
)
def test_number__as_typed__told_at_its_row_and_kept(
    client: Client, draft: Draft, number: str, code: str | None
) -> None:
    type_into(
        client, draft, ["阪労一E05000", number], slot=TEN, category_all="own", type_all="extension"
    )

    page = client.get(f"{draft_path(draft)}?check=1")

    assert numbers_on(page) == ["阪労一E05000", number]
    assert remarks_of(page, 1) == []
    assert (code in remarks_of(page, 2)) if code else not remarks_of(page, 2)


@pytest.mark.parametrize("number", ["阪労ーE01234", "ABC123"])
def test_number__only_unusual__warned_and_let_through(
    client: Client, draft: Draft, number: str
) -> None:
    sent = type_into(
        client, draft, [number], slot=TEN, category_all="own", type_all="change", do="proceed"
    )

    assert client.get(sent["Location"]).status_code == 200


@pytest.mark.parametrize(
    "second", ["阪労一E01234", "阪労一Ｅ-01234", "阪労ーE01234", "阪労一 e 01234"]
)
def test_number__twice__told_at_the_later_row(client: Client, draft: Draft, second: str) -> None:
    type_into(client, draft, ["阪労一E01234", "阪労一E00001", second], slot=TEN, category_all="own")

    page = client.get(draft_path(draft))

    assert "NUMBER_REPEATED" in remarks_of(page, 3)
    assert "この申請番号は1件目と同じです。" in main_of(page)
    assert remarks_of(page, 1) == []


def test_number__in_my_other_reservation__told_with_its_hour(
    client: Client, aoki: CertificateClaim, draft: Draft
) -> None:
    factories.reservation(aoki, at("2026-06-12 09:00"), ["阪労一E01234"])

    type_into(client, draft, ["阪労一E00001", "阪労一Ｅ01234"], slot=TEN, category_all="own")

    page = client.get(draft_path(draft))
    assert remarks_of(page, 2) == ["NUMBER_IN_OTHER_RESERVATION"]
    assert "この申請番号は、6月12日（金）9時～10時の予約に入っています。" in main_of(page)


def test_number__in_a_stranger_s_reservation__not_told(client: Client, draft: Draft) -> None:
    factories.reservation(situations.chinen(), at("2026-06-12 09:00"), ["阪労一E01234"])

    type_into(client, draft, ["阪労一E01234"], slot=TEN, category_all="own")

    assert refusals(client.get(f"{draft_path(draft)}?check=1")) == []


def test_choice__for_all_and_for_a_row__the_row_wins_and_the_letter_comes_last(
    client: Client, draft: Draft, aoki: CertificateClaim
) -> None:
    typed = ["阪労一E00001", "阪変一C00002", "阪永一P00003", "阪労一E00004"]
    rows = {"type_4": "extra_activity", "category_2": "same_org", "reentry_3": "on"}

    type_into(client, draft, typed, slot=TEN, category_all="own", **rows)

    found = saved(draft).cases(factories.policy())
    assert [case.type for case in found] == ["extension", "change", "permanent", "extra_activity"]
    assert [case.category for case in found] == ["own", "same_org", "own", "own"]
    assert [case.with_reentry_permit for case in found] == [False, False, True, False]

    type_into(client, draft, typed, slot=TEN, category_all="own", type_all="change", **rows)
    found = saved(draft).cases(factories.policy())
    assert [case.type for case in found] == ["change", "change", "change", "extra_activity"]


def test_choice__reentry_for_all__every_case(client: Client, draft: Draft) -> None:
    type_into(client, draft, factories.numbers(2), category_all="own", reentry_all="on")

    assert all(one.with_reentry_permit for one in saved(draft).cases(factories.policy()))
    assert 'name="reentry-all" checked' in main_of(client.get(draft_path(draft)))


@pytest.mark.parametrize(
    ("number", "options"), [("阪労一X00001", ["TYPE_MISSING"]), ("阪労一E00001", [])]
)
def test_type__no_letter_suggests_one__asked(
    client: Client, draft: Draft, number: str, options: list[str]
) -> None:
    type_into(client, draft, [number], slot=TEN, category_all="own")

    assert remarks_of(client.get(f"{draft_path(draft)}?check=1"), 1) == options


@pytest.mark.parametrize(
    ("who", "letters"), [("aoki", "アイウ"), ("chinen", "アエ")], ids=["staff", "gyoseishoshi"]
)
def test_categories__offered__those_of_the_holder_in_plain_words(
    monday_morning: datetime, who: str, letters: str
) -> None:
    claim = situations.aoki() if who == "aoki" else situations.chinen()
    page = situations.signed_in_client(claim).get(draft_path(factories.draft(claim)))

    found = re.findall(r'name="category-all" id="[^"]+" value="\w+"[^>]*><span>(.)', main_of(page))
    assert "".join(found) == letters


def test_category__missing_everywhere__asked_once(client: Client, draft: Draft) -> None:
    type_into(client, draft, factories.numbers(3), slot=TEN)

    page = client.get(f"{draft_path(draft)}?check=1")

    assert refusals(page) == ["CATEGORY_MISSING"]
    assert (
        main_of(page).count("申請書を提出した方（区分）が選ばれていません。") == 2
    )  # summary and field
