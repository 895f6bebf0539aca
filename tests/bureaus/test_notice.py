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
from uketori.bureaus.first_rows import prepare
from uketori.bureaus.models import NoticeVersion
from uketori.bureaus.notice import clauses_of, notice_at, sections_of

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


def second(at_moment: AtMoment, body: str) -> str:
    """The page of a version with this body."""
    factories.notice(2, at("2026-06-01 00:00"), body=body)
    at_moment(at("2026-06-08 10:00"))
    return page()


def test_notice__without_any_heading__shown_whole_and_without_contents(at_moment: AtMoment) -> None:
    shown = second(at_moment, "はじめの文です。\n\n- 一つめ\n- 二つめ\n\nおわりの文です。")

    for words in ("はじめの文です。", "一つめ", "二つめ", "おわりの文です。"):
        assert words in shown
    assert "目次" not in shown


def test_notice__text_before_the_first_heading__stands_first(at_moment: AtMoment) -> None:
    shown = second(
        at_moment, "前置きです。\n\n## １ はじめに\n\n本文です。\n\n## ２ つぎに\n\n続き。"
    )

    assert shown.index("前置きです。") < shown.index('id="s1"') < shown.index("本文です。")
    assert shown.index("本文です。") < shown.index('id="s2"') < shown.index("続き。")
    assert shown.count('class="contents__link"') == 2


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("## １ はじめに", "１", "はじめに"),
        ("##  1. はじめに ##", "1", "はじめに"),
        ("## １２　はじめに", "１２", "はじめに"),
        ("## はじめに", "", "はじめに"),
        ("# はじめに", "", "はじめに"),
        ("はじめに\n---", "", "はじめに"),
        ("## 2026年の変更", "", "2026年の変更"),
        ("## １", "", "１"),
    ],
)
def test_notice__heading_of_any_kind__begins_a_part(
    at_moment: AtMoment, heading: str, number: str, title: str
) -> None:
    shown = second(at_moment, f"前置き\n\n{heading}\n\n本文です。")

    before, part = sections_of(notice_at("osaka", at("2026-06-08 10:00")))
    assert "前置き" in before.html
    assert (part.anchor, part.number, part.title) == ("s1", number, title)
    assert f"<span>{number}</span><span>{title}</span>" in shown
    assert "本文です。" in part.html


def test_notice__everything_that_markdown_knows__nothing_is_left_out(at_moment: AtMoment) -> None:
    shown = second(
        at_moment,
        "## １ *強調*と[リンク](https://example.jp/)\n\n1. 番号の一\n2. 番号の二\n   - 内側\n\n"
        "|見出し|値|\n|---|---|\n|表の中|15|\n\n```\n## 囲みの中\n```\n\n    字下げの中\n\n"
        "> 引用\n> ## 引用の見出し\n\n#### 小見出し\n\n---\n\n![絵の名](https://example.jp/a.png)\n\n-\n",
    )

    for words in (
        *("<em>強調</em>", "番号の一", "番号の二", "内側", "表の中", "## 囲みの中", "字下げの中"),
        *("引用", "引用の見出し", "小見出し", 'alt="絵の名"'),
    ):
        assert words in shown, words
    assert "<span>１</span><span>強調とリンク</span>" in shown
    assert shown.count('class="contents__link"') == 1
    assert "|見出し|" not in shown


@pytest.mark.parametrize("body", ["## ", "##", "-", "> ", "1.", "[a]: https://example.jp/", "***"])
def test_notice__hardly_anything__still_a_page(at_moment: AtMoment, body: str) -> None:
    assert "利用案内" in second(at_moment, body)


@pytest.mark.parametrize("body", ["ほかの文。", "前置き\n\n## はじめに\n\n本文。"])
def test_draft__notice_that_counts_in_another_way__cites_nothing(
    at_moment: AtMoment, body: str
) -> None:
    factories.notice(2, at("2026-06-01 00:00"), body=body)
    at_moment(at("2026-06-08 10:00"))

    assert clauses_of(notice_at("osaka", at("2026-06-08 10:00")), 3, 4) == []


def test_draft__text_before_the_first_heading__cites_3_and_4_all_the_same(
    at_moment: AtMoment,
) -> None:
    first = notice_at("osaka", at("2026-06-08 10:00")).body
    factories.notice(2, at("2026-06-01 00:00"), body=f"お知らせ。\n\n{first}")

    cited = clauses_of(notice_at("osaka", at("2026-06-08 10:00")), 3, 4)

    assert [one.number for one in cited] == ["３", "４"]


@pytest.mark.parametrize("heading", ["3.1 受付", "2026.4.1 改正", "３．１　受付"])
def test_heading__a_number_with_parts__is_no_clause(at_moment: AtMoment, heading: str) -> None:
    second(at_moment, f"## 3 予約\n\n一\n\n## {heading}\n\n二\n")
    version = NoticeVersion.objects.latest("number")

    assert [one.title for one in clauses_of(version, 3)] == ["予約"]
    assert [one.number for one in sections_of(version)] == ["3", ""]
