"""Where a server listens: a number for a name, and whether the port is free."""

import socket
import time

from uketori.config.arguments import CannotRun

LOOK_EVERY_SECONDS = 0.2


def address_of(host: str) -> str:
    """Return the number for a name, which the server itself does not ask for.

    Of several the IPv4 one: whoever opens ``localhost`` finds it.  Raises ``CannotRun``.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        message = f"--host の「{host}」が見つかりません。IPアドレスで指定してください。"
        raise CannotRun(message) from None
    best = min(found, key=lambda one: one[0] != socket.AF_INET)
    return str(best[4][0])


def refuse_taken_port(host: str, port: int, *, patience: float = 0.0) -> None:
    """Say so when somebody else still listens there after so many seconds.  Raises ``CannotRun``.

    The serving processes share one port, so another server on it would be noticed by nobody: it
    would quietly answer half of the visitors.
    """
    until = time.monotonic() + patience
    while not _is_free(host, port):
        if time.monotonic() >= until:
            message = f"ポート{port}は使われています。--port で別の番号を指定してください。"
            raise CannotRun(message)
        time.sleep(LOOK_EVERY_SECONDS)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
