"""The tables of a workshop as an Excel workbook for people: headings, decisions and steps in words, and what was played."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from typing import Any, Final

from ketensim.foundation.compiled import fingerprint
from ketensim.foundation.rows import HOURS
from ketensim.run.ledger import LEDGER
from ketensim.texts import t
from ketensim.views.drawing.spreadsheet import Sheet, workbook
from ketensim.views.report.run_tables import facts_about, heading
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import scenario_from_text
from ketensim.workshop.game.room import Room

OF_100: Final = {f"of_100_{name}": "goal_realisation" if name == "realised" else f"loss_{name}" for name in LEDGER}
IN_A_ROUND: Final = ("interventions", "incidents")


def room_workbook(room: Room, tables: Mapping[str, Sheet], language: str) -> bytes:
    """The tables by name, each on a sheet.

    Parameters
    ----------
    room : what was played
    tables : decisions, outcomes and agreements, with headings for machines
    language : of headings, decisions and steps
    """
    facts = {
        "chain": room.plan.title.in_language(language),
        "size": t("sheet.room", language, code=room.code, rounds=room.ran),
        "seed": str(room.plan.seed),
    }
    about = facts_about(facts, {"ketensim": metadata.version("ketensim"), "model_sha256": fingerprint()}, language)
    words = scenario_from_text(room.scenario).words(language)
    sheets = {t(f"sheet.name.{name}", language): _in_words(table, language, words) for name, table in tables.items()}
    content, _ = workbook(about, sheets, t("sheet.name.about", language))
    return content


def _in_words(table: Sheet, language: str, words: Mapping[str, str]) -> Sheet:
    rows = [[_cell(name, cell, language) for name, cell in zip(table.headings, row, strict=True)] for row in table.rows]
    return Sheet([_heading(name, language, words) for name in table.headings], rows)


def _heading(name: str, language: str, words: Mapping[str, str]) -> str:
    if name in DECISIONS:
        return t(f"workshop.decision.{name}.label", language)
    outcome = OF_100.get(name, name)
    unit = "of_100" if name in OF_100 else "of_hours" if name in HOURS else "in_round" if name in IN_A_ROUND else ""
    if not unit:
        return heading(name, language, words)
    label = t(f"outcome.{outcome}.label", language, **words)
    return t("sheet.with_unit", language, label=label, unit=t(f"sheet.{unit}", language, **words))


def _cell(name: str, value: Any, language: str) -> Any:
    """A step as people call it; whatever else as it is."""
    if name == "by":
        return t(f"sheet.by.{value}", language)
    known = name in DECISIONS and value in DECISIONS[name].steps
    return t(f"workshop.decision.{name}.step.{value}.label", language) if known else value
