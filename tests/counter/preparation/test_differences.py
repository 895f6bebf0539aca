"""The difference sheet: every kind of change since a printing, and nothing else."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, situations
from tests.changes import added, cancel, change, edits
from tests.policies import at
from tests.situations import AtMoment
from uketori.counter.preparation.difference_words import VisitorDifference, differences_of
from uketori.counter.preparation.differences import moved_since
from uketori.counter.preparation.marking import mark_ahead, take_mark_back
from uketori.counter.telephone.calls import Noted, change_for
from uketori.reservations.mails.telling import BureauReason, tell_moved_by_bureau
from uketori.reservations.models import Reservation
from uketori.rules.eligibility import CaseFacts
from uketori.rules.visit import AheadMark

pytestmark = pytest.mark.django_db

NINE, TEN = at("2026-06-11 09:00"), at("2026-06-11 10:00")
FRIDAY = at("2026-06-12 10:00")
DAY = date(2026, 6, 11)
EARLIER, PRINTED, LATER = at("2026-06-10 09:00"), at("2026-06-10 10:00"), at("2026-06-10 11:00")
Line = tuple[str, str, str]


@pytest.fixture
def visit(at_moment: AtMoment) -> Reservation:
    """青木, Thursday 10:00, three cases, booked long before; it is Wed 2026-06-10 11:00."""
    at_moment(LATER)
    return factories.reservation(
        situations.aoki(), TEN, ["阪労一E00001", "阪労一E00002", "阪労一E00003"]
    )


def sheet(since: datetime = PRINTED) -> list[VisitorDifference]:
    return differences_of(moved_since("osaka", DAY, since), factories.policy(TEN))


def lines(since: datetime = PRINTED) -> list[Line]:
    """Task, the printed number and the number that holds, of every card."""
    return [
        (card.task, card.before.split("　")[0], card.after.split("　")[0])
        for one in sheet(since)
        for card in one.cards
    ]


def move(visit: Reservation, starts_at: datetime, when: datetime) -> None:
    """Move it as the bureau does: the row, and the mail in the same act."""
    old, visit.starts_at = visit.starts_at, starts_at
    visit.visit_day = starts_at.astimezone(factories.policy(TEN).tz).date()
    visit.slot = factories.slot(starts_at)
    visit.save()
    tell_moved_by_bureau(reservation=visit, old_starts_at=old, reason=BureauReason.CLOSURE, at=when)


def test_sheet__nothing_happened__empty(visit: Reservation) -> None:
    assert sheet() == []


def test_sheet__booked_since__every_card_is_to_be_fetched(visit: Reservation) -> None:
    made = factories.reservation(
        situations.chinen(), NINE, ["阪永P00002", "阪永P00001"], booked_at=LATER
    )
    (found,) = sheet()

    assert (found.reference, found.what, found.hour) == (made.reference, "新しい予約", "9時～10時")
    assert lines() == [("出す", "", "阪永P00002"), ("出す", "", "阪永P00001")]


def test_sheet__cancelled_since__every_card_goes_back(visit: Reservation) -> None:
    cancel(visit, at=LATER)
    (found,) = sheet()

    assert (found.what, found.hour, found.who) == ("予約の取消", "10時～11時", "")
    assert lines() == [("棚に戻す", f"阪労一E0000{n}", "") for n in (1, 2, 3)]


def test_sheet__withdrawn_corrected_and_put_back__card_by_card(visit: Reservation) -> None:
    change(visit, at=EARLIER, withdrawn=[3])
    change(visit, at=LATER, withdrawn=[1], corrected={2: "阪労一E00099"})
    change(visit, at=LATER, put_back=["阪労一E00050"])

    assert sorted(lines()) == [
        ("出す", "", "阪労一E00050"),
        ("差し替え", "阪労一E00002", "阪労一E00099"),
        ("棚に戻す", "阪労一E00001", ""),
    ]


def test_sheet__only_the_category_corrected__no_card_moves(visit: Reservation) -> None:
    other = CaseFacts(number="阪労一E00001", type="extension", category="same_org", order=1)
    change(visit, at=LATER, corrected={1: other})
    (found,) = sheet()

    assert [card.task for card in found.cards] == ["種類・区分の訂正"]
    assert (found.cards[0].before[-1], found.cards[0].after[-1]) == ("ア", "イ")


def test_sheet__corrected_twice__once_from_the_printed_to_the_last(visit: Reservation) -> None:
    change(visit, at=EARLIER, corrected={1: "阪労一E00010"})
    change(visit, at=LATER, corrected={1: "阪労一E00011"})
    change(visit, at=LATER + timedelta(minutes=1), corrected={1: "阪労一E00012"})

    assert lines() == [("差し替え", "阪労一E00010", "阪労一E00012")]


def test_sheet__undone_again__nothing(visit: Reservation) -> None:
    change(visit, at=EARLIER, withdrawn=[3])
    change(visit, at=LATER, corrected={1: "阪労一E00010"})
    change(visit, at=LATER, corrected={1: "阪労一E00001"})
    change(visit, at=LATER, put_back=[added("阪労一E00040")])
    change(visit, at=LATER, withdrawn=[3])

    assert sheet() == []


def test_sheet__corrected_then_withdrawn__the_printed_number_goes_back(visit: Reservation) -> None:
    change(visit, at=LATER, corrected={1: "阪労一E00010"})
    change(visit, at=LATER, withdrawn=[1])

    assert lines() == [("棚に戻す", "阪労一E00001", "")]


def test_sheet__corrected_then_cancelled__the_printed_numbers_go_back(visit: Reservation) -> None:
    change(visit, at=EARLIER, withdrawn=[2])
    change(visit, at=LATER, corrected={1: "阪労一E00010"})
    cancel(visit, at=LATER)

    assert lines() == [("棚に戻す", "阪労一E00001", ""), ("棚に戻す", "阪労一E00003", "")]


def test_sheet__booked_and_cancelled_since__nothing(visit: Reservation) -> None:
    made = factories.reservation(situations.chinen(), NINE, booked_at=PRINTED)
    cancel(made, at=LATER)

    assert sheet() == []


def test_sheet__cancelled_before_the_printing__nothing(visit: Reservation) -> None:
    cancel(visit, at=EARLIER)

    assert sheet() == []


def test_sheet__moved_to_another_day__its_cards_go_back(visit: Reservation) -> None:
    move(visit, FRIDAY, LATER)
    (found,) = sheet()

    assert (found.what, found.hour) == ("6月12日（金）10時に移りました", "10時～11時")
    assert [task for task, _before, _after in lines()] == ["棚に戻す"] * 3


def test_sheet__moved_here__its_cards_are_to_be_fetched(visit: Reservation) -> None:
    made = factories.reservation(situations.chinen(), FRIDAY, ["阪永P00001"])
    move(made, NINE, LATER)
    (found,) = sheet()

    assert (found.what, found.hour) == ("ほかの日から移りました", "9時～10時")
    assert lines() == [("出す", "", "阪永P00001")]


def test_sheet__moved_on_the_day__told_without_a_card(visit: Reservation) -> None:
    move(visit, NINE, LATER)
    (found,) = sheet()

    assert (found.what, found.hour) == ("時間の変更（前は10時～11時）", "9時～10時")
    assert found.cards == []


def test_sheet__moved_before_the_printing__nothing(visit: Reservation) -> None:
    move(visit, FRIDAY, EARLIER)
    move(factories.reservation(situations.chinen(), FRIDAY), NINE, EARLIER)

    assert sheet() == []


def test_sheet__moved_away_and_back__nothing(visit: Reservation) -> None:
    move(visit, FRIDAY, LATER)
    move(visit, TEN, LATER + timedelta(minutes=1))

    assert sheet() == []


def test_sheet__by_telephone_at_fourteen__named_as_the_counter_s(
    visit: Reservation, at_moment: AtMoment
) -> None:
    fourteen = at("2026-06-10 14:00")
    at_moment(fourteen)
    telephone(visit, fourteen)
    (found,) = sheet(at("2026-06-10 12:05"))

    assert (found.moment, found.who) == ("6月10日（水）14時", "窓口")
    assert lines(at("2026-06-10 12:05")) == [("棚に戻す", "阪労一E00001", "")]


def telephone(visit: Reservation, when: datetime) -> None:
    """Take the first case out for a caller, after the deadline."""
    noted = Noted(key=uuid4(), called_at=when, caller="", note="")
    wanted = edits(visit, withdrawn=[1])
    change_for(reservation=visit, edits=wanted, noted=noted, actor="staff:1", at=when)


def mark(visit: Reservation, order: int, mark: AheadMark | None, when: datetime = LATER) -> None:
    """Mark a case as the preparation list does, or take its mark back."""
    cases = [visit.cases.get(order=order).pk]
    act = {"reservation": visit, "cases": cases, "policy": factories.policy(TEN)}
    if mark is None:
        take_mark_back(**act, actor="staff:1", at=when)
    else:
        mark_ahead(**act, mark=mark, actor="staff:1", at=when)


def marks(since: datetime = PRINTED) -> list[Line]:
    """Task, the number that holds, and its mark, of every card."""
    return [
        (card.task, card.after.split("　")[0], card.mark)
        for one in sheet(since)
        for card in one.cards
    ]


def test_sheet__marked_since__told_with_the_mark(visit: Reservation) -> None:
    mark(visit, 1, AheadMark.NOT_READY)
    mark(visit, 2, AheadMark.WRONG_NUMBER)
    (found,) = sheet()

    assert (found.what, found.moment, found.who) == ("準備の印", "6月10日（水）11時", "窓口")
    assert marks() == [
        ("印を付けた", "阪労一E00001", "まだ交付できない"),
        ("印を付けた", "阪労一E00002", "番号が見つからない"),
    ]


def test_sheet__mark_taken_back_since__told(visit: Reservation) -> None:
    mark(visit, 1, AheadMark.NOT_READY, EARLIER)
    mark(visit, 1, None)

    assert marks() == [("印を取り消した", "阪労一E00001", "")]


def test_sheet__marked_before_the_printing_or_undone_since__nothing(visit: Reservation) -> None:
    mark(visit, 1, AheadMark.NOT_READY, EARLIER)
    mark(visit, 1, AheadMark.WRONG_NUMBER)
    mark(visit, 1, AheadMark.NOT_READY)
    mark(visit, 2, AheadMark.NOT_READY)
    mark(visit, 2, None)

    assert sheet() == []


def test_sheet__marked_and_corrected_since__once_as_the_card_to_exchange(
    visit: Reservation,
) -> None:
    mark(visit, 1, AheadMark.WRONG_NUMBER)
    change(visit, at=LATER, corrected={1: "阪労一E00099"})
    mark(visit, 1, AheadMark.NOT_READY)

    assert marks() == [("差し替え", "阪労一E00099", "まだ交付できない")]


def test_sheet__booked_and_marked_since__the_mark_stands_at_the_card(visit: Reservation) -> None:
    made = factories.reservation(situations.chinen(), NINE, ["阪永P00001"], booked_at=LATER)
    mark(made, 1, AheadMark.NOT_READY)

    assert marks() == [("出す", "阪永P00001", "まだ交付できない")]


@pytest.mark.parametrize(("before", "is_told"), [(59, True), (60, True), (61, False)])
def test_sheet__arrived_shortly_before_the_printing__told_rather_than_lost(
    visit: Reservation, before: int, is_told: bool
) -> None:
    change(visit, at=PRINTED - timedelta(seconds=before), withdrawn=[1])

    assert bool(sheet()) == is_told


def test_sheet__other_bureau_and_other_day__not_on_it(visit: Reservation) -> None:
    factories.reservation(situations.chinen(), FRIDAY, booked_at=LATER)
    Reservation.objects.filter(pk=visit.pk).update(bureau="minato", booked_at=LATER)

    assert sheet() == []


def test_sheet__many_moved__as_many_statements_as_for_one(visit: Reservation) -> None:
    counts = []
    for hours in ([9], [9, 10, 11, 13, 14]):
        for hour in hours:
            person = factories.claim(f"{hour}{len(counts)}@example.jp")
            starts_at = TEN.replace(hour=hour)
            made = factories.reservation(person, starts_at, 5)
            change(made, at=LATER, withdrawn=[1], corrected={2: f"阪労一X{hour}00{len(counts)}"})
        with CaptureQueriesContext(connection) as captured:
            moved = moved_since("osaka", DAY, PRINTED)
        counts.append(len(captured))

    assert len(moved) == 6
    assert counts == [7, 7]
