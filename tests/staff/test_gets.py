"""A GET writes nothing, whoever asks: every address, every row of every table before and after.

What a test opens by the way may write nothing either (``tests/conftest.py``); here no address is
forgotten, and each opening of somebody's data leaves the event that it is to leave.
"""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.test import Client

from tests import factories, situations
from tests.repository.test_urls import INTERMEDIARY, PUBLIC, SAMPLES
from tests.situations import AtMoment, staff_client
from tests.staff import walking
from tests.staff.test_permissions import path_of, samples
from tests.staff.walking import OF_THE_STAFF, TEN, TEN_TWENTY, addresses
from uketori.audit.models import Event
from uketori.intermediaries.models import MailProof
from uketori.outbox.models import SignOfLife
from uketori.rules.permissions import Role

__all__ = ["samples"]

pytestmark = pytest.mark.django_db

Rows = dict[tuple[type[Model], Any], dict[str, Any]]

COUNTER = "staff/<slug:bureau>/counter/"
OPENED = {
    f"{COUNTER}<reference:reference>": "reservation_opened",
    f"{COUNTER}<reference:reference>/taking-out": "reservation_opened",
    f"{COUNTER}calls/<reference:reference>": "reservation_opened",
    f"{COUNTER}calls/<reference:reference>/<int:call_id>/striking": "reservation_opened",
    f"{COUNTER}calls/<reference:reference>/bureau-cancellation": "reservation_opened",
    f"{COUNTER}calls/<reference:reference>/cancellation": "reservation_opened",
    f"{COUNTER}calls/<reference:reference>/changes": "reservation_opened",
    f"{COUNTER}mails/<reference:reference>": "reservation_opened",
    f"{COUNTER}bookings/claims/<int:claim_id>": "holder_opened",
    f"{COUNTER}claims/<int:claim_id>/address": "holder_opened",
    f"{COUNTER}calls/": "calls_opened",
    f"{COUNTER}preparation/<day:day>": "preparation_opened",
    f"{COUNTER}preparation/<day:day>/differences": "preparation_opened",
}
"""The event that the opening of a page leaves: somebody's data was looked at."""
STANDS = {kind.strip("<>"): sample for kind, sample in SAMPLES.items()}
SEEN = {"last_seen_at"}
"""What a page of an intermediary moves on in the proof of the address: the session is awake."""
READYZ = "readyz"
"""Asks whether a row can be written, by writing its own."""


def every_row() -> Rows:
    """Every row there is, of the tables the application has; sessions come and go by themselves."""
    return {
        (model, row["pk"]): row
        for model in apps.get_models()
        if model is not Session
        for row in model._default_manager.values("pk", *[one.attname for one in model._meta.fields])
    }


def written(client: Client, path: str, before: Rows) -> tuple[set[str], list[str]]:
    """Open the page; return the kinds of events it left, and whatever else it wrote."""
    client.get(path)
    SignOfLife.objects.filter(name=READYZ).delete()
    after = every_row()
    events, other = set(), []
    for model, pk in before.keys() | after.keys():
        was, stands = before.get((model, pk), {}), after.get((model, pk), {})
        changed = {name for name in was.keys() | stands.keys() if was.get(name) != stands.get(name)}
        if model is Event and not was:
            events.add(stands["kind"])
        elif changed and not (model is MailProof and changed <= SEEN):
            other.append(f"{path}: {model.__name__} {sorted(changed)}")
    return events, other


@pytest.fixture(autouse=True)
def _in_the_hour(at_moment: AtMoment) -> None:
    at_moment(TEN_TWENTY)
    factories.first_notice()


@pytest.mark.parametrize("pattern", sorted(OF_THE_STAFF))
def test_page_of_the_staff__opened__leaves_its_event_and_nothing_else(
    pattern: str, samples: dict[str, str]
) -> None:
    client = staff_client(Role.ADMINISTRATOR)
    visits = [{**STANDS, **one} for one in walking.samples(samples)]

    told = [written(client, path, every_row()) for path in addresses([pattern], visits)]

    assert [other for _events, other in told if other] == []
    assert set().union(*(events for events, _other in told)) == {
        *filter(None, [OPENED.get(pattern)])
    }


@pytest.mark.parametrize("pattern", sorted(INTERMEDIARY | set(PUBLIC)))
def test_page_of_an_intermediary_or_of_everybody__opened__writes_nothing(pattern: str) -> None:
    claim = situations.aoki()
    held = factories.reservation(claim, TEN, 2, arrived_at=TEN)
    client = situations.signed_in_client(claim)
    stands = {
        **STANDS,
        "reference:reference": held.reference,
        "int:claim_id": str(claim.pk),
        "uuid:key": str(factories.draft(claim).key),
        "str:token": factories.token_of(factories.proof("chinen@example.jp")),
    }

    assert written(client, path_of(pattern, stands), every_row()) == (set(), [])
