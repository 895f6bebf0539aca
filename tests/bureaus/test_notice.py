"""The notice: whole, in sections, in versions with their periods.  R-01, R-02, 利用案内 6(5)."""

import html
import re
import unicodedata
from pathlib import Path

import pytest
from django.test import Client

from tests import factories
from tests.policies import at
from tests.situations import AtMoment
from uketori.bureaus.models import NoticeVersion
from uketori.bureaus.notice import notice_at, sections_of
from uketori.bureaus.setup import prepare

pytestmark = pytest.mark.django_db

TITLE_LINES = 2
"""The guide's own title; the page has its heading instead."""


@pytest.fixture(autouse=True)
def _notice() -> None:
    factories.first_notice()


def page(path: str = "/osaka/notice") -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def plain(text: str) -> str:
    """The words alone: no tags, no blanks, full and half width the same."""
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"[\s◆]|-(?=\s)", "", unicodedata.normalize("NFKC", text))


def guide_lines() -> list[str]:
    text = (Path(__file__).parent / "guide.ja.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()][TITLE_LINES:]


def test_notice__official_guide__every_line_stands_on_the_page() -> None:
    shown = page()
    words = plain(shown)

    missing = [line for line in guide_lines() if plain(line) not in words and line not in shown]
    assert missing == []


def test_notice__official_guide__in_its_order() -> None:
    words = plain(page())
    sentences = [plain(line) for line in guide_lines() if not line.startswith("https")]

    place = 0
    for sentence in sentences:
        place = words.index(sentence, place)


def test_notice__six_sections__anchors_and_contents() -> None:
    shown = page()

    sections = sections_of(notice_at("osaka", at("2026-06-08 10:00")))
    assert [one.anchor for one in sections] == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert [one.number for one in sections] == list("１２３４５６")
    for one in sections:
        assert shown.count(f'id="{one.anchor}"') == 1
        assert f'href="#{one.anchor}"' in shown
        assert one.title in shown


def test_notice__forms_of_the_agency__linked_as_external() -> None:
    address = factories.policy().forms_url

    assert re.search(rf'<a href="{re.escape(address)}" rel="external">', page())


def test_notice__page__says_number_and_date_of_the_version() -> None:
    assert "第1版（2026年1月1日から）" in page()


@pytest.mark.parametrize(
    ("now", "number"),
    [("2026-06-30 23:59:59", 1), ("2026-07-01 00:00:00", 2)],
    ids=["Tue, last second", "Wed, first"],
)
def test_notice__second_version__in_force_from_its_moment(
    at_moment: AtMoment, now: str, number: int
) -> None:
    factories.notice(2, at("2026-07-01 00:00"))
    at_moment(at(now))

    assert notice_at("osaka", at(now)).number == number
    assert f"第{number}版（" in page()
    assert ("電話番号を改めました。" in page()) is (number == 2)


def test_notice__old_version__readable_with_its_period(at_moment: AtMoment) -> None:
    factories.notice(2, at("2026-07-01 00:00"))
    at_moment(at("2026-07-02 10:00"))

    old, current = page("/osaka/notice/1"), page()

    assert "これは前の版です。" in old
    assert "第1版（2026年1月1日から）" in old
    assert "2026年7月1日に次の版になりました。" in old
    assert plain("オンライン申請、在留資格認定証明書交付申請") in plain(old)
    assert "これは前の版です。" not in current
    assert 'href="/osaka/notice/1"' in current


def test_notice__three_versions__each_ends_with_the_one_after_it(at_moment: AtMoment) -> None:
    factories.notice(2, at("2026-07-01 00:00"))
    factories.notice(3, at("2026-08-03 00:00"))
    at_moment(at("2026-09-01 10:00"))

    assert "2026年7月1日に次の版になりました。" in page("/osaka/notice/1")
    assert "2026年8月3日に次の版になりました。" in page("/osaka/notice/2")
    assert "次の版になりました。" not in page("/osaka/notice/3")


def test_notice__version_of_the_future__not_shown_yet(at_moment: AtMoment) -> None:
    factories.notice(2, at("2026-07-01 00:00"))
    at_moment(at("2026-06-30 10:00"))

    assert Client().get("/osaka/notice/2").status_code == 404
    assert 'href="/osaka/notice/2"' not in page()


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[ここ](javascript:alert(1))",
        '[ここ](https://example.jp/"onclick="alert(1))',
    ],
)
def test_notice__raw_html_in_a_version__escaped(at_moment: AtMoment, raw: str) -> None:
    factories.notice(2, at("2026-06-01 00:00"), body=f"## １ はじめに\n\n本文{raw}終わり")
    at_moment(at("2026-06-08 10:00"))

    shown = page()

    assert "終わり" in shown
    assert not re.search(r"<script>alert|<img src=x|href=\"javascript:|[\"\s]onclick=\"", shown)


def test_prepare__run_again__changes_nothing_that_stands() -> None:
    NoticeVersion.objects.update(changes="職員が直した版")

    prepare(at("2026-06-08 10:00"))
    prepare(at("2026-06-08 10:00"))

    assert [one.changes for one in NoticeVersion.objects.all()] == ["職員が直した版"]
