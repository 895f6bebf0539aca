"""What is shown to somebody known, or gives somebody a mark, is kept by no cache on its way."""

from datetime import datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.repository.test_urls import OF_STAFF, OWN_ACCOUNT, VIEWS, path_of

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/osaka/",
    "/osaka/notice",
    "/osaka/notice/1",
    "/osaka/privacy",
    "/osaka/accessibility",
    "/osaka/eligibility",
    "/nowhere/",
]


@pytest.fixture(autouse=True)
def _site(monday_morning: datetime) -> None:
    factories.first_notice()


def stored(client: Client, path: str) -> str:
    return client.get(path).headers.get("Cache-Control", "")


@pytest.mark.parametrize("pattern", VIEWS)
def test_any_page__of_somebody_signed_in__not_stored(pattern: str) -> None:
    is_of_staff = pattern in OWN_ACCOUNT or pattern.startswith(OF_STAFF)
    client = (
        situations.staff_client() if is_of_staff else situations.signed_in_client(situations.aoki())
    )

    assert "no-store" in stored(client, path_of(pattern))


def test_public_page__of_somebody_signed_in__shows_it_and_is_not_stored() -> None:
    client = situations.signed_in_client(situations.aoki())

    for path in PUBLIC:
        assert "no-store" in stored(client, path), path
    assert "ログアウト" in client.get("/osaka/").content.decode()


def test_public_page__after_signing_out__not_stored_either() -> None:
    """The browser still brings a cookie, and the page may tell it that it signed out."""
    client = situations.signed_in_client(situations.aoki())
    client.post("/osaka/session/ending")

    assert "no-store" in stored(client, "/osaka/")


def test_page__that_gives_a_mark_to_its_form__not_stored() -> None:
    assert "no-store" in stored(Client(), "/osaka/entry")


@pytest.mark.parametrize("path", PUBLIC[1:7])
def test_public_page__of_somebody_unknown__may_be_kept(path: str) -> None:
    answer = Client().get(path)

    assert "Cache-Control" not in answer.headers
    assert not answer.cookies
