"""``ketensim workshop``: serve the workshop from this machine to the phones in the room."""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import typer

from ketensim.cli.commands import EVERY_ADDRESS, THIS_MACHINE
from ketensim.cli.typed import port_of
from ketensim.door.addresses import address_of_this_machine, listen, names_of
from ketensim.foundation.errors import InputError, Problem
from ketensim.texts import t

if TYPE_CHECKING:
    from ketensim.workshop.game.plans import WorkshopPlan

INDENT: Final = "  "


@dataclass(frozen=True)
class WorkshopRequest:
    """What ``ketensim workshop`` was asked for, as typed."""

    port: str
    host: str
    folder: Path
    plan: str | None
    address: str | None


def serve_workshop(request: WorkshopRequest, language: str) -> None:
    """Open the rooms, say where they are, and serve until Ctrl+C."""
    from ketensim.door.serving import run_server
    from ketensim.workshop.keep.rooms import Rooms
    from ketensim.workshop.web import Settings, application
    from ketensim.workshop.web.settings import ROOMS_FILE, key_in

    port = port_of(request.port)
    plan = None if request.plan is None else _plan(request.plan)
    names, address = names_of(request.host, request.address), _join_address(request, port)
    key = key_in(request.folder)
    listening = listen(request.host, port)
    rooms = Rooms(request.folder / ROOMS_FILE)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    settings = Settings(join_address=address, language=language, names=names)
    code = None if plan is None else rooms.create(plan, language, at=time.time()).code
    _show_addresses(request, language, key, code, address, port)
    threading.Thread(target=_warm, daemon=True).start()
    pages = application(rooms, settings, key)
    close_streams = pages.state.site.readers.close_all  # they would stay open; the pages find the next server again
    try:
        run_server(pages, listening, behind_proxy=request.address is not None, stopping=close_streams)
    except KeyboardInterrupt:  # the ordinary way to stop a server
        pass
    finally:
        rooms.close()
    typer.echo(t("room.server.stopped", language))


def _show_addresses(
    request: WorkshopRequest, language: str, key: str, code: str | None, address: str, port: int
) -> None:
    local = f"http://{THIS_MACHINE if request.host == EVERY_ADDRESS else request.host}:{port}"
    base = address if request.address else local
    door = "/key" if code is None else f"/room/{code}"
    typer.echo(t("room.server.starting", language, folder=str(request.folder)))
    if code is not None:
        typer.echo(t("room.server.made", language, code=code))
    typer.echo(f"{t('room.server.facilitator', language)}\n{INDENT}{base}{door}#{key}")
    typer.echo(f"{t('room.server.join', language)}\n{INDENT}{address}/m{'' if code is None else f'/{code}'}")
    if not request.address and request.host == EVERY_ADDRESS and _is_local(urlsplit(address).hostname or ""):
        typer.echo(t("room.server.no_network", language))


def _plan(name: str) -> WorkshopPlan:
    """A workshop that stands ready, or one from a file."""
    from ketensim.workshop.game.plans import READY, read_plan, ready_plan

    file = Path(name)
    if name in READY or not file.is_file():
        return ready_plan(name)
    try:
        return read_plan(file.read_text("utf-8"), name)
    except OSError as error:
        facts = {"given": name, "reason": type(error).__name__}
        raise InputError([Problem("error.file_unreadable", "--plan", facts)]) from None
    except UnicodeDecodeError as error:
        raise InputError([Problem("error.file_not_text", "--plan", {"position": error.start})], name) from None


def _join_address(request: WorkshopRequest, port: int) -> str:
    """The address that phones use."""
    if request.address is not None:
        return request.address.rstrip("/")
    name = address_of_this_machine() if request.host in (EVERY_ADDRESS, "::") else request.host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def _is_local(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _warm() -> None:
    """Translate the model while people come in, so that the first half-year does not have to wait for it."""
    from ketensim.run.model import warm

    warm()
