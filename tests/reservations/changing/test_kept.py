"""What was typed on the change page outlives the session and the deadline.  D04, R-28."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import factories, situations
from tests.changes import cases_of, change, state_of
from tests.journeys.reading import Page
from tests.policies import at
from tests.reservations.changing.steps import (
    THURSDAY_TEN,
    Sent,
    change_form,
    names,
    open_page,
    path,
    posts,
    wish,
    words_of,
)
from tests.situations import MONDAY_MORNING, AtMoment
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

NOTICE = "前に入力した内容を表示しています"
TOO_LATE = MONDAY_MORNING + timedelta(minutes=61)


@pytest.fixture
def reservation() -> Reservation:
    """Five cases of 青木's on Thursday at ten, one of them taken out."""
    made = factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(5))
    return change(made, withdrawn=[5])


@pytest.fixture
def visitor(reservation: Reservation) -> Client:
    """青木's browser."""
    return situations.signed_in_client(reservation.claim)


def typed(visitor: Client, reservation: Reservation, do: str) -> Sent:
    """One case withdrawn, one corrected, one put back."""
    return wish(
        visitor,
        reservation,
        do,
        withdraw=[str(cases_of(reservation)[0].pk)],
        **{names(reservation)[1]: "阪労一E09002", "number-1": "阪労一C09005", "category-1": "own"},
    )


def assert_typed_is_shown(page: Page, reservation: Reservation) -> None:
    """Everything of ``typed`` stands in the form, and the page says from when it is."""
    form = change_form(page)
    assert NOTICE in page.text
    assert form.value(names(reservation)[1]) == "阪労一E09002"
    assert (form.value("number-1"), form.value("category-1")) == ("阪労一C09005", "own")
    assert [one.checked for one in form.controls if one.name == "withdraw"] == [True] + [False] * 3


@pytest.mark.parametrize("do", ["edit", "review", "change", "keep"])
def test_session_over__sent_too_late__shown_after_proving_the_address(
    visitor: Client, reservation: Reservation, at_moment: AtMoment, do: str
) -> None:
    data = typed(visitor, reservation, do)
    before = state_of(reservation)
    at_moment(TOO_LATE)

    response = visitor.post(path(reservation), data)

    back = path(reservation).replace("/", "%2F")
    assert response.headers["Location"].startswith(f"/osaka/entry?next={back}&ended=1&undone=")
    assert state_of(reservation) == before
    page = open_page(situations.signed_in_client(reservation.claim), reservation)
    assert_typed_is_shown(page, reservation)
    assert page.refusals == []


def test_time_lengthened_without_scripts__form_comes_back_as_it_was(
    visitor: Client, reservation: Reservation, at_moment: AtMoment
) -> None:
    data = typed(visitor, reservation, "keep")
    before = state_of(reservation)
    at_moment(MONDAY_MORNING + timedelta(minutes=50))

    response = visitor.post(path(reservation), data, follow=True)

    assert_typed_is_shown(Page(response.content.decode()), reservation)
    assert state_of(reservation) == before
    at_moment(MONDAY_MORNING + timedelta(minutes=109))
    assert visitor.get(path(reservation)).status_code == 200


def test_form_and_review__the_button_for_more_time_belongs_to_the_form(
    visitor: Client, reservation: Reservation
) -> None:
    review = visitor.post(path(reservation), typed(visitor, reservation, "review"))
    for html in (visitor.get(path(reservation)).content.decode(), review.content.decode()):
        keep = html.index('form="change" name="do" value="keep"')
        enter = html.index('form="change" name="do" value="edit"')
        assert enter < keep, "the enter key takes the first button of a form"
        assert 'id="change"' in html


def test_changed__nothing_is_shown_again(visitor: Client, reservation: Reservation) -> None:
    data = typed(visitor, reservation, "keep")
    visitor.post(path(reservation), data)
    assert posts(visitor, reservation, {**data, "do": "change"})[0] == 302
    assert NOTICE not in open_page(visitor, reservation).text


def test_thrown_away__the_form_is_as_the_reservation_stands(
    visitor: Client, reservation: Reservation
) -> None:
    visitor.post(path(reservation), typed(visitor, reservation, "keep"))

    response = visitor.post(path(reservation), {"do": "forget"}, follow=True)

    page = Page(response.content.decode())
    assert NOTICE not in page.text
    assert change_form(page).value(names(reservation)[1]) != "阪労一E09002"


def test_another_tab__changed_since__told_beside_what_was_typed(
    visitor: Client, reservation: Reservation
) -> None:
    visitor.post(path(reservation), typed(visitor, reservation, "keep"))
    change(reservation, corrected={2: "阪労一E08002"})

    page = open_page(visitor, reservation)

    assert_typed_is_shown(page, reservation)
    assert page.refusals == [Refusal.RESERVATION_CHANGED]
    assert "阪労一E08002" in page.text


def test_session_over__and_the_deadline_too__telephone_page_with_what_was_typed(
    visitor: Client, reservation: Reservation, at_moment: AtMoment
) -> None:
    at_moment(at("2026-06-10 10:50"))
    visitor = situations.signed_in_client(reservation.claim)
    data = typed(visitor, reservation, "change")
    before = state_of(reservation)
    at_moment(at("2026-06-10 12:01"))
    assert visitor.post(path(reservation), data).status_code == 302

    page = open_page(situations.signed_in_client(reservation.claim), reservation)

    assert page.refusals == [Refusal.CHANGE_CLOSED]
    for words in ("次のとおりに： 阪労一E09002", "戻す 阪労一C09005"):
        assert words in words_of(page)
    assert state_of(reservation) == before


def test_kept__shown_to_nobody_else(visitor: Client, reservation: Reservation) -> None:
    stranger = situations.signed_in_client(situations.chinen())
    stranger.post(path(reservation), {"do": "keep", "number-1": "阪労一E09009"})
    assert stranger.get(path(reservation)).status_code == 404
    assert NOTICE not in open_page(visitor, reservation).text
