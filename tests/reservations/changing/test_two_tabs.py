"""A reservation changed in two tabs, or by one form sent twice: nobody overwrites untold."""

import pytest
from django.test import Client

from tests import factories, situations
from tests.changes import cancel, cases_of, change, numbers_of, state_of
from tests.journeys.reading import Page
from tests.policies import at
from tests.reservations.changing.steps import (
    THURSDAY_TEN,
    change_form,
    names,
    path,
    posts,
    sent,
    wish,
    words_of,
)
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def reservation() -> Reservation:
    """Five cases of 青木's on Thursday at ten."""
    return factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(5))


@pytest.fixture
def visitor(reservation: Reservation) -> Client:
    """青木's browser."""
    return situations.signed_in_client(reservation.claim)


def test_another_tab__changed_meanwhile__told_and_what_was_typed_is_kept(
    visitor: Client, reservation: Reservation
) -> None:
    data = wish(
        visitor,
        reservation,
        "change",
        withdraw=[str(cases_of(reservation)[4].pk)],
        **{names(reservation)[1]: "阪労一E09002"},
    )
    change(reservation, corrected={1: "阪労一E08001", 3: "阪労一E08003"})
    before = state_of(reservation)

    status, page = posts(visitor, reservation, data)

    assert status == 409
    assert page.refusals == [Refusal.RESERVATION_CHANGED]
    assert state_of(reservation) == before
    assert "阪労一E08001" in page.text, "the newest state stands beside what was typed"
    form = change_form(page)
    assert form.value("revision") == "2"
    assert form.value(names(reservation)[1]) == "阪労一E09002"
    assert [one.checked for one in form.controls if one.name == "withdraw"] == [False] * 4 + [True]


def test_another_tab__enter_key_or_back__told_before_it_is_overwritten(
    visitor: Client, reservation: Reservation
) -> None:
    """The form that is shown again carries the new revision, so it must tell of it."""
    data = wish(visitor, reservation, "edit", **{names(reservation)[1]: "阪労一E09002"})
    change(reservation, corrected={2: "阪労一E08002"})

    status, page = posts(visitor, reservation, data)

    assert (status, page.refusals) == (409, [Refusal.RESERVATION_CHANGED])
    assert "阪労一E08002" in page.text
    assert change_form(page).value(names(reservation)[1]) == "阪労一E09002"


def test_another_tab__what_it_corrected_is_not_undone_by_a_stale_form(
    visitor: Client, reservation: Reservation
) -> None:
    """The form sends every number along: what it sends as it was shown is no wish."""
    data = wish(visitor, reservation, "change", **{names(reservation)[1]: "阪労一E09002"})
    change(reservation, corrected={1: "阪労一E08001"})
    change(reservation, corrected={1: "阪労一E08002", 2: "阪労一E08222"})

    _status, page = posts(visitor, reservation, data)

    form = change_form(page)
    assert form.value(names(reservation)[0]) == "阪労一E08002"
    assert form.value(names(reservation)[1]) == "阪労一E09002"
    status, _page = posts(visitor, reservation, sent(form, "change"))
    assert status == 302
    assert numbers_of(reservation)[:2] == ["阪労一E08002", "阪労一E09002"]


def test_another_tab__withdrew_the_case__the_rest_can_be_sent(
    visitor: Client, reservation: Reservation
) -> None:
    gone = [str(cases_of(reservation)[0].pk)]
    typed = {names(reservation)[2]: "阪労一E09003"}
    data = wish(visitor, reservation, "change", withdraw=gone, **typed)
    change(reservation, withdrawn=[1])
    status, page = posts(visitor, reservation, data)
    assert status == 409
    status, page = posts(visitor, reservation, sent(change_form(page), "change"))
    assert status == 302
    assert numbers_of(reservation)[1] == "阪労一E09003"


@pytest.mark.parametrize("do", ["edit", "review", "change"])
def test_another_tab__withdrew_a_case__what_was_typed_for_it_is_told(
    visitor: Client, reservation: Reservation, do: str
) -> None:
    number = numbers_of(reservation)[0]
    data = wish(visitor, reservation, do, **{names(reservation)[0]: "阪労一E09001"})
    change(reservation, withdrawn=[1])

    status, page = posts(visitor, reservation, data)

    assert (status, page.refusals) == (409, [Refusal.RESERVATION_CHANGED])
    assert f"{number} 在留期間更新 ア → 次のとおりに： 阪労一E09001" in words_of(page)
    assert number in page.text


def test_two_tabs_put_back__second_is_told_and_keeps_its_rows(
    visitor: Client, reservation: Reservation
) -> None:
    change(reservation, withdrawn=[1, 2])
    typed = {"category-1": "own", "category-2": "own"}
    first = {**typed, "number-1": "阪労一E09001", "number-2": "阪労一E09002"}
    second = {**typed, "number-1": "阪労一E09003", "number-2": "阪労一E09004"}
    data = wish(visitor, reservation, "change", **second)
    assert posts(visitor, reservation, {**data, **first})[0] == 302

    status, page = posts(visitor, reservation, data)

    assert status == 409
    assert page.refusals == [Refusal.RESERVATION_CHANGED]
    assert change_form(page).value("number-2") == "阪労一E09004"
    assert "あと0件戻せます" in page.text
    status, page = posts(visitor, reservation, sent(change_form(page), "change"))
    assert status == 422
    assert Refusal.MORE_THAN_FIRST_COUNT in page.refusals
    assert len(numbers_of(reservation)) == 5


# the same form twice


@pytest.mark.parametrize("later", ["2026-06-08 10:00", "2026-06-10 12:01"])
def test_same_form_twice__is_one_change_and_both_are_told_so(
    visitor: Client, reservation: Reservation, at_moment: situations.AtMoment, later: str
) -> None:
    """A double click, or a page reloaded, even after the deadline."""
    change(reservation, withdrawn=[5])
    at_moment(at("2026-06-10 11:58"))
    visitor = situations.signed_in_client(reservation.claim)
    typed = {names(reservation)[1]: "阪労一E09002", "number-1": "阪労一E09005", "category-1": "own"}
    gone = [str(cases_of(reservation)[0].pk)]
    data = wish(visitor, reservation, "change", withdraw=gone, **typed)
    assert posts(visitor, reservation, data)[0] == 302
    before = state_of(reservation)
    at_moment(max(at(later), at("2026-06-10 11:58")))

    response = visitor.post(path(reservation), data, follow=True)

    page = Page(response.content.decode())
    assert response.redirect_chain[0][0].endswith(reservation.reference)
    assert "予約を変更しました" in page.text
    assert state_of(reservation) == before


def test_stale_form_without_a_wish__is_not_told_that_it_was_done(
    visitor: Client, reservation: Reservation
) -> None:
    data = wish(visitor, reservation, "change")
    change(reservation, corrected={1: "阪労一E08001"})
    status, page = posts(visitor, reservation, data)
    assert (status, page.refusals) == (409, [Refusal.RESERVATION_CHANGED])


def test_same_form_twice__cancelled_between__told_that_it_is_cancelled(
    visitor: Client, reservation: Reservation
) -> None:
    data = wish(visitor, reservation, "change", **{names(reservation)[1]: "阪労一E09002"})
    assert posts(visitor, reservation, data)[0] == 302
    cancel(reservation)
    status, page = posts(visitor, reservation, data)
    assert (status, page.refusals) == (409, [Refusal.RESERVATION_CANCELLED])
