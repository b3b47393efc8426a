"""People in a workshop with real browsers: a facilitator with a projector, and phones at phone width."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.workshop.web.served import Server

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1366, "height": 768}
COMPUTED = 90_000  # ms that a machine with other work may take for a round
SHOWN = 20_000  # ms that it may take to show something
SERIOUS = ("serious", "critical")
AXE = Axe().axe_script  # once per page: half a megabyte to read for a browser
KEY = re.compile(r"(?<![\w/.])(?:phone|control|screen|shared|script|decision|bar|room|workshop)\.[a-z_]+[\w.]*")

Watched = Callable[[Page], Page]


class Room:
    """One workshop in a browser: everybody has a context of the own, as different people have different machines."""

    def __init__(self, browser: Browser, server: Server, watched: Watched, language: str = "nl") -> None:
        expect.set_options(timeout=SHOWN)
        self.browser, self.server, self.watched, self.language = browser, server, watched, language
        wanted = os.environ.get(
            "KETENSIM_SCREENSHOTS"
        )  # a folder; drawing each page once more takes a third of the time
        self.pictures = Path(wanted) / f"workshop-{language}" if wanted else None
        self.contexts: list[BrowserContext] = []
        self.findings: list[str] = []
        self.phones: list[Page] = []
        self.code = ""

    def context(self, size: dict[str, int], **more: Any) -> BrowserContext:
        made = self.browser.new_context(viewport=size, locale="nl-NL", reduced_motion="reduce", **more)  # type: ignore[arg-type]
        made.set_default_timeout(SHOWN)
        self.contexts.append(made)
        return made

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    # --- the facilitator ---
    def lead(self, code: str = "") -> Page:
        """Come in with the secret address; open the room of the server, or a new one of twenty minutes."""
        self.facilitator = self.watched(self.context(LAPTOP).new_page())
        self.facilitator.on("dialog", lambda asked: asked.accept())
        self.facilitator.goto(f"{self.server.base}/key?lang={self.language}#{self.server.key}")
        self.facilitator.wait_for_url(re.compile(r":\d+/(\?.*)?$"))
        if code:
            self.facilitator.goto(f"{self.server.base}/room/{code}?lang={self.language}")
            self.code = code
        else:
            self.facilitator.goto(f"{self.server.base}/?lang={self.language}&plan=minutes_20")
            self.look(self.facilitator, "start")
            self.facilitator.locator("#language").select_option(self.language)
            self.facilitator.locator("#chain").select_option("reference")
            self.facilitator.locator("#form button.main").click()
            self.facilitator.wait_for_url(re.compile(r"/room/\w{4}"))
            self.code = re.findall(r"/room/(\w{4})", self.facilitator.url)[0]
        expect(self.facilitator.locator(".now h1")).to_be_visible()
        self.screen = self.watched(self.facilitator.context.new_page())
        self.screen.goto(f"{self.server.base}/room/{self.code}/screen?lang={self.language}")
        expect(self.screen.locator(".qr")).to_be_visible()
        return self.facilitator

    def go_on(self) -> None:
        """Press the large button."""
        button = self.facilitator.locator(".now button.large")
        expect(button).to_be_enabled(timeout=COMPUTED)
        before = self.facilitator.locator(".now h1").inner_text()
        button.click()
        expect(self.facilitator.locator(".now h1")).not_to_have_text(before)

    def turn(self, number: int) -> None:
        """Turn to another picture on the projector."""
        button = self.facilitator.locator(".slides button").nth(number)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")

    # --- participants ---
    def join(self, nickname: str = "", place: str = "", *, script: str = "", **more: Any) -> Page:
        """Scan the code, look, press the button; with a script that the phone runs before each page."""
        page = self.watched(self.context(PHONE, is_mobile=True, has_touch=True, **more).new_page())
        page.add_init_script(script)
        page.goto(f"{self.server.base}/m/{self.code}?lang={self.language}")
        page.locator("#nickname").fill(nickname)
        if place:
            page.locator("summary").tap()
            page.locator("#place").select_option(place)
        if not self.phones:
            self.look(page, "phone-join")
        page.locator("button.main").tap()
        expect(page.locator("main h1")).to_be_visible()
        self.phones.append(page)
        return page

    # --- what is looked at ---
    def look(self, page: Page, name: str) -> None:
        """Take a picture where somebody wants it, and note keys that have no words, and what a person with other eyes or hands would run into.

        Colours, labels and order are the same in every language, so they are looked at in one.
        """
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(self.pictures / f"{name}.png"), full_page=True)
        self.findings += [
            f"{name}: {key} instead of a sentence" for key in KEY.findall(page.locator("main").inner_html())
        ]
        if self.language != "nl":
            return
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE)
        for violation in page.evaluate("() => axe.run({ resultTypes: ['violations'] })")["violations"]:
            if violation["impact"] in SERIOUS:
                nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
                self.findings.append(f"{name}: {violation['id']} ({violation['impact']}): {nodes}")


NewRoom = Callable[..., Room]
