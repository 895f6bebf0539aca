"""Old carrier addresses go over the wire exactly as they are, however odd their dots stand."""

from datetime import datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.post import Post
from tests.situations import at_moment, monday_morning
from uketori.intermediaries.models import MailProof
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once

pytestmark = pytest.mark.django_db

__all__ = ["at_moment", "monday_morning"]
MONDAY = situations.MONDAY_MORNING
OLD_FORMS = [
    "a..b@docomo.ne.jp",
    "a.@docomo.ne.jp",
    ".a@docomo.ne.jp",
    ".a..b-_c...@docomo.ne.jp",
    "a.@ezweb.ne.jp",
    ".a@ezweb.ne.jp",
    "a..b@ezweb.ne.jp",
    "a..b@au.com",
    "..a.@au.com",
]
DOTS_THAT_COUNT = ["a.b@gmail.com", "a.b+c@gmail.com", "ab@gmail.com"]


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime) -> None:
    factories.first_notice()


@pytest.mark.parametrize("address", [*OLD_FORMS, *DOTS_THAT_COUNT])
def test_entry__over_smtp__exactly_this_recipient(post: Post, address: str) -> None:
    assert Client().post("/osaka/entry", {"address": address}).status_code == 302

    run_once(MONDAY)

    assert post.recipients_told == [address]
    assert post.received[0].get_all("To") == [address]
    assert OutgoingMail.objects.get().state == MailState.SENT


@pytest.mark.parametrize("address", OLD_FORMS)
def test_entry__link_of_an_old_form__opens_the_same_address(post: Post, address: str) -> None:
    Client().post("/osaka/entry", {"address": address})

    client = Client()
    client.post(factories.link_of(MailProof.objects.get()))

    assert MailProof.objects.get().mail_address is not None
    assert address in client.get("/osaka/my-data").content.decode()


@pytest.mark.parametrize("address", OLD_FORMS[:3])
def test_new_address__over_smtp__exactly_this_recipient(post: Post, address: str) -> None:
    client = situations.signed_in_client(situations.aoki())

    client.post("/osaka/my-data/address", {"address": address})
    run_once(MONDAY)

    assert post.recipients_told == [address]


def test_entry__two_spellings_that_differ_by_dots__two_people(post: Post) -> None:
    for address in ("a.b@docomo.ne.jp", "a..b@docomo.ne.jp", "ab@docomo.ne.jp"):
        Client().post("/osaka/entry", {"address": address})

    run_once(MONDAY)

    assert post.recipients_told == [
        "a.b@docomo.ne.jp",
        "a..b@docomo.ne.jp",
        "ab@docomo.ne.jp",
    ]
