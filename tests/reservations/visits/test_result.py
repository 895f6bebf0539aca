"""After the visit: what was issued, what not and why, what to do, and booking again.  R-39, D11."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from tests import factories, situations
from tests.policies import at, osaka
from tests.reservations.walking import LIST, main_of, words_of
from tests.situations import AtMoment
from uketori import refusal_texts
from uketori.counter.models import CallKind
from uketori.counter.telephone.calls import Noted, record_call
from uketori.counter.visit.check_in import check_in
from uketori.counter.visit.endings import end_visit
from uketori.counter.visit.outcomes import record_outcome
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking import act
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.models import Draft, Reservation
from uketori.reservations.visits.outcome_words import BOOKED_AGAIN, UNSERVED, WHY_NOT
from uketori.rules.refusals import Refusal, Refused
from uketori.rules.visit import Ending, NotIssued

pytestmark = pytest.mark.django_db

TEN, EVENING = at("2026-06-11 10:00"), at("2026-06-11 20:00")
NUMBERS = factories.numbers(3)
AGAIN = "をもう一度予約する"


@pytest.fixture
def aoki(at_moment: AtMoment) -> CertificateClaim:
    at_moment(EVENING)
    return situations.aoki()


@pytest.fixture
def visit(aoki: CertificateClaim) -> Reservation:
    """Three cases of this morning."""
    return factories.reservation(aoki, TEN, NUMBERS)


def served(visit: Reservation, **why: NotIssued) -> None:
    """``second=NotIssued.PAPER_MISSING``: which was not issued, and why."""
    orders = {"first": 1, "second": 2, "third": 3}
    record_outcome(
        reservation=visit,
        exceptions={visit.cases.get(order=orders[one]).pk: two for one, two in why.items()},
        policy=visit.made_under,
        actor="staff:1",
        at=at("2026-06-11 10:30"),
    )


def ended(visit: Reservation, ending: Ending) -> None:
    told = {"policy": visit.made_under, "actor": "staff:1"}
    if ending is Ending.ABSENT:
        check_in(reservation=visit, at=TEN, **told)
    end_visit(reservation=visit, ending=ending, at=EVENING, **told)


def shown(visit: Reservation) -> str:
    client = situations.signed_in_client(visit.claim)
    return words_of(client.get(f"{LIST}{visit.reference}"))


def test_before_any_record__no_result_and_the_code_stands(visit: Reservation) -> None:
    assert "窓口での結果" not in shown(visit)


def test_all_issued__told_and_nothing_to_book_again(visit: Reservation) -> None:
    served(visit)

    told = shown(visit)
    assert "3件を交付しました" in told
    assert AGAIN not in told
    assert "お持ちいただくもの" not in told


@pytest.mark.parametrize("why", NotIssued)
def test_not_issued__each_reason__its_sentence_its_next_step_and_again_where_it_helps(
    visit: Reservation, why: NotIssued
) -> None:
    served(visit, second=why)

    told = shown(visit)
    assert "2件を交付し、1件は交付できませんでした" in told
    assert str(WHY_NOT[why].sentence) in told
    assert str(WHY_NOT[why].next_step).format(**refusal_texts.numbers_of(osaka())) in told
    assert (f"1件の案件{AGAIN}" in told) is (why in BOOKED_AGAIN)
    assert "0570-064259" in told


@pytest.mark.parametrize("ending", [Ending.LATE, Ending.ABSENT, Ending.NO_SHOW])
def test_not_served__told_what_it_means_whom_to_call_and_how_to_book_again(
    visit: Reservation, ending: Ending
) -> None:
    ended(visit, ending)

    told = shown(visit)
    assert str(UNSERVED[ending].title) in told
    assert "{" not in told
    assert f"この案件{AGAIN}" in told
    assert "0570-064259" in told


@pytest.mark.parametrize(
    ("called", "words", "in_list"),
    [
        (None, "連絡をいただいた記録がなく", "<span>お越しになりませんでした</span>"),
        (
            at("2026-06-11 10:59"),
            "時間が終わる前にお電話をいただいたことも",
            "お越しになりませんでした（お電話あり）",
        ),
        (at("2026-06-11 11:00"), "連絡をいただいた記録がなく", "<span>お越しになりませんでした"),
    ],
)
def test_no_show__telephoned_or_silent__told_apart_on_the_page_and_in_the_list(
    visit: Reservation, at_moment: AtMoment, called: datetime | None, words: str, in_list: str
) -> None:
    """6(4): nobody who called is told that there was no word of them."""
    ended(visit, Ending.NO_SHOW)
    if called is not None:
        heard = Noted(called_at=called, caller="", note="", key=uuid4())
        kind = CallKind.WILL_BE_LATE
        record_call(reservation=visit, kind=kind, noted=heard, actor="staff:1", at=EVENING)

    told = shown(visit)
    assert words in told
    assert ("連絡をいただいた記録がなく" in told) is ("お電話あり" not in in_list)
    assert "たびたびあるときは、予約をお断りすることがあります" in told
    at_moment(at("2026-06-12 09:00"))
    assert in_list in main_of(situations.signed_in_client(visit.claim).get(LIST))


def test_again__a_draft_of_the_cases_not_issued_alone(visit: Reservation) -> None:
    served(visit, second=NotIssued.PAPER_MISSING, third=NotIssued.NOT_OURS)
    client = situations.signed_in_client(visit.claim)

    answer = client.post(f"{LIST}{visit.reference}/copy")

    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/osaka/reservations/drafts/{draft.key}"
    assert [row.number for row in DraftContent.from_json(draft.content).rows] == [NUMBERS[1]]


def test_again__nothing_left__no_draft(visit: Reservation) -> None:
    served(visit)

    client = situations.signed_in_client(visit.claim)

    assert client.post(f"{LIST}{visit.reference}/copy").status_code == 404
    assert not Draft.objects.exists()


@pytest.mark.parametrize("ending", [None, Ending.SERVED, Ending.LATE, Ending.NO_SHOW])
def test_number__booked_again_the_same_evening__only_after_the_visit_is_over(
    visit: Reservation, ending: Ending | None
) -> None:
    if ending is Ending.SERVED:
        served(visit, second=NotIssued.PAPER_MISSING)
    elif ending is not None:
        ended(visit, ending)
    order = factories.order(visit.claim, at("2026-06-15 10:00"), [NUMBERS[1]])

    def book_again() -> Reservation:
        return act.book(order=order, facts=factories.facts(EVENING), actor="mail:1", at=EVENING)

    if ending is None:
        with pytest.raises(Refused) as refused:
            book_again()
        assert refused.value.codes == [Refusal.NUMBER_IN_OTHER_RESERVATION]
    else:
        assert book_again().cases.get().number == NUMBERS[1]


@pytest.mark.parametrize(
    ("why", "word"),
    [
        ({}, "交付しました"),
        ({"second": NotIssued.NOT_OURS}, "1件は交付できませんでした"),
        (dict.fromkeys(("first", "second", "third"), NotIssued.NOT_OURS), "交付できませんでした"),
    ],
)
def test_list__past__says_how_many_were_not_issued(
    visit: Reservation, at_moment: AtMoment, why: dict[str, NotIssued], word: str
) -> None:
    served(visit, **why)
    at_moment(at("2026-06-12 09:00"))
    client: Client = situations.signed_in_client(visit.claim)

    text = main_of(client.get(LIST))

    assert f"<span>{word}</span>" in text


def test_result__of_somebody_else__is_not_there(visit: Reservation, aoki: CertificateClaim) -> None:
    served(visit, second=NotIssued.PAPER_MISSING)
    client = situations.signed_in_client(situations.chinen())

    assert client.get(f"{LIST}{visit.reference}").status_code == 404
    assert client.post(f"{LIST}{visit.reference}/copy").status_code == 404


def test_reasons__each_of_the_closed_list_has_its_row() -> None:
    assert set(WHY_NOT) == set(NotIssued)
    assert set(UNSERVED) == {Ending.LATE, Ending.ABSENT, Ending.NO_SHOW}
    for row in WHY_NOT.values():
        assert str(row.sentence).endswith("。")
        assert str(row.next_step).endswith("。")


@pytest.mark.parametrize(
    ("seen", "todo"),
    [
        ("2026-06-12 11:59:59", "6月12日（金）11時59分までに、この案件を取り消してください。"),
        ("2026-06-12 12:00:00", "お越しになる前にお電話ください。"),
    ],
)
def test_corrected_to_issued__booked_again__told_on_both_pages(
    visit: Reservation, at_moment: AtMoment, seen: str, todo: str
) -> None:
    served(visit, second=NotIssued.PAPER_MISSING)
    again = factories.reservation(visit.claim, at("2026-06-15 10:00"), [NUMBERS[1]])
    assert "交付済みの案件" not in shown(again)
    served(visit)
    at_moment(at(seen))

    here, there = shown(visit), shown(again)

    assert f"「{NUMBERS[1]}」は交付しましたが、6月15日（月）10時～11時の予約" in here
    assert f"「{NUMBERS[1]}」は、6月11日（木）10時～11時の予約（{visit.reference}）で" in there
    assert todo in there


def test_issued_to_somebody_else__not_told_to_the_holder(visit: Reservation) -> None:
    other = factories.reservation(situations.chinen(), at("2026-06-15 10:00"), [NUMBERS[1]])
    served(visit)

    assert other.reference not in shown(visit)
    assert visit.reference not in shown(other)
