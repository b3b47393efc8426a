"""The form in which a facilitator sets a workshop (``templates/plan_form.html``), and the plan that comes out of it.

A field is called as in the plan; what belongs to a round has the round's number behind it (``minutes_decide_0``). Ranges
are those of the plan, which also judges what was filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.events import EVENT_OF
from ketensim.scenario import files
from ketensim.scenario.numbers import OneOf, Part, Within
from ketensim.scenario.problems import read_model
from ketensim.texts import languages, t
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import (
    FEWEST_ROUNDS,
    HALF_YEAR,
    MOST_ROUNDS,
    READY,
    USUAL,
    YEAR,
    WorkshopPlan,
    ready_plan,
)
from ketensim.workshop.web.facilitator.chains_shown import chains_shown
from ketensim.workshop.web.input import field_value
from ketensim.workshop.web.stream import Facts

KEEP: Final = "keep"  # what happens in a round stays as the plan has it
NOTHING: Final = "none"
PART_OF_ROUND: Final = {
    "incident": 0.5,
    "arrival_wave": 0.35,
    "capacity_loss": 0.35,
    "financial_cut": 0.04,
    "law": 0.45,
}  # part of the round that has passed: an incident makes its middle tense; our assumption
MINUTES: Final = ("predict", "decide", "run", "moment", "reveal")
FIELDS: Final = (
    *("chain", "language", "tables", "team_size", "rounds", "weeks", "minutes_lobby", "minutes_debrief", "days"),
    *(f"minutes_{name}" for name in MINUTES),
)
PLACE_IN_ROUND: Final = re.compile(r"rounds\[(\d+)\]\.(\w+)$")
Form = Mapping[str, list[str]]


class Opening(Part):
    """What is set beside the plan when a room is opened."""

    rounds: Annotated[int, Within(FEWEST_ROUNDS, MOST_ROUNDS, "number", whole=True)]
    """how many are played"""
    days: Annotated[int, Within(1, 90, "days", whole=True)] = 30
    """until the room is deleted"""
    language: Annotated[str, OneOf(languages())]
    """of the facilitator's screens"""


@cache
def standing_ready(name: str) -> WorkshopPlan:
    """A workshop that stands ready, the middle one when there is none of that name; read once."""
    return ready_plan(name if name in READY else USUAL)


@cache
def chain_titles(language: str) -> tuple[tuple[str, str], ...]:
    """Names and titles of the chains, with a warning where one is too slow for a year; read once, with what they show."""
    mark, shown = t("room.plan.chain_late_short", language), chains_shown(language)
    return tuple((chain["name"], f"{chain['title']} {mark}" if chain["late"] else chain["title"]) for chain in shown)


def form_facts(plan: WorkshopPlan, language: str) -> Facts:
    """What the template of the form needs to fill it in as a plan has it."""
    return {
        "plan": plan,
        "chains": chain_titles(language),
        "tongues": [(name, t(f"language.{name}", language)) for name in languages()],
        "days": Opening.model_fields["days"].default,
        "lengths": [(str(weeks), t(f"room.plan.weeks_of.{weeks}", language)) for weeks in (YEAR, HALF_YEAR)],
        "shown": chains_shown(language),
        "decisions": tuple(DECISIONS),
        "minutes": MINUTES,
        "rounds": [_round_facts(plan, number, language) for number in range(MOST_ROUNDS)],
        "limits": {
            **{name: _limits(WorkshopPlan, name) for name in ("tables", "team_size")},
            **{name: _limits(Opening, name) for name in ("rounds", "days")},
            "minutes": _limits(WorkshopPlan, "minutes_lobby"),
        },
    }


def plan_of(form: Form) -> WorkshopPlan:
    """The plan that a form describes.

    Raises
    ------
    InputError
        everything that is wrong with it
    """
    base, chain = standing_ready(field_value(form, "plan")), field_value(form, "chain")
    if chain not in files.names():  # a form may not name a file of this machine
        facts = {"given": chain[:60], "allowed": tuple(files.names())}
        raise InputError([Problem("error.unknown_scenario", "chain", facts)])
    return base.with_changes(
        chain=chain,
        tables=_number(form, "tables"),
        team_size=_number(form, "team_size"),
        mirrors=bool(field_value(form, "mirrors")),
        agreements=bool(field_value(form, "agreements")),
        weeks=_number(form, "weeks"),
        minutes_lobby=_number(form, "minutes_lobby"),
        minutes_debrief=_number(form, "minutes_debrief"),
        rounds=[_round_of(form, base, number, chain) for number in range(opening_of(form).rounds)],
    )


def opening_of(form: Form) -> Opening:
    """What a form says beside the plan; raises InputError."""
    numbers = {name: _number(form, name) for name in ("rounds", "days")}
    return read_model(Opening, {**numbers, "language": field_value(form, "language")})


def form_problem(error: InputError, language: str) -> str:
    """What is wrong with a form, in sentences that begin with the label of the field."""
    said = []
    for problem in error.problems:
        label, sentence = _label(problem.path, language), t(problem.key, language, **problem.facts)
        said.append(f"{label}: {sentence}" if label else sentence)
    return " ".join(said)


def _label(path: str, language: str) -> str:
    place = PLACE_IN_ROUND.match(path)
    field = place[2] if place else path
    if field not in FIELDS:
        return ""
    label = t(f"room.plan.{field}", language)
    return f"{t('room.plan.round', language, number=int(place[1]) + 1)}, {label}" if place else label


def _limits(kind: type[Part], name: str) -> Facts:
    within = next(part for part in kind.model_fields[name].metadata if isinstance(part, Within))
    return {"lower": within.lower, "upper": within.upper, "step": "1" if within.whole else "0.25"}


def _round_facts(plan: WorkshopPlan, number: int, language: str) -> Facts:
    """A round as the form shows it: as the plan has it, or as its last round for those that it does not have."""
    planned = number < len(plan.rounds)
    part = plan.rounds[number] if planned else plan.rounds[-1]
    kept = [event.label.in_language(language) for event in part.events] if planned else []
    events = [(KEEP, t("room.plan.event_keep", language, events=kept))] if kept else []
    events.append((NOTHING, t("room.plan.event_none", language)))
    events += [(kind, _event_in_words(kind, language)) for kind in PART_OF_ROUND]
    return {"number": number, "planned": planned, "part": part, "events": events}


def _event_in_words(kind: str, language: str) -> str:
    return t(f"room.plan.event.{kind}", language, weeks=EVENT_OF[kind].weeks)


def _round_of(form: Form, base: WorkshopPlan, number: int, chain: str) -> dict[str, Any]:
    kind = field_value(form, f"event_{number}")
    events: list[Any] = []
    if kind == KEEP and number < len(base.rounds):
        kept = base.as_dict()["rounds"][number]["events"]
        events = [event for event in kept if chain == base.chain or not (event["organisation"] or event["case_type"])]
        if field_value(form, "weeks") == str(HALF_YEAR) and base.weeks == YEAR:  # at the same place in a shorter round
            events = [event | {"week": event["week"] // 2} for event in events]
    elif kind in PART_OF_ROUND:
        label = {name: _event_in_words(kind, name) for name in languages()}
        row = EVENT_OF[kind]
        weeks = HALF_YEAR if field_value(form, "weeks") == str(HALF_YEAR) else YEAR
        week = int(PART_OF_ROUND[kind] * weeks)
        events = [{"type": kind, "week": week, "weeks": row.weeks, "size": row.size, "label": label}]
    open_now = [name for name in form.get(f"open_{number}", []) if name in DECISIONS]
    if not open_now:
        raise InputError([Problem("room.problem.nothing_open", "", {"number": number + 1})])
    minutes = {f"minutes_{name}": _number(form, f"minutes_{name}_{number}") for name in MINUTES}
    return {"open": open_now, "events": events, **minutes}


def _number(form: Form, name: str) -> float | str:
    """A number that was filled in, whole where it can be; else the text, which the plan will refuse."""
    text = field_value(form, name).strip().replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
