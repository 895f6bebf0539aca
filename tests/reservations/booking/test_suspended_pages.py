"""Whoever is suspended is told on every page that leads to a booking, and offered none.  D24."""

from datetime import date

import pytest
from django.test import Client

from tests import factories, situations
from tests.policies import at
from tests.reservations.walking import (
    LIST,
    confirm,
    confirm_path,
    draft_path,
    main_of,
    refusals,
    saved,
    type_into,
    words_of,
)
from tests.situations import AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

WEDNESDAY_TEN = at("2026-06-10 10:00")
FIRST, LAST = date(2026, 6, 1), date(2026, 7, 10)
TITLE = "利用停止中です（2026年7月10日（金）まで）"
SAID = (
    TITLE,
    "いまある予約は、そのまま使えます。案件の変更とキャンセルも、それぞれの期限までできます。",
    "0570-064259",
)


def suspend(claim: CertificateClaim) -> None:
    factories.suspension(claim.intermediary, FIRST, LAST)


def test_list__suspended__said_instead_of_what_may_be_booked(
    client: Client, aoki: CertificateClaim
) -> None:
    held = factories.reservation(aoki, WEDNESDAY_TEN)
    assert "あと1枠予約できます" in words_of(client.get(LIST))
    suspend(aoki)

    page = client.get(LIST)

    assert all(words in words_of(page) for words in SAID)
    assert "枠予約できます" not in words_of(page)
    assert "新しく予約する" not in words_of(page)
    assert f'href="{LIST}{held.reference}/changes"' in main_of(page)


@pytest.mark.parametrize(
    ("now", "is_said"),
    [("2026-07-10 23:59:59", True), ("2026-07-11 00:00", False)],
)
def test_list__around_the_end_of_the_last_day(at_moment: AtMoment, now: str, is_said: bool) -> None:
    at_moment(at(now))
    claim = situations.aoki()
    suspend(claim)

    page = situations.signed_in_client(claim).get(LIST)

    assert (TITLE in words_of(page)) is is_said
    assert ("新しく予約する" in words_of(page)) is not is_said


def test_list__colleague_at_the_same_address__books_on(
    client: Client, aoki: CertificateClaim
) -> None:
    suspend(aoki)
    colleague = factories.claim(person=factories.intermediary("別府 次郎"), number="大取第10235号")

    page = client.get(LIST)

    assert words_of(page).count(TITLE) == 1
    assert main_of(page).count(f"?holder={colleague.pk}") == 1
    assert f"?holder={aoki.pk}" not in main_of(page)


def test_list__same_number_from_another_address__no_booking_there_either(
    client: Client, aoki: CertificateClaim
) -> None:
    suspend(aoki)
    second = factories.claim("b@example.jp", number=aoki.number, place=2)

    page = situations.signed_in_client(second).get(LIST)

    assert "この番号の証明書を窓口で確認するまで" in words_of(page)
    assert "新しく予約する" not in words_of(page)


def test_draft__suspended__said_on_top_kept_and_not_led_on(
    client: Client, aoki: CertificateClaim
) -> None:
    draft = factories.draft(aoki, WEDNESDAY_TEN, 3)
    assert 'value="proceed"' in main_of(client.get(draft_path(draft)))
    suspend(aoki)

    page = client.get(draft_path(draft))

    assert all(words in words_of(page) for words in SAID)
    assert words_of(page).index(TITLE) < words_of(page).index("受け取りに来る方")
    assert 'value="proceed"' not in main_of(page)
    assert "枠予約できます" not in words_of(page)
    type_into(client, draft, factories.numbers(2))
    assert len(saved(draft).filled().rows) == 2


def test_confirmation__suspended__said_on_top_without_a_button(
    client: Client, aoki: CertificateClaim
) -> None:
    draft = factories.draft(aoki, WEDNESDAY_TEN, 3)
    assert "この内容で予約する" in words_of(client.get(confirm_path(draft)))
    suspend(aoki)

    page = client.get(confirm_path(draft))

    assert page.status_code == 200
    assert all(words in words_of(page) for words in SAID)
    assert "この内容で予約する" not in words_of(page)
    assert 'name="declared"' not in main_of(page)


@pytest.mark.parametrize("is_taken", [False, True])
def test_confirmation__suspended_meanwhile__said_and_no_other_hour_offered(
    client: Client, aoki: CertificateClaim, is_taken: bool
) -> None:
    draft = factories.draft(aoki, WEDNESDAY_TEN, 3)
    factories.reservation(aoki, WEDNESDAY_TEN if is_taken else at("2026-06-11 10:00"))
    suspend(aoki)

    page = confirm(client, draft, declared=[])

    assert page.status_code == 422
    assert refusals(page) == ["SUSPENDED"]
    assert all(words in words_of(page) for words in SAID)
    assert "この内容で予約する" not in words_of(page)
    assert Reservation.objects.count() == 1


def test_cancellation__suspended__may_cancel_and_is_told_that_nothing_follows(
    client: Client, aoki: CertificateClaim
) -> None:
    held = factories.reservation(aoki, WEDNESDAY_TEN)
    address = f"{LIST}{held.reference}/cancellation"
    assert "いまの空き状況" in words_of(client.get(address))
    suspend(aoki)

    page = words_of(client.get(address))

    assert all(words in page for words in SAID)
    assert "いまは、予約しなおせません。" in page
    assert "いまの空き状況" not in page
    assert client.post(address).status_code == 302
    held.refresh_from_db()
    assert held.cancelled_at is not None


def test_choice__one_is_suspended__only_the_colleague_is_offered(
    client: Client, aoki: CertificateClaim
) -> None:
    colleague = factories.claim(person=factories.intermediary("別府 次郎"), number="大取第10235号")
    offers = [f'href="{LIST}new?holder={one.pk}"' for one in (aoki, colleague)]
    page = main_of(client.get("/osaka/holders/"))
    assert [one in page for one in offers] == [True, True]
    suspend(aoki)

    response = client.get("/osaka/holders/")

    assert [one in main_of(response) for one in offers] == [False, True]
    told = "利用停止中（2026年7月10日（金）まで、新しい予約はできません）"
    assert words_of(response).count(told) == 1


def test_choice__for_a_draft__suspended_one_may_go_on_typing(
    client: Client, aoki: CertificateClaim
) -> None:
    draft = factories.draft(aoki)
    suspend(aoki)

    page = main_of(client.get(f"/osaka/holders/?draft={draft.key}"))

    assert f'href="{draft_path(draft)}?holder={aoki.pk}"' in page


def test_number_of_a_suspended__no_page_says_that_somebody_is(
    client: Client, aoki: CertificateClaim
) -> None:
    """Anybody can type a number; what became of its holder is not theirs to read.  ADR 0019."""
    booked = factories.reservation(aoki, at("2026-06-11 10:00"), 3)
    draft = factories.draft(aoki, WEDNESDAY_TEN, 3)
    other = factories.claim(
        "rival@example.jp", person=factories.intermediary("偽 花子"), number=aoki.number, place=2
    )
    suspend(other)
    own = f"/osaka/reservations/{booked.reference}"

    for page in (LIST, draft_path(draft), confirm_path(draft), f"{own}/cancellation"):
        shown = words_of(client.get(page))
        assert "この番号の証明書を窓口で確認するまで、新しい予約はできません" in shown
        assert "停止" not in shown
        assert "まで）" not in shown.replace("分まで）", "")
    changes = words_of(client.get(f"{own}/changes"))
    assert "予約しなおすこともできません" in changes
    assert "停止" not in changes
