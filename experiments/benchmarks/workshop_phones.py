"""Scripts that behave as the phones and the facilitator of a workshop do; for ``workshop_load.py``."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any
from urllib.parse import urlencode

HOST = "127.0.0.1"
KEPT_OPEN = 25.0  # seconds after which a browser makes a new connection; the server keeps a silent one for 30


class Browser:
    """The least that a browser is: cookies, one connection that is kept, and an event stream on another."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.seen = port, {}, 0
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0
        self._busy = asyncio.Lock()
        self.listening: asyncio.Task[None] | None = None

    async def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
    ) -> tuple[int, dict, str]:
        async with self._busy:
            if self._line is None or time.monotonic() - self._used > KEPT_OPEN:
                if self._line is not None:
                    self._line[1].close()
                self._line = await asyncio.open_connection(HOST, self.port)
            reader, writer = self._line
            writer.write(self._head(method, path, body, kind) + body)
            await writer.drain()
            status, headers = await self._headers(reader)
            text = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
            self._used = time.monotonic()
            return status, headers, text

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
        assert status == 200, (status, text)
        return status, took

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
                    self.seen += 1
                    started.set()
        finally:
            writer.close()

    async def leave(self) -> None:
        if self.listening is not None:
            self.listening.cancel()
        if self._line is not None:
            self._line[1].close()


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
