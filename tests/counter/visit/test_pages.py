"""Recording at the counter, page by page: what is shown, refused, kept, and taken back."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.counter.conftest import TEN_TWENTY, address
from tests.policies import at
from tests.situations import AtMoment, unlock
from uketori.counter.models import Step, VisitEntry
from uketori.counter.visit.facts import ending_of
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Role
from uketori.rules.visit import Ending

pytestmark = pytest.mark.django_db

TEN, ELEVEN, NEXT_DAY = at("2026-06-11 10:00"), at("2026-06-11 11:00"), at("2026-06-12 09:00")


@pytest.fixture
def visit(ten_twenty: datetime) -> Reservation:
    """青木, this hour, three cases."""
    return factories.reservation(situations.aoki(), TEN, factories.numbers(3))


def fields(client: Client, visit: Reservation, **changes: object) -> dict[str, object]:
    """What the opened page would send, with what the clerk changed."""
    page = client.get(address(visit)).content.decode()
    told = {"unseen": visit.claim_id}  # nobody has seen it, and the clerk goes on
    return {"opened": visit.reference, **told, **shown_on(page), **changes}


def shown_on(page: str) -> dict[str, str]:
    """What the page says of itself: its newest line, and the revision of the reservation."""
    return dict(re.findall(r'name="(seen|revision)" value="(\d+)"', page))


def not_issued(visit: Reservation, *orders: int, why: str = "paper_missing") -> dict[str, object]:
    cases = {case.order: case.pk for case in visit.cases.all()}
    return {
        "except": [cases[order] for order in orders],
        **{f"why-{cases[order]}": why for order in orders},
    }


def now(visit: Reservation) -> Reservation:
    visit.refresh_from_db()
    return visit


def outcomes(visit: Reservation) -> list[str]:
    return list(visit.cases.order_by("order").values_list("outcome", flat=True))


def refusals(page: str) -> set[str]:
    return set(re.findall(r'data-refusal="(\w+)"', page))


def test_all_issued__one_press__back_at_the_board_and_told(
    clerk: Client, visit: Reservation
) -> None:
    answer = clerk.post(address(visit, "/outcome"), fields(clerk, visit), follow=True)

    assert answer.redirect_chain == [(address(), 302)]
    assert "青木 花子 様に3件を交付しました。" in answer.content.decode()
    assert outcomes(visit) == ["issued"] * 3
    assert now(visit).served_at == TEN_TWENTY


def test_all_issued__name_in_what_is_told__stands_in_no_cookie_and_on_no_public_page(
    clerk: Client, visit: Reservation
) -> None:
    """The next person at this machine may open the public site before the board is shown again."""
    answer = clerk.post(address(visit, "/outcome"), fields(clerk, visit))

    assert set(answer.cookies) <= {"uketori_staff", "uketori_staff_csrf"}
    clerk.post("/staff/sign-out")
    assert "青木" not in clerk.get("/osaka/").content.decode()


def test_exception__with_its_reason__the_others_issued(clerk: Client, visit: Reservation) -> None:
    clerk.post(address(visit, "/outcome"), fields(clerk, visit, **not_issued(visit, 2)))

    assert outcomes(visit) == ["issued", "not_issued", "issued"]
    assert visit.cases.get(order=2).not_issued_because == "paper_missing"


@pytest.mark.parametrize("why", ["", "because", "PAPER_MISSING"])
def test_exception__without_a_reason_of_the_list__refused_and_the_mark_kept(
    clerk: Client, visit: Reservation, why: str
) -> None:
    answer = clerk.post(
        address(visit, "/outcome"), fields(clerk, visit, **not_issued(visit, 2, why=why))
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert refusals(page) == {"REASON_MISSING"}
    assert page.count(" checked") == 1
    assert outcomes(visit) == ["", "", ""]


def test_reason__without_the_mark__refused_instead_of_guessed(
    clerk: Client, visit: Reservation
) -> None:
    sent = fields(clerk, visit, **not_issued(visit, 2)) | {"except": []}

    answer = clerk.post(address(visit, "/outcome"), sent)

    assert refusals(answer.content.decode()) == {"REASON_WITHOUT_MARK"}
    assert outcomes(visit) == ["", "", ""]


def test_outcome__corrected__form_shows_what_stands_and_history_what_was(
    clerk: Client, visit: Reservation
) -> None:
    clerk.post(address(visit, "/outcome"), fields(clerk, visit, **not_issued(visit, 2)))
    page = clerk.get(address(visit)).content.decode()
    assert page.count(" checked") == 1
    assert "selected>1 書類がない" in page

    clerk.post(address(visit, "/outcome"), fields(clerk, visit))

    assert outcomes(visit) == ["issued"] * 3
    page = clerk.get(address(visit)).content.decode()
    assert "案件2　交付した（前は：交付しない（書類がない））" in page
    assert page.count("千葉 光") >= 3


def test_outcome__the_day_after__clerk_sees_no_form_and_supervisor_does(
    clerk: Client, visit: Reservation, at_moment: AtMoment
) -> None:
    clerk.post(address(visit, "/outcome"), fields(clerk, visit))
    at_moment(NEXT_DAY)
    clerk, chief = situations.staff_client(), situations.staff_client(Role.SUPERVISOR)

    assert "data-main" not in clerk.get(address(visit)).content.decode()
    page = chief.get(address(visit)).content.decode()
    assert "data-main" in page
    assert "きょうの終わりまで" not in page
    answer = clerk.post(address(visit, "/outcome"), {"except": [visit.cases.get(order=1).pk]})
    assert answer.status_code == 422


def test_outcome__entered_from_paper__clerk_corrects_it_until_that_evening(
    visit: Reservation, at_moment: AtMoment
) -> None:
    at_moment(NEXT_DAY)
    clerk = situations.staff_client()
    clerk.post(address(visit, "/outcome"), fields(clerk, visit, clock="10:20"))
    page = clerk.get(address(visit)).content.decode()
    assert "きょうの終わりまで、なおせます。" in page
    assert "この記録を取り消す" in page

    clerk.post(address(visit, "/outcome"), fields(clerk, visit, **not_issued(visit, 2)))

    assert outcomes(visit) == ["issued", "not_issued", "issued"]
    at_moment(NEXT_DAY + timedelta(days=1))
    clerk = situations.staff_client()
    assert "data-main" not in clerk.get(address(visit)).content.decode()
    answer = clerk.post(address(visit, "/ending/removal"), {"opened": visit.reference})
    assert "はじめに入力した日の終わりまでです。" in answer.content.decode()


def test_outcome__two_screens__the_same_is_calm_and_another_is_not_overwritten(
    clerk: Client, visit: Reservation
) -> None:
    here = fields(clerk, visit)
    there = fields(clerk, visit, **not_issued(visit, 1))
    assert clerk.post(address(visit, "/outcome"), here).status_code == 302

    assert clerk.post(address(visit, "/outcome"), here).status_code == 302
    answer = clerk.post(address(visit, "/outcome"), there)

    page = answer.content.decode()
    assert refusals(page) >= {"RESERVATION_CHANGED"}
    assert page.count(" checked") == 1
    assert outcomes(visit) == ["issued"] * 3
    again = there | shown_on(page)
    assert clerk.post(address(visit, "/outcome"), again).status_code == 302
    assert outcomes(visit) == ["not_issued", "issued", "issued"]


def test_from_the_list__arrival_then_calling_up__nothing_opened(
    clerk: Client, visit: Reservation
) -> None:
    for act in ("arrival", "calling-up"):
        answer = clerk.post(address(visit, f"/{act}"), {"opened": ""})
        assert answer.headers["Location"] == address()

    assert (now(visit).arrived_at, visit.called_at) == (TEN_TWENTY, TEN_TWENTY)


def test_from_the_list__another_reservation_is_open__it_stays_open(
    clerk: Client, visit: Reservation
) -> None:
    other = factories.reservation(situations.chinen(), TEN, 1)

    answer = clerk.post(address(visit, "/arrival"), {"opened": other.reference})

    assert answer.headers["Location"] == address(other)


def test_from_the_list__refused__said_without_opening(clerk: Client, visit: Reservation) -> None:
    answer = clerk.post(address(visit, "/ending"), {"opened": "", "ending": "no_show"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert refusals(page) == {"HOUR_NOT_OVER"}
    assert visit.cases.get(order=1).number not in page


@pytest.mark.parametrize("ending", ["late", "no_show"])
def test_ending__after_the_hour__recorded_told_and_taken_back(
    visit: Reservation, at_moment: AtMoment, ending: str
) -> None:
    at_moment(ELEVEN)
    clerk = situations.staff_client()

    answer = clerk.post(address(visit, "/ending"), fields(clerk, visit, ending=ending), follow=True)

    assert ending_of(now(visit)) is Ending(ending)
    assert "青木 花子 様を「" in answer.content.decode()
    clerk.post(address(visit, "/ending/removal"), fields(clerk, visit))
    assert ending_of(now(visit)) is None
    assert "記録を取り消した" in clerk.get(address(visit)).content.decode()


def test_history__arrival_that_only_the_ending_told__says_so_and_goes_with_it(
    visit: Reservation, at_moment: AtMoment
) -> None:
    at_moment(ELEVEN)
    clerk = situations.staff_client()
    clerk.post(address(visit, "/ending"), fields(clerk, visit, ending="late"))
    assert "来庁（「遅刻」の記録から）" in clerk.get(address(visit)).content.decode()

    clerk.post(address(visit, "/ending/removal"), fields(clerk, visit))

    assert "記録を取り消した：来庁" in clerk.get(address(visit)).content.decode()
    assert ">不来庁" in clerk.get(address(visit)).content.decode()


def test_ending__of_a_name_that_is_none__not_there(clerk: Client, visit: Reservation) -> None:
    for name in ("served", "cancelled", ""):
        answer = clerk.post(address(visit, "/ending"), {"ending": name})
        assert answer.status_code == 404


def test_arrival__taken_back(clerk: Client, visit: Reservation) -> None:
    clerk.post(address(visit, "/arrival"), fields(clerk, visit))
    clerk.post(address(visit, "/arrival/removal"), fields(clerk, visit))

    assert now(visit).arrived_at is None


def test_marks__not_recorded_yet__stay_when_something_else_is_recorded(
    clerk: Client, visit: Reservation
) -> None:
    sent = fields(clerk, visit, **not_issued(visit, 2))

    page = clerk.post(address(visit, "/arrival"), sent).content.decode()

    assert now(visit).arrived_at == TEN_TWENTY
    assert page.count(" checked") == 1
    assert "selected>1 書類がない" in page


@pytest.mark.parametrize("clock", ["10:05", "1005", "１０：０５", "10時05分"])
def test_paper__entered_the_day_after__with_the_time_of_then(
    visit: Reservation, at_moment: AtMoment, clock: str
) -> None:
    at_moment(NEXT_DAY)
    clerk = situations.staff_client()

    clerk.post(address(visit, "/outcome"), fields(clerk, visit, clock=clock))
    clerk.post(address(visit, "/arrival"), fields(clerk, visit, clock=clock))

    assert now(visit).arrived_at == visit.served_at == at("2026-06-11 10:05")
    assert "6月12日（金）9時に入力" in clerk.get(address(visit)).content.decode()


@pytest.mark.parametrize("clock", ["25:00", "じゅうじ", "10:5"])
def test_paper__time_that_is_none__refused_and_kept(
    clerk: Client, visit: Reservation, clock: str
) -> None:
    for act in ("arrival", "outcome"):
        answer = clerk.post(address(visit, f"/{act}"), fields(clerk, visit, clock=clock))

        assert refusals(answer.content.decode()) == {"TIME_UNREADABLE"}
        assert f'value="{clock}"' in answer.content.decode()
    assert not VisitEntry.objects.exists()


def test_arrival__ahead_of_time__refused(clerk: Client, visit: Reservation) -> None:
    answer = clerk.post(address(visit, "/arrival"), fields(clerk, visit, clock="10:40"))

    assert refusals(answer.content.decode()) == {"NOT_YET_HAPPENED"}


@pytest.mark.parametrize(
    "act",
    [
        "arrival",
        "arrival/removal",
        "calling-up",
        "outcome",
        "ending",
        "ending/removal",
        "certificate",
        "rivals/1/settlement",
    ],
)
def test_acts__of_another_bureau__are_not_there(
    ten_twenty: datetime, visit: Reservation, act: str
) -> None:
    chief = situations.staff_client(Role.ADMINISTRATOR)
    Reservation.objects.filter(pk=visit.pk).update(bureau="elsewhere")

    answer = chief.post(address(visit, f"/{act}"), {"ending": "late"})

    assert answer.status_code == 404
    assert not VisitEntry.objects.exclude(step=Step.ARRIVED).exists()


@pytest.mark.parametrize("junk", ["x", "-1", "9" * 30, "１", "\x00"])
def test_outcome__junk_in_the_form__passed_over(
    clerk: Client, visit: Reservation, junk: str
) -> None:
    answer = clerk.post(
        address(visit, "/outcome"),
        {
            "except": [junk],
            f"why-{junk}": "not_ours",
            "seen": junk,
            "clock": "",
            "unseen": visit.claim_id,
        },
    )

    assert answer.status_code == 302
    assert outcomes(visit) == ["issued"] * 3


def test_session_locked_meanwhile__marks_are_handed_back_and_nothing_recorded(
    clerk: Client, visit: Reservation, at_moment: AtMoment
) -> None:
    sent = fields(clerk, visit, **not_issued(visit, 2))
    at_moment(at("2026-06-11 10:59"))
    idle: dict[str, Any] = {"HTTP_REFERER": f"http://testserver{address(visit)}"}

    locked = clerk.post(address(visit, "/outcome"), sent, **idle)

    assert locked.headers["Location"].startswith("/staff/unlock")
    assert outcomes(visit) == ["", "", ""]
    unlock(clerk)
    page = clerk.get(address(visit)).content.decode()
    assert page.count(" checked") == 1
    assert "selected>1 書類がない" in page


@pytest.mark.parametrize(
    ("clock", "is_told"), [("10:59", False), ("11:00", True)], ids=["in time", "late"]
)
def test_paper__issued_to_somebody_who_came_late__recorded_and_said(
    visit: Reservation, at_moment: AtMoment, clock: str, is_told: bool
) -> None:
    at_moment(NEXT_DAY)
    clerk = situations.staff_client()

    answer = clerk.post(address(visit, "/outcome"), fields(clerk, visit, clock=clock), follow=True)

    assert outcomes(visit) == ["issued"] * 3
    assert ("予約の時間を過ぎています" in answer.content.decode()) is is_told


def test_taken_back__said_so(clerk: Client, visit: Reservation) -> None:
    for act, back, said in (
        ("arrival", "arrival/removal", "青木 花子 様の来庁の記録を取り消しました。"),
        ("outcome", "ending/removal", "青木 花子 様の結果の記録を取り消しました。"),
    ):
        clerk.post(address(visit, f"/{act}"), fields(clerk, visit))
        page = clerk.post(address(visit, f"/{back}"), fields(clerk, visit), follow=True)
        assert said in page.content.decode()
