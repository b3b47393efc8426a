"""Claims about the server of the app and the command that starts it: what it gives, what it refuses, how it ends."""

from __future__ import annotations

import io
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from tests.app.served import LONGEST_START, app_process, command, free_port

import ketensim as ks
from ketensim.app.compare.comparison_file import link_to_file
from ketensim.app.server import HEADERS as POLICY
from ketensim.app.server import LARGEST_BODY, NOT_SERVED, readable
from ketensim.app.setting import SPOKEN, Setting, scenario_of
from ketensim.cli import main
from ketensim.door.guard import HEADERS
from ketensim.texts import languages, t

VISIT = """
import sys
from ketensim.app.server import application
application()
from solara.server.kernel import Kernel
from solara.server.kernel_context import VirtualKernelContext
print("pandas" in sys.modules)
VirtualKernelContext(id="a", kernel=Kernel(), session_id="somebody")
print("pandas" in sys.modules)
"""
STRANGER = {"origin": "https://elsewhere.example"}
UPGRADE = {
    "connection": "upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "MDEyMzQ1Njc4OTAxMjM0NQ==",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Somebody who asks a real server."""
    with app_process(tmp_path_factory.mktemp("app")) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/leer?lang=en", "/kijk", "/bestand/scenario?k=reference", "/bestaat-niet"])
def test_every_answer_carries_the_security_headers(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    for name, value in (HEADERS | POLICY).items():
        assert answer.headers[name] == value


@pytest.mark.parametrize("path", [*NOT_SERVED, *(f"{path}/" for path in NOT_SERVED), "/resourcez?verbose"])
def test_what_tells_about_the_server_is_not_served(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_page_of_a_stranger_gets_nothing_and_opens_no_connection(client: httpx.Client) -> None:
    assert client.get("/", headers=STRANGER).status_code == 403
    assert client.get("/", headers={"origin": str(client.base_url).rstrip("/")}).status_code == 200
    assert client.get("/_solara/api/watchdog/x", headers=STRANGER | UPGRADE).status_code == 403


def test_a_foreign_name_for_this_server_is_refused_and_an_address_is_not(client: httpx.Client) -> None:
    evil = {"host": "evil.example", "origin": "http://evil.example"}
    assert client.get("/", headers=evil).status_code == 421
    assert client.get("/_solara/api/watchdog/x", headers=evil | UPGRADE).status_code == 421
    assert client.get("/", headers={"host": "192.168.1.20:8765"}).status_code == 200


def test_what_a_visitor_says_of_himself_changes_no_page_of_another(client: httpx.Client) -> None:
    said = {"x-script-name": "/evil", "script-name": "/evil", "x-forwarded-host": "evil", "x-forwarded-proto": "evil"}
    assert "evil" not in client.get("/", headers=said).text
    assert "evil" not in client.get("/").text


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    assert client.post("/", content=b"x" * (LARGEST_BODY + 1)).status_code == 413


def test_a_cookie_stays_with_us(client: httpx.Client) -> None:
    cookies = httpx.get(client.base_url).headers.get_list("set-cookie")
    assert cookies
    for cookie in cookies:
        assert "httponly" in cookie.lower() and "samesite=strict" in cookie.lower()


@pytest.mark.parametrize("language", languages())
def test_the_page_has_a_language_allows_zooming_and_has_no_english_of_others_in_it(
    client: httpx.Client, language: str
) -> None:
    page = client.get("/", params={"lang": language}).text
    assert f'<html lang="{language}">' in page
    assert "user-scalable=no" not in page and "maximum-scale" not in page
    for key in ("lost", "gone", "again", "title"):
        assert t(f"app.connection.{key}", language) in page
    for theirs in (
        "Please refresh",
        "Refresh now",
        "Could not restore session",
        "Server\n                disconnected",
    ):
        assert theirs not in page


def test_a_page_names_no_other_machine(client: httpx.Client) -> None:
    page = client.get("/").text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!localhost)[^"]+', page)


@pytest.mark.parametrize("name", ["custom.css", "custom.js"])
def test_a_page_gets_the_style_and_the_script_of_ours(client: httpx.Client, name: str) -> None:
    ours = resources.files("ketensim.app").joinpath("assets", name).read_bytes()
    assert client.get(f"/static/assets/{name}").content == ours


def test_a_page_that_is_not_theirs_is_left_alone() -> None:
    assert readable("<p>ours</p>", "nl") == "<p>ours</p>"


def test_nothing_is_drawn_while_pandas_is_there_by_half() -> None:
    """Reacton fails then: a visitor's page stayed empty while the first comparison of another loaded pandas."""
    done = subprocess.run(
        [sys.executable, "-c", VISIT], capture_output=True, text=True, timeout=LONGEST_START, check=True
    )
    assert done.stdout.split() == ["False", "True"]


def test_the_scenario_of_a_link_can_be_downloaded(client: httpx.Client) -> None:
    answer = client.get("/bestand/scenario", params={"k": "reference", "room": "0.9"})
    assert "room: 0.9" in answer.text
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.jit
def test_the_report_of_a_link_is_one_page_in_the_language_asked(client: httpx.Client) -> None:
    answer = client.get("/bestand/rapport", params={"k": "reference", "lang": "en"})
    assert answer.text.lstrip().lower().startswith("<!doctype html>") and 'lang="en"' in answer.text[:400]


@pytest.mark.jit
def test_the_spreadsheet_of_a_link_says_what_was_set_and_holds_numbers(client: httpx.Client) -> None:
    answer = client.get("/bestand/rekenblad", params={"k": "reference", "room": "0.9", "lang": "nl"})
    assert ".xlsx" in answer.headers["content-disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert "room=0.9" in " ".join(str(cell.value) for row in book["Toelichting"].iter_rows() for cell in row)
    assert isinstance(book["Per simulatie"]["B2"].value, float)


@pytest.mark.jit
def test_the_spreadsheet_of_a_comparison_holds_the_differences_that_compare_finds(client: httpx.Client) -> None:
    link = link_to_file([Setting(), Setting(levers=(("room", 0.9),))], 200, "en")
    book = load_workbook(io.BytesIO(client.get(link).content))
    headings, first = ([cell.value for cell in row] for row in book["Comparison"].iter_rows(max_row=2))
    chain = scenario_of(Setting())
    table = ks.compare(chain, scenario_of(Setting(levers=(("room", 0.9),))), runs=200, seed=Setting().seed).table
    goal = table.set_index("outcome").loc["goal_realisation"]
    found = dict(zip(headings, first, strict=True))
    assert headings[1] == "A: The chain as it is" and headings[2].startswith("B: Room: ") and "90%" in headings[2]
    assert found["B − A"] == pytest.approx(goal["difference"])
    assert found["B − A: 95% interval from"] == pytest.approx(goal["low"])
    assert book["Comparison"]["B2"].value == pytest.approx(goal["a"])


# --- the command ---
def test_a_port_in_use_is_refused_before_anything_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["app", "--port", str(port), "--no-browser", "--lang", "nl"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert str(port) in told.err and "al in gebruik" in told.err


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("--port", "0"), "--port"),
        (("--port", "70000"), "--port"),
        (("--port", "web"), "--port"),
        (("--host", "no.such.host.invalid"), "--host"),
        (("--host", "203.0.113.7"), "--host"),
        (("--address", "app.example.org"), "--address"),
        (("--address", "https://app.example.org/below"), "--address"),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_what_is_no_port_or_no_host_is_refused(
    words: tuple[str, ...], place: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["app", *words, "--no-browser", "--lang", language]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith(f"{place}: ") and "Traceback" not in told.err


@pytest.mark.jit
def test_the_command_says_where_the_app_is_and_ends_cleanly_when_interrupted(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with log.open("w") as kept:
        process = subprocess.Popen(command(port, "--lang", "en"), stdout=kept, stderr=subprocess.STDOUT)
        try:
            end = time.monotonic() + LONGEST_START
            while time.monotonic() < end and process.poll() is None and f":{port}/" not in log.read_text():
                time.sleep(0.2)
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).close()  # it says so when it answers
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            process.kill()
    assert log.read_text().splitlines() == [
        t("cli.opening.preparing", "en"),
        t("cli.opening.ready", "en", url=f"http://127.0.0.1:{port}/?lang=en"),
        t("cli.opening.stopped", "en"),
    ]


def test_an_address_where_nothing_is_says_so_in_the_language_of_the_visitor(client: httpx.Client) -> None:
    for language in languages():
        answer = client.get("/bestaat-niet", headers={"accept-language": language})
        assert answer.status_code == 404
        assert t("app.missing.title", language) in answer.text and f'lang="{language}"' in answer.text


def test_the_language_is_that_of_the_link_or_the_one_that_was_chosen_or_that_of_the_browser(
    client: httpx.Client,
) -> None:
    english = {"accept-language": "en-GB,en;q=0.9"}
    assert '<html lang="en">' in client.get("/", headers=english).text
    assert '<html lang="nl">' in client.get("/", headers=english | {"cookie": f"{SPOKEN}=nl"}).text
    assert '<html lang="en">' in client.get("/?lang=en", headers={"cookie": f"{SPOKEN}=nl"}).text
    assert '<html lang="nl">' in client.get("/", headers={"cookie": f"{SPOKEN}=xx"}).text
