"""Running the pages on a machine: a port of one's own, one process, and a stop that does not keep anybody waiting."""

from __future__ import annotations

import ctypes
import os
import secrets
import socket
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
from starlette.applications import Starlette

from ketensim.foundation.errors import InputError, Problem

KEY_FILE: Final = "facilitator.key"
ROOMS_FILE: Final = "workshops.sqlite"
STOPPING: Final = 2  # seconds that answers which are under way may take when the server stops
KEPT_OPEN: Final = 30  # seconds that a silent connection is kept, so that a phone need not make a new one per tap
KEY_BYTES: Final = 24
HEAPS_AT_MOST: Final = -8  # M_ARENA_MAX of mallopt
FEW: Final = 2


class Server(uvicorn.Server):
    """A server that ends its event streams when it has to stop; they would otherwise stay open."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop: first the streams, which the pages then find again at the next server."""
        app = self.config.app
        if isinstance(app, Starlette):
            app.state.site.readers.close_all()
        super().handle_exit(sig, frame)


def serve(app: Starlette, listening: socket.socket, *, behind_proxy: bool) -> None:
    """Serve until the process is asked to stop.

    Parameters
    ----------
    app : the pages
    listening : a socket that listens
    behind_proxy : believe the address and the protocol that a proxy on this machine says
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # who comes when is nobody's business, and addresses of seats would stand in it
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=STOPPING,
        timeout_keep_alive=KEPT_OPEN,
    )
    Server(config).run([listening])


def share_memory() -> None:
    """Let all threads take memory from the same few heaps; to be called before there are any.

    glibc gives each of many threads a heap of its own, and what one workshop leaves behind in it is of no use to the
    next: a server for a whole day would grow. Other systems do not do so, and have no such switch.
    """
    try:
        ctypes.CDLL("libc.so.6").mallopt(HEAPS_AT_MOST, FEW)
    except (OSError, AttributeError):
        return


def key_in(folder: Path) -> str:
    """The facilitator's secret of this server: kept in its folder, so that a restart asks nobody to come in again.

    Raises
    ------
    InputError
        when the folder or the file cannot be used
    """
    file = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as opened:
                opened.write(secrets.token_urlsafe(KEY_BYTES))
        found = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise InputError(
            [Problem("error.out_unwritable", "--folder", {"given": str(folder), "reason": reason})]
        ) from None
    if len(found) < KEY_BYTES:
        raise InputError([Problem("error.workshop_key", "--folder", {"given": str(file)})])
    return found
