"""Claims about a list of cases on the page Own chain, with a file that a visitor gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.app.served import AppServer, app_process
from tests.browser.conftest import Watch

import ketensim as ks
from ketensim.logs.simulated_logs import simulated_log
from ketensim.logs.written_logs import write_log
from ketensim.texts import t

pytestmark = [pytest.mark.jit, pytest.mark.browser]
LONG = 120_000  # milliseconds for reading, seeking the capacity and comparing


def opened(browser: Browser, server: AppServer, watch: Watch) -> Page:
    page = watch.page(browser.new_context(viewport={"width": 1366, "height": 900}).new_page())
    page.goto(f"{server.url}/keten?lang=nl")
    page.get_by_role("button", name=t("own.list", "nl")).click()
    expect(page.get_by_text(t("own_list.drop", "nl"))).to_be_visible(timeout=LONG)  # the form has a file to choose too
    return page


def dropped(page: Page, *files: Path) -> None:
    """Drop files as a hand does, on the card where a list is chosen; Chromium itself makes the events and reads the file."""
    card = page.locator(f"section[aria-label='{t('own_list.choose', 'nl')}']")
    box = card.bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    hand = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver"):
        hand.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})
    expect(card).to_have_attribute("style", "outline: currentcolor dashed 3px;")
    hand.send("Input.dispatchDragEvent", {"type": "drop", **at, "data": data})
    expect(card).not_to_have_attribute("style", "outline: currentcolor dashed 3px;")


def test_a_list_becomes_a_chain_that_is_compared_and_explored(
    browser: Browser, app_server: AppServer, watch: Watch, tmp_path: Path
) -> None:
    """A policy adviser drops the list of last year, sees what was made of it, and goes on to the scan and to Explore."""
    file = tmp_path / "zaken.csv"
    write_log(simulated_log(ks.load("schuldhulp").with_weeks(60), 2), file)
    page = opened(browser, app_server, watch)
    dropped(page, file)
    expect(page.get_by_role("heading", name=t("own_list.quality", "nl"))).to_be_visible(timeout=LONG)
    expect(page.get_by_role("heading", name=t("own_list.resemblance", "nl"))).to_be_visible(timeout=LONG)
    expect(page.locator(".ks-own-picture svg")).to_be_visible()
    expect(page.locator("body")).to_contain_text(t("resemblance.resembles", "nl"))
    page.get_by_text(t("own_list.endings", "nl")).click()
    page.get_by_role("group", name="dropped").get_by_label(t("own_list.ending.withdrawn", "nl")).check()
    expect(page.locator("body")).to_contain_text("zoals u de uitkomsten leest")
    page.get_by_role("button", name=t("own_list.scan", "nl")).click()
    expect(page.locator("body")).to_contain_text("zaken.csv")
    asked = page.locator("section[aria-labelledby='scan-hours']")
    first = asked.get_by_role("group").nth(1)
    before = first.locator("span").inner_text()
    first.get_by_role("spinbutton").fill("0")
    first.get_by_role("spinbutton").press("Tab")
    expect(asked.get_by_role("alert")).to_contain_text("0 kan niet")
    first.get_by_role("spinbutton").fill("4")
    first.get_by_role("spinbutton").press("Tab")
    expect(asked.get_by_role("alert")).to_have_count(0)
    expect(first.locator("span")).not_to_have_text(before)
    page.get_by_role("button", name=t("own.list", "nl")).click()
    page.get_by_role("button", name=t("own_list.explore", "nl")).click()
    page.wait_for_url("**k=own**")


def test_a_bad_list_gets_one_message_and_a_list_without_known_columns_asks_for_them(
    browser: Browser, app_server: AppServer, watch: Watch, tmp_path: Path
) -> None:
    page = opened(browser, app_server, watch)
    bad = tmp_path / "lijst.doc"
    bad.write_text("x", "utf-8")
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.locator(".ks-wrong")).to_contain_text(".doc")
    unnamed = tmp_path / "lijst.csv"
    unnamed.write_text("a;b;c\n" + "".join(f"{k};Raad;ooit\n" for k in range(20)), "utf-8")
    page.locator("input[type=file]").set_input_files(unnamed)
    expect(page.locator("body")).to_contain_text(t("own_list.not_found.case", "nl"))
    expect(page.locator("body")).not_to_contain_text("--case")
    for label, column in (("case", "a"), ("organisation", "b"), ("start", "c")):
        page.locator(f"#list-{label}").select_option(column)
    page.get_by_role("button", name=t("own_list.again", "nl")).click()
    expect(page.locator(".ks-wrong").filter(has_text="ooit")).to_be_visible(timeout=LONG)


def test_a_column_that_was_not_found_can_be_pointed_at_after_the_list_was_read(
    browser: Browser, app_server: AppServer, watch: Watch, tmp_path: Path
) -> None:
    """The kind of help stands under a name that nobody could guess; the visitor sees that it is missing and points at it."""
    file = tmp_path / "zaken.csv"
    table = simulated_log(ks.load("schuldhulp").with_weeks(60), 2).rename(columns={"case_type": "hulp"})
    write_log(table, file)
    page = opened(browser, app_server, watch)
    dropped(page, file)
    expect(page.get_by_role("heading", name=t("own_list.quality", "nl"))).to_be_visible(timeout=LONG)
    expect(page.locator("body")).to_contain_text(t("log.quality.no_case_type", "nl"))
    page.get_by_role("button", name=t("own_list.others", "nl")).click()
    page.locator("#list-case_type").select_option("hulp")
    page.get_by_role("button", name=t("own_list.again", "nl")).click()
    expect(page.locator("body")).not_to_contain_text(t("log.quality.no_case_type", "nl"))
    expect(page.get_by_role("cell", name="hulp", exact=True)).to_be_visible(timeout=LONG)


def test_two_files_at_once_are_refused_in_one_sentence(
    browser: Browser, app_server: AppServer, watch: Watch, tmp_path: Path
) -> None:
    files = [tmp_path / "noord.csv", tmp_path / "zuid.csv"]
    for file in files:
        file.write_text("zaak;organisatie;van\n", "utf-8")
    page = opened(browser, app_server, watch)
    dropped(page, *files)
    expect(page.get_by_role("alert")).to_contain_text(t("own_list.several", "nl"))
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_a_list_that_was_coming_in_when_the_app_was_killed_is_gone_after_the_next_start(
    browser: Browser, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    watch.allowed = ("",)  # the page complains of its server, rightly
    unnamed = tmp_path / "lijst.csv"
    unnamed.write_text("a;b;c\n" + "".join(f"{k};Raad;1-2-2024\n" for k in range(20)), "utf-8")
    with app_process(tmp_path) as server:
        page = opened(browser, server, watch)
        page.locator("input[type=file]").set_input_files(unnamed)
        expect(page.locator("#list-case")).to_be_visible(timeout=LONG)  # it waits for its columns, and stands there
        assert list(place.rglob("list.csv"))
        server.stop()
        page.close()
    assert list(place.rglob("list.csv"))
    with app_process(tmp_path):
        assert not list(place.glob("ketensim-lists-*"))
