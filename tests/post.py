"""A real SMTP server that keeps, delays or refuses what it is given.

A folder that wants its fixtures imports them in its conftest.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from uketori.outbox import registry
from uketori.outbox.registry import Renderer


class Post:
    """What arrived, in order; ``answers`` refuses by recipient with an SMTP answer."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.seconds = 0.0
        """How long it takes before it answers that a mail is taken."""
        self.closes_at_data = False
        """Whether it closes the connection instead of taking a mail."""
        self.closes_for = ""
        """The one recipient whose mail it does not take but closes the connection."""
        self.recipients_told: list[str] = []
        """What stood in RCPT TO, of the mails that were taken."""
        self.sessions: set[int] = set()
        self.on_arrival: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.closes_at_data or self.closes_for in envelope.rcpt_tos:
            server.transport.close()
            return "421 closing"
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self._lock:
            self.received.append(message)
            self.sessions.add(id(session))
            self.recipients_told += envelope.rcpt_tos
        self.on_arrival()
        await asyncio.sleep(self.seconds)
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        """The To headers in the order of arrival."""
        return [str(message["To"]) for message in self.received]


@pytest.fixture
def free_port() -> int:
    """A port of the loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post(settings: Any, free_port: int) -> Iterator[Post]:
    """A running server, and Django's SMTP backend pointed at it."""
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port
    yield handler
    controller.stop()


@pytest.fixture
def no_server(settings: Any, free_port: int) -> None:
    """Django's SMTP backend pointed at a port where nobody listens."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port


@pytest.fixture
def renderers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Renderer]:
    """An empty register of renderers for one test."""
    own: dict[str, Renderer] = {}
    monkeypatch.setattr(registry, "_renderers", own)
    return own
