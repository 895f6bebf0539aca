"""A column of a spreadsheet pasted where one number goes: a row for each.  D12."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests import factories
from tests.browser.stage import THURSDAY_TEN, Stage

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]
THREE = ["見本一E01201", "見本一E01238", "見本一E01275"]
TABLE = "申請番号\t氏名\t種類\n見本一E01201\t見本 太郎\t更新\n見本一E01238\t見本 次郎\t変更\n"


def paste(page: Page, text: str, field: str) -> None:
    """Copy the text as somebody does, and paste it into the field."""
    page.locator("details:has(#paste)").evaluate("one => { one.open = true }")
    page.locator("#paste").fill(text)
    page.locator("#paste").press("Control+A")
    page.locator("#paste").press("Control+X")
    page.locator(field).press("Control+V")


def numbers(page: Page) -> list[str]:
    fields = page.locator("main input[name^='number-']").all()
    return [value for one in fields if (value := one.input_value())]


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def draft(request: pytest.FixtureRequest, stage: Stage, new_page: MakePage) -> Page:
    """The booking page of 青木's empty draft."""
    stage.page = new_page(java_script_enabled=request.param)
    return stage.open_draft(stage.signed_in(), THURSDAY_TEN, 0)


@pytest.mark.parametrize("how_many", [3, 5])
def test_column__pasted_into_the_first_field__a_row_for_each(draft: Page, how_many: int) -> None:
    wanted = factories.numbers(how_many)
    paste(draft, "\n".join(wanted), "#number-1")
    draft.locator("button[value=add-row]").click()

    assert numbers(draft) == wanted
    assert draft.locator("[data-refusal=NUMBER_TOO_LONG]").count() == 0


def test_table__pasted_into_a_field__cases_without_the_names(draft: Page) -> None:
    paste(draft, TABLE, "#number-1")
    draft.locator("button[value=add-row]").click()

    assert numbers(draft) == THREE[:2]
    assert draft.locator("#type-2").input_value() == "change"
    assert "読み取っていません。保存もしていません。" in draft.inner_text("main")
    assert "太郎" not in draft.content()


def test_column__with_scripts__fills_the_rows_before_anything_is_sent(stage: Stage) -> None:
    page = stage.open_draft(stage.signed_in(), THURSDAY_TEN, 0)

    paste(page, "\r\n".join([*THREE, ""]), "#number-1")

    assert numbers(page) == THREE


def test_column__pasted_into_a_correction__is_taken_apart(stage: Stage) -> None:
    claim = stage.signed_in()
    made = factories.reservation(claim, THURSDAY_TEN, 2)
    case = made.cases.get(order=1)
    other = made.cases.get(order=2)
    page = stage.open_draft(claim, None, 0)
    page.locator("details:has(#paste)").evaluate("one => { one.open = true }")
    page.locator("#paste").fill("\n".join(THREE[:2]))
    page.locator("#paste").press("Control+A")
    page.locator("#paste").press("Control+C")
    stage.go(f"reservations/{made.reference}/changes")
    page.locator("summary:has-text('番号などをなおす')").first.click()
    page.locator(f"#new-number-{case.pk}").press("Control+A")
    page.locator(f"#new-number-{case.pk}").press("Control+V")
    page.locator(f"input[name=withdraw][value='{other.pk}']").check()
    page.locator("button[value=review]").click()

    assert page.locator(f"#new-number-{case.pk}").input_value() == THREE[0]
    assert numbers(page) == [THREE[1]]
    assert "戻す案件1：申請書を提出した方（区分）が選ばれていません。" in page.inner_text("main")
