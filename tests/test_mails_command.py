"""``uketori mails`` and ``uketori mail-test``, as an operator types them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import factories, situations
from tests.policies import at
from tests.post import Post, free_port, no_server, post
from uketori.audit.models import Event
from uketori.cli import main
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import FailedAttempt, MailState, OutgoingMail
from uketori.reservations.mails.telling import BOOKED_EVENT

__all__ = ["free_port", "no_server", "post"]

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 8, 1, 0, tzinfo=UTC)


@pytest.fixture
def mail() -> OutgoingMail:
    """A mail of a reservation that was given up after one refusal."""
    reservation = factories.reservation(situations.aoki(), at("2026-06-09 09:00"), 3)
    row = enqueue(
        bureau="osaka",
        message_domain="@example.jp",
        event=BOOKED_EVENT,
        subject_id=reservation.reference,
        recipient="aoki@example.jp",
        at=AT,
    )
    OutgoingMail.objects.filter(pk=row.pk).update(state=MailState.DEAD, attempts=1)
    error = "SMTPRecipientsRefused 550"
    FailedAttempt.objects.create(mail=row, at=AT, error=error, domain="example.jp")
    row.refresh_from_db()
    return row


def test_mails__queue__in_words_and_as_json(mail: OutgoingMail, capsys: Any) -> None:
    assert main(["mails"]) == 0
    assert "送信待ち" in capsys.readouterr().out

    assert main(["mails", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert {"waiting", "oldest_seconds", "dead_last_day", "expired_last_day"} <= set(facts)


def test_mails__of_a_reservation__its_history_without_the_address(
    mail: OutgoingMail, capsys: Any
) -> None:
    assert main(["mails", mail.subject_id]) == 0
    out = capsys.readouterr().out
    assert "a…@example.jp" in out
    assert "aoki@example.jp" not in out
    assert "送れずにあきらめた" in out
    assert "SMTPRecipientsRefused 550" in out

    assert main(["mails", mail.subject_id, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["state"] == "dead"
    assert facts["failures"][0]["error"] == "SMTPRecipientsRefused 550"


def test_mails__unknown_reference_or_id__one_sentence(capsys: Any) -> None:
    assert main(["mails", "XXXX-XXXX"]) == 2
    assert main(["mails", "--resend", "99"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_mails__resend__waits_again_and_is_recorded(mail: OutgoingMail, capsys: Any) -> None:
    assert main(["mails", "--resend", str(mail.pk)]) == 0

    mail.refresh_from_db()
    assert mail.state == MailState.WAITING
    event = Event.objects.get(kind="mail_resent")
    assert (event.actor, event.subject) == ("operator:mails", f"mail:{mail.pk}")


def test_mail_test__taken__tells_the_message_id(post: Post, capsys: Any) -> None:
    assert main(["mail-test", "ops@example.jp"]) == 0

    (message,) = post.received
    assert str(message["Message-ID"]) in capsys.readouterr().out
    assert post.recipients_told == ["ops@example.jp"]
    assert "送信のテスト" in str(message["Subject"])


@pytest.mark.parametrize("answer", ["550 no such user", "451 later"])
def test_mail_test__refused__says_the_code_and_no_traceback(
    post: Post, capsys: Any, answer: str
) -> None:
    post.answers["ops@example.jp"] = answer

    assert main(["mail-test", "ops@example.jp"]) == 2

    assert f"SMTPRecipientsRefused {answer[:3]}" in capsys.readouterr().err


def test_mail_test__no_server__says_where_to_look(no_server: None, capsys: Any) -> None:
    assert main(["mail-test", "ops@example.jp"]) == 2
    assert "UKETORI_MAIL_HOST" in capsys.readouterr().err


def test_mail_test__no_address__the_same_sentence_as_the_form(capsys: Any) -> None:
    assert main(["mail-test", "ops"]) == 2
    assert "メールアドレスの形" in capsys.readouterr().err
