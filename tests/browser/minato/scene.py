"""What everybody does at みなと: three days, hours of thirty minutes, five cases, numbers of 湊."""

from typing import Any

from playwright.sync_api import Page

from tests import factories
from tests.browser.looking import assert_fits, assert_is_dressed, look_at, take_picture, violations
from tests.browser.stage import AOKI, Stage
from tests.policies import at

WIDE = {"width": 1280, "height": 900}
THURSDAY_EIGHT = at("2026-06-11 08:00")
FRIDAY_NINE = at("2026-06-12 09:00")
PHONE = "050-0000-0135"


def numbers(how_many: int, first: int = 123) -> list[str]:
    """Numbers as みなと writes them; K is an extension."""
    return [f"湊K{first + index:05d}" for index in range(how_many)]


def look(stage: Stage, name: str) -> None:
    """Hold the page to axe at 1280 px and to narrow screens, and go on with a wide one."""
    look_at(stage.page, f"minato-{name}")
    stage.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def look_at_desk(stage: Stage, name: str) -> None:
    """Hold a page of the staff to axe and to both widths of the desk, which nothing leaves."""
    for width in (1024, 1280):
        stage.page.set_viewport_size({"width": width, "height": 900})
        take_picture(stage.page, f"minato-{name}-{width}")
        assert_fits(stage.page)
    assert_is_dressed(stage.page)
    assert violations(stage.page) == []


def fill_holder(stage: Stage) -> None:
    """Type everything about 青木 花子: of her education nobody asks here."""
    page = stage.page
    page.get_by_label("会社などの職員").check()
    page.get_by_label("証明書の番号").fill("見取第10234号")
    for label, value in zip(("年", "月", "日"), ("2028", "3", "31"), strict=True):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("お名前").fill("青木 花子")
    page.get_by_role("textbox", name="所属").fill("株式会社あおぞら製作所")
    page.get_by_label("電話番号").fill("０６-1234-5678")
    stage.press("日付と時間を選ぶ")


def signed_in(stage: Stage) -> factories.CertificateClaim:
    """青木 花子, whose session is open in the browser."""
    made = factories.claim(AOKI, number="見取第10234号")
    stage.sign_in()
    return made


def downloaded(stage: Stage, path: str) -> Any:
    """What a download holds, asked for with the browser's own session."""
    return stage.page.request.get(stage.url(path)).json()


def main(page: Page) -> str:
    """What is to be read in the page's main part."""
    return page.inner_text("main")
