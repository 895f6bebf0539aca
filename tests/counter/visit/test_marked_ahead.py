"""What was marked ahead begins as not issued when the visit comes, and the clerk decides.  6(2)"""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.counter.conftest import TEN_TWENTY, address
from tests.policies import at
from tests.situations import AtMoment, unlock
from uketori.counter.preparation.marking import mark_ahead, take_mark_back
from uketori.reservations.models import Reservation
from uketori.rules.visit import AheadMark

pytestmark = pytest.mark.django_db

TEN, NINE = at("2026-06-11 10:00"), at("2026-06-11 09:00")
BOX = re.compile(r'name="except" value="(\d+)"( checked)?')
CHOSEN = re.compile(r'<select [^>]*name="why-(\d+)".*?</select>', re.DOTALL)
TOLD = "準備のときに印を付けた案件は"


def mark(visit: Reservation, mark: AheadMark, order: int, when: datetime = NINE) -> None:
    """Let a clerk mark one case."""
    cases = [visit.cases.get(order=order).pk]
    told: dict[str, Any] = {"policy": visit.made_under, "actor": "staff:1", "at": when}
    mark_ahead(reservation=visit, cases=cases, mark=mark, **told)


@pytest.fixture
def visit(ten_twenty: datetime) -> Reservation:
    """青木, this hour, four cases: the second is not ready, the third is no number."""
    made = factories.reservation(situations.aoki(), TEN, factories.numbers(4))
    mark(made, AheadMark.NOT_READY, 2)
    mark(made, AheadMark.WRONG_NUMBER, 3)
    return made


def fields(page: str) -> dict[str, Any]:
    """Return what the browser would send of this page, without a script."""
    chosen = {}
    for one in CHOSEN.finditer(page):
        found = re.search(r'value="(\w+)" selected', one[0])
        chosen[f"why-{one[1]}"] = found[1] if found else ""
    return {
        "opened": re.findall(r'name="opened" value="([^"]+)"', page)[-1],
        **dict(re.findall(r'name="(seen|revision)" value="(\d+)"', page)),
        # nobody has seen the certificate, and the clerk goes on
        "unseen": Reservation.objects.values_list("claim", flat=True).get(),
        "marked": re.findall(r'name="marked" value="(\d+)"', page),
        "except": [pk for pk, checked in BOX.findall(page) if checked],
        **chosen,
    }


def outcomes(visit: Reservation) -> list[str]:
    """Return what is recorded of each case."""
    rows = visit.cases.order_by("order").values_list("outcome", "not_issued_because")
    return [because or outcome for outcome, because in rows]


def page_of(client: Client, visit: Reservation) -> str:
    return client.get(address(visit)).content.decode()


def ticked(page: str) -> list[bool]:
    return [bool(checked) for _pk, checked in BOX.findall(page)]


def test_marked__sent_as_it_stands__just_those_not_issued_and_why(
    clerk: Client, visit: Reservation
) -> None:
    page = page_of(clerk, visit)
    assert TOLD in page

    clerk.post(address(visit, "/outcome"), fields(page))

    assert outcomes(visit) == ["issued", "not_yet_ready", "number_unknown", "issued"]


@pytest.mark.parametrize("reason_stays", [True, False])
def test_marked__unticked_since_the_card_has_come__issued(
    clerk: Client, visit: Reservation, *, reason_stays: bool
) -> None:
    """Without a script the reason beside the mark stays as the page had chosen it."""
    pk = str(visit.cases.get(order=2).pk)
    sent = fields(page_of(clerk, visit))
    sent["except"].remove(pk)
    if not reason_stays:
        sent[f"why-{pk}"] = ""

    clerk.post(address(visit, "/outcome"), sent)

    assert outcomes(visit) == ["issued", "issued", "number_unknown", "issued"]


def test_marked__unticked_with_another_reason__refused_instead_of_guessed(
    clerk: Client, visit: Reservation
) -> None:
    pk = str(visit.cases.get(order=2).pk)
    sent = fields(page_of(clerk, visit))
    sent["except"].remove(pk)

    answer = clerk.post(address(visit, "/outcome"), {**sent, f"why-{pk}": "paper_missing"})

    assert answer.status_code == 422
    assert outcomes(visit) == [""] * 4


def test_marked__unticked_and_then_checked_in__stays_unticked(
    clerk: Client, visit: Reservation
) -> None:
    sent = fields(page_of(clerk, visit))
    sent["except"] = []

    page = clerk.post(address(visit, "/arrival"), sent).content.decode()

    assert ticked(page) == [False] * 4


def test_marked__checked_in_from_the_list_beside_it__still_ticked(
    clerk: Client, visit: Reservation
) -> None:
    """The list sends nothing of the cases: that unticks none."""
    sent = {"opened": visit.reference}

    page = clerk.post(address(visit, "/arrival"), sent, follow=True).content.decode()

    assert ticked(page) == [False, True, True, False]


@pytest.mark.parametrize("act", ["/outcome", "/arrival"])
def test_marked__after_the_page_was_made__ticked_before_anything_is_recorded(
    clerk: Client, visit: Reservation, act: str
) -> None:
    sent = fields(page_of(clerk, visit))
    mark(visit, AheadMark.NOT_READY, 4, TEN_TWENTY)

    page = clerk.post(address(visit, act), sent, follow=True).content.decode()

    assert ticked(page) == [False, True, True, True]
    assert outcomes(visit) == [""] * 4


def test_marked__mark_taken_back__begins_as_issued(clerk: Client, visit: Reservation) -> None:
    cases = list(visit.cases.filter(order__in=(2, 3)).values_list("pk", flat=True))
    told: dict[str, Any] = {"policy": visit.made_under, "actor": "staff:1", "at": NINE}
    take_mark_back(reservation=visit, cases=cases, **told)

    page = page_of(clerk, visit)

    assert ticked(page) == [False] * 4
    assert TOLD not in page


def test_marked__outcome_corrected__the_form_begins_with_what_was_recorded(
    clerk: Client, visit: Reservation
) -> None:
    clerk.post(address(visit, "/outcome"), {**fields(page_of(clerk, visit)), "except": []})

    page = page_of(clerk, visit)

    assert ticked(page) == [False] * 4
    assert TOLD not in page


def test_marked__search_sent_to_a_locked_session__unticks_nothing(
    clerk: Client, visit: Reservation, at_moment: AtMoment
) -> None:
    page_of(clerk, visit)
    at_moment(at("2026-06-11 10:55"))
    here = {"referer": f"http://testserver{address(visit)}"}
    clerk.post(address(rest="search"), {"find": "青木"}, headers=here)
    unlock(clerk)

    page = page_of(clerk, visit)

    assert 'value="青木"' in page
    assert ticked(page) == [False, True, True, False]


def test_history__marked_otherwise_and_taken_back__each_with_its_case_and_kind(
    visit: Reservation, clerk: Client
) -> None:
    mark(visit, AheadMark.WRONG_NUMBER, 2, when=at("2026-06-11 09:30"))
    cases = [visit.cases.get(order=2).pk]
    take_mark_back(
        reservation=visit,
        cases=cases,
        policy=visit.made_under,
        actor="staff:1",
        at=at("2026-06-11 09:40"),
    )

    page = clerk.get(address(visit)).content.decode()

    history = re.findall(r'history__line">.*?class="strong">([^<]+)<', page)
    assert history == [
        "案件2　準備の印：準備できず",
        "案件3　準備の印：番号なし",
        "案件2　準備の印：番号なし（前は：準備できず）",
        "案件2　準備の印を消した（前は：番号なし）",
    ]
