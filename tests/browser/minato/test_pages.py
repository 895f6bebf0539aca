"""Pages of みなと in states on which the journeys do not come by."""

from collections.abc import Callable

import pytest
from django.db.models import F

from tests import factories
from tests.browser.counter_scene import board, sign_in
from tests.browser.minato.scene import (
    FRIDAY_NINE,
    THURSDAY_EIGHT,
    look,
    look_at_desk,
    main,
    numbers,
    signed_in,
)
from tests.browser.stage import AOKI, Stage, cell
from uketori.rules.permissions import Role
from uketori.rules.policy import IntermediaryKind

pytestmark = pytest.mark.browser

State = Callable[[Stage], None]


def full(starts_at: factories.datetime) -> None:
    """Two reservations: 満席."""
    factories.slot(starts_at, booked_reservations=F("capacity_reservations"), booked_cases=4)


def top_with_every_state(stage: Stage) -> None:
    full(THURSDAY_EIGHT)
    factories.slot(FRIDAY_NINE, booked_reservations=1, booked_cases=6)
    stage.go("")
    hours = stage.page.inner_text(".hours")
    assert [word in hours for word in ("満席", "残りわずか", "閉庁")] == [True] * 3


def notice(stage: Stage) -> None:
    stage.go("notice")
    assert "３０分を１枠とし" in main(stage.page)


def no_of_the_guide(stage: Stage) -> None:
    page = stage.go("eligibility")
    page.get_by_label("オンライン").check()
    stage.press("次へ進む")
    assert page.locator("[data-refusal=FILED_ONLINE]").count()


def one_category(stage: Stage) -> None:
    """Whoever comes for a public corporation brings what is their own."""
    person = factories.intermediary(kind=IntermediaryKind.PUBLIC_CORP_STAFF)
    claim = factories.claim(AOKI, person=person, number="見取第10234号")
    stage.sign_in()
    stage.open_checked(claim, THURSDAY_EIGHT, numbers(2), category="")
    assert stage.page.locator("input[name=category-all]").count() == 1


def hour_taken(stage: Stage) -> None:
    """The nearest hours are offered, and one click takes one."""
    stage.open_confirmation(signed_in(stage), THURSDAY_EIGHT, numbers(5))
    full(THURSDAY_EIGHT)
    stage.declare_all()
    stage.press("この内容で予約する")
    assert stage.page.locator("[data-refusal=SLOT_FULL]").count()
    assert "9時～9時30分" in stage.page.locator(".offer").first.inner_text()


def one_hour_held(stage: Stage) -> None:
    claim = signed_in(stage)
    factories.reservation(claim, THURSDAY_EIGHT, numbers(2))
    stage.go(f"reservations/new?holder={claim.pk}")
    assert stage.page.locator("input[name=slot]").count() == 0
    assert "すべて予約済み" in stage.page.inner_text("#slot")


@pytest.mark.parametrize(
    "state",
    [top_with_every_state, notice, no_of_the_guide, one_category, hour_taken, one_hour_held],
)
def test_page__is_sound(stage: Stage, state: State) -> None:
    state(stage)

    look(stage, state.__name__.replace("_", "-"))


def test_booking_for_a_caller__is_sound_and_books(stage: Stage) -> None:
    claim = factories.claim(AOKI, number="見取第10234号")
    sign_in(stage, Role.SUPERVISOR)
    page = board(stage, f"bookings/claims/{claim.pk}")
    page.locator(f'[id="slot-{cell(FRIDAY_NINE)}"]').check()
    page.get_by_label("案件1の申請番号", exact=True).fill(numbers(1)[0])
    page.get_by_label("甲　わたしが出した").first.check()
    for box in page.locator("[name=declared], [name=notice]").all():
        box.check()
    look_at_desk(stage, "book-for-claim")
    stage.press("この内容で予約する")

    assert "6月12日（金）9時～9時30分に、1件の予約をお取りしました。" in main(page)
    look_at_desk(stage, "booked-for")
