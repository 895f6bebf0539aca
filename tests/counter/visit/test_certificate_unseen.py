"""Issuing though nobody has seen the certificate: a word first, and the next press does it."""

import re
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.counter.conftest import TEN_TWENTY, address
from tests.counter.visit.test_pages import fields, not_issued, outcomes, refusals
from tests.policies import at
from uketori.counter.visit.state import OUTCOME_KEY
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

BEFORE = {"unseen": ""}


@pytest.fixture
def visit(clerk: Client) -> Reservation:
    """青木, who has come with three cases and whose certificate nobody has seen."""
    came = {"arrived_at": TEN_TWENTY}
    return factories.reservation(
        situations.aoki(), at("2026-06-11 10:00"), factories.numbers(3), **came
    )


def sends(client: Client, visit: Reservation, **changes: Any) -> Any:
    return client.post(address(visit, "/outcome"), fields(client, visit, **changes))


def unseen_on(page: str) -> list[str]:
    return re.findall(r'name="unseen" value="(\d+)"', page)


def test_unseen__first_press__told_nothing_recorded_and_the_marks_kept(
    clerk: Client, visit: Reservation
) -> None:
    answer = sends(clerk, visit, **BEFORE, **not_issued(visit, 2))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert refusals(page) == {"CERTIFICATE_UNSEEN"}
    assert "証明書を確認した記録がありません。" in page
    assert page.count(" checked") == 1
    assert outcomes(visit) == ["", "", ""]
    assert unseen_on(page) == [str(visit.claim_id)]


def test_unseen__pressed_again__recorded(clerk: Client, visit: Reservation) -> None:
    page = sends(clerk, visit, **BEFORE).content.decode()

    answer = sends(clerk, visit, unseen=unseen_on(page)[0])

    assert answer.status_code == 302
    assert outcomes(visit) == ["issued"] * 3


def test_unseen__told_and_a_reason_is_missing__not_told_again(
    clerk: Client, visit: Reservation
) -> None:
    page = sends(clerk, visit, **not_issued(visit, 2, why="")).content.decode()

    assert refusals(page) == {"REASON_MISSING"}
    assert unseen_on(page) == [str(visit.claim_id)]


def test_seen_meanwhile__recorded_at_once(clerk: Client, visit: Reservation) -> None:
    assert "証明書は、まだ確認していません。" in clerk.get(address(visit)).content.decode()
    clerk.post(address(visit, "/certificate"), fields(clerk, visit))
    assert "証明書は、まだ確認していません。" not in clerk.get(address(visit)).content.decode()

    assert sends(clerk, visit, **BEFORE).status_code == 302
    assert outcomes(visit) == ["issued"] * 3


def test_correction__says_nothing_of_it(clerk: Client, visit: Reservation) -> None:
    sends(clerk, visit)

    answer = sends(clerk, visit, **BEFORE, **not_issued(visit, 2))

    assert answer.status_code == 302
    assert outcomes(visit) == ["issued", "not_issued", "issued"]


def test_told_of_another_certificate__told_of_this_one(clerk: Client, visit: Reservation) -> None:
    other = situations.beppu()

    page = sends(clerk, visit, unseen=other.pk).content.decode()

    assert refusals(page) == {"CERTIFICATE_UNSEEN"}
    assert outcomes(visit) == ["", "", ""]


def test_key__of_the_certificate_to_be_shown_and_in_no_reference(
    clerk: Client, visit: Reservation
) -> None:
    """Of a renewed one and the one of the booking the key means what lies on the desk."""
    renewed = CertificateClaim.objects.create(
        certificate=factories.certificate("大取第77777号"),
        intermediary=visit.intermediary,
        mail_address=visit.mail_address,
        number="大取第77777号",
        expires_on=visit.claim.expires_on,
        place=1,
        claimed_at=TEN_TWENTY,
    )

    page = clerk.get(address(visit)).content.decode()

    keyed = re.findall(r'name="claim" value="(\d+)"\s+data-key="\+"', page)
    assert keyed == [str(renewed.pk)]
    assert page.count("証明書を確認した<") == 3, "both buttons, and the help of the keys"
    assert OUTCOME_KEY not in keyed
