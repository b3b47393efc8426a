"""The command that opens the browser app: prepare the model, serve, and say where the app is once it answers."""

from __future__ import annotations

import contextlib
import threading
import webbrowser
from dataclasses import dataclass
from typing import Final

import typer

from ketensim.cli.typed import port_of
from ketensim.door.addresses import frames_of, listen, names_of
from ketensim.texts import LANGUAGES, t

ALONE: Final = ("127.0.0.1", "localhost", "::1")  # hosts that nobody else can reach
ANY: Final = ("0.0.0.0", "::")  # hosts that are no address to open
PREPARED: Final = 2  # runs that load the machine code of the model


@dataclass(frozen=True)
class AppRequest:
    """What ``ketensim app`` was asked for, as typed."""

    port: str
    host: str
    address: str | None
    browser: bool
    embed_from: tuple[str, ...] = ()


def serve_app(request: AppRequest, language: str) -> None:
    """Serve the app until somebody interrupts it.

    Raises
    ------
    InputError : the port is no port or in use, the host is none of this machine, an address is none; nothing was started
    """
    port = port_of(request.port)
    names, framed_by = names_of(request.host, request.address), frames_of(request.embed_from)
    listening = listen(request.host, port)
    typer.echo(t("cli.opening.preparing", language))
    prepare()
    from ketensim.app.server import application
    from ketensim.door.serving import run_server

    def ready() -> None:
        url = request.address or link_to(request.host, port, language)
        typer.echo(t("cli.opening.ready", language, url=url))
        if request.host not in ALONE:
            typer.echo(t("cli.opening.open_to_all", language))
        if request.browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    with contextlib.suppress(KeyboardInterrupt):
        run_server(application(names, framed_by), listening, behind_proxy=request.address is not None, ready=ready)
    typer.echo(t("cli.opening.stopped", language))


def prepare() -> None:
    """Load the machine code of the model, so that the first visitor does not wait."""
    from ketensim.app.setting import FIRST_CHAIN
    from ketensim.run.engine import simulate

    simulate(FIRST_CHAIN, runs=PREPARED)


def link_to(host: str, port: int, language: str) -> str:
    """What to type in a browser on this machine.

    Examples
    --------
    >>> link_to("0.0.0.0", 8765, "nl"), link_to("::1", 80, "en")
    ('http://localhost:8765/', 'http://[::1]:80/?lang=en')
    """
    name = "localhost" if host in ANY else f"[{host}]" if ":" in host else host
    query = "" if language == LANGUAGES[0] else f"?lang={language}"
    return f"http://{name}:{port}/{query}"
