"""The notice (利用案内): its versions and how they are shown.  R-01, R-02, 利用案内 6(5).

The Markdown of a version is divided at its ``## `` headings; each part is a section with an anchor
``s1``, ``s2``, … so that single clauses can be shown where they are needed.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Subquery
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from uketori.bureaus.models import Banner, NoticeVersion

CLASSES = {
    "bullet_list_open": "prose__items",
    "list_item_open": "prose__item",
    "heading_open": "prose__subtitle",
    "blockquote_open": "prose__aside",
}
SHORT_MARK = re.compile("[アイウエ※]　")
"""Marks of one character; （１） and the like take three."""
HEADING = re.compile(r"^## (?P<number>[０-９]+)\s+(?P<title>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class NoticeSection:
    """One numbered part of the notice, ready to show."""

    anchor: str
    number: str
    title: str
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
    """Return the sections of the version in order."""
    found = list(HEADING.finditer(version.body))
    ends = [match.start() for match in found[1:]] + [len(version.body)]
    return [
        NoticeSection(
            anchor=f"s{index}",
            number=match["number"],
            title=match["title"],
            html=_html(version.body[match.end() : end]),
        )
        for index, (match, end) in enumerate(zip(found, ends, strict=True), start=1)
    ]


def _html(text: str) -> SafeString:
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse(text)
    for token, within in zip(tokens, [*tokens[2:], None, None], strict=True):
        _classify(token)
        if token.type == "list_item_open" and within and SHORT_MARK.match(within.content):
            token.attrJoin("class", "prose__item--short")
    # markdown-it escapes all text, raw HTML is off, and only https links pass its validation
    return SafeString(markdown.renderer.render(tokens, markdown.options, {}))


def _classify(token: Token) -> None:
    if name := CLASSES.get(token.type):
        token.attrSet("class", name)
    for child in token.children or []:
        if child.type == "link_open":
            child.attrSet("rel", "external")
