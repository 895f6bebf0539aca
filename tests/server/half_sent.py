"""Requests that are begun and never finished, held open on the loopback."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.server.service import HOST, SITE

LINES = f"POST /osaka/entry HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
FORM = (  # past the check against forgery, which reads the body
    f"Origin: {SITE}\r\nCookie: csrftoken=abcdefghijklmnopqrstuvwxyz012345\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
)
BODY = f"{LINES}{FORM}Content-Length: 5000\r\n\r\n0123456789".encode()
CHUNKED = f"{LINES}{FORM}Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n".encode()
HEADERS = f"{LINES}Cookie: csrftoken=abc".encode()
NOTHING = b""
KINDS = (BODY, CHUNKED, HEADERS, NOTHING)


@contextmanager
def held_open(
    port: int, number: int, kinds: tuple[bytes, ...] = KINDS
) -> Iterator[list[socket.socket]]:
    """Hold so many open, of all kinds in turn."""
    with ExitStack() as stack:
        lines = []
        for index in range(number):
            line = socket.create_connection(("127.0.0.1", port), timeout=10)
            lines.append(stack.enter_context(line))
            line.sendall(kinds[index % len(kinds)])
        yield lines


def read_to_the_end(line: socket.socket, seconds: float) -> bytes:
    """What the server says until it hangs up.  Raises ``TimeoutError`` if it does not."""
    line.settimeout(seconds)
    said = b""
    while part := line.recv(65536):
        said += part
    return said
