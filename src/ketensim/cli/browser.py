"""The command that opens the browser app: prepare the model, say where the app is, serve until interrupted."""

from __future__ import annotations

import contextlib
import threading
import webbrowser
from dataclasses import dataclass
from typing import Final

import typer

from ketensim.cli.options import port_of
from ketensim.door.addresses import listen
from ketensim.texts import LANGUAGES, t

ALONE: Final = ("127.0.0.1", "localhost", "::1")  # hosts that nobody else can reach
ANY: Final = ("0.0.0.0", "::")  # hosts that are no address to open
PREPARED: Final = 2  # runs that load the machine code of the model


@dataclass(frozen=True)
class AppOrder:
    """What ``ketensim app`` was asked for, as typed."""

    host: str
    port: str
    browser: bool
    address: str | None


def open_app(order: AppOrder, language: str) -> None:
    """Serve the app until somebody interrupts it.

    Raises
    ------
    InputError : the port is no port or in use, the host is none of this machine; nothing was started
    """
    from ketensim.door.addresses import names_of

    port = port_of(order.port)
    names = names_of(order.host, order.address)
    listening = listen(order.host, port)
    typer.echo(t("cli.opening.preparing", language))
    prepare()
    from ketensim.app.server import application
    from ketensim.door.serving import run_server

    def ready() -> None:
        url = order.address or address(order.host, port, language)
        typer.echo(t("cli.opening.ready", language, url=url))
        if order.host not in ALONE:
            typer.echo(t("cli.opening.open_to_all", language))
        if order.browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    with contextlib.suppress(KeyboardInterrupt):
        run_server(application(names), listening, behind_proxy=order.address is not None, ready=ready)
    typer.echo(t("cli.opening.stopped", language))


def prepare() -> None:
    """Load the machine code of the model, so that the first visitor does not wait."""
    from ketensim.app.setting import FIRST_CHAIN
    from ketensim.run.engine import simulate

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
