"""Two slots among the displayed days, while the days slide.  利用案内 3(2), R-23, D02, D03, b.8."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from tests import factories, situations
from tests.factories import facts, order
from tests.policies import at
from tests.reservations.recording import nothing_written
from tests.situations import AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking.act import book
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refused

pytestmark = pytest.mark.django_db

Tries = Callable[..., list[str]]


def try_to_book(
    claim: CertificateClaim, starts_at: datetime, now: datetime, first: int = 7000
) -> list[str]:
    """Book one case; return the codes of the refusal, none if it was booked."""
    what = order(claim, starts_at, factories.numbers(1, first))
    try:
        book(order=what, facts=facts(now), actor="mail:7", at=now)
    except Refused as refused:
        return refused.codes
    return []


@pytest.fixture
def sliding(at_moment: AtMoment) -> CertificateClaim:
    """青木 holds Thu 6/11 10:00 and Fri 6/12 9:00."""
    at_moment(at("2026-06-08 12:00"))
    claim = situations.aoki()
    factories.reservation(claim, at("2026-06-11 10:00"))
    factories.reservation(claim, at("2026-06-12 09:00"))
    return claim


@pytest.mark.parametrize(
    ("now", "may_book"),
    [
        ("2026-06-10 11:59:59.999", 0),  # Wed: 2 of 2
        ("2026-06-10 12:00:00.000", 1),  # Thu 6/11 has left the display: 1 of 2
        ("2026-06-11 11:59:59.999", 1),  # Thu
        ("2026-06-11 12:00:00.000", 2),  # Fri 6/12 has left, too: 0 of 2
    ],
)
def test_quota__two_held_and_days_slide__so_many_more(
    sliding: CertificateClaim, at_moment: AtMoment, now: str, may_book: int
) -> None:
    at_moment(at(now))
    hours = [at(f"2026-06-16 {hour}:00") for hour in (10, 11, 13)]

    answers = [
        try_to_book(sliding, hour, at(now), 7000 + index) for index, hour in enumerate(hours)
    ]

    assert answers == [[]] * may_book + [["TOO_MANY_SLOTS"]] * (3 - may_book)


@pytest.mark.parametrize(
    ("now", "title", "freed"),
    [
        (
            "2026-06-10 11:59",
            "2枠のうち、2枠を予約しています<",
            "6月11日（木）10時～11時の枠は、6月10日（水）12時に数えなくなり",
        ),
        (
            "2026-06-10 12:00",
            "2枠のうち、1枠を予約しています。あと1枠予約できます",
            "6月12日（金）9時～10時の枠は、6月11日（木）12時に数えなくなり",
        ),
        ("2026-06-11 12:00", "表示中の5開庁日では、あと2枠予約できます", ""),
    ],
)
def test_list__two_held_and_days_slide__says_used_left_and_the_freed_moment(
    sliding: CertificateClaim, at_moment: AtMoment, now: str, title: str, freed: str
) -> None:
    at_moment(at(now))

    text = situations.signed_in_client(sliding).get("/osaka/reservations/").content.decode()

    assert title in text
    assert freed in text
    assert ("数えなくなり" in text) is bool(freed)
    assert ("新しく予約する" in text) is ("あと" in title)


def test_quota__third__refused_with_the_two_that_exist(monday_morning: datetime) -> None:
    claim = situations.an_intermediary_with_two_slots(monday_morning)
    what = order(claim, at("2026-06-11 10:00"))

    with nothing_written(), pytest.raises(Refused) as refused:
        book(order=what, facts=facts(), actor="mail:7", at=monday_morning)

    (reason,) = refused.value.reasons
    assert reason.facts["held"] == [at("2026-06-09 09:00"), at("2026-06-10 09:00")]


def test_quota__one_cancelled__one_more(monday_morning: datetime) -> None:
    claim = situations.an_intermediary_with_two_slots(monday_morning)
    Reservation.objects.filter(starts_at=at("2026-06-09 09:00")).update(cancelled_at=monday_morning)

    assert try_to_book(claim, at("2026-06-09 09:00"), monday_morning) == []
    assert try_to_book(claim, at("2026-06-11 10:00"), monday_morning, 8000) == ["TOO_MANY_SLOTS"]


def test_quota__adjacent_hours_of_one_day__both(monday_morning: datetime) -> None:
    claim = situations.aoki()

    assert try_to_book(claim, at("2026-06-11 10:00"), monday_morning, 7000) == []
    assert try_to_book(claim, at("2026-06-11 11:00"), monday_morning, 8000) == []


def test_quota__same_hour_again__refused(monday_morning: datetime) -> None:
    claim = situations.aoki()
    try_to_book(claim, at("2026-06-11 10:00"), monday_morning, 7000)

    answer = try_to_book(claim, at("2026-06-11 10:00"), monday_morning, 8000)

    assert answer == ["SAME_HOUR_TWICE"]


def test_quota__proved_certificate_at_two_addresses__counts_once(monday_morning: datetime) -> None:
    proved = situations.a_proved_certificate()
    renewed = factories.claim(
        "aoki@office.example.jp", person=proved.intermediary, number="大取第20555号"
    )
    factories.reservation(proved, at("2026-06-09 10:00"))

    assert try_to_book(renewed, at("2026-06-11 10:00"), monday_morning, 7000) == []
    for claim in (proved, renewed):
        answer = try_to_book(claim, at("2026-06-12 10:00"), monday_morning, 8000)
        assert answer == ["TOO_MANY_SLOTS"]


def test_quota__two_rivals_for_one_number__two_each(monday_morning: datetime) -> None:
    """An unproved claim keeps nobody out.  D03."""
    mine = situations.an_intermediary_with_two_slots(monday_morning)
    rival = factories.claim(
        "rival@example.jp",
        person=factories.intermediary("偽 花子"),
        number=mine.number,
        place=2,
    )

    assert try_to_book(rival, at("2026-06-11 10:00"), monday_morning, 7000) == []
    assert try_to_book(rival, at("2026-06-11 11:00"), monday_morning, 8000) == []
    assert try_to_book(rival, at("2026-06-12 11:00"), monday_morning, 9000) == ["TOO_MANY_SLOTS"]


def test_quota__staff_add_an_open_saturday__pushes_nothing_out(monday_morning: datetime) -> None:
    """Live reservations from the first displayed day on count, not only displayed ones."""
    claim = situations.aoki()
    for day in ("2026-06-12", "2026-06-15"):
        factories.reservation(claim, at(f"{day} 10:00"))
    factories.special_day(date(2026, 6, 13), is_open=True, reason="臨時開庁")
    shown = {hour.date() for hour in factories.displayed_hours(monday_morning)}
    assert date(2026, 6, 15) not in shown

    assert try_to_book(claim, at("2026-06-11 10:00"), monday_morning) == ["TOO_MANY_SLOTS"]


@pytest.mark.parametrize(
    ("served", "answer"),
    [(True, []), (False, ["NUMBER_IN_OTHER_RESERVATION"])],
    ids=["served this morning", "not served"],
)
def test_quota__number_of_todays_visit__free_again_once_it_was_served(
    at_moment: AtMoment, served: bool, answer: list[str]
) -> None:
    """D11: a case that was not issued can be booked again the same day."""
    now = at("2026-06-11 13:00")
    at_moment(now)
    claim = situations.aoki()
    number = factories.numbers(1, 7000)
    factories.reservation(
        claim,
        at("2026-06-11 10:00"),
        number,
        served_at=now - timedelta(hours=2) if served else None,
    )

    assert try_to_book(claim, at("2026-06-16 10:00"), now, 7000) == answer


def test_quota__number_of_a_past_visit__free(at_moment: AtMoment) -> None:
    at_moment(at("2026-06-12 13:00"))
    claim = situations.aoki()
    factories.reservation(claim, at("2026-06-11 10:00"), factories.numbers(1, 7000))

    assert try_to_book(claim, at("2026-06-16 10:00"), at("2026-06-12 13:00"), 7000) == []
