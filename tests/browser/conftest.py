"""Real pages in Debian's Chromium: one browser for all, a fresh context for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.clerk import Clerk
from tests.browser.counter_scene import sign_in
from tests.browser.stage import Stage, Watch
from tests.collected import collected_static_files
from tests.policies import at
from uketori import clock
from uketori.bureaus.first_rows import prepare

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000
"""What a busy machine may need for a step; nothing waits so long that goes well."""
MONDAY = "2026-06-08 10:20"
"""The scene: 9, 10, 11, 12 and 15 June are displayed."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own browser; none is ever downloaded."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail("no Chromium on this machine: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session", autouse=True)
def _acts_end_when_the_page_they_lead_to_is_there() -> Iterator[None]:
    """Playwright returns when the next page begins; asked then, it answers of half a page."""

    def whole(act: Callable[..., None]) -> Callable[..., None]:
        def then_waits(self: Locator, *rest: Any, **more: Any) -> None:
            act(self, *rest, **more)
            self.page.wait_for_load_state()

        return then_waits

    with pytest.MonkeyPatch.context() as patched:
        for name in ("click", "press"):
            patched.setattr(Locator, name, whole(getattr(Locator, name)))
        yield


class Served(LiveServer):
    """The site with its static files as in service: whole sheets, compressed."""

    def __init__(self, host: str) -> None:
        super().__init__(host, start=False)
        self.thread.static_handler = lambda application: application
        self.start()


@pytest.fixture(scope="package")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server for all tests of this folder."""
    with collected_static_files(tmp_path_factory.mktemp("static")):
        server = Served("localhost")
        yield server
        server.stop()


@pytest.fixture
def forgiven() -> list[str]:
    """Endings of addresses that a test lets fail on purpose."""
    return []


@pytest.fixture
def new_page(browser: Browser, forgiven: list[str]) -> Iterator[Callable[..., Page]]:
    """Make pages in contexts of their own; in the end none may have an error on its console."""
    watches: list[Watch] = []
    with ExitStack() as contexts:

        def make(**options: Any) -> Page:
            wanted = {
                "locale": "ja-JP",
                "timezone_id": "Asia/Tokyo",
                "viewport": {"width": 1280, "height": 900},
                "reduced_motion": "reduce",
                "accept_downloads": False,
            }
            context = contexts.enter_context(browser.new_context(**wanted | options))
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            watches.append(Watch(page))
            return page

        yield make
        found = [error for watch in watches for error in watch.errors(forgiven)]
    assert found == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page in a context of its own, with JavaScript."""
    return new_page()


@pytest.fixture
def bureau() -> str:
    """The bureau whose pages are opened; a folder of another bureau says so in its conftest."""
    return "osaka"


@pytest.fixture
def stage(
    live_server: Any, page: Page, monkeypatch: pytest.MonkeyPatch, settings: Any, bureau: str
) -> Iterator[Stage]:
    """A site with the bureau's notice and hours, on Monday 8 June 2026, 10:20."""
    settings.SITE_URL = live_server.url
    made = Stage(live_server.url, page, monkeypatch, bureau)
    made.set_clock(MONDAY)
    assert clock.now() == at(MONDAY)
    prepare(clock.now())
    yield made
    # a request still under way would meet the tables while they are emptied
    page.context.close()


@pytest.fixture
def clerk(stage: Stage) -> Clerk:
    """A clerk at the counter, Thursday 11 June 2026, 10:35, with the page's clock at a stand."""
    stage.set_clock("2026-06-11 10:35")
    sign_in(stage)
    stage.page.clock.install(time="2026-06-11T10:35:00+09:00")
    stage.page.clock.pause_at("2026-06-11T10:35:01+09:00")
    return Clerk(stage.page)
