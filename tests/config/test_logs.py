"""A line of the log holds no link that works, no address and no value of a row or a form."""

import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from tests import factories
from uketori.config.logs import DiscreetFormatter

pytestmark = pytest.mark.django_db

TOKEN = "Q" * 43
LINK = f"/osaka/entry/{TOKEN}"
ROUTE = "/<slug:bureau>/entry/<str:token>"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What the log's own handler writes."""
    (handler,) = [
        one
        for one in logging.getLogger().handlers
        if isinstance(one, logging.StreamHandler) and isinstance(one.formatter, DiscreetFormatter)
    ]
    written = StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "CSRF cookie not set"),
        ({"HTTP_ORIGIN": f"https://evil.example/{TOKEN}"}, "Origin checking failed"),
        (
            {"HTTP_REFERER": f"https://evil.example{LINK}", "secure": True},
            "Referer checking failed",
        ),
    ],
)
def test_form_without_token_of_its_page__route_and_reason_only(
    lines: StringIO, headers: dict[str, Any], why: str
) -> None:
    answer = Client(enforce_csrf_checks=True).post(LINK, **headers)

    assert answer.status_code == 403
    assert lines.getvalue() == f"WARNING django.security.csrf 403 POST {ROUTE}: {why}\n"


@pytest.mark.parametrize("path", ["/osaka/", "/staff/", "/livez", LINK])
def test_foreign_host__answered_politely__one_line(lines: StringIO, path: str) -> None:
    factories.first_notice()
    answer = Client(raise_request_exception=False).get(path, HTTP_HOST="evil.example")

    assert answer.status_code == 400
    assert "送信された内容を読み取れませんでした" in answer.content.decode()
    assert lines.getvalue() == "ERROR django.security.DisallowedHost 400 GET /…: DisallowedHost\n"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("address=" + "a" * 2_621_441, "RequestDataTooBig"),
        ("&".join(f"a{number}=" for number in range(1001)), "TooManyFieldsSent"),
    ],
)
def test_body__larger_than_any_form_sends__413_and_one_line(
    lines: StringIO, body: str, kind: str
) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post(LINK, body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert "<h1>送信された内容が大きすぎます</h1>" in answer.content.decode()
    assert lines.getvalue() == f"ERROR django.security.{kind} 413 POST {ROUTE}: {kind}\n"


def test_fall_of_a_page__kind_and_place__never_its_text(lines: StringIO, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.web.urls"
    answer = Client(raise_request_exception=False).get(f"/gone-wrong/?token={TOKEN}")

    told = lines.getvalue()
    assert answer.status_code == 500
    assert told.startswith("ERROR django.request 500 GET /gone-wrong/: RuntimeError\n")
    assert "in gone_wrong\n" in told
    assert TOKEN not in told
    assert "secret of the stack trace" not in told


def test_fall__that_followed_from_another__both_are_named_without_texts(lines: StringIO) -> None:
    typed = "aoki@example.jp"
    try:
        try:
            int(typed)
        except ValueError as error:
            raise LookupError(typed) from error
    except LookupError:
        logging.getLogger("uketori.trial").exception("fell")

    told = lines.getvalue()
    assert told.startswith("ERROR uketori.trial fell\nbuiltins.LookupError\n")
    assert "\nbuiltins.ValueError\n" in told
    assert typed not in told
