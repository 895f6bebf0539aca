"""``uketori run`` as a person starts it: served, small, and gone when told to go."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.server.service import family, free_port, is_gone, wait_until

MOST_MEGABYTES = 250


@pytest.fixture
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


def start(var: Path, port: int, *arguments: str) -> subprocess.Popen[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("UKETORI_")}
    ours.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "uketori.cli", "run", "--port", str(port), *arguments]
    return subprocess.Popen(  # noqa: S603 - our own program
        command,
        env={**ours, "UKETORI_VAR": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(var: Path, port: int, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    site = start(var, port, *arguments)
    try:
        yield site
    finally:
        site.kill()
        site.wait()


def fetch(port: int, path: str, seconds: float = 60) -> bytes:
    """Return the page, as soon as somebody listens."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def ask_for_a_link(port: int, address: str) -> None:
    """Send the form of the entry page as a browser without scripts does."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = f"http://127.0.0.1:{port}/osaka/entry"
    html = browser.open(page, timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "address": address}
    browser.open(page, urllib.parse.urlencode(form).encode(), timeout=30).close()


def megabytes(pids: list[int]) -> float:
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def are_gone(pids: list[int], seconds: float) -> None:
    wait_until(lambda: all(is_gone(pid) for pid in pids), seconds)


def assert_nobody_else_reads(var: Path) -> None:
    private = [*var.glob("uketori.sqlite3*"), var / "secret", *var.glob("mailbox/*.eml")]
    assert var / "uketori.sqlite3-wal" in private
    assert {stat.S_IMODE(file.stat().st_mode) for file in private} == {0o600}


def test_run__with_a_moved_clock__serves_and_ends__and_never_goes_back(var: Path) -> None:
    port = free_port()
    with running(var, port, "--now", "2099-12-28T11:58+09:00") as site:
        assert site.stdout is not None
        assert site.stdout.readline() == f"http://localhost:{port}/\n"
        assert site.stdout.readline() == f"http://localhost:{port}/dev/mailbox\n"
        assert site.stdout.readline() == f"http://localhost:{port}/dev/staff\n"
        assert "mihon-clerk" in site.stdout.readline()
        assert "mihon-administrator" in fetch(port, "/dev/staff").decode()
        assert json.loads(fetch(port, "/readyz"))["ready"]
        assert "大阪" in fetch(port, "/osaka/").decode()
        ask_for_a_link(port, "aoki@example.jp")
        mails: list[dict[str, str]] = []
        end = time.monotonic() + 60
        while not mails and time.monotonic() < end:
            mails = json.loads(fetch(port, "/dev/mailbox.json"))
        assert mails[0]["to"] == "aoki@example.jp"
        assert set(mails[0]) == {"to", "subject", "text", "at"}
        assert datetime.fromisoformat(mails[0]["at"]).year == 2099
        assert_nobody_else_reads(var)
        pids = family(site.pid)
        assert len(pids) == 3
        assert megabytes(pids) < MOST_MEGABYTES

        site.send_signal(signal.SIGINT)

        assert site.wait(60) == 0
        are_gone(pids, 30)

    with running(var, port) as site:  # the newest rows are of 2099 now
        said, _ = site.communicate(timeout=60)
    assert site.returncode == 2
    assert f"make reset VAR={var} でデータを消して" in said
    assert said.count("\n") == 1


def test_run__port_taken__one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        with running(tmp_path, port) as site:
            said, _ = site.communicate(timeout=60)

    assert site.returncode == 2
    assert said == f"ポート{port}は使われています。--port で別の番号を指定してください。\n"


@pytest.mark.parametrize("victim", ["supervisor", "server"])
def test_run__one_is_killed__all_end(tmp_path: Path, victim: str) -> None:
    port = free_port()
    with running(tmp_path, port) as site:
        fetch(port, "/livez")
        pids = family(site.pid)
        supervisor, server, _process = pids

        os.kill({"supervisor": supervisor, "server": server}[victim], signal.SIGKILL)

        assert site.wait(60) != 0
        are_gone(pids, 30)
