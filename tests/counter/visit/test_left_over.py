"""Who came and was not done when the day ended: on top of the board until a clerk says how.  R-39.

利用案内 4(2): nothing ends a visit by itself, least of all a job of the night.
"""

import re
from datetime import datetime, timedelta

import pytest

from tests import factories, situations
from tests.counter.board.test_hours import text_of
from tests.counter.conftest import address
from tests.counter.visit.test_pages import fields
from tests.policies import at
from tests.situations import AtMoment
from uketori.counter.models import VisitEntry
from uketori.outbox.jobs import run_due_jobs
from uketori.outbox.models import Job
from uketori.outbox.registry import periodic_jobs
from uketori.outbox.worker import run_once
from uketori.reservations.models import ENDINGS, Reservation
from uketori.rules.permissions import Role

pytestmark = pytest.mark.django_db

TEN, ELEVEN, FIVE = at("2026-06-11 10:00"), at("2026-06-11 11:00"), at("2026-06-11 17:00")
NEXT_DAY, NEXT_WEEK = at("2026-06-12 09:00"), at("2026-06-18 09:00")
CAME = {"arrived_at": TEN}
CALLED = {**CAME, "called_at": TEN + timedelta(minutes=20)}


def on_top(page: str) -> str:
    """Return what stands under 要確認, before the hours of the day."""
    return (
        page[page.index("要確認") :].split("9時～10時", maxsplit=1)[0] if "要確認" in page else ""
    )


@pytest.mark.parametrize("came", [CAME, CALLED])
@pytest.mark.parametrize(
    ("now", "is_on_top"),
    [(FIVE - timedelta(seconds=1), False), (FIVE, True), (NEXT_DAY, True), (NEXT_WEEK, True)],
)
def test_board__came_and_not_done__on_top_from_the_end_of_the_day(
    at_moment: AtMoment, now: datetime, came: dict[str, datetime], is_on_top: bool
) -> None:
    at_moment(now)
    one = factories.reservation(situations.aoki(), TEN, 2, **came)

    told = on_top(text_of(situations.staff_client().get(address()).content))

    assert ("要確認　1件" in told) is is_on_top
    assert (one.holder_name in told) is is_on_top


@pytest.mark.parametrize(("now", "role"), [(FIVE, Role.CLERK), (NEXT_DAY, Role.SUPERVISOR)])
def test_left_over__its_line_is_opened_and_the_result_recorded__gone_from_the_top(
    at_moment: AtMoment, now: datetime, role: Role
) -> None:
    at_moment(now)
    one = factories.reservation(situations.aoki(), TEN, factories.numbers(2), **CAME)
    client = situations.staff_client(role)
    board = client.get(address()).content.decode()
    assert f'href="{address(one)}' in board

    answer = client.post(address(one, "/outcome"), fields(client, one, clock="10:30"), follow=True)

    assert answer.status_code == 200, answer.content.decode()
    one.refresh_from_db()
    assert one.served_at is not None
    assert on_top(text_of(client.get(address()).content)) == ""


@pytest.mark.parametrize(
    ("came", "acts"),
    [
        (CAME, ["開いて結果を入力"]),
        (CALLED, ["開いて結果を入力"]),
        ({}, ["遅刻", "不来庁"]),
    ],
)
def test_left_over__who_came__first_the_way_to_the_result(
    at_moment: AtMoment, came: dict[str, datetime], acts: list[str]
) -> None:
    """What was likely forgotten is a key, and the mark of an absence counts against the person."""
    at_moment(NEXT_DAY)
    one = factories.reservation(situations.aoki(), TEN, 2, **came)

    page = situations.staff_client().get(address()).content.decode()

    row = page[page.index('class="board__acts"') :].split("</div>")[0]
    assert re.findall(r">\s*(\S+?)<span", row) == acts
    assert (f'<a class="button button--second button--small" href="{address(one)}">' in row) is (
        came != {}
    )


def test_every_periodic_job__over_a_past_day_with_visits_left_over__ends_none(
    at_moment: AtMoment,
) -> None:
    at_moment(TEN)
    factories.reservation(situations.aoki(), TEN, 1)
    factories.reservation(situations.beppu(), TEN, 1, **CAME)
    factories.reservation(situations.chinen(), TEN, 1, **CALLED)
    before = [*Reservation.objects.order_by("pk").values()]

    for now in (ELEVEN, FIVE, at("2026-06-12 00:00"), NEXT_DAY, NEXT_WEEK, at("2026-07-20 09:00")):
        at_moment(now)
        run_due_jobs(now)
        assert {*Job.objects.filter(ran_at=now).values_list("name", flat=True)} == {
            job.name for job in periodic_jobs()
        }
        run_once(now)

    assert [*Reservation.objects.order_by("pk").values()] == before
    assert not VisitEntry.objects.exists()
    assert {row[name] for row in before for name in ENDINGS} == {None}
