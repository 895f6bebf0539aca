"""Noon: a day closes, a day opens, and what was typed waits.  利用案内 3(1), 4(1), D01, D13."""

from datetime import datetime

import pytest

from tests import factories, situations
from tests.policies import at
from tests.reservations.walking import (
    confirm,
    confirm_path,
    draft_path,
    main_of,
    refusals,
    type_into,
)
from tests.situations import AtMoment
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("now", "visit", "is_booked"),
    [
        ("2026-06-10 11:59:59.999", "2026-06-11 10:00", True),  # Wed for Thu
        ("2026-06-10 12:00:00.000", "2026-06-11 10:00", False),
        ("2026-06-12 11:59:59.999", "2026-06-15 09:00", True),  # Fri for Mon
        ("2026-06-12 12:00:00.000", "2026-06-15 09:00", False),
        ("2026-05-01 11:59:59.999", "2026-05-07 15:00", True),  # Fri for Thu after the holidays
        ("2026-05-01 12:00:00.000", "2026-05-07 15:00", False),
        ("2026-12-28 11:59:59.999", "2027-01-04 10:00", True),  # Mon for Mon of the new year
        ("2026-12-28 12:00:00.000", "2027-01-04 10:00", False),
    ],
)
def test_confirm__around_noon_of_the_open_day_before__closed_at_twelve(
    at_moment: AtMoment, now: str, visit: str, is_booked: bool
) -> None:
    at_moment(at(now))
    claim = situations.aoki()
    client = situations.signed_in_client(claim)
    draft = situations.a_draft_of_fifteen(claim, at(visit))

    response = confirm(client, draft)

    assert response.status_code == (302 if is_booked else 409)
    assert Reservation.objects.exists() is is_booked
    if not is_booked:
        assert refusals(response) == ["BOOKING_CLOSED"]
        assert "11時59分で締め切りました。" in main_of(response)
        assert "入力した15件は、そのまま残っています。" in main_of(response)


def test_confirm__page_opened_before_noon_and_sent_after__moment_of_the_click_counts(
    at_moment: AtMoment,
) -> None:
    at_moment(at("2026-06-10 11:50"))
    claim = situations.aoki()
    client = situations.signed_in_client(claim)
    draft = situations.a_draft_of_fifteen(claim, at("2026-06-11 10:00"))
    assert client.get(confirm_path(draft)).status_code == 200

    at_moment(at("2026-06-10 12:01"))

    assert refusals(confirm(client, draft)) == ["BOOKING_CLOSED"]


@pytest.mark.parametrize(
    ("now", "is_booked"), [("2026-06-10 11:59:59.999", False), ("2026-06-10 12:00", True)]
)
def test_confirm__new_day_wed_6_17__bookable_from_noon_not_before(
    at_moment: AtMoment, now: str, is_booked: bool
) -> None:
    """Wed 6/10: until noon 6/11 … 6/17 are shown, from noon 6/18, too."""
    at_moment(at(now))
    claim = situations.aoki()
    client = situations.signed_in_client(claim)
    draft = situations.a_draft_of_fifteen(claim, at("2026-06-18 09:00"))

    response = confirm(client, draft)

    assert Reservation.objects.exists() is is_booked
    if not is_booked:
        assert refusals(response) == ["DAY_NOT_DISPLAYED"]


def test_draft__prepared_on_friday_without_a_day__confirmed_on_monday_at_noon(
    at_moment: AtMoment,
) -> None:
    at_moment(at("2026-06-12 16:30"))
    claim = situations.aoki()
    client = situations.signed_in_client(claim)
    draft = Draft(key=factories.uuid4(), claim=claim)
    saved = type_into(client, draft, factories.numbers(15), category_all="own")
    assert saved["Location"] == draft_path(draft)
    assert "入力を保存しました。" in main_of(client.get(draft_path(draft)))

    at_moment(at("2026-06-15 11:58"))
    client = situations.signed_in_client(claim)
    before = main_of(client.get(draft_path(draft)))
    assert 'value="2026-06-23T09:00"' not in before
    assert before.count("阪労一E") >= 15

    at_moment(at("2026-06-15 12:00"))
    kept = Draft.objects.get(key=draft.key)
    page = main_of(client.get(draft_path(kept)))
    assert 'value="2026-06-23T09:00"' in page
    type_into(
        client,
        kept,
        factories.numbers(15),
        slot="2026-06-23T09:00",
        category_all="own",
        do="proceed",
    )
    assert confirm(client, kept).status_code == 302
    assert Reservation.objects.get().starts_at == at("2026-06-23 09:00")


def test_draft__list_page__says_that_the_day_is_open(monday_morning: datetime) -> None:
    claim = situations.aoki()
    situations.a_draft_of_fifteen(claim)

    shown = main_of(situations.signed_in_client(claim).get("/osaka/reservations/"))

    assert "日と時間は未定" in shown
    assert "15件" in shown
