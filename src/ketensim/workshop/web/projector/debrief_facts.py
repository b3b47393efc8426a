"""The debriefing on the projector: a picture at a time."""

from __future__ import annotations

from ketensim.run.estimate import Estimate
from ketensim.texts import t, word
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.room import Room
from ketensim.workshop.paper.page_parts import question_sentence
from ketensim.workshop.runs.replay import Move
from ketensim.workshop.talk.debrief import Debrief
from ketensim.workshop.web.result_facts import ENDS, per_cent, table_goal, weeks_facts
from ketensim.workshop.web.room_facts import organisation_names
from ketensim.workshop.web.site import Site
from ketensim.workshop.web.stream import Facts
from ketensim.workshop.web.what_if import WhatIf

MOST_MOVES_SHOWN = 6
MOST_TABLES_SHOWN = 2  # of letting go from each round on
MOST_WHAT_IFS_SHOWN = 3


def debrief_facts(site: Site, room: Room, slide: str, language: str) -> Facts | None:
    """What one picture of the debriefing needs; None while it is being computed."""
    if slide == "journey":
        last = site.rooms.result(room.code, room.ran - 1)
        tables = [] if last is None else last.tables
        return {"tables": [table_goal(table) | {"weeks": weeks_facts(table)} for table in tables]}
    debrief = site.rooms.debrief(room.code)
    if debrief is None:
        return None
    match slide:
        case "policies":
            return {"ranges": _ranges(debrief, language), "runs": debrief.runs}
        case "decision":
            return {"moves": _moves(room, debrief, language)}
        case "what_if":
            return {"what_if": _what_if(site, room, debrief, language)}
        case "questions":
            names = organisation_names(room, language)
            return {"questions": [question_sentence(question, names, language) for question in debrief.questions]}
    return None


def _ranges(debrief: Debrief, language: str) -> list[Facts]:
    alone = len(debrief.tables) == 1
    key = "room.screen.this_room" if alone else "room.screen.table_name"
    tables = [
        {"name": t(key, language, table=table.table + 1), "table": table.table, **_range(table.goal)}
        for table in debrief.tables
    ]
    policies = [
        {"name": t(f"room.screen.policy.{name}", language), "table": None, **_range(goal)}
        for name, goal in debrief.policies.items()
    ]
    return tables + sorted(policies, key=lambda row: -(row["mean"] or 0))


def _moves(room: Room, debrief: Debrief, language: str) -> list[Facts]:
    rows = [
        {"name": _move(room, weighed.move, language), **_difference(weighed.effect)}
        for table in debrief.tables
        for weighed in table.moves
    ]
    return sorted(rows, key=lambda row: -abs(row["mean"] or 0))[:MOST_MOVES_SHOWN]


def _move(room: Room, move: Move, language: str) -> str:
    step = DECISIONS[move.decision].steps[move.after]
    return t(
        "room.screen.move_of_table" if room.plan.tables > 1 else "room.screen.move",
        language,
        table=move.table + 1,
        round=move.round + 1,
        organisation=organisation_names(room, language)[move.organisation],
        decision=word(f"workshop.decision.{move.decision}", language),
        step=word(f"workshop.decision.{move.decision}.step.{step}", language),
    )


def _what_if(site: Site, room: Room, debrief: Debrief, language: str) -> list[Facts]:
    key = "room.screen.let_go_of_table" if room.plan.tables > 1 else "room.screen.let_go"
    asked = [
        {"name": _asked(room, what_if, language), **_difference(difference)}
        for what_if, difference in site.what_ifs.of(room.code)[:MOST_WHAT_IFS_SHOWN]
    ]
    return asked + [
        {"name": t(key, language, table=table.table + 1, round=number + 1), **_difference(difference)}
        for table in debrief.tables[:MOST_TABLES_SHOWN]
        for number, difference in enumerate(table.let_go_from)
    ]


def _asked(room: Room, asked: WhatIf, language: str) -> str:
    names = organisation_names(room, language)
    who = names.get(asked.organisation) or t("room.screen.table_name", language, table=asked.table + 1)
    other = t(f"room.control.what_if.choice.{asked.other}", language)
    return t("room.screen.asked", language, who=who, other=other, round=asked.round + 1)


def _range(level: Estimate) -> Facts:
    return {name: per_cent(getattr(level, name)) for name in ENDS}


def _difference(difference: Estimate) -> Facts:
    return {name: per_cent(getattr(difference, name), 2) for name in ENDS} | {"verdict": difference.verdict()}
