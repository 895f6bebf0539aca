"""Reading whatever the site answers for words and addresses of another bureau."""

import gzip
import html
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse

from tests.every_bureau.bureaus import CODES, foreign_words

IN_WORDS = ("text/html", "text/plain", "text/calendar", "text/csv", "application/json")


def plain(response: HttpResponse) -> bytes:
    """Undo the compression that a browser asked for."""
    is_compressed = response.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(response.content) if is_compressed else response.content


@contextmanager
def only_its_own_words(code: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Complain in the end of every answer that knows another bureau."""
    answers: list[tuple[str, str]] = []
    answered = BaseHandler.get_response

    def keep(self: BaseHandler, request: HttpRequest) -> HttpResponse:
        response = answered(self, request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith(IN_WORDS):
            told = f"{response.headers.get('Location', '')} {plain(response).decode()}"
            answers.append((request.path, html.unescape(told)))
        return response  # type: ignore[return-value]

    monkeypatch.setattr(BaseHandler, "get_response", keep)
    yield
    others = [other for other in CODES if other != code]
    told = {(path, word) for path, text in answers for word in foreign_words(text, code)}
    told |= {(path, other) for path, text in answers for other in others if other in text}
    assert told == set()
    assert answers
