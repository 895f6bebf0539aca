"""The mail server fails in every way it can; the clock is moved, the server is real."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.post import Post
from uketori.outbox import worker as worker_module
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.registry import Rendered, Renderer
from uketori.outbox.worker import PAUSE_SECONDS, Worker

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Tuesday 12:00 in Osaka
HOUR = timedelta(hours=1)
PAUSE = timedelta(seconds=PAUSE_SECONDS)


@pytest.fixture(autouse=True)
def _told(renderers: dict[str, Renderer]) -> None:
    renderers["told"] = lambda _mail, _at: Rendered("件名", "本文", "a@b.jp", "局")


def mails(count: int, **changes: Any) -> list[OutgoingMail]:
    facts = {
        "bureau": "osaka",
        "message_domain": "@example.jp",
        "event": "told",
        "subject_id": "R1",
        "at": AT,
        **changes,
    }
    return [enqueue(**facts, recipient=f"n{number}@example.jp") for number in range(count)]


def states() -> dict[str, int]:
    return Counter(OutgoingMail.objects.values_list("state", flat=True))


def work(begin: datetime, end: datetime) -> None:
    """What a worker does between two moments, as fast as it can."""
    worker, moment = Worker(), begin
    while moment <= end:
        worker.run_once(moment)
        moment += PAUSE


def test_server_down_for_an_hour__all_leave_within_a_minute_of_its_return(
    post: Post, settings: Any, capsys: Any
) -> None:
    """Verification mails first; those whose hour ended meanwhile never leave.  R-15."""
    told = mails(60)
    over = mails(5, priority=1, not_after=AT + HOUR)
    asked = mails(5, priority=1, not_after=AT + HOUR + timedelta(minutes=10))
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9  # discard: nobody listens

    work(AT, AT + HOUR - PAUSE)
    assert not post.received
    assert states()[MailState.WAITING] >= 65

    settings.EMAIL_PORT = port
    work(AT + HOUR, AT + HOUR + timedelta(minutes=1))

    for mail in (*told, *over, *asked):
        mail.refresh_from_db()
    assert {mail.state for mail in over} == {MailState.DROPPED}
    assert {mail.state for mail in (*told, *asked)} == {MailState.SENT}
    assert len(post.received) == 65
    oldest = max(mail.sent_at for mail in told if mail.sent_at) - AT - HOUR
    with capsys.disabled():
        print(f"\nserver away for 1 h: 0 lost, last {oldest.total_seconds():.0f} s after it")  # noqa: T201 - a figure of the suite


@pytest.mark.parametrize("how", ["closes", "451", "554 at last mended"])
def test_server_refuses_for_a_while__every_mail_leaves_once(post: Post, how: str) -> None:
    mails(6)
    if how == "closes":
        post.closes_at_data = True
    else:
        post.answers = {f"n{number}@example.jp": how for number in range(6)}
    work(AT, AT + timedelta(minutes=2))
    assert not post.received

    post.closes_at_data, post.answers = False, {}
    work(AT + timedelta(minutes=3), AT + timedelta(minutes=15))

    assert states() == {MailState.SENT: 6}
    assert set(Counter(post.recipients).values()) == {1}


def test_server_closes_on_one_mail__the_others_leave_all_the_same(post: Post) -> None:
    """A mail that makes the server fall must not stop the queue behind it."""
    mails(4)
    post.closes_for = "n0@example.jp"

    work(AT, AT + timedelta(minutes=1))

    assert sorted(post.recipients) == [f"n{number}@example.jp" for number in (1, 2, 3)]
    assert states() == {MailState.SENT: 3, MailState.WAITING: 1}


def test_server_silent_after_data__tried_again_with_the_same_message_id(
    post: Post, settings: Any
) -> None:
    """It may have taken the mail: the other place where SMTP leaves a repeat open."""
    (mail,) = mails(1)
    settings.EMAIL_TIMEOUT, post.seconds = 0.2, 1.0
    Worker().run_once(AT)
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (MailState.WAITING, "SMTPServerDisconnected")

    settings.EMAIL_TIMEOUT, post.seconds = 30, 0
    Worker().run_once(AT + timedelta(minutes=1))

    assert states() == {MailState.SENT: 1}
    assert {str(message["Message-ID"]) for message in post.received} == {mail.message_id}


def test_slow_server__a_verification_mail_waits_for_no_batch(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails(20)
    monkeypatch.setattr(worker_module, "BATCH_SECONDS", 0.3)
    post.seconds = 0.1
    worker = Worker()
    worker.run_once(AT)
    begun = len(post.received)
    assert begun < 6

    enqueue(
        bureau="osaka",
        message_domain="@example.jp",
        event="told",
        subject_id="1",
        recipient="verify@example.jp",
        at=AT,
        priority=1,
        not_after=AT + HOUR,
    )
    worker.run_once(AT + timedelta(seconds=1))

    assert post.recipients[begun] == "verify@example.jp"
