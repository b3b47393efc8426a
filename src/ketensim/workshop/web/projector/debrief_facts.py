"""The debriefing on the projector: a picture at a time."""

from __future__ import annotations

from ketensim.run.estimate import Estimate
from ketensim.texts import t, word
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.room import Room
from ketensim.workshop.paper.page_parts import question_sentence
from ketensim.workshop.runs.replay import Move, Scores
from ketensim.workshop.talk.debrief import Debrief
from ketensim.workshop.talk.questions import name_of_table
from ketensim.workshop.web.result_facts import ENDS, per_cent, table_scores, weeks_facts, whole
from ketensim.workshop.web.room_facts import chain_words, happened, organisation_names
from ketensim.workshop.web.site import Site
from ketensim.workshop.web.stream import Facts
from ketensim.workshop.web.what_if import WhatIf

MOST_MOVES_SHOWN = 6
MOST_TABLES_SHOWN = 2  # of letting go from each round on
MOST_WHAT_IFS_SHOWN = 3


def debrief_facts(site: Site, room: Room, slide: str, language: str) -> Facts | None:
    """What one picture of the debriefing needs; None while it is being computed."""
    if slide == "journey":
        return _journey(site, room, language)
    debrief = site.rooms.debrief(room.code)
    if debrief is None:
        return None
    match slide:
        case "decision":
            return {"rows": _moves(room, debrief, language)}
        case "kinds":
            return {"rows": _kinds(room, debrief, language)}
        case "styles":
            return {"rows": _styles(room, debrief, language), "scores": _scores(debrief)}
        case "what_if":
            return {"rows": _what_if(site, room, debrief, language)}
        case "questions":
            names, words = organisation_names(room, language), chain_words(room, language)
            told = [question_sentence(question, names, language, words) for question in debrief.questions]
            return {"questions": told}
    return None


def _journey(site: Site, room: Room, language: str) -> Facts:
    """Goal realisation over all weeks so far, with what happened on the way, and what was agreed and broken."""
    last = site.rooms.result(room.code, room.ran - 1)
    tables = [] if last is None else last.tables
    events = [
        event | {"week": room.plan.weeks * number + event["week"]}
        for number in range(room.ran)
        for event in happened(room, number, language)
    ]
    return {"tables": [table_scores(table) | {"weeks": weeks_facts(table)} for table in tables], "events": events}


def _scores(debrief: Debrief) -> list[Facts]:
    return [
        {"table": table.table, "goal": per_cent(table.scores.goal.mean), "cost": whole(table.scores.cost.mean)}
        for table in debrief.tables
    ]


def _moves(room: Room, debrief: Debrief, language: str) -> list[Facts]:
    rows = [
        {"name": _move(room, weighed.move, language), **_both(weighed.effect)}
        for table in debrief.tables
        for weighed in table.moves
    ]
    return sorted(rows, key=lambda row: -abs(row["goal"]["mean"] or 0))[:MOST_MOVES_SHOWN]


def _kinds(room: Room, debrief: Debrief, language: str) -> list[Facts]:
    """What was laid down, how people treated each other, and what they agreed on: hard against informal."""
    rows = []
    for table in debrief.tables[:MOST_TABLES_SHOWN]:
        kinds = dict(table.kinds) | ({} if table.agreed is None else {"agreed": table.agreed})
        rows += [
            {"name": _at_table(room, table.table, t(f"room.screen.kinds.{kind}", language), language), **_both(scores)}
            for kind, scores in kinds.items()
        ]
    return rows


def _styles(room: Room, debrief: Debrief, language: str) -> list[Facts]:
    """The same people in another style throughout, minus what was played."""
    return [
        {
            "name": _at_table(room, table.table, t(f"room.screen.policy.{name}", language), language),
            **_both(_turned(scores)),
        }
        for table in debrief.tables[:MOST_TABLES_SHOWN]
        for name, scores in table.against_styles.items()
    ]


def _turned(scores: Scores) -> Scores:
    """The same difference the other way round."""
    return Scores(*(Estimate(-one.mean, -one.high, -one.low, one.n) for one in (scores.goal, scores.cost)))


def _at_table(room: Room, table: int, words: str, language: str) -> str:
    if room.plan.tables == 1:
        return words
    return t("room.screen.of_table", language, table=name_of_table(room, table), what=words)


def _move(room: Room, move: Move, language: str) -> str:
    step = DECISIONS[move.decision].steps[move.after]
    return t(
        "room.screen.move_of_table" if room.plan.tables > 1 else "room.screen.move",
        language,
        table=name_of_table(room, move.table),
        round=move.round + 1,
        organisation=organisation_names(room, language)[move.organisation],
        decision=word(f"workshop.decision.{move.decision}", language),
        step=word(f"workshop.decision.{move.decision}.step.{step}", language),
    )


def _what_if(site: Site, room: Room, debrief: Debrief, language: str) -> list[Facts]:
    """What the room asked, and letting go from each round on; the same question stands there once."""
    asked = site.what_ifs.of(room.code)[:MOST_WHAT_IFS_SHOWN]
    known = {
        (what_if.table, what_if.round) for what_if, _ in asked if what_if.other == "let_go" and not what_if.organisation
    }
    rows = [{"name": _asked(room, what_if, language), **_both(scores)} for what_if, scores in asked]
    return rows + [
        {"name": _asked(room, WhatIf(table.table, number, "", "let_go"), language), **_both(scores)}
        for table in debrief.tables[:MOST_TABLES_SHOWN]
        for number, scores in enumerate(table.let_go_from)
        if (table.table, number) not in known
    ]


def _asked(room: Room, asked: WhatIf, language: str) -> str:
    names = organisation_names(room, language)
    everybody = t("room.screen.table_name", language, table=name_of_table(room, asked.table))
    who = names.get(asked.organisation) or everybody
    other = t(f"room.control.what_if.choice.{asked.other}", language)
    return t("room.screen.asked", language, who=who, other=other, round=asked.round + 1)


def _both(scores: Scores) -> Facts:
    """Differences in percentage points and in euros per case, each with its interval and verdict."""
    goal = {name: per_cent(getattr(scores.goal, name), 2) for name in ENDS}
    cost = {name: whole(getattr(scores.cost, name)) for name in ENDS}
    return {"goal": goal | {"verdict": scores.goal.verdict()}, "cost": cost | {"verdict": scores.cost.verdict()}}
