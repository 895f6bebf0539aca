"""Two clerks have one visit open: nobody undoes, or records, what the page did not show.  R-39."""

import re
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from tests import factories, situations
from tests.changes import edits
from tests.counter.conftest import TEN_TWENTY, address
from tests.counter.visit.test_marked_ahead import fields as whole_form
from tests.counter.visit.test_marked_ahead import mark
from tests.counter.visit.test_pages import fields, not_issued, outcomes, refusals
from tests.policies import at
from tests.situations import AtMoment
from uketori.counter.models import VisitEntry
from uketori.counter.telephone.calls import Noted, change_for
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.visit import AheadMark

pytestmark = pytest.mark.django_db

TEN, ELEVEN_PAST = at("2026-06-11 10:00"), at("2026-06-11 11:04")
Presses = list[tuple[str, dict[str, object]]]
"""Acts with what stands in their button."""

ARRIVAL: Presses = [("arrival", {})]
CALLED: Presses = [("calling-up", {})]
ARRIVAL_BACK: Presses = [("arrival/removal", {})]
LATE: Presses = [("ending", {"ending": "late"})]
ABSENT: Presses = [("ending", {"ending": "absent"})]
NO_SHOW: Presses = [("ending", {"ending": "no_show"})]
BACK: Presses = [("ending/removal", {})]
OUTCOME: Presses = [("outcome", {})]
SEEN: Presses = [("certificate", {})]
SEEN_BACK: Presses = [("certificate/removal", {})]

STALE = [
    (TEN_TWENTY, [], ARRIVAL + ARRIVAL_BACK, ARRIVAL),
    (TEN_TWENTY, ARRIVAL, ARRIVAL_BACK, CALLED),
    (TEN_TWENTY, ARRIVAL, CALLED, ARRIVAL_BACK),
    (TEN_TWENTY, ARRIVAL, CALLED, ABSENT),
    (ELEVEN_PAST, [], ARRIVAL, LATE),
    (ELEVEN_PAST, [], NO_SHOW + BACK, NO_SHOW),
    (ELEVEN_PAST, LATE, BACK + OUTCOME, BACK),
    (TEN_TWENTY, OUTCOME, BACK + ARRIVAL + ABSENT, BACK),
    (TEN_TWENTY, [], OUTCOME + BACK, OUTCOME),
    (TEN_TWENTY, ARRIVAL, SEEN + SEEN_BACK, SEEN),
    (TEN_TWENTY, ARRIVAL + SEEN, SEEN_BACK + SEEN, SEEN_BACK),
]
"""When; what both see; what the colleague recorded since; what is pressed on the old page."""


@pytest.fixture
def visit(ten_twenty: datetime) -> Reservation:
    """青木, this hour, three cases."""
    return factories.reservation(situations.aoki(), TEN, factories.numbers(3))


@pytest.fixture
def colleague(ten_twenty: datetime) -> Client:
    """別府 二 at the next desk."""
    return situations.staff_client(name="別府 二")


def press(client: Client, visit: Reservation, presses: Presses) -> None:
    for act, button in presses:
        answer = client.post(address(visit, f"/{act}"), fields(client, visit, **button))
        assert answer.status_code == 302, act


def recorded() -> list[object]:
    cases = Reservation.objects.values("cases__outcome", "cases__not_issued_because")
    claims = CertificateClaim.objects.values()
    return [list(one) for one in (Reservation.objects.values(), cases, claims)]


def told(at: datetime) -> Noted:
    return Noted(called_at=at, caller="", note="", key=uuid4())


@pytest.mark.parametrize(("when", "both", "theirs", "mine"), STALE)
def test_stale_page__refused_nothing_undone_and_shown_anew(
    visit: Reservation,
    at_moment: AtMoment,
    when: datetime,
    both: Presses,
    theirs: Presses,
    mine: Presses,
) -> None:
    at_moment(when)
    clerk, colleague = situations.staff_client(), situations.staff_client(name="別府 二")
    press(clerk, visit, both)
    ((act, button),) = mine
    old = fields(clerk, visit, **button)
    press(colleague, visit, theirs)
    before, lines = recorded(), VisitEntry.objects.count()

    answer = clerk.post(address(visit, f"/{act}"), old)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert refusals(page) >= {"RESERVATION_CHANGED"}
    assert (recorded(), VisitEntry.objects.count()) == (before, lines)
    assert fields(clerk, visit)["seen"] != old["seen"]


@pytest.mark.parametrize(("when", "both", "mine"), [(a, b, d) for a, b, _, d in STALE])
def test_page_as_it_stands__the_same_press__recorded(
    visit: Reservation, at_moment: AtMoment, when: datetime, both: Presses, mine: Presses
) -> None:
    at_moment(when)
    clerk = situations.staff_client()
    press(clerk, visit, both)
    before = recorded()

    press(clerk, visit, mine)

    assert recorded() != before


@pytest.mark.parametrize("mine", [BACK, ARRIVAL_BACK, SEEN_BACK])
def test_taking_back__pressed_twice__calm(clerk: Client, visit: Reservation, mine: Presses) -> None:
    before = {"ending/removal": OUTCOME, "arrival/removal": ARRIVAL}
    press(clerk, visit, before.get(mine[0][0], ARRIVAL + SEEN))
    old = fields(clerk, visit)

    for _ in range(2):
        assert clerk.post(address(visit, f"/{mine[0][0]}"), old).status_code == 302


@pytest.mark.parametrize("mine", [CALLED, OUTCOME, SEEN])
def test_somebody_else_recorded_that_the_person_has_come__no_page_is_out_of_date(
    clerk: Client, colleague: Client, visit: Reservation, mine: Presses
) -> None:
    ((act, _),) = mine
    old = fields(clerk, visit)
    press(colleague, visit, ARRIVAL)

    assert clerk.post(address(visit, f"/{act}"), old).status_code == 302


def test_certificate__seen_anew_at_the_person_s_other_visit__not_taken_back_here(
    clerk: Client, colleague: Client, visit: Reservation
) -> None:
    other = factories.reservation(visit.claim, at("2026-06-11 11:00"), 1, arrived_at=TEN_TWENTY)
    press(clerk, visit, ARRIVAL + SEEN)
    old = fields(clerk, visit)
    press(colleague, other, SEEN_BACK + SEEN)

    page = clerk.post(address(visit, "/certificate/removal"), old).content.decode()

    assert refusals(page) == {"RESERVATION_CHANGED"}
    press(clerk, visit, SEEN_BACK)


def test_page_without_the_table__shown_anew__the_outcome_stands_as_it_was_recorded(
    visit: Reservation, at_moment: AtMoment
) -> None:
    """An old page that had no marks to send unticks none of the colleague's."""
    at_moment(ELEVEN_PAST)
    clerk, colleague = situations.staff_client(), situations.staff_client(name="別府 二")
    press(clerk, visit, LATE)
    old = whole_form(clerk.get(address(visit)).content.decode())
    press(colleague, visit, BACK)
    press(colleague, visit, [("outcome", not_issued(visit, 2))])

    page = clerk.post(address(visit, "/ending/removal"), old).content.decode()

    assert page.count(" checked") == 1
    assert outcomes(visit) == ["issued", "not_issued", "issued"]


def test_cases_changed_by_telephone__outcome_of_the_old_page__refused_and_marks_kept(
    clerk: Client, colleague: Client, visit: Reservation
) -> None:
    """Z would issue a case and a number that the clerk never saw."""
    moment = at("2026-06-11 10:05")
    change_for(
        reservation=visit,
        edits=edits(visit, withdrawn=[1]),
        noted=told(moment),
        actor="staff:2",
        at=moment,
    )
    visit.refresh_from_db()
    sent = whole_form(clerk.get(address(visit)).content.decode()) | not_issued(visit, 2)
    change_for(
        reservation=visit,
        edits=edits(visit, put_back=["阪労一E09991"], corrected={2: "阪労一E09992"}),
        noted=told(TEN_TWENTY),
        actor="staff:2",
        at=TEN_TWENTY,
    )

    answer = clerk.post(address(visit, "/outcome"), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert refusals(page) == {"RESERVATION_CHANGED"}
    assert "阪労一E09991" in page
    assert "阪労一E09992" in page
    assert re.findall(r'name="except" value="(\d+)" checked', page) == [
        str(visit.cases.get(order=2).pk)
    ]
    assert set(outcomes(visit)) == {""}
    clerk.post(address(visit, "/outcome"), whole_form(page))
    assert sorted(outcomes(visit)) == ["", "issued", "issued", "not_issued"]


def test_marked_number_corrected_by_telephone__what_the_page_had_ticked_goes_with_the_mark(
    clerk: Client, visit: Reservation
) -> None:
    mark(visit, AheadMark.WRONG_NUMBER, 1)
    sent = whole_form(clerk.get(address(visit)).content.decode())
    change_for(
        reservation=visit,
        edits=edits(visit, corrected={1: "阪労一E07777"}),
        noted=told(TEN_TWENTY),
        actor="staff:2",
        at=TEN_TWENTY,
    )

    page = clerk.post(address(visit, "/outcome"), sent).content.decode()

    assert refusals(page) == {"RESERVATION_CHANGED"}
    assert " checked" not in page
    assert set(outcomes(visit)) == {""}
