"""A day at the counter of every bureau: board, check-in, outcome, late, and a telephone call."""

import html
import re
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from tests import factories, situations
from tests.every_bureau.bureaus import foreign_words
from tests.policies import at
from tests.situations import AtMoment
from uketori import japanese
from uketori.counter.models import Call
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy

pytestmark = pytest.mark.django_db

THURSDAY_NINE = at("2026-06-11 09:00")
TEN_PAST = THURSDAY_NINE + timedelta(minutes=10)


class Counter:
    """The pages of one bureau's counter, each read for the words of another bureau."""

    def __init__(self, policy: BureauPolicy) -> None:
        self.policy = policy
        self.client: Client = situations.staff_client(bureau=policy.code)

    def address(self, rest: str = "") -> str:
        return f"/staff/{self.policy.code}/counter/{rest}"

    def opens(self, rest: str = "") -> str:
        return self.read(self.client.get(self.address(rest)))

    def sends(self, rest: str, **fields: str) -> str:
        return self.read(self.client.post(self.address(rest), fields, follow=True))

    def records(self, visit: Reservation, act: str, **fields: str) -> str:
        """Press a button of the opened reservation."""
        (seen,) = set(re.findall(r'name="seen" value="(\d+)"', self.opens(visit.reference)))
        return self.sends(f"{visit.reference}/{act}", opened=visit.reference, seen=seen, **fields)

    def read(self, answer: HttpResponse) -> str:
        assert answer.status_code == 200, answer
        told = html.unescape(answer.content.decode())
        assert foreign_words(told, self.policy.code) == []
        return told


@pytest.fixture
def visits(policy: BureauPolicy, at_moment: AtMoment) -> list[Reservation]:
    """青木 and 別府, Thursday at nine."""
    at_moment(at("2026-06-08 10:00"))
    factories.first_notice()
    beppu = factories.intermediary("別府 次郎", name_kana="ベップ ジロウ")
    claims = [factories.claim(), factories.claim("beppu@example.jp", person=beppu)]
    numbers = [policy.number_example, f"{policy.number_example[:-1]}9"]
    made = zip(claims, numbers, strict=True)
    return [factories.reservation(one, THURSDAY_NINE, [number]) for one, number in made]


def ends(policy: BureauPolicy) -> datetime:
    return THURSDAY_NINE + timedelta(minutes=policy.slot_minutes)


def test_day__came_and_was_served__at_every_bureau(
    visits: list[Reservation], policy: BureauPolicy, at_moment: AtMoment
) -> None:
    visit = visits[0]
    at_moment(TEN_PAST)
    counter = Counter(policy)

    board = counter.opens()
    assert japanese.hour_words(THURSDAY_NINE, policy.slot_minutes, policy.tz) in board
    assert [one.holder_name in board for one in visits] == [True, True]
    counter.records(visit, "arrival")
    counter.records(visit, "calling-up")
    counter.records(visit, "certificate")
    told = counter.records(visit, "outcome")

    assert "青木 花子 様に1件を交付しました。" in told
    visit.refresh_from_db()
    assert (visit.arrived_at, visit.called_at, visit.served_at) == (TEN_PAST,) * 3
    assert list(visit.cases.values_list("outcome", flat=True)) == ["issued"]


def test_late__from_the_end_of_the_bureau_s_own_slot(
    visits: list[Reservation], policy: BureauPolicy, at_moment: AtMoment
) -> None:
    """Half an hour at みなと: what is in time at Osaka is late there."""
    early, late = visits
    at_moment(ends(policy) - timedelta(seconds=1))
    Counter(policy).records(early, "arrival")
    at_moment(ends(policy))
    Counter(policy).records(late, "ending", ending="late")

    for one in visits:
        one.refresh_from_db()
    assert early.arrived_at == ends(policy) - timedelta(seconds=1)
    assert (early.late_at, late.late_at) == (None, ends(policy))
    assert policy.ordinary_counter in told_to_the_holder(late)


def told_to_the_holder(visit: Reservation) -> str:
    client = factories.signed_in_client(visit.mail_address.address)
    answer = client.get(f"/{visit.bureau}/reservations/{visit.reference}")
    return html.unescape(answer.content.decode())


def test_call__around_the_bureau_s_own_deadline(
    visits: list[Reservation], policy: BureauPolicy, at_moment: AtMoment
) -> None:
    visit, closes_at = visits[0], visits[0].change_closes_at
    last = japanese.last_minute_words(closes_at, policy.tz)
    at_moment(closes_at - timedelta(seconds=1))
    assert f"期限内です（{last}まで）" in Counter(policy).opens(f"calls/{visit.reference}")
    at_moment(closes_at)
    counter = Counter(policy)
    assert f"期限を過ぎています（{last}まででした）" in counter.opens(f"calls/{visit.reference}")

    told = counter.sends(f"calls/{visit.reference}", kind="will_be_late", caller="青木", key="")

    over = japanese.hour_words(THURSDAY_NINE, policy.slot_minutes, policy.tz).split("～")[1]
    assert f"{over}より前にお越しになれば、予約を使えます。" in told
    assert f"{policy.ordinary_counter}で手続" in told
    assert Call.objects.get().called_at == closes_at


def test_telephone__hours_of_the_bureau_and_a_code_only_where_there_is_one(
    visits: list[Reservation], policy: BureauPolicy
) -> None:
    told = told_to_the_holder(visits[0])

    assert policy.contact_phone in told
    assert policy.contact_hours in told
    assert ("部署番号" in told) == bool(policy.phone_menu_code)
