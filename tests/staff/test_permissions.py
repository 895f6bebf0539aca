"""Every address of the staff's side × everybody who may come: one table decides.

A new page joins by itself: its act stands on the view, its place in the address.  Only what the
address needs beside the bureau has to be told in ``samples``: things that exist, since what does
not exist is a 404 for everybody and would hide a page that asks nobody.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests import factories
from tests.every_bureau.bureaus import FOLDER
from tests.policies import at
from tests.repository.test_urls import OF_STAFF, VIEWS
from tests.situations import AtMoment, aoki, staff, staff_client
from uketori.audit.models import Event
from uketori.counter.models import CallKind
from uketori.counter.telephone.calls import Noted, record_call
from uketori.outbox.models import MailState, OutgoingMail
from uketori.rules.permissions import ACTS, Act, Role, may
from uketori.staff.models import Account, Post

pytestmark = pytest.mark.django_db

PAGES = {pattern: view for pattern, view in VIEWS.items() if pattern.startswith(OF_STAFF)}
OF_ONE = sorted(pattern for pattern in PAGES if re.search(r"<(?!slug:bureau|day:)", pattern))
"""Addresses that hold something of a bureau: a reservation, a claim, a mail."""
TEN_TWENTY, TEN = at("2026-06-11 10:20"), at("2026-06-11 10:00")
SENT = {"ending": "absent", "mark": "none"}
"""What a form of any page needs for being understood at all."""


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


def path_of(pattern: str, samples: dict[str, str], bureau: str = "osaka") -> str:
    """Return the address with what exists in its places; a new kind asks for its sample."""
    stands = {**samples, "slug:bureau": bureau}
    return "/" + re.sub(r"<(\w+:\w+)>", lambda found: stands[found[1]], pattern)


def act_of(pattern: str) -> Act | None:
    return getattr(PAGES[pattern], "act", None)


@pytest.fixture(autouse=True)
def _in_the_hour(at_moment: AtMoment, settings: Any) -> None:
    """Two bureaus: at one that the site does not serve, everything would be 404."""
    settings.BUREAUS_FOLDER = str(FOLDER)
    at_moment(TEN_TWENTY)
    factories.first_notice()


@pytest.fixture
def samples() -> dict[str, str]:
    """What stands in an address, by kind and name: Osaka's, in its visit hour."""
    visit = factories.reservation(aoki(), TEN, 2, arrived_at=TEN)
    number = visit.certificate_number
    rival = factories.claim("rival@example.com", number=number, place=2)
    told = Noted(called_at=TEN, caller="", note="", key=uuid4())
    call = record_call(
        reservation=visit, kind=CallKind.OTHER, noted=told, actor="staff:0", at=TEN_TWENTY
    )
    mail = OutgoingMail.objects.create(
        bureau=visit.bureau,
        subject_id=visit.reference,
        event="reservation_booked",
        recipient="aoki@example.jp",
        message_id="<1@example.jp>",
        enqueued_at=TEN,
        not_before=TEN,
        attempts=1,
        state=MailState.DEAD,
        given_up_at=TEN,
    )
    return {
        "reference:reference": visit.reference,
        "int:claim_id": str(rival.pk),
        "int:mail_id": str(mail.pk),
        "int:call_id": str(call.pk),
        "day:day": "2026-06-11",
    }


def test_every_page__names_its_act() -> None:
    assert [pattern for pattern in PAGES if not isinstance(act_of(pattern), Act)] == []


def test_views_with_an_act__stand_under_a_bureau() -> None:
    assert [one for one, view in VIEWS.items() if hasattr(view, "act") and one not in PAGES] == []


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("pattern", sorted(PAGES))
def test_page__for_each_person__as_the_table_says(
    pattern: str, method: str, who: str, samples: dict[str, str]
) -> None:
    make, role, refused = PEOPLE[who]
    client = make()
    events = Event.objects.count()

    answer = getattr(client, method)(path_of(pattern, samples), SENT)

    act = act_of(pattern)
    assert act is not None
    if may(role, act):
        assert answer.status_code in {200, 204, 302, 400, 405, 409, 422}
        assert not leads_to_the_sign_in(answer)
        return
    # a page that knows one method only may say so before it asks who is there, and tells nothing
    assert answer.status_code in {refused, 405}
    assert leads_to_the_sign_in(answer) == (answer.status_code == 302)
    assert Event.objects.count() == events


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("pattern", OF_ONE)
def test_thing_of_another_bureau__under_one_s_own_address__is_not_there(
    pattern: str, method: str, samples: dict[str, str]
) -> None:
    """The same things that Osaka's own staff are answered about, above."""
    client = staff_client(Role.ADMINISTRATOR, "minato")
    assert client.get("/staff/minato/counter/").status_code == 200
    events = Event.objects.count()

    answer = getattr(client, method)(path_of(pattern, samples, "minato"), SENT, follow=True)

    assert answer.status_code in {404, 405}
    assert Event.objects.count() == events


@pytest.mark.parametrize("pattern", OF_ONE)
def test_thing_of_a_bureau__some_method_is_answered(pattern: str, samples: dict[str, str]) -> None:
    """A page that says 405 to both would pass every question above."""
    client = staff_client(Role.ADMINISTRATOR)

    codes = {client.get(path_of(pattern, samples)).status_code}
    codes.add(client.post(path_of(pattern, samples), SENT).status_code)

    assert codes & {200, 204, 302, 422}


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
        Act.STRIKE_OTHERS_CALL,
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
