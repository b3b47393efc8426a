"""How the workshop is served: where, in which language, within which limits, and with which key."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ketensim.foundation.errors import InputError, Problem

KEY_FILE: Final = "facilitator.key"
ROOMS_FILE: Final = "workshops.sqlite"
KEY_BYTES: Final = 24


@dataclass(frozen=True)
class Limits:
    """What one browser, one address and all of them together may ask; far above what a room of 200 people does.

    Attributes
    ----------
    wrong_codes : wrong codes that one address may try before each try there takes some work (``web/tasks.py``)
    wrong_codes_everywhere : wrong codes of all addresses before every try is slowed down
    forgiven_per_minute : wrong codes of one address that are forgotten per minute
    joins, joins_per_minute : seats that may be taken from one address at once, and in the long run, before each takes such work
    work_bits : how much that work is; each bit doubles it
    actions : things that one seat may do at once
    actions_per_second : things that one seat may do in the long run
    streams_per_seat : open event streams of one browser in one room; a newer one closes the oldest
    streams_per_address : open event streams of one address (a room may share one, behind a router)
    streams : open event streams in all
    """

    wrong_codes: int = 12
    wrong_codes_everywhere: int = 120
    forgiven_per_minute: float = 2.0
    joins: int = 220
    joins_per_minute: float = 20.0
    work_bits: int = 16
    actions: int = 60
    actions_per_second: float = 4.0
    streams_per_seat: int = 3
    streams_per_address: int = 400
    streams: int = 1_200


@dataclass(frozen=True)
class Settings:
    """What the pages have to know about the place where they are served.

    Attributes
    ----------
    join_address : what participants type and what the QR code holds, e.g. ``http://192.168.1.20:8765``
    language : of pages before a room is known
    names : names of this server beside its addresses and ``localhost``, e.g. ``workshop.example.nl``
    limits : see ``Limits``
    """

    join_address: str
    language: str = "nl"
    names: tuple[str, ...] = ()
    limits: Limits = Limits()


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
            with os.fdopen(handle, "w", encoding="ascii") as empty:
                empty.write(secrets.token_urlsafe(KEY_BYTES))
        key = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise InputError(
            [Problem("error.out_unwritable", "--folder", {"given": str(folder), "reason": reason})]
        ) from None
    if len(key) < KEY_BYTES:
        raise InputError([Problem("error.workshop_key", "--folder", {"given": str(file)})])
    return key
