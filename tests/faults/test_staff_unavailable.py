"""The staff, while the database cannot serve: their sessions are rows of it, too."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import factories, situations
from tests.faults.databases import away, held, let_it_be_read_only
from tests.faults.polite import as_many_times, assert_polite, repeating, typed_in
from tests.policies import at
from tests.situations import AtMoment, staff_client
from tests.staff import walking
from tests.staff.conftest import PASSWORD
from tests.staff.test_permissions import samples
from tests.staff.walking import ONLY_POST, PAGES, TEN_TWENTY, addresses, sendings
from uketori.rules.permissions import Role

__all__ = ["samples"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(at_moment: AtMoment) -> Client:
    at_moment(TEN_TWENTY)
    factories.first_notice()
    client = staff_client(Role.ADMINISTRATOR)
    client.raise_request_exception = False
    return client


def test_every_act__while_nothing_can_be_written__comes_back(
    client: Client, samples: dict[str, str]
) -> None:
    kept, lost = set(), []
    for page in addresses(PAGES, walking.samples(samples)):
        shown = client.get(page)
        if not shown.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for one in sendings(page, shown.content.decode()):
            let_it_be_read_only()
            answer = one.send(client)
            if answer.status_code == 503:
                again = typed_in(repeating(assert_polite(answer)))
                same = as_many_times(again) == as_many_times(one.data)
                kept, lost = kept | {one.pattern}, lost if same else [*lost, one]
            else:
                assert answer.status_code in {200, 302, 404, 409, 422}, one

    assert lost == []
    assert len(kept) > len(ONLY_POST) / 2  # the others refuse what is filled in, and write nothing


def test_page__session_held_by_somebody_else__is_shown_all_the_same(
    client: Client, at_moment: AtMoment
) -> None:
    at_moment(TEN_TWENTY + timedelta(minutes=2))  # the session is to be noted anew

    with held("django_session"):
        assert client.get("/staff/osaka/counter/").status_code == 200


def test_act__session_cannot_be_saved__is_sent_by_one_press(
    client: Client, at_moment: AtMoment
) -> None:
    """Django tells of it as of a session that was deleted."""
    path = "/staff/osaka/counter/search"
    client.get("/staff/osaka/counter/")
    at_moment(TEN_TWENTY + timedelta(minutes=2))
    let_it_be_read_only()

    shown = repeating(assert_polite(client.post(path, {"find": "青木"})))

    assert typed_in(shown) == {"find": ["青木"]}
    assert client.post(shown.action, typed_in(shown)).status_code == 422  # nobody of the name


def test_arrival__while_the_database_is_away__is_sent_by_one_press(client: Client) -> None:
    visit = factories.reservation(situations.aoki(), at("2026-06-11 10:00"), 2)
    path = f"/staff/osaka/counter/{visit.reference}/arrival"

    with away():
        shown = repeating(assert_polite(client.post(path, {"mark": "none"})))

    assert client.post(shown.action, typed_in(shown)).status_code == 302
    visit.refresh_from_db()
    assert visit.arrived_at is not None


def test_password__while_the_database_is_away__stands_in_no_page() -> None:
    account = situations.staff()
    client = Client(raise_request_exception=False)

    with away():
        sent = {"login": account.username, "password": PASSWORD}
        answer = client.post("/staff/sign-in", sent)

    page = assert_polite(answer)
    assert PASSWORD not in answer.content.decode()
    assert "/staff/sign-in" in [one.href for one in page.links]
