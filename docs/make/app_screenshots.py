"""Pictures of the browser app: what a visitor of each page sees first, in Dutch and English; Explore once more in dark."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docs.make import DOCS
from docs.make.browser import browser_here, small_enough
from playwright.sync_api import Browser, Page, sync_playwright
from tests.app.served import app_process
from tests.browser.conftest import FLAGS

IMAGES = DOCS / "images"
SIZE = {"width": 1366, "height": 900}
PATIENCE = 120_000  # milliseconds for one thing on a page
CHANGED = "k=jeugdbescherming&room=0.8&frame=0.8"

COMPUTED = """
[...document.querySelectorAll(".ks-busy")].every((bar) => bar.ariaValueNow === bar.ariaValueMax)
"""


@dataclass(frozen=True)
class Shot:
    """A page: its path, what is asked in the link, and what is done before the picture is taken."""

    path: str
    query: str = ""
    done: Callable[[Page], None] = lambda _: None


def whole(page: Page) -> None:
    """Wait for all runs of Explore."""
    page.locator(".ks-goal path.mean").last.wait_for()
    page.get_by_text(re.compile("^200 (simulaties|runs)$")).first.wait_for()


def half_way(page: Page) -> None:
    """Let the run of Watch play for a while."""
    page.locator("main svg, .ketensim svg.ks-stage, .ketensim svg").last.wait_for()
    page.keyboard.press("Space")
    page.wait_for_timeout(4_000)
    page.keyboard.press("Space")


def answered(page: Page) -> None:
    """Ask the story to be computed."""
    page.locator("fieldset input[value=higher]").first.check()
    page.locator("article .ks-main").click()
    page.locator(".ks-legend", has_text="200 ").wait_for()
    page.locator("article h4").nth(1).evaluate("(heading) => heading.scrollIntoView()")


SHOTS = {
    "explore": Shot("/", CHANGED, whole),
    "watch": Shot("/kijk", CHANGED, half_way),
    "compare": Shot("/vergelijk", CHANGED),
    "own": Shot("/keten", CHANGED),
    "experiments": Shot("/experimenten", CHANGED),
    "learn": Shot("/leer", "verhaal=letting_go", answered),
}


def photograph(browser: Browser, url: str, name: str, language: str, scheme: str) -> None:
    """One picture."""
    shot = SHOTS[name]
    context = browser.new_context(viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}{shot.path}?{shot.query}&lang={language}")
    page.locator(".ketensim h1").first.wait_for()
    page.wait_for_load_state("networkidle")
    shot.done(page)
    page.wait_for_function(COMPUTED)
    page.wait_for_timeout(1_000)
    dark = "-dark" if scheme == "dark" else ""
    target = IMAGES / f"app-{name}-{language}{dark}.png"
    page.screenshot(path=target)
    context.close()
    small_enough(target)


def make() -> None:
    """Make every picture."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, app_process(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_here(), args=list(FLAGS))
        for name in SHOTS:
            for language in ("nl", "en"):
                photograph(browser, server.url, name, language, "light")
        photograph(browser, server.url, "explore", "nl", "dark")
        browser.close()
