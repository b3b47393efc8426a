"""Serving an application from this machine: one process, a word when it answers, a stop that keeps nobody waiting."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import functools
import http.client
import logging
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from ketensim.door.addresses import BACKLOG
from ketensim.door.connections import AT_ONCE, Connection, Places

STOPPING: Final = 2  # seconds that answers which are under way may take when the server stops
KEPT_OPEN: Final = 30  # seconds that a silent connection is kept, so that a phone need not make a new one per tap
LONGEST_HEAD: Final = 65_536  # bytes of address and headers; a link can hold a chain of one's own
LARGEST_MESSAGE: Final = 1_000_000  # bytes on a websocket
PROXIES: Final = ("127.0.0.1", "::1")  # who may say for whom he asks, when there is a proxy
ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # what listens on all addresses is asked at one
LONGEST_FIRST_ANSWER: Final = 60.0  # seconds
SAME_AGAIN: Final = 60.0  # seconds in which a complaint is not repeated
MOST_COMPLAINTS: Final = 1_000  # that are remembered
HEAPS_AT_MOST: Final = -8  # M_ARENA_MAX of mallopt
FEW: Final = 2


def _nothing() -> None:
    """What happens when nobody wants to know."""


def run_server(
    app: ASGIApp,
    listening: socket.socket,
    *,
    behind_proxy: bool = False,
    ready: Callable[[], None] = _nothing,
    stopping: Callable[[], None] = _nothing,
) -> None:
    """Serve until the process is asked to stop.

    Parameters
    ----------
    app : an ASGI application, with its own guard
    listening : a socket that listens
    behind_proxy : believe the address and the protocol that a proxy on this machine says
    ready : called once, when the first page has been answered
    stopping : called when the server is asked to stop, before it waits for answers which are under way
    """
    _share_memory()
    _speak_seldom()
    trusted = PROXIES if behind_proxy else ()
    configuration = uvicorn.Config(
        app,
        http=functools.partial(Connection, places=Places.of_this_process(trusted)),  # type: ignore[arg-type]  # it makes one
        backlog=AT_ONCE,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        ws_max_size=LARGEST_MESSAGE,
        log_level="warning",
        access_log=False,  # who comes when is nobody's business, and addresses of seats would stand in it
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips=list(trusted),
        timeout_graceful_shutdown=STOPPING,
        timeout_keep_alive=KEPT_OPEN,
    )
    _Server(configuration, ready, stopping).run([listening])


class _Server(uvicorn.Server):
    def __init__(self, configuration: uvicorn.Config, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(configuration)
        self._ready, self._stopping = ready, stopping
        self._opening: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, let more people wait than are accepted at once, and say so when there is an answer."""
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(BACKLOG)
            self._opening = asyncio.create_task(self._open(listening))

    async def _open(self, listening: socket.socket) -> None:
        await asyncio.to_thread(_first_answer, listening)
        if not self.should_exit:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop."""
        self._stopping()
        super().handle_exit(sig, frame)


class _Seldom(logging.Filter):
    """The same complaint once a minute: a stranger who repeats himself would otherwise fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this has not been said just now."""
        raised = repr(record.exc_info[1]) if record.exc_info else ""
        complaint, now = (record.getMessage(), raised), time.monotonic()
        if now - self._said.get(complaint, -SAME_AGAIN) < SAME_AGAIN:
            return False
        if len(self._said) >= MOST_COMPLAINTS:
            self._said.clear()
        self._said[complaint] = now
        return True


def _first_answer(listening: socket.socket) -> None:
    """Ask for the first page, which makes what later ones find ready."""
    host, port, *_ = listening.getsockname()
    client = http.client.HTTPConnection(ANY.get(host, host), port, timeout=LONGEST_FIRST_ANSWER)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(client):
        client.request("GET", "/")
        client.getresponse().read()


def _speak_seldom() -> None:
    for name in ("asyncio", "uvicorn.error"):
        logging.getLogger(name).addFilter(_Seldom())


def _share_memory() -> None:
    """Let all threads take memory from the same few heaps.

    glibc gives each of many threads a heap of its own, and what one visitor leaves behind in it is of no use to the
    next: a server for a whole day would grow. Other systems do not do so, and have no such switch.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(HEAPS_AT_MOST, FEW)
