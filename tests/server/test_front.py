"""The front over an application of the test: what waits keeps only its own kind waiting."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

import pytest

from uketori.server.bodies import Bounds
from uketori.server.front import Front
from uketori.server.lanes import MOST_WAITING, Lane, Lanes
from uketori.server.refusals import refusals
from uketori.server.wsgi_call import Answer, environ_of

THREADS = 2


def scope_of(path: str, method: str = "GET", **headers: str) -> Any:
    """A request; the names of headers are written with _ for -."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
    }


async def ask(front: Front, scope: Any, body: bytes = b"") -> Answer:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await front(scope, receive, send)
    return Answer(sent[0]["status"], sent[0]["headers"], sent[1]["body"])


class Application:
    """Counts the pages it makes; a POST waits until it is let go."""

    def __init__(self, *, headers: Iterable[tuple[str, str]] = ()) -> None:
        self.let_go = threading.Event()
        self.made = 0
        self.headers = list(headers)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            self.let_go.wait(60)
        self.made += 1
        start("200 OK", self.headers)
        return [environ["PATH_INFO"].encode(), environ["wsgi.input"].read()]


@pytest.fixture
def application() -> Iterator[Application]:
    one = Application()
    yield one
    one.let_go.set()


def front_of(application: Application, *, keeps_pages: bool = True) -> Front:
    return Front(
        application,
        lanes=Lanes(THREADS, "/static/"),
        bounds=Bounds(bytes=100),
        refusals=refusals(),
        keeps_pages=keeps_pages,
    )


def test_bookings_wait_for_a_lock__probes_and_public_pages_are_answered(
    application: Application,
) -> None:
    async def story() -> None:
        front = front_of(application)
        booking = scope_of("/osaka/reservations/", "POST", cookie="a=b")
        waiting = [asyncio.ensure_future(ask(front, booking)) for _ in range(3 * THREADS)]
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            for path in ("/livez", "/readyz", "/metrics", "/osaka/", "/osaka/notice"):
                assert (await ask(front, scope_of(path))).body == path.encode()
            styles = scope_of("/static/main.css", cookie="a=b")
            assert (await ask(front, styles)).status == HTTPStatus.OK
        assert not any(one.done() for one in waiting)
        application.let_go.set()
        assert {one.status for one in await asyncio.gather(*waiting)} == {HTTPStatus.OK}

    asyncio.run(story())


def test_readyz_waits_for_the_database__livez_is_answered(application: Application) -> None:
    async def story() -> None:
        front = front_of(application)
        # a POST waits, here as there
        waiting = [asyncio.ensure_future(ask(front, scope_of("/readyz", "POST"))) for _ in "1234"]
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            assert (await ask(front, scope_of("/livez"))).status == HTTPStatus.OK
        assert not any(one.done() for one in waiting)
        application.let_go.set()
        await asyncio.gather(*waiting)

    asyncio.run(story())


def test_more_than_can_wait__told_at_once_to_come_again(application: Application) -> None:
    async def story() -> None:
        front = front_of(application)
        booking = scope_of("/osaka/reservations/", "POST", cookie="a=b")
        waiting = [
            asyncio.ensure_future(ask(front, booking)) for _ in range(THREADS + MOST_WAITING)
        ]
        while front.lanes.bookings.room:
            await asyncio.sleep(0.01)

        refused = await ask(front, booking)

        assert refused.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert refused.header(b"retry-after") == b"5"
        assert "混み合っています" in refused.body.decode()
        application.let_go.set()
        assert {one.status for one in await asyncio.gather(*waiting)} == {HTTPStatus.OK}

    asyncio.run(story())


def count(
    application: Application, scopes: Iterable[Any], monkeypatch: pytest.MonkeyPatch, **how: bool
) -> int:
    """How many pages are made for these requests of one second."""
    monkeypatch.setattr("uketori.server.kept.time.time", lambda: 100.0)

    async def story() -> None:
        front = front_of(application, **how)
        for scope in scopes:
            await ask(front, scope)
        await asyncio.gather(*(ask(front, scope) for scope in scopes))

    asyncio.run(story())
    return application.made


def test_top_page__made_once_a_second_for_visitors_without_a_cookie(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert count(application, [scope_of("/osaka/")] * 5, monkeypatch) == 1


@pytest.mark.parametrize(
    "scope",
    [
        scope_of("/osaka/", cookie="a=b"),
        scope_of("/osaka/", "HEAD"),
        scope_of("/osaka/notice"),
        {**scope_of("/osaka/"), "query_string": b"a=b"},
    ],
)
def test_other_pages__made_each_time(
    application: Application, monkeypatch: pytest.MonkeyPatch, scope: Any
) -> None:
    assert count(application, [scope] * 2, monkeypatch) == 4


@pytest.mark.parametrize("header", [("Set-Cookie", "a=b"), ("Cache-Control", "no-store")])
def test_page_for_one_visitor__given_to_no_other(
    header: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert count(Application(headers=[header]), [scope_of("/osaka/")] * 2, monkeypatch) == 4


def test_next_second__made_anew(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    front = front_of(application)

    async def story(*seconds: float) -> None:
        for second in seconds:
            monkeypatch.setattr("uketori.server.kept.time.time", lambda: second)  # noqa: B023 - called at once
            await ask(front, scope_of("/osaka/"))

    asyncio.run(story(100.0, 100.9, 101.0))

    assert application.made == 2


def test_different_hosts__each_its_own_page(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = [scope_of("/osaka/", host=name) for name in ("a.example", "b.example")]

    assert count(application, hosts, monkeypatch) == 2


def test_application_falls__a_page_all_the_same() -> None:
    def falls(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        raise LookupError

    answer = asyncio.run(ask(front_of(falls), scope_of("/osaka/notice")))  # type: ignore[arg-type]

    assert answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "ただいま表示できません" in answer.body.decode()


def test_body__given_whole_with_its_true_length() -> None:
    scope = scope_of(
        "/osaka/%E5%A4%A7%FF", "POST", transfer_encoding="chunked", content_length="7", x_a="1"
    )
    scope["headers"] += [
        (b"x_forwarded_for", b"203.0.113.9"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
    ]

    environ = environ_of(scope, "名前".encode())

    assert environ["PATH_INFO"].encode("latin-1") == "/osaka/大".encode() + b"\xff"
    assert environ["CONTENT_LENGTH"] == "6"
    assert environ["wsgi.input"].read() == "名前".encode()
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_X_A"] == "1"
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert "HTTP_TRANSFER_ENCODING" not in environ


@pytest.mark.parametrize("cookie", [True, False])
def test_lanes__who_only_reads__waits_for_no_booking(*, cookie: bool) -> None:
    lanes = Lanes(THREADS, "/static/")

    def lane(method: str, path: str) -> Lane:
        return lanes.lane_of(scope_of(path, method), has_cookie=cookie)

    assert lane("POST", "/osaka/entry") is lanes.bookings
    assert lane("GET", "/osaka/notice") is (lanes.pages if cookie else lanes.public)
    assert lane("GET", "/static/web/main.css") is lanes.public
    assert lane("GET", "/livez") is lanes.alive
