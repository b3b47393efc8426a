"""The form in which a facilitator sets a workshop, and the plan that comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.events import EVENT_OF
from ketensim.scenario import files
from ketensim.texts import languages, t
from ketensim.views.drawing.markup import Markup, element, joined
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import (
    FEWEST_ROUNDS,
    MOST_IN_TEAM,
    MOST_ROUNDS,
    MOST_TABLES,
    READY,
    Plan,
    PlanRound,
    ready,
)
from ketensim.workshop.web.answers import first
from ketensim.workshop.web.shell import words

KEEP: Final = "keep"
NONE: Final = "none"
WEEK_OF_ROUND: Final = {"incident": 6, "arrival_wave": 4, "capacity_loss": 4, "financial_cut": 2, "law": 2}
MINUTES: Final = ("predict", "decide", "run", "reveal")
LEAST_MINUTES, MOST_MINUTES = 0.5, 120.0


@cache
def standing_ready(name: str) -> Plan:
    """A workshop that stands ready, the middle one when there is none of that name; read once."""
    return ready(name if name in READY else READY[1])


@cache
def titles(language: str) -> tuple[tuple[str, str], ...]:
    """Names and titles of the chains; read once."""
    return tuple((name, files.load(name).title.in_language(language)) for name in files.names())


def fields(plan: Plan, language: str, days: int, most_days: int) -> Markup:
    """The fields of the form, filled in as a plan has them."""
    say = words(language)
    chains = [
        element("option", title, value=name, selected=True if name == plan.chain else None)
        for name, title in titles(language)
    ]
    tongues = [
        element("option", t(f"language.{one}", language), value=one, selected=True if one == language else None)
        for one in languages()
    ]
    basis = element(
        "div",
        _labelled(say("plan.chain"), "chain", element("select", *chains, id="chain", name="chain")),
        _labelled(say("plan.language"), "language", element("select", *tongues, id="language", name="language")),
        _number(say("plan.tables"), "tables", plan.tables, 1, MOST_TABLES, say("plan.tables_help")),
        _number(say("plan.team_size"), "team_size", plan.team_size, 1, MOST_IN_TEAM, say("plan.team_size_help")),
        class_="grid",
    )
    return joined(
        basis, element("details", element("summary", say("plan.more")), _more(plan, language, days, most_days))
    )


def _more(plan: Plan, language: str, days: int, most_days: int) -> Markup:
    say = words(language)
    mirrors = element(
        "label",
        element("input", type="checkbox", name="mirrors", value="1", checked=True if plan.mirrors else None),
        " ",
        say("plan.mirrors"),
        class_="tick",
    )
    grid = element(
        "div",
        _number(say("plan.rounds"), "rounds", len(plan.rounds), FEWEST_ROUNDS, MOST_ROUNDS, say("plan.rounds_help")),
        _number(say("plan.lobby"), "lobby", plan.minutes_lobby, LEAST_MINUTES, MOST_MINUTES, half=True),
        _number(say("plan.debrief"), "debrief", plan.minutes_debrief, LEAST_MINUTES, MOST_MINUTES, half=True),
        _number(say("plan.days"), "days", days, 1, most_days, say("plan.days_help")),
        class_="grid",
    )
    rounds = [_round(plan, number, language) for number in range(MOST_ROUNDS)]
    return element("div", grid, mirrors, *rounds)


def _round(plan: Plan, number: int, language: str) -> Markup:
    say = words(language)
    part = plan.rounds[min(number, len(plan.rounds) - 1)]
    title = say("plan.round" if number < len(plan.rounds) else "plan.round_more", number=number + 1)
    minutes = [
        _number(
            say(f"plan.minutes_{name}"), f"{name}_{number}", getattr(part, f"minutes_{name}"), LEAST_MINUTES, MOST_MINUTES,
            half=True,
        )
        for name in MINUTES
    ]  # fmt: skip
    return element(
        "fieldset",
        element("legend", title),
        element("p", say("plan.open"), class_="hint"),
        element("div", *_decisions(part, number, language), class_="ticks"),
        element("div", _event(plan, number, language), *minutes, class_="grid"),
        class_="round",
    )


def _decisions(part: PlanRound, number: int, language: str) -> list[Markup]:
    """A box per decision, ticked when it is open in the round."""
    return [
        element(
            "label",
            element("input", type="checkbox", name=f"open_{number}", value=name, checked=name in part.open or None),
            " ",
            t(f"workshop.decision.{name}.label", language),
            class_="tick",
        )
        for name in DECISIONS
    ]


def _event(plan: Plan, number: int, language: str) -> Markup:
    """What can happen in a round: what the plan has, nothing, or one thing of the list."""
    say = words(language)
    events = plan.rounds[number].events if number < len(plan.rounds) else ()
    kept = [event.label.in_language(language) for event in events]
    options = [element("option", say("plan.event_keep", events=kept), value=KEEP)] if kept else []
    options.append(element("option", say("plan.event_none"), value=NONE))
    options += [element("option", say(f"plan.event.{kind}"), value=kind) for kind in WEEK_OF_ROUND]
    name = f"event_{number}"
    return _labelled(say("plan.event_label"), name, element("select", *options, id=name, name=name))


def plan_of(form: Mapping[str, list[str]]) -> Plan:
    """The plan that a form describes.

    Raises
    ------
    InputError
        everything that is wrong with it
    """
    name = first(form, "plan")
    base = standing_ready(name)
    chosen = first(form, "chain")
    if chosen not in files.names():  # a form may not name a file of this machine
        raise InputError(
            [Problem("error.unknown_scenario", "", {"given": chosen[:60], "allowed": tuple(files.names())})]
        )
    number = whole(form, "rounds", FEWEST_ROUNDS, MOST_ROUNDS)
    return base.with_changes(
        chain=chosen,
        tables=whole(form, "tables", 1, MOST_TABLES),
        team_size=whole(form, "team_size", 1, MOST_IN_TEAM),
        mirrors=bool(first(form, "mirrors")),
        minutes_lobby=_minutes(form, "lobby"),
        minutes_debrief=_minutes(form, "debrief"),
        rounds=[_round_of(form, base, place, chosen) for place in range(number)],
    )


def whole(form: Mapping[str, list[str]], name: str, lower: int, upper: int) -> int:
    """A whole number of a form."""
    given = first(form, name).strip()
    if not (given.isascii() and given.isdigit() and len(given) < 6 and lower <= int(given) <= upper):
        facts = {"given": given[:20] or "–", "lower": lower, "upper": upper, "field": f"room.plan.{name}"}
        raise InputError([Problem("room.problem.whole", "", facts)])
    return int(given)


def _minutes(form: Mapping[str, list[str]], name: str) -> float:
    given = first(form, name).strip().replace(",", ".")
    try:
        number = float(given)
    except ValueError:
        number = -1.0
    if not LEAST_MINUTES <= number <= MOST_MINUTES:
        facts = {"given": given[:20] or "–", "lower": LEAST_MINUTES, "upper": MOST_MINUTES}
        raise InputError([Problem("room.problem.minutes", "", facts)])
    return number


def _round_of(form: Mapping[str, list[str]], base: Plan, place: int, chosen: str) -> dict[str, Any]:
    kind = first(form, f"event_{place}")
    events: list[Any] = []
    if kind == KEEP and place < len(base.rounds):
        kept = base.as_dict()["rounds"][place]["events"]
        events = [one for one in kept if chosen == base.chain or not (one.get("organisation") or one.get("case_type"))]
    elif kind in WEEK_OF_ROUND:
        label = {one: t(f"room.plan.event.{kind}", one) for one in languages()}
        row = EVENT_OF[kind]
        events = [{"type": kind, "week": WEEK_OF_ROUND[kind], "weeks": row.weeks, "size": row.size, "label": label}]
    opened = [name for name in form.get(f"open_{place}", []) if name in DECISIONS]
    if not opened:
        raise InputError([Problem("room.problem.nothing_open", "", {"number": place + 1})])
    return {"open": opened, "events": events} | {
        f"minutes_{name}": _minutes(form, f"{name}_{place}") for name in MINUTES
    }


def _labelled(label: str, name: str, field: Markup, help_: str = "") -> Markup:
    hint = element("p", help_, class_="hint", id=f"{name}-help") if help_ else None
    return element("div", element("label", label, for_=name), field, hint, class_="field")


def _number(
    label: str, name: str, value: float, lower: float, upper: float, help_: str = "", *, half: bool = False
) -> Markup:
    shown = f"{value:g}"
    field = element(
        "input", type="number", id=name, name=name, value=shown, min=f"{lower:g}", max=f"{upper:g}",
        step="0.5" if half else "1", required=True, aria_describedby=f"{name}-help" if help_ else None,
    )  # fmt: skip
    return _labelled(label, name, field, help_)
