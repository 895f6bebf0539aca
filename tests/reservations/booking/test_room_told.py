"""More cases than the hour has left: told where hour and numbers stand.  D27.

Taking the place decides all the same; that it is asked again is in ``test_full_hour``.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from tests import factories, situations
from tests.changes import change
from tests.reservations.changing.steps import THURSDAY_TEN, open_page, posts, wish
from tests.reservations.changing.steps import words_of as words_on
from tests.reservations.walking import (
    confirm_path,
    draft_path,
    main_of,
    refusals,
    text_of,
    type_into,
    value_of,
    words_of,
)
from uketori.bureaus.models import Slot
from uketori.bureaus.slots import stop_hour
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

TOO_FEW = "この枠で受け付けられるのは、残り2件です。件数を減らすか、ほかの枠を選んでください。"
NEAR = "すべての案件をまとめて受け取れる近い時間："


def left_in_the_hour(cases: int) -> None:
    Slot.objects.update(booked_cases=F("capacity_cases") - cases)


@pytest.mark.parametrize(("cases", "told"), [(2, []), (3, ["TOO_FEW_CASES_LEFT"])])
def test_draft__as_many_as_are_left_and_one_more__told_when_it_is_saved(
    client: Client, aoki: CertificateClaim, cases: int, told: list[str]
) -> None:
    situations.an_hour_with_two_cases_left(THURSDAY_TEN)
    draft = factories.draft(aoki, THURSDAY_TEN, cases)

    page = client.get(draft_path(draft))

    assert refusals(page) == told
    assert (TOO_FEW in words_of(page)) is bool(told)


@pytest.mark.parametrize(("cases", "leads_on"), [(2, True), (3, False)])
def test_fourth_step__as_many_as_are_left_and_one_more__not_entered(
    client: Client, aoki: CertificateClaim, cases: int, leads_on: bool
) -> None:
    situations.an_hour_with_two_cases_left(THURSDAY_TEN)
    draft = factories.draft(aoki, THURSDAY_TEN, cases)

    page = client.get(confirm_path(draft), follow=True)

    assert (not page.redirect_chain) is leads_on
    assert (TOO_FEW in words_of(page)) is not leads_on
    assert refusals(page) == ([] if leads_on else ["TOO_FEW_CASES_LEFT"])


def test_going_on__too_many_for_the_hour__hours_with_room_lead_to_their_choices(
    client: Client, aoki: CertificateClaim
) -> None:
    situations.an_hour_with_two_cases_left(THURSDAY_TEN)
    draft = factories.draft(aoki)
    numbers = factories.numbers(3)

    sent = type_into(client, draft, numbers, slot=value_of(THURSDAY_TEN), do="proceed")
    page = client.get(sent.headers["Location"], follow=True)

    assert page.status_code == 422
    shown = main_of(page)
    assert f"{NEAR}6月11日（木）9時～10時、6月11日（木）11時～12時" in words_of(page)
    near = re.findall(r'<a class="nowrap" href="#([^"]+)"', shown)
    assert len(near) == 4
    for anchor in near:
        assert f'id="{anchor}"' in shown


def test_draft__the_hour_full_or_stopped_since__told_with_hours_that_have_room(
    client: Client, aoki: CertificateClaim
) -> None:
    full, stopped = factories.draft(aoki, THURSDAY_TEN, 1), factories.draft(aoki, AT_ONE, 1)
    situations.a_full_hour(THURSDAY_TEN)
    stop_hour(policy=factories.policy(), starts_at=AT_ONE, actor="staff:1", at=THURSDAY_TEN)

    pages = [client.get(draft_path(one)) for one in (full, stopped)]

    assert [refusals(page) for page in pages] == [["SLOT_FULL"], ["SLOT_STOPPED"]]
    assert all(NEAR in words_of(page) for page in pages)


AT_ONE = THURSDAY_TEN.replace(hour=13)


def test_draft__no_hour_has_room_for_all__said(client: Client, aoki: CertificateClaim) -> None:
    for starts_at in factories.displayed_hours(situations.MONDAY_MORNING):
        situations.an_hour_with_two_cases_left(starts_at)

    page = client.get(draft_path(factories.draft(aoki, THURSDAY_TEN, 3)))

    assert "まとめて受け取れるほかの時間は、いまありません" in words_of(page)


def test_draft__at_the_limit__nothing_is_offered_that_cannot_be_chosen(
    client: Client, aoki: CertificateClaim
) -> None:
    for hour in (9, 11):
        factories.reservation(
            aoki, THURSDAY_TEN.replace(hour=hour), factories.numbers(1, 7000 + hour)
        )
    situations.an_hour_with_two_cases_left(THURSDAY_TEN)

    page = client.get(draft_path(factories.draft(aoki, THURSDAY_TEN, 3)))

    assert "すべて予約済みです" in words_of(page)
    assert "あと0枠" not in words_of(page)
    assert NEAR not in words_of(page)


@pytest.mark.parametrize(("left", "status"), [(2, 200), (1, 422)])
def test_change__put_back_two__told_before_the_review(
    aoki: CertificateClaim, left: int, status: int
) -> None:
    made, visitor = five_without_two(aoki)
    left_in_the_hour(left)
    numbers = {"number-1": "阪労一E07001", "number-2": "阪労一E07002"}
    own = {"category-1": "own", "category-2": "own"}

    answered, page = posts(visitor, made, wish(visitor, made, "review", **numbers, **own))

    told = "この枠でいまより増やせるのは、あと1件です。戻す件数を減らしてください。"
    assert answered == status
    assert (told in words_on(page)) is (status == 422)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (2, ""),
        (1, "この枠の空きは、いまは1件です。"),
        (0, "いま空きがないため、案件を戻せません。"),
    ],
)
def test_change__fewer_left_than_could_be_put_back__said_on_the_form(
    aoki: CertificateClaim, left: int, said: str
) -> None:
    made, visitor = five_without_two(aoki)
    left_in_the_hour(left)

    shown = words_on(open_page(visitor, made))

    assert "あと2件戻せます" in shown
    assert said in shown
    assert ("空きは、いま" in shown or "いま空きがない" in shown) is bool(said)


def five_without_two(aoki: CertificateClaim) -> tuple[Reservation, Client]:
    """Five cases of which two were withdrawn, and whose they are."""
    made = factories.reservation(aoki, THURSDAY_TEN, factories.numbers(5))
    change(made, withdrawn=[1, 2])
    return made, situations.signed_in_client(aoki)


def test_exchange__the_other_hour_has_too_few__hours_with_room_are_offered(
    aoki: CertificateClaim, settings: Any, tmp_path: Path
) -> None:
    settings.BUREAUS_FOLDER = situations.an_osaka_that_reschedules(tmp_path)
    made = factories.reservation(aoki, AT_ONE, factories.numbers(3))
    situations.an_hour_with_two_cases_left(THURSDAY_TEN)
    form = {"revision": made.revision, "slot": value_of(THURSDAY_TEN), "do": "review"}

    page = situations.signed_in_client(aoki).post(
        f"/osaka/reservations/{made.reference}/hour", form
    )

    assert (page.status_code, refusals(page)) == (422, ["TOO_FEW_CASES_LEFT"])
    assert f"{NEAR}6月11日（木）9時～10時、6月11日（木）11時～12時" in words_of(page)


def test_telephone__too_many_for_the_hour__told_before_anything_is_asked_aloud(
    aoki: CertificateClaim,
) -> None:
    situations.an_hour_with_two_cases_left(THURSDAY_TEN)
    typed = {f"number-{order}": number for order, number in enumerate(factories.numbers(3), 1)}
    sent = {"slot": value_of(THURSDAY_TEN), "category-all": "own", "do": "check", **typed}

    page = situations.staff_client().post(
        reverse("counter:book_for_claim", args=["osaka", aoki.pk]), sent
    )

    assert "TOO_FEW_CASES_LEFT" in refusals(page)
    assert NEAR in text_of(page)


def test_telephone__put_back_more_than_is_left__told_before_it_is_read_aloud(
    aoki: CertificateClaim,
) -> None:
    made, _visitor = five_without_two(aoki)
    made.refresh_from_db()
    left_in_the_hour(1)
    rows = {
        f"{name}-{order}": value
        for order in (1, 2)
        for name, value in (("number", f"阪労一E0700{order}"), ("category", "own"))
    }
    sent = {"revision": made.revision, "do": "review", **rows}

    page = situations.staff_client().post(
        reverse("counter:call_changes", args=["osaka", made.reference]), sent
    )

    assert page.status_code == 422
    assert "TOO_FEW_CASES_LEFT" in refusals(page)
