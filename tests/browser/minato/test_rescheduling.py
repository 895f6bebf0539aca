"""Another hour on the real pages, at みなと, where the bureau allows it.  D07."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests import factories
from tests.browser.minato.scene import THURSDAY_EIGHT, look, main, numbers, signed_in
from tests.browser.stage import Stage
from tests.policies import at
from uketori.bureaus.models import Slot
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]
FRIDAY_EIGHT, FRIDAY_NINE = at("2026-06-12 08:00"), at("2026-06-12 09:00")


@pytest.fixture
def made(stage: Stage) -> Reservation:
    """青木's Thursday at eight, seen on Mon 2026-06-08 at ten."""
    stage.set_clock("2026-06-08 10:00")
    factories.first_notice()
    return factories.reservation(signed_in(stage), THURSDAY_EIGHT, numbers(3))


def chooses(stage: Stage, hour: str) -> None:
    stage.page.get_by_role("radio", name=hour).check()
    stage.press("新しい時間を確認する")


def held(made: Reservation) -> object:
    return Reservation.objects.get(pk=made.pk).starts_at


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_journey__to_friday_and_seen_in_the_record(
    stage: Stage, made: Reservation, new_page: MakePage, *, scripts: bool
) -> None:
    if not scripts:
        stage.page = new_page(java_script_enabled=False)
        stage.sign_in()
    page = stage.go(f"reservations/{made.reference}")
    page.get_by_role("link", name="予約を変更・キャンセルする").click()
    page.get_by_role("link", name="日と時間を変更する").click()
    if scripts:
        look(stage, "hour")
    stage.press("新しい時間を確認する")
    assert page.locator("[data-refusal=NO_SLOT_CHOSEN]").count()
    if scripts:
        look(stage, "hour-none-chosen")

    chooses(stage, "6月12日（金）8時～8時30分")
    assert "6月10日（水）17時59分まで" in main(page)
    if scripts:
        look(stage, "hour-review")
    stage.press("ほかの時間を選ぶ")
    assert page.get_by_role("radio", name="6月12日（金）8時～8時30分").is_checked()
    stage.press("新しい時間を確認する")
    stage.press("この時間に変更する")

    assert page.locator(".message--good", has_text="予約の時間を変更しました").is_visible()
    assert page.locator(".ledger__kind").all_inner_texts() == ["時間を変えた"]
    if scripts:
        look(stage, "hour-moved")
    assert held(made) == FRIDAY_EIGHT


def test_journey__full_at_the_last_moment__one_press_takes_a_near_one(
    stage: Stage, made: Reservation
) -> None:
    page = stage.go(f"reservations/{made.reference}/hour")
    chooses(stage, "6月12日（金）8時～8時30分")
    factories.slot(FRIDAY_EIGHT, booked_reservations=2)
    stage.press("この時間に変更する")

    assert page.locator("[data-refusal=SLOT_FULL]").count() == 1
    assert "は、そのまま残っています" in main(page)
    look(stage, "hour-taken")
    page.get_by_role("button", name="6月12日（金）9時～9時30分").click()

    assert held(made) == FRIDAY_NINE
    assert Slot.objects.get(starts_at=THURSDAY_EIGHT).booked_reservations == 0


def test_page__after_the_deadline__whom_to_call(stage: Stage, made: Reservation) -> None:
    stage.set_clock("2026-06-09 18:00")
    stage.sign_in()
    page = stage.go(f"reservations/{made.reference}/hour")
    assert page.locator("[data-refusal=CHANGE_CLOSED]").count() == 1
    look(stage, "hour-closed")
