"""``uketori run``: the whole site on this machine, for development.

The supervisor itself stays small: it knows no Django, holds the catcher of mails, and lets children
prepare the database and serve.  When one of them ends, or it is told to, it ends them all.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from uketori.config.arguments import CannotRun
from uketori.config.ports import refuse_taken_port
from uketori.development.mail_catcher import start_catcher

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LOOK_EVERY_SECONDS = 0.2
PATIENCE_SECONDS = 8.0


def run_development(*, host: str, port: int, now: datetime | None) -> int:
    """Serve the development site until interrupted; return the exit status.

    Raises ``CannotRun``.
    """
    refuse_public(host, os.environ)
    refuse_taken_port(host, port)
    var = Path(os.environ.get("UKETORI_VAR", "var")).resolve()
    environment = development_environment(var, port=port, now=now)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    if status := _watched(_child(["prepare"], environment), stop):
        return status
    catcher = start_catcher(var / "mailbox", int(environment["UKETORI_MAIL_PORT"]))
    try:
        serving = ["serve", "--host", host, "--port", str(port), "--until-stdin-closes"]
        return 0 if stop.is_set() else _watched(_child(serving, environment), stop)
    finally:
        catcher.stop()


def refuse_public(host: str, environment: Mapping[str, str]) -> None:
    """Refuse whatever would let others reach the development site.  Raises ``CannotRun``."""
    if environment.get("UKETORI_OFFICIAL", "0") != "0":
        message = "UKETORI_OFFICIAL が設定されているため、開発用の run は使えません。"
        raise CannotRun(message)
    if host not in LOOPBACK:
        message = f"開発用の run は、この機械の中だけで使えます（--host {host} は使えません）。"
        raise CannotRun(message)


def development_environment(var: Path, *, port: int, now: datetime | None) -> dict[str, str]:
    """Return what the children share: one secret, one clock, no mail beyond this machine."""
    var.mkdir(parents=True, exist_ok=True)
    # The real clock: the one of uketori.clock is what is being set here.
    offset = round(now.timestamp() - time.time()) if now else 0
    return {
        **os.environ,
        "UKETORI_DEVELOPMENT": "1",
        "UKETORI_VAR": str(var),
        "UKETORI_SECRET_KEY": persisted_secret(var / "secret"),
        # A name, whatever number is listened on: browsers make no passkey for a number.
        "UKETORI_SITE_URL": f"http://localhost:{port}",
        "UKETORI_HOSTS": "localhost,127.0.0.1,[::1]",
        "UKETORI_CLOCK_OFFSET": str(offset),
        "UKETORI_TRUSTED_PROXIES": "",
        "UKETORI_MAIL_HOST": "127.0.0.1",
        "UKETORI_MAIL_PORT": str(_free_port()),
        "UKETORI_MAIL_USER": "",
        "UKETORI_MAIL_STARTTLS": "0",
        "UKETORI_MAIL_TLS": "0",
    }


def persisted_secret(path: Path) -> str:
    """Return the secret kept in the file, making it at first, so that links outlive a restart."""
    if not path.exists():
        unfinished = path.with_suffix(".part")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(48), encoding="ascii")
        unfinished.replace(path)
    return path.read_text(encoding="ascii")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _child(arguments: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # Its own session: Ctrl-C reaches the supervisor alone, which ends the children in order.
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "uketori.cli", *arguments],
        env=environment,
        stdin=subprocess.PIPE,  # never written to: it closes when the supervisor is gone
        start_new_session=True,
    )


def _watched(child: subprocess.Popen[bytes], stop: threading.Event) -> int:
    """Wait for the child's end, or end it when told to stop; return the status to end with."""
    try:
        while child.poll() is None and not stop.wait(LOOK_EVERY_SECONDS):
            pass
        return 0 if stop.is_set() else child.returncode
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started; politely first."""
    if child.poll() is None:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE_SECONDS)
    with suppress(ProcessLookupError):  # mostly, nobody of its group is left
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
