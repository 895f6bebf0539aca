"""Mails leave once, in order, by real SMTP; what fails comes back, and nothing is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction

from tests.post import Post
from uketori.outbox import lease, retry
from uketori.outbox.enqueue import enqueue, wake
from uketori.outbox.models import FailedAttempt, MailState, OutgoingMail
from uketori.outbox.registry import Rendered, Renderer
from uketori.outbox.worker import Worker, run_once

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Tuesday 12:00 in Osaka
SUBJECT = "【予約完了】12月28日（月）10時の交付予約を受け付けました（大阪出入国在留管理局）"
BODY = "知念 様\n\nhttps://example.jp/osaka/entry/abc\n髙﨑さん、①番窓口です。\n"


def a_rendering(_mail: OutgoingMail, _at: datetime) -> Rendered:
    return Rendered(SUBJECT, BODY, "admin@immi.example.jp", "大阪出入国在留管理局")


@pytest.fixture(autouse=True)
def _told(renderers: dict[str, Renderer]) -> None:
    renderers["told"] = a_rendering


def a_mail(to: str = "aoki@example.jp", at: datetime = AT, **changes: Any) -> OutgoingMail:
    facts = {
        "bureau": "osaka",
        "message_domain": "@example.jp",
        "event": "told",
        "subject_id": "R1",
        "recipient": to,
        "at": at,
    }
    return enqueue(**{**facts, **changes})


def state_of(mail: OutgoingMail) -> str:
    mail.refresh_from_db()
    return mail.state


def test_run_once__due_mail__arrives_whole_and_is_marked(post: Post) -> None:
    mail = a_mail(message_domain="immi.example.jp")

    assert run_once(AT) == 1

    (message,) = post.received
    assert str(message["Subject"]).strip() == SUBJECT
    assert message.get_content().replace("\r\n", "\n") == BODY
    assert message["Content-Transfer-Encoding"] == "base64"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "大阪出入国在留管理局 <admin@immi.example.jp>"
    assert message["Reply-To"] is None
    assert (message.get_content_type(), message.is_multipart()) == ("text/plain", False)
    assert message["Message-ID"] == mail.message_id
    assert mail.message_id.endswith("@immi.example.jp>")
    assert message["Date"] == "Tue, 24 Nov 2026 12:00:00 +0900"
    assert state_of(mail) == MailState.SENT
    assert mail.sent_at is not None
    assert AT <= mail.sent_at < AT + timedelta(seconds=10)
    assert (mail.attempts, mail.lease_until, mail.lease_owner) == (1, None, "")
    assert run_once(AT) == 0


def test_run_once__answers_are_read_elsewhere__said_in_the_header(
    post: Post, renderers: dict[str, Renderer]
) -> None:
    renderers["told"] = lambda _mail, _at: Rendered(
        "件名", "本文", "a@b.jp", "局", reply_to="madoguchi@b.jp"
    )
    a_mail()

    run_once(AT)

    (message,) = post.received
    assert message["Reply-To"] == "madoguchi@b.jp"


def test_run_once__several__urgent_first_over_one_connection(post: Post) -> None:
    a_mail("later@example.jp")
    a_mail("verify@example.jp", priority=1)
    a_mail("tomorrow@example.jp", not_before=AT + timedelta(days=1))

    run_once(AT)

    assert post.recipients == ["verify@example.jp", "later@example.jp"]
    assert len(post.sessions) == 1


def test_run_once__over_at_its_moment__dropped(post: Post) -> None:
    """The verification mail whose hour ended before it could leave.  R-15."""
    last = a_mail("in-time@example.jp", not_after=AT + timedelta(hours=1))
    over = a_mail("over@example.jp", not_after=AT + timedelta(minutes=59, seconds=30))

    run_once(AT + timedelta(minutes=59, seconds=30))

    assert post.recipients == ["in-time@example.jp"]
    assert [state_of(last), state_of(over)] == [MailState.SENT, MailState.DROPPED]


def test_run_once__no_longer_true__dropped(post: Post, renderers: dict[str, Renderer]) -> None:
    renderers["told"] = lambda _mail, _at: None
    mail = a_mail()

    run_once(AT)

    assert not post.received
    assert state_of(mail) == MailState.DROPPED


def test_enqueue__told_once__the_database_refuses_a_second() -> None:
    a_mail(once="reminder R1 1")
    a_mail(once="reminder R2 1")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_mail(once="reminder R1 1")


def test_run_once__newer_one_tells_it_better__superseded(
    post: Post, renderers: dict[str, Renderer]
) -> None:
    renderers["told"] = lambda _mail, _at: MailState.SUPERSEDED
    mail = a_mail()

    run_once(AT)

    assert not post.received
    assert state_of(mail) == MailState.SUPERSEDED


@pytest.mark.parametrize(
    ("answer", "error", "seconds"),
    [
        ("450 try later", "SMTPRecipientsRefused 450", range(22, 90)),
        ("550 aoki@example.jp is unknown", "SMTPRecipientsRefused 550", range(450, 660)),
    ],
)
def test_run_once__one_refused__others_leave_and_it_waits(
    post: Post, answer: str, error: str, seconds: range
) -> None:
    post.answers["aoki@example.jp"] = answer
    mail, other = a_mail(), a_mail("beppu@example.jp")

    run_once(AT)

    assert post.recipients == ["beppu@example.jp"]
    assert state_of(other) == MailState.SENT
    assert state_of(mail) == MailState.WAITING
    assert mail.last_error == error
    assert int((mail.not_before - AT).total_seconds()) in seconds
    assert run_once(AT + timedelta(seconds=seconds.start - 5)) == 0

    post.answers.clear()
    assert run_once(AT + timedelta(seconds=seconds.stop + 5)) == 1
    assert state_of(mail) == MailState.SENT
    assert (mail.attempts, mail.last_error) == (2, "")


def test_run_once__renderer_fails_or_lacks__others_leave(
    post: Post, renderers: dict[str, Renderer]
) -> None:
    def broken(_mail: OutgoingMail, _at: datetime) -> Rendered:
        raise ValueError("aoki@example.jp stands in this text")  # noqa: EM101, TRY003

    renderers["broken"] = broken
    bad, unknown, good = a_mail(event="broken"), a_mail(event="unheard of"), a_mail()

    run_once(AT)

    assert [state_of(bad), state_of(unknown), state_of(good)] == ["waiting", "waiting", "sent"]
    assert [bad.last_error, unknown.last_error] == ["ValueError", "KeyError"]
    assert len(post.received) == 1


def test_run_once__subject_with_a_line_break__never_leaves(
    post: Post, renderers: dict[str, Renderer]
) -> None:
    renderers["told"] = lambda _mail, _at: Rendered("a\nBcc: x@example.jp", "b", "a@b.jp", "c")
    mail = a_mail()

    run_once(AT)

    assert not post.received
    assert (state_of(mail), mail.last_error) == (MailState.WAITING, "BadHeaderError")


def test_run_once__no_server__all_wait_and_only_one_was_tried(no_server: None) -> None:
    mails = [a_mail() for _ in range(3)]

    run_once(AT)

    assert [state_of(mail) for mail in mails] == [MailState.WAITING] * 3
    assert [mail.last_error for mail in mails] == ["ConnectionRefusedError", "", ""]
    assert [mail.attempts for mail in mails] == [1, 0, 0]
    assert [mail.first_tried_at for mail in mails] == [AT, None, None]
    assert FailedAttempt.objects.get().domain == "example.jp"


@pytest.mark.parametrize(
    ("tries", "days", "state"),
    [
        (retry.FEWEST_ATTEMPTS - 1, 1, MailState.DEAD),
        (retry.FEWEST_ATTEMPTS - 2, 1, MailState.WAITING),
        (retry.FEWEST_ATTEMPTS - 1, 0.99, MailState.WAITING),
    ],
)
def test_run_once__passing_refusal_after_a_day__dead(
    post: Post, tries: int, days: float, state: MailState
) -> None:
    post.answers["aoki@example.jp"] = "450 never"
    mail = a_mail()
    OutgoingMail.objects.update(attempts=tries, first_tried_at=AT - timedelta(days=days))

    run_once(AT)

    assert state_of(mail) == state
    assert run_once(AT + timedelta(days=3)) == (state == MailState.WAITING)


def test_run_once__refused_for_good__asked_twice_more_and_dead(post: Post) -> None:
    """A final refusal is asked about again: administrators mend within the hour."""
    post.answers["aoki@example.jp"] = "550 unknown"
    mail, at = a_mail(), AT
    for _ in range(3):
        assert state_of(mail) == MailState.WAITING
        run_once(at)
        at += retry.REFUSED_DELAY + timedelta(minutes=1)  # the attempt itself takes time

    assert state_of(mail) == MailState.DEAD
    assert mail.failures.count() == 3


def test_run_once__database_falls_after_sending__marked_later_and_not_sent_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, worker = a_mail(), Worker()

    def fall(*_: object) -> bool:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr("uketori.outbox.worker.mark", fall)
        with pytest.raises(OperationalError):
            worker.run_once(AT)
    assert state_of(mail) == MailState.WAITING

    worker.run_once(AT + lease.LEASE)

    assert state_of(mail) == MailState.SENT
    assert len(post.received) == 1


def test_claim__leased__nobody_else_until_it_ends() -> None:
    a_mail()
    token, (mail,) = lease.claim(AT)

    assert lease.claim(AT)[1] == []
    assert lease.claim(AT + lease.LEASE - timedelta(seconds=1))[1] == []

    _, (again,) = lease.claim(AT + lease.LEASE)
    assert (again.pk, again.attempts) == (mail.pk, 2)
    late = lease.Mark(mail, MailState.SENT, AT)
    assert not lease.mark(token, late), "the first worker overslept its lease"
    assert state_of(mail) == MailState.WAITING


def test_run_once__told_to_end__gives_back_untried(post: Post) -> None:
    for _ in range(3):
        a_mail()

    run_once(AT, ending=lambda: len(post.received) >= 1)

    assert len(post.received) == 1
    assert OutgoingMail.objects.filter(state="waiting", lease_until=None, attempts=0).count() == 2


def test_run_once__slow_server__stops_beginning_mails(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An urgent mail that comes meanwhile must not wait behind the whole batch."""
    monkeypatch.setattr("uketori.outbox.worker.BATCH_SECONDS", 0.0)
    a_mail()

    run_once(AT)

    assert not post.received
    assert OutgoingMail.objects.filter(lease_until=None, attempts=0).count() == 1


@pytest.mark.django_db(transaction=True)
def test_enqueue__rolled_back__no_mail_and_nobody_woken(post: Post) -> None:
    wake.clear()
    with transaction.atomic():
        a_mail()
        transaction.set_rollback(True)

    assert not wake.is_set()
    run_once(AT)
    assert not post.received

    with transaction.atomic():
        a_mail()
        assert not wake.is_set()
    assert wake.is_set()
    run_once(AT)
    assert len(post.received) == 1
