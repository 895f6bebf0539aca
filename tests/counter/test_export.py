"""What the counter wrote about a person stands in the file the person takes along.  D23, R-39."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests import factories, situations
from tests.changes import take_out
from tests.policies import at
from tests.situations import AtMoment
from uketori.counter.models import CallKind
from uketori.counter.preparation.marking import mark_ahead
from uketori.counter.telephone.calls import Noted, record_call
from uketori.counter.telephone.striking import strike_call
from uketori.counter.visit.check_in import check_in
from uketori.counter.visit.endings import end_visit, take_ending_back
from uketori.counter.visit.outcomes import record_outcome
from uketori.intermediaries.models import Suspension
from uketori.reservations.models import Reservation
from uketori.rules.taking_out import NotHere
from uketori.rules.visit import AheadMark, Ending, NotIssued

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY = at("2026-06-09 16:00"), at("2026-06-10 15:00")
TEN, FIVE_PAST, ELEVEN = (at(f"2026-06-11 {one}") for one in ("10:00", "10:05", "11:00"))
EVENING = at("2026-06-11 20:00")
CLERK = "staff:1"


@pytest.fixture
def visit(at_moment: AtMoment) -> Reservation:
    """青木, Thursday 10:00, three cases; it is Tue 2026-06-09 16:00."""
    at_moment(TUESDAY)
    return factories.reservation(situations.aoki(), TEN, factories.numbers(3))


def exported(who: str = "aoki@example.jp") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        situations.signed_in_client(who).get("/osaka/my-data/export").content
    )
    return found


def same_moment(told: str, wanted: datetime) -> bool:
    """With its offset, so that anybody reads the same moment."""
    read = datetime.fromisoformat(told)
    return read.tzinfo is not None and read == wanted


def by_staff(visit: Reservation, when: datetime) -> dict[str, Any]:
    return {"reservation": visit, "policy": visit.made_under, "actor": CLERK, "at": when}


def call(visit: Reservation, kind: CallKind = CallKind.OTHER) -> Any:
    noted = Noted(called_at=WEDNESDAY, caller="青木の妻", note="遅れるかも", key=uuid4())
    return record_call(reservation=visit, kind=kind, noted=noted, actor=CLERK, at=WEDNESDAY)


def test_calls__noted_by_a_clerk__as_they_were_noted(visit: Reservation) -> None:
    call(visit, CallKind.WILL_BE_LATE)

    (told,) = exported()["calls"]

    assert told["reference"] == visit.reference
    assert (told["kind"], told["kind_in_words"]) == ("will_be_late", "遅れる")
    assert (told["caller"], told["note"]) == ("青木の妻", "遅れるかも")
    assert (told["is_after_deadline"], told["is_before_visit"]) == (True, True)
    assert same_moment(told["called_at"], WEDNESDAY)
    assert told["struck_at"] is None


def test_calls__struck__still_told_and_when_it_was_struck(visit: Reservation) -> None:
    strike_call(call=call(visit), actor=CLERK, at=WEDNESDAY + timedelta(minutes=5))

    (told,) = exported()["calls"]

    assert same_moment(told["struck_at"], WEDNESDAY + timedelta(minutes=5))


def test_visit__one_case_not_issued__history_and_outcomes_with_the_reason(
    visit: Reservation,
) -> None:
    second = visit.cases.get(order=2)
    check_in(**by_staff(visit, FIVE_PAST))
    record_outcome(
        exceptions={second.pk: NotIssued.PAPER_MISSING}, **by_staff(visit, at("2026-06-11 10:20"))
    )

    data = exported()

    lines = [(one["step"], one["case"], one["after"]) for one in data["visit_entries"]]
    assert ("arrived", None, "") in lines
    assert ("served", None, "") in lines
    assert ("outcome", 2, "not_issued:paper_missing") in lines
    arrived = next(one for one in data["visit_entries"] if one["step"] == "arrived")
    assert same_moment(arrived["happened_at"], FIVE_PAST)
    assert (arrived["reference"], arrived["step_in_words"]) == (visit.reference, "来庁")
    (reservation,) = data["reservations"]
    outcomes = [one["outcome_in_words"] for one in reservation["cases"]]
    assert outcomes == ["交付した", "交付しない（書類がない）", "交付した"]
    assert reservation["cases"][1]["not_issued_because"] == "paper_missing"
    assert (reservation["ended_by"], reservation["no_show_at"]) == ("bureau", None)
    assert CLERK not in json.dumps(data)


@pytest.mark.parametrize(
    ("ending", "comes_at", "when"),
    [
        (Ending.LATE, ELEVEN, ELEVEN),
        (Ending.ABSENT, FIVE_PAST, at("2026-06-11 10:30")),
        (Ending.NO_SHOW, None, ELEVEN),
    ],
)
def test_visit__ended_otherwise__told_with_its_time(
    visit: Reservation, ending: Ending, comes_at: datetime | None, when: datetime
) -> None:
    if comes_at:
        check_in(**by_staff(visit, comes_at))
    end_visit(ending=ending, **by_staff(visit, when))

    data = exported()

    (reservation,) = data["reservations"]
    assert same_moment(reservation[f"{ending.value}_at"], when)
    last = data["visit_entries"][-1]
    assert last["step"] == ending.value
    assert same_moment(last["happened_at"], when)


def test_visit__ending_taken_back__both_lines_told(visit: Reservation) -> None:
    end_visit(ending=Ending.NO_SHOW, **by_staff(visit, ELEVEN))
    take_ending_back(**by_staff(visit, EVENING))

    data = exported()

    assert [one["step"] for one in data["visit_entries"]] == ["no_show", "taken_back"]
    assert data["visit_entries"][1]["before"] == "no_show"
    assert data["reservations"][0]["ended_by"] == ""


def test_case__marked_ahead__mark_and_moment(visit: Reservation) -> None:
    mark_ahead(
        cases=[visit.cases.get(order=3).pk],
        mark=AheadMark.NOT_READY,
        **by_staff(visit, TUESDAY),
    )

    cases = exported()["reservations"][0]["cases"]

    assert [one["ahead_mark"] for one in cases] == ["", "", "not_ready"]
    assert "まだ交付できません" in cases[2]["ahead_mark_in_words"]
    assert same_moment(cases[2]["ahead_at"], TUESDAY)


def test_case__taken_out_by_the_bureau__reason_in_the_ledger(visit: Reservation) -> None:
    take_out(visit, 2, because=NotHere.OTHER_BUREAU)

    (reservation,) = exported()["reservations"]

    (entry,) = reservation["ledger"]
    assert (entry["kind"], entry["because"], entry["by"]) == (
        "taken_out",
        "other_bureau",
        "bureau",
    )
    assert entry["because_in_words"] == "当局の申請ではない（ほかの局）"
    assert "cancelled_because" not in reservation


def test_reservation__every_case_taken_out__cancelled_by_the_bureau_and_why(
    visit: Reservation,
) -> None:
    take_out(visit, 1, 2, 3, because=NotHere.NOT_COVERED)

    (reservation,) = exported()["reservations"]

    assert (reservation["cancelled_because"], reservation["ended_by"]) == ("not_covered", "bureau")
    assert reservation["cancelled_because_in_words"] == "予約の対象ではない申請"


def test_suspension__over_lifted_or_in_force__days_grounds_and_reason(visit: Reservation) -> None:
    suspended = factories.suspension(visit.intermediary, date(2026, 6, 1), date(2026, 7, 10))
    Suspension.objects.filter(pk=suspended.pk).update(lifted_at=WEDNESDAY, lifted_by=CLERK)

    (told,) = exported()["suspensions"]

    assert (told["name"], told["first_day"], told["last_day"]) == (
        "青木 花子",
        "2026-06-01",
        "2026-07-10",
    )
    assert told["reason"] == "三度お越しにならなかった"
    assert told["grounds"] == ["no_show"]
    assert told["grounds_in_words"] == ["予約した日に、お越しになりませんでした。"]
    assert same_moment(told["decided_at"], TUESDAY)
    assert same_moment(told["lifted_at"], WEDNESDAY)


def test_counter__another_person__nothing_of_calls_visits_or_suspensions(
    visit: Reservation,
) -> None:
    call(visit)
    check_in(**by_staff(visit, FIVE_PAST))
    factories.suspension(visit.intermediary, date(2026, 6, 1), date(2026, 7, 10))

    data = exported(situations.chinen().mail_address.address)

    parts = ("calls", "visit_entries", "suspensions", "reservations")
    assert [data[part] for part in parts] == [[], [], [], []]
