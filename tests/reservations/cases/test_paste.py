"""Pasting and uploading: whatever separates the numbers, none is lost.  D12."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories, situations
from tests.reservations.walking import (
    draft_path,
    main_of,
    numbers_in,
    numbers_on,
    refusals,
    saved,
    text_of,
    type_into,
)
from uketori.reservations.cases.typed import DraftRow
from uketori.reservations.models import Draft

pytestmark = pytest.mark.django_db

THREE = factories.numbers(3)


@pytest.fixture
def draft(monday_morning: datetime) -> Draft:
    """An empty draft of 青木's."""
    return factories.draft(situations.aoki(), None, 0, category="")


@pytest.fixture
def client(draft: Draft) -> Client:
    return situations.signed_in_client("aoki@example.jp")


def uploaded(content: bytes, name: str = "cases.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/csv")


@pytest.mark.parametrize(
    "separator",
    [
        "\n",
        "\r\n",
        "\r",
        "\t",
        ",",
        "，",
        "、",
        ";",
        "；",
        " ",
        "　",
        "\n\n\n",
        "\u2028",
        "\t\t",
        ", ",
    ],
)
def test_paste__every_separator__three_cases(client: Client, draft: Draft, separator: str) -> None:
    response = type_into(client, draft, [], paste=separator.join(THREE), do="add-paste")

    assert response["Location"] == f"{draft_path(draft)}#cases"
    assert numbers_in(saved(draft)) == THREE
    assert saved(draft).paste == ""


def test_paste__after_typed_rows__added_below(client: Client, draft: Draft) -> None:
    type_into(
        client, draft, ["阪労一E00001", "", "阪労一E00002"], paste="\n".join(THREE), do="add-paste"
    )

    assert numbers_in(saved(draft)) == ["阪労一E00001", "阪労一E00002", *THREE]


def test_paste__table_with_head_type_and_category__taken_apart(
    client: Client, draft: Draft
) -> None:
    table = (
        "No.\t申請番号\t種類\t区分\n1\t阪労一E01234\t在留期間更新\tア\n2\t阪永一P00007\t永住\tイ\n"
    )

    type_into(client, draft, [], paste=table, do="add-paste")

    found = [(row.number, row.type, row.category) for row in saved(draft).rows]
    assert found == [
        ("阪労一E01234", "extension", "own"),
        ("阪永一P00007", "permanent", "same_org"),
    ]


def test_paste__sixteen__all_in_the_page_and_told(client: Client, draft: Draft) -> None:
    numbers = factories.numbers(16)

    type_into(client, draft, [], paste="\n".join(numbers), do="add-paste")

    page = client.get(draft_path(draft))
    assert numbers_on(page) == numbers
    assert refusals(page) == ["TOO_MANY_CASES"]


def test_paste__what_nobody_understands__kept_as_a_row(client: Client, draft: Draft) -> None:
    type_into(client, draft, [], paste="これは番号でしょうか★12\n阪労一E01234", do="add-paste")

    assert numbers_in(saved(draft)) == ["これは番号でしょうか★12", "阪労一E01234"]


@pytest.mark.parametrize("paste", ["", "  \n\n", "申請番号\n"])
def test_paste__nothing_in_it__told_and_typed_rows_stay(
    client: Client, draft: Draft, paste: str
) -> None:
    response = type_into(client, draft, THREE, paste=paste, do="add-paste")

    assert response.status_code == 422
    assert "貼り付けた中に、申請番号が見つかりませんでした。" in main_of(response)
    assert numbers_on(response) == THREE


@pytest.mark.parametrize("act", ["keep", "add-row", "drop-1", "proceed"])
def test_paste__other_button_pressed__rows_all_the_same(
    client: Client, draft: Draft, act: str
) -> None:
    type_into(client, draft, [], paste="\n".join(THREE), do=act)

    assert numbers_in(saved(draft)) == THREE


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp932", "shift_jis"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_upload__csv_of_excel__read(
    client: Client, draft: Draft, encoding: str, line_end: str
) -> None:
    lines = ["申請番号,種類", *(f"{number},在留期間更新" for number in THREE)]

    response = type_into(
        client, draft, [], csv=uploaded(line_end.join(lines).encode(encoding)), do="add-paste"
    )

    assert response.status_code == 302
    assert numbers_in(saved(draft)) == THREE
    assert {row.type for row in saved(draft).rows} == {"extension"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00\x96\x00", "このファイルは読めません。"),
        ("見本一E01201\r\n".encode("utf-16-le"), "このファイルは読めません。"),
        ("見本一E01201\r\n".encode("utf-16-be"), "このファイルは読めません。"),
        ("申請番号\r\n見本一E01201\r\n".encode("iso2022_jp"), "このファイルは読めません。"),
        ("申請番号\r\n見本一E01201\r\n".encode("euc_jp"), "このファイルは読めません。"),
        ("見本一E01201\r\n\ue000".encode(), "このファイルは読めません。"),
        (b"\x81\xf0E01201\xf0\x40\r\n", "このファイルは読めません。"),
        (b"E01201\0", "このファイルは読めません。"),
        (b"PK\x03\x04\xff\xff\x00\x81", "このファイルは読めません。"),
        (b"PK\x03\x04", "このファイルは読めません。"),
        (b"E" * 100_001, "ファイルが大きすぎます。"),
        (b"", "申請番号が見つかりませんでした。"),
    ],
    ids=[
        "UTF-16, half a sign",
        "UTF-16LE without mark",
        "UTF-16BE without mark",
        "ISO-2022-JP",
        "EUC-JP",
        "private use",
        "CP932 of a maker",
        "NUL",
        "xlsx",
        "short zip",
        "too large",
        "empty",
    ],
)
def test_upload__cannot_be_read__told_and_typed_rows_stay(
    client: Client, draft: Draft, content: bytes, told: str
) -> None:
    response = type_into(client, draft, THREE, csv=uploaded(content), do="add-paste")

    assert response.status_code == 422
    assert told in main_of(response)
    assert numbers_on(response) == THREE
    assert not numbers_in(saved(draft))


@pytest.mark.parametrize("end", ["", "\x1a"])
def test_upload__unicode_text_of_a_spreadsheet__read(
    client: Client, draft: Draft, end: str
) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        content = f"\ufeff申請番号\t種類\r\n{THREE[0]}\t更新\r\n{end}".encode(encoding)
        type_into(client, draft, [], csv=uploaded(content, "table.txt"), do="add-paste")

        assert numbers_in(saved(draft)) == THREE[:1]


def test_upload__together_with_pasted_text__both_added(client: Client, draft: Draft) -> None:
    type_into(
        client,
        draft,
        [],
        paste=THREE[0],
        csv=uploaded("\n".join(THREE[1:]).encode()),
        do="add-paste",
    )

    assert numbers_in(saved(draft)) == THREE


def test_number__typed_with_signs_nobody_sees__kept_without_them(
    client: Client, draft: Draft
) -> None:
    typed = ["\u200f見本一E01201\u202c", "見本一\u00adE01312", "阪\u2ea0\u2f00Ｅ０４００２"]

    type_into(client, draft, typed, do="keep")

    assert numbers_in(saved(draft)) == ["見本一E01201", "見本一E01312", "阪民一Ｅ０４００２"]


@pytest.mark.parametrize(
    "again", ["見本一\u00adE01312", "見本一\u2011E01312", "見本一-E01312", "\u2060見本⼀E01312"]
)
def test_number__the_same_to_the_eye__is_told_as_repeated(
    client: Client, draft: Draft, again: str
) -> None:
    type_into(client, draft, ["見本一E01312", again], do="keep")

    assert refusals(client.get(draft_path(draft))) == ["NUMBER_REPEATED"]


def test_row__emptied_after_a_type_was_put_in_it__is_an_empty_row(
    client: Client, draft: Draft
) -> None:
    type_into(client, draft, [], paste="\n".join(THREE), do="add-paste")
    page = client.get(draft_path(draft))
    assert 'name="had-2" value="1"' in text_of(page)
    had = {f"had-{order}": "1" for order in (1, 2, 3)}
    types = {f"type-{order}": "extension" for order in (1, 2, 3)}

    type_into(client, draft, [THREE[0], "", THREE[2]], **had, **types, do="keep")

    assert numbers_in(saved(draft)) == [THREE[0], THREE[2]]
    asked = client.get(f"{draft_path(draft)}?check=1")
    assert "NUMBER_MISSING" not in refusals(asked)
    type_into(client, draft, [THREE[0], THREE[2]], paste="阪労一C00009", do="add-paste")
    assert saved(draft).rows[-1] == DraftRow("阪労一C00009", "change")


def test_row__a_type_chosen_before_its_number__waits_behind_the_cases(
    client: Client, draft: Draft
) -> None:
    type_into(client, draft, ["", THREE[0]], type_1="change", category_1="own", do="keep")

    assert saved(draft).filled().rows == (DraftRow(THREE[0]), DraftRow("", "change", "own"))
    assert len(saved(draft).number_keys()) == 1
    asked = client.get(f"{draft_path(draft)}?check=1")
    assert not {"NUMBER_MISSING", "TOO_MANY_CASES"} & set(refusals(asked))
    type_into(client, draft, [THREE[0], ""], type_2="change", paste=THREE[1], do="add-paste")
    assert saved(draft).rows[1] == DraftRow(THREE[1], "change")
