"""The 予約確認画面 as it is shown, photographed and printed.  R-36, R-38, 利用案内 5."""

import io
import re
import shutil
import unicodedata
from pathlib import Path

import pytest
import zxingcpp
from django.conf import settings
from PIL import Image
from pypdf import PdfReader

from tests import factories
from tests.browser.looking import PICTURES, take_picture
from tests.browser.stage import THURSDAY_TEN, Stage, mixed_rows
from uketori.reservations.cases.typed import DraftRow
from uketori.reservations.models import Reservation
from uketori.rules.policy import ApplicationType, ReceiptCategory

pytestmark = pytest.mark.browser

A4 = (595, 842)


def just_booked(
    stage: Stage, rows: tuple[DraftRow, ...] | None = None, **facts: object
) -> Reservation:
    claim = stage.signed_in(**facts)
    stage.open_confirmation(claim, THURSDAY_TEN, rows=rows or mixed_rows())
    stage.declare_all()
    stage.press("この内容で予約する")
    stage.page.locator(".ticket").wait_for()
    return Reservation.objects.get()


@pytest.mark.parametrize("size", [(360, 640), (390, 664)], ids=["360x640", "390x664"])
def test_first_screen__holds_what_the_counter_asks_for(stage: Stage, size: tuple[int, int]) -> None:
    """Just after booking, when a message is said, too."""
    width, height = size
    stage.page.set_viewport_size({"width": width, "height": height})
    made = just_booked(stage)
    for words in (
        made.reference,
        "6月11日（木）",
        "10時～11時",
        stage.policy.counter,
        "青木 花子",
        "15件",
    ):
        box = stage.page.locator(".ticket").get_by_text(words, exact=False).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height, f"{words} ends at {box['y'] + box['height']}"
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    if PICTURES:
        stage.page.screenshot(path=f"{PICTURES}/first-screen-{width}.png")


@pytest.mark.parametrize("width", [1280, 360])
def test_code__holds_the_reference_and_nothing_else(stage: Stage, width: int) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 3)
    stage.page.set_viewport_size({"width": width, "height": 800})
    stage.go(f"reservations/{made.reference}")
    assert codes_in(stage.page.screenshot(full_page=True)) == [made.reference]


def test_paper__ordinary(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 15)
    stage.go(f"reservations/{made.reference}")

    text = the_one_sheet(stage.page.pdf(prefer_css_page_size=True), "ordinary")

    assert_holds_everything(text, made, stage)


def test_paper__longest_contents_just_booked(stage: Stage) -> None:
    person = factories.intermediary(
        "アレクサンドリア・モンゴメリー・佐々木",
        organisation="特定非営利活動法人おおさか南港国際人材育成支援機構　外国人雇用相談センター",
    )
    made = just_booked(stage, longest_rows("大阪南港労一E0"), person=person)

    text = the_one_sheet(stage.page.pdf(prefer_css_page_size=True), "longest")

    assert_holds_everything(text, made, stage)
    assert "予約が決まりました" not in text
    for paper in ("受領証", "依頼書", "手数料納付書", "申請人の旅券と在留カード"):
        assert paper in text


@pytest.mark.parametrize(
    "name",
    ["山" * 100, "W" * 100, "Maximiliana Alexandrovna " * 4],
    ids=["kanji", "latin", "words"],
)
def test_paper__a_name_of_a_hundred_letters_and_numbers_of_thirty__is_one_sheet(
    stage: Stage, name: str
) -> None:
    person = factories.intermediary(name[:100].strip(), organisation="特" * 200)
    made = just_booked(stage, longest_rows("大" * 24 + "E0"), person=person)

    text = the_one_sheet(stage.page.pdf(prefer_css_page_size=True), f"hundred-{name[0]}")

    assert_holds_everything(text, made, stage)


def test_paper__places_with_long_names__is_one_sheet(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = an_osaka_with_long_names(tmp_path)
    monkeypatch.setattr(settings, "BUREAUS_FOLDER", folder)
    person = factories.intermediary("山" * 100)
    made = just_booked(stage, longest_rows("大" * 24 + "E0"), person=person)

    text = the_one_sheet(stage.page.pdf(prefer_css_page_size=True), "places")

    assert text.count("とても奥まった") >= 4
    assert_holds_everything(text, made, stage)


def longest_rows(number: str) -> tuple[DraftRow, ...]:
    """Fifteen cases with the longest names of types, and every paper."""
    return tuple(
        DraftRow(
            number=f"{number}{1234 + index}",
            type=ApplicationType.ACQUISITION_BIRTH if index % 4 else ApplicationType.CHANGE,
            category=(ReceiptCategory.SAME_ORG, ReceiptCategory.ORG_RECEIVE_ONLY)[index % 2],
            with_reentry_permit=True,
        )
        for index in range(15)
    )


def an_osaka_with_long_names(folder: Path) -> Path:
    """Osaka's files, each place named with some twenty characters more; return the folder."""
    shutil.copytree(Path(settings.BUREAUS_FOLDER) / "osaka", folder / "osaka")
    policy = folder / "osaka" / "policy.2026-01-01.toml"
    named = re.sub(
        r'^(bureau_name|counter|ordinary_counter|reservation_desk|contact_section)( *= ")',
        r"\1\2とても奥まった、合同庁舎の別館の裏にある",
        policy.read_text("utf-8"),
        flags=re.M,
    )
    policy.write_text(named, "utf-8")
    return folder


def test_paper__grey_and_without_background_loses_nothing(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 3)
    stage.go(f"reservations/{made.reference}").emulate_media(media="print")
    stage.page.set_viewport_size({"width": 794, "height": 1123})
    paper = Image.open(io.BytesIO(stage.page.screenshot())).convert("L")

    pale = sum(paper.histogram()[130:200])

    assert pale < paper.width * paper.height / 50
    assert codes_in(stage.page.screenshot()) == [made.reference]


def test_forced_colours__the_ticket_keeps_its_frame(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 3)
    stage.page.emulate_media(forced_colors="active")
    stage.go(f"reservations/{made.reference}")
    take_picture(stage.page, "show-forced-colours")

    frame = "getComputedStyle(document.querySelector('.ticket')).borderTopStyle"
    assert stage.page.evaluate(frame) == "solid"
    assert codes_in(stage.page.screenshot(full_page=True)) == [made.reference]


def the_one_sheet(pdf: bytes, name: str) -> str:
    """Return the text of the only page, in common signs and without blanks."""
    if PICTURES:
        with open(f"{PICTURES}/paper-{name}.pdf", "wb") as file:  # noqa: PTH123 - for eyes only
            file.write(pdf)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    box = pages[0].mediabox
    assert abs(box.width - A4[0]) < 2
    assert abs(box.height - A4[1]) < 2
    return squeezed(pages[0].extract_text())


def assert_holds_everything(text: str, made: Reservation, stage: Stage) -> None:
    policy = stage.policy
    for number in made.cases.values_list("number", flat=True):
        assert squeezed(number) in text
    for words in (
        made.reference,
        "6月11日（木）",
        "10時～11時",
        "6月10日（水）11時59分まで",
        policy.contact_phone,
        f"部署番号{policy.phone_menu_code}",
        policy.contact_section,
        policy.counter,
        policy.reservation_desk,
        made.holder_name,
        "通知書（ハガキ）",
        "申請受付票",
        "予約日に有効なもの",
        "公式のサービスではありません",
        "結果の交付が終わったことにはなりません",
    ):
        assert squeezed(words) in text, words


def squeezed(text: str) -> str:
    """One spelling: a sheet gives its signs back in other widths, and 〜 for ～."""
    text = text.replace("・", "‧")
    folded = unicodedata.normalize("NFKC", text).translate(str.maketrans("〜⻘", "~青"))
    return re.sub(r"\s", "", folded)


def codes_in(picture: bytes) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]
