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
from ketensim.workshop.game.plans import LONGEST_SEEN, READY, longest_norm_of, ready_plan
from ketensim.workshop.web.stream import Facts

STORED: Final = ("ready", "shown.csv")
AFTER: Final = "2"  # rounds after which a room has to see something
FOR_ROOMS: Final = READY[1:]  # the first is for a rehearsal
WORTH_POINTS: Final = 5.0  # a difference that a room sees: points of goal realisation, or
WORTH_WAITING: Final = 10.0  # ... per cent of the cases that wait
COUNCIL_TERM: Final = 4  # rounds that a chain asks for in which much of what a year does shows in the next


@cache
def chains_shown(language: str) -> tuple[Facts, ...]:
    """Per shipped chain its title, what it shows by the end of the second year, and a warning when it answers late."""
    stored = _stored()
    return tuple(_shown(name, [row for row in stored if row["chain"] == name], language) for name in files.names())


def _stored() -> list[dict[str, str]]:
    file = resources.files("ketensim.workshop.game").joinpath(*STORED)
    return list(csv.DictReader(file.read_text("utf-8").splitlines())) if file.is_file() else []


def _shown(name: str, rows: list[dict[str, str]], language: str) -> Facts:
    """What is said of a chain, from its rows in the order of the years."""
    chain = files.load(name)
    norm = longest_norm_of(chain)
    late = norm > LONGEST_SEEN
    row = next((row for row in rows if row["round"] == AFTER), None)
    if row is None:
        shows = t("room.plan.chain_unmeasured", language, norm=norm)
    else:
        points, waiting = abs(float(row["goal_apart"])), abs(float(row["waiting_apart"]))
        seen = points >= WORTH_POINTS, waiting >= WORTH_WAITING
        key = {(True, True): "both", (True, False): "points", (False, True): "waiting", (False, False): "little"}[seen]
        shows = t(f"room.plan.chain_shows.{key}", language, norm=norm, points=points, waiting=waiting)
        shows += f" {_how_long(rows, language, late)} {_which_way(rows[-1], language)}"
    warning = t("room.plan.chain_late", language, norm=norm) if late else ""
    return {"name": name, "title": chain.title.in_language(language), "shows": shows, "warning": warning, "late": late}


def _how_long(rows: list[dict[str, str]], language: str, late: bool) -> str:
    """From which year on a room sees it in the good cases, and which of the workshops that stand ready has so many years."""
    seen = [abs(float(row["goal_apart"])) >= WORTH_POINTS for row in rows]
    year = next((place + 1 for place in range(len(seen)) if all(seen[place:])), None)
    least = max(year or 0, COUNCIL_TERM if late else 0)
    plan = next((plan for plan in map(ready_plan, FOR_ROOMS) if year and len(plan.rounds) >= least), None)
    if plan is None:
        return t("room.plan.chain_years.never", language, years=len(rows))
    return t("room.plan.chain_years.from", language, year=year, minutes=round(plan.minutes))


def _which_way(row: dict[str, str], language: str) -> str:
    """What came out better at the end of the last year that was measured."""
    low, high = float(row["goal_apart_low"]), float(row["goal_apart_high"])
    way = "letting_go" if low > 0 else "firm" if high < 0 else "neither"
    return t(f"room.plan.chain_way.{way}", language, years=int(row["round"]))
