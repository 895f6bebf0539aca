"""What the change page refuses, from this tab and another, in time and late; all typed is kept."""

import pytest
from django.test import Client

from tests import factories, situations
from tests.changes import cases_of, change, numbers_of, state_of
from tests.journeys.reading import Page
from tests.policies import at
from tests.reservations.changing.steps import (
    THURSDAY_TEN,
    Sent,
    change_form,
    names,
    path,
    posts,
    wish,
)
from uketori.bureaus.models import Slot
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


# what is refused


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        ("", Refusal.NUMBER_MISSING, "申請番号が入力されていません"),
        ("阪", Refusal.NUMBER_TOO_SHORT, "申請番号が短すぎます"),
        ("阪労一E01237", Refusal.NUMBER_REPEATED, "この申請番号は、案件4と同じです"),
    ],
)
def test_refused__said_at_the_case_and_what_was_typed_is_kept(
    visitor: Client, reservation: Reservation, number: str, code: Refusal, words: str
) -> None:
    before = state_of(reservation)
    typed = {
        names(reservation)[1]: number,
        names(reservation, "type")[2]: "change",
        "withdraw": [str(cases_of(reservation)[4].pk)],
    }

    status, page = posts(visitor, reservation, wish(visitor, reservation, "review", **typed))

    assert status == 422
    assert page.title.startswith("エラー：")
    assert set(page.refusals) == {code}
    assert f"案件2：{words}" in page.text
    (anchor,) = {link.href for link in page.links if link.href.startswith("#new-")}
    assert anchor == f"#{names(reservation)[1]}"
    form = change_form(page)
    wrong = next(one for one in form.controls if one.name == names(reservation)[1])
    assert (wrong.value, wrong.invalid) == (number, True)
    assert wrong.described_by in page.ids
    assert form.value(names(reservation, "type")[2]) == "change"
    assert state_of(reservation) == before


def test_refused__after_withdrawals__the_case_is_named_as_the_page_names_it(
    visitor: Client, reservation: Reservation
) -> None:
    """The first was withdrawn: what stands second in the list is still called 案件3."""
    change(reservation, withdrawn=[1])
    typed = {names(reservation)[1]: numbers_of(reservation)[3]}
    status, page = posts(visitor, reservation, wish(visitor, reservation, "review", **typed))
    assert status == 422
    assert "案件3：この申請番号は、案件5と同じです" in page.text


def test_refused__row_to_put_back__said_at_the_row(
    visitor: Client, reservation: Reservation
) -> None:
    change(reservation, withdrawn=[1])
    typed = {"number-1": "阪労一E01236"}
    status, page = posts(visitor, reservation, wish(visitor, reservation, "review", **typed))
    assert status == 422
    assert {Refusal.NUMBER_REPEATED, Refusal.CATEGORY_MISSING} == set(page.refusals)
    assert "戻す案件1：この申請番号は、案件3と同じです" in page.text
    assert {"#number-1", "#category-1"} <= {link.href for link in page.links}
    assert {"number-1", "category-1"} <= page.ids
    assert change_form(page).value("number-1") == "阪労一E01236"


def test_refused__no_room_to_put_back__what_was_typed_is_kept(
    visitor: Client, reservation: Reservation
) -> None:
    change(reservation, withdrawn=[1, 2])
    factories.slot(THURSDAY_TEN, capacity_cases=4, booked_cases=3)
    before = state_of(reservation)
    typed = {
        "number-1": "阪労一E09001",
        "category-1": "own",
        "number-2": "阪労一E09002",
        "category-2": "own",
    }

    status, page = posts(visitor, reservation, wish(visitor, reservation, "change", **typed))

    assert status == 422
    assert page.refusals == [Refusal.TOO_FEW_CASES_LEFT]
    assert "あと1件です" in page.text
    assert "ほかの枠" not in page.text
    assert change_form(page).value("number-2") == "阪労一E09002"
    assert state_of(reservation) == before


def test_refused__stopped_hour__said_without_offering_other_hours(
    visitor: Client, reservation: Reservation
) -> None:
    change(reservation, withdrawn=[1])
    Slot.objects.update(closed_at=at("2026-06-08 09:00"))
    typed = {"number-1": "阪労一E09001", "category-1": "own"}
    status, page = posts(visitor, reservation, wish(visitor, reservation, "change", **typed))
    assert status == 422
    assert page.refusals == [Refusal.SLOT_STOPPED]
    assert "案件を戻せません" in page.text


def test_refused__all_withdrawn__told_how_to_cancel(
    visitor: Client, reservation: Reservation
) -> None:
    everything = [str(case.pk) for case in cases_of(reservation)]
    data = wish(visitor, reservation, "review", withdraw=everything)
    status, page = posts(visitor, reservation, data)
    assert status == 422
    assert page.refusals == [Refusal.ALL_WITHDRAWN]
    assert any(link.href == path(reservation, "cancellation") for link in page.links)


@pytest.mark.parametrize(
    "broken",
    [
        {"revision": "9" * 5000},
        {"revision": "-1"},
        {"revision": "１"},
        {"revision": ""},
        {"withdraw": ["0", "x", "9" * 40]},
        {"number-999": "阪労一E09001"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_broken_form__never_our_fault_and_nothing_changes(
    visitor: Client, reservation: Reservation, broken: Sent
) -> None:
    before = state_of(reservation)
    for do in ("review", "change", "edit", "everything"):
        status, _page = posts(visitor, reservation, wish(visitor, reservation, do, **broken))
        assert status in {200, 409, 422}
    assert state_of(reservation) == before


# another tab


# until when


def test_opened_at_11_50_sent_at_12_01__telephone_page_and_what_was_typed(
    reservation: Reservation, at_moment: situations.AtMoment
) -> None:
    at_moment(at("2026-06-10 11:50"))
    visitor = situations.signed_in_client(reservation.claim)
    data = wish(
        visitor,
        reservation,
        "change",
        withdraw=[str(cases_of(reservation)[0].pk)],
        **{names(reservation)[1]: "阪労一E09002"},
    )
    before = state_of(reservation)
    at_moment(at("2026-06-10 12:01"))

    for do in ("review", "change", "edit"):
        status, page = posts(visitor, reservation, {**data, "do": do})

        assert status == 409
        assert page.refusals == [Refusal.CHANGE_CLOSED]
        for words in (
            "6月10日（水）11時59分",
            "いまは6月10日（水）12時1分です",
            "予約はそのまま残っています",
            "0570-064259",
            "部署番号 210",
            "審査管理部門",
            "予約の時間の前まで",
            "海外",
            reservation.reference,
            "阪労一E09002",
            numbers_of(reservation)[0],
        ):
            assert words in page.text, words
        assert any(link.href == "tel:0570064259" for link in page.links)
        assert not any("revision" in form.names for form in page.forms)
    assert state_of(reservation) == before


def test_cancellation__opened_at_11_50_sent_at_12_01__telephone_page(
    reservation: Reservation, at_moment: situations.AtMoment
) -> None:
    at_moment(at("2026-06-10 11:50"))
    visitor = situations.signed_in_client(reservation.claim)
    assert "予約をすべて取り消す" in visitor.get(path(reservation, "cancellation")).content.decode()
    before = state_of(reservation)
    at_moment(at("2026-06-10 12:01"))

    response = visitor.post(path(reservation, "cancellation"))

    assert response.status_code == 409
    assert "0570-064259" in response.content.decode()
    assert state_of(reservation) == before


@pytest.mark.parametrize(("now", "closed"), [("11:59:59", False), ("12:00:00", True)])
@pytest.mark.parametrize("page", ["changes", "cancellation"])
def test_addresses__looked_at_around_the_moment(
    reservation: Reservation,
    at_moment: situations.AtMoment,
    page: str,
    now: str,
    closed: bool,
) -> None:
    at_moment(at("2026-06-10 11:50"))
    visitor = situations.signed_in_client(reservation.claim)
    at_moment(at(f"2026-06-10 {now}"))
    response = visitor.get(path(reservation, page))
    shown = Page(response.content.decode())
    assert response.status_code == 200
    assert (shown.refusals == [Refusal.CHANGE_CLOSED]) is closed
    assert "0570-064259" in shown.text
    assert ("変更の期限を過ぎています" in shown.text) is closed
    assert "no-store" in response.headers["Cache-Control"]


def test_after_the_moment__the_reservation_itself_can_be_looked_at(
    reservation: Reservation, at_moment: situations.AtMoment
) -> None:
    change(reservation, withdrawn=[1])
    at_moment(at("2026-06-10 12:01"))
    visitor = situations.signed_in_client(reservation.claim)
    page = Page(visitor.get(path(reservation, "")[:-1]).content.decode())
    assert "（過ぎました）" in page.text
    assert all("changes" not in link.href for link in page.links)


def test_telephone_page__on_a_later_day__says_the_day_of_now(
    reservation: Reservation, at_moment: situations.AtMoment
) -> None:
    at_moment(at("2026-06-11 09:05"))
    visitor = situations.signed_in_client(reservation.claim)
    page = Page(visitor.get(path(reservation)).content.decode())
    assert "いまは6月11日（木）9時5分です" in page.text
