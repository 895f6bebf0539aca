"""A call that was noted by mistake is struck: it stays in sight and counts no more.  4(2), R-41"""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests import factories, situations
from tests.changes import edits
from tests.counter.conftest import address
from tests.counter.telephone.test_calls import noted
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.counter.models import Call, CallKind
from uketori.counter.telephone.calls import called_words, cancel_for, change_for, record_call
from uketori.counter.telephone.striking import strike_call
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Role
from uketori.rules.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db

TEN, NOON = at("2026-06-11 10:00"), at("2026-06-10 13:00")
LATER = NOON + timedelta(hours=1)
MIDNIGHT = at("2026-06-11 00:00")
SECOND = timedelta(seconds=1)
ME, COLLEAGUE = "staff:1", "staff:2"
OFFER, AGAIN = "この電話の記録はまちがいです", "同じ案件で予約を取る"


@pytest.fixture
def visit() -> Reservation:
    """青木, Thursday 10:00, three cases."""
    return factories.reservation(situations.aoki(), TEN, 3)


def call_at(visit: Reservation, called: datetime, actor: str = ME, **told: object) -> Call:
    kind = CallKind.WILL_BE_LATE
    return record_call(
        reservation=visit, kind=kind, noted=noted(called, **told), actor=actor, at=called
    )


def first_of(visit: Reservation) -> datetime | None:
    visit.refresh_from_db()
    return visit.first_telephoned_at


def test_strike__the_first_of_two__stays_and_the_other_is_the_first_now(
    visit: Reservation,
) -> None:
    first, second = call_at(visit, NOON), call_at(visit, LATER)

    struck = strike_call(call=first, actor=ME, at=LATER)

    assert (struck.struck_at, struck.struck_by) == (LATER, ME)
    assert list(Call.objects.filter(struck_at=None)) == [second]
    assert first_of(visit) == LATER
    event = Event.objects.get(kind="call_struck")
    assert (event.actor, event.subject) == (ME, visit.reference)
    assert event.facts == {"call": first.pk, "about": "will_be_late", "done": False}


def test_strike__the_only_one__was_silent_again(visit: Reservation) -> None:
    call = call_at(visit, NOON)
    assert first_of(visit) == NOON

    strike_call(call=call, actor=ME, at=LATER)

    assert first_of(visit) is None
    assert called_words(list(Call.objects.all())) == ""


def test_strike__twice__stays_as_it_was_struck_first(visit: Reservation) -> None:
    call = call_at(visit, NOON)
    strike_call(call=call, actor=ME, at=LATER)

    strike_call(call=call, actor=COLLEAGUE, at=LATER + SECOND, of_others=True)

    call.refresh_from_db()
    assert (call.struck_at, call.struck_by) == (LATER, ME)
    assert Event.objects.filter(kind="call_struck").count() == 1


@pytest.mark.parametrize(
    ("actor", "when", "of_others"),
    [(ME, MIDNIGHT - SECOND, False), (COLLEAGUE, MIDNIGHT, True)],
)
def test_strike__own_until_midnight_or_a_supervisor__done(
    visit: Reservation, actor: str, when: datetime, of_others: bool
) -> None:
    call = call_at(visit, NOON)

    strike_call(call=call, actor=actor, at=when, of_others=of_others)

    assert (Call.objects.get().struck_at, first_of(visit)) == (when, None)


@pytest.mark.parametrize(("actor", "when"), [(ME, MIDNIGHT), (COLLEAGUE, MIDNIGHT - SECOND)])
def test_strike__own_of_another_day_or_a_colleagues__refused_and_nothing_written(
    visit: Reservation, actor: str, when: datetime
) -> None:
    call = call_at(visit, NOON)

    with pytest.raises(Refused) as refused:
        strike_call(call=call, actor=actor, at=when)

    assert refused.value.codes == [Refusal.CALL_STAYS]
    assert (Call.objects.get().struck_at, first_of(visit)) == (None, NOON)


def test_strike__of_a_cancellation__the_reservation_stays_cancelled(visit: Reservation) -> None:
    call = cancel_for(reservation=visit, noted=noted(NOON), actor=ME, at=NOON)

    strike_call(call=call, actor=ME, at=LATER)

    visit.refresh_from_db()
    assert visit.cancelled_at == NOON


@pytest.mark.parametrize("broken", [{"struck_at": NOON}, {"struck_by": ME}])
def test_call__struck_by_nobody_or_never__not_in_the_database(
    visit: Reservation, broken: dict[str, object]
) -> None:
    call = call_at(visit, NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(**broken)


def page_of(call: Call) -> str:
    return address(rest=f"calls/{call.reservation.reference}/{call.pk}/striking")


def shown(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.fixture
def clerk(at_moment: AtMoment) -> Client:
    """千葉 at the telephone, Wednesday 13:00."""
    at_moment(NOON)
    return situations.staff_client()


def noted_by(client: Client, visit: Reservation, rest: str = "", **typed: str) -> Call:
    """The call that was noted by pressing the buttons."""
    sent = {"kind": "other", "note": "急病", "key": str(uuid4()), **typed}
    client.post(address(rest=f"calls/{visit.reference}{rest}"), sent)
    return Call.objects.get()


def test_page__own_call_of_the_day__asked_then_struck_with_the_name(
    clerk: Client, visit: Reservation
) -> None:
    call = noted_by(clerk, visit)
    here = address(rest=f"calls/{visit.reference}")
    assert f'href="{page_of(call)}"' in shown(clerk, here)
    assert OFFER in shown(clerk, page_of(call))

    answer = clerk.post(page_of(call), follow=True)

    html = answer.content.decode()
    assert answer.redirect_chain[-1][0] == here
    assert "まちがいの記録（6月10日（水）13時　千葉 光）" in html
    assert "<del>そのほか</del>" in html
    assert page_of(call) not in html
    assert "まちがいの記録" in shown(clerk, address(rest="calls/"))


def test_page__a_colleagues_call__only_a_supervisor_strikes_it(
    clerk: Client, visit: Reservation
) -> None:
    call = noted_by(clerk, visit)
    other = situations.staff_client(name="別府 二")
    chief = situations.staff_client(Role.SUPERVISOR, name="上田 学")
    assert OFFER not in shown(other, address(rest=f"calls/{visit.reference}"))

    refused = other.post(page_of(call))
    assert refused.status_code == 422
    assert 'data-refusal="CALL_STAYS"' in refused.content.decode()
    assert OFFER in shown(chief, page_of(call))

    chief.post(page_of(call))
    call.refresh_from_db()
    assert call.struck_at == NOON


def test_page__of_a_cancellation__says_that_it_stays_and_offers_the_same_cases(
    clerk: Client, visit: Reservation
) -> None:
    numbers = list(visit.cases.order_by("order").values_list("number", flat=True))
    call = noted_by(clerk, visit, "/cancellation", do="cancel")
    here = address(rest=f"calls/{visit.reference}")
    assert "元に戻りません" in shown(clerk, page_of(call))
    assert AGAIN not in shown(clerk, here)

    clerk.post(page_of(call))

    html = shown(clerk, here)
    assert "元に戻りません" in html
    [link] = re.findall(rf'href="([^"]+)">{AGAIN}', html)
    booking = shown(clerk, link)
    assert re.findall(r'name="number-\d+"[^>]*value="([^"]+)"', booking) == numbers


def test_page__of_a_change__says_that_it_stays(clerk: Client, visit: Reservation) -> None:
    wanted = edits(visit, withdrawn=[1])
    call = change_for(reservation=visit, edits=wanted, noted=noted(NOON), actor=ME, at=NOON)
    chief = situations.staff_client(Role.SUPERVISOR, name="上田 学")

    assert "案件の変更は、元に戻りません" in shown(chief, page_of(call))


def test_page__the_call_of_another_reservation__not_there(
    clerk: Client, visit: Reservation
) -> None:
    call = noted_by(clerk, visit)
    other = factories.reservation(situations.chinen(), TEN, 1)
    path = address(rest=f"calls/{other.reference}/{call.pk}/striking")

    assert clerk.get(path).status_code == 404
    assert clerk.post(path).status_code == 404


def test_book_for__like_somebody_elses_reservation__begins_empty(
    clerk: Client, visit: Reservation
) -> None:
    other = factories.reservation(situations.chinen(), TEN, ["阪労一E07777"])

    html = shown(clerk, address(rest=f"bookings/claims/{visit.claim_id}?like={other.reference}"))

    assert "阪労一E07777" not in html
