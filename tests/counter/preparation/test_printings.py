"""The page of the difference sheet: since which printing, and what each of them told the shelf."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests import factories, situations
from tests.changes import cancel, change
from tests.counter.preparation.test_lists import shown
from tests.policies import at
from tests.situations import AtMoment
from uketori.counter.models import Printing, Sheet
from uketori.counter.telephone.calls import Noted, cancel_for
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
DAY = date(2026, 6, 11)
EARLIER, PRINTED, LATER = at("2026-06-10 09:00"), at("2026-06-10 10:00"), at("2026-06-10 11:00")
NOON_AND_FIVE, ONE, HALF_PAST_ONE, TWO = (
    at(f"2026-06-10 {clock}") for clock in ("12:05", "13:00", "13:30", "14:00")
)
SHEET = "/staff/osaka/counter/preparation/2026-06-11/differences"
LIST = "/staff/osaka/counter/preparation/2026-06-11"


@pytest.fixture
def visit(at_moment: AtMoment) -> Reservation:
    """青木, Thursday 10:00, three cases, booked long before; it is Wed 2026-06-10 11:00."""
    at_moment(LATER)
    return factories.reservation(
        situations.aoki(), TEN, ["阪労一E00001", "阪労一E00002", "阪労一E00003"]
    )


@pytest.fixture
def client(visit: Reservation) -> Client:
    return situations.staff_client()


def printing(when: datetime, name: str = "千葉 光", sheet: Sheet = Sheet.HOURS) -> Printing:
    actor = situations.staff(name=name).actor
    return Printing.objects.create(
        bureau="osaka", day=DAY, printed_at=when, sheet=sheet, actor=actor
    )


def test_page__never_printed__says_so(client: Client) -> None:
    assert "まだ印刷も書き出しもしていません。" in shown(client, SHEET)


def test_page__printed_and_unchanged__says_so(client: Client) -> None:
    printing(PRINTED)

    words = shown(client, SHEET)
    assert "6月10日（水）10時の印刷（時間ごとの一覧）から、いままでの変更です。" in words
    assert "変更はありません。" in words


def test_page__printed_twice__since_the_last_or_since_the_chosen(
    client: Client, visit: Reservation, at_moment: AtMoment
) -> None:
    first, last = printing(EARLIER), printing(PRINTED, "宇野 灯")
    change(visit, at=EARLIER + timedelta(minutes=30), withdrawn=[1])
    change(visit, at=LATER, corrected={1: "阪労一E00077"})

    newest = shown(client, SHEET)
    assert "阪労一E00077" in newest
    assert "阪労一E00001" not in newest
    assert "6月10日（水）10時 時間ごとの一覧 宇野 灯" in newest
    older = shown(client, f"{SHEET}?since={first.pk}")
    assert "阪労一E00001" in older
    assert shown(client, f"{SHEET}?since={last.pk}") == newest


def test_page__printed_from_it__recorded_and_still_about_the_earlier_one(
    client: Client, visit: Reservation
) -> None:
    first = printing(PRINTED)
    cancel(visit, at=LATER)

    answer = client.post(f"{LIST}/printings", {"view": "differences", "since": first.pk})
    made = Printing.objects.exclude(pk=first.pk).get()

    assert answer.headers["Location"] == f"{SHEET}?since={first.pk}&printed={made.pk}"
    assert "予約の取消" in shown(client, answer.headers["Location"])
    assert "print-now.js" in client.get(answer.headers["Location"]).content.decode()


def test_page__number_corrected_after_a_mark__on_the_sheet(
    client: Client, visit: Reservation
) -> None:
    printing(PRINTED)
    visit.cases.filter(order=1).update(ahead_mark="wrong_number", ahead_at=EARLIER)
    change(visit, at=LATER, corrected={1: "阪労一E00099"})

    words = shown(client, SHEET)
    assert "差し替え阪労一E00001 在留期間更新 ア → 阪労一E00099 在留期間更新 ア" in words


def cancel_by_telephone(visit: Reservation, when: datetime) -> None:
    noted = Noted(key=uuid4(), called_at=when, caller="", note="")
    cancel_for(reservation=visit, noted=noted, actor="staff:1", at=when)


def after_a_colleague(at_moment: AtMoment, where: str, **sent: object) -> str:
    """Let a colleague take something at 13:30; return what the difference sheet says at 14:00."""
    at_moment(HALF_PAST_ONE)
    situations.staff_client().post(f"{LIST}/{where}", sent)
    at_moment(TWO)
    return shown(situations.staff_client(), SHEET)


@pytest.mark.parametrize(
    ("where", "sent", "kind"),
    [
        ("printings", {"view": "desk"}, "窓口用の一覧"),
        ("list.csv", {}, "表計算用のファイル"),
    ],
)
def test_page__cancelled_after_the_list_and_a_colleague_took_another_sheet__still_told(
    visit: Reservation, at_moment: AtMoment, where: str, sent: dict[str, str], kind: str
) -> None:
    """List 12:05, telephone 13:00, the desk sheet or the file 13:30, looked at 14:00."""
    at_moment(NOON_AND_FIVE)
    situations.staff_client().post(f"{LIST}/printings", {"view": "hours"})
    at_moment(ONE)
    cancel_by_telephone(visit, ONE)

    words = after_a_colleague(at_moment, where, **sent)

    assert "6月10日（水）12時5分の印刷（時間ごとの一覧）から" in words
    assert "予約の取消" in words
    assert words.count("棚に戻す") == 3
    assert f"6月10日（水）13時30分 {kind} 千葉 光" in words


def test_page__difference_sheet_printed__the_shelf_knows_what_was_on_it(
    visit: Reservation, at_moment: AtMoment
) -> None:
    first = printing(NOON_AND_FIVE, sheet=Sheet.NUMBERS)
    cancel_by_telephone(visit, ONE)

    words = after_a_colleague(at_moment, "printings", view="differences", since=first.pk)

    assert "13時30分の印刷（印刷してからの変更）から" in words
    assert "変更はありません。" in words


def test_page__difference_sheet_since_a_colleague_s_file__the_shelf_was_not_told(
    visit: Reservation, at_moment: AtMoment
) -> None:
    printing(NOON_AND_FIVE, sheet=Sheet.NUMBERS)
    cancel_by_telephone(visit, ONE)
    file = printing(ONE + timedelta(minutes=5), sheet=Sheet.FILE)

    words = after_a_colleague(at_moment, "printings", view="differences", since=file.pk)

    assert "12時5分の印刷（番号順の一覧）から" in words
    assert "予約の取消" in words


def test_page__only_the_desk_sheet_printed__says_so_and_lets_it_be_chosen(
    client: Client, visit: Reservation
) -> None:
    only = printing(PRINTED, sheet=Sheet.DESK)
    cancel(visit, at=LATER)

    words = shown(client, SHEET)
    assert "カードを出すための一覧（時間ごと、番号順）は、まだ印刷していません。" in words
    assert "6月10日（水）10時 窓口用の一覧 千葉 光" in words
    assert "予約の取消" in shown(client, f"{SHEET}?since={only.pk}")


def test_page__printed_before_the_sheet_was_kept__can_be_chosen(
    client: Client, visit: Reservation
) -> None:
    printing(PRINTED)
    Printing.objects.update(sheet="")

    words = shown(client, f"{SHEET}?since={Printing.objects.get().pk}")
    assert "6月10日（水）10時の印刷から" in words
