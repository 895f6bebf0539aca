"""The front (ASGI): takes a request in, answers what it can by itself, hands the rest to Django."""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.conf import settings

from uketori.config.proxies import Application
from uketori.config.wsgi import application
from uketori.server.bodies import Bounds, Left, Room, Unreadable, read_body
from uketori.server.kept import KeptPages, key_of
from uketori.server.lanes import Lanes
from uketori.server.refusals import refusals
from uketori.server.wsgi_call import Answer, call

log = logging.getLogger(__name__)


class Front:
    """One process's front: Django behind lanes of threads, pages kept, refusals ready as bytes."""

    def __init__(
        self,
        application: Application,
        *,
        lanes: Lanes,
        bounds: Bounds,
        refusals: Mapping[HTTPStatus, Answer],
        keeps_pages: bool,
    ) -> None:
        self.application = application
        self.lanes = lanes
        self.bounds = bounds
        self.room = Room()
        self.refusals = refusals
        self.kept = KeptPages() if keeps_pages else None
        self.running: set[asyncio.Task[None] | None] = set()

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        task = asyncio.current_task()
        self.running.add(task)
        try:
            answer = await self._answer(scope, receive)
            await _send(answer, send)
        except Left:
            log.debug("left before the request had come")
        finally:
            self.running.discard(task)

    async def rest(self, seconds: float) -> None:
        """Let the requests that are in hand be answered."""
        if running := [task for task in self.running if task]:
            await asyncio.wait(running, timeout=seconds)

    async def _answer(self, scope: HTTPScope, receive: ASGIReceiveCallable) -> Answer:
        try:
            body = await read_body(receive, self.bounds, self.room, announced=_announced(scope))
            return await self._answered_by_django(scope, body)
        except Unreadable as refused:
            return self.refusals[refused.status]
        except Left:
            raise
        except Exception as error:  # noqa: BLE001 - whatever fell, the visitor gets a page
            log.error("%s while a request was handed over", type(error).__name__)  # noqa: TRY400 - its text may hold what was sent
            return self.refusals[HTTPStatus.INTERNAL_SERVER_ERROR]

    async def _answered_by_django(self, scope: HTTPScope, body: bytes) -> Answer:
        has_cookie = any(name == b"cookie" for name, _value in scope["headers"])
        lane = self.lanes.lane_of(scope, has_cookie=has_cookie)
        make = partial(lane.run, partial(call, self.application, scope, body))
        key = key_of(scope, has_cookie=has_cookie)
        if self.kept is None or key is None:
            return await make()
        return await self.kept.answer(key, make)


def _announced(scope: HTTPScope) -> int:
    """Return the length that the request gives for its body; 0 if it gives none."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(told) if told.isdigit() else 0


def build(threads: int) -> Front:
    """Return the front of this process; Django is set up by now."""
    return Front(
        application,
        lanes=Lanes(threads, settings.STATIC_URL),
        bounds=Bounds(bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
        refusals=refusals(),
        keeps_pages=bool(settings.AVAILABILITY_CACHE_SECONDS),
    )


async def _send(answer: Answer, send: ASGISendCallable) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": answer.headers,
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
