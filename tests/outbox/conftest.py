"""A real SMTP server that keeps, delays or refuses what it is given."""

import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from uketori.outbox import register
from uketori.outbox.register import Renderer


class Post:
    """What arrived, in order; ``answers`` refuses by recipient with an SMTP answer."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
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

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self._lock:
            self.received.append(message)
            self.sessions.add(id(session))
        self.on_arrival()
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
    monkeypatch.setattr(register, "_renderers", own)
    return own
