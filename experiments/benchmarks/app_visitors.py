"""How long visitors of Explore who all move at the same moment wait for their first picture: the server's part, and a browser's.

    uv run python experiments/benchmarks/app_visitors.py                     20 visitors who speak as a browser does, without one
    uv run python experiments/benchmarks/app_visitors.py --visitors 18 --browsers 2   two of them with a browser on this machine
    uv run python experiments/benchmarks/app_visitors.py --visitors 0 --browsers 20   all with a browser

A visitor without a browser opens the page's websocket, has Explore drawn, sends the message that a moved slider sends and
reads what comes; nothing is drawn. *Server* is measured in the process of the server, from the arrival of that message to the
sending of the first picture of it. The processor time of the server does not depend on what else the machine does. *Visitor*
is measured where the message is sent and the picture comes in, which in a browser is when it is drawn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from websockets.asyncio.client import ClientConnection, connect

VISITORS: Final = 20
TURNS: Final = 3  # times that all move
PATIENCE: Final = 120.0  # seconds for one thing
HOST: Final = "127.0.0.1"
TOGETHER: Final = 3.0  # seconds from telling all visitors to the moment at which they move
REST: Final = 15.0  # seconds in which all that was asked is finished
PICTURE: Final = '"effect": {"now"'  # in what comes from the server, as in app_timed.py
WHOLE: Final = '"panels": [{'  # comes when all runs are there
MEASURED: Final = "first picture after"
LARGEST: Final = 2**24  # bytes of a message


@contextmanager
def watched_server(folder: Path) -> Iterator[tuple[str, Path, int]]:
    """Address, log and number of the process of a server that says how long each first picture took."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
    log = folder / "server.log"
    command = [sys.executable, str(Path(__file__).with_name("app_timed.py")), str(port)]
    with log.open("w") as kept:
        process = subprocess.Popen(command, stdout=kept, stderr=subprocess.STDOUT)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://{HOST}:{port}/leer", timeout=PATIENCE).close()
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.2)
        yield f"{HOST}:{port}", log, process.pid
    finally:
        process.kill()
        process.wait()


# --- a visitor without a browser ---
class Visitor:
    """Somebody on Explore, as the server meets them.

    Attributes
    ----------
    pictures : that came so far
    whole : set when all that the first screen shows is there
    """

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._session = uuid.uuid4().hex
        self._levers = ""  # the part of the page that moves are sent to
        self._turn = 0
        self._news = asyncio.Condition()
        self.pictures = 0
        self.whole = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def at(cls, server: str) -> Visitor:
        """A visitor whose first screen is whole."""
        cookie = await asyncio.to_thread(cookie_of, server)
        address = f"ws://{server}/jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={uuid.uuid4()}"
        told = {"Cookie": cookie, "Origin": f"http://{server}"}
        found = cls(
            await connect(address, additional_headers=told, max_size=LARGEST, open_timeout=PATIENCE, ping_interval=None)
        )
        control = uuid.uuid4().hex
        await found._send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        themes = {"light": {}, "dark": {}}
        run = {"method": "run", "args": {"path": "/", "dark": False, "themes": themes, "appName": None}}
        await found._send("comm_msg", {"comm_id": control, "data": run})
        async with asyncio.timeout(PATIENCE):
            await found.whole.wait()
        return found

    async def move(self, value: float, rests: bool = False) -> None:
        """Put the slider of room somewhere."""
        self._turn += 1
        told = {"kind": "move", "turn": self._turn, "values": {"room": value}, "rests": rests}
        data = {"method": "custom", "content": {"event": "tell", "data": told}}
        await self._send("comm_msg", {"comm_id": self._levers, "data": data})

    async def sees(self, pictures: int) -> None:
        """Until so many pictures have come."""
        async with self._news, asyncio.timeout(PATIENCE):
            await self._news.wait_for(lambda: self.pictures >= pictures)

    async def leave(self) -> None:
        """Close the page."""
        self._reading.cancel()
        await self._line.close()

    async def _send(self, kind: str, content: dict[str, Any]) -> None:
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": self._session,
            "username": "",
            "version": "5.2",
        }
        message = {
            "channel": "shell",
            "content": content,
            "header": header,
            "metadata": {},
            "parent_header": {},
            "buffers": [],
        }
        await self._line.send(json.dumps(message, separators=(",", ":")))

    async def _read(self) -> None:
        async for frame in self._line:
            text = frame if isinstance(frame, str) else frame.decode(errors="replace")
            if not self._levers and '"prospects"' in text and (found := re.search(r'"comm_id": ?"(\w+)"', text)):
                self._levers = found[1]
            if WHOLE in text:
                self.whole.set()
            if PICTURE in text:
                async with self._news:
                    self.pictures += 1
                    self._news.notify_all()


def cookie_of(server: str) -> str:
    """What a browser gets with the page."""
    with urllib.request.urlopen(f"http://{server}/", timeout=PATIENCE) as page:
        return "; ".join(one.split(";")[0] for one in page.headers.get_all("set-cookie") or [])


async def moved(visitors: Sequence[Visitor], at: float, values: Sequence[float]) -> list[float]:
    """All visitors move at a moment; milliseconds until each has a picture of it."""

    async def one(visitor: Visitor, value: float) -> float:
        await asyncio.sleep(at - time.time())
        start, before = time.perf_counter(), visitor.pictures
        await visitor.move(value)
        await visitor.sees(before + 1)
        return 1000 * (time.perf_counter() - start)

    waits = await asyncio.gather(*(one(*pair) for pair in zip(visitors, values, strict=True)))
    for visitor, value in zip(visitors, values, strict=True):
        await visitor.move(value, rests=True)
    return waits


# --- all together ---
def told(who: str, waits: Sequence[float]) -> None:
    """One line of what was measured."""
    found = sorted(waits)
    if found:
        print(
            f"    {who}: {statistics.median(found):.0f} ms median, {found[int(0.9 * (len(found) - 1))]:.0f} ms 9 of 10, "
            f"{found[-1]:.0f} ms the last of {len(found)}",
            flush=True,
        )


def in_server(log: Path, before: int) -> list[float]:
    """What the server measured since so many letters of its log."""
    return [float(found) for found in re.findall(rf"{MEASURED} ([\d.]+) ms", log.read_text()[before:])]


class Browsers:
    """Visitors with a browser on this machine.

    Attributes
    ----------
    number : of them
    """

    def __init__(self, number: int, server: str) -> None:
        from playwright.sync_api import sync_playwright
        from tests.browser.conftest import FLAGS

        from app import page_of_explore  # what needs no browser starts sooner without

        self.number = number
        self._playwright = sync_playwright().start()
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        self._browser = self._playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        self._pages = [page_of_explore(self._browser, f"http://{server}") for _ in range(number)]

    def move(self, at: float, values: Sequence[int]) -> None:
        """Have all move at a moment, without waiting for it."""
        from app import AT_ONCE

        for page, value in zip(self._pages, values, strict=True):
            page.evaluate(f"() => {{ window.measured = ({AT_ONCE})([{1000 * at}, {value}]); }}")

    def waits(self) -> list[float]:
        """Milliseconds until each had drawn something of it; then all let go."""
        found = [float(page.evaluate("window.measured")) for page in self._pages]
        for page in self._pages:
            page.evaluate("document.querySelector('#lever-room').dispatchEvent(new Event('change'))")
        return found

    def leave(self) -> None:
        """Close all."""
        self._browser.close()
        self._playwright.stop()


def processor_time(process: int) -> float:
    """Seconds of processor that a process has used, all its threads together."""
    used = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


async def measure(server: str, log: Path, process: int, number: int, browsers: Browsers | None) -> None:
    """All visitors arrive, then move some times: each elsewhere, and all to the same place."""
    visitors = [await Visitor.at(server) for _ in range(number)]
    drawing = browsers.number if browsers else 0
    for said, step in (("each another setting", 1), ("all the same setting", 0)):
        for turn in range(TURNS):
            await asyncio.sleep(REST)
            values = [2 + 30 * turn + step * place for place in range(number + drawing)]
            before, at = len(log.read_text()), time.time() + TOGETHER
            if browsers:
                browsers.move(at, values[number:])
            used = processor_time(process)
            came = await moved(visitors, at, [value / 100 for value in values[:number]])
            used = processor_time(process) - used
            drawn = browsers.waits() if browsers else []
            print(
                f"{number + drawing} visitors, {drawing} of them with a browser, {said}; load {os.getloadavg()[0]:.1f}"
            )
            told("server", in_server(log, before))
            print(f"    processor time of the server until the last of those without a browser: {used:.2f} s")
            told("visitors without a browser", came)
            told("browsers", drawn)
    for visitor in visitors:
        await visitor.leave()


def main() -> None:
    """Start the app and its visitors, measure, end all."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--visitors", type=int, default=VISITORS)
    asked.add_argument("--browsers", type=int, default=0)
    given = asked.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as folder, watched_server(Path(folder)) as (server, log, process):
        browsers = Browsers(given.browsers, server) if given.browsers else None
        asyncio.run(measure(server, log, process, given.visitors, browsers))
        if browsers:
            browsers.leave()


if __name__ == "__main__":
    main()
