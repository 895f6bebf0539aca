"""The public page of a bureau as bytes, kept until the second ends, for visitors without a cookie.

Whoever asks meanwhile waits for the one rendering.  Nothing made before noon is shown after it.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from asgiref.typing import HTTPScope

from uketori.server.wsgi_call import Answer

TOP = re.compile(r"/[a-z0-9-]+/")
"""The one page that everybody opens at noon."""
TOLD_APART = frozenset({b"host", b"accept-encoding", b"x-forwarded-host", b"x-forwarded-proto"})
"""Headers upon which the page, its encoding or its address depends."""
MOST_KEPT = 64
"""Spellings of those headers; further ones are rendered each time."""

Key = tuple[object, ...]


class KeptPages:
    """The answers of the running second, by what they depend on."""

    def __init__(self) -> None:
        self.second = 0
        self.answers: dict[Key, asyncio.Future[Answer]] = {}

    async def answer(self, key: Key, make: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return the answer of this second, or let it be made."""
        if (second := int(time.time())) != self.second:
            self.second, self.answers = second, {}
        if (making := self.answers.get(key)) is not None:
            answer = await asyncio.shield(making)
            return answer if may_be_kept(answer) else await make()
        if len(self.answers) >= MOST_KEPT:
            return await make()
        making = self.answers[key] = asyncio.ensure_future(make())
        making.add_done_callback(lambda done: self._forget_unless_kept(key, done))
        return await asyncio.shield(making)

    def _forget_unless_kept(self, key: Key, done: "asyncio.Future[Answer]") -> None:
        is_kept = not done.cancelled() and done.exception() is None and may_be_kept(done.result())
        if not is_kept and self.answers.get(key) is done:
            del self.answers[key]


def key_of(scope: HTTPScope, *, has_cookie: bool) -> Key | None:
    """Return what the answer depends on; None for what is not kept."""
    is_public = scope["method"] == "GET" and not has_cookie and not scope["query_string"]
    if not is_public or not TOP.fullmatch(scope["path"]):
        return None
    told = tuple(pair for pair in scope["headers"] if pair[0] in TOLD_APART)
    return (scope["path"], scope["scheme"], (scope["client"] or ("",))[0], told)


def may_be_kept(answer: Answer) -> bool:
    """Tell whether everybody may see it."""
    private = answer.header(b"set-cookie") or b"no-store" in answer.header(b"cache-control")
    return answer.status == HTTPStatus.OK and not private
