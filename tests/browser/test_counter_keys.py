"""The counter without a mouse: an hour of sixty cases in few presses."""

import pytest

from tests.browser.clerk import Clerk
from tests.browser.counter_scene import board, full_hour, reserved, sign_in, with_seen_certificate
from tests.browser.stage import Stage
from uketori.counter.visit.facts import ending_of
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.visit import Ending

pytestmark = pytest.mark.browser

MOST_PRESSES = 40
EXCEPTIONS = {0: {12: "1", 3: "4"}, 3: {10: "2"}, 5: {7: "3"}}
"""Which of the six people → which of their cases → the digit of the reason."""


def test_sixty_cases_with_four_exceptions__in_forty_presses(stage: Stage, clerk: Clerk) -> None:
    people = full_hour()
    board(stage)
    assert sum(one.live_case_count for one in people) == 60

    for place, one in enumerate(people):
        clerk.scan(one.reference)
        clerk.press("+")
        stage.page.get_by_text("窓口で確認済み").wait_for()
        for order, digit in EXCEPTIONS.get(place, {}).items():
            clerk.press(*str(order), "Space", digit)
        clerk.finish()

    assert clerk.presses <= MOST_PRESSES
    assert clerk.presses == 32
    not_issued = ReservedCase.objects.filter(outcome="not_issued")
    assert not_issued.count() == 4
    assert ReservedCase.objects.filter(outcome="issued").count() == 56
    recorded = {
        (one.reservation.pk, one.order): one.not_issued_because
        for one in not_issued.select_related("reservation")
    }
    assert recorded[people[0].pk, 12] == "paper_missing"
    assert recorded[people[0].pk, 3] == "not_ours"
    assert recorded[people[3].pk, 10] == "paper_wrong"
    assert recorded[people[5].pk, 7] == "not_yet_ready"
    assert {ending_of(one) for one in Reservation.objects.all()} == {Ending.SERVED}


def test_certificate_nobody_has_seen__the_key_tells_and_pressed_again_issues(
    stage: Stage, clerk: Clerk
) -> None:
    one = full_hour()[0]
    page = board(stage)
    clerk.scan(one.reference)

    clerk.press("z")
    page.get_by_text("証明書を確認した記録がありません。").wait_for()
    one.refresh_from_db()
    assert one.served_at is None
    clerk.finish()

    one.refresh_from_db()
    assert ending_of(one) is Ending.SERVED
    assert one.claim.proved_at is None


def test_late__in_two_presses(stage: Stage, clerk: Clerk) -> None:
    one = reserved("川口 誠", "カワグチ マコト", 6, "09:00")
    board(stage)

    clerk.scan(one.reference)
    clerk.finish("l")

    assert clerk.presses == 2
    one.refresh_from_db()
    assert ending_of(one) is Ending.LATE
    assert one.arrived_at is not None


@pytest.mark.parametrize("unticked", [False, True])
def test_marked_ahead__one_key__not_issued_unless_unticked(
    stage: Stage, clerk: Clerk, *, unticked: bool
) -> None:
    one = with_seen_certificate(full_hour()[1])
    one.cases.filter(order=2).update(ahead_mark="not_ready", ahead_at=one.booked_at)
    one.cases.filter(order=5).update(ahead_mark="wrong_number", ahead_at=one.booked_at)
    board(stage)

    clerk.scan(one.reference)
    button = stage.page.locator("[data-main]")
    assert "5件を交付して完了する" in button.inner_text()
    if unticked:
        clerk.press("2", "Space")
        assert "6件を交付して完了する" in button.inner_text()
    clerk.finish()

    recorded = list(one.cases.order_by("order").values_list("not_issued_because", flat=True))
    second = "" if unticked else "not_yet_ready"
    assert recorded == ["", second, "", "", "number_unknown", "", ""]


def test_reference_typed_for_a_caller__taken_back_by_one_key(stage: Stage, clerk: Clerk) -> None:
    one = full_hour()[0]
    page = board(stage)
    clerk.read(one.reference, end="Enter")
    page.get_by_text("来庁を記録しました。").wait_for()

    clerk.press("Delete")

    page.get_by_role("button", name="来庁", exact=True).first.wait_for()
    one.refresh_from_db()
    assert one.arrived_at is None


def test_enter__in_the_field_of_the_time__records_nothing(stage: Stage, clerk: Clerk) -> None:
    one = full_hour()[0]
    page = board(stage, one.reference)
    page.get_by_text("紙の記録から").click()
    page.locator("#clock").fill("10:05")

    clerk.press("Enter")
    page.wait_for_timeout(300)

    one.refresh_from_db()
    assert (one.arrived_at, one.served_at) == (None, None)
    assert page.locator("#clock").input_value() == "10:05"


def test_single_keys__turned_off__press_nothing(stage: Stage, clerk: Clerk) -> None:
    one = full_hour()[0]
    page = board(stage, one.reference)
    page.get_by_text("キーボードの使い方").click()
    page.get_by_label("一文字のキーを使わない").check()
    page.reload()

    clerk.press("z", "i", "1")
    page.wait_for_timeout(300)

    one.refresh_from_db()
    assert (one.arrived_at, one.served_at) == (None, None)
    assert page.locator("#find").input_value() == ""


def test_without_script__the_same_with_buttons_alone(stage: Stage, clerk: Clerk) -> None:
    one = with_seen_certificate(full_hour()[1])
    context = stage.page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = context.new_page()
    sign_in(stage, page=page)
    board(stage, page=page)
    assert page.locator("#find").evaluate("one => one === document.activeElement")

    page.keyboard.type(one.reference)
    page.keyboard.press("Enter")
    page.locator("[data-order='2'] input").check()
    page.locator("[data-order='2'] select").select_option("paper_wrong")
    page.locator("[data-main]").click()
    page.locator("#how").wait_for()
    context.close()

    assert one.cases.get(order=2).not_issued_because == "paper_wrong"
    assert one.cases.filter(outcome="issued").count() == 6
