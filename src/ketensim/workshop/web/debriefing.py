"""The debriefing as the projector shows it."""

from __future__ import annotations

from typing import Any

from ketensim.workshop.room import Room
from ketensim.workshop.web.site import Site

Facts = dict[str, Any]


def for_screen(site: Site, room: Room, slide: str, language: str) -> Facts | None:
    """What one page of the debriefing needs; None while it is being computed."""
    return None
