"""The way to taking a case out: chosen on the list, reviewed, done; and what the holder sees."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from tests import factories, situations
from tests.changes import cancel, cases_of, change, numbers_of, take_out
from tests.policies import at
from tests.situations import AtMoment
from uketori.reservations.models import Reservation
from uketori.reservations.visits.taken_out_words import NOT_HERE
from uketori.rules.refusals import Refusal
from uketori.rules.taking_out import NotHere

pytestmark = pytest.mark.django_db

TEN, TUESDAY = at("2026-06-11 10:00"), at("2026-06-09 16:00")
LIST = "/staff/osaka/counter/preparation/2026-06-11"
BUTTON = "選んだ案件を予約から除く"


@pytest.fixture
def visit(at_moment: AtMoment) -> Reservation:
    """青木, Thursday 10:00, three cases; it is Tue 2026-06-09 16:00."""
    at_moment(TUESDAY)
    return factories.reservation(
        situations.aoki(), TEN, ["阪労一E00001", "阪労一E00002", "阪労一E00003"]
    )


@pytest.fixture
def clerk(visit: Reservation) -> Client:
    return situations.staff_client()


def way(visit: Reservation) -> str:
    return f"/staff/osaka/counter/{visit.reference}/taking-out"


def typed(visit: Reservation, *orders: int, do: str = "take_out", **changes: Any) -> dict[str, Any]:
    return {
        "case": [case.pk for case in visit.cases.filter(order__in=orders)],
        "because": "other_bureau",
        "revision": "1",
        "do": do,
        **changes,
    }


@pytest.mark.parametrize("view", ["hours", "numbers"])
def test_list__the_way_stands_folded_after_the_marks(
    clerk: Client, visit: Reservation, view: str
) -> None:
    page = clerk.get(f"{LIST}?view={view}").content.decode()
    assert page.index("印を取り消す") < page.index("preparation__rare") < page.index(BUTTON)


def test_list__an_empty_day__offers_nothing(clerk: Client) -> None:
    assert BUTTON not in clerk.get("/staff/osaka/counter/preparation/2026-06-12").content.decode()


def test_chosen__cases_of_one_reservation__lead_to_it_with_these_chosen(
    clerk: Client, visit: Reservation
) -> None:
    first, second, _third = cases_of(visit)
    answer = clerk.post(f"{LIST}/taking-out", {"case": [second.pk, first.pk]}, follow=True)

    (where, _code) = answer.redirect_chain[-1]
    assert where == f"{way(visit)}?case={first.pk}&case={second.pk}"
    assert answer.content.decode().count(" checked") == 2
    assert numbers_of(visit) == ["阪労一E00001", "阪労一E00002", "阪労一E00003"]


def test_chosen__cases_of_two_reservations_or_none__said_on_the_list(
    clerk: Client, visit: Reservation
) -> None:
    other = factories.reservation(situations.chinen(), TEN)
    keys = [case.pk for one in (visit, other) for case in cases_of(one)]
    for sent, words in (
        (keys, "１つの予約の案件だけを選んでください。"),
        ([], "案件を選んでから、押してください。"),
        (["x", "9" * 40], "案件を選んでから、押してください。"),
    ):
        answer = clerk.post(f"{LIST}/taking-out", {"case": sent}, follow=True)
        ((where, _code),) = answer.redirect_chain
        assert where.startswith(LIST)
        assert words in answer.content.decode()
        ticked = answer.content.decode().count(" checked")
        assert ticked == (len(keys) if sent is keys else 0), "what was chosen stays chosen"


def test_review__says_what_the_holder_is_told_and_what_is_left__and_writes_nothing(
    clerk: Client, visit: Reservation
) -> None:
    page = clerk.post(way(visit), typed(visit, 2, do="review")).content.decode()

    assert "1件を除き、予約は2件になります" in page
    assert "阪労一E00002" in page
    assert "阪労一E00001" not in page
    assert "当局で受け付けた申請ではありません。申請した局の案内にしたがって" in page
    assert "元にもどせません" in page
    assert numbers_of(visit) == ["阪労一E00001", "阪労一E00002", "阪労一E00003"]


def test_review__of_all__says_that_the_reservation_goes(clerk: Client, visit: Reservation) -> None:
    page = clerk.post(way(visit), typed(visit, 1, 2, 3, do="review")).content.decode()
    assert "案件がなくなるため、予約を取り消します" in page
    assert "取り消した予約は、予約した方も窓口も、元にもどせません。" in page


def test_back_from_the_review__what_was_chosen_stands(clerk: Client, visit: Reservation) -> None:
    answer = clerk.post(way(visit), typed(visit, 1, 2, do="edit"))
    assert answer.status_code == 200
    assert answer.content.decode().count(" checked") == 3


def test_done__said_on_the_list_of_the_day(clerk: Client, visit: Reservation) -> None:
    answer = clerk.post(way(visit), typed(visit, 2), follow=True)

    assert answer.redirect_chain == [(f"{LIST}#visit-{visit.reference}", 302)]
    assert f'id="visit-{visit.reference}"' in answer.content.decode()
    page = answer.content.decode()
    assert f"{visit.reference}から1件を除きました。予約した方に、メールでお知らせします。" in page
    assert "阪労一E00002" not in page
    assert "案件 2件" in page


def test_done__with_all__says_that_the_reservation_is_gone(
    clerk: Client, visit: Reservation
) -> None:
    answer = clerk.post(way(visit), typed(visit, 1, 2, 3), follow=True)
    assert "案件がなくなったため、予約を取り消しました。" in answer.content.decode()
    assert "この日の予約はありません。" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"case": []}, "除く案件を選んでください。"),
        ({"case": ["99999"]}, "除く案件を、もう一度選んでください。"),
        ({"because": ""}, "除く理由を選んでください。"),
        ({"because": "weather"}, "除く理由を、もう一度選んでください。"),
    ],
)
def test_form__something_missing_or_unknown__said_at_its_place(
    clerk: Client, visit: Reservation, changes: dict[str, Any], words: str
) -> None:
    answer = clerk.post(way(visit), typed(visit, 1, **changes))
    assert answer.status_code == 422
    assert answer.content.decode().count(words) == 2
    assert numbers_of(visit) == ["阪労一E00001", "阪労一E00002", "阪労一E00003"]


@pytest.mark.parametrize("do", ["review", "take_out"])
@pytest.mark.parametrize("revision", ["", "0", "x"])
def test_form__of_another_revision__refused_and_shows_what_stands(
    clerk: Client, visit: Reservation, do: str, revision: str
) -> None:
    change(visit, withdrawn=[1])
    for sent in ("1", revision):
        answer = clerk.post(way(visit), typed(visit, 1, do=do, revision=sent))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f'data-refusal="{Refusal.RESERVATION_CHANGED}"' in page
        assert 'name="revision" value="2"' in page
        assert "阪労一E00001" not in page


def test_page__of_a_cancelled_or_begun_one__says_why_and_has_no_form(
    clerk: Client, visit: Reservation, at_moment: AtMoment
) -> None:
    other = factories.reservation(situations.chinen(), TEN, arrived_at=TEN)
    cancel(visit)
    for one, words in ((visit, "すでに取り消されています"), (other, "すでに記録されています")):
        page = clerk.get(way(one)).content.decode()
        assert words in page
        assert "確認へ進む" not in page
        assert clerk.post(way(one), typed(one, 1)).status_code == 422


def test_form__every_reason__is_offered_in_words(clerk: Client, visit: Reservation) -> None:
    page = clerk.get(way(visit)).content.decode()
    for because in NotHere:
        assert escape(str(NOT_HERE[because].short)) in page


def own_page(visit: Reservation, rest: str = "") -> str:
    client = situations.signed_in_client(visit.claim)
    return client.get(f"/osaka/reservations/{visit.reference}{rest}").content.decode()


def test_own_page__tells_in_the_ledger_that_the_counter_took_it_out_and_why(
    visit: Reservation,
) -> None:
    take_out(visit, 2)
    page = own_page(visit)

    assert "窓口で除いた" in page
    assert "当局の申請ではない（ほかの局）" in page
    assert "当局が案件を除きました" in page, "the list of mails"
    assert "（1回目の変更）" in page


def test_change_page__says_what_the_first_count_is_now(visit: Reservation) -> None:
    assert "最初の予約は3件です。" in own_page(visit, "/changes")
    take_out(visit, 2)
    assert "最初の件数は、窓口で除いた1件を引いて2件です。" in own_page(visit, "/changes")
    change(visit, withdrawn=[1])
    assert "最初の件数の2件まで、あと1件戻せます。" in own_page(visit, "/changes")


def test_telephone_page__says_it_too(clerk: Client, visit: Reservation) -> None:
    take_out(visit, 2)
    changes = f"/staff/osaka/counter/calls/{visit.reference}/changes"
    assert "窓口で除いた1件を引いて2件" in clerk.get(changes).content.decode()
    assert "窓口で除いた" in clerk.get(changes.removesuffix("/changes")).content.decode()


def test_file__without_the_case(clerk: Client, visit: Reservation) -> None:
    take_out(visit, 2)
    text = clerk.post(f"{LIST}/list.csv").content.decode("utf-8-sig")
    assert [number for number in ("E00001", "E00002", "E00003") if number in text] == [
        "E00001",
        "E00003",
    ]


def test_holder__sent_a_correction_from_before__is_told_that_it_is_no_more(
    visit: Reservation,
) -> None:
    first = cases_of(visit)[0]
    take_out(visit, 1)
    client = situations.signed_in_client(visit.claim)
    answer = client.post(
        f"/osaka/reservations/{visit.reference}/changes",
        {
            "revision": "1",
            f"new-number-{first.pk}": "阪労一E09999",
            f"new-type-{first.pk}": "extension",
            f"new-category-{first.pk}": "own",
            "do": "review",
        },
    )
    page = answer.content.decode()
    assert f'data-refusal="{Refusal.RESERVATION_CHANGED}"' in page
    assert "次の案件は、いまの予約にありません。" in page
    assert "阪労一E09999" in page
