"""A real server in a process of its own, and people with browsers who talk to it over HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import httpx

PLAN = {
    "title": {"nl": "Kleine proef", "en": "Small trial"},
    "summary": {"nl": "Voor tests.", "en": "For tests."},
    "chain": "reference",
    "tables": 2,
    "team_size": 2,
    "runs": 20,
    "minutes_lobby": 1,
    "minutes_debrief": 5,
    "rounds": [
        {"open": ["steering", "room"], "minutes_decide": 5},
        {"open": ["steering", "room", "after_incident"], "minutes_decide": 5},
    ],
}
STARTED = 150.0  # seconds that a machine with other work may take to start a server
ENVIRONMENT = {"LANG": "nl_NL.UTF-8", "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``ketensim workshop``, started as a person would; it can be killed and started again on the same folder."""

    made: ClassVar[list[Server]] = []  # so that none stays behind when a test fails
    program: tuple[str, ...] = ("-m", "ketensim.cli")

    def __init__(
        self, folder: Path, *options: str, plan: dict[str, Any] | None = None, port: int | None = None
    ) -> None:
        self.folder, self.options, self.port = folder, options, port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        if plan is not None:
            (folder / "plan.yaml").write_text(json.dumps(plan), "utf-8")
        self.plan = plan is not None
        self.process: subprocess.Popen[bytes] | None = None
        Server.made.append(self)

    def start(self, *, with_plan: bool = True) -> Server:
        words = ["--port", str(self.port), "--host", "127.0.0.1", "--folder", str(self.folder), *self.options]
        words += ["--plan", str(self.folder / "plan.yaml")] if self.plan and with_plan else []
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.program, "workshop", *words],
                stdout=log, stderr=log, env={**os.environ, **ENVIRONMENT},
            )  # fmt: skip
        until = time.monotonic() + STARTED
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log()
            try:
                if httpx.get(f"{self.base}/health", timeout=2).text == "ok":
                    return self
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError(f"no server: {self.log()}")

    def log(self) -> str:
        return (self.folder / "server.log").read_text("utf-8")

    def kill(self) -> None:
        """As a power cut: nothing is said or written any more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    @property
    def key(self) -> str:
        return (self.folder / "facilitator.key").read_text("ascii").strip()

    @property
    def code(self) -> str:
        """The room that was opened by ``--plan``."""
        return re.findall(r"/room/(\w{4})#", self.log())[-1]


class Fields(HTMLParser):
    """What a browser would send when a form is submitted as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._select = ""
        self._first: dict[str, str] = {}
        self.feed(page)
        for name, value in self._first.items():
            self.found.setdefault(name, [value])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select:
            self._first.setdefault(self._select, given.get("value", ""))
            if "selected" in given:
                self.found[self._select] = [given.get("value", "")]
        elif tag == "input" and given.get("name") and (given.get("type") != "checkbox" or "checked" in given):
            self.found.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


class Person:
    """A browser: cookies, and pages of one server."""

    made: ClassVar[list[Person]] = []  # so that a fixture can close what a test has opened

    def __init__(self, base: str, address: str = "") -> None:
        headers = {"x-forwarded-for": address} if address else {}
        self.web = httpx.Client(base_url=base, headers=headers, follow_redirects=True, timeout=60)
        self.base = base
        self._streams: list[Iterator[dict[str, Any]]] = []
        Person.made.append(self)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.web.get(path, **more)

    def post(self, path: str, form: dict[str, Any], **headers: str) -> httpx.Response:
        return self.web.post(path, data=form, headers={"origin": self.base, "sec-fetch-site": "same-origin", **headers})

    def send(self, path: str, action: Any, **headers: str) -> httpx.Response:
        named = {"origin": self.base, "sec_fetch_site": "same-origin", **headers}
        return self.web.post(
            path, json=action, headers={name.replace("_", "-"): value for name, value in named.items()}
        )

    def state_of(self, path: str) -> dict[str, Any]:
        answer = self.get(f"{path}/state")
        assert answer.status_code == 200, answer.status_code
        found: dict[str, Any] = answer.json()
        return found

    def events(self, path: str) -> Iterator[dict[str, Any]]:
        """Snapshots from the event stream, as they come."""
        self._streams.append(self._events(path))
        return self._streams[-1]

    def _events(self, path: str) -> Iterator[dict[str, Any]]:
        with self.web.stream("GET", f"{path}/stream") as answer:
            for line in answer.iter_lines():
                if line.startswith("data: {") and line != "data: {}":
                    yield json.loads(line.removeprefix("data: "))

    def close(self) -> None:
        for stream in self._streams:
            stream.close()  # type: ignore[attr-defined]
        self.web.close()


class Phone(Person):
    """A participant."""

    code = ""

    def join(self, code: str, nickname: str = "", place: str = "") -> Phone:
        self.code = code
        fields = Fields(self.get(f"/m/{code}").text).found
        answer = self.post(f"/m/{code}", {**fields, "nickname": nickname, "place": place})
        assert answer.url.path == f"/m/{code}/seat", answer.text
        self.state()
        return self

    def state(self) -> dict[str, Any]:
        return self.state_of(f"/m/{self.code}")

    def act(self, **action: Any) -> httpx.Response:
        return self.send(f"/m/{self.code}/act", action)

    def predict(self, share: float) -> httpx.Response:
        return self.act(do="predict", share=share, round=self.state()["round"])

    def choose(self, final: bool = True, **steps: int) -> httpx.Response:
        return self.act(do="choose", steps=steps, final=final, round=self.state()["round"])


class Facilitator(Person):
    """Who leads; with the key of the server."""

    code = ""

    def enter(self, key: str) -> Facilitator:
        assert self.post("/key", {"key": key}).status_code == 200
        return self

    def make(self, plan: str = "minutes_20", **fields: str) -> str:
        found = Fields(self.get(f"/?plan={plan}").text).found
        answer = self.post(f"/rooms?plan={plan}", {**found, "chain": "reference", **fields})
        assert answer.url.path.startswith("/room/"), answer.text
        return self.lead(answer.url.path.removeprefix("/room/"))

    def lead(self, code: str) -> str:
        self.code = code
        self.state()
        return code

    def state(self) -> dict[str, Any]:
        return self.state_of(f"/room/{self.code}")

    def screen(self) -> dict[str, Any]:
        return self.state_of(f"/room/{self.code}/screen")

    def act(self, **action: Any) -> httpx.Response:
        return self.send(f"/room/{self.code}/act", action)

    def go_on(self) -> dict[str, Any]:
        here = self.state()
        answer = self.act(do="on", phase=here["phase"], round=here["round"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["snapshot"]
        return found

    def until(self, ready: str, seconds: float = 90) -> dict[str, Any]:
        """Wait for something to be computed."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.state()
            if found[ready]:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{ready} did not come")

    def until_empty(self, waiting: str, seconds: float = 90) -> None:
        """Wait until nobody is waited for any more."""
        end = time.monotonic() + seconds
        while self.state()[waiting]:
            assert time.monotonic() < end, waiting
            time.sleep(0.2)
