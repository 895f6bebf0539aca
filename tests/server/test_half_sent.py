"""Whoever sends half a request holds no thread, for a few seconds only, and never the disk."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.half_sent import BODY, CHUNKED, HEADERS, NOTHING, held_open, read_to_the_end
from tests.server.service import SITE, Service, family, free_port, wait_until

HONEST = 100
SIZE = 50_000_000


def seconds_of(service: Service, path: str) -> float:
    began = time.monotonic()
    assert service.get(path).status == 200
    return time.monotonic() - began


@pytest.fixture(scope="module")
def serving(prepared: Service) -> Iterator[Service]:
    here = Service(prepared.folder, prepared.database, prepared.mail_port)
    here.serve("--workers", "1")
    yield here
    here.stop()


def test_two_hundred_of_each_kind__the_honest_are_served_within_a_second(serving: Service) -> None:
    assert serving.post("/osaka/entry", {"address": "aoki@example.jp"}).status == 302
    with held_open(serving.port, 800):
        times = sorted(seconds_of(serving, "/osaka/entry") for _ in range(HONEST))
        assert serving.post("/osaka/entry", {"address": "aoki@example.jp"}).status == 302

    assert times[HONEST * 99 // 100 - 1] < 1


def test_control__a_body_read_in_the_thread__stops_the_site(prepared: Service) -> None:
    """The same site, each body read by the thread that was taken for it."""
    here = Service(prepared.folder, prepared.database, prepared.mail_port, free_port())
    served = [sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "4"]
    server = subprocess.Popen(  # noqa: S603 - our own words
        [*served, "--no-ws", "--port", str(here.port), "uketori.config.wsgi:application"],
        env=here.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    here.started.append(server)
    try:
        wait_until(here.answers)
        here.patience = 2
        with held_open(here.port, 20, (BODY,)):
            wait_until(lambda: not here.answers())
            with pytest.raises(TimeoutError):
                here.get("/livez")
    finally:
        here.stop()


@pytest.mark.parametrize("kind", [BODY, CHUNKED], ids=["body", "chunked"])
def test_half_a_body__after_a_few_seconds__told_so_and_hung_up(
    serving: Service, kind: bytes
) -> None:
    with held_open(serving.port, 1, (kind,)) as (line,):
        said = read_to_the_end(line, 15).decode()

    assert said.startswith("HTTP/1.1 408 ")
    assert "送信が途中で止まりました" in said
    assert "何も登録されていません" in said


@pytest.mark.parametrize("kind", [HEADERS, NOTHING], ids=["headers", "nothing"])
def test_half_a_head__after_ten_seconds__hung_up(serving: Service, kind: bytes) -> None:
    with held_open(serving.port, 1, (kind,)) as (line,):
        assert read_to_the_end(line, 20) == b""


@pytest.mark.parametrize("path", ["/osaka/entry", "/", "/livez", "/staff/sign-in", "/nowhere"])
def test_fifty_megabytes__from_anybody__refused_politely_and_kept_nowhere(
    serving: Service, path: str
) -> None:
    before = megabytes(serving)
    mark = "5f3a"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="csv"; filename="a.csv"\r\n\r\n'
    body = head.encode() + bytes(SIZE) + f"\r\n--{mark}--\r\n".encode()
    told = {"Content-Type": f"multipart/form-data; boundary={mark}", "Origin": SITE}
    serving.cookies["csrftoken"] = "a" * 32

    page = serving.ask("POST", path, body, told)

    assert page.status == 413
    assert "送信された内容が大きすぎます" in page.text
    assert "小さく分けて" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert megabytes(serving) < before + SIZE / 1_000_000 / 2


def megabytes(serving: Service) -> float:
    """What the serving process holds in memory, and of the disk through open files."""
    pid = family(serving.started[0].pid)[-1]
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    files = [file.stat().st_size for file in Path(f"/proc/{pid}/fd").glob("*") if file.is_file()]
    return pages * 4096 / 1_000_000 + sum(files) / 1_000_000
