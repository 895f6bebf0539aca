"""What goes over the wire: addresses in the ASCII that was checked, headers in their own lines."""

import re
from datetime import UTC, datetime

import pytest

from tests.post import Post
from uketori.outbox.enqueue import enqueue, message_id
from uketori.outbox.message import message_of
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.registry import Rendered, Renderer
from uketori.outbox.worker import run_once

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("recipient", "sent_to"),
    [
        ("aoki@faß.example", "aoki@xn--fa-hia.example"),
        ("aoki@fass.example", "aoki@fass.example"),
        ("aoki@xn--fa-hia.example", "aoki@xn--fa-hia.example"),
        ("aoki@日本語.example", "aoki@xn--wgv71a119e.example"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
    ],
)
def test_recipient__envelope_and_header__the_domain_that_was_checked(
    post: Post, renderers: dict[str, Renderer], recipient: str, sent_to: str
) -> None:
    """Python's own mail would write to fass.example, which is another's."""
    renderers["told"] = lambda _mail, _at: Rendered(
        "件名", "本文", "a@faß.example", "局", "b@faß.jp"
    )
    mail = enqueue(
        bureau="osaka",
        message_domain="@faß.example",
        event="told",
        subject_id="R1",
        recipient=recipient,
        at=AT,
    )

    run_once(AT)

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (MailState.SENT, "")
    (message,) = post.received
    assert post.recipients == [sent_to]
    assert message["To"] == sent_to
    assert message["From"] == "局 <a@xn--fa-hia.example>"
    assert message["Reply-To"] == "b@xn--fa-hia.jp"
    assert message["Message-ID"].endswith("@xn--fa-hia.example>")


@pytest.mark.parametrize(
    "text",
    [
        "予約",
        "［見本］交付予約システム　メールアドレスの確認",
        "変更・キャンセルは6月10日（水）11時59分まで　" * 5,
        "long words of Latin letters, é among them " * 5,
    ],
)
def test_subject_and_name__begin_in_the_line_of_their_header(text: str) -> None:
    mail = OutgoingMail(recipient="aoki@example.jp", message_id=message_id("@example.jp"))
    message = message_of(mail, Rendered(text, "本文", "admin@example.jp", text), AT)

    head = message.message().as_bytes(linesep="\r\n").decode("ascii").partition("\r\n\r\n")[0]

    lines = head.split("\r\n")
    assert [line for line in lines if not line.partition(":")[2].strip() and ":" in line] == []
    assert max(map(len, lines)) <= 78
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", head))
    assert message.subject == text
