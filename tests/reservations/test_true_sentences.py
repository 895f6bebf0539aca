"""What a page says is so at that moment: nothing before it happened, nothing after it is over."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories, situations
from tests.policies import at
from tests.reservations.changing.steps import path
from tests.reservations.walking import LIST, draft_path, type_into, words_of
from tests.situations import AtMoment
from uketori import refusal_texts
from uketori.bureaus.slots import stop_hour
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal

pytestmark = pytest.mark.django_db

THURSDAY_TEN = at("2026-06-11 10:00")
TO_OTHERS = "すぐにほかの方が予約できるように"


@pytest.fixture
def visit(aoki: CertificateClaim) -> Reservation:
    """青木's three cases on Thursday at ten; until Wednesday noon they can be changed."""
    return factories.reservation(aoki, THURSDAY_TEN, 3)


@pytest.mark.parametrize(
    ("now", "is_over"), [("2026-06-10 11:59:59", False), ("2026-06-10 12:00:00", True)]
)
def test_list__around_the_deadline__says_when_it_is_over(
    visit: Reservation, at_moment: AtMoment, now: str, is_over: bool
) -> None:
    at_moment(at(now))

    shown = words_of(situations.signed_in_client(visit.claim).get(LIST))

    assert "変更・キャンセルは6月10日（水）11時59分まで" in shown
    assert ("11時59分まで（過ぎました）" in shown) is is_over


def test_list__a_reservation_out_of_the_displayed_days__not_said_to_be_none(
    visit: Reservation, at_moment: AtMoment
) -> None:
    at_moment(at("2026-06-10 12:00"))

    shown = words_of(situations.signed_in_client(visit.claim).get(LIST))

    assert visit.reference in shown
    assert "0枠" not in shown
    assert "表示中の5開庁日では、あと2枠予約できます" in shown


@pytest.mark.parametrize(
    ("now", "to_others"), [("2026-06-10 11:59:59", True), ("2026-06-10 12:00:00", False)]
)
def test_telephone_cancellation__around_the_deadline__who_can_book_what_comes_free(
    visit: Reservation, at_moment: AtMoment, now: str, to_others: bool
) -> None:
    at_moment(at(now))
    page = reverse("counter:call_cancellation", args=["osaka", visit.reference])

    shown = words_of(situations.staff_client().get(page))

    assert (TO_OTHERS in shown) is to_others
    assert ("ほかの方の予約は入りません" in shown) is not to_others


@pytest.mark.parametrize("page", ["changes", "cancellation"])
def test_change_pages__the_hour_was_stopped__nobody_is_said_to_book_it(
    visit: Reservation, page: str
) -> None:
    visitor = situations.signed_in_client(visit.claim)
    before = words_of(visitor.get(path(visit, page)))
    stop_hour(policy=factories.policy(), starts_at=THURSDAY_TEN, actor="staff:1", at=THURSDAY_TEN)

    after = words_of(visitor.get(path(visit, page)))

    assert TO_OTHERS in before
    assert TO_OTHERS not in after


def test_cases__where_the_number_stands__the_same_papers_in_every_sentence(
    client: Client, aoki: CertificateClaim
) -> None:
    draft = factories.draft(aoki)
    policy = factories.policy()
    papers = "申請受付票や通知書（ハガキ）"
    too_short = str(refusal_texts.REASON_TEXT[Refusal.NUMBER_TOO_SHORT])

    type_into(client, draft, ["阪労一E1"])
    page = words_of(client.get(draft_path(draft)))

    assert papers in too_short.format(**refusal_texts.numbers_of(policy))
    assert page.count(papers) == page.count("申請受付票") == 2  # above the rows, and at the row


def test_reasons__who_handed_it_in__asked_for_in_the_words_of_the_page(
    client: Client, aoki: CertificateClaim
) -> None:
    asked = "申請書を提出した"
    told = [
        str(refusal_texts.REASON_TEXT[code])
        for code in Refusal
        if code.value.startswith("CATEGORY")
    ]

    assert len(told) == 3
    assert [one for one in told if asked not in one] == []
    assert asked in words_of(client.get(draft_path(factories.draft(aoki))))
