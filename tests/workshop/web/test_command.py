"""Claims about ``ketensim workshop``: what it prints, what it keeps, and what it says when it cannot start."""

from __future__ import annotations

import socket
import stat
import time
from pathlib import Path

import pytest
from tests.workshop.web.served import PLAN, Person, Phone, Server, free_port

from ketensim.cli import main


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """What is said on stderr when the command does not start."""

    def call(*words: str, language: str = "nl") -> str:
        monkeypatch.setenv("LC_ALL", language)
        port = [] if "--port" in words else ["--port", str(free_port())]
        assert main(["workshop", "--folder", str(tmp_path / "w"), *port, *words]) == 2
        told = capsys.readouterr()
        assert told.out == "" and "Traceback" not in told.err
        return told.err.strip()

    return call


def test_a_port_in_use_is_told_in_the_language_of_the_reader(refused):
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"Poort {port} is al in gebruik" in refused("--port", port)
        assert f"Port {port} is in use already" in refused("--port", port, language="en")


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("--port", "0"), "--port"),
        (("--port", "telefoon"), "--port"),
        (("--host", "300.1.1.1"), "--host"),
        (("--plan", "minutes_61"), "minutes_60"),
        (("--address", "workshop.example.nl"), "--address"),
        (("--address", "http://"), "--address"),
        (("--address", "https://example.nl:99999"), "--address"),
        (("--address", "https://example.nl/room"), "--address"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(refused, words, place):
    assert place in refused(*words)


def test_a_plan_file_that_is_wrong_says_where(refused, tmp_path: Path):
    file = tmp_path / "plan.yaml"
    file.write_text("title: {nl: x, en: x}\nsummary: {nl: x, en: x}\ntabels: 3\n", "utf-8")
    told = refused("--plan", str(file))
    assert "tabels" in told and "tables" in told and str(file) in told


def test_a_folder_that_cannot_be_written_is_refused(refused, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    assert "--folder" in refused("--folder", str(tmp_path / "file" / "x"))
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "facilitator.key").write_text("short")
    assert "facilitator.key" in refused()


def test_it_tells_two_addresses_keeps_its_key_and_stops(tmp_path: Path):
    server = Server(tmp_path, plan=PLAN).start()
    code, key = server.code, server.key
    assert f"{server.base}/room/{code}#{key}" in server.log()
    assert f"{server.base}/m/{code}" in server.log()
    for name in ("facilitator.key", "workshops.sqlite"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    phone = Phone(server.base).join(code)
    stream = phone.events(f"/m/{code}")
    next(stream)
    begun = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begun < 30  # a half-year that is being computed is finished first
    assert "Traceback" not in server.log() and "Gestopt" in server.log()
    server.start(with_plan=False)
    assert server.key == key
    assert phone.state()["phase"] == "lobby"
    assert Person(server.base, "10.1.1.1").get(f"/m/{code}").status_code == 200
    server.stop()


def test_without_a_proxy_nobody_says_which_address_he_has(tmp_path: Path):
    server = Server(tmp_path).start()
    answers = [Person(server.base, f"10.2.0.{number}").get("/m/BBBB").status_code for number in range(14)]
    assert answers[0] == 404 and answers[-1] == 429
    server.stop()
