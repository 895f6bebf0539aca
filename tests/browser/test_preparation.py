"""The preparation list on paper: every number once, an hour a page, A4 portrait, in grey."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page
from pypdf import PdfReader

from tests import factories, situations
from tests.browser.looking import PICTURES
from tests.browser.stage import Stage
from tests.browser.states_preparation import LIST, a_day, fill, some_changes
from tests.browser.states_staff import enter
from tests.browser.test_ticket import squeezed
from tests.policies import at
from uketori.counter.models import Printing
from uketori.counter.words import reason_choices
from uketori.reservations.models import ReservedCase

pytestmark = pytest.mark.browser

A4 = (595, 842)
VIEWS = ["hours", "numbers", "desk"]
HALF_OF_A_DAY, WHOLE_DAY = (1, 5, 12), (6, 5, 10)
"""Hours, people an hour, cases each: 60 and 300 cases."""
MOST_DESK_SHEETS = {HALF_OF_A_DAY: 3, WHOLE_DAY: 18}
"""Two people of ten or twelve cases stand on a page; nobody carries more paper than that."""


def printed(page: Page, name: str) -> list[str]:
    """Return the text of each sheet; every sheet is A4, upright, and says which it is."""
    paper = page.pdf(prefer_css_page_size=True)
    if PICTURES:
        (Path(PICTURES) / f"{name}.pdf").write_bytes(paper)
    sheets = PdfReader(io.BytesIO(paper)).pages
    texts = [squeezed(sheet.extract_text()) for sheet in sheets]
    for place, (sheet, text) in enumerate(zip(sheets, texts, strict=True), start=1):
        assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A4
        assert f"{place}/{len(texts)}" in text
    return texts


def numbers_in(texts: list[str]) -> list[str]:
    return re.findall(r"阪労[一二三四][A-Z][0-9]{5}", " ".join(texts))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", [HALF_OF_A_DAY, WHOLE_DAY])
def test_paper__sixty_and_three_hundred_cases__each_number_once_and_an_hour_a_page(
    stage: Stage, view: str, size: tuple[int, int, int]
) -> None:
    hours, people, cases = size
    stage.set_clock("2026-06-10 12:05")
    made = fill(*size)
    enter(stage, f"{LIST}?view={view}")
    texts = printed(stage.page, f"paper-{view}-{hours * people * cases}")
    expected = list(ReservedCase.objects.values_list("number", flat=True))

    assert len(expected) == hours * people * cases
    assert sorted(numbers_in(texts)) == sorted(expected)
    for text in texts:
        assert "6月11日(木)" in text
        assert view == "numbers" or len(set(re.findall(r"[0-9]+時~[0-9]+時", text))) == 1
    for one in made:
        holding = [text for text in texts if one.reference in text]
        assert holding
        assert view == "numbers" or len(holding) == 1, "a reservation is never split"
    if view == "hours":
        assert len(texts) == hours
    if view == "desk":
        assert len(texts) <= MOST_DESK_SHEETS[size]


def test_paper__desk_sheet__is_enough_to_work_the_day(stage: Stage) -> None:
    (made, *_others) = a_day(stage)
    enter(stage, f"{LIST}?view=desk")
    (sheet, *_rest) = [text for text in printed(stage.page, "paper-desk") if made.reference in text]

    for words in (
        "9時~10時",
        "ベップケン別府健",
        "株式会社あおぞら製作所",
        f"申請等取次者証明書{made.certificate_number}(2028年3月31日まで)",
        "来庁時分",
        "証明書を確認した",
        "遅刻呼出し時に不在不来庁",
        "電話時分取消し変更遅れるそのほか",
        "交付不交付理由の番号",
        "受領証",
        "まだ交付できない",
        "番号が見つからない",
        "重複6月12日(金)10時",
    ):
        assert words in sheet, words


def test_paper__desk_sheet__every_page_has_the_reasons_with_their_digits(stage: Stage) -> None:
    stage.set_clock("2026-06-10 12:05")
    fill(*HALF_OF_A_DAY)
    enter(stage, f"{LIST}?view=desk")
    texts = printed(stage.page, "paper-desk-reasons")
    reasons = squeezed("".join(words for _why, words in reason_choices()))

    assert reasons.startswith("1書類がない2書類の不備")
    assert len(texts) == MOST_DESK_SHEETS[HALF_OF_A_DAY]
    assert [text.count(f"不交付の理由{reasons}") for text in texts] == [1] * len(texts)


def test_paper__longest_numbers_and_names__nothing_is_cut(stage: Stage) -> None:
    stage.set_clock("2026-06-10 12:05")
    long = "阪" * 24 + "E12345"
    name = "アレクサンドラ・マリア・デ・ロス・サントス・ゴンサレス・イ・フェルナンデス" * 2
    person = factories.intermediary(name, name_kana=name, organisation="独立行政法人" * 12)
    factories.reservation(
        factories.claim(person=person), at("2026-06-11 10:00"), [long, "阪労一E00001"]
    )
    enter(stage, LIST)
    for view in VIEWS:
        stage.page.goto(f"{stage.root}{LIST}?view={view}")
        stage.page.emulate_media(media="print")
        stage.page.set_viewport_size({"width": 703, "height": 900})  # the width of the sheet
        assert stage.page.evaluate("document.documentElement.scrollWidth") <= 703
        text = "".join(printed(stage.page, f"paper-long-{view}"))
        assert long in text
        assert squeezed(name) in text


def test_paper__a_duplicate_in_the_day__names_are_not_broken(stage: Stage) -> None:
    """The words of one duplicate must not take the room of all names: that doubles the paper."""
    a_day(stage)
    enter(stage, f"{LIST}?view=numbers")
    stage.page.emulate_media(media="print")
    stage.page.set_viewport_size({"width": 703, "height": 900})  # the width of the sheet

    assert stage.page.locator(".preparation__twins").count()
    names = stage.page.locator(".shelf__row td:nth-child(6)").evaluate_all(
        "cells => cells.map(cell => {const words = document.createRange();"
        "words.selectNodeContents(cell); return words.getClientRects().length})"
    )
    assert set(names) == {1}, names


@pytest.mark.parametrize("rest", ["", "?view=numbers", "?view=desk", "/differences"])
def test_paper__without_colour__every_sign_is_black_on_white(stage: Stage, rest: str) -> None:
    if rest == "/differences":
        some_changes(stage)
    else:
        a_day(stage)
    enter(stage, LIST + rest)
    stage.page.emulate_media(media="print")
    picture = Image.open(io.BytesIO(stage.page.screenshot(full_page=True))).convert("RGB")
    red, green, blue = picture.split()

    for one, other in ((red, green), (green, blue)):
        assert ImageChops.difference(one, other).getextrema()[1] <= 8


def test_paper__differences__both_numbers_of_each_card(stage: Stage) -> None:
    some_changes(stage)
    enter(stage, f"{LIST}/differences")
    (text,) = printed(stage.page, "paper-differences")

    assert "6月10日(水)10時の印刷(時間ごとの一覧)から" in text
    assert "差し替え阪労二C01001在留資格変更ウ→阪労一E09999" in text
    for words in ("予約の取消", "新しい予約", "棚に戻す", "出す阪労一E08888", "印を付けた阪労"):
        assert words in text


@pytest.mark.parametrize("javascript", [True, False])
def test_print_button__records_and_leads_to_the_sheet(
    stage: Stage, new_page: object, javascript: bool
) -> None:
    a_day(stage)
    stage.page.add_init_script("window.print = () => { window.printed = true; };")
    if not javascript:
        stage.page = new_page(java_script_enabled=False)  # type: ignore[operator]
    enter(stage, f"{LIST}?view=numbers")
    stage.press("印刷する")

    stage.page.get_by_text("印刷を記録しました").wait_for()
    assert Printing.objects.get().actor == situations.staff().actor
    assert (
        stage.page.get_by_role("heading", level=1).inner_text().startswith("交付準備一覧（番号順）")
    )
    if javascript:
        stage.page.wait_for_function("window.printed === true")


def test_export_button__a_file_comes(stage: Stage, new_page: object) -> None:
    a_day(stage)
    stage.page = new_page(accept_downloads=True)  # type: ignore[operator]
    enter(stage, LIST)
    with stage.page.expect_download() as waiting:
        stage.press("表計算用に書き出す（CSV）")

    assert waiting.value.suggested_filename == "preparation-osaka-2026-06-11.csv"


BOXES = """rows => rows.map(row =>
    [...row.querySelectorAll('.preparation__box, .preparation__tick')].map(box => {
        const {width, height} = box.getBoundingClientRect();
        const style = getComputedStyle(box);
        return [width >= 12 && height >= 12, style.borderTopStyle, style.visibility];
    }))"""
"""Of each case the boxes that stand on the paper: big enough for a pen, with a line around."""


@pytest.mark.parametrize(
    ("view", "row", "boxes"),
    [("hours", ".preparation__case", 1), ("numbers", ".shelf__row", 1), ("desk", ".shelf__row", 3)],
)
def test_paper__each_case__has_its_boxes_for_the_pen(
    stage: Stage, view: str, row: str, boxes: int
) -> None:
    """Prepared; on the desk sheet issued, not issued, and the digit of the reason."""
    stage.set_clock("2026-06-10 12:05")
    fill(2, 2, 4)
    ReservedCase.objects.update(category="own")  # nothing more is brought for these
    enter(stage, f"{LIST}?view={view}")
    stage.page.emulate_media(media="print")

    cases = stage.page.locator(row)
    assert cases.count() == ReservedCase.objects.count()
    for number in ReservedCase.objects.values_list("number", flat=True):
        assert cases.filter(has_text=number).count() == 1
    assert cases.evaluate_all(BOXES) == [[[True, "solid", "visible"]] * boxes] * cases.count()
