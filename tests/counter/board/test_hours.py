"""The hour board: who is expected, in which order, in which state; what waits; what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories, situations
from tests.counter.conftest import TEN_TWENTY, address
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.counter.board.hours import MOST_LISTED
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
MOST_QUERIES, MOST_BYTES = 10, 100_000


def holder(name: str, kana: str = "", hour: str = "10:00", **changes: object) -> Reservation:
    person = factories.intermediary(name, name_kana=kana)
    claim = factories.claim(f"{Reservation.objects.count()}@example.jp", person=person)
    return factories.reservation(claim, at(f"2026-06-11 {hour}"), 2, **changes)


def text_of(page: bytes) -> str:
    """Return the words of a page, one text a line."""
    texts = re.sub(r"<[^>]+>", "\n", page.decode()).split("\n")
    return "\n".join(text.strip() for text in texts if text.strip())


def test_board__people_of_an_hour__in_the_order_of_their_kana(clerk: Client) -> None:
    for name, kana in (
        ("渡辺 一", "ワタナベ ハジメ"),
        ("青木 花子", "あおき はなこ"),
        ("ｻｲﾄｳ", ""),
        ("五十嵐 学", "イガラシ マナブ"),
    ):
        holder(name, kana)

    told = text_of(clerk.get(address()).content)

    order = [told.index(name) for name in ("青木 花子", "五十嵐 学", "ｻｲﾄｳ", "渡辺 一")]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "来庁前"),
        ({"arrived_at": TEN_TWENTY}, "来庁"),
        ({"arrived_at": TEN_TWENTY, "called_at": TEN_TWENTY}, "対応中"),
        ({"served_at": TEN_TWENTY}, "完了"),
        ({"absent_at": TEN_TWENTY}, "不在"),
        ({"cancelled_at": TEN_TWENTY}, "取消し"),
    ],
)
def test_board__state__in_a_word(clerk: Client, changes: dict[str, object], word: str) -> None:
    holder("青木 花子", **changes)

    told = text_of(clerk.get(address()).content).splitlines()

    assert word in told[: told.index("青木 花子")][-3:]


@pytest.mark.parametrize(
    ("cancelled", "told"),
    [("2026-06-10 23:59", "6月10日\n23時59分"), ("2026-06-11 00:00", "取消し\n0時0分")],
)
def test_state__since_another_day__says_which_on_the_board_and_on_the_opened_visit(
    clerk: Client, cancelled: str, told: str
) -> None:
    one = holder("青木 花子", cancelled_at=at(cancelled))

    board, opened = (text_of(clerk.get(address(shown)).content) for shown in (None, one))

    assert board.count(told) == 1
    assert opened.count(told) == 2


def test_board__hour_of_now__unfolded_and_marked(clerk: Client) -> None:
    holder("青木 花子")
    holder("別府 次郎", hour="11:00")

    page = clerk.get(address()).content.decode()

    folds = re.findall(r"<details class=\"panel board__hour([^>]*)>", page)
    assert [" open" in fold for fold in folds] == [False, True, False, False, False, False]
    assert [" board__hour--now" in fold for fold in folds].index(True) == 1


FOLDS = r'<details[^>]*data-waiting="(\d+)"( open)?>'


@pytest.mark.parametrize(
    ("now", "changes", "folds"),
    [
        ("10:59:59", {"arrived_at": TEN}, [("1", True), ("0", False)]),
        ("11:00:00", {"arrived_at": TEN}, [("1", True), ("0", True)]),
        ("11:00:00", {"arrived_at": TEN, "called_at": TEN}, [("1", True), ("0", True)]),
        ("11:00:00", {"served_at": TEN_TWENTY}, [("0", False), ("0", True)]),
        ("11:00:00", {}, [("0", False), ("0", True)]),
        ("16:59:59", {"arrived_at": TEN}, [("1", True), ("0", False)]),
        ("17:00:00", {"arrived_at": TEN}, [("0", False), ("0", False)]),
    ],
)
def test_board__came_and_is_not_done__unfolded_until_it_is_looked_for_above(
    at_moment: AtMoment, now: str, changes: dict[str, object], folds: list[tuple[str, bool]]
) -> None:
    at_moment(at(f"2026-06-11 {now}"))
    holder("青木 花子", **changes)
    holder("別府 次郎", hour="11:00", no_show_at=at("2026-06-11 12:00"))

    page = situations.staff_client().get(address()).content.decode()

    shown = [(waiting, bool(unfolded)) for waiting, unfolded in re.findall(FOLDS, page)]
    assert shown[1:3] == folds
    assert ("お待ち 1人" in page) == (folds[0] == ("1", True) and now != "10:59:59")


def test_board__unresolved__of_this_morning_and_of_past_days_on_top(clerk: Client) -> None:
    holder("青木 花子", hour="09:00")
    last_week = at("2026-06-04 14:00")
    factories.reservation(situations.beppu(), last_week, 1)
    factories.reservation(situations.chinen(), last_week, 1, no_show_at=last_week)

    told = text_of(clerk.get(address()).content)

    assert "要確認　2件" in told
    waiting = told[told.index("要確認　2件") : told.index("9時～10時\n2")]
    assert waiting.index("別府 次郎") < waiting.index("青木 花子")
    assert "6月4日（木）\n14時～15時" in waiting
    assert "知念 ゆい" not in told


@pytest.mark.parametrize(("count", "more"), [(10, 0), (11, 1)])
def test_board__unresolved_of_past_days__ten_lines_and_a_link_to_the_rest(
    clerk: Client, count: int, more: int
) -> None:
    for number in range(count):
        claim = factories.claim(f"{number}@example.jp", person=factories.intermediary("予約"))
        factories.reservation(claim, at(f"2026-06-{1 + number // 6:02d} 09:00"), 1)

    told = text_of(clerk.get(address()).content)
    listed = text_of(clerk.get(address(rest="unresolved")).content)

    assert f"要確認　{count}件" in told
    assert ("過ぎた日の予約が、ほかに1件あります" in told) == bool(more)
    assert told.splitlines().count("予約") == count - more
    assert listed.splitlines().count("予約") == count
    assert listed.index("6月1日（月）") < listed.index("6月2日（火）")


def test_unresolved__of_today_of_another_bureau_and_with_an_ending__not_listed(
    clerk: Client,
) -> None:
    last_week = at("2026-06-04 14:00")
    holder("青木 花子", hour="09:00")
    factories.reservation(situations.beppu(), last_week, 1, bureau="minato")
    factories.reservation(situations.chinen(), last_week, 1, no_show_at=last_week)

    assert "結果の記録がない予約は、ありません。" in text_of(
        clerk.get(address(rest="unresolved")).content
    )


def test_board__numbers_certificate_organisation__not_before_it_is_opened(clerk: Client) -> None:
    one = factories.reservation(situations.aoki(), TEN, ["阪労一E01234"])
    hidden = ("阪労一E01234", "大取第10234号", "株式会社あおぞら製作所")

    closed, opened = clerk.get(address()), clerk.get(address(one))

    assert [word in closed.content.decode() for word in hidden] == [False] * 3
    assert [word in opened.content.decode() for word in hidden] == [True] * 3


def test_opening__each_time__leaves_one_event_with_the_reference_only(clerk: Client) -> None:
    one = factories.reservation(situations.aoki(), TEN)

    clerk.get(address())
    clerk.get(address(one))
    clerk.get(address(one))

    events = Event.objects.filter(kind="reservation_opened")
    assert [(event.subject, event.facts) for event in events] == [(one.reference, {})] * 2
    assert {event.actor for event in events} == {situations.staff().actor}


def test_opening__of_another_bureau__is_not_there(clerk: Client) -> None:
    one = factories.reservation(situations.aoki(), TEN, bureau="elsewhere")

    assert clerk.get(address(one)).status_code == 404
    assert not Event.objects.filter(kind="reservation_opened").exists()


def test_people__asked_for_by_the_page_itself__the_hours_alone(clerk: Client) -> None:
    one = factories.reservation(situations.aoki(), TEN)

    page = clerk.get(address(rest="list"), {"opened": one.reference}).content.decode()

    assert "<html" not in page
    assert "青木 花子" in page
    assert 'aria-current="true"' in page


def test_people__asked_for_again_and_again__does_not_keep_the_session_awake(
    clerk: Client, at_moment: AtMoment
) -> None:
    clerk.get(address())
    idle = factories.policy().staff_idle_minutes
    for minutes in range(1, idle + 1):
        at_moment(TEN_TWENTY + timedelta(minutes=minutes))
        answer = clerk.get(address(rest="list"))

    assert answer.status_code == 302


@pytest.mark.parametrize(("others", "old"), [(0, 0), (24, 0), (24, 50)])
def test_board__an_hour_of_sixty_cases__few_queries_and_a_small_page(
    clerk: Client, others: int, old: int
) -> None:
    for number in range(old):
        person = factories.intermediary("アレクサンドラ ゴンサレス")
        claim = factories.claim(f"old{number}@example.jp", person=person)
        factories.reservation(claim, at(f"2026-06-{1 + number % 5:02d} {13 + number % 2}:00"), 1)
    for number in range(6 + others):
        person = factories.intermediary(f"アレクサンドラ ゴンサレス {number}")
        claim = factories.claim(f"{number}@example.jp", person=person)
        hour = TEN if number < 6 else at(f"2026-06-11 {(11, 13, 14, 15)[number % 4]}:00")
        one = factories.reservation(claim, hour, 10)
    clerk.get(address())

    with CaptureQueriesContext(connection) as board:
        closed = clerk.get(address())
    with CaptureQueriesContext(connection) as detail:
        opened = clerk.get(address(one))

    assert len(board) <= MOST_QUERIES, "\n".join(q["sql"] for q in board.captured_queries)
    assert len(detail) <= 2 * MOST_QUERIES
    assert len(closed.content) < MOST_BYTES, len(closed.content)
    assert len(opened.content) < MOST_BYTES, len(opened.content)


def test_unresolved__more_than_one_leaf_holds__the_next_leaf_has_the_rest(clerk: Client) -> None:
    claim = situations.aoki()
    for number in range(MOST_LISTED + 2):
        hour = at(f"2026-05-{1 + number // 24:02d} {number % 24:02d}:00")
        factories.reservation(claim, hour, 1)
    known = list(Reservation.objects.order_by("starts_at").values_list("reference", flat=True))

    first = clerk.get(address(rest="unresolved")).content.decode()
    way = re.search(r'rel="next" href="([^"#]+)#unresolved"', first)
    assert way
    second = clerk.get(address(rest="unresolved") + way[1]).content.decode()

    assert [one for one in known if one in first] == known[:MOST_LISTED]
    assert [one for one in known if one in second] == known[MOST_LISTED:]
    assert f"{MOST_LISTED + 2}件のうち{MOST_LISTED + 1}～{MOST_LISTED + 2}件目" in text_of(
        second.encode()
    )
    assert 'rel="next"' not in second
