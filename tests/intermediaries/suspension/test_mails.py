"""A suspension and its end: told to every address that speaks for the person.  6(4), R-41."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core import mail

from tests import factories, situations
from tests.intermediaries.address.steps import NEW, ask, by_link
from tests.mails.reading import says
from tests.policies import at
from uketori.intermediaries.models import CertificateClaim
from uketori.intermediaries.suspension.mails import (
    Ground,
    tell_suspended,
    tell_suspension_ended,
)
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once

pytestmark = pytest.mark.django_db
MONDAY = situations.MONDAY_MORNING


@pytest.fixture
def claim(monday_morning: datetime, settings: Any) -> CertificateClaim:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return situations.aoki()


def suspends(claim: CertificateClaim, grounds: tuple[Ground, ...] = (Ground.NO_SHOW,)) -> None:
    tell_suspended(
        intermediary=claim.intermediary,
        policy=factories.policy(),
        first_day=date(2026, 6, 8),
        last_day=date(2026, 7, 7),
        grounds=grounds,
        at=MONDAY,
    )


def test_suspended__every_address_of_the_person__and_nobody_else(claim: CertificateClaim) -> None:
    person = claim.intermediary
    factories.claim("office@example.jp", person=person, number="大取第2号")
    factories.claim(claim.mail_address.address, person=person, number="大取第3号")
    given_back = factories.claim("old@example.jp", person=person, number="大取第4号")
    CertificateClaim.objects.filter(pk=given_back.pk).update(ended_at=MONDAY, place=None)
    situations.chinen()

    suspends(claim)
    run_once(MONDAY)

    assert sorted(one.to[0] for one in mail.outbox) == ["aoki@example.jp", "office@example.jp"]


def test_suspended__moved_while_it_waits__goes_to_the_new_address(claim: CertificateClaim) -> None:
    client = situations.signed_in_client(claim)
    suspends(claim)
    suspends(situations.chinen())
    ask(client)

    by_link(client)

    waiting = OutgoingMail.objects.filter(event="suspended").values_list("recipient", flat=True)
    assert set(waiting) == {NEW, "chinen@example.jp"}


@pytest.mark.parametrize("ground", Ground)
def test_suspended__period_reason_and_what_still_stands(
    claim: CertificateClaim, ground: Ground
) -> None:
    suspends(claim, (ground,))
    run_once(MONDAY)

    (message,) = mail.outbox
    body = str(message.body)
    assert says(body, "2026年6月8日（月）から 2026年7月7日（火）まで")
    assert says(body, "すでにある予約は、取消しのお知らせがなければ、そのまま使えます。")
    assert len([line for line in body.split("\n") if line.startswith("・")]) == 1
    assert "青木 花子" in body
    assert "青木" not in message.subject


@pytest.mark.parametrize(
    ("leaves_at", "state"),
    [
        ("2026-07-07 23:59:59", MailState.SENT),
        ("2026-07-08 00:00:00", MailState.DROPPED),
    ],
)
def test_suspended__leaves_until_its_last_day_is_over(
    claim: CertificateClaim, leaves_at: str, state: MailState
) -> None:
    suspends(claim)

    run_once(at(leaves_at))

    assert OutgoingMail.objects.get().state == state


@pytest.mark.parametrize(
    ("is_lifted", "words"),
    [(True, "利用の停止を解除しました。"), (False, "利用の停止の期間が終わりました。")],
)
def test_suspension_ended__lifted_or_over(
    claim: CertificateClaim, is_lifted: bool, words: str
) -> None:
    tell_suspension_ended(
        intermediary=claim.intermediary,
        policy=factories.policy(),
        is_lifted=is_lifted,
        at=MONDAY,
    )
    run_once(MONDAY)

    (message,) = mail.outbox
    assert says(message.body, words)
    assert "http://testserver/osaka/entry" in str(message.body).split("\n")


def test_facts__dates_and_codes_only(claim: CertificateClaim) -> None:
    suspends(claim, (Ground.LATE_CHANGE, Ground.NO_SHOW))

    assert OutgoingMail.objects.get().facts == {
        "first_day": "2026-06-08",
        "last_day": "2026-07-07",
        "grounds": ["no_show", "late_change"],
    }
