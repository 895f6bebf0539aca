"""The notice (利用案内): its versions and how they are shown.  R-01, R-02, 利用案内 6(5).

The Markdown of a version is divided at its headings ``#`` and ``##``; each part is a section with
an anchor ``s1``, ``s2``, … and its number, if it has one, so that single clauses can be shown where
they are needed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Subquery
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from uketori.bureaus.models import Banner, NoticeVersion

MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable("table")
CLASSES = {
    "bullet_list_open": "prose__items",
    "ordered_list_open": "prose__items prose__items--counted",
    "list_item_open": "prose__item",
    "heading_open": "prose__subtitle",
    "blockquote_open": "prose__aside",
    "table_open": "prose__table",
    "th_open": "prose__cell",
    "td_open": "prose__cell",
}
SHORT_MARK = re.compile("[^\\s　]　")
"""A mark of one character, such as ア or ※, and a full-width space."""
LONG_MARK = re.compile("（[^（）]{1,2}）")
"""（１） and the like: three characters."""
NUMBER = re.compile(r"(?P<number>[０-９0-9]+)(?:[.．、](?![０-９0-9])\s*|\s+)(?=\S)")
"""At the beginning of a heading: ``１ 題``, ``1. 題``; neither 3.1 nor a date is a clause."""


@dataclass(frozen=True)
class NoticeSection:
    """One part of the notice, ready to show; number and title may be empty."""

    anchor: str
    number: str
    title: str
    """The words alone, as they stand in the contents."""
    title_html: SafeString
    html: SafeString


def notice_at(code: str, at: datetime) -> NoticeVersion:
    """Return the version in force.  Raises ``NoticeVersion.DoesNotExist`` before the first one.

    The banner is read along with it: the top page has no query to spare.
    """
    standing = Banner.objects.standing(code)
    return (
        NoticeVersion.objects.filter(bureau=code, effective_from__lte=at)
        .annotate(
            banner_text=Subquery(standing.values("text")[:1]),
            banner_set_at=Subquery(standing.values("set_at")[:1]),
        )
        .order_by("-effective_from", "-number")[:1]
        .get()
    )


def number_in_force(code: str, at: datetime) -> Subquery:
    """Return the number of the version in force, to be read along with another row."""
    versions = NoticeVersion.objects.filter(bureau=code, effective_from__lte=at)
    return Subquery(versions.order_by("-effective_from", "-number").values("number")[:1])


def sections_of(version: NoticeVersion) -> list[NoticeSection]:
    """Return the parts of the version in order; what stands before the first heading has no title.

    Whatever Markdown it is, nothing of it is left out.
    """
    tokens = MARKDOWN.parse(version.body)
    begins = [place for place, token in enumerate(tokens) if _begins_section(token)]
    parts = [
        _section(tokens[begin:end], index)
        for index, (begin, end) in enumerate(pairwise([*begins, len(tokens)]), start=1)
    ]
    before = tokens[: begins[0]] if begins else tokens
    return [NoticeSection("s0", "", "", SafeString(), _html(before)), *parts] if before else parts


def clauses_of(version: NoticeVersion, *numbers: int) -> list[NoticeSection]:
    """Return the parts that carry these numbers; none where the notice counts in another way."""
    wanted = [str(number) for number in numbers]
    return [
        one for one in sections_of(version) if unicodedata.normalize("NFKC", one.number) in wanted
    ]


def _begins_section(token: Token) -> bool:
    return token.type == "heading_open" and token.level == 0 and token.tag in {"h1", "h2"}


def _section(tokens: list[Token], index: int) -> NoticeSection:
    """Return the part that begins with this heading (three tokens)."""
    heading = tokens[1]
    found = NUMBER.match(heading.content)
    number = found["number"] if found else ""
    words = heading.content[found.end() :] if found else heading.content
    inline = MARKDOWN.parseInline(words)[0]
    return NoticeSection(
        anchor=f"s{index}",
        number=number,
        title="".join(child.content for child in inline.children or []),
        title_html=SafeString(MARKDOWN.renderInline(words)),
        html=_html(tokens[3:]),
    )


def _html(tokens: list[Token]) -> SafeString:
    for place, token in enumerate(tokens):
        _classify(token)
        if token.type == "list_item_open":
            _classify_item(token, tokens[place + 2].content)
    # markdown-it escapes all text, raw HTML is off, and no link to a script passes its validation
    return SafeString(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))


def _classify(token: Token) -> None:
    if name := CLASSES.get(token.type):
        token.attrSet("class", name)
    for child in token.children or []:
        if child.type == "link_open":
            child.attrSet("rel", "external")


def _classify_item(token: Token, words: str) -> None:
    """Let a mark that was typed hang; where none was, the page gives one."""
    is_counted = token.markup in {".", ")"}
    if is_counted or not (SHORT_MARK.match(words) or LONG_MARK.match(words)):
        token.attrJoin("class", "prose__item--unmarked")
    elif SHORT_MARK.match(words):
        token.attrJoin("class", "prose__item--short")
