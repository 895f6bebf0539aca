"""Codes, numbers and addresses stay what they are when a browser translates the page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.repository.test_source import SOURCE

CODES = {
    "address",
    "as_typed",
    "certificate_number",
    "contact_phone",
    "mail_domain",
    "mail_from",
    "mail_reply_to",
    "meant",
    "new_address",
    "number",
    "number_example",
    "phone",
    "phone_menu_code",
    "reference",
    "sign",
    "twins",
}
"""How what must not be translated is called, whatever it belongs to."""
OTHERS = {"policy.address"} | {
    f"{what}.number" for what in ("notice", "other", "page", "section", "step", "version")
}
"""Of the same name, and words or plain counts."""
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
TOKEN = re.compile(r"\{[{%].*?[%}]\}", re.S)
SHOWN = re.compile(r"\{\{ ([\w.]+)(.*?) \}\}")
NAMED = re.compile(r"\w+=([\w.]+)(\S*)")


class Places(HTMLParser):
    """Where the tags of a template stand: in the text of the page, or in an attribute or title."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tokens = TOKEN.findall(source)
        self.in_text: list[str] = []
        self.elsewhere: list[str] = []
        self.is_in_title = False
        self.feed(TOKEN.sub("\ue000", source))
        self.close()
        assert not self.tokens

    def handle_data(self, data: str) -> None:
        self._take(data, self.in_text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._take(self.get_starttag_text() or "", self.elsewhere)

    def handle_comment(self, data: str) -> None:
        self._take(data, self.elsewhere)

    def _take(self, data: str, found: list[str]) -> None:
        for _ in range(data.count("\ue000")):
            token = self.tokens.pop(0)
            if "block title" in token:
                self.is_in_title = "endblock" not in token
            (self.elsewhere if self.is_in_title else found).append(token)


def codes_in(token: str) -> Iterator[tuple[str, str]]:
    """Every code that this tag shows, with its filters."""
    if token.startswith("{{"):
        pairs = SHOWN.findall(token)
    elif token.startswith("{% blocktranslate"):
        pairs = NAMED.findall(token)
    else:
        pairs = []
    for path, filters in pairs:
        owner, _, name = path.rpartition(".")
        if owner and name in CODES and path not in OTHERS:
            yield path, filters


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_template__each_code_in_its_text__is_kept_from_translation(file: Path) -> None:
    places = Places(file.read_text())

    shown = [code for token in places.in_text for code in codes_in(token)]

    assert [path for path, filters in shown if "|untranslated" not in filters] == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_template__attributes_and_titles__hold_no_markup(file: Path) -> None:
    places = Places(file.read_text())

    assert [token for token in places.elsewhere if "untranslated" in token] == []
