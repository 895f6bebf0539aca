"""The counter on Thu 2026-06-11 at 10:35: a day in all its states, and a clerk who is signed in."""

from django.test import Client
from playwright.sync_api import Locator, Page

from tests import factories, situations
from tests.browser.stage import Stage
from tests.policies import at
from uketori.counter.visit.check_in import call_up, check_in
from uketori.counter.visit.endings import end_visit
from uketori.counter.visit.outcomes import record_outcome
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Role
from uketori.rules.visit import Ending
from uketori.staff.sessions import STAFF_COOKIE

A_TURN = 21_000
"""After so many milliseconds the board has asked for its hours once more."""
PEOPLE = (
    ("青木 花子", "アオキ ハナコ", 15),
    ("大田 学", "オオタ マナブ", 7),
    ("佐野 実", "サノ ミノル", 8),
    ("NGUYEN THI LAN", "グエン ティ ラン", 12),
    ("三浦 恵", "ミウラ メグミ", 6),
    ("若林 直子", "ワカバヤシ ナオコ", 12),
)
"""Six people with sixty cases."""


def sign_in(stage: Stage, role: Role = Role.CLERK, page: Page | None = None) -> None:
    """Let 千葉 光 be at work in the browser."""
    client = Client()
    situations.sign_in(client, situations.staff(role, stage.bureau))
    cookie = {
        "name": STAFF_COOKIE,
        "value": client.cookies[STAFF_COOKIE].value,
        "url": f"{stage.root}/staff/",
    }
    (page or stage.page).context.add_cookies([cookie])  # type: ignore[list-item]


def board(stage: Stage, rest: str = "", page: Page | None = None) -> Page:
    """Open the board, or what is below it."""
    page = page or stage.page
    page.goto(f"{stage.root}/staff/{stage.bureau}/counter/{rest}")
    return page


def turn(page: Page) -> None:
    """Let a page whose clock the test turns ask for its hours once."""
    with page.expect_response("**/counter/list*"):
        page.clock.run_for(A_TURN)


def reserved(name: str, kana: str, cases: int, hour: str = "10:00") -> Reservation:
    """A reservation of today."""
    number = Reservation.objects.count()
    person = factories.intermediary(name, name_kana=kana)
    claim = factories.claim(f"{number}@example.jp", person=person)
    starts_at = at(hour) if " " in hour else at(f"2026-06-11 {hour}")
    typed = factories.numbers(cases, 1000 + 20 * number)
    return factories.reservation(claim, starts_at, typed)


def with_seen_certificate(one: Reservation) -> Reservation:
    """The same, of somebody whose certificate was seen at an earlier visit."""
    CertificateClaim.objects.filter(pk=one.claim_id).update(proved_at=one.booked_at, place=None)
    return one


def full_hour() -> list[Reservation]:
    """Sixty cases in the hour of now, nobody there yet."""
    return [reserved(*person) for person in PEOPLE]


def a_day(stage: Stage) -> list[Reservation]:
    """One person in each state, at 10:35."""
    told = {"policy": stage.policy, "actor": situations.staff().actor}
    yesterday = reserved("土屋 進", "ツチヤ ススム", 2, "2026-06-10 14:00")
    late = reserved("川口 誠", "カワグチ マコト", 6, "09:00")
    reserved("別府 健", "ベップ ケン", 3, "09:00")
    reserved("橋本 涼", "ハシモト リョウ", 11, "11:00")
    now = full_hour()
    end_visit(reservation=late, ending=Ending.LATE, at=at("2026-06-11 10:02"), **told)
    for one, clock in ((now[0], "10:21"), (now[2], "10:21"), (now[3], "10:30"), (now[4], "10:05")):
        check_in(reservation=one, at=at(f"2026-06-11 {clock}"), **told)
    call_up(reservation=now[0], at=at("2026-06-11 10:28"), **told)
    record_outcome(reservation=now[4], exceptions={}, at=at("2026-06-11 10:18"), **told)
    now[0].cases.filter(order__in=(4, 9)).update(category="same_org")
    now[0].cases.filter(order__in=(10, 11)).update(category="org_receive_only", type="permanent")
    return [yesterday, late, *now]


def fresh(one: Reservation) -> Reservation:
    """The reservation as it stands in its row now."""
    return Reservation.objects.get(pk=one.pk)


def find(page: Page, words: str) -> Locator:
    """Type what the reader reads, with the Enter at its end; the opened visit."""
    page.locator("#find").fill(words)
    page.keyboard.press("Enter")
    return opened(page)


def opened(page: Page) -> Locator:
    """The visit that stands open beside the board."""
    side = page.locator("[data-opened]")
    side.wait_for()
    return side


def press(side: Locator, name: str) -> None:
    """Press the button of this name in the opened visit."""
    side.get_by_role("button", name=name, exact=True).click()


def line(page: Page, name: str) -> Locator:
    """The person's line on the board."""
    return page.locator("[data-hours] .board__person", has_text=name)


def mark(side: Locator, number: str, why: str) -> None:
    """Mark one case of the opened visit as not issued, with the reason."""
    side.get_by_label(f"交付しない：{number}").check()
    side.get_by_label(f"{number}を交付しない理由").select_option(why)


def type_clock(side: Locator, clock: str) -> None:
    """Type the time of day that stands on paper, unfolding its field if it is folded."""
    field = side.get_by_label("来庁時刻")
    if not field.is_visible():
        side.get_by_text("紙の記録から、あとで入力する").click()
    field.fill(clock)
