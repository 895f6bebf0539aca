"""Threads for Django, in lanes: what waits in one keeps nobody waiting in another.

The threads live as long as the process: each has its connection to the database.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TypeVar

from asgiref.typing import HTTPScope

from uketori.server.bodies import Unreadable

Result = TypeVar("Result")

ALIVE = "/livez"
PROBES = {"/readyz", "/metrics"}
MOST_WAITING = 500
"""More would wait longer than anybody does: they are told at once to come again."""


class Lane:
    """A few threads, and whoever waits for one."""

    def __init__(self, name: str, threads: int) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self.room = threads + MOST_WAITING

    async def run(self, call: Callable[[], Result]) -> Result:
        """Return what the call returns, in a thread of this lane.  Raises ``Unreadable``."""
        if not self.room:
            raise Unreadable(HTTPStatus.SERVICE_UNAVAILABLE)
        self.room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, call)
        finally:
            self.room += 1


class Lanes:
    """The lane of whatever writes, those of pages with and without a visitor, and of the probes.

    Of these ``/livez`` asks no database, and shall not wait behind those that do.
    """

    def __init__(self, threads: int, static_url: str) -> None:
        self.bookings = Lane("bookings", threads)
        self.pages = Lane("pages", threads)
        self.public = Lane("public", 2)
        self.probes = Lane("probes", 2)
        self.alive = Lane("alive", 1)
        self.static_url = static_url

    def lane_of(self, scope: HTTPScope, *, has_cookie: bool) -> Lane:
        """Return where the request runs: nothing that could wait for a lock runs in ``public``."""
        if scope["path"] == ALIVE:
            return self.alive
        if scope["path"] in PROBES:
            return self.probes
        if scope["method"] not in {"GET", "HEAD"}:
            return self.bookings
        if has_cookie and not scope["path"].startswith(self.static_url):
            return self.pages
        return self.public
