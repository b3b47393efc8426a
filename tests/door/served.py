"""A small server in a process of its own, with the door in front of it, and strangers who open connections to it."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
STARTED: Final = 180.0  # seconds; the kernel may have to be compiled first
PROGRAM: Final = """\
import dataclasses, sys
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute
import asyncio
from ketensim.door import serving
from ketensim.door.guard import Entrance, Guard
from ketensim.door.addresses import listen

async def page(request):
    await request.body()
    return PlainTextResponse(request.client.host)

async def stream(request):
    async def beats():
        while True:
            yield "beat"
            await asyncio.sleep(1)
    return StreamingResponse(beats())

async def socket(websocket):
    await websocket.accept()
    if (await websocket.receive())["type"] == "websocket.receive":
        await websocket.close()

async def broken(request):
    raise ValueError("ours")

seconds, behind_proxy = float(sys.argv[2]), sys.argv[3] == "proxy"
of_this_process = serving.Places.of_this_process
serving.Places.of_this_process = lambda proxies: dataclasses.replace(of_this_process(proxies), seconds=seconds)
routes = [Route("/", page, methods=["GET", "POST"]), Route("/stream", stream), Route("/broken", broken), WebSocketRoute("/socket", socket)]
app = Starlette(routes=routes, middleware=[Middleware(Guard, entrance=Entrance(1_000_000))])
say = lambda word: lambda: print(word, flush=True)
serving.run_server(app, listen("127.0.0.1", int(sys.argv[1])), behind_proxy=behind_proxy, ready=say("ready"), stopping=say("stopping"))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Served:
    """A server in a process of its own, with few files.

    Parameters
    ----------
    log : file for what it says
    words : what starts it, from the port on
    files : how many it may have open, connections among them
    """

    def __init__(self, log: Path, *words: str, files: int = 256) -> None:
        self.port, self.log = free_port(), log
        self.clients: list[socket.socket] = []
        command = [sys.executable, *(word.format(port=self.port) for word in words)]
        with log.open("wb") as kept:
            limited = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *command]
            self.process = subprocess.Popen(limited, stdout=kept, stderr=kept)

    def wait_for(self, said: str) -> None:
        """Wait until it has said something."""
        end = time.monotonic() + STARTED
        while said not in self.log.read_text("utf-8"):
            if self.process.poll() is not None or time.monotonic() > end:
                self.end()
                raise AssertionError(self.log.read_text("utf-8"))
            time.sleep(0.05)

    def get(self, path: str = "/", timeout: float = 10.0, *, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        """Status and body of the answer to somebody who comes new."""
        client = http.client.HTTPConnection(HOST, self.port, timeout=timeout)
        try:
            client.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = client.getresponse()
            return answer.status, answer.read()
        finally:
            client.close()

    def connect(self, sent: bytes = b"") -> socket.socket:
        """A connection that has sent something, whether the server lets it or not."""
        client = socket.create_connection((HOST, self.port), timeout=10)
        self.clients.append(client)
        with suppress(ConnectionError):
            client.sendall(sent)
        return client

    def hang_up(self) -> None:
        """Close every connection."""
        while self.clients:
            self.clients.pop().close()

    def end(self) -> None:
        """Close every connection, and the server."""
        self.hang_up()
        self.process.kill()
        self.process.wait(20)


class SmallServer(Served):
    """The door, and hardly anything behind it.

    Parameters
    ----------
    seconds : that a request may take
    proxy : whether a proxy stands in front
    """

    def __init__(self, log: Path, *, files: int = 256, seconds: float = 60.0, proxy: bool = False) -> None:
        super().__init__(log, "-c", PROGRAM, "{port}", str(seconds), "proxy" if proxy else "alone", files=files)
        self.wait_for("ready")


def is_ended(client: socket.socket, within: float) -> bool:
    """Whether the server hangs up within some seconds; what it still sends is read."""
    end = time.monotonic() + within
    while (left := end - time.monotonic()) > 0:
        client.settimeout(left)
        try:
            if not client.recv(65_536):
                return True
        except TimeoutError:
            return False
        except OSError:
            return True
    return False
