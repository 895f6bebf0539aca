"""The pages of changing and cancelling: shown, reviewed, told, others denied.  4, D07."""

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
    open_page,
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


# the form


def test_form__holds_every_case_with_all_that_can_be_corrected(
    visitor: Client, reservation: Reservation
) -> None:
    page = open_page(visitor, reservation)
    form = change_form(page)
    assert [form.value(name) for name in names(reservation)] == numbers_of(reservation)
    assert {form.value(name) for name in names(reservation, "type")} == {"extension"}
    assert {form.value(name) for name in names(reservation, "category")} == {"own"}
    assert "最初の予約は5件です" in page.text
    assert "6月10日（水）11時59分まで" in page.text
    assert "案件を戻す" not in page.text
    assert "日と時間の変更はできません" in page.text


def test_form__two_withdrawn_before__two_rows_to_put_back(
    visitor: Client, reservation: Reservation
) -> None:
    change(reservation, withdrawn=[1, 2])
    page = open_page(visitor, reservation)
    assert {"number-1", "number-2"} <= change_form(page).names
    assert "number-3" not in change_form(page).names
    assert "最初の件数の5件まで、あと2件戻せます" in page.text


def test_enter_key__shows_the_form_again_and_changes_nothing(
    visitor: Client, reservation: Reservation
) -> None:
    form = change_form(open_page(visitor, reservation))
    assert form.buttons[0].value == "edit", "the first button is taken by the enter key"
    before = state_of(reservation)
    typed = {names(reservation)[1]: "阪労一E09002"}

    status, page = posts(visitor, reservation, sent(form, "edit", **typed))

    assert status == 200
    assert change_form(page).value(names(reservation)[1]) == "阪労一E09002"
    assert state_of(reservation) == before


def test_review__names_each_difference_and_nothing_is_written(
    visitor: Client, reservation: Reservation
) -> None:
    change(reservation, withdrawn=[5])
    one, two, three, _four = numbers_of(reservation)
    before = state_of(reservation)
    data = wish(
        visitor,
        reservation,
        "review",
        withdraw=[str(cases_of(reservation)[0].pk)],
        **{names(reservation)[1]: "阪労一E09002", "number-1": "阪労一C09005", "category-1": "own"},
    )

    status, page = posts(visitor, reservation, data)

    assert status == 200
    assert "変更したあとは4件です" in page.text
    assert f"取り消す {one} 在留期間更新 ア" in words_of(page)
    assert f"なおす {two} 在留期間更新 ア → 次のとおりに： 阪労一E09002" in words_of(page)
    assert "戻す 阪労一C09005 在留資格変更 ア" in words_of(page)
    assert three not in page.text
    assert "戻せないことがあります" in page.text
    assert state_of(reservation) == before

    status, page = posts(visitor, reservation, sent(page.form_with("revision"), "change"))
    assert status == 302
    assert len(numbers_of(reservation)) == 4
    assert "阪労一C09005" in numbers_of(reservation)


def test_review__back_to_the_form__everything_typed_is_there(
    visitor: Client, reservation: Reservation
) -> None:
    typed = {names(reservation)[1]: "阪労一E09002", "withdraw": [str(cases_of(reservation)[0].pk)]}
    _status, review = posts(visitor, reservation, wish(visitor, reservation, "review", **typed))

    _status, page = posts(visitor, reservation, sent(review.form_with("revision"), "edit"))

    form = change_form(page)
    assert form.value(names(reservation)[1]) == "阪労一E09002"
    assert [one.checked for one in form.controls if one.name == "withdraw"] == [True] + [False] * 4


@pytest.mark.parametrize(
    ("typed", "words"),
    [("01236", "よくある形"), ("阪労ーE09002", "漢数字の「一」でしょうか")],
)
def test_review__unusual_number__warned_of_and_not_refused(
    visitor: Client, reservation: Reservation, typed: str, words: str
) -> None:
    data = wish(visitor, reservation, "review", **{names(reservation)[1]: typed})
    status, page = posts(visitor, reservation, data)
    assert status == 200
    assert "案件2：" in page.text
    assert words in page.text


def test_changed__told_on_the_reservation_with_its_ledger(
    visitor: Client, reservation: Reservation
) -> None:
    gone = cases_of(reservation)[0]
    data = wish(visitor, reservation, "change", withdraw=[str(gone.pk)])
    response = visitor.post(path(reservation), data, follow=True)
    text = Page(response.content.decode()).text
    assert "予約を変更しました" in text
    assert "変更の記録" in text
    assert gone.number in text


# cancelling


def test_cancellation__shows_what_is_free_before_and_then_offers_a_new_draft(
    visitor: Client, reservation: Reservation
) -> None:
    change(reservation, withdrawn=[5])
    numbers = numbers_of(reservation)
    factories.slot(at("2026-06-12 09:00"), booked_reservations=6)
    page = Page(visitor.get(path(reservation, "cancellation")).content.decode())
    for words in ("いまの空き状況", "満席", "4件の予約をすべて取り消します", "元には戻せません"):
        assert words in page.text

    response = visitor.post(path(reservation, "cancellation"), follow=True)

    shown = Page(response.content.decode())
    assert "予約を取り消しました" in shown.text
    assert "この予約は取り消されています" in shown.text
    assert all(not link.href.endswith("/changes") for link in shown.links)
    response = visitor.post(path(reservation, "copy"), follow=True)
    draft = Page(response.content.decode())
    form = next(form for form in draft.forms if "number-1" in form.names)
    assert [form.value(f"number-{order}") for order in range(1, 5)] == numbers


@pytest.mark.parametrize("page", ["changes", "cancellation"])
def test_cancelled__both_pages_say_so_and_no_telephone_is_urged(
    visitor: Client, reservation: Reservation, page: str
) -> None:
    cancel(reservation)
    before = state_of(reservation)
    assert visitor.get(path(reservation, page)).status_code == 200
    response = visitor.post(path(reservation, page), {"do": "change", "revision": "2"})
    shown = Page(response.content.decode())
    assert response.status_code == 409
    assert shown.refusals == [Refusal.RESERVATION_CANCELLED]
    assert "遅れて着いたとき" not in shown.text
    assert state_of(reservation) == before


# others


@pytest.mark.parametrize("page", ["changes", "cancellation"])
def test_somebody_elses__is_not_there(reservation: Reservation, page: str) -> None:
    before = state_of(reservation)
    nobody = "/osaka/reservations/AAAA-AAAA"
    for who in (situations.beppu(), situations.chinen()):
        stranger = situations.signed_in_client(who)
        assert stranger.get(path(reservation, page)).status_code == 404
        assert stranger.post(path(reservation, page), {"do": "change"}).status_code == 404
        assert stranger.get(f"{nobody}/{page}").status_code == 404
    assert state_of(reservation) == before


@pytest.mark.parametrize("page", ["changes", "cancellation"])
def test_nobody__is_led_to_the_entry(reservation: Reservation, page: str) -> None:
    before = state_of(reservation)
    for response in (
        Client().get(path(reservation, page)),
        Client().post(path(reservation, page), {"do": "change"}),
    ):
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/osaka/entry")
    assert state_of(reservation) == before


def test_case_of_another_reservation__cannot_be_named(
    visitor: Client, reservation: Reservation
) -> None:
    theirs = factories.reservation(situations.chinen(), THURSDAY_TEN, 3)
    before = state_of(theirs)
    case = cases_of(theirs)[0]
    data = wish(
        visitor,
        reservation,
        "change",
        withdraw=[str(case.pk)],
        **{f"new-number-{case.pk}": "阪労一E09009"},
    )
    status, page = posts(visitor, reservation, data)
    assert (status, page.refusals) == (422, [Refusal.NOTHING_CHANGED])
    assert state_of(theirs) == before
