"""予約の一覧: what I hold, what I may still book and why not, drafts, past; copying.  R-23."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.policies import at
from tests.reservations.recording import added, everything
from tests.reservations.walking import LIST, confirm, main_of, numbers_on, text_of, words_of
from tests.situations import AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.mine.views import SHOWN_PAST
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db


def section(response: Answer, name: str) -> str:
    """One part of the page: coming, drafts or past; empty if it is not there."""
    text = main_of(response)
    if f'aria-labelledby="{name}"' not in text:
        return ""
    rest = text[text.index(f'aria-labelledby="{name}"') :]
    return rest[: rest.index("</section>")]


def test_list__nobody_entered_yet__led_to_the_holder_s_form(monday_morning: datetime) -> None:
    client = situations.signed_in_client("tsuji@example.jp")

    assert 'href="/osaka/holders/new"' in main_of(client.get(LIST))


@pytest.mark.parametrize(
    ("held", "title", "may_book"),
    [
        (0, "表示中の5開庁日では、あと2枠予約できます", True),
        (1, "表示中の5開庁日では2枠のうち、1枠を予約しています。あと1枠予約できます", True),
        (2, "表示中の5開庁日では2枠のうち、2枠を予約しています", False),
    ],
)
def test_list__so_many_held__used_and_left(
    client: Client, aoki: CertificateClaim, held: int, title: str, may_book: bool
) -> None:
    for day in ("2026-06-11", "2026-06-12")[:held]:
        factories.reservation(aoki, at(f"{day} 10:00"))

    page = client.get(LIST)

    assert title in words_of(page)
    assert ("新しく予約する" in main_of(page)) is may_book
    assert "6月9日（火）～6月15日（月）の、表示されている5開庁日の予約だけを数えます" in words_of(
        page
    )
    freed = "6月11日（木）10時～11時の枠は、6月10日（水）12時に数えなくなり"
    assert (freed in words_of(page)) is (held > 0)


def test_list__coming__hour_count_name_reference_and_deadline(
    client: Client, aoki: CertificateClaim
) -> None:
    later = factories.reservation(aoki, at("2026-06-12 09:00"), 2)
    sooner = factories.reservation(aoki, at("2026-06-09 10:00"), 15)

    coming = section(client.get(LIST), "coming")

    assert coming.index(sooner.reference) < coming.index(later.reference)
    for words in (
        "6月9日（火）",
        "10時～11時",
        "15件",
        "青木 花子",
        "変更・キャンセルは6月8日（月）11時59分まで",
        f'href="{LIST}{sooner.reference}"',
    ):
        assert words in coming


@pytest.mark.parametrize(
    ("now", "part"),
    [
        ("2026-06-11 09:59", "coming"),
        ("2026-06-11 23:59:59", "coming"),
        ("2026-06-12 00:00", "past"),
        ("2026-06-12 08:00", "past"),
    ],
)
def test_list__day_of_the_visit_over__past_from_midnight_of_the_bureau(
    at_moment: AtMoment, now: str, part: str
) -> None:
    at_moment(at(now))
    claim = situations.aoki()
    held = factories.reservation(claim, at("2026-06-11 10:00"))

    page = situations.signed_in_client(claim).get(LIST)

    parts = [name for name in ("coming", "past") if held.reference in section(page, name)]
    assert parts == [part]


def test_list__more_past_ones_than_one_leaf__the_next_leaf_has_the_oldest(
    client: Client, aoki: CertificateClaim
) -> None:
    for day in range(SHOWN_PAST + 1):
        factories.reservation(aoki, at("2026-04-01 10:00") + timedelta(days=day), 1)
    oldest = Reservation.objects.earliest("starts_at")

    first, second = section(client.get(LIST), "past"), section(client.get(f"{LIST}?past=2"), "past")

    assert 'rel="next" href="?past=2#past"' in first
    assert oldest.reference not in first
    assert (oldest.reference in second, second.count("<tr")) == (True, 2)


@pytest.mark.parametrize(
    ("ending", "part", "word"),
    [
        ({}, "coming", "10時～11時"),
        ({"arrived_at": at("2026-06-11 10:05")}, "coming", "10時～11時"),
        ({"served_at": at("2026-06-11 10:20")}, "past", "交付しました"),
        ({"late_at": at("2026-06-11 11:00")}, "past", "遅れてお越しになりました"),
        ({"absent_at": at("2026-06-11 10:40")}, "past", "いらっしゃいませんでした"),
        ({"no_show_at": at("2026-06-11 11:00")}, "past", "お越しになりませんでした"),
        ({"cancelled_at": at("2026-06-11 09:00")}, "past", "取り消しました"),
    ],
)
def test_list__of_today__past_with_its_word_as_soon_as_it_ended(
    at_moment: AtMoment, ending: dict[str, datetime], part: str, word: str
) -> None:
    at_moment(at("2026-06-11 11:00"))
    claim = situations.aoki()
    held = factories.reservation(claim, at("2026-06-11 10:00"), 1, **ending)

    page = situations.signed_in_client(claim).get(LIST)

    parts = [name for name in ("coming", "past") if held.reference in section(page, name)]
    assert parts == [part]
    assert word in section(page, part)


@pytest.mark.parametrize(
    ("ending", "word"),
    [
        ({}, "結果はまだ記録されていません"),
        ({"cancelled_at": at("2026-06-10 09:00")}, "取り消しました"),
        ({"served_at": at("2026-06-11 10:20")}, "交付しました"),
        ({"late_at": at("2026-06-11 11:20")}, "遅れてお越しになりました"),
        ({"absent_at": at("2026-06-11 10:40")}, "お呼びしたときにいらっしゃいませんでした"),
        ({"no_show_at": at("2026-06-11 17:00")}, "お越しになりませんでした"),
    ],
)
def test_list__past__each_ending_in_words(
    at_moment: AtMoment, ending: dict[str, datetime], word: str
) -> None:
    at_moment(at("2026-06-12 10:00"))
    claim = situations.aoki()
    factories.reservation(claim, at("2026-06-11 10:00"), 1, **ending)

    assert word in section(situations.signed_in_client(claim).get(LIST), "past")


def test_list__two_people_of_one_office__each_with_own_slots(
    client: Client, aoki: CertificateClaim
) -> None:
    colleague = factories.claim("aoki@example.jp", person=factories.intermediary("別府 次郎"))
    factories.reservation(colleague, at("2026-06-11 10:00"))

    shown = words_of(client.get(LIST))

    assert "表示中の5開庁日では、あと2枠予約できます" in shown
    assert "2枠のうち、1枠を予約しています。あと1枠" in shown


def test_list__what_others_hold__not_there(client: Client, aoki: CertificateClaim) -> None:
    others = [situations.beppu(), situations.chinen()]
    references = [factories.reservation(one, at("2026-06-11 10:00")).reference for one in others]
    drafts = [factories.draft(one) for one in others]

    text = text_of(client.get(LIST))

    assert [one for one in references if one in text] == []
    assert [one for one in drafts if str(one.key) in text] == []
    assert "別府" not in text


def test_list__booked_at_the_old_address__seen_at_the_new_one(aoki: CertificateClaim) -> None:
    """Reservations follow the person, not the mailbox."""
    held = factories.reservation(aoki, at("2026-06-11 10:00"))
    factories.claim("aoki@new.example.jp", person=aoki.intermediary)

    client = situations.signed_in_client("aoki@new.example.jp")

    assert held.reference in section(client.get(LIST), "coming")
    assert client.get(f"{LIST}{held.reference}").status_code == 200


def test_list__drafts__hour_count_and_when_saved_the_last_touched_first(
    client: Client, aoki: CertificateClaim, at_moment: AtMoment
) -> None:
    first = factories.draft(aoki, at("2026-06-11 10:00"), 3)
    at_moment(situations.MONDAY_MORNING + timedelta(minutes=3))
    second = factories.draft(aoki, None, 15)

    drafts = section(client.get(LIST), "drafts")

    assert drafts.index(str(second.key)) < drafts.index(str(first.key))
    for words in ("6月11日（木）10時～11時", "3件", "日と時間は未定", "15件", "10時3分に保存"):
        assert words in drafts


def test_list__draft_that_was_booked__no_longer_a_draft(
    client: Client, aoki: CertificateClaim
) -> None:
    draft = factories.draft(aoki, at("2026-06-11 10:00"))

    confirm(client, draft)

    assert section(client.get(LIST), "drafts") == ""


@pytest.mark.parametrize("how_many", [0, 20])
def test_list__queries__the_same_however_much_is_held(
    client: Client, aoki: CertificateClaim, how_many: int, django_assert_max_num_queries: Any
) -> None:
    for index in range(how_many):
        day = at("2026-06-05 09:00") - timedelta(days=index)
        factories.reservation(aoki, day)
        factories.draft(aoki)

    with django_assert_max_num_queries(10):
        client.get(LIST)


def test_copy__earlier_reservation__new_draft_of_its_cases_without_a_day(
    client: Client, aoki: CertificateClaim
) -> None:
    held = factories.reservation(aoki, at("2026-06-04 10:00"), factories.numbers(3))
    held.cases.filter(order=2).update(type="permanent", with_reentry_permit=True)
    held.cases.filter(order=3).update(withdrawn_at=situations.MONDAY_MORNING)
    before = everything()

    response = client.post(f"{LIST}{held.reference}/copy")

    draft = Draft.objects.get()
    assert response["Location"] == f"{LIST}drafts/{draft.key}"
    assert added(before) == {"Draft": 1}
    page = client.get(response["Location"])
    assert numbers_on(page) == factories.numbers(2)
    assert "selected>永住" in main_of(page)
    assert " checked" not in main_of(page).replace('name="reentry-2" checked', "")


def test_copy__by_get__refused(client: Client, aoki: CertificateClaim) -> None:
    held = factories.reservation(aoki, at("2026-06-04 10:00"))

    assert client.get(f"{LIST}{held.reference}/copy").status_code == 405
