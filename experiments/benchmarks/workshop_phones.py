"""Scripts that behave as the phones and the facilitator of a workshop do; for ``workshop_load.py``."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import time
from typing import Any
from urllib.parse import urlencode

HOST = "127.0.0.1"
LATE = 409  # what was answered is not there any more, or somebody else of the team has said so already
TRIES = 4  # as a browser tries anew on a connection that was closed, and the page after it
KEPT_OPEN = 25.0  # seconds after which a browser makes a new connection; the server keeps a silent one for 30


class Browser:
    """The least that a browser is: cookies, one connection that is kept, and an event stream on another."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.seen = port, {}, 0
        self.snapshot: dict[str, Any] = {}
        self.refused, self.again = 0, 0  # answers that came too late for what they answered; connections that were lost
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0
        self._busy = asyncio.Lock()
        self.listening: asyncio.Task[None] | None = None

    async def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
    ) -> tuple[int, dict, str]:
        async with self._busy:
            for _ in range(TRIES):
                try:
                    return await self._asked(self._head(method, path, body, kind) + body)
                except (OSError, asyncio.IncompleteReadError, IndexError):  # the server gave the place to somebody else
                    self.again += 1
                    self._hang_up()
            raise ConnectionError(path)

    async def _asked(self, sent: bytes) -> tuple[int, dict, str]:
        if self._line is not None and time.monotonic() - self._used > KEPT_OPEN:
            self._hang_up()
        if self._line is None:
            self._line = await asyncio.open_connection(HOST, self.port)
        reader, writer = self._line
        writer.write(sent)
        await writer.drain()
        status, headers = await self._headers(reader)
        text = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
        self._used = time.monotonic()
        return status, headers, text

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line[1].close()
        self._line = None

    def _head(self, method: str, path: str, body: bytes, kind: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}", f"Origin: http://{HOST}:{self.port}"]
        lines += (
            [f"Cookie: {'; '.join(f'{name}={value}' for name, value in self.cookies.items())}"] if self.cookies else []
        )
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _headers(self, reader: asyncio.StreamReader) -> tuple[int, dict]:
        status = int((await reader.readline()).split()[1])
        headers = {}
        while line := (await reader.readline()).decode().strip():
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
            headers[name.lower()] = value
        return status, headers

    async def form(self, path: str, fields: dict[str, str]) -> tuple[int, dict, str]:
        return await self.ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    async def act(self, path: str, **action: Any) -> tuple[int, float]:
        begun = time.perf_counter()
        status, _, text = await self.ask("POST", path, json.dumps(action).encode())
        took = time.perf_counter() - begun
        self.refused += status == LATE
        assert status in (200, LATE), (status, text)
        return status, took

    def deal(self, number: int) -> dict[str, Any]:
        """What a team does with its neighbours while it decides: answer who asked, else propose, else choose a step."""
        partners = self.snapshot.get("decide", {}).get("partners", [])
        asked = [partner for partner in partners if partner["offered"] == "them"]
        terms = {"frame": random.randrange(5), "time": random.randrange(5)}
        if asked:
            to = {"partner": asked[0]["id"], "round": number}
            answers = [
                {"do": "answer", "accepted": True},
                {"do": "answer", "accepted": False},
                {"do": "propose", **terms},
            ]
            return random.choices(answers, (3, 1, 1))[0] | to
        if partners and random.random() < 0.5:
            return {"do": "propose", "partner": random.choice(partners)["id"], **terms, "round": number}
        steps = {"room": random.randrange(5), "steering": random.randrange(5)}
        return {"do": "choose", "steps": steps, "final": False, "round": number}

    def hold(self, number: int) -> dict[str, Any]:
        """What a team does in the middle of the year: keep or break an agreement, else change one thing."""
        partners = self.snapshot.get("moment", {}).get("partners", [])
        if partners:
            held = random.random() < 0.7
            return {"do": "hold", "partner": random.choice(partners)["id"], "held": held, "round": number}
        return {"do": "change", "decision": "room", "step": random.randrange(5), "round": number}

    async def join(self, code: str) -> None:
        """As a phone does: the page, the button, the page of the seat, and a stream."""
        _, _, page = await self.ask("GET", f"/m/{code}")
        fields = dict(re.findall(r'name="(once)" value="([^"]*)"', page))
        status, headers, _ = await self.form(f"/m/{code}", fields | {"nickname": "", "place": ""})
        assert status == 303 and headers["location"].endswith("/seat"), (status, headers)
        assert (await self.ask("GET", f"/m/{code}/seat"))[0] == 200
        started = asyncio.Event()
        self.listening = asyncio.create_task(self._listen(f"/m/{code}/stream", started))
        await started.wait()

    async def _listen(self, path: str, started: asyncio.Event) -> None:
        reader, writer = await asyncio.open_connection(HOST, self.port, limit=2**22)
        writer.write(self._head("GET", path, b"", "text/plain"))
        await self._headers(reader)
        try:
            while line := await reader.readline():
                if line.startswith(b'data: {"now"'):
                    self.snapshot = json.loads(line.removeprefix(b"data: "))
                    self.seen += 1
                    started.set()
        finally:
            writer.close()

    async def leave(self) -> None:
        if self.listening is not None:
            self.listening.cancel()
        self._hang_up()


class Stranger:
    """Connections from one address that begin a request and never end it; each comes back when it is ended."""

    def __init__(self, port: int, connections: int) -> None:
        self.port, self.connections, self.came = port, connections, 0
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Stranger:
        self._tasks = [asyncio.create_task(self._hold()) for _ in range(self.connections)]
        await asyncio.sleep(1.0)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hold(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection(HOST, self.port)
                self.came += 1
                try:
                    writer.write(f"GET / HTTP/1.1\r\nHost: {HOST}\r\n".encode())
                    await reader.read()
                finally:
                    writer.close()
            await asyncio.sleep(random.uniform(0.5, 1.5))


class Leader(Browser):
    """The facilitator."""

    code = ""

    async def enter(self, key: str) -> None:
        assert (await self.form("/key", {"key": key}))[0] == 303

    async def lead(self, code: str) -> None:
        self.code = code
        await self.state()

    async def state(self) -> dict[str, Any]:
        _, _, text = await self.ask("GET", f"/room/{self.code}/state")
        found: dict[str, Any] = json.loads(text)
        return found

    async def go_on(self) -> None:
        here = await self.state()
        await self.act(f"/room/{self.code}/act", do="on", phase=here["phase"], round=here["round"])

    async def run(self) -> float:
        """From the button to the outcome on the screens, in seconds."""
        begun = time.perf_counter()
        await self.go_on()
        while not (await self.state())["computed"]:
            await asyncio.sleep(0.02)
        return time.perf_counter() - begun
