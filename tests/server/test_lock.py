"""Somebody holds what bookings want to write: whoever only reads is served meanwhile."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import psycopg
from django.db import connection

from tests.server.service import Service

PATHS = ("/livez", "/metrics", "/osaka/", "/osaka/notice")


@contextmanager
def outbox_held(url: str) -> Iterator[None]:
    """Let somebody else hold the table into which every asked-for link is written."""
    if connection.vendor == "sqlite":
        with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(url) as one:
        one.execute("LOCK TABLE outbox_outgoingmail IN EXCLUSIVE MODE")
        yield
        one.rollback()


def test_all_threads_wait_for_a_lock__the_others_are_answered_within_a_second(
    service: Service,
) -> None:
    service.serve("--workers", "1", "--threads", "2", "--no-worker")
    token = service.token("/osaka/entry")
    with outbox_held(service.database):
        asking = [
            threading.Thread(target=service.send, args=("/osaka/entry", token, {"address": to}))
            for to in ("aoki@example.jp", "beppu@example.jp", "chinen@example.jp") * 2
        ]
        # It writes a row itself, and says after two seconds that it could not.
        asking += [threading.Thread(target=replace(service, cookies={}).get, args=["/readyz"])]
        for one in asking:
            one.start()
        stranger = replace(service, cookies={})
        times = []
        for path in PATHS * 4:
            began = time.monotonic()
            stranger.get(path)
            times.append(time.monotonic() - began)
        still_waiting = [one for one in asking if one.is_alive()]

    for one in asking:
        one.join()
    assert still_waiting
    assert max(times) < 1


def test_told_to_end__whoever_was_being_served_gets_the_answer(service: Service) -> None:
    serving = service.serve("--workers", "1", "--no-worker")
    token = service.token("/osaka/entry")
    with ThreadPoolExecutor(1) as asking, outbox_held(service.database):
        form = {"address": "aoki@example.jp"}
        answer = asking.submit(service.send, "/osaka/entry", token, form)
        time.sleep(0.5)
        assert not answer.done()
        serving.terminate()

    assert answer.result().status in {302, 503}  # 503: waited for the lock in vain
    assert serving.wait(60) == 0
