"""A day on paper, entered afterwards in whatever order: the same moments, the same end.  R-39."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from tests import factories, situations
from tests.counter.conftest import address
from tests.policies import at
from tests.situations import AtMoment
from uketori.counter.models import Step, VisitEntry
from uketori.counter.visit.check_in import call_up, check_in
from uketori.counter.visit.endings import end_visit, take_ending_back
from uketori.counter.visit.facts import ending_of
from uketori.counter.visit.outcomes import record_outcome
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal, Refused
from uketori.rules.visit import Ending, NotIssued

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
CAME, CALLED, SERVED = (at(f"2026-06-11 {clock}") for clock in ("10:20", "10:30", "10:50"))
ELEVEN, MINUTE = at("2026-06-11 11:00"), timedelta(minutes=1)
BEFORE_THE_END, CAME_LATE, LATE_AT = ELEVEN - MINUTE, ELEVEN + 2 * MINUTE, ELEVEN + 5 * MINUTE
EVENING, NEXT_DAY = at("2026-06-11 20:00"), at("2026-06-12 09:00")
ORDERS = [*permutations(("arrival", "call", "outcome"))]


@pytest.fixture
def visit() -> Reservation:
    """青木, Thursday 10:00, three cases."""
    return factories.reservation(situations.aoki(), TEN, 3)


def entered(
    visit: Reservation, what: str, happened_at: datetime | None, now: datetime = EVENING
) -> None:
    facts: dict[str, Any] = {
        "reservation": visit,
        "policy": factories.policy(TEN),
        "actor": "staff:1",
        "at": now,
        "happened_at": happened_at,
    }
    why = {visit.cases.get(order=2).pk: NotIssued.NOT_YET_READY}
    acts: dict[str, Callable[[], object]] = {
        "arrival": lambda: check_in(**facts),
        "call": lambda: call_up(**facts),
        "outcome": lambda: record_outcome(exceptions=why, **facts),
        "absent": lambda: end_visit(ending=Ending.ABSENT, **facts),
        "late": lambda: end_visit(ending=Ending.LATE, **facts),
        "no_show": lambda: end_visit(ending=Ending.NO_SHOW, **facts),
    }
    acts[what]()


def refused(visit: Reservation, what: str, happened_at: datetime | None) -> list[str]:
    before = list(Reservation.objects.values()), VisitEntry.objects.count()
    with pytest.raises(Refused) as caught:
        entered(visit, what, happened_at)
    assert (list(Reservation.objects.values()), VisitEntry.objects.count()) == before
    return caught.value.codes


def moments(visit: Reservation) -> tuple[datetime | None, ...]:
    visit.refresh_from_db()
    return visit.arrived_at, visit.called_at, visit.served_at


@pytest.mark.parametrize("now", [EVENING, NEXT_DAY])
@pytest.mark.parametrize("times", [(CAME, CALLED, SERVED), (CAME, CAME, CAME)])
@pytest.mark.parametrize("order", ORDERS)
def test_entered__in_whatever_order__the_same_moments_and_the_same_end(
    visit: Reservation, order: tuple[str, ...], times: tuple[datetime, ...], now: datetime
) -> None:
    """The network was away; each with its own time, or with the arrival for each."""
    typed = dict(zip(("arrival", "call", "outcome"), times, strict=True))
    for what in order:
        entered(visit, what, typed[what], now)

    assert moments(visit) == times
    assert ending_of(visit) is Ending.SERVED
    assert list(visit.cases.order_by("order").values_list("outcome", flat=True)) == [
        "issued",
        "not_issued",
        "issued",
    ]
    assert said_arrival() == (times[0], now, "")


def said_arrival() -> tuple[datetime, datetime, str]:
    last = VisitEntry.objects.filter(step=Step.ARRIVED).last()
    assert last is not None
    return last.happened_at, last.recorded_at, last.after


@pytest.mark.parametrize("now", [EVENING, NEXT_DAY])
@pytest.mark.parametrize("times", [(CAME_LATE, LATE_AT), (ELEVEN, ELEVEN), (LATE_AT, LATE_AT)])
@pytest.mark.parametrize("order", [*permutations(("arrival", "late"))])
def test_late__entered_before_or_after_the_arrival__the_same_moments_and_the_same_end(
    visit: Reservation, order: tuple[str, ...], times: tuple[datetime, datetime], now: datetime
) -> None:
    typed = dict(zip(("arrival", "late"), times, strict=True))
    for what in order:
        entered(visit, what, typed[what], now)

    visit.refresh_from_db()
    assert (visit.arrived_at, visit.late_at) == times
    assert ending_of(visit) is Ending.LATE
    assert said_arrival() == (times[0], now, "")


@pytest.mark.parametrize("now", [EVENING, NEXT_DAY])
@pytest.mark.parametrize(
    ("end", "times"),
    [
        ("absent", (CAME, CALLED, SERVED)),
        ("absent", (CAME, CAME, CAME)),
        ("late", (CAME_LATE, CAME_LATE + MINUTE, LATE_AT)),
        ("late", (ELEVEN, ELEVEN, ELEVEN)),
    ],
)
@pytest.mark.parametrize("order", [*permutations((0, 1, 2))])
def test_marked_who_had_been_called__in_whatever_order__the_same_moments_and_the_same_end(
    visit: Reservation,
    order: tuple[int, ...],
    end: str,
    times: tuple[datetime, ...],
    now: datetime,
) -> None:
    for which in order:
        entered(visit, ("arrival", "call", end)[which], times[which], now)

    assert moments(visit)[:2] == times[:2]
    assert (visit.absent_at, visit.late_at) == (
        (times[2], None) if end == "absent" else (None, times[2])
    )
    assert said_arrival() == (times[0], now, "")


@pytest.mark.parametrize(("end", "moment"), [("absent", CALLED), ("late", LATE_AT)])
def test_marked_only__arrival_is_told_by_the_mark__until_it_is_taken_back(
    visit: Reservation, end: str, moment: datetime
) -> None:
    entered(visit, end, moment, NEXT_DAY)

    assert moments(visit) == (moment, None, None)
    assert said_arrival() == (moment, NEXT_DAY, end)

    basis: dict[str, Any] = {"policy": factories.policy(TEN), "actor": "staff:1", "at": NEXT_DAY}
    take_ending_back(reservation=visit, **basis)

    assert moments(visit) == (None, None, None)


@pytest.mark.parametrize("later", ["arrival", "outcome"])
def test_called_up_without_a_time__arrival_told_afterwards__is_not_late(
    visit: Reservation, later: str
) -> None:
    entered(visit, "call", None)
    assert moments(visit)[0] == EVENING

    entered(visit, later, CAME)

    assert moments(visit)[:2] == (CAME, EVENING)


def test_outcome_without_a_time__arrival_told_with_its_correction(visit: Reservation) -> None:
    entered(visit, "outcome", None)
    entered(visit, "outcome", CAME)

    assert moments(visit) == (CAME, None, EVENING)


def test_absent_when_called__arrival_told_afterwards__stays_absent(visit: Reservation) -> None:
    entered(visit, "call", CALLED)
    entered(visit, "absent", SERVED)
    entered(visit, "arrival", CAME)

    assert moments(visit)[:2] == (CAME, CALLED)
    assert ending_of(visit) is Ending.ABSENT


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        ([("arrival", CAME)], ("arrival", CALLED), Refusal.TIME_RECORDED),
        ([("arrival", CALLED)], ("call", CAME), Refusal.TIME_OUT_OF_ORDER),
        ([("arrival", CALLED)], ("outcome", CAME), Refusal.TIME_OUT_OF_ORDER),
        ([("call", CALLED)], ("arrival", SERVED), Refusal.TIME_OUT_OF_ORDER),
        ([("call", CALLED)], ("call", CAME), Refusal.TIME_RECORDED),
        ([("outcome", CALLED)], ("call", SERVED), Refusal.TIME_OUT_OF_ORDER),
        ([("outcome", CALLED)], ("arrival", SERVED), Refusal.TIME_OUT_OF_ORDER),
        ([("arrival", CAME), ("outcome", SERVED)], ("outcome", CALLED), Refusal.TIME_RECORDED),
        ([("late", LATE_AT)], ("arrival", BEFORE_THE_END), Refusal.CAME_IN_TIME),
        ([("late", LATE_AT)], ("call", BEFORE_THE_END), Refusal.CAME_IN_TIME),
        ([("late", LATE_AT)], ("arrival", LATE_AT + MINUTE), Refusal.TIME_OUT_OF_ORDER),
        ([("late", LATE_AT)], ("call", LATE_AT + MINUTE), Refusal.TIME_OUT_OF_ORDER),
        ([("late", LATE_AT)], ("outcome", LATE_AT), Refusal.VISIT_ENDED),
        ([("arrival", CAME_LATE), ("late", LATE_AT)], ("arrival", LATE_AT), Refusal.TIME_RECORDED),
        ([("absent", CALLED)], ("arrival", CALLED + MINUTE), Refusal.TIME_OUT_OF_ORDER),
        ([("absent", CALLED)], ("call", CALLED + MINUTE), Refusal.TIME_OUT_OF_ORDER),
        ([("absent", CALLED), ("arrival", CAME)], ("arrival", CALLED), Refusal.TIME_RECORDED),
        ([("no_show", ELEVEN)], ("arrival", CAME), Refusal.VISIT_ENDED),
        ([], ("absent", None), Refusal.HAS_NOT_ARRIVED),
        ([], ("absent", EVENING + MINUTE), Refusal.NOT_YET_HAPPENED),
        ([], ("absent", EVENING - timedelta(days=1)), Refusal.TIME_MISSING),
        ([("arrival", CALLED)], ("absent", CAME), Refusal.TIME_OUT_OF_ORDER),
        ([("arrival", CAME), ("call", SERVED)], ("absent", CALLED), Refusal.TIME_OUT_OF_ORDER),
        ([], ("no_show", at("2026-06-11 09:59")), Refusal.NO_SHOW_BEFORE_HOUR),
    ],
)
def test_contradiction__refused_aloud_and_nothing_written(
    visit: Reservation,
    first: list[tuple[str, datetime]],
    then: tuple[str, datetime | None],
    code: Refusal,
) -> None:
    for what, moment in first:
        entered(visit, what, moment)

    assert refused(visit, *then) == [code]


@pytest.mark.parametrize(("what", "moment"), [("absent", CAME), ("no_show", TEN)])
def test_mark__in_the_first_minute_that_can_be__recorded(
    visit: Reservation, what: str, moment: datetime
) -> None:
    if what == "absent":
        entered(visit, "arrival", None, CAME + timedelta(seconds=40))

    entered(visit, what, moment)

    visit.refresh_from_db()
    assert visit.no_show_at == (TEN if what == "no_show" else None)
    assert visit.absent_at == (visit.arrived_at if what == "absent" else None)


def test_page__no_show_before_the_hour__says_which_hour(
    visit: Reservation, at_moment: AtMoment
) -> None:
    at_moment(EVENING)
    sent = {"opened": visit.reference, "ending": "no_show", "clock": "0:01"}

    page = situations.staff_client().post(address(visit, "/ending"), sent).content.decode()

    assert "入れた時刻は、予約の時間（6月11日（木）10時～11時）より前です。" in page


@pytest.mark.parametrize("what", ["arrival", "call", "outcome"])
def test_entered_twice__one_line(visit: Reservation, what: str) -> None:
    for _ in range(2):
        entered(visit, what, CAME)

    steps = VisitEntry.objects.exclude(step=Step.OUTCOME).values_list("step", flat=True)
    assert len(steps) == len(set(steps))


@pytest.mark.parametrize("what", ["arrival", "call", "outcome"])
def test_typed_minute__of_the_arrival_that_was_recorded_to_the_second__fits_and_keeps_the_order(
    visit: Reservation, what: str
) -> None:
    """Paper says 10:20 of who was checked in at 10:20:40; a minute before would contradict it."""
    came_at = CAME + timedelta(seconds=40)
    entered(visit, "arrival", None, came_at)
    assert len(refused(visit, what, CAME - timedelta(minutes=1))) == 1

    entered(visit, what, CAME)

    arrived_at, *later = moments(visit)
    assert arrived_at == came_at
    assert {one for one in later if one is not None} <= {came_at}


@pytest.mark.parametrize("what", ["arrival", "call", "outcome"])
def test_past_day_without_a_time__refused(visit: Reservation, what: str) -> None:
    with pytest.raises(Refused) as caught:
        entered(visit, what, None, NEXT_DAY)
    assert caught.value.codes == [Refusal.TIME_MISSING]


@pytest.mark.parametrize("order", ORDERS)
def test_pages__each_act_takes_the_typed_time(
    visit: Reservation, at_moment: AtMoment, order: tuple[str, ...]
) -> None:
    at_moment(EVENING)
    clerk = situations.staff_client()
    paths = {"arrival": "/arrival", "call": "/calling-up", "outcome": "/outcome"}
    clocks = {"arrival": "10:20", "call": "10:30", "outcome": "10:50"}
    for what in order:
        sent = {"opened": visit.reference, "clock": clocks[what], "unseen": visit.claim_id}
        assert clerk.post(address(visit, paths[what]), sent).status_code == 302

    assert moments(visit) == (CAME, CALLED, SERVED)


def test_page__contradiction__says_what_stands(visit: Reservation, at_moment: AtMoment) -> None:
    entered(visit, "call", CALLED)
    at_moment(EVENING)

    sent = {"opened": visit.reference, "clock": "10:20"}
    answer = situations.staff_client().post(address(visit, "/calling-up"), sent)

    assert answer.status_code == 422
    assert "すでに10時30分と記録されています" in answer.content.decode()


@pytest.mark.parametrize(
    ("ending", "clock", "told"),
    [("absent", "10:30", "10:20"), ("late", "11:05", "11:02")],
)
def test_page__mark_before_the_arrival__takes_both_times(
    visit: Reservation, at_moment: AtMoment, ending: str, clock: str, told: str
) -> None:
    at_moment(EVENING)
    clerk = situations.staff_client()
    assert f'value="{ending}"' in clerk.get(address(visit)).content.decode()

    sent = {"opened": visit.reference, "ending": ending, "clock": clock}
    assert clerk.post(address(visit, "/ending"), sent).status_code == 302
    page = clerk.get(address(visit)).content.decode()
    assert 'name="clock"' in page
    assert f'{address(visit, "/arrival")}"' in page
    assert "紙の来庁時刻を記録する" in page

    sent = {"opened": visit.reference, "clock": told}
    assert clerk.post(address(visit, "/arrival"), sent).status_code == 302
    assert moments(visit)[0] == at(f"2026-06-11 {told}")
    assert f'{address(visit, "/arrival")}"' not in clerk.get(address(visit)).content.decode()


def test_page__absent_without_arrival_or_time__says_what_to_do(
    visit: Reservation, at_moment: AtMoment
) -> None:
    at_moment(EVENING)

    sent = {"opened": visit.reference, "ending": "absent", "clock": ""}
    answer = situations.staff_client().post(address(visit, "/ending"), sent)

    assert answer.status_code == 422
    assert "紙の記録から入力するときは、来庁時刻を入れてください。" in answer.content.decode()


@pytest.mark.parametrize(("ending", "asks"), [("", True), ("no_show", False)])
def test_page__nothing_left_to_record__asks_for_no_time(
    visit: Reservation, at_moment: AtMoment, ending: str, *, asks: bool
) -> None:
    """Such a field would do nothing, but what cannot be read in it would hold the taking back."""
    if ending:
        entered(visit, ending, None)
    at_moment(EVENING)

    page = situations.staff_client().get(address(visit)).content.decode()

    assert ('name="clock"' in page) is asks
    assert ("この記録を取り消す" in page) is bool(ending)
