"""Claims about the app on paper, in a page of somebody else, and behind a server with several processes."""

from __future__ import annotations

import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.app.served import AppServer, app_process, command, free_port
from tests.browser.conftest import Visitor, Watch

from ketensim.texts import languages, t

pytestmark = [pytest.mark.browser, pytest.mark.jit]
LONG = 120_000  # milliseconds, for what is computed
SETTING = "/?k=reference&room=0.9&frame=0.8"
DOCS = Path(__file__).parents[2] / "docs"
CLICKABLE = ".ketensim :is(button, input, select, summary)"


@pytest.mark.parametrize("language", languages())
def test_an_embedded_page_is_the_picture_with_its_setting_and_the_way_to_the_whole_app(
    app_server: AppServer, visitor: Visitor, language: str
) -> None:
    page = visitor(f"{app_server.url}{SETTING}&lang={language}&embed=1", width=900, height=640)
    expect(page.locator("[data-paint] path.mean")).to_be_visible(timeout=LONG)
    for one in page.locator(CLICKABLE).all():
        expect(one).to_be_hidden()
    foot = page.locator(".ks-foot")
    expect(foot).to_contain_text(t("lever.room.label", language) + " 90")
    with page.context.expect_page() as opening:
        foot.get_by_role("link").click()
    whole = opening.value
    expect(whole.locator("#lever-room")).to_have_value("90", timeout=LONG)
    assert "embed" not in whole.url


def test_on_paper_stand_title_setting_figure_sentence_and_link_and_nothing_to_click(
    app_server: AppServer, visitor: Visitor
) -> None:
    page = visitor(f"{app_server.url}{SETTING}&lang=nl")
    expect(page.locator("[data-paint] path.mean")).to_be_visible(timeout=LONG)
    page.emulate_media(media="print")
    for one in page.locator(CLICKABLE).all():
        expect(one).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-paint] path.mean")).to_be_visible()
    expect(page.locator(".ks-headline")).to_be_visible()
    expect(page.locator(".ks-foot")).to_contain_text("Ruimte 90")
    expect(page.locator(".ks-foot-link")).to_contain_text("room=0.9")
    paper = page.pdf(landscape=True, format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


@contextmanager
def page_elsewhere(folder: Path, shown: str) -> Iterator[str]:
    """A page at another address of this machine that shows ours in a frame."""
    folder.joinpath("index.html").write_text(
        f'<!doctype html><html lang="nl"><title>elders</title><iframe title="keten" src="{shown}" width="900" height="600"></iframe>'
    )
    port = free_port()
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{port}"
        server.shutdown()


def test_only_a_page_that_the_host_names_may_show_the_app_in_a_frame(
    browser: Browser, watch: Watch, app_server: AppServer, tmp_path: Path
) -> None:
    watch.allowed = ("frame", "403", "favicon", "404", "ERR_BLOCKED")
    port = free_port()
    shown = f"http://127.0.0.1:{port}{SETTING}&embed=1"
    with page_elsewhere(tmp_path, shown) as elsewhere, app_process(tmp_path, port, "--embed-from", elsewhere):
        page = watch.page(browser.new_context().new_page())
        page.set_default_timeout(LONG)
        page.goto(elsewhere)
        expect(page.frame_locator("iframe").locator("[data-paint] path.mean")).to_be_visible(timeout=LONG)
        page.context.close()
    with page_elsewhere(tmp_path, f"{app_server.url}{SETTING}&embed=1") as elsewhere:
        page = watch.page(browser.new_context().new_page())
        page.set_default_timeout(LONG)
        page.goto(elsewhere)
        page.wait_for_timeout(3000)
        assert page.frame_locator("iframe").locator(".ketensim").count() == 0
        page.context.close()


@pytest.mark.parametrize("address", ["intranet", "https://a.example; script-src *", "https://a.example/page", "*"])
def test_an_address_that_is_none_is_refused_before_anything_starts(address: str) -> None:
    done = subprocess.run(
        [*command(free_port(), "--embed-from"), address], check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2
    assert "--embed-from" in done.stderr and "Traceback" not in done.stderr


@contextmanager
def nginx_with(folder: Path, ports: list[int]) -> Iterator[str]:
    """The nginx of our own page on hosting, before these processes."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/bin")
    if program is None:
        pytest.skip("no nginx on this machine")
    told = DOCS.joinpath("en", "app.md").read_text("utf-8")
    found = re.search(r"```nginx\n(.*?)```", told, re.DOTALL)
    assert found is not None
    port = free_port()
    site = found[1].replace("listen 80;", f"listen 127.0.0.1:{port};")
    for written, used in zip((8765, 8766), ports, strict=True):
        site = site.replace(str(written), str(used))
    log = f"log_format seat '$upstream_addr'; access_log {folder}/seats.log seat; error_log {folder}/error.log;"
    temporary = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    folder.joinpath("nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}} http {{ {log} {temporary}\n{site} }}"
    )
    with subprocess.Popen(
        [program, "-c", str(folder / "nginx.conf"), "-p", str(folder)], stderr=subprocess.DEVNULL
    ) as server:
        try:
            yield f"http://localhost:{port}"
        finally:
            server.terminate()


def test_behind_nginx_two_processes_keep_each_visitor_at_one_of_them(
    browser: Browser, watch: Watch, tmp_path: Path
) -> None:
    ports = [free_port(), free_port()]
    with nginx_with(tmp_path, ports) as address:
        words = ("--address", address)
        with app_process(tmp_path, ports[0], *words), app_process(tmp_path, ports[1], *words):
            for number, room in enumerate((10, 90, 20, 80)):
                page = watch.page(browser.new_context(locale="nl-NL").new_page())
                page.set_default_timeout(LONG)
                page.goto(f"{address}/?k=reference&room=0.{room // 10}")
                slider = page.locator("#lever-room")
                expect(slider).to_have_value(str(room), timeout=LONG)
                expect(page.locator("[data-paint] path.mean")).to_be_visible(timeout=LONG)
                slider.focus()
                page.keyboard.press("ArrowRight")
                page.wait_for_url(f"**room=0.{room + 1}*", timeout=LONG)
                page.reload()
                expect(slider).to_have_value(str(room + 1), timeout=LONG)
                page.context.close()
                used = set(tmp_path.joinpath("seats.log").read_text().split())
                if number and {f"127.0.0.1:{port}" for port in ports} <= used:
                    break
            assert {f"127.0.0.1:{port}" for port in ports} <= used
