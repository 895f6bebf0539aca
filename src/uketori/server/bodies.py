"""Reading a request's body, bounded in size and in time, without holding a thread meanwhile."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus

from asgiref.typing import ASGIReceiveCallable

MEGABYTE = 1024 * 1024


class Unreadable(Exception):
    """The request is not taken; the status says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Left(Exception):
    """Whoever asked is gone; nobody waits for an answer."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much of a body is taken, and how long it may take."""

    bytes: int
    """The largest form, with its file."""
    idle_seconds: float = 5.0
    total_seconds: float = 30.0
    drained_bytes: int = 64 * MEGABYTE
    """What is too large is still taken off the line, up to here: a browser that is not let finish
    shows "connection reset" instead of our answer."""
    own_bytes: int = 64 * 1024
    """An ordinary form; what is beyond comes out of the room that all bodies share."""


@dataclass
class Room:
    """The memory that all bodies of this process share, beyond what each may hold anyway."""

    left: int = 64 * MEGABYTE

    def take(self, wanted: int) -> None:
        """Take it, or raise ``Unreadable``."""
        if wanted > self.left:
            raise Unreadable(HTTPStatus.SERVICE_UNAVAILABLE)
        self.left -= wanted


@dataclass
class _Body:
    """What has come of one body; it keeps nothing once it has become too large."""

    bounds: Bounds
    room: Room
    parts: list[bytes] = field(default_factory=list)
    came: int = 0
    taken: int = 0
    """Bytes of the shared room."""

    def add(self, part: bytes) -> None:
        self.came += len(part)
        if self.is_too_large:
            self.give_back()
            if self.came > self.bounds.drained_bytes:
                raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        if (shared := self.came - self.bounds.own_bytes - self.taken) > 0:
            self.room.take(shared)
            self.taken += shared
        self.parts.append(part)

    @property
    def is_too_large(self) -> bool:
        return self.came > self.bounds.bytes

    def give_back(self) -> None:
        self.parts.clear()
        self.room.left += self.taken
        self.taken = 0


async def read_body(
    receive: ASGIReceiveCallable, bounds: Bounds, room: Room, *, announced: int = 0
) -> bytes:
    """Return the whole body.  Raises ``Unreadable`` or ``Left``."""
    if announced > bounds.drained_bytes:
        raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = _Body(bounds, room)
    try:
        async with asyncio.timeout(bounds.total_seconds):
            while await _add_next(receive, body):
                pass
        if body.is_too_large:
            raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return b"".join(body.parts)
    except TimeoutError:
        status = HTTPStatus.REQUEST_TIMEOUT
        if body.is_too_large:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        raise Unreadable(status) from None
    finally:
        body.give_back()


async def _add_next(receive: ASGIReceiveCallable, body: _Body) -> bool:
    """Add what comes next; tell whether more follows."""
    async with asyncio.timeout(body.bounds.idle_seconds):
        message = await receive()
    if message["type"] != "http.request":
        raise Left
    body.add(message["body"])
    return message["more_body"]
