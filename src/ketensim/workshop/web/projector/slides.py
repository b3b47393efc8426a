"""What the projector shows in a phase: the facilitator turns the pages, the projector follows."""

from __future__ import annotations

from typing import Final

from ketensim.workshop.game.room import Phase, Room
from ketensim.workshop.web.site import Site

REVEAL: Final = ("prediction", "choices", "energy", "sight", "tables")
DEBRIEF: Final = ("journey", "policies", "decision", "what_if", "questions")
ONLY_WITH_TABLES: Final = ("tables",)


def possible(site: Site, room: Room) -> list[str]:
    """The pages that there are in this phase, in the order in which they are best shown."""
    if room.phase is Phase.REVEAL:
        return [name for name in REVEAL if room.plan.tables > 1 or name not in ONLY_WITH_TABLES]
    if room.phase in (Phase.DEBRIEF, Phase.CLOSED):
        return list(DEBRIEF)
    return [room.phase.value]


def shown(site: Site, room: Room) -> str:
    """The page that is shown; the first one when nothing was turned, or when the phase has changed."""
    pages = possible(site, room)
    wished = site.slides.get(room.code, "")
    return wished if wished in pages else pages[0]
