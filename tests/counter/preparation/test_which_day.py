"""Which day's list the preparation page opens: today's, until the next one is final."""

from datetime import date

import pytest

from tests import factories, situations
from tests.changes import cancel
from tests.policies import at
from tests.situations import AtMoment
from uketori.bureaus.models import SpecialDay

pytestmark = pytest.mark.django_db

WEDNESDAY_NOON, TEN = at("2026-06-10 12:00"), at("2026-06-11 10:00")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-08 08:30", "2026-06-08"),  # Monday
        ("2026-06-10 11:59:59", "2026-06-10"),  # Wednesday
        ("2026-06-10 12:00:00", "2026-06-11"),
        ("2026-06-12 11:59:59", "2026-06-12"),  # Friday
        ("2026-06-12 12:00:00", "2026-06-15"),
        ("2026-06-13 09:00", "2026-06-15"),  # Saturday
        ("2026-06-14 23:59:59", "2026-06-15"),  # Sunday
        ("2026-12-28 11:59:59", "2026-12-28"),  # Monday, the last open day of the year
        ("2026-12-28 12:00:00", "2027-01-04"),
    ],
)
def test_coming__leads_to_today_until_the_next_list_is_final(
    at_moment: AtMoment, moment: str, day: str
) -> None:
    at_moment(at(moment))

    assert came_to() == day


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2026-06-10 12:00", "2026-06-10"), ("2026-06-10 15:00", "2026-06-11")],
)
def test_coming__one_of_the_next_day_was_promised_longer__today_until_then(
    at_moment: AtMoment, moment: str, day: str
) -> None:
    """Both live, and one of them may change until 15:00."""
    at_moment(at(moment))
    factories.reservation(situations.aoki(), TEN, change_closes_at=WEDNESDAY_NOON)
    longer = at("2026-06-10 15:00")
    factories.reservation(situations.chinen(), TEN, change_closes_at=longer)

    assert came_to() == day


def test_coming__the_one_promised_longer_is_cancelled__no_wait_for_it(
    at_moment: AtMoment,
) -> None:
    at_moment(WEDNESDAY_NOON)
    longer = at("2026-06-10 15:00")
    cancel(
        factories.reservation(situations.aoki(), TEN, change_closes_at=longer), at=WEDNESDAY_NOON
    )

    assert came_to() == "2026-06-11"


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2026-06-11 11:59:59", "2026-06-12"), ("2026-06-12 11:59:59", "2026-06-12")],
)
def test_coming__today_closed_by_staff__the_next_open_day(
    at_moment: AtMoment, moment: str, day: str
) -> None:
    """Thursday is closed: on it the list of Friday, which is final since Wednesday noon."""
    at_moment(at(moment))
    SpecialDay.objects.create(
        bureau="osaka",
        day=date(2026, 6, 11),
        is_open=False,
        reason="停電",
        announced_at=WEDNESDAY_NOON,
    )

    assert came_to() == day


def came_to() -> str:
    answer = situations.staff_client().get("/staff/osaka/counter/preparation")
    return answer.headers["Location"].removeprefix("/staff/osaka/counter/preparation/")
