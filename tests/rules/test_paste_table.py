"""D05, D12: tables with other people's columns.  No name becomes a case, and no mark slips."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import osaka
from uketori.rules.paste import LeftOut, read_field, read_paste

P = osaka()
FILES = Path(__file__).parents[1] / "data" / "pasted"
ONE, TWO = "見本一E01201", "見本一E01238"
NAMES = ("金 民洙", "李", "見本 太郎", "見本　花子", "NGUYEN VAN A", "グェン・ヴァン")
FIRST = (ONE, "extension", "own", True)
SECOND = (TWO, "change", "own", False)

Case = tuple[str, str | None, str | None, bool]


def pasted(text: str) -> list[Case]:
    return [
        (case.number, case.type, case.category, case.with_reentry_permit)
        for case in read_paste(text, P).cases
    ]


def file(name: str) -> str:
    return (FILES / name).read_bytes().decode()


def table(rows: list[list[str]], delimiter: str) -> str:
    return "\r\n".join(delimiter.join(row) for row in rows)


WITH_NAMES = [
    ["No", "申請番号", "氏名", "種類", "区分", "再入国"],
    ["1", ONE, "見本 太郎", "在留期間更新", "ア", "あり"],
    ["2", TWO, "見本 花子", "在留資格変更", "ア", "なし"],
]
OTHERS = ["氏名", "国籍・地域", "生年月日", "受付日", "在留カード番号", "電話", "備考"]
OTHER_CELLS = [
    [
        "見本 太郎",
        "ベトナム",
        "1990/01/02",
        "令和8年6月1日",
        "AB12345678CD",
        "06-1234-5678",
        "至急",
    ],
    ["NGUYEN VAN A", "中国", "H2.3.4", "2026-06-02", "XY87654321ZW", "090-1234-5678", "12345"],
]


def test_table__with_headings__two_cases_and_the_name_told_as_left_out() -> None:
    read = read_paste(file("table-with-headings.tsv"), P)
    assert pasted(file("table-with-headings.tsv")) == [FIRST, SECOND]
    assert read.left_out == LeftOut(("氏名",))


def test_table__without_headings__two_cases_and_two_cells_left_out() -> None:
    read = read_paste(file("table-without-headings.tsv"), P)
    assert [(one.number, one.type) for one in read.cases] == [
        (ONE, "extension"),
        (TWO, "change"),
    ]
    assert read.left_out == LeftOut(cells=2)


def test_table__quoted_line_break__a_number_and_its_type_in_one_cell() -> None:
    assert [one[:2] for one in pasted(file("quoted-line-break.csv"))] == [
        (ONE, "extension"),
        (TWO, "change"),
    ]


def test_table__semicolons_and_days__two_cases() -> None:
    read = read_paste(file("semicolons.csv"), P)
    assert [(one.number, one.type) for one in read.cases] == [
        (ONE, "extension"),
        (TWO, "change"),
    ]
    assert read.left_out == LeftOut(("受付日",))


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "，", "；", "、"])
@pytest.mark.parametrize("quotes", [False, True])
def test_table__whatever_separates__the_same(delimiter: str, *, quotes: bool) -> None:
    rows = [[f'"{cell}"' if quotes else cell for cell in row] for row in WITH_NAMES]
    assert pasted(table(rows, delimiter)) == [FIRST, SECOND]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
@pytest.mark.parametrize("has_heads", [True, False])
@given(data=st.data())
def test_table__columns_in_any_order__cases_and_marks_only(
    delimiter: str, data: st.DataObject, *, has_heads: bool
) -> None:
    heads = ["申請番号", "種類", "区分", "再入国", *OTHERS]
    order = data.draw(st.permutations(range(len(heads))))
    rows = [
        [ONE, "更新", "ア", "再入国あり", *OTHER_CELLS[0]],
        [TWO, "変更", "ア", "再入国なし", *OTHER_CELLS[1]],
    ]
    lines = [heads, *rows] if has_heads else rows

    assert pasted(table([[line[at] for at in order] for line in lines], delimiter)) == [
        FIRST,
        SECOND,
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "申請番号",
        "申請の番号",
        "申請 番号",
        "申請番号（必須）",
        "申請番号※",
        "【申請番号】",
        "申請番号：",
        "申請受付番号",
        "受付番号",
        "番号",
        "申請No.",
        "申請ＮＯ",
        "Application No.",
        "申請\u00ad番号",
        '"申請番号\n(Application No.)"',
    ],
)
def test_heading__by_every_name__its_column_is_the_number(heading: str) -> None:
    text = f"氏名\t{heading}\t申請の種類\n見本 太郎\t12345\t更新\n見本 花子\t{TWO}\t永住\n"
    assert [one[:2] for one in pasted(text)] == [("12345", "extension"), (TWO, "permanent")]


@pytest.mark.parametrize("heading", ["種類", "種別", "申請の種類", "申請種別", "申請内容", "手続"])
def test_heading__of_types__by_every_name(heading: str) -> None:
    assert pasted(f"{heading},申請番号,氏名\n永住,{ONE},見本")[0][1] == "permanent"


@pytest.mark.parametrize("heading", ["区分", "受領区分", "提出した方（区分）", "取次区分"])
def test_heading__of_categories__by_every_name(heading: str) -> None:
    assert pasted(f"申請番号,氏名,{heading}\n{ONE},見本 太郎,ｲ")[0][2] == "same_org"


@pytest.mark.parametrize(
    "heading", ["再入国", "再入国許可", "再 入 国", "再入国許可の同時申請", "同時申請"]
)
@pytest.mark.parametrize(
    ("cell", "wanted"), [("あり", True), ("○", True), ("有", True), ("", False), ("×", False)]
)
def test_heading__of_reentry__by_every_name(heading: str, cell: str, *, wanted: bool) -> None:
    assert pasted(f"申請番号,{heading},氏名\n{ONE},{cell},見本 太郎")[0][3] is wanted


def test_heading__of_two_kinds_of_number__the_surer_one() -> None:
    text = f"番号\t受付番号\t申請番号\t氏名\n101\t999888\t{ONE}\t見本\n102\t999889\t{TWO}\t見本\n"
    assert [one[0] for one in pasted(text)] == [ONE, TWO]


def test_heading__title_before_and_total_after__no_cases() -> None:
    text = (
        f"予定一覧\t2026年6月11日\t\n申請番号\t氏名\t手数料\n{ONE}\t見本\t6000\n合計\t1件\t6000\n"
    )
    assert [one[0] for one in pasted(text)] == [ONE]


def test_heading__again_on_the_next_page_with_other_columns__read_anew() -> None:
    text = f"申請番号,氏名,種類\n{ONE},見本,更新\n\n氏名,申請番号,種類\n見本,{TWO},永住\n"
    assert [one[:2] for one in pasted(text)] == [(ONE, "extension"), (TWO, "permanent")]


def test_heading__a_row_without_a_number__is_no_case() -> None:
    assert [one[0] for one in pasted(f"氏名,申請番号\n見本 太郎,\n見本 花子,{TWO}")] == [TWO]


def test_heading__loose_numbers_below_the_table__are_kept() -> None:
    assert [one[0] for one in pasted(f"氏名,申請番号\n見本 太郎,{ONE}\n\n追加\n12345\n{TWO}")] == [
        ONE,
        "12345",
        TWO,
    ]


def test_form__heading_beside_its_value__read_downwards() -> None:
    text = f"申請番号\t{ONE}\n氏名\t見本 太郎\n種類\t永住\n申請番号\t12345\n氏名\t見本 花子\n"
    assert [one[:2] for one in pasted(text)] == [(ONE, "permanent"), ("12345", None)]


def test_row__two_usual_numbers__both() -> None:
    assert [one[0] for one in pasted(f"{ONE}\t{TWO}\t見本 太郎")] == [ONE, TWO]


def test_row__unusual_number_among_usual_ones__from_the_column_of_numbers() -> None:
    text = f"1\t{ONE}\t見本 太郎\t1990/1/2\n2\t見本E99\t見本 花子\t1991/1/2\n"
    assert [one[0] for one in pasted(text)] == [ONE, "見本E99"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "line",
    [
        "{number}\t{name}",
        "{name}\t{number}\t更新",
        "{number} {name} 更新",
        "1 {number} {name}",
        "{number}（{name}）",
        "{number}　{name}",
        "申請番号：{number}　氏名：{name}",
        "{name}、{number}",
        "{name}\n{number}",
        "{number}\n{name}",
        '"{name}\n{number}"',
        "{number};{name};ベトナム;1990.1.2",
    ],
)
def test_line__a_name_beside_the_number__is_no_case(line: str, name: str) -> None:
    text = "\n".join(line.format(number=number, name=name) for number in (ONE, TWO))
    read = read_paste(text, P)
    assert [one.number for one in read.cases] == [ONE, TWO]
    assert read.left_out


@pytest.mark.parametrize("name", ["ウ・ミンアウン", "ウ ミン アウン", "ア　ホア", "ウ．ミン"])
@pytest.mark.parametrize(
    "line", ["{number}\t{name}\t更新", "{number} {name} 更新", "{name},{number}"]
)
def test_line__a_name_that_begins_as_a_category__is_none(line: str, name: str) -> None:
    ((number, _type, category, _reentry),) = pasted(line.format(number=ONE, name=name))
    assert (number, category) == (ONE, None)


def test_text__names_alone__no_cases() -> None:
    assert read_paste("\n".join(NAMES), P).cases == ()


@pytest.mark.parametrize(
    "text",
    [
        '"見本一E01201\n見本一E01238',
        '見本一"E01201\n"見本一E01238',
        '""\n見本一E01201\n見本一E01238',
    ],
)
def test_quotes__that_nothing_closes__swallow_no_number(text: str) -> None:
    assert len(read_paste(text, P).cases) == 2


@given(st.text(alphabet='見本一E0123456789\t,;"\n 　、太郎氏名申請番号(（あ'))
def test_table__whatever_it_is__every_case_has_a_digit_and_no_more_than_there_are(
    text: str,
) -> None:
    for case in read_paste(text, P).cases:
        assert any(sign.isdigit() for sign in case.number)


@pytest.mark.parametrize(
    "typed",
    [
        file("column-into-one-field.txt"),
        "見本一E01201 見本一E01238 見本一E01275",
        "見本一E01201  見本一E01238\u3000見本一E01275",
        "見本一E01201見本一E01238見本一E01275",
        "見本一E01201、見本一E01238,見本一E01275",
        "見本一E01201\u2028見本一E01238\u2028見本一E01275",
        "見本一E01201\t見本一E01238\t見本一E01275",
        "1 見本一E01201 見本 太郎 2 見本一E01238 見本 花子 3 見本一E01275 見本",
    ],
)
def test_field__several_numbers_in_one__a_row_each(typed: str) -> None:
    read = read_field(typed, P)
    assert read is not None
    assert [one.number for one in read.cases] == ["見本一E01201", "見本一E01238", "見本一E01275"]


@pytest.mark.parametrize(
    ("typed", "number", "kind"),
    [
        ("見本一E01201 見本 太郎", ONE, "extension"),
        ("金 民 見本一E01201", ONE, "extension"),
        ("更新 見本一E01201", ONE, "extension"),
        ("見本一E01201（永住）", ONE, "permanent"),
        ("申請番号：見本一E01201", ONE, "extension"),
        ("見本一E01201更新", ONE, "extension"),
    ],
)
def test_field__a_number_with_words__the_number(typed: str, number: str, kind: str) -> None:
    read = read_field(typed, P)
    assert read is not None
    assert [(one.number, one.type) for one in read.cases] == [(number, kind)]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "見本一E01201",
        "見本 一 E 01201",
        "見本 一E01201",
        "見 本 一 Ｅ 01201",
        "見本ーＥ－01201",
        "見本一E01201999",
        "見本一E01201様",
        "12345",
        "12345 67890",
        "見本太郎",
        "E-01234",
    ],
)
def test_field__one_number_or_none__as_it_is(typed: str) -> None:
    assert read_field(typed, P) is None


def test_field__lines_of_unusual_numbers__a_row_each() -> None:
    read = read_field("12345\r\n67890", P)
    assert read is not None
    assert [one.number for one in read.cases] == ["12345", "67890"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("東9-12345 見本太郎", "東9-12345"),
        ("申請番号　氏名　種類\n東9-12345　見本太郎　変更", "東9-12345"),
        ("1|見本一E01201|見本太郎|更新", "見本一E01201"),
        ("見本太郎：見本一E01201 更新", "見本一E01201"),
        ("見本一E01201太郎様2名", "見本一E01201"),
        ("氏名,旅券番号,申請番号\n花子,TK0000001,見本一E01201\n太郎,TK1234568", "見本一E01201"),
        ("氏名2\t申請受付票番号\n太郎5555\t99-12345", "99-12345"),
    ],
)
def test_paste__a_name_beside_an_unusual_number_or_in_a_ragged_row__left_out(
    text: str, number: str
) -> None:
    read = read_paste(text, P)

    assert [one.number for one in read.cases] == [number]
    assert read.left_out


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("見本一E01201（見本太郎）", "見本一E01201"),
        ("見本一E01201見本太郎", "見本一E01201"),
        ("東9-12345 見本太郎", "東9-12345"),
    ],
)
def test_field__a_name_beside_the_number__the_number(typed: str, number: str) -> None:
    read = read_field(typed, P)

    assert read is not None
    assert [one.number for one in read.cases] == [number]


@pytest.mark.parametrize("typed", ["東9-12345", "東 9-12345", "東9-12345 号", "12345 67890"])
def test_field__an_unusual_number_with_blanks__as_it_is(typed: str) -> None:
    assert read_field(typed, P) is None


@pytest.mark.parametrize(("cell", "wanted"), [("◯", True), ("はい", True), ("いいえ", False)])
def test_reentry__under_its_heading__by_more_words(cell: str, *, wanted: bool) -> None:
    (case,) = read_paste(f"申請番号\t再入国許可の有無\n見本一E01201\t{cell}", P).cases

    assert case.with_reentry_permit is wanted


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [("在留期間の更新", "extension"), ("在留資格の変更", "change"), ("資格変更", "change")],
)
def test_type__with_and_without_its_particle(cell: str, wanted: str) -> None:
    (case,) = read_paste(f"見本一X01201\t{cell}", P).cases

    assert case.type == wanted
