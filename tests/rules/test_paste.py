"""D12: pasted lists, tables and CSV."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policies import osaka
from uketori.rules.paste import Pasted, PastedCase, read_paste
from uketori.rules.policy import ApplicationType, ReceiptCategory

P = osaka()
ONE, TWO = "阪労一E01234", "阪労二C01235"


def pasted(text: str) -> list[tuple[str, str | None, str | None, bool]]:
    return [
        (case.number, case.type, case.category, case.with_reentry_permit)
        for case in read_paste(text, P).cases
    ]


def numbers(text: str) -> list[str]:
    return [case.number for case in read_paste(text, P).cases]


SEPARATORS = [
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\t",
    ",",
    "，",
    "、",
    "､",
    ";",
    "；",
    " ",
    "　",
    ", ",
    "\n・",
]


@pytest.mark.parametrize("separator", SEPARATORS)
@settings(max_examples=30)
@given(
    wanted=st.lists(
        st.from_regex(r"[阪労永住一二三東]{1,5}[A-Z]{1,2}[0-9]{4,6}", fullmatch=True), max_size=20
    )
)
def test_paste__joined_by_any_separator__gives_the_numbers_back(
    separator: str, wanted: list[str]
) -> None:
    assert numbers(separator.join(wanted)) == wanted


@given(wanted=st.lists(st.from_regex(r"[A-Z0-9]{1,9}[0-9]{3}", fullmatch=True), max_size=20))
def test_paste__numbers_of_unusual_form__are_not_lost(wanted: list[str]) -> None:
    assert numbers("\n".join(wanted)) == wanted
    assert numbers(",".join(wanted)) == wanted


@given(st.text())
def test_paste__whatever_is_pasted__is_read(text: str) -> None:
    for case in read_paste(text, P).cases:
        assert case.number


def test_paste__a_table_from_a_spreadsheet() -> None:
    table = (
        "No.\t申請番号\t種類\t区分\t再入国\r\n"
        f"1\t{ONE}\t在留期間更新\tア\tあり\r\n"
        f"2\t{TWO}\t在留資格変更許可申請\tｲ\tなし\r\n"
        "3\t\t\t\t\r\n"
    )
    assert pasted(table) == [
        (ONE, "extension", "own", True),
        (TWO, "change", "same_org", False),
    ]


def test_paste__csv_with_quotes() -> None:
    csv = f'"申請番号","種類","区分"\n"{ONE}","永住許可申請","ウ"\n="{TWO}","資格外","エ"\n'
    assert pasted(csv) == [
        (ONE, "permanent", "org_receive_only", False),
        (TWO, "extra_activity", "professional_receive_only", False),
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("更新", "extension"),
        ("変更", "change"),
        ("永住", "permanent"),
        ("取得", "acquisition_birth"),
        ("資格外", "extra_activity"),
        ("資格外活動", "extra_activity"),
        ("就労資格証明書", "work_certificate"),
        ("在留期間更新許可申請", "extension"),
        ("在留資格変更許可申請", "change"),
        ("永住許可申請", "permanent"),
        ("在留資格取得（出生のみ）", "acquisition_birth"),
        ("在留資格取得許可申請（出生のみ）", "acquisition_birth"),
        ("資格外活動許可申請", "extra_activity"),
        ("就労資格証明書交付申請", "work_certificate"),
    ],
)
def test_paste__type_by_name__wins_over_the_letter(word: str, expected: str) -> None:
    assert pasted(f"{ONE},{word}") == [(ONE, expected, None, False)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("ア", "own"),
        ("ｱ", "own"),
        ("（イ）", "same_org"),
        ("ア 自分が申請した", "own"),
        ("ウ　申請人本人など、ほかの人が申請した", "org_receive_only"),
        ("ｴ", "professional_receive_only"),
    ],
)
def test_paste__category_by_letter(cell: str, expected: str) -> None:
    assert pasted(f"{ONE}\t{cell}") == [(ONE, "extension", expected, False)]


@pytest.mark.parametrize(
    "cell", ["再入国", "再入国あり", "再入国有", "再入国許可申請", "再入国を同時申請"]
)
def test_paste__reentry__is_a_flag_of_the_number_before(cell: str) -> None:
    assert pasted(f"{ONE},{cell}\n{TWO}") == [
        (ONE, "extension", None, True),
        (TWO, "change", None, False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"1. {ONE}",
        f"(1) {ONE}",
        f"①{ONE}",
        f"・{ONE}",
        f"● {ONE}",
        f"- {ONE}",
        f"１，{ONE}",
        f"1、{ONE}",
        f"1 {ONE}",
        f"No.1\t{ONE}",
        f"申請番号：{ONE}",
        f"申請番号\n{ONE}",
        f"\ufeff{ONE}",
    ],
)
def test_paste__ordinals_bullets_and_headings__are_dropped(text: str) -> None:
    assert numbers(text) == [ONE]


@pytest.mark.parametrize("text", ["123", "123,456", "12", "E-01234", "阪 労 01", "=1+1", "ア01234"])
def test_paste__what_may_be_a_number__is_never_dropped(text: str) -> None:
    assert "".join(numbers(text)) == text.replace(",", "")


def test_paste__blanks_inside_a_number__do_not_split_it() -> None:
    assert numbers("阪労一 E 01234") == ["阪労一 E 01234"]
    assert numbers(f"{ONE} {TWO}") == [ONE, TWO]


def test_paste__a_line_of_mail__number_type_and_category_by_blanks() -> None:
    assert pasted(f"{ONE}\tア 永住") == [(ONE, "permanent", "own", False)]
    assert pasted(f"1. {ONE} 更新 ア") == [(ONE, "extension", "own", False)]


def test_paste__type_before_its_number__belongs_to_it() -> None:
    assert pasted(f"永住,{ONE},取得,{TWO}") == [
        (ONE, "permanent", None, False),
        (TWO, "acquisition_birth", None, False),
    ]


def test_paste__full_width__is_kept_as_typed() -> None:
    typed = "阪労ーＥ０１２３４"
    assert read_paste(f"　{typed}　", P).cases == (
        PastedCase(number=typed, type=ApplicationType.EXTENSION),
    )


def test_paste__each_under_the_other__belongs_to_the_number_above() -> None:
    assert read_paste(f"{ONE}\n永住\nア", P).cases == (
        PastedCase(number=ONE, type=ApplicationType.PERMANENT, category=ReceiptCategory.OWN),
    )


@pytest.mark.parametrize("sign", ["(", '"', "-1", "阪 ", "再入国", "申請"])
def test_paste__very_long_and_hostile__takes_a_moment_only(sign: str) -> None:
    """A minute is no measure of speed: what goes back over the text needs hours for this."""
    started = perf_counter()
    read_paste(sign * 50_000, P)
    assert perf_counter() - started < 60


def test_paste__nothing__gives_nothing() -> None:
    assert read_paste(" \n\t,\r\n", P) == Pasted()
