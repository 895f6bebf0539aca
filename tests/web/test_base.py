"""What every page carries: headers, the sample line, the moved clock, the end of the session."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from tests.answers import untranslated

SAMPLE = "公式のサービスではありません"


@dataclass(frozen=True)
class Visitor:
    """A signed-in person, as the context processor tells the page."""

    address: str = "aoki@example.jp"
    ends_at: datetime = datetime(2026, 6, 8, 2, 24, tzinfo=UTC)
    seconds_left: int = 3600
    holder_count: int = 1


def osaka() -> SimpleNamespace:
    return SimpleNamespace(
        bureau_name="大阪出入国在留管理局",
        service_name="交付予約システム",
        address="大阪市住之江区南港北1-29-53",
        contact_section="審査管理部門",
        contact_phone="0570-064259",
        phone_menu_code="210",
        contact_hours="開庁日の9時～16時",
        contact_phone_note="",
        session_warning_minutes=5,
        tz=ZoneInfo("Asia/Tokyo"),
    )


def page(**context: object) -> str:
    known = {"policy": osaka(), "bureau_code": "osaka", "visitor": None}
    return render_to_string("web/base.html", known | context, RequestFactory().get("/here/"))


def test_every_page__carries_the_headers() -> None:
    headers = Client().get("/base/").headers

    assert "camera=()" in headers["Permissions-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src 'self';" in headers["Content-Security-Policy"] + ";"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_personal_page__is_not_stored_and_keeps_its_address() -> None:
    headers = Client().get("/personal/").headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("official", "told"), [(False, True), (True, False)])
def test_sample_line__unless_official(official: bool, told: bool, settings: Any) -> None:
    settings.OFFICIAL = official

    assert (SAMPLE in page()) is told
    assert (SAMPLE in page(policy=None)) is told


def test_clock__moved__says_what_time_it_is(settings: Any) -> None:
    assert "時計は動かしてあります" not in page()

    settings.CLOCK_OFFSET_SECONDS = 3600

    assert "時計は動かしてあります" in page()


def test_page_without_bureau__links_nowhere() -> None:
    html = page(policy=None, bureau_code=None)

    assert '<a class="skip-link" href="#main">' in html
    assert html.count("<a ") == 1


def test_page__tells_the_telephone_and_the_title() -> None:
    html = page()

    assert "｜交付予約システム（大阪出入国在留管理局）</title>" in html
    assert '<a class="contact__number" href="tel:0570064259">' in html
    assert untranslated("0570-064259") in html
    assert f"部署番号 {untranslated('210')}" in html


def test_signed_out__no_session_line() -> None:
    html = page()

    assert "予約・変更" in html
    assert "ログアウト" not in html
    assert "data-session" not in html


def test_signed_in__tells_the_end_as_a_clock_time() -> None:
    html = page(visitor=Visitor())

    assert "この画面は<strong>11時24分</strong>まで使えます" in html
    assert 'data-seconds-left="3600" data-warn-seconds="300"' in html
    assert '<form action="/osaka/entry/logout/" method="post">' in html
    assert '<input type="hidden" name="next" value="/here/">' in html


def test_link_of_the_present_page__is_marked() -> None:
    assert "aria-current" not in page()

    html = page(visitor=Visitor(), nav_current="reservations:new")

    assert html.count('aria-current="page"') == 1
    assert '"/osaka/reservations/new/" aria-current="page"' in html
