"""A reader is a keyboard: wherever the focus is, its read is searched for and presses nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clerk import Clerk
from tests.browser.counter_scene import board, full_hour
from tests.browser.stage import Stage
from uketori.counter.visit.facts import ending_of
from uketori.reservations.models import Reservation, ReservedCase

pytestmark = pytest.mark.browser

KEEP_WHAT_IS_LEFT = """() => addEventListener("pagehide", () => {
  sessionStorage.setItem("left", document.querySelector("#clock").value);
})"""
NO_REFERENCES = [
    "Z1234567",
    "OO987",
    "LATE-0001",
    "L1",
    "S5",
    "IIII",
    "12345678",
    "]E04912345678904",
    "Z 12345",
    "+7012345",
    "90 01234",
]
"""Barcodes of other things: each begins with a key that acts, or with a digit."""


def opened_visit(stage: Stage) -> Page:
    """青木 with fifteen cases, who was checked in and waits."""
    one = full_hour()[0]
    Reservation.objects.filter(pk=one.pk).update(arrived_at=one.starts_at)
    return board(stage, one.reference)


def nothing_was_done() -> bool:
    """Only 青木 has arrived, and nobody's visit went on."""
    rows = list(Reservation.objects.order_by("pk"))
    came = [one.arrived_at is not None for one in rows]
    untouched = all(ending_of(one) is None and one.called_at is None for one in rows)
    return came == [True] + [False] * 5 and untouched


def arrived() -> list[str]:
    """The references of who is checked in."""
    rows = Reservation.objects.exclude(arrived_at=None)
    return list(rows.values_list("reference", flat=True))


@pytest.mark.parametrize("read", NO_REFERENCES)
@pytest.mark.parametrize("focus", ["h2", "[data-order='3'] input", "button[data-key]:visible"])
def test_no_reference__on_an_opened_visit__said_and_nothing_done(
    stage: Stage, clerk: Clerk, read: str, focus: str
) -> None:
    page = opened_visit(stage)
    page.locator(f"[data-opened] {focus}").first.focus()

    clerk.read(read, end="Enter")

    told = page.get_by_role("alert")
    expect(told).to_contain_text(f"「{read}」の予約は見つかりません")
    expect(told).to_contain_text("何も記録していません")
    assert nothing_was_done()
    assert ReservedCase.objects.exclude(outcome="").count() == 0


@pytest.mark.parametrize("every", [0, 20, 50, 110])
def test_no_reference__by_a_fast_or_slow_reader__nothing_done(
    stage: Stage, clerk: Clerk, every: int
) -> None:
    page = opened_visit(stage)

    clerk.read("Z1234567", every=every, end="Enter")

    expect(page.get_by_role("alert")).to_contain_text("「Z1234567」の予約は見つかりません")
    assert nothing_was_done()


def test_single_letter_and_enter_at_once__press_nothing(stage: Stage, clerk: Clerk) -> None:
    page = opened_visit(stage)
    page.locator("[data-order='3'] input").focus()

    clerk.read("Z", end="Enter")
    clerk.read("12", end="Enter")
    page.clock.run_for(1000)
    page.wait_for_timeout(300)

    assert nothing_was_done()


def test_letter__nothing_follows_it__acts(stage: Stage, clerk: Clerk) -> None:
    """The control: held back for a moment, not for ever."""
    page = opened_visit(stage)

    page.keyboard.press("o")
    page.clock.run_for(100)
    page.wait_for_timeout(300)
    assert nothing_was_done()

    page.clock.run_for(30)
    page.get_by_text("対応中").first.wait_for()
    assert not nothing_was_done()


def test_letter__kept_down__acts_once(stage: Stage, clerk: Clerk) -> None:
    page = opened_visit(stage)

    page.keyboard.down("o")
    for _ in range(3):
        page.keyboard.down("o")
    page.clock.run_for(200)
    page.wait_for_timeout(300)
    page.keyboard.up("o")
    assert nothing_was_done()


@pytest.mark.parametrize("reference", ["KACX-2346", "8UFV-8CPP", "23UF-KACX", "2346-ACXY"])
@pytest.mark.parametrize("focus", ["h2", "[data-order='3'] input", "[data-order='3'] select"])
def test_read__while_another_is_opened__goes_to_the_search_and_presses_nothing(
    stage: Stage, clerk: Clerk, reference: str, focus: str
) -> None:
    """However many digits the reference begins with, and whatever they mean where focus stands."""
    opened, read = full_hour()[:2]
    Reservation.objects.filter(pk=read.pk).update(reference=reference)
    read.refresh_from_db()
    page = board(stage, opened.reference)
    page.locator(f"[data-opened] {focus}").first.focus()

    clerk.scan(reference)

    assert ReservedCase.objects.exclude(outcome="").count() == 0
    assert arrived() == [read.reference]


def test_read__on_a_reason__leaves_what_was_chosen(stage: Stage, clerk: Clerk) -> None:
    opened = full_hour()[0]
    page = board(stage, opened.reference)
    line = page.locator("[data-order='3']")
    clerk.press("3", "Space", "2")
    assert line.locator("select").input_value() == "paper_wrong"
    line.locator("select").focus()

    clerk.read("4UF")

    assert line.locator("select").input_value() == "paper_wrong"
    assert page.locator("#find").input_value() == "4UF"


@pytest.mark.parametrize("before", ["", "10:05"])
def test_read__into_the_field_of_the_time__taken_out_and_found(
    stage: Stage, clerk: Clerk, before: str
) -> None:
    opened, read = full_hour()[:2]
    page = board(stage, opened.reference)
    page.get_by_text("紙の記録から").click()
    page.locator("#clock").fill(before)
    page.clock.run_for(1000)
    page.evaluate(KEEP_WHAT_IS_LEFT)
    page.on("dialog", lambda dialog: dialog.accept())

    clerk.scan(read.reference)

    assert page.evaluate("sessionStorage.getItem('left')") == before
    assert arrived() == [read.reference]


def test_typed__into_the_field_of_the_time__stays(stage: Stage, clerk: Clerk) -> None:
    """The control: however fast somebody types what is no reference, and Enter after it."""
    page = opened_visit(stage)
    page.get_by_text("紙の記録から").click()
    page.locator("#clock").focus()

    clerk.read("10:28", every=60, end="Enter")
    clerk.read("9", every=300)
    clerk.read("10:28 am", every=80, end="Enter")
    page.wait_for_timeout(300)

    assert page.locator("#clock").input_value() == "10:28910:28 am"
    assert page.locator("#find").input_value() == ""
    assert nothing_was_done()


def test_read__on_a_folded_hour__found(stage: Stage, clerk: Clerk) -> None:
    read = full_hour()[1]
    page = board(stage)
    page.locator("[data-hours] summary").first.focus()

    clerk.scan(read.reference)

    assert arrived() == [read.reference]


def test_read__single_keys_turned_off__found(stage: Stage, clerk: Clerk) -> None:
    opened, read = full_hour()[:2]
    page = board(stage, opened.reference)
    page.evaluate("localStorage.setItem('uketori-counter-keys-off', '1')")
    page.reload()

    clerk.scan(read.reference)

    assert arrived() == [read.reference]


def test_read__after_a_search_that_found_nothing__takes_its_place(
    stage: Stage, clerk: Clerk
) -> None:
    """What was not found stays in the field, and the focus is in it."""
    read = full_hour()[1]
    page = board(stage)
    clerk.read("OO987", end="Enter")
    expect(page.get_by_role("alert")).to_contain_text("OO987")

    clerk.scan(read.reference)

    assert arrived() == [read.reference]


@pytest.mark.parametrize("focus", ["h1", "textarea, main input:not(#find):not([type=hidden])"])
def test_read__on_an_opened_call__the_call_of_the_other(
    stage: Stage, clerk: Clerk, focus: str
) -> None:
    opened, read = full_hour()[:2]
    page = board(stage, f"calls/{opened.reference}")
    page.locator(focus).first.evaluate("one => { one.tabIndex = -1; one.focus() }")

    clerk.read(read.reference, end="Enter")

    page.wait_for_url(f"**/calls/{read.reference}")
    assert arrived() == []


@pytest.mark.parametrize("rest", ["preparation/2026-06-11", "unresolved"])
def test_read__on_a_list__opened_on_the_board(stage: Stage, clerk: Clerk, rest: str) -> None:
    read = full_hour()[1]
    board(stage, rest)

    clerk.scan(read.reference)

    assert arrived() == [read.reference]


def test_read__with_tab_at_its_end__found(stage: Stage, clerk: Clerk) -> None:
    read = full_hour()[1]
    page = board(stage)

    clerk.read(read.reference, end="Tab")

    page.wait_for_url(f"**/counter/{read.reference}")


def test_read__with_japanese_input_on__the_keys_count_and_not_the_kana(
    stage: Stage, clerk: Clerk
) -> None:
    """What the browser tells while kana are composed: the key is hidden, its place is not."""
    read = full_hour()[1]
    Reservation.objects.filter(pk=read.pk).update(reference="AFFN-Q9A6")
    page = board(stage)
    keys = page.context.new_cdp_session(page)

    def press(code: str) -> None:
        event = {"key": "Process", "code": code, "windowsVirtualKeyCode": 229}
        keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **event})
        page.clock.run_for(10)

    composed = ["あ", "あｆ", "あっｆ", "あっｆｎ", "あっfんー", "あっfんーq", "あっfんーq9"]
    codes = ["KeyA", "KeyF", "KeyF", "KeyN", "Minus", "KeyQ", "Digit9", "KeyA", "Digit6"]
    for order, code in enumerate(codes):
        press(code)
        words = composed[min(order, 6)]
        keys.send(
            "Input.imeSetComposition", {"text": words, "selectionStart": 1, "selectionEnd": 1}
        )
    press("Enter")

    page.wait_for_url("**/counter/AFFN-Q9A6")
    assert arrived() == ["AFFN-Q9A6"]
