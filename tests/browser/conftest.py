"""A real headless Chromium for the tests of pages.

Where there is none these tests are left out, but not in CI: there a missing browser is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, Route, sync_playwright
from tests.app.served import AppServer, app_process
from tests.browser.workshop_people import NewRoom, Room
from tests.workshop.web.served import PLAN, Server

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OURS = ("127.0.0.1", "localhost")
PATIENCE: Final = 30_000  # milliseconds for one thing on a page; machines that test are slow


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each test opens contexts of its own, as different people would."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium; nothing may be skipped for a missing browser")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The app on a free port with a warm kernel, one for all tests; its address is ``app_server.url``."""
    with app_process(tmp_path_factory.mktemp("app")) as server:
        yield server


class Watch:
    """What went wrong on the pages of a test: errors, refused answers, requests that leave the machine."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.allowed: tuple[str, ...] = ()

    def page(self, page: Page) -> Page:
        """Watch a page from now on."""
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("console", self._console)
        page.on("response", self._response)
        page.on("request", self._request)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in OURS:
            self.complaints.append(f"leaves the machine: {request.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test when anything went wrong on a page that it watched; ``allowed`` holds parts of expected ones."""
    watched = Watch()
    yield watched
    unexpected = [words for words in watched.complaints if not any(part in words for part in watched.allowed)]
    assert not unexpected, "\n".join(unexpected)


Visitor = Callable[..., Page]


def only_ours(route: Route) -> None:
    """Let no request leave the machine."""
    if urlsplit(route.request.url).hostname in (*OURS, None):
        route.continue_()
    else:
        route.abort()


@pytest.fixture
def visitor(browser: Browser, watch: Watch) -> Iterator[Visitor]:
    """Opens an address as somebody who was never there before; each call is another person, and each is watched."""
    people: list[BrowserContext] = []

    def arrive(address: str, *, width: int = 1366, height: int = 768, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="nl-NL", **options)
        people.append(context)
        context.set_default_timeout(PATIENCE)
        context.route("**/*", only_ours)
        page = watch.page(context.new_page())
        page.goto(address)
        page.locator(".ketensim h1").first.wait_for()
        return page

    yield arrive
    for context in people:
        context.close()


# --- a workshop ---
@pytest.fixture(scope="session")
def workshop_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The workshop on a free port, one for all tests, with a room of two tables and few runs."""
    started = Server(tmp_path_factory.mktemp("workshop"), plan=PLAN)
    yield started.start()
    started.stop()


@pytest.fixture
def room(browser: Browser, workshop_server: Server, watch: Watch) -> Iterator[NewRoom]:
    """A workshop that is opened, with its facilitator and projector."""
    made: list[Room] = []

    def new(language: str = "nl", code: str = "", on: Server = workshop_server, **more: Any) -> Room:
        made.append(Room(browser, on, watch.page, language, **more))
        made[-1].lead(code)
        return made[-1]

    yield new
    for one in made:
        one.close()


def tab_to(page: Page, place: str, most: int, otherwise: str) -> None:
    """Press Tab until what has the id ``place`` has the focus; a failure when that takes more than ``most`` times."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == place:
            return
    pytest.fail(otherwise)


def in_view(page: Page, part: str) -> bool:
    """Whether all of a part lies on the screen."""
    box, size = page.locator(part).first.bounding_box(), page.viewport_size
    assert size is not None
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= size["height"]
