"""The command that opens the browser app: prepare the model, say where the app is, serve until interrupted."""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
import time
import warnings
import webbrowser
from dataclasses import dataclass
from typing import Final

import typer

from ketensim.cli.options import whole
from ketensim.foundation.errors import InputError, Problem
from ketensim.texts import LANGUAGES, t

LARGEST_PORT: Final = 65_535
ALONE: Final = ("127.0.0.1", "localhost", "::1")  # hosts that nobody else can reach
ANY: Final = ("0.0.0.0", "::")  # hosts that are no address to open
LONGEST_START: Final = 60.0  # seconds that the browser waits for the server
PAUSE: Final = 0.1
PREPARED: Final = 2  # runs that load the machine code of the model


@dataclass(frozen=True)
class AppOrder:
    """What ``ketensim app`` was asked for, as typed."""

    host: str
    port: str
    browser: bool


def open_app(order: AppOrder, language: str) -> None:
    """Serve the app until somebody interrupts it.

    Raises
    ------
    InputError : the port is no port or in use, the host is none of this machine; nothing was started
    """
    port = whole("--port", order.port, 1, LARGEST_PORT)
    check_free(order.host, port)
    typer.echo(t("cli.opening.preparing", language))
    prepare()
    url = address(order.host, port, language)
    typer.echo(t("cli.opening.ready", language, url=url))
    if order.host not in ALONE:
        typer.echo(t("cli.opening.open_to_all", language))
    if order.browser:
        threading.Thread(target=open_when_ready, args=(order.host, port, url), daemon=True).start()
    from ketensim.app.server import serve

    with contextlib.suppress(KeyboardInterrupt):
        serve(order.host, port)
    typer.echo(t("cli.opening.stopped", language))


def check_free(host: str, port: int) -> None:
    """Whether a server can listen there; an InputError that names the option when it cannot."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server itself does
            trial.bind(place)
    except socket.gaierror:
        raise InputError([Problem("error.host_unusable", "--host", {"given": host})]) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError([Problem("error.port_in_use", "--port", {"given": port})]) from None
        if error.errno == errno.EACCES:
            raise InputError([Problem("error.port_forbidden", "--port", {"given": port})]) from None
        raise InputError([Problem("error.host_unusable", "--host", {"given": host})]) from None


def prepare() -> None:
    """Load the machine code of the model and the libraries of the app, so that the first visitor does not wait."""
    from ketensim.app.setting import FIRST_CHAIN
    from ketensim.run.engine import simulate

    # about cookies of a server that is embedded elsewhere, which ours may not be
    warnings.filterwarnings("ignore", message="Cookies with samesite=none", category=UserWarning)
    simulate(FIRST_CHAIN, runs=PREPARED)


def address(host: str, port: int, language: str) -> str:
    """What to type in a browser on this machine.

    Examples
    --------
    >>> address("0.0.0.0", 8765, "nl"), address("::1", 80, "en")
    ('http://localhost:8765/', 'http://[::1]:80/?lang=en')
    """
    name = "localhost" if host in ANY else f"[{host}]" if ":" in host else host
    asked = "" if language == LANGUAGES[0] else f"?lang={language}"
    return f"http://{name}:{port}/{asked}"


def open_when_ready(host: str, port: int, url: str) -> None:
    """Open the browser once the server listens."""
    end = time.monotonic() + LONGEST_START
    place = "localhost" if host in ANY else host
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((place, port), timeout=PAUSE):
            webbrowser.open(url)
            return
        time.sleep(PAUSE)
