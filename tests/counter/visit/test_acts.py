"""The acts of the counter: what is written, what is refused, and in whatever order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from tests import factories, situations
from tests.policies import at
from uketori.audit.models import Event
from uketori.counter.models import Step, VisitEntry
from uketori.counter.visit.check_in import call_up, check_in, take_arrival_back
from uketori.counter.visit.endings import end_visit, take_ending_back
from uketori.counter.visit.facts import ending_of
from uketori.counter.visit.outcomes import record_outcome
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal, Refused
from uketori.rules.visit import Ending, NotIssued

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
TEN_TWENTY, ELEVEN = at("2026-06-11 10:20"), at("2026-06-11 11:00")
EVENING, NEXT_DAY = at("2026-06-11 20:00"), at("2026-06-12 09:00")
NEXT_EVENING, NEXT_MIDNIGHT = at("2026-06-12 23:59:59"), at("2026-06-13 00:00")
CLERK = "staff:1"


@pytest.fixture
def visit() -> Reservation:
    """青木, Thursday 10:00, three cases."""
    return factories.reservation(situations.aoki(), TEN, 3)


def told(at: datetime, **facts: Any) -> dict[str, Any]:
    return {"policy": factories.policy(TEN), "actor": CLERK, "at": at, **facts}


def now(visit: Reservation) -> Reservation:
    visit.refresh_from_db()
    return visit


def refused(act: Callable[..., object], **facts: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        act(**facts)
    return caught.value.codes


def outcomes(visit: Reservation) -> list[str]:
    rows = visit.cases.order_by("order").values_list("outcome", "not_issued_because")
    return [f"{outcome} {why}".strip() for outcome, why in rows]


def served(**facts: Any) -> None:
    """All issued."""
    record_outcome(exceptions={}, **facts)


def late(**facts: Any) -> None:
    """Came after the hour."""
    end_visit(ending=Ending.LATE, **facts)


def test_check_in__twice__one_arrival_one_line_one_event(visit: Reservation) -> None:
    check_in(reservation=visit, **told(TEN_TWENTY))
    check_in(reservation=visit, **told(ELEVEN))

    assert now(visit).arrived_at == TEN_TWENTY
    assert VisitEntry.objects.get().step == Step.ARRIVED
    event = Event.objects.get(kind="visit_arrived")
    assert (event.actor, event.subject, event.facts) == (CLERK, visit.reference, {})


@pytest.mark.parametrize(
    ("now", "code"),
    [(TEN - timedelta(days=1), Refusal.NOT_TODAY), (NEXT_DAY, Refusal.TIME_MISSING)],
)
def test_check_in__of_another_day__refused_and_nothing_written(
    visit: Reservation, now: datetime, code: Refusal
) -> None:
    assert refused(check_in, reservation=visit, **told(now)) == [code]
    visit.refresh_from_db()
    assert visit.arrived_at is None
    assert not VisitEntry.objects.exists()


def test_check_in__from_paper_the_day_after__keeps_the_moment(visit: Reservation) -> None:
    check_in(reservation=visit, **told(NEXT_DAY, happened_at=TEN_TWENTY))

    entry = VisitEntry.objects.get()
    assert now(visit).arrived_at == TEN_TWENTY
    assert (entry.happened_at, entry.recorded_at) == (TEN_TWENTY, NEXT_DAY)


def test_call_up__who_was_not_checked_in__has_arrived_by_that(visit: Reservation) -> None:
    call_up(reservation=visit, **told(TEN_TWENTY))

    assert (now(visit).arrived_at, visit.called_at) == (TEN_TWENTY, TEN_TWENTY)
    assert list(VisitEntry.objects.values_list("step", flat=True)) == ["arrived", "called_up"]


def test_outcome__all_issued_but_one__each_case_says_it(visit: Reservation) -> None:
    second = visit.cases.get(order=2)
    record_outcome(
        reservation=visit,
        exceptions={second.pk: NotIssued.PAPER_MISSING},
        **told(TEN_TWENTY),
    )

    assert outcomes(visit) == ["issued", "not_issued paper_missing", "issued"]
    assert (now(visit).served_at, visit.ended_by) == (TEN_TWENTY, CLERK)
    assert Event.objects.get(kind="visit_served").facts == {"cases": 3, "not_issued": 1}


def test_outcome__corrected_the_same_evening__history_keeps_both(visit: Reservation) -> None:
    first = visit.cases.get(order=1)
    record_outcome(reservation=visit, exceptions={}, **told(TEN_TWENTY))
    record_outcome(reservation=visit, exceptions={first.pk: NotIssued.NOT_OURS}, **told(EVENING))

    assert outcomes(visit)[0] == "not_issued not_ours"
    assert now(visit).served_at == TEN_TWENTY
    lines = VisitEntry.objects.filter(case=first).values_list("before", "after")
    assert list(lines) == [("", "issued"), ("issued", "not_issued:not_ours")]


def test_outcome__corrected_the_day_after__only_by_who_may(visit: Reservation) -> None:
    record_outcome(reservation=visit, exceptions={}, **told(TEN_TWENTY))

    codes = refused(record_outcome, reservation=visit, exceptions={}, **told(NEXT_DAY))
    assert codes == [Refusal.CORRECTION_CLOSED]
    record_outcome(reservation=visit, exceptions={}, of_past_days=True, **told(NEXT_DAY))


def test_outcome__first_recorded_the_day_after__from_paper(visit: Reservation) -> None:
    record_outcome(reservation=visit, exceptions={}, **told(NEXT_DAY, happened_at=TEN_TWENTY))
    assert now(visit).served_at == TEN_TWENTY


def test_outcome__case_of_somebody_else__passed_over(visit: Reservation) -> None:
    other = factories.reservation(situations.chinen(), TEN, 1).cases.get()

    record_outcome(reservation=visit, exceptions={other.pk: NotIssued.NOT_OURS}, **told(TEN_TWENTY))

    other.refresh_from_db()
    assert other.outcome == ""
    assert outcomes(visit) == ["issued"] * 3


def test_outcome__withdrawn_case__has_none(visit: Reservation) -> None:
    visit.cases.filter(order=3).update(withdrawn_at=TEN - timedelta(days=2))
    record_outcome(reservation=visit, exceptions={}, **told(TEN_TWENTY))
    assert outcomes(visit) == ["issued", "issued", ""]


def test_end_visit__no_show__only_by_a_person_and_after_the_hour(visit: Reservation) -> None:
    early = ELEVEN - timedelta(seconds=1)
    facts = {"reservation": visit, "ending": Ending.NO_SHOW}
    assert refused(end_visit, **facts, **told(early)) == [Refusal.HOUR_NOT_OVER]

    end_visit(**facts, **told(ELEVEN))

    assert ending_of(now(visit)) is Ending.NO_SHOW
    assert Event.objects.get(kind="visit_no_show").actor == CLERK


def test_end_visit__late__has_arrived_and_is_no_no_show(visit: Reservation) -> None:
    end_visit(reservation=visit, ending=Ending.LATE, **told(ELEVEN))

    assert (now(visit).arrived_at, visit.late_at, visit.no_show_at) == (ELEVEN, ELEVEN, None)
    assert list(VisitEntry.objects.values_list("step", flat=True)) == ["arrived", "late"]


def test_end_visit__absent_when_called__is_an_ending_of_its_own(visit: Reservation) -> None:
    check_in(reservation=visit, **told(TEN_TWENTY))
    end_visit(reservation=visit, ending=Ending.ABSENT, **told(TEN_TWENTY))
    assert ending_of(now(visit)) is Ending.ABSENT


def test_outcome__entered_from_paper_the_day_after__correctable_until_that_evening(
    visit: Reservation,
) -> None:
    first = visit.cases.get(order=1)
    served(reservation=visit, **told(NEXT_DAY, happened_at=TEN_TWENTY))

    wrong = {first.pk: NotIssued.NOT_OURS}
    record_outcome(reservation=visit, exceptions=wrong, **told(NEXT_EVENING))

    assert outcomes(visit)[0] == "not_issued not_ours"
    for act in (served, take_ending_back):
        assert refused(act, reservation=visit, **told(NEXT_MIDNIGHT)) == [Refusal.CORRECTION_CLOSED]


def test_outcome__entered_anew_on_a_later_day__correctable_no_longer_than_at_first(
    visit: Reservation,
) -> None:
    """Who takes it back in time may enter it again; that opens no other evening."""
    served(reservation=visit, **told(NEXT_DAY, happened_at=TEN_TWENTY))
    take_ending_back(reservation=visit, **told(NEXT_EVENING))

    served(reservation=visit, **told(NEXT_MIDNIGHT, happened_at=TEN_TWENTY))

    codes = refused(take_ending_back, reservation=visit, **told(NEXT_MIDNIGHT))
    assert codes == [Refusal.CORRECTION_CLOSED]
    take_ending_back(reservation=visit, of_past_days=True, **told(NEXT_MIDNIGHT))


@pytest.mark.parametrize("ending", [Ending.LATE, Ending.NO_SHOW])
def test_take_ending_back__same_evening__open_again_and_history_kept(
    visit: Reservation, ending: Ending
) -> None:
    end_visit(reservation=visit, ending=ending, **told(ELEVEN))
    take_ending_back(reservation=visit, **told(EVENING))

    assert ending_of(now(visit)) is None
    assert visit.ended_by == ""
    assert VisitEntry.objects.filter(step=Step.TAKEN_BACK, before=ending.value).exists()


@pytest.mark.parametrize(
    ("end", "happened_at"), [(served, TEN_TWENTY), (late, ELEVEN)], ids=["served", "late"]
)
def test_take_ending_back__arrival_that_only_the_ending_told__goes_with_it(
    visit: Reservation, end: Callable[..., object], happened_at: datetime
) -> None:
    """Nobody ever said that the person came: the board waits again, and a no-show can be."""
    end(reservation=visit, **told(EVENING, happened_at=happened_at))
    assert now(visit).arrived_at == happened_at

    take_ending_back(reservation=visit, **told(EVENING))

    assert now(visit).arrived_at is None
    backs = VisitEntry.objects.filter(step=Step.TAKEN_BACK).values_list("before", flat=True)
    assert list(backs)[1:] == [Step.ARRIVED]
    end_visit(reservation=visit, ending=Ending.NO_SHOW, **told(EVENING))


@pytest.mark.parametrize(
    ("first", "end", "came_at"),
    [
        (check_in, served, TEN_TWENTY),
        (call_up, served, TEN_TWENTY),
        (check_in, late, ELEVEN),
    ],
)
def test_take_ending_back__arrival_that_somebody_recorded__stays(
    visit: Reservation, first: Callable[..., object], end: Callable[..., object], came_at: datetime
) -> None:
    """Also where it was recorded at the very moment of the ending."""
    first(reservation=visit, **told(came_at))
    end(reservation=visit, **told(came_at))

    take_ending_back(reservation=visit, **told(EVENING))

    assert now(visit).arrived_at == came_at
    assert VisitEntry.objects.filter(step=Step.TAKEN_BACK).count() == 1


def test_take_ending_back__arrival_told_from_paper_after_the_outcome__stays(
    visit: Reservation,
) -> None:
    served(reservation=visit, **told(EVENING))
    check_in(reservation=visit, **told(EVENING, happened_at=TEN_TWENTY))

    take_ending_back(reservation=visit, **told(EVENING))

    assert now(visit).arrived_at == TEN_TWENTY


def test_arrivals_from_before_it_was_kept__written_with_an_ending__learn_of_it(
    visit: Reservation,
) -> None:
    other = factories.reservation(situations.beppu(), TEN, 1)
    late(reservation=visit, **told(ELEVEN))
    check_in(reservation=other, **told(ELEVEN))
    late(reservation=other, **told(ELEVEN + timedelta(seconds=1)))
    VisitEntry.objects.update(after="")

    import_module("uketori.counter.migrations.0007_tell_inferred_arrivals").fill(apps, None)

    arrivals = VisitEntry.objects.filter(step=Step.ARRIVED).values_list("reservation", "after")
    assert dict(arrivals) == {visit.pk: "late", other.pk: ""}


@pytest.mark.parametrize(
    ("paper", "now", "code"),
    [
        (TEN_TWENTY, ELEVEN, Refusal.CAME_IN_TIME),
        (EVENING, ELEVEN, Refusal.NOT_YET_HAPPENED),
        (None, NEXT_DAY, Refusal.TIME_MISSING),
    ],
)
def test_late__at_a_time_that_cannot_be__refused_and_nothing_written(
    visit: Reservation, paper: datetime | None, now: datetime, code: Refusal
) -> None:
    """6(4) counts what stands here: nobody who came in time is recorded as late."""
    facts = told(now, happened_at=paper)
    assert refused(end_visit, reservation=visit, ending=Ending.LATE, **facts) == [code]
    assert not VisitEntry.objects.exists()


@pytest.mark.parametrize(
    ("paper", "now", "code"),
    [
        (EVENING, TEN_TWENTY, Refusal.NOT_YET_HAPPENED),
        (None, NEXT_DAY, Refusal.TIME_MISSING),
    ],
)
def test_outcome__at_a_time_that_cannot_be__refused_and_nothing_written(
    visit: Reservation, paper: datetime | None, now: datetime, code: Refusal
) -> None:
    facts = told(now, happened_at=paper)
    assert refused(record_outcome, reservation=visit, exceptions={}, **facts) == [code]
    assert not VisitEntry.objects.exists()


def test_late__who_was_checked_in_within_the_hour__refused(visit: Reservation) -> None:
    check_in(reservation=visit, **told(TEN_TWENTY))
    codes = refused(end_visit, reservation=visit, ending=Ending.LATE, **told(ELEVEN))
    assert codes == [Refusal.CAME_IN_TIME]


def test_take_ending_back__served__outcomes_go_with_it(visit: Reservation) -> None:
    record_outcome(reservation=visit, exceptions={}, **told(TEN_TWENTY))
    take_ending_back(reservation=visit, **told(EVENING))
    assert outcomes(visit) == ["", "", ""]


def test_take_ending_back__cancelled__is_never_revived(visit: Reservation) -> None:
    Reservation.objects.filter(pk=visit.pk).update(cancelled_at=TEN - timedelta(days=2))
    assert refused(take_ending_back, reservation=visit, **told(EVENING)) == [
        Refusal.RESERVATION_CANCELLED
    ]


def test_take_arrival_back__before_any_ending__only(visit: Reservation) -> None:
    call_up(reservation=visit, **told(TEN_TWENTY))
    take_arrival_back(reservation=visit, **told(ELEVEN))
    assert (now(visit).arrived_at, visit.called_at) == (None, None)

    end_visit(reservation=visit, ending=Ending.LATE, **told(ELEVEN))
    codes = refused(take_arrival_back, reservation=visit, **told(ELEVEN))
    assert codes == [Refusal.VISIT_ENDED]
