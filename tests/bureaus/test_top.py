"""The top page: what is free, for everybody, without personal data and in three queries.  R-27."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories, situations
from tests.policies import at
from tests.situations import AtMoment
from uketori.reservations.models import ReservedCase

pytestmark = pytest.mark.django_db

TOP = "/osaka/"


@pytest.fixture(autouse=True)
def _notice() -> None:
    factories.first_notice()


@pytest.fixture
def cached(settings: Any) -> None:
    """The table is kept for a second, as in production."""
    settings.AVAILABILITY_CACHE_SECONDS = 1
    cache.clear()


def page(client: Client | None = None) -> str:
    response = (client or Client()).get(TOP)
    assert response.status_code == 200
    return response.content.decode()


def book_everything_of(now: datetime, how_many: int) -> None:
    for hour in factories.displayed_hours(now)[: how_many // 2]:
        for _ in range(2):
            factories.reservation(factories.claim(), hour)


@pytest.mark.parametrize("how_many", [0, 60])
def test_top__however_many_reservations__three_queries(
    monday_morning: datetime, how_many: int, django_assert_max_num_queries: Any
) -> None:
    book_everything_of(monday_morning, how_many)

    with django_assert_max_num_queries(3):
        page()


def test_top__sixty_reservations__nothing_of_a_person(monday_morning: datetime) -> None:
    book_everything_of(monday_morning, 60)
    aoki = situations.aoki()
    held = factories.reservation(aoki, at("2026-06-15 15:00"), 3)

    text = page()

    person = aoki.intermediary
    personal = [
        person.name,
        person.name_kana,
        person.organisation,
        person.phone,
        aoki.number,
        aoki.mail_address.address,
        held.reference,
        *ReservedCase.objects.values_list("number", flat=True),
    ]
    assert [one for one in personal if one in text] == []


def test_top__mon_6_8__names_five_days_and_the_next_release(monday_morning: datetime) -> None:
    text = page()

    dates = re.findall(r'hours__date">(\d+)日</span>（(.)）', text)
    assert dates == [("9", "火"), ("10", "水"), ("11", "木"), ("12", "金"), ("15", "月")]
    assert "6月16日（火）の受付は12時にはじまります。" in text
    assert "6月8日（月）10時現在" in text


def test_top__two_cases_left__said_beside_the_word(monday_morning: datetime) -> None:
    situations.an_hour_with_two_cases_left(at("2026-06-10 10:00"))
    situations.a_full_hour(at("2026-06-10 11:00"))

    text = page()

    assert "残り2件" in text
    assert text.count("残りわずか<br>") == 1
    assert "満席" in text


def test_top__two_visitors__same_bytes_no_form_no_cookie(
    monday_morning: datetime, cached: None
) -> None:
    first, second = Client().get(TOP), Client().get(TOP)

    assert first.content == second.content
    for response in (first, second):
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert "Set-Cookie" not in response.headers
        assert response.cookies == {}


def test_top__somebody_books_within_the_second__shown_a_second_later(
    at_moment: AtMoment, cached: None
) -> None:
    now = at("2026-06-08 10:00")
    at_moment(now)
    before = page()
    situations.a_full_hour(at("2026-06-10 10:00"))

    assert page() == before
    at_moment(now + timedelta(seconds=1))
    assert page().count("満席") == before.count("満席") + 1


def test_top__signed_in_visitor__others_get_the_page_without_her(
    monday_morning: datetime, cached: None
) -> None:
    before = page()
    client = situations.signed_in_client(situations.aoki())

    assert "aoki@example.jp" in page(client)
    assert page() == before


def test_top__made_just_before_noon__not_shown_at_noon(at_moment: AtMoment, cached: None) -> None:
    at_moment(at("2026-06-08 11:59:59.999"))
    assert "6月9日（火）の予約は" in page()

    at_moment(at("2026-06-08 12:00:00.000"))
    assert "6月10日（水）の予約は" in page()
    assert "6月9日（火）の予約は" not in page()


def test_top__before_any_hour_was_made__all_free(monday_morning: datetime) -> None:
    text = page()

    assert text.count("空きあり<br>") == 30


def test_index__one_bureau__leads_to_it() -> None:
    response = Client().get("/")

    assert (response.status_code, response["Location"]) == (302, TOP)


@pytest.mark.parametrize(
    "path", ["/kobe/", "/kobe/notice", "/kobe/privacy", "/kobe/accessibility", "/osaka/notice/2"]
)
def test_public_pages__not_there__404(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["", "notice", "notice/1", "privacy", "accessibility", "entry"])
def test_public_pages__unofficial_site__says_so(path: str) -> None:
    text = Client().get(f"/osaka/{path}").content.decode()

    assert "これは大阪出入国在留管理局の公式のサービスではありません。" in text


@pytest.mark.parametrize("path", ["", "notice", "notice/1", "privacy", "accessibility", "entry"])
def test_public_pages__official_site__says_nothing(path: str, settings: Any) -> None:
    settings.OFFICIAL = True

    assert "公式のサービスではありません" not in Client().get(f"/osaka/{path}").content.decode()
