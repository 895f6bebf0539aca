"""Whoever is suspended books nothing, keeps what is booked, and is told until when.  R-41."""

from datetime import date, datetime

import pytest

from tests import factories, situations
from tests.intermediaries.certificates.steps import give_back, renew
from tests.intermediaries.holders.steps import enter
from tests.intermediaries.sharing.steps import a_request, answer
from tests.policies import at
from tests.reservations.walking import confirm, refusals
from tests.situations import AtMoment, aoki, chinen
from uketori.intermediaries.models import CertificateClaim, Suspension
from uketori.intermediaries.suspension.suspensions import suspended_among
from uketori.reservations.booking.act import book
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refused

pytestmark = pytest.mark.django_db

WEDNESDAY_TEN = at("2026-06-10 10:00")
TODAY = date(2026, 6, 8)
END = date(2026, 7, 10)
SECOND = "aoki2@example.jp"


def may_book(first_day: date, last_day: date, **changes: object) -> bool:
    holder = aoki()
    one = factories.suspension(holder.intermediary, first_day, last_day)
    Suspension.objects.filter(pk=one.pk).update(**changes)
    now = at("2026-06-08 10:00")
    order = factories.order(holder, WEDNESDAY_TEN)
    try:
        book(order=order, facts=factories.facts(now), actor="mail:1", at=now)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("first_day", "last_day", "allowed"),
    [
        (date(2026, 6, 8), date(2026, 6, 8), False),
        (date(2026, 5, 1), date(2026, 6, 7), True),
        (date(2026, 6, 9), date(2026, 7, 9), True),
    ],
)
def test_suspended__from_its_first_day_to_its_last(
    monday_morning: datetime, first_day: date, last_day: date, allowed: bool
) -> None:
    assert may_book(first_day, last_day) is allowed


def test_suspended__lifted__books_again(monday_morning: datetime) -> None:
    assert may_book(date(2026, 6, 1), date(2026, 7, 1), lifted_at=monday_morning)


def test_suspended__told_at_the_attempt_with_the_end_and_whom_to_call(
    monday_morning: datetime,
) -> None:
    holder = aoki()
    draft = factories.draft(holder, WEDNESDAY_TEN, 3)
    factories.suspension(holder.intermediary, date(2026, 6, 1), date(2026, 7, 10))

    response = confirm(situations.signed_in_client(holder), draft)

    shown = response.content.decode()
    assert refusals(response) == ["SUSPENDED"]
    assert "2026年7月10日（金）まで" in shown
    assert "0570-064259" in shown
    assert not Reservation.objects.exists()


def test_suspended__others_and_what_is_booked__untouched(monday_morning: datetime) -> None:
    holder, other = aoki(), chinen()
    booked = factories.reservation(holder, WEDNESDAY_TEN, 1)
    factories.suspension(holder.intermediary, date(2026, 6, 1), date(2026, 7, 10))

    book(
        order=factories.order(other, WEDNESDAY_TEN),
        facts=factories.facts(monday_morning),
        actor="mail:2",
        at=monday_morning,
    )

    booked.refresh_from_db()
    assert booked.cancelled_at is None


def suspend(claim: CertificateClaim) -> None:
    factories.suspension(claim.intermediary, date(2026, 6, 1), END)


def is_bound(claim: CertificateClaim) -> bool:
    """Whether by the number alone: nothing of whoever is suspended comes with it."""
    return suspended_among([claim.intermediary_id], TODAY) == {claim.intermediary_id: None}


def is_suspended(claim: CertificateClaim) -> bool:
    """Whether by a decision about this very person."""
    return suspended_among([claim.intermediary_id], TODAY) == {claim.intermediary_id: END}


@pytest.mark.parametrize("number", ["大取第10234号", "（大取）１０２３４"])
def test_suspended__enters_the_certificate_from_another_address__nothing_booked_nor_told(
    monday_morning: datetime, number: str
) -> None:
    suspend(aoki())
    client = situations.signed_in_client(SECOND)
    assert enter(client, number=number).status_code == 302
    second = CertificateClaim.objects.get(mail_address__address=SECOND)

    response = confirm(client, factories.draft(second, WEDNESDAY_TEN, 3))

    assert refusals(response) == ["CERTIFICATE_TO_BE_SEEN"]
    assert not Reservation.objects.exists()
    for page in ("reservations/", "holders/"):
        shown = client.get(f"/osaka/{page}").content.decode()
        assert "この番号の証明書を窓口で確認するまで" in shown
        assert "停止" not in shown
        assert "7月10日" not in shown


def test_suspended__enters_another_certificate__that_one_is_free(monday_morning: datetime) -> None:
    suspend(aoki())
    client = situations.signed_in_client(SECOND)
    enter(client, number="大取第10235号")
    second = CertificateClaim.objects.get(mail_address__address=SECOND)

    assert confirm(client, factories.draft(second, WEDNESDAY_TEN, 3)).status_code == 302


def rival(**changes: object) -> CertificateClaim:
    """Somebody else's claim of 青木's number; ``changes`` are its columns."""
    made = factories.claim(
        SECOND, person=factories.intermediary("青木 はな"), number="大取第10234号", place=2
    )
    CertificateClaim.objects.filter(pk=made.pk).update(**changes)
    return made


def test_number_of_a_suspended__claimed_before_or_after__bound_alike(
    monday_morning: datetime,
) -> None:
    mine = aoki()
    early = rival()
    suspend(mine)

    assert is_bound(early)


def test_number_of_a_suspended__lifted__nobody_is_bound(monday_morning: datetime) -> None:
    mine = aoki()
    other = rival()
    suspend(mine)
    Suspension.objects.update(lifted_at=monday_morning)

    assert suspended_among([mine.intermediary_id, other.intermediary_id], TODAY) == {}


@pytest.mark.parametrize(
    ("changes", "bound"),
    [({}, True), ({"proved_at": at("2026-06-08 09:00"), "place": None}, False)],
    ids=["unproved", "proved"],
)
def test_number_of_a_suspended__bound_until_a_clerk_has_seen_the_certificate(
    monday_morning: datetime, changes: dict[str, object], bound: bool
) -> None:
    """The certificate is this person's, and the suspended one's claim of it is false."""
    mine = aoki()
    other = rival(**changes)
    suspend(mine)

    assert is_bound(other) is bound
    assert is_suspended(mine)


def test_number_of_a_suspended__claim_ended__binds_nobody(monday_morning: datetime) -> None:
    mine, other = aoki(), rival()
    suspend(mine)
    assert is_bound(other)

    CertificateClaim.objects.filter(pk=mine.pk).update(ended_at=monday_morning, place=None)

    assert not is_bound(other)


@pytest.mark.parametrize("number", ["大取第10234号", "大取第20001号"])
def test_suspended__renewed_before_the_decision__either_number_binds(
    monday_morning: datetime, number: str
) -> None:
    mine = aoki()
    assert renew(situations.signed_in_client(mine), mine).status_code == 302
    suspend(mine)

    assert is_bound(factories.claim(SECOND, number=number, place=2))


def test_suspended__renews_after_the_decision__books_nothing_with_the_new_number(
    monday_morning: datetime,
) -> None:
    mine = aoki()
    suspend(mine)
    client = situations.signed_in_client(mine)
    assert renew(client, mine).status_code == 302
    new = CertificateClaim.objects.get(number="大取第20001号")

    response = confirm(client, factories.draft(new, WEDNESDAY_TEN, 3))

    assert is_suspended(new)
    assert refusals(response) == ["SUSPENDED"]
    assert "2026年7月10日（金）まで" in response.content.decode()
    assert not Reservation.objects.exists()


def test_suspended__adds_a_stranger_s_number_afterwards__stranger_is_free(
    monday_morning: datetime, at_moment: AtMoment
) -> None:
    """Whoever is suspended shuts nobody out with a number that nobody has shown."""
    mine = aoki()
    suspend(mine)
    stranger = factories.claim("beppu@example.jp", number="大取第20001号")
    at_moment(at("2026-06-08 10:01"))

    assert renew(situations.signed_in_client(mine), mine).status_code == 302

    assert not is_bound(stranger)
    added = CertificateClaim.objects.get(intermediary=mine.intermediary, number="大取第20001号")
    CertificateClaim.objects.filter(pk=added.pk).update(proved_at=monday_morning, place=None)
    assert is_bound(stranger)


def test_number_of_a_suspended__given_back__free_again(monday_morning: datetime) -> None:
    """Who mistyped the number gives it back."""
    mine = aoki()
    suspend(mine)
    other = factories.claim("beppu@example.jp")
    client = situations.signed_in_client(other)
    assert renew(client, other, number="大取第10234号").status_code == 302
    assert is_bound(other)

    wrong = CertificateClaim.objects.get(intermediary=other.intermediary, number="大取第10234号")
    assert give_back(client, wrong).status_code == 302

    assert not is_bound(other)


def test_suspended__shared_certificate__both_addresses(monday_morning: datetime) -> None:
    mine = situations.a_proved_certificate()
    answer(a_request(SECOND, mine), "grant")
    suspend(mine)

    shared = CertificateClaim.objects.get(mail_address__address=SECOND)
    assert is_suspended(shared)


def test_suspended_among__each_until_the_last_day_of_the_longest(monday_morning: datetime) -> None:
    mine, other = aoki(), chinen()
    suspend(mine)
    factories.suspension(mine.intermediary, date(2026, 6, 1), date(2026, 8, 1))

    people = [mine.intermediary_id, other.intermediary_id]
    assert suspended_among(people, TODAY) == {mine.intermediary_id: date(2026, 8, 1)}
    assert suspended_among([], TODAY) == {}


def test_number_of_a_suspended__shown_by_who_shares_it__both_their_addresses_are_free(
    monday_morning: datetime,
) -> None:
    """Whoever typed the number before being suspended shuts nobody out whom a clerk has seen."""
    mine, other = situations.a_proved_certificate(), rival()
    suspend(other)

    answer(a_request("aoki@office.example.jp", mine), "grant")

    assert mine.intermediary.claims.count() == 2
    assert not is_bound(mine)
    assert not is_suspended(mine)
    assert is_suspended(other)
