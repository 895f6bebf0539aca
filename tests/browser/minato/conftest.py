"""The browser's journeys once more, at みなと; every answer is read for words of Osaka's."""

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse

from tests.every_bureau.bureaus import FOLDER, foreign_words, go_to

READ = ("text/html", "text/plain", "text/calendar", "text/csv", "application/json")


@pytest.fixture
def bureau(
    settings: Any, monkeypatch: pytest.MonkeyPatch, answers: list[tuple[str, str]]
) -> Iterator[str]:
    """Everybody books at みなと; no page on the way knows a word or an address of Osaka's."""
    settings.BUREAUS_FOLDER = str(FOLDER)
    yield go_to("minato", monkeypatch).code
    told = {(path, word) for path, text in answers for word in foreign_words(text, "minato")}
    assert told | {(path, "/osaka") for path, text in answers if "osaka" in text} == set()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Whatever the site answers in words, with its path."""
    read: list[tuple[str, str]] = []
    answered = BaseHandler.get_response

    def keep(self: BaseHandler, request: HttpRequest) -> HttpResponse:
        response = answered(self, request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith(READ):
            read.append((request.path, html.unescape(response.content.decode())))
        return response  # type: ignore[return-value]

    monkeypatch.setattr(BaseHandler, "get_response", keep)
    return read
