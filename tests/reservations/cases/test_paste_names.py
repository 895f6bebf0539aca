"""D05: the names of applicants, pasted with their numbers, are nowhere afterwards."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.http import QueryDict
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.policies import at
from tests.reservations.walking import (
    draft_path,
    main_of,
    numbers_in,
    numbers_on,
    saved,
    text_of,
    type_into,
    words_of,
)
from tests.situations import AtMoment
from uketori.bureaus.number_fields import taken_apart
from uketori.intermediaries.models import KeptInput
from uketori.reservations.cases.typed import DraftRow
from uketori.reservations.models import Draft, Reservation
from uketori.rules.paste import NOTHING, LeftOut

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parents[2] / "data" / "pasted"
ONE, TWO = "見本一E01201", "見本一E01238"
TABLE = f"No\t申請番号\t氏名\t種類\n1\t{ONE}\t見本 太郎\t更新\n2\t{TWO}\t見本 花子\t変更\n"
LOOSE = f"{ONE}\t見本 太郎\u2028{TWO}\t見本 花子"
SPACED = f"{ONE} 見本 太郎 {TWO} 見本 花子"
NAMES = ("太郎", "本 花子")
COLUMN_TOLD = "表の「氏名」の列は、読み取っていません。保存もしていません。"
CELLS_TOLD = "申請番号・種類・区分・再入国のほかに書かれていたこと（2か所）は、読み取っていません。"


@pytest.fixture
def draft(monday_morning: datetime) -> Draft:
    """An empty draft of 青木's."""
    return factories.draft(situations.aoki(), None, 0, category="")


@pytest.fixture
def client(draft: Draft) -> Client:
    return situations.signed_in_client("aoki@example.jp")


def assert_no_name_is_stored() -> None:
    """In no column of any table."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            written = " ".join(map(str, row.values())).replace("\\\\", "\\")
            assert not [one for one in (*NAMES, *map(in_json, NAMES)) if one in written], row


def in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def assert_no_name_is_shown(*answers: Answer) -> None:
    for answer in answers:
        assert not [name for name in NAMES if name in text_of(answer)]


@pytest.mark.parametrize("act", ["add-paste", "keep", "add-row", "proceed"])
@pytest.mark.parametrize("file", ["table-with-headings.tsv", "table-without-headings.tsv"])
def test_paste__a_table_with_names__two_cases_and_a_line_says_what_was_left_out(
    client: Client, draft: Draft, file: str, act: str
) -> None:
    text = (FILES / file).read_text(encoding="utf-8")
    answer = type_into(client, draft, [], paste=text, do=act)
    page = client.get(answer["Location"], follow=True)

    rows = [(row.number, row.type) for row in saved(draft).rows if row.is_case]
    assert rows == [(ONE, "extension"), (TWO, "change")]
    assert (COLUMN_TOLD if "with-h" in file else CELLS_TOLD) in words_of(page)
    assert_no_name_is_shown(page, client.get(draft_path(draft)))
    assert_no_name_is_stored()


@pytest.mark.parametrize("text", [TABLE.replace("\n", "\u2028"), LOOSE, SPACED])
def test_number_field__a_table_with_names_in_it__two_rows_and_no_name(
    client: Client, draft: Draft, text: str
) -> None:
    answer = type_into(client, draft, [text, "阪労一E00001"], type_2="permanent", do="keep")

    assert numbers_in(saved(draft)) == [ONE, "阪労一E00001", TWO]
    last = "change" if "変更" in text else "extension"
    assert [row.type for row in saved(draft).rows] == ["extension", "permanent", last]
    assert_no_name_is_shown(client.get(answer["Location"]))
    assert_no_name_is_stored()


def test_paste__names_only__told_and_not_stored(client: Client, draft: Draft) -> None:
    answer = type_into(client, draft, [ONE], paste="見本 太郎\n見本 花子", do="keep")

    assert "申請番号が見つかりませんでした" in main_of(answer)
    assert_no_name_is_stored()


@pytest.mark.parametrize("fields", [{"paste": TABLE}, {"number-1": LOOSE}])
def test_paste__sent_after_the_end_of_the_session__numbers_wait_and_no_name(
    client: Client, draft: Draft, fields: dict[str, str], at_moment: AtMoment
) -> None:
    at_moment(at("2026-06-08 18:00"))

    client.post(draft_path(draft), {"holder": draft.claim_id, "do": "keep", **fields})

    assert numbers_in(saved(draft)) == [ONE, TWO]
    assert_no_name_is_stored()


@pytest.fixture
def reservation(monday_morning: datetime) -> Reservation:
    """青木's for Thursday 10:00, of which one case of three was taken out."""
    made = factories.reservation(situations.aoki(), at("2026-06-11 10:00"), 3)
    made.cases.filter(order=1).update(withdrawn_at=monday_morning)
    made.live_case_count = 2
    made.save()
    return made


def changed(made: Reservation, **fields: Any) -> tuple[Client, Answer]:
    client = situations.signed_in_client("aoki@example.jp")
    path = f"/osaka/reservations/{made.reference}/changes"
    sent = {name.replace("_", "-"): value for name, value in fields.items()}
    return client, client.post(path, {"revision": made.revision, **sent})


def test_change__a_table_with_names_in_a_correction__first_corrects_the_next_is_put_back(
    reservation: Reservation,
) -> None:
    case = reservation.cases.get(order=2)
    other = reservation.cases.get(order=3)
    fields = {
        f"new_number_{case.pk}": LOOSE,
        f"new_type_{case.pk}": "extension",
        f"new_category_{case.pk}": "own",
        "withdraw": other.pk,
        "do": "review",
    }
    _client, page = changed(reservation, **fields)

    assert f'name="new-number-{case.pk}" value="{ONE}"' in text_of(page)
    assert f'name="number-1" value="{TWO}"' in text_of(page) or TWO in numbers_on(page)
    assert_no_name_is_shown(page)
    assert_no_name_is_stored()


@pytest.mark.parametrize("field", ["number-1", "new-number-{pk}"])
def test_change__a_table_with_names__kept_for_later_without_them(
    reservation: Reservation, field: str
) -> None:
    name = field.format(pk=reservation.cases.get(order=2).pk)
    client = situations.signed_in_client("aoki@example.jp")
    path = f"/osaka/reservations/{reservation.reference}/changes"

    client.post(path, {"revision": reservation.revision, name: LOOSE, "do": "keep"})

    assert in_json(ONE) in KeptInput.objects.get().content
    assert ONE in text_of(client.get(path))
    assert_no_name_is_stored()


def test_number_field__several_in_a_row_with_choices__the_choices_are_for_each(
    client: Client, draft: Draft
) -> None:
    chosen = {"type-1": "permanent", "category-1": "own", "reentry-1": "on"}
    type_into(client, draft, [f"{ONE}\u2028{TWO}"], **chosen, do="keep")

    assert saved(draft).rows == tuple(DraftRow(one, "permanent", "own", True) for one in (ONE, TWO))


def test_number_field__drop_pressed_meanwhile__the_row_of_the_button_goes(
    client: Client, draft: Draft
) -> None:
    type_into(client, draft, [f"{ONE}、{TWO}", "阪労一E00001", "阪労一E00002"], do="drop-2")

    assert numbers_in(saved(draft)) == [ONE, "阪労一E00002", TWO]


def test_form__as_it_arrives__holds_no_name_to_be_sent_again() -> None:
    post = QueryDict(mutable=True)
    post.update({"paste": TABLE, "number-1": LOOSE, "slot": "x"})

    apart, left_out = taken_apart(post, factories.policy())

    assert not [name for name in NAMES if name in str(apart.dict())]
    assert apart["paste"].split() == [ONE, "在留期間更新", TWO, "在留資格変更"]
    assert left_out == LeftOut(("氏名",), 2)
    assert taken_apart(apart, factories.policy()) == (apart, NOTHING)
