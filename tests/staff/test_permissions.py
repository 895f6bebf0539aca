"""Every address of the staff's side × everybody who may come: one table decides.

A new page joins by itself: its act stands on the view, its place in the address.  Only what the
address needs beside the bureau has to be told in ``SAMPLES``.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.repository.test_urls import OF_STAFF, VIEWS
from tests.situations import staff, staff_client
from uketori.audit.models import Event
from uketori.rules.permissions import ACTS, Act, Role, may
from uketori.staff.models import Account, Post

pytestmark = pytest.mark.django_db

PAGES = {pattern: view for pattern, view in VIEWS.items() if pattern.startswith(OF_STAFF)}
SAMPLES = {
    "slug:bureau": "osaka",
    "reference:reference": "K7M4-2QXP",
    "day": "2026-06-11",
    "int": "1",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "str": "x",
    "slug": "x",
}
"""What stands in an address: by kind and name, or by kind alone."""


def without_post() -> Client:
    client = staff_client(Role.CLERK)
    Post.objects.all().delete()
    return client


def inactive() -> Client:
    client = staff_client(Role.ADMINISTRATOR)
    Account.objects.update(is_active=False)
    return client


def half_signed_in() -> Client:
    account = staff(Role.ADMINISTRATOR)
    account.set_password("kokoro-no-kagi-1234")
    account.save()
    client = Client()
    client.post("/staff/sign-in", {"login": account.username, "password": "kokoro-no-kagi-1234"})
    return client


PEOPLE: dict[str, tuple[Callable[[], Client], Role | None, int]] = {
    "clerk": (lambda: staff_client(Role.CLERK), Role.CLERK, 403),
    "supervisor": (lambda: staff_client(Role.SUPERVISOR), Role.SUPERVISOR, 403),
    "administrator": (lambda: staff_client(Role.ADMINISTRATOR), Role.ADMINISTRATOR, 403),
    "without a post": (without_post, None, 404),
    "administrator of another bureau": (
        lambda: staff_client(Role.ADMINISTRATOR, "minato"),
        None,
        404,
    ),
    "not signed in": (Client, None, 302),
    "inactive": (inactive, None, 302),
    "without a second factor": (half_signed_in, None, 302),
}
"""Who comes, with which role at the bureau, and the answer to whoever may not."""


def path_of(pattern: str) -> str:
    def sample(found: re.Match[str]) -> str:
        kind, name = found[1], found[2]
        assert f"{kind}:{name}" in SAMPLES or kind in SAMPLES, f"no sample for <{kind}:{name}>"
        return SAMPLES.get(f"{kind}:{name}", SAMPLES.get(kind, ""))

    return "/" + re.sub(r"<(\w+):(\w+)>", sample, pattern)


def act_of(pattern: str) -> Act | None:
    return getattr(PAGES[pattern], "act", None)


@pytest.fixture(autouse=True)
def _notice() -> None:
    factories.first_notice()


def test_every_page__names_its_act() -> None:
    assert [pattern for pattern in PAGES if not isinstance(act_of(pattern), Act)] == []


def test_views_with_an_act__stand_under_a_bureau() -> None:
    assert [one for one, view in VIEWS.items() if hasattr(view, "act") and one not in PAGES] == []


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("pattern", sorted(PAGES))
def test_page__for_each_person__as_the_table_says(pattern: str, method: str, who: str) -> None:
    make, role, refused = PEOPLE[who]
    client = make()
    events = Event.objects.count()

    answer = getattr(client, method)(path_of(pattern))

    act = act_of(pattern)
    assert act is not None
    if may(role, act):
        assert answer.status_code in {200, 204, 302, 400, 404, 405, 409, 422}
        assert not leads_to_the_sign_in(answer)
        return
    # a page that knows one method only may say so before it asks who is there, and tells nothing
    assert answer.status_code in {refused, 405}
    assert leads_to_the_sign_in(answer) == (answer.status_code == 302)
    assert Event.objects.count() == events


def leads_to_the_sign_in(answer: Any) -> bool:
    where = answer.headers.get("Location", "")
    return where.startswith(("/staff/sign-in", "/staff/security/"))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", Act)
def test_table__each_role_and_act(role: Role, act: Act) -> None:
    """Written out once more, so that a slip in the table shows."""
    above_clerk = {
        Act.SETTLE_CLAIMS,
        Act.MOVE_ADDRESS,
        Act.CORRECT_PAST_OUTCOME,
        Act.CANCEL_BY_BUREAU,
    }
    expected = {
        Role.CLERK: act not in above_clerk | {Act.MANAGE_STAFF},
        Role.SUPERVISOR: act != Act.MANAGE_STAFF,
        Role.ADMINISTRATOR: True,
    }[role]

    assert may(role, act) == expected
    assert not may(None, act)


def test_table__a_wider_role_holds_what_the_narrower_holds() -> None:
    assert ACTS[Role.CLERK] < ACTS[Role.SUPERVISOR] < ACTS[Role.ADMINISTRATOR]
