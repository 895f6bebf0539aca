"""Every form of the staff × the lock: after the password its page, with what was typed in it."""

from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.hostile.trial import page_of, undone
from tests.repository.test_urls import SAMPLES
from tests.situations import AtMoment, staff, staff_client
from tests.staff import walking
from tests.staff.conftest import PASSWORD
from tests.staff.test_permissions import path_of, samples
from tests.staff.walking import (
    IDLE,
    OF_THE_STAFF,
    ONLY_POST,
    PAGES,
    TEN_TWENTY,
    Sending,
    addresses,
    lock_and_unlock,
    sendings,
    stands_on,
)
from uketori.rules.permissions import Role
from uketori.staff.form_pages import PAGE

__all__ = ["samples"]

pytestmark = pytest.mark.django_db
REFUSED = {
    f"staff/<slug:bureau>/counter/{rest}"
    for rest in (
        "search",
        "calls/search",
        "bookings/search",
        "<reference:reference>/arrival",
        "<reference:reference>/arrival/removal",
        "<reference:reference>/calling-up",
        "<reference:reference>/outcome",
        "<reference:reference>/ending",
        "<reference:reference>/certificate",
        "<reference:reference>/certificate/removal",
        "<reference:reference>/rivals/<int:claim_id>/settlement",
    )
}
"""Addresses at which a form stands again with what is wrong in it, though they only take POST."""
SHOWN, NOT_DONE = "前の操作は、まだ行っていません", "前の操作は、行っていません"


@pytest.fixture(autouse=True)
def _in_the_hour(at_moment: AtMoment, settings: Any) -> None:
    at_moment(TEN_TWENTY)
    factories.first_notice()


@pytest.fixture
def client() -> Client:
    """An administrator, to whom every button is shown."""
    account = staff(Role.ADMINISTRATOR)
    account.set_password(PASSWORD)
    account.save()
    return staff_client(Role.ADMINISTRATOR)


@pytest.fixture
def world(samples: dict[str, str]) -> list[dict[str, str]]:
    return walking.samples(samples)


def forms_on(client: Client, pages: list[str]) -> list[Sending]:
    """Every form of these pages, once for each page."""
    found = []
    for page in pages:
        answer = client.get(page)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found += sendings(page, answer.content.decode())
    return found


def complaint(client: Client, one: Sending, at_moment: AtMoment) -> str:
    """Lock, send, unlock; say what is wrong with where it led, then undo it all."""
    with undone(client):
        at_moment(IDLE)
        answer = lock_and_unlock(client, one)
        at_moment(TEN_TWENTY)
        html = answer.content.decode()
        told = SHOWN if one.typed else NOT_DONE
        if answer.status_code != 200:
            return f"{one}: {answer.status_code}"
        if not stands_on(page_of(html), one):
            return f"{one}: lost"
        return "" if told in html else f"{one}: not told"


@pytest.mark.parametrize("pattern", PAGES)
def test_form_sent_to_a_locked_session__from_each_page__comes_back(
    pattern: str, client: Client, world: list[dict[str, str]], at_moment: AtMoment
) -> None:
    found = forms_on(client, addresses([pattern], world))

    assert [told for one in found if (told := complaint(client, one, at_moment))] == []


def test_addresses_that_only_take_post__each_has_its_form_on_a_page(
    client: Client, world: list[dict[str, str]]
) -> None:
    found = forms_on(client, addresses(PAGES, world))

    assert set(ONLY_POST) - {one.pattern for one in found} == set()


def test_refused_form__at_an_address_that_only_takes_post__comes_back_too(
    client: Client, world: list[dict[str, str]], at_moment: AtMoment
) -> None:
    sent = {one.pattern: one for one in forms_on(client, addresses(PAGES, world)) if one.typed}
    refused: dict[str, list[Sending]] = {}
    for pattern, one in sent.items():
        with undone(client):
            answer = one.send(client)
            if pattern in ONLY_POST and answer.status_code == 422:
                again = sendings(one.action, answer.content.decode())
                refused[pattern] = [two for two in again if two.typed]

    assert set(refused) == REFUSED
    assert {one.pattern for ones in refused.values() for one in ones} >= REFUSED
    first_and_last = [one for ones in refused.values() for one in (ones[0], ones[-1])]
    assert [told for one in first_and_last if (told := complaint(client, one, at_moment))] == []


@pytest.mark.parametrize("pattern", sorted(OF_THE_STAFF))
def test_address_of_the_staff__by_get__is_a_page_or_leads_to_one(
    pattern: str, client: Client, samples: dict[str, str]
) -> None:
    """Back and a bookmark show no bare 405."""
    stand = {kind.strip("<>"): sample for kind, sample in SAMPLES.items()}
    path = path_of(pattern, {**stand, **samples})

    first = client.get(path)

    assert first.status_code != 405
    if hasattr(OF_THE_STAFF[pattern], PAGE):
        assert first.status_code == 302
        assert client.get(first.headers["Location"], follow=True).status_code == 200
        assert client.put(path).status_code == 405
