"""The debriefing on the projector, and replays that the room asks for: the same luck, other choices."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ketensim.run.estimate import Estimate
from ketensim.texts import t
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.replay import Move, Replay
from ketensim.workshop.talk.debrief import Debrief
from ketensim.workshop.talk.questions import Question
from ketensim.workshop.web import chain, shown_results

if TYPE_CHECKING:
    from ketensim.workshop.web.site import Site

Facts = dict[str, Any]
TOP: Final = {name: len(decision.steps) - 1 for name, decision in DECISIONS.items()}
OTHERS: Final[Mapping[str, Mapping[str, int]]] = {
    # what a room can try out in the debriefing: decision -> step
    "let_go": {"room": TOP["room"], "after_incident": TOP["after_incident"]},
    "firm": {"steering": TOP["steering"], "room": 0, "after_incident": 0},
    "together": {"hours_together": TOP["hours_together"]},
    "one_record": {"information": TOP["information"]},
}
MOST_REPLAYS: Final = 8  # that are kept per room


class Replays:
    """What the rooms of a server have tried out in their debriefings; in memory, quickly made again."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._found: dict[str, list[Facts]] = {}
        self._busy: set[str] = set()

    def of(self, code: str) -> list[Facts]:
        """What a room has tried out, the newest first."""
        return self._found.get(code, [])

    def busy(self, code: str) -> bool:
        """Whether a replay of a room is being computed."""
        return code in self._busy

    def forget(self, code: str) -> None:
        """Nothing stays of a room that is gone."""
        self._found.pop(code, None)

    def begin(self, room: Room, table: int, number: int, organisation: str, other: str) -> None:
        """Compute one replay behind the pages; one at a time per room."""
        if room.code not in self._busy:
            self._busy.add(room.code)
            self._site.start(self._play(room, table, number, organisation, other))

    async def _play(self, room: Room, table: int, number: int, organisation: str, other: str) -> None:
        try:
            self._site.readers.wake(room.code)
            found = await asyncio.to_thread(_replayed, room, table, number, organisation, other)
            asked = {"table": table, "round": number, "organisation": organisation, "other": other}
            kept = [one for one in self.of(room.code) if one["asked"] != asked]
            self._found[room.code] = [{"asked": asked, "difference": found}, *kept][:MOST_REPLAYS]
        finally:
            self._busy.discard(room.code)
            self._site.readers.wake(room.code)


def _replayed(room: Room, table: int, number: int, organisation: str, other: str) -> Estimate:
    return Replay(room).with_steps(table, number, OTHERS[other], organisation or None)


def told(room: Room, replay: Facts, language: str) -> str:
    """A replay in a sentence."""
    asked, difference = replay["asked"], replay["difference"]
    names = chain.names(room, language)
    facts = {
        "table": asked["table"] + 1,
        "round": asked["round"] + 1,
        "who": names.get(asked["organisation"]) or t("room.control.what_if.everybody", language),
        "other": t(f"room.control.what_if.choice.{asked['other']}", language),
        "points": difference.mean,
        "low": difference.low,
        "high": difference.high,
    }
    return t("room.control.what_if.told", language, **facts)


def for_screen(site: Site, room: Room, slide: str, language: str) -> Facts | None:
    """What one page of the debriefing needs; None while it is being computed."""
    if slide == "journey":
        return {"tables": _journey(site, room)}
    found = site.rooms.debrief(room.code)
    if found is None:
        return None
    match slide:
        case "policies":
            return {"ranges": _ranges(room, found, language), "runs": found.runs}
        case "decision":
            return {"moves": _moves(room, found, language)}
        case "what_if":
            return {"what_if": _what_if(site, room, found, language)}
        case "questions":
            return {"questions": [question(room, one, language) for one in found.questions]}
    return None


def question(room: Room, asked: Question, language: str) -> str:
    """A question for the room in words; an organisation by its name."""
    names = chain.names(room, language)
    facts = {
        name: names.get(str(value), value) if name == "organisation" else value for name, value in asked.facts.items()
    }
    return t(f"workshop.question.{asked.key}", language, **facts)


def _journey(site: Site, room: Room) -> list[Facts]:
    last = site.rooms.result(room.code, room.ran - 1)
    if last is None:
        return []
    return [
        {"table": one.table, "goal": shown_results.goal(one), "weeks": shown_results.series(one.goal)}
        for one in last.tables
    ]


def _ranges(room: Room, found: Debrief, language: str) -> list[Facts]:
    rows = [
        {"name": t("room.screen.table_name", language, table=one.table + 1), "table": one.table, **_range(one.goal)}
        for one in found.tables
    ]
    if len(rows) == 1:
        rows[0]["name"] = t("room.screen.this_room", language)
    rules = [
        {"name": t(f"room.screen.policy.{name}", language), "table": None, **_range(one)}
        for name, one in found.policies.items()
    ]
    return rows + sorted(rules, key=lambda row: -(row["mean"] or 0))


def _moves(room: Room, found: Debrief, language: str) -> list[Facts]:
    rows = []
    for table in found.tables:
        for one in table.moves:
            rows.append({"name": _move(room, one.move, language), **_difference(one.effect)})
    return sorted(rows, key=lambda row: -abs(row["mean"] or 0))[:6]


def _move(room: Room, move: Move, language: str) -> str:
    decision = DECISIONS[move.decision]
    key = "move_of_table" if room.plan.tables > 1 else "move"
    return t(
        f"room.screen.{key}",
        language,
        table=move.table + 1,
        round=move.round + 1,
        organisation=chain.names(room, language)[move.organisation],
        decision=t(f"workshop.decision.{move.decision}.label", language),
        step=t(f"workshop.decision.{move.decision}.step.{decision.steps[move.after]}.label", language),
    )


def _what_if(site: Site, room: Room, found: Debrief, language: str) -> list[Facts]:
    key = "let_go_of_table" if room.plan.tables > 1 else "let_go"
    rows = [
        {"name": t(f"room.screen.{key}", language, table=table.table + 1, round=number + 1), **_difference(one)}
        for table in found.tables[:2]
        for number, one in enumerate(table.let_go_from)
    ]
    asked = [
        {"name": _asked(room, one["asked"], language), **_difference(one["difference"])}
        for one in site.replays.of(room.code)[:3]
    ]
    return [*asked, *rows]


def _asked(room: Room, asked: Facts, language: str) -> str:
    names = chain.names(room, language)
    who = names.get(asked["organisation"]) or t("room.screen.table_name", language, table=asked["table"] + 1)
    other = t(f"room.control.what_if.choice.{asked['other']}", language)
    return t("room.screen.asked", language, who=who, other=other, round=asked["round"] + 1)


def _range(found: Estimate) -> Facts:
    return {name: shown_results.per_cent(getattr(found, name)) for name in ("mean", "low", "high")}


def _difference(found: Estimate) -> Facts:
    ends = {name: shown_results.points(getattr(found, name)) for name in ("mean", "low", "high")}
    return ends | {"verdict": found.verdict()}
