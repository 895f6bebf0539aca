"""How much of a body is taken, and for how long: each bound from both sides."""

import asyncio
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import pytest

from uketori.server.bodies import Bounds, Left, Room, Unreadable, read_body

BOUNDS = Bounds(bytes=100, idle_seconds=0.2, total_seconds=0.5, drained_bytes=300, own_bytes=40)


def read(
    parts: Iterable[bytes], *, every: float = 0, room: Room | None = None, **how: Any
) -> bytes:
    """Read a body that comes in these parts, and then no more of it."""
    coming = iter(parts)

    async def receive() -> Any:
        await asyncio.sleep(every)
        for part in coming:
            return {"type": "http.request", "body": part, "more_body": part != b""}
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    return asyncio.run(read_body(receive, BOUNDS, room or Room(), **how))


def refused(parts: Iterable[bytes], **how: Any) -> HTTPStatus:
    with pytest.raises(Unreadable) as caught:
        read(parts, **how)
    return caught.value.status


def test_as_much_as_is_allowed__taken__and_one_byte_more_is_too_large() -> None:
    assert read([b"a" * 50, b"a" * 50, b""]) == b"a" * 100
    assert refused([b"a" * 50, b"a" * 51, b""]) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_too_large__taken_off_the_line_up_to_a_bound() -> None:
    assert refused([b"a" * 100] * 9) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert refused([], announced=301) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_no_byte_for_a_while__too_late() -> None:
    assert refused([b"a"]) == HTTPStatus.REQUEST_TIMEOUT


def test_drip_by_drip__ends_all_the_same() -> None:
    assert refused([b"a"] * 99, every=0.05) == HTTPStatus.REQUEST_TIMEOUT


def test_shared_room__only_what_an_ordinary_form_does_not_need__and_given_back() -> None:
    room = Room(left=10)

    assert read([b"a" * 50, b""], room=room) == b"a" * 50
    assert refused([b"a" * 51, b""], room=room) == HTTPStatus.SERVICE_UNAVAILABLE
    assert refused([b"a" * 50], room=room) == HTTPStatus.REQUEST_TIMEOUT
    assert refused([b"a" * 50, b"a" * 60], room=room) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert room.left == 10


def test_whoever_left__is_not_answered() -> None:
    async def receive() -> Any:
        return {"type": "http.disconnect"}

    with pytest.raises(Left):
        asyncio.run(read_body(receive, BOUNDS, Room()))
