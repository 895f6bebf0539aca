"""The journey's pages with Tab, Space, Enter and arrows alone; the focus is always seen."""

import pytest
from playwright.sync_api import Page

from tests import factories
from tests.browser.stage import AOKI, THURSDAY_TEN, Stage, cell
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.browser

MOST_STOPS = 90
LOOK_AT_FOCUS = """() => {
  const one = document.activeElement;
  const shown = [one, one.closest(".hours__choice")].filter(Boolean).some((each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = one.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 12)];
  const top = document.elementFromPoint(x, y);
  const seen = top !== null && (one.contains(top) || top.contains(one) ||
    (one.labels ? [...one.labels].some((label) => label.contains(top)) : false));
  return {
    name: `${one.tagName}#${one.id} ${one.textContent.trim().slice(0, 20)}`,
    lost: one === document.body,
    shown,
    seen: seen && y >= 0 && y <= innerHeight,
  };
}"""


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, selector: str) -> None:
        """Press Tab until the thing has the focus; look at the focus at each stop."""
        for _ in range(MOST_STOPS):
            self.tab()
            if self.page.locator(selector).first.evaluate("one => one === document.activeElement"):
                return
        pytest.fail(f"Tab never comes to {selector}")

    def tab(self) -> None:
        """Go one stop on, and see where one is."""
        self.page.keyboard.press("Tab")
        focus = self.page.evaluate(LOOK_AT_FOCUS)
        if not focus["lost"]:  # between the end of the page and its beginning
            assert focus["shown"], f"no outline: {focus['name']}"
            assert focus["seen"], f"hidden or off the screen: {focus['name']}"

    def type_into(self, selector: str, text: str) -> None:
        """Go there and type."""
        self.go_to(selector)
        self.page.keyboard.insert_text(text)

    def press(self, key: str, selector: str = "") -> None:
        """Go there, if anywhere, and press a key."""
        if selector:
            self.go_to(selector)
        self.page.keyboard.press(key)

    def submit(self, selector: str, then: str) -> None:
        """Press a button with Enter; wait for something of the next page."""
        self.press("Enter", selector)
        self.page.locator(then).first.wait_for()


def test_journey__by_keyboard_alone(stage: Stage) -> None:
    keys = Keyboard(stage.go(""))
    keys.submit("main a.button--main", "#id_address")
    keys.type_into("#id_address", AOKI)
    keys.submit("main button.button--main", "#id_code")
    stage.page.goto(stage.newest_link())
    keys.submit("main button.button--main", "#id_kind_0")
    fill_holder(keys)
    keys.press("Enter", "summary:has-text('まとめて貼り付け')")
    keys.type_into("#paste", "\n".join(factories.numbers(2)))
    keys.submit("button[value=add-paste]", ".tally__figure:has-text('2／')")
    choose_thursday_ten(keys)
    keys.press(" ", "#category-all_0")
    keys.submit("button[value=proceed]", "#notice")
    for box in range(stage.page.locator("input[name=declared]").count()):
        keys.press(" ", f"input[name=declared] >> nth={box}")
    keys.press(" ", "#notice")
    keys.submit("main button.button--main", ".ticket")
    walk_through(keys)

    assert Reservation.objects.get().starts_at == THURSDAY_TEN


def test_narrow_booking_page__focus_is_never_hidden(stage: Stage) -> None:
    stage.page.set_viewport_size({"width": 360, "height": 640})
    stage.open_draft(stage.signed_in(), THURSDAY_TEN, 2)

    walk_through(Keyboard(stage.page))


def test_errors__lead_to_their_fields_by_keyboard(stage: Stage) -> None:
    keys = Keyboard(stage.open_checked(stage.signed_in(), THURSDAY_TEN, ["阪", "阪労一E00001"]))
    keys.press("Enter", ".error-summary__link")
    keys.press("End")
    keys.page.keyboard.insert_text("労一E00002")

    assert stage.page.locator("#number-1").input_value() == "阪労一E00002"


def test_skip_link__leads_past_the_head(stage: Stage) -> None:
    keys = Keyboard(stage.go("entry"))
    keys.tab()
    assert stage.page.locator(".skip-link").evaluate("one => one === document.activeElement")
    assert stage.page.locator(".skip-link").bounding_box()["y"] >= 0  # type: ignore[index]
    keys.press("Enter")
    keys.tab()

    assert stage.page.evaluate("document.activeElement.closest('main') !== null")


def fill_holder(keys: Keyboard) -> None:
    keys.press(" ", "#id_kind_0")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    assert keys.page.locator("#id_kind_0").is_checked()
    keys.press(" ", "#id_education_0")
    keys.type_into("#id_number", "大取第10234号")
    for part, value in zip(("year", "month", "day"), ("2028", "3", "31"), strict=True):
        keys.type_into(f"#id_expires_on_{part}, [name=expires_on_{part}]", value)
    keys.type_into("#id_name", "青木 花子")
    keys.type_into("#id_organisation", "株式会社あおぞら製作所")
    keys.type_into("#id_phone", "06-1234-5678")
    keys.submit("main button.button--main", "#slot")


def choose_thursday_ten(keys: Keyboard) -> None:
    """Arrows go through the hours as through any radios: line by line, five days a line."""
    keys.page.reload()
    keys.press(" ", "input[name=slot]")
    for _ in range(7):
        keys.press("ArrowRight")
        focus = keys.page.evaluate(LOOK_AT_FOCUS)
        assert focus["shown"]
        assert focus["seen"]
    chosen = keys.page.locator("input[name=slot]:checked")
    assert chosen.get_attribute("value") == cell(THURSDAY_TEN)


def walk_through(keys: Keyboard) -> None:
    """Tab from the first to the last thing of the page."""
    for _ in range(MOST_STOPS):
        keys.tab()
        if keys.page.evaluate("document.activeElement === document.body"):
            return
