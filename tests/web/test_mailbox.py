"""The mailbox of development: true to the wire, escaped, and for this machine only."""

import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from tests.web import urls as shared
from uketori.development.mail_catcher import start_catcher
from uketori.development.mailbox import mailbox_urls, with_links
from uketori.outbox.message import message_of
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered

urlpatterns = [path("", include(mailbox_urls)), *shared.urlpatterns]
SUBJECT = (
    "【予約完了】12月28日（月）10時の交付予約を受け付けました（大阪出入国在留管理局　2F　A窓口）"
)
AT = datetime(2026, 12, 28, 3, 0, tzinfo=UTC)  # Monday 12:00 in Osaka


@pytest.fixture(autouse=True)
def _mailbox(settings: Any, tmp_path: Path) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MAILBOX = tmp_path


@pytest.fixture
def catcher(settings: Any) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = start_catcher(settings.MAILBOX, port)
    yield port
    controller.stop()


def send(port: int, to: str, text: str) -> None:
    mail = OutgoingMail(recipient=to, message_id="<a@b.jp>")
    message = message_of(mail, Rendered(SUBJECT, text, "admin@b.jp", "大阪"), AT)
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.sendmail("admin@b.jp", [to], message.message().as_bytes())


def test_mailbox__kept_mails__newest_first(client: Client, catcher: int) -> None:
    send(catcher, "aoki@example.jp", "一通目\n")
    send(catcher, "beppu@example.jp", "二通目\nhttps://example.jp/osaka/entry/x。\n")

    newest, first = client.get("/dev/mailbox.json").json()

    assert newest == {
        "to": "beppu@example.jp",
        "subject": SUBJECT,
        "text": "二通目\nhttps://example.jp/osaka/entry/x。\n",
        "at": "2026-12-28T12:00:00+09:00",
    }
    assert first["to"] == "aoki@example.jp"
    page = client.get("/dev/mailbox")
    html = page.content.decode()
    assert (
        '<a href="https://example.jp/osaka/entry/x">https://example.jp/osaka/entry/x</a>。' in html
    )
    assert "宛先：beppu@example.jp　送信：2026年12月28日（月）12時" in html
    assert html.index("二通目") < html.index("一通目")
    assert page.headers["Cache-Control"] == "no-store"


def test_mailbox__empty__says_so(client: Client) -> None:
    assert "メールはまだありません" in client.get("/dev/mailbox").content.decode()
    assert client.get("/dev/mailbox.json").json() == []


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "", "junk"])
def test_mailbox__asked_from_elsewhere__not_there(client: Client, address: str) -> None:
    assert client.get("/dev/mailbox", REMOTE_ADDR=address).status_code == 404
    assert client.get("/dev/mailbox.json", REMOTE_ADDR=address).status_code == 404


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>&", "&lt;b&gt;&amp;"),
        ("（https://a.jp/x?y=1&z=2）", '（<a href="https://a.jp/x?y=1&amp;z=2">'),
        ("https://a.jp/x。次", "</a>。次"),
        ("https://a.jp/x.", "x</a>."),
        ('https://a.jp/"><script>', "/</a>&quot;&gt;&lt;script&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_links__end_where_the_address_ends(text: str, html: str) -> None:
    assert html in with_links(text)
