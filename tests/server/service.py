"""The site as an operator starts it: the commands, a production's settings, and nothing else.

Requests come as through the proxy that a production has: by HTTPS, to the site's own name.
"""

import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from django.db import connection
from psycopg import sql

HOST = "yoyaku.example.jp"
SITE = f"https://{HOST}"
SECONDS = 60
CONTROL = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], object], seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "not within the time"
        time.sleep(0.05)


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Service:
    """A site of production: its settings, and the processes that were started with them."""

    folder: Path
    database: str
    mail_port: int
    port: int = field(default_factory=free_port)
    cookies: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    patience: float = SECONDS
    """How long an answer is waited for."""

    def environment(self) -> dict[str, str]:
        """What the documents tell an operator to set; nothing of the tests or of development."""
        bare = {name: text for name, text in os.environ.items() if "UKETORI" not in name}
        bare.pop("DJANGO_SETTINGS_MODULE", None)
        return {
            **bare,
            "UKETORI_VAR": str(self.folder),
            "UKETORI_DATABASE": self.database,
            "UKETORI_SECRET_KEY": secrets.token_urlsafe(48),
            "UKETORI_SITE_URL": SITE,
            "UKETORI_HOSTS": HOST,
            "UKETORI_TRUSTED_PROXIES": "127.0.0.1",
            "UKETORI_MAIL_HOST": "127.0.0.1",
            "UKETORI_MAIL_PORT": str(self.mail_port),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "uketori.cli", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=2 * SECONDS,
            check=False,
        )

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command that stays."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "uketori.cli", *arguments],
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def serve(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the site, and wait until it answers."""
        process = self.start("serve", "--port", str(self.port), *arguments)
        wait_until(lambda: self.answers() or process.poll() is not None)
        assert process.poll() is None, self.log
        return process

    def answers(self) -> bool:
        try:
            return self.get("/livez").status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """End all; whatever is left of them goes, too."""
        for process in self.started:
            pids = family(process.pid)
            process.terminate()
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            for pid in pids:
                kill(pid)

    def get(self, path: str) -> Page:
        return self.ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Page:
        """Send the form of the page, as a browser does."""
        return self.send(path, self.token(path), fields)

    def token(self, path: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).text)
        assert found
        return found[1]

    def send(self, path: str, token: str, fields: dict[str, str]) -> Page:
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": SITE}
        return self.ask("POST", path, body, form)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Page:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        kept = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        told = {"Host": HOST, "X-Forwarded-Proto": "https", **(headers or {})}
        try:
            line.request(method, path, body or None, told | ({"Cookie": kept} if kept else {}))
            answer = line.getresponse()
            page = Page(answer.status, answer.headers, answer.read().decode())
        finally:
            line.close()
        for cookie in page.headers.get_all("Set-Cookie", []):
            name, _, text = cookie.partition(";")[0].partition("=")
            self.cookies[name] = text
        return page


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """A database of its own, of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder}/uketori.sqlite3"
        return
    facts = connection.settings_dict
    asked = {"host": facts["HOST"], "port": facts["PORT"] or None, "user": facts["USER"] or None}
    name = f"uketori_served_{secrets.token_hex(4)}"
    ours = sql.Identifier(name)
    with psycopg.connect(
        **asked, password=facts["PASSWORD"] or None, dbname="postgres", autocommit=True
    ) as one:
        one.execute(sql.SQL("CREATE DATABASE {}").format(ours))
        try:
            yield f"postgres://{facts['USER']}@/{name}?host={facts['HOST']}"
        finally:
            one.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(ours))


def family(pid: int) -> list[int]:
    """The process and all it started, from /proc."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}/exe").exists()


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
