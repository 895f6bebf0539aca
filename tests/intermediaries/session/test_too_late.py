"""What came after the session's end was not done: the entry says so and leads back.  D04."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from tests import factories, situations
from tests.policies import at
from tests.situations import MONDAY_MORNING, AtMoment
from uketori.intermediaries.session.not_done import UNDONE
from uketori.reservations.models import Draft, Reservation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

TOO_LATE = MONDAY_MORNING + timedelta(minutes=60)
FORMS = {
    "reservations:draft": ("reservations/drafts/{draft}", "reservations/drafts/{draft}"),
    "reservations:confirm": (
        "reservations/drafts/{draft}/confirmation",
        "reservations/drafts/{draft}/confirmation",
    ),
    "reservations:delete_draft": (
        "reservations/drafts/{draft}/deletion",
        "reservations/drafts/{draft}",
    ),
    "reservations:changes": ("reservations/{ref}/changes", "reservations/{ref}/changes"),
    "reservations:cancellation": (
        "reservations/{ref}/cancellation",
        "reservations/{ref}/cancellation",
    ),
    "reservations:hour": ("reservations/{ref}/hour", "reservations/{ref}/hour"),
    "reservations:mails": ("reservations/{ref}/mails", "reservations/{ref}"),
    "reservations:copy": ("reservations/{ref}/copy", "reservations/{ref}"),
    "holders:new": ("holders/new", "holders/new"),
    "holders:revise": ("holders/{claim}", "holders/{claim}"),
    "holders:renewal": ("holders/{claim}/renewal", "holders/{claim}/renewal"),
    "holders:removal": ("holders/{claim}/removal", "holders/{claim}/removal"),
    "my_data:address": ("my-data/address", "my-data/address"),
    "my_data:address_code": ("my-data/address/code", "my-data/address/code"),
    "claim_requests:new": ("requests/new", "holders/new"),
}
"""Where each form is sent, and where its page is."""


def test_forms__those_that_say_what_was_not_done__are_all_tried() -> None:
    assert set(FORMS) == set(UNDONE)


@pytest.mark.parametrize("name", FORMS)
def test_session_over__form_sent__said_that_it_was_not_done_and_led_back(
    at_moment: AtMoment, name: str
) -> None:
    claim = situations.aoki()
    draft = factories.draft(claim, None, 2)
    reservation = factories.reservation(claim, at("2026-06-11 10:00"))
    keys = {"draft": draft.key, "ref": reservation.reference, "claim": claim.pk}
    sent_to, page = (f"/osaka/{path.format(**keys)}" for path in FORMS[name])
    client = situations.signed_in_client(claim)
    at_moment(TOO_LATE)

    response = client.post(sent_to, {"number": "大取第1号"})

    assert parse_qs(urlsplit(response["Location"]).query)["next"] == [page]
    shown = client.get(response["Location"]).content.decode()
    assert str(UNDONE[name].text) in shown
    reservation.refresh_from_db()
    assert reservation.cancelled_at is None
    assert (Reservation.objects.count(), Draft.objects.count()) == (1, 1)
    assert situations.signed_in_client(claim).get(page).status_code in {200, 302}


def test_never_entered__form_sent__said_that_it_was_not_done() -> None:
    factories.first_notice()
    client = Client()

    response = client.post(f"/osaka/reservations/drafts/{uuid4()}/confirmation")
    shown = client.get(response["Location"]).content.decode()

    assert "まだ予約していません。" in shown
    assert "画面を使える時間が終わりました" not in shown
    assert "入力した内容は、保存してあります。" not in shown


def test_looked_at_too_late__nothing_was_asked_for(at_moment: AtMoment) -> None:
    client = situations.signed_in_client(situations.aoki())
    at_moment(TOO_LATE)

    response = client.get("/osaka/reservations/")

    assert "undone" not in response["Location"]


def test_time_lengthened_too_late__leads_back(at_moment: AtMoment) -> None:
    client = situations.signed_in_client(situations.aoki())
    at_moment(TOO_LATE)

    response = client.post("/osaka/session/extension", {"next": "/osaka/my-data"})

    assert response["Location"] == "/osaka/entry?next=%2Fosaka%2Fmy-data&ended=1"
