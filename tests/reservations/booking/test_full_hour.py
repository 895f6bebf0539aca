"""The hour is gone at the click: what was typed stays, one click takes another.  D13, D27."""

import re
from datetime import date

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.policies import at
from tests.reservations.recording import nothing_written
from tests.reservations.walking import (
    confirm,
    confirm_path,
    draft_path,
    main_of,
    refusals,
    words_of,
)
from uketori.bureaus.models import Slot
from uketori.bureaus.slots import stop_hour
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db

THURSDAY_TEN = at("2026-06-11 10:00")


@pytest.fixture
def draft(aoki: CertificateClaim) -> Draft:
    """Fifteen cases for Thu 6/11 10:00."""
    return situations.a_draft_of_fifteen(aoki, THURSDAY_TEN)


def offers_on(response: Answer) -> list[str]:
    return re.findall(r'name="slot" value="([^"]+)"', main_of(response))


def fields_of(response: Answer) -> dict[str, list[str]]:
    """The hidden fields of the offers, as the browser would send them."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', main_of(response)
    ):
        found.setdefault(name, []).append(value)
    return found


def test_full__at_the_click__409_with_the_reason_and_everything_typed(
    client: Client, draft: Draft
) -> None:
    situations.a_full_hour(THURSDAY_TEN)

    with nothing_written():
        response = confirm(client, draft)

    shown = main_of(response)
    assert (response.status_code, refusals(response)) == (409, ["SLOT_FULL"])
    assert "6月11日（木）10時～11時は、予約できませんでした" in words_of(response)
    assert "入力した15件は、そのまま残っています。" in shown
    for number in factories.numbers(15):
        assert number in shown
    assert f'href="{draft_path(draft)}#slot"' in shown


def test_full__offers__nearest_first_with_their_deadline(client: Client, draft: Draft) -> None:
    situations.a_full_hour(THURSDAY_TEN)
    situations.a_full_hour(at("2026-06-11 11:00"))

    response = confirm(client, draft)

    assert offers_on(response) == [
        "2026-06-11T09:00",
        "2026-06-11T13:00",
        "2026-06-11T14:00",
        "2026-06-11T15:00",
    ]
    assert "6月10日（水）11時59分" in main_of(response)
    assert "残り6" in main_of(response)


def test_full__one_click_on_an_offer__booked_then_with_the_declarations(
    client: Client, draft: Draft
) -> None:
    situations.a_full_hour(THURSDAY_TEN)
    refused = confirm(client, draft)
    wanted = offers_on(refused)[0]

    response = client.post(confirm_path(draft), {**fields_of(refused), "slot": wanted})

    assert response.status_code == 302
    reservation = Reservation.objects.get()
    assert reservation.starts_at == at("2026-06-11 09:00")
    assert reservation.declarations == sorted(factories.DECLARED)
    assert reservation.first_case_count == 15
    assert reservation.idempotency_key == draft.key
    assert Slot.objects.get(starts_at=THURSDAY_TEN).booked_reservations == 6


def test_full__declared_only_half__asked_for_the_rest_first(client: Client, draft: Draft) -> None:
    """What was not declared is not carried along as if it were."""
    situations.a_full_hour(THURSDAY_TEN)

    response = confirm(client, draft, declared=list(factories.DECLARED[:2]))

    assert (response.status_code, refusals(response)) == (422, ["DECLARATION_MISSING"])


def test_full__offer_is_gone_too__next_offers_without_it(client: Client, draft: Draft) -> None:
    situations.a_full_hour(THURSDAY_TEN)
    refused = confirm(client, draft)
    first = offers_on(refused)[0]
    situations.a_full_hour(at(first.replace("T", " ")))

    again = client.post(confirm_path(draft), {**fields_of(refused), "slot": first})

    assert again.status_code == 409
    assert first not in offers_on(again)
    assert "2026-06-11T10:00" not in offers_on(again)


def test_full__slot_that_was_not_offered__judged_like_any_other(
    client: Client, draft: Draft
) -> None:
    response = client.post(
        confirm_path(draft),
        {
            "revision": draft.revision,
            "declared": factories.DECLARED,
            "notice": "1",
            "slot": "2026-06-16T10:00",
        },
    )

    assert (response.status_code, refusals(response)) == (409, ["DAY_NOT_DISPLAYED"])


def test_two_cases_left__fifteen_wanted__only_hours_with_room_for_all(
    client: Client, draft: Draft
) -> None:
    situations.an_hour_with_two_cases_left(THURSDAY_TEN)
    factories.slot(at("2026-06-11 11:00"), booked_reservations=3, booked_cases=46)  # 14 left
    factories.slot(at("2026-06-11 09:00"), booked_reservations=3, booked_cases=45)  # 15 left

    response = confirm(client, draft)

    assert (response.status_code, refusals(response)) == (409, ["TOO_FEW_CASES_LEFT"])
    assert "残り2件です" in main_of(response)
    assert "2026-06-11T09:00" in offers_on(response)
    assert "2026-06-11T11:00" not in offers_on(response)


@pytest.mark.parametrize(("cases", "status"), [(2, 302), (3, 409)])
def test_two_cases_left__two_are_taken_three_are_not(
    client: Client, aoki: CertificateClaim, cases: int, status: int
) -> None:
    situations.an_hour_with_two_cases_left(THURSDAY_TEN)
    draft = factories.draft(aoki, THURSDAY_TEN, cases)

    assert confirm(client, draft).status_code == status


def test_offers__own_hours_stopped_hours_and_days_beyond_the_certificate__left_out(
    client: Client, aoki: CertificateClaim, draft: Draft
) -> None:
    for hour in factories.displayed_hours(situations.MONDAY_MORNING):
        if hour.date() in {date(2026, 6, 10), date(2026, 6, 11)} and hour.hour != 15:
            situations.a_full_hour(hour)
    stop_hour(
        policy=factories.policy(),
        starts_at=at("2026-06-11 15:00"),
        actor="staff:1",
        at=situations.MONDAY_MORNING,
    )
    factories.reservation(aoki, at("2026-06-10 15:00"))
    aoki.expires_on = date(2026, 6, 11)
    aoki.save()

    found = offers_on(confirm(client, draft))

    assert found == [f"2026-06-09T{hour}:00" for hour in (15, 14, 13, 11)]


def test_offers__nothing_free_for_all__said_and_the_draft_stays(
    client: Client, draft: Draft
) -> None:
    for hour in factories.displayed_hours(situations.MONDAY_MORNING):
        situations.an_hour_with_two_cases_left(hour)

    response = confirm(client, draft)

    assert response.status_code == 409
    assert offers_on(response) == []
    assert "すべての案件をまとめて受け取れる時間は、いまありません。" in main_of(response)
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_same_hour_twice__other_hours_offered(
    client: Client, aoki: CertificateClaim, draft: Draft
) -> None:
    factories.reservation(aoki, THURSDAY_TEN)

    response = confirm(client, draft)

    assert (response.status_code, refusals(response)) == (409, ["SAME_HOUR_TWICE"])
    assert offers_on(response)


@pytest.mark.parametrize("situation", ["full", "two cases left"])
def test_draft_page__hour_that_is_gone__input_kept_and_another_can_be_chosen(
    client: Client, draft: Draft, situation: str
) -> None:
    if situation == "full":
        situations.a_full_hour(THURSDAY_TEN)
    else:
        situations.an_hour_with_two_cases_left(THURSDAY_TEN)

    shown = main_of(client.get(draft_path(draft)))

    for number in factories.numbers(15):
        assert f'value="{number}"' in shown
    is_choosable = 'value="2026-06-11T10:00"' in shown
    assert is_choosable is (situation == "two cases left")
