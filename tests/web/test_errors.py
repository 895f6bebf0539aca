"""Each error page: the right status, a Japanese sentence, a way on, and nothing of the inside."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from uketori.web import errors


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/suspicious/", 400, "送信された内容を読み取れませんでした"),
        ("/forbidden/", 403, "このページは開けません"),
        ("/nowhere/", 404, "ページが見つかりません"),
        ("/too-often/", 429, "しばらく待ってから、もう一度お試しください"),
        ("/gone-wrong/", 500, "ただいま表示できません"),
    ],
)
def test_error_page__says_what_happened(address: str, status: int, sentence: str) -> None:
    response = Client(raise_request_exception=False).get(address)

    assert response.status_code == status
    assert f"<h1>{sentence}</h1>" in response.content.decode()
    assert "公式のサービスではありません" in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"


def test_error_page__500__shows_no_stack_trace() -> None:
    response = Client(raise_request_exception=False).get("/gone-wrong/")

    assert "secret of the stack trace" not in response.content.decode()
    assert "Traceback" not in response.content.decode()


def test_error_page__500_without_database_and_manifest__still_answers(settings: Any) -> None:
    """No ``django_db`` mark here: a query would fail the test."""
    settings.STORAGES = settings.SERVED_STORAGES

    response = errors.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "stylesheet" not in response.content.decode()
    assert not connection.in_atomic_block


def test_form_without_token__is_told_to_load_the_page_again() -> None:
    response = Client(enforce_csrf_checks=True).post("/base/")

    assert response.status_code == 403
    assert "画面の有効期間が過ぎたため、送信できませんでした" in response.content.decode()


def test_too_many__with_a_moment__says_when_to_try_again() -> None:
    again_at = datetime.now(UTC) + timedelta(minutes=10)  # noqa: TID251 - the clock of the header

    response = errors.too_many(RequestFactory().get("/"), again_at=again_at)

    assert response.status_code == 429
    assert 590 <= int(response.headers["Retry-After"]) <= 600
