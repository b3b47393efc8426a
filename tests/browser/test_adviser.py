"""Claims about the tasks of an adviser: each is done with few clicks, by somebody who uses the mouse alone."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, Page, expect
from tests.app.served import AppServer, app_process
from tests.browser.conftest import PATIENCE, Visitor, Watch, in_view

pytestmark = pytest.mark.browser
SETTING = "k=reference&room=0.9&frame=0.2"
DOWN = ("ERR_", "WebSocket", "Failed to fetch", "502", "NetworkError")


class Mouse:
    """The mouse of a person, which may be clicked so many times."""

    def __init__(self, page: Page, most: int) -> None:
        self.page = page
        self.left = most

    def click(self, place: Locator) -> None:
        """Click in the middle of what is seen, wherever that brings one; what lies over it gets the click."""
        place.wait_for(timeout=2 * PATIENCE)
        expect(place).to_be_enabled(timeout=2 * PATIENCE)
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        assert box is not None
        self.left -= 1
        assert self.left >= 0, "more clicks than the task may take"
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_setting_is_shared_with_one_click(app_server: AppServer, visitor: Visitor) -> None:
    page = visitor(f"{app_server.url}/?{SETTING}", permissions=["clipboard-read", "clipboard-write"])
    page.wait_for_url(re.compile("v="))
    mouse = Mouse(page, 1)
    mouse.click(page.get_by_role("button", name="Deel link"))
    expect(page.get_by_role("button", name="Link gekopieerd")).to_be_visible()
    other = visitor(page.evaluate("navigator.clipboard.readText()"))
    expect(other.locator("#lever-room")).to_have_value("90")
    expect(other.locator("#lever-frame")).to_have_value("20")


@pytest.mark.parametrize("path", ["/", "/vergelijk"])
def test_an_excel_workbook_takes_two_clicks(path: str, app_server: AppServer, visitor: Visitor) -> None:
    page = visitor(f"{app_server.url}{path}?{SETTING}")
    mouse, sheet = Mouse(page, 2), page.get_by_role("link", name="Rekenblad (xlsx)")
    expect(page.locator("[data-paint], #ks-verdict").first).to_be_visible(timeout=2 * PATIENCE)
    if not sheet.is_visible():
        mouse.click(page.locator("summary", has_text="Bewaren"))
    with page.expect_download(timeout=4 * PATIENCE) as saved:
        mouse.click(sheet)
    assert saved.value.suggested_filename.endswith(".xlsx")
    assert saved.value.path().read_bytes().startswith(b"PK")


def test_a_picture_takes_two_clicks(app_server: AppServer, visitor: Visitor) -> None:
    page = visitor(f"{app_server.url}/?{SETTING}")
    expect(page.locator(".ks-headline em")).to_contain_text(re.compile("tussen|geen"), timeout=2 * PATIENCE)
    mouse = Mouse(page, 2)
    mouse.click(page.locator(".ks-acts summary", has_text="Bewaren"))
    with page.expect_download() as saved:
        mouse.click(page.locator(".ks-acts").get_by_role("button", name="PNG"))
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")


def test_why_letting_go_helps_here_and_hurts_there_is_found_with_three_clicks(
    app_server: AppServer, visitor: Visitor
) -> None:
    """One to the page, one on the slider, one to the story that tells why; the answer stands on the screen at once."""
    page = visitor(app_server.url)
    mouse = Mouse(page, 3)
    mouse.click(page.get_by_role("link", name="Twee ketens", exact=True))
    slider = page.locator("#contrast-slider")
    expect(page.locator(".ks-verdict")).to_contain_text("schuif", timeout=2 * PATIENCE)
    box = slider.bounding_box()
    assert box is not None
    mouse.left -= 1
    page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    expect(page.locator(".ks-verdict")).to_contain_text("tegengesteld gevolg", timeout=3 * PATIENCE)
    assert page.evaluate("scrollY") == 0
    for part in (".ks-verdict", "#contrast-slider", ".ks-two .ks-headline >> nth=0", ".ks-two .ks-headline >> nth=1"):
        assert in_view(page, part), part
    mouse.click(page.locator("main a[href*='verhaal=letting_go']"))
    page.wait_for_url(re.compile("verhaal=letting_go"))


def test_after_a_restart_of_the_server_the_mouse_alone_brings_the_setting_back(
    visitor: Visitor, watch: Watch, tmp_path: Path
) -> None:
    """The page may come back by itself; where it asks for a click, the button lies on top and gets it."""
    watch.allowed = DOWN
    with app_process(tmp_path) as server:
        page = visitor(f"{server.url}/?{SETTING}")
        page.wait_for_url(re.compile("v="))
        page.evaluate("window.before = true")
        server.stop()
        port = server.port
    came_back: list[bool] = []
    page.on("framenavigated", lambda _: came_back.append(True))
    mouse, again = Mouse(page, 1), page.get_by_role("button", name=re.compile("opnieuw laden", re.IGNORECASE))
    with app_process(tmp_path, port):
        for _ in range(PATIENCE // 250):
            if mouse.left and not came_back and again.first.is_visible():
                with contextlib.suppress(Error):  # it came back by itself at that moment
                    mouse.click(again.first)
            page.wait_for_timeout(250)
            if came_back:
                break
        page.wait_for_function("!window.before && document.querySelector('#lever-room')", timeout=2 * PATIENCE)
        expect(page.locator("#lever-room")).to_have_value("90")
