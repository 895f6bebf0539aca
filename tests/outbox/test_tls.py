"""The mail server is spoken to under TLS with a verified certificate, or no mail leaves."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from socket import create_connection
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller

from tests.post import Post
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.registry import Rendered, Renderer
from uketori.outbox.worker import run_once

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _told(renderers: dict[str, Renderer]) -> None:
    renderers["told"] = lambda _mail, _at: Rendered("件名", "本文", "a@b.jp", "局")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name the authority as an operator would, in the environment."""
    place = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(place))
    monkeypatch.setenv("SSL_CERT_FILE", str(place))


class TlsController(Controller):
    """Its first visitor, which only wakes it, needs a client's context, not the server's."""

    def _trigger_server(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with create_connection((self.hostname, self.port), 1) as plain:
            context.wrap_socket(plain).close()


@pytest.fixture(params=["starttls", "tls"])
def tls_post(
    request: pytest.FixtureRequest, authority: trustme.CA, free_port: int, settings: Any
) -> Iterator[Post]:
    """A server for ``localhost`` that speaks TLS, and Django's backend told to use it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    handler = Post()
    place = {"hostname": "127.0.0.1", "port": free_port}
    if request.param == "tls":
        settings.EMAIL_USE_SSL = True
        controller = TlsController(handler, ssl_context=context, **place)
    else:
        settings.EMAIL_USE_TLS = True
        controller = Controller(handler, tls_context=context, require_starttls=True, **place)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", free_port
    yield handler
    controller.stop()


def a_mail() -> OutgoingMail:
    return enqueue(
        bureau="osaka",
        message_domain="@example.jp",
        event="told",
        subject_id="R1",
        recipient="aoki@example.jp",
        at=AT,
    )


def test_tls__trusted_authority__leaves(tls_post: Post, trusted: None) -> None:
    mail = a_mail()
    run_once(AT)

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (MailState.SENT, "")
    assert tls_post.recipients == ["aoki@example.jp"]


def test_tls__unknown_authority__nothing_leaves(tls_post: Post) -> None:
    mail = a_mail()
    run_once(AT)

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (MailState.WAITING, "SSLCertVerificationError")
    assert not tls_post.received


def test_tls__certificate_of_another_name__nothing_leaves(
    tls_post: Post, trusted: None, settings: Any
) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    mail = a_mail()
    run_once(AT)

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (MailState.WAITING, "SSLCertVerificationError")
    assert not tls_post.received


def test_starttls__server_offers_none__nothing_leaves_in_the_open(
    post: Post, settings: Any
) -> None:
    settings.EMAIL_USE_TLS = True
    mail = a_mail()
    run_once(AT)

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (MailState.WAITING, "SMTPNotSupportedError")
    assert not post.received
