"""Claims about app and workshop as they are started: the same door stands before both."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from tests.door.served import HOST, Served

from ketensim.texts import languages, t

LANGUAGE = "en"
HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
STRANGERS = 300
EVIL = "http://evil.example"
UPGRADE = {
    "connection": "upgrade",
    "upgrade": "websocket",
    "sec_websocket_version": "13",
    "sec_websocket_key": "MDEyMzQ1Njc4OTAxMjM0NQ==",
}
PAGES = {"app": ("/", "/leer?lang=en", "/static/assets/custom.js"), "workshop": ("/health", "/m", "/key")}


@pytest.fixture(scope="module", params=PAGES)
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Served]]:
    """Either of the two, with at most 256 files."""
    kind, folder = str(request.param), tmp_path_factory.mktemp("both")
    more = ["--no-browser"] if kind == "app" else ["--folder", str(folder / "kept")]
    words = ["-u", "-m", "ketensim.cli", kind, "--port", "{port}", "--host", HOST, "--lang", LANGUAGE, *more]
    server = Served(folder / "log", *words)
    server.wait_for(str(server.port))  # in the address that it tells
    yield kind, server
    server.end()


def test_the_app_answers_at_once_when_it_says_that_it_is_ready(started: tuple[str, Served]):
    kind, server = started
    said = server.log.read_text("utf-8").splitlines()
    if kind == "app":
        assert said[-1] == t("cli.opening.ready", LANGUAGE, url=f"http://{HOST}:{server.port}/?lang=en")
    assert server.get(PAGES[kind][0])[0] == 200


def test_half_open_connections_stop_neither(started: tuple[str, Served]):
    kind, server = started
    for _ in range(STRANGERS):
        server.connect(HALF)
    assert [server.get(path)[0] for path in PAGES[kind]] == [200] * len(PAGES[kind])
    server.hang_up()
    assert "Traceback" not in server.log.read_text("utf-8")


def test_a_foreign_name_is_refused_by_both(started: tuple[str, Served]):
    _, server = started
    assert server.get(host="evil.example")[0] == 421
    assert server.get(host="evil.example", origin=EVIL)[0] == 421
    assert server.get(host="evil.example", origin=EVIL, **UPGRADE)[0] == 421


def test_a_foreign_page_changes_nothing_and_opens_nothing_with_either(started: tuple[str, Served]):
    _, server = started
    own = f"http://{HOST}:{server.port}"
    assert server.get(method="POST", origin=EVIL)[0] == 403
    assert server.get(method="POST")[0] == 403
    assert server.get(method="POST", origin=own, sec_fetch_site="cross-site")[0] == 403
    assert server.get(method="POST", origin=own)[0] not in (403, 421)
    assert server.get(origin=EVIL, **UPGRADE)[0] == 403
    assert server.get(sec_fetch_site="cross-site", sec_fetch_dest="image")[0] == 403


def test_both_refuse_in_the_language_of_the_browser(started: tuple[str, Served]):
    _, server = started
    for accepted, language in (("nl-NL,nl;q=0.9", "nl"), ("en-GB", "en")):
        status, said = server.get(method="POST", origin=EVIL, accept_language=accepted)
        assert (status, said.decode()) == (403, t("door.foreign", language))


def test_a_large_body_is_refused_by_both(started: tuple[str, Served]):
    _, server = started
    assert server.get(method="POST", origin=f"http://{HOST}:{server.port}", content_length="1000001")[0] == 413


@pytest.mark.parametrize("head", [b"x" * 100_000, b"GET / HTTP/1.1\r\n" + b"X-Long: " + b"y" * 100_000])
def test_a_head_without_an_end_is_refused_by_both(started: tuple[str, Served], head: bytes):
    _, server = started
    said = b"".join(iter(partial(server.connect(head).recv, 4_096), b"")).decode()
    assert said.startswith("HTTP/1.1 400")
    assert all(t("door.unreadable", language) in said for language in languages()), "which one cannot be read"
    server.hang_up()
