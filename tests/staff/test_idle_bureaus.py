"""The lock where bureaus differ: みなと locks after 20 minutes, Osaka after 30.  b.10"""

from typing import Any

import pytest
from django.test import Client

from tests.every_bureau.bureaus import FOLDER
from tests.policies import at
from tests.situations import AtMoment, sign_in
from tests.staff.conftest import PASSWORD
from uketori.rules.permissions import Role
from uketori.staff.models import Account, Post

pytestmark = pytest.mark.django_db
MINATO, OSAKA, OWN = "/staff/minato/counter/", "/staff/osaka/counter/", "/staff/security/"


@pytest.fixture(autouse=True)
def _two_bureaus(settings: Any, at_moment: AtMoment) -> None:
    """It is Thu 2026-06-11, 10:00."""
    settings.BUREAUS_FOLDER = str(FOLDER)
    at_moment(at("2026-06-11 10:00"))


def with_posts(*bureaus: str) -> Account:
    """千葉 光, with posts at these bureaus only."""
    account = Account.objects.create(username="chiba", name="千葉 光")
    account.set_password(PASSWORD)
    account.save()
    for bureau in bureaus:
        Post.objects.create(account=account, bureau=bureau, role=Role.CLERK)
    return account


def at_work(account: Account) -> Client:
    """A browser with a fresh session."""
    client = Client()
    sign_in(client, account)
    return client


def asks_for_the_password(client: Client, path: str) -> bool:
    return str(client.get(path).headers.get("Location", "")).startswith("/staff/unlock")


@pytest.mark.parametrize(
    ("bureaus", "page", "open_until", "locked_from"),
    [
        (["minato"], MINATO, "10:19:59", "10:20:00"),
        (["osaka"], OSAKA, "10:29:59", "10:30:00"),
        (["minato", "osaka"], MINATO, "10:19:59", "10:20:00"),
        (["minato", "osaka"], OSAKA, "10:19:59", "10:20:00"),
        (["minato", "osaka"], OWN, "10:19:59", "10:20:00"),
        (["osaka"], OWN, "10:29:59", "10:30:00"),
        (["minato"], OSAKA, "10:19:59", "10:20:00"),
        (["osaka"], MINATO, "10:29:59", "10:30:00"),
        ([], OWN, "10:19:59", "10:20:00"),
        ([], OSAKA, "10:19:59", "10:20:00"),
    ],
)
def test_session_idle__shortest_time_of_one_s_posts__decides_everywhere(
    bureaus: list[str], page: str, open_until: str, locked_from: str, at_moment: AtMoment
) -> None:
    """For whoever has no post at all, the shortest of all bureaus."""
    account = with_posts(*bureaus)
    found = []
    for moment in (open_until, locked_from):
        at_moment(at("2026-06-11 10:00"))
        client = at_work(account)
        assert client.get(OWN).status_code == 200
        at_moment(at(f"2026-06-11 {moment}"))
        found.append(asks_for_the_password(client, page))

    assert found == [False, True]


def test_session_locked_by_one_bureau__address_of_another__opens_nothing(
    at_moment: AtMoment,
) -> None:
    client = at_work(with_posts("minato"))
    assert client.get(MINATO).status_code == 200
    at_moment(at("2026-06-11 10:25"))

    for page in (MINATO, OSAKA, MINATO, OWN, "/staff/", MINATO):
        assert asks_for_the_password(client, page)

    client.post("/staff/unlock", {"password": PASSWORD, "next": MINATO})
    assert client.get(MINATO).status_code == 200
    assert client.get(OSAKA).status_code == 404


@pytest.mark.parametrize("nowhere", [MINATO, "/staff/nowhere/counter/"])
def test_address_without_a_post__in_between__is_no_sign_of_work(
    nowhere: str, at_moment: AtMoment
) -> None:
    client = at_work(with_posts("osaka"))
    assert client.get(OSAKA).status_code == 200
    at_moment(at("2026-06-11 10:15"))
    assert client.get(nowhere).status_code == 404
    at_moment(at("2026-06-11 10:30"))

    assert asks_for_the_password(client, OSAKA)


def test_address_without_a_post__as_the_first_of_a_session__begins_its_time(
    at_moment: AtMoment,
) -> None:
    client = at_work(with_posts("osaka"))
    assert client.get(MINATO).status_code == 404
    at_moment(at("2026-06-11 10:30"))

    assert asks_for_the_password(client, OSAKA)


def test_session_locked__a_longer_time_holds_by_now__stays_locked(at_moment: AtMoment) -> None:
    """The post with the shorter time is taken away between two requests."""
    client = at_work(with_posts("minato", "osaka"))
    client.get(OSAKA)
    at_moment(at("2026-06-11 10:20"))
    assert asks_for_the_password(client, OSAKA)

    Post.objects.filter(bureau="minato").delete()

    assert asks_for_the_password(client, OSAKA)
    client.post("/staff/unlock", {"password": PASSWORD})
    assert client.get(OSAKA).status_code == 200
    at_moment(at("2026-06-11 10:49:59"))
    assert client.get(OSAKA).status_code == 200
