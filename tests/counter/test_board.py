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


def test_board__hour_of_now__unfolded_and_marked(clerk: Client) -> None:
    holder("青木 花子")
    holder("別府 次郎", hour="11:00")

    page = clerk.get(address()).content.decode()

    folds = re.findall(r"<details class=\"panel board__hour([^>]*)>", page)
    assert [" open" in fold for fold in folds] == [False, True, False, False, False, False]
    assert [" board__hour--now" in fold for fold in folds].index(True) == 1


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


@pytest.mark.parametrize("others", [0, 24])
def test_board__an_hour_of_sixty_cases__few_queries_and_a_small_page(
    clerk: Client, others: int
) -> None:
    for number in range(6 + others):
        person = factories.intermediary(f"予約 {number}")
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
    assert max(len(closed.content), len(opened.content)) < MOST_BYTES
