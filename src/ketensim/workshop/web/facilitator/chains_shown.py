"""What each chain shows in a workshop, as it was measured: for the card of a chain on the start page.

The numbers are those of ``experiments/workshop/styles.py``, stored beside the plans (``game/ready/shown.csv``) and in the
docs; a chain that was not measured says so.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import Final

from ketensim.scenario import files
from ketensim.texts import t
from ketensim.workshop.game.plans import LONGEST_SEEN, longest_norm_of
from ketensim.workshop.web.stream import Facts

STORED: Final = ("ready", "shown.csv")
AFTER: Final = "2"  # rounds after which a room has to see something
WORTH_POINTS: Final = 5.0  # a difference that a room sees: points of goal realisation, or
WORTH_WAITING: Final = 10.0  # ... per cent of the cases that wait


@cache
def chains_shown(language: str) -> tuple[Facts, ...]:
    """Per shipped chain its title, what it shows by the end of the second year, and a warning when it answers late."""
    measured = {row["chain"]: row for row in _stored() if row["round"] == AFTER}
    return tuple(_shown(name, measured.get(name), language) for name in files.names())


def _stored() -> list[dict[str, str]]:
    file = resources.files("ketensim.workshop.game").joinpath(*STORED)
    return list(csv.DictReader(file.read_text("utf-8").splitlines())) if file.is_file() else []


def _shown(name: str, row: dict[str, str] | None, language: str) -> Facts:
    chain = files.load(name)
    norm = longest_norm_of(chain)
    late = norm > LONGEST_SEEN
    if row is None:
        shows = t("room.plan.chain_unmeasured", language, norm=norm)
    else:
        points, waiting = abs(float(row["goal_apart"])), abs(float(row["waiting_apart"]))
        seen = points >= WORTH_POINTS, waiting >= WORTH_WAITING
        key = {(True, True): "both", (True, False): "points", (False, True): "waiting", (False, False): "little"}[seen]
        shows = t(f"room.plan.chain_shows.{key}", language, norm=norm, points=points, waiting=waiting)
    warning = t("room.plan.chain_late", language, norm=norm) if late else ""
    return {"name": name, "title": chain.title.in_language(language), "shows": shows, "warning": warning, "late": late}
