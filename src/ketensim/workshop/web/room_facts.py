"""What pages of a room show, whoever looks at them; the chain; the projector's pictures; and who sees a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from ketensim.texts import t
from ketensim.views.report.document import first_sentence
from ketensim.workshop.game import rounds
from ketensim.workshop.game.agreements import relations_in
from ketensim.workshop.game.choices import team_choice
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import open_in, scenario_from_text
from ketensim.workshop.game.room import Choice, Phase, Room, Team
from ketensim.workshop.keep.rooms import Rooms
from ketensim.workshop.web.stream import CONTROL, SCREEN, Facts

SURPRISES: Final = ("incident",)  # kinds of events that nobody hears of beforehand
WEEKS_NEAR: Final = 4  # around the middle of a round: an event that its moment is about
TENSE: Final = ("figures", "press", "council")  # what it is about when nothing happens, in turn
AFTER_RUN: Final = (Phase.REVEAL, Phase.DEBRIEF, Phase.CLOSED)
WITH_RESULTS: Final = (Phase.RUN, Phase.MOMENT, Phase.SECOND, *AFTER_RUN)
REVEAL_SLIDES: Final = ("story", "scores", "lost", "agreements", "prediction", "choices", "energy", "sight")
DEBRIEF_SLIDES: Final = ("journey", "decision", "kinds", "styles", "what_if", "questions")
SEEN_BY_ALL: Final = (
    *("phase", "round", "deadline", "paused", "message", "language", "agreements", "table_names", "calm"),
)


def shared_facts(rooms: Rooms, room: Room, language: str) -> Facts:
    """What everybody in a room may know."""
    return {
        "phase": room.phase.value,
        "round": room.round,
        "rounds": len(room.plan.rounds),
        "deadline": room.deadline,
        "paused": room.paused is not None,
        "left": None if room.paused is None else rounds.seconds_left(room, room.paused),
        "message": room.message,
        "title": room.plan.title.in_language(language),
        "chain": chain_title(room, language),
        "computed": room.phase in WITH_RESULTS and not rooms.lacks(room.code),
        "known": events_ahead(room, language, surprise=False),
        "tense": what_is_tense(room, language),
        "calm": room.calm,
        "table_names": {str(table): name for table, name in room.table_names.items()},
    }


def what_is_tense(room: Room, language: str) -> str:
    """What the middle of the round is about: what happens around that time, else that somebody wants to see figures."""
    if room.phase is not Phase.MOMENT:
        return ""
    half = room.plan.stretches[0]
    near = [event for event in room.plan.rounds[room.round].events if abs((event.week or 0) - half) <= WEEKS_NEAR]
    if near:
        return "; ".join(event.label.in_language(language) for event in near)
    return t(f"room.shared.tense.{TENSE[room.round % len(TENSE)]}", language)


def events_ahead(room: Room, language: str, *, surprise: bool) -> list[str]:
    """What is still to happen in this round: what everybody may hear beforehand, or what comes unexpectedly."""
    if room.phase not in (Phase.PREDICT, Phase.DECIDE):
        return []
    events = room.plan.rounds[room.round].events
    return [event.label.in_language(language) for event in events if (event.type in SURPRISES) is surprise]


def happened(room: Room, number: int, language: str) -> list[Facts]:
    """What happened in a round, with its week in it."""
    return [
        {"week": event.week, "label": event.label.in_language(language), "type": event.type}
        for event in room.plan.rounds[number].events
    ]


def choice_facts(choice: Choice) -> Facts:
    """A choice as the pages use it."""
    return {"steps": dict(choice.steps), "by": choice.by.value, "final": choice.final, "changed": dict(choice.changed)}


def team_facts(room: Room, team: Team) -> Facts:
    """A team with its choice in this round: it stands for its organisation, nobody is named."""
    return {"table": team.table, "organisation": team.organisation, **choice_facts(team_choice(room, team))}


def open_decisions(room: Room) -> list[Facts]:
    """The decisions that are open in this round, with the names of their steps."""
    return decision_facts(open_in(room.plan, room.round))


def decision_facts(names: Iterable[str]) -> list[Facts]:
    """Decisions with the names of their steps."""
    return [{"name": name, "steps": list(DECISIONS[name].steps)} for name in names]


# --- the chain -----------------------------------------------------------------------------------------------------
def chain_title(room: Room, language: str) -> str:
    """What the chain is called."""
    return scenario_from_text(room.scenario).title.in_language(language)


def chain_words(room: Room, language: str) -> dict[str, str]:
    """What the chain handles, as facts of a sentence."""
    return scenario_from_text(room.scenario).words(language)


def organisation_names(room: Room, language: str) -> dict[str, str]:
    """What each organisation is called, in the order of the file."""
    return {facts["id"]: facts["name"] for facts in organisation_facts(room.scenario, language)}


@lru_cache(maxsize=64)
def organisation_facts(scenario: str, language: str) -> tuple[Facts, ...]:
    """Each organisation with what a participant has to know of it before the first round."""
    chain = scenario_from_text(scenario)
    labels = {part.id: part.label.in_language(language) for part in chain.organisations}
    principals = {part.id: part.label.in_language(language) for part in chain.principals}
    handovers = [link for link in chain.links if link.share is not None]
    return tuple(
        {
            "id": part.id,
            "name": labels[part.id],
            "answers_to": principals.get(part.principal or "", ""),
            "people": round(part.fte.value),
            "free": part.independence.value >= 1,
            "from": [labels[link.source] for link in handovers if link.target == part.id],
            "to": [labels[link.target] for link in handovers if link.source == part.id],
        }
        for part in chain.organisations
    )


@lru_cache(maxsize=64)
def chain_summary(scenario: str, language: str) -> str:
    """The chain in a sentence."""
    return first_sentence(scenario_from_text(scenario).summary.in_language(language))


# --- the pictures on the projector: the facilitator turns them, the projector follows -----------------------------
def slides(room: Room) -> list[str]:
    """The pictures that there are in this phase, in the order in which they are best shown."""
    if room.phase is Phase.REVEAL:
        agreed = any(relations_in(room, table, room.round) for table in range(room.plan.tables))
        return [name for name in REVEAL_SLIDES if agreed or name != "agreements"]
    if room.phase in (Phase.DEBRIEF, Phase.CLOSED):
        return list(DEBRIEF_SLIDES)
    return [room.phase.value]


def current_slide(room: Room, wish: str) -> str:
    """The picture that is shown; the first one when nothing was turned, or when the phase has changed."""
    there = slides(room)
    return wish if wish in there else there[0]


# --- who sees a change: most of what happens concerns the facilitator, the projector and one team only ------------
def who_sees(before: Room | None, after: Room) -> set[str] | None:
    """The seats whose page can look different after a change; None = everybody's.

    Parameters
    ----------
    before : the room as the pages know it; None when they know nothing yet
    after : the room as it is
    """
    if before is None or any(getattr(before, name) != getattr(after, name) for name in SEEN_BY_ALL):
        return None
    moved = _differing(before.seats, after.seats)
    advising = {seat for _, seat in _differing(before.advice, after.advice)}
    teams = {room.seats[seat].team for room in (before, after) for seat in moved | advising if seat in room.seats}
    teams |= {Team(turn.table, turn.organisation) for turn in _differing(before.choices, after.choices)}
    predicting = {seat for _, seat in _differing(before.predictions, after.predictions)}
    return moved | predicting | {seat.id for seat in after.seats.values() if seat.team in teams} | {CONTROL, SCREEN}


def _differing(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> set[Any]:
    """The keys under which two mappings differ."""
    if before is after:
        return set()
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}
