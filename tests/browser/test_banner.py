"""The emergency banner in a real page: accessible, narrow, printed with the confirmation."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests import factories
from tests.browser.counter_scene import board, sign_in
from tests.browser.looking import assert_fits, look_at, take_picture, violations
from tests.browser.stage import THURSDAY_TEN, Stage
from tests.every_bureau.bureaus import FOLDER
from uketori import clock
from uketori.bureaus.banners import set_banner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "台風のため、6月11日（木）は臨時に閉庁します。予約された方には、メールでお知らせします。"


@pytest.fixture(autouse=True)
def _banner(stage: Stage) -> None:
    set_banner(bureau="osaka", text=TEXT, actor="system:test", at=clock.now())


@pytest.mark.parametrize("path", ["", "entry", "nothing-here"])
def test_banner__public_pages__a_region_of_its_name(stage: Stage, path: str) -> None:
    page = stage.go(path)

    assert page.get_by_role("region", name="お知らせ").inner_text().count(TEXT) == 1
    look_at(page, f"banner-{path or 'top'}")


def test_banner__list_of_bureaus__beside_its_own(stage: Stage, settings: Any) -> None:
    settings.BUREAUS_FOLDER = str(FOLDER)
    set_banner(
        bureau="minato",
        text="停電のため、\n午後は閉庁します。",
        actor="system:test",
        at=clock.now(),
    )

    stage.page.goto(f"{stage.root}/")

    of_osaka = stage.page.get_by_role("listitem").filter(has_text=TEXT)
    assert of_osaka.get_by_role("heading").inner_text() == "大阪出入国在留管理局からのお知らせ"
    look_at(stage.page, "banner-index")


def test_banner__longest_word_without_a_break__fits(stage: Stage) -> None:
    set_banner(bureau="osaka", text="a" * 400, actor="system:test", at=clock.now())
    page = stage.go("")
    page.set_viewport_size({"width": 320, "height": 900})

    assert_fits(page)


def test_banner__confirmation_of_fifteen_cases__printed_on_one_sheet(stage: Stage) -> None:
    made = factories.reservation(stage.signed_in(), THURSDAY_TEN, 15)
    page = stage.go(f"reservations/{made.reference}")

    assert violations(page) == []
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=False))).pages
    assert len(sheets) == 1
    printed = sheets[0].extract_text().replace("\n", "")
    assert "臨時に閉庁します" in printed
    assert made.reference in printed


def test_banner__staff_pages__on_the_screen_and_not_on_the_lists(stage: Stage) -> None:
    sign_in(stage)
    stage.page.set_viewport_size({"width": 1024, "height": 900})
    page = board(stage)

    banner = page.get_by_role("region", name="お知らせ")
    assert banner.inner_text().count(TEXT) == 1
    assert violations(page) == []
    take_picture(page, "banner-board-1024")
    page.emulate_media(media="print")
    assert not banner.is_visible()
