"""What is improbable in a scenario that is not wrong: too little staff, a norm nobody can meet, a share with a typo.

Each rule finds ``Problem`` s with a key under ``improbable``, the place in the file, and facts with what would be
probable instead. All of it may be meant; the numbers at the top say where a doubt begins, and are our assumptions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from ketensim.foundation.errors import Problem
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.scenario import flow, timing
from ketensim.scenario.parts import Link
from ketensim.scenario.provenance import figures
from ketensim.scenario.schema import Scenario
from ketensim.scenario.workload import Workload, vacant_share, workload

FULL: Final = 1.02  # utilisation; the work is known to some per cent only
IDLE: Final = 0.25  # utilisation below which most people have no work
HARDLY: Final = 3.0  # cases/year that come at an organisation
SMALL_SHARE: Final = 0.005
LARGE_SHARE: Final = 0.995
EMPTY_POSTS: Final = 0.25  # of all posts, in calm times
BEARABLE: Final = 0.1  # of all posts
HALF: Final = 0.5  # of the cases
MOST: Final = 0.75  # of the weeks of an event or of a published figure
SWITCH: Final = "policy_switch_week"
TINY: Final = 1e-9


def doubts(scenario: Scenario) -> list[Problem]:
    """Everything that is improbable in a scenario, in the order of its parts.

    Returns
    -------
    problems with a key under ``improbable``; facts are numbers and names from the file, and under ``note`` what the
    file itself says about the number, as a text in both languages
    """
    work = workload(scenario)
    notes = {path: figure.note for path, figure, *_ in figures("", scenario) if figure.note is not None}
    improbable = [problem for rule in RULES for problem in rule(scenario, work)]
    return [
        Problem(problem.key, problem.path, {**problem.facts, "note": notes[problem.path]})
        if problem.path in notes and not problem.path.startswith("indicators")
        else problem
        for problem in improbable
    ]


# --- people and hours ----------------------------------------------------------------------------------------------
def _staff(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """Too few hours for the work, hardly any work for the hours, or a visit that takes longer than a week of all."""
    for place, organisation in enumerate(scenario.organisations):
        path, load, has = f"organisations[{place}].fte", float(work.utilisation[place]), organisation.fte.value
        hours, visit = float(work.available[place]), _longest_visit(scenario, place, work)
        large = visit / max(hours, TINY)
        facts = {"organisation": organisation.id, "given": has, "share": load, "hours": hours, "visit": visit}
        needed = {"needed": math.ceil(10 * has * max(load, large)) / 10}
        if large > 1:
            yield Problem("improbable.visit_too_large", path, facts | needed)
        elif load > FULL:
            yield Problem("improbable.too_little_staff", path, facts | needed)
        elif 0 < load < IDLE:
            yield Problem("improbable.too_much_staff", path, facts | needed)


def _longest_visit(scenario: Scenario, place: int, work: Workload) -> float:
    """Hours of one visit of the case type that takes most, of those that come there."""
    hours = [scenario.organisations[place].hours_per_case.of(part.id) for part in scenario.case_types]
    come = work.cases[place] > 0
    return max(
        (visit.value for visit, comes in zip(hours, come, strict=True) if comes and visit is not None), default=0.0
    )


def _hiring(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """People leave so fast and are replaced so slowly that many posts are always empty."""
    for place, organisation in enumerate(scenario.organisations):
        vacant = vacant_share(organisation)
        if vacant > EMPTY_POSTS:
            weeks = BEARABLE / (1.0 - BEARABLE) * WEEKS_PER_YEAR / organisation.turnover.value
            facts = {
                "organisation": organisation.id,
                "given": organisation.hiring_weeks.value,
                "turnover": organisation.turnover.value,
                "share": vacant,
                "weeks": max(1, math.floor(weeks)),
            }
            yield Problem("improbable.hiring_too_slow", f"organisations[{place}].hiring_weeks", facts)


# --- the way of the cases ------------------------------------------------------------------------------------------
def _reached(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """Hardly any case comes here; an organisation that is only consulted is left alone."""
    for place, organisation in enumerate(scenario.organisations):
        per_year = WEEKS_PER_YEAR * float(work.cases[place].sum())
        if 0 < per_year < HARDLY:
            facts = {"organisation": organisation.id, "cases": per_year}
            yield Problem("improbable.hardly_reached", f"organisations[{place}]", facts)


def _places(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """Fewer places than are taken when nobody ever waits: a case is there one week for the work, and stays."""
    for place, organisation in enumerate(scenario.organisations):
        if organisation.places is None:
            continue
        stays = [organisation.stay.of(case_type.id) for case_type in scenario.case_types]
        weeks = np.array([1.0 + (0.0 if stay is None else stay.value) for stay in stays])
        needed = float(work.cases[place] @ weeks)
        if needed > organisation.places.value:
            facts = {
                "organisation": organisation.id,
                "given": organisation.places.value,
                "needed": math.ceil(needed),
                "cases": float(work.cases[place].sum()),
            }
            yield Problem("improbable.too_few_places", f"organisations[{place}].places", facts)


def _shares(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """A share so near 0 or 1 that a point or a zero may have slipped in; 1 itself is a plain way on."""
    for number, link in enumerate(scenario.links):
        if link.consultation or link.share is None:
            continue
        facts = {"source": link.source, "target": link.target}
        shares = [flow.share_on_link(link, case_type.id) for case_type in scenario.case_types]
        if not any(shares):
            yield Problem("improbable.nothing_goes_there", f"links[{number}].share", facts)
        for path, share in _given(link, f"links[{number}].share"):
            if 0 < share < SMALL_SHARE:
                numbers = {"given": share, "cases": round(1 / share), "perhaps": min(1.0, 100 * share)}
                yield Problem("improbable.share_near_nothing", path, {**facts, **numbers})
            elif LARGE_SHARE < share < 1:
                yield Problem(
                    "improbable.share_near_all", path, {**facts, "given": share, "cases": round(1 / (1 - share))}
                )


def _given(link: Link, path: str) -> Iterator[tuple[str, float]]:
    assert link.share is not None
    if link.share.all_types is not None:
        yield path, link.share.all_types.value
    for name, share in link.share.by_type.items():
        yield f"{path}.{name}", share.value


def _case_types(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """A type that never arrives, or of which nearly everything goes first."""
    urgent = sum(part.urgent.value * part.arrivals.value for part in scenario.case_types)
    arrivals = sum(part.arrivals.value for part in scenario.case_types)
    for kind, part in enumerate(scenario.case_types):
        if part.arrivals.value == 0:
            yield Problem("improbable.never_arrives", f"case_types[{kind}].arrivals", {"case_type": part.id})
    if urgent > HALF * arrivals:
        facts = {"share": urgent / arrivals}
        yield Problem("improbable.most_are_urgent", "case_types", facts)


# --- time ----------------------------------------------------------------------------------------------------------
def _norms(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """A norm that most cases miss even when nobody waits, or when everyone takes the time that was agreed."""
    quickest, agreed = timing.quickest(scenario), timing.full_terms(scenario)
    for kind, part in enumerate(scenario.case_types):
        norm = int(part.norm.value)
        path, facts = f"case_types[{kind}].norm", {"case_type": part.id, "given": norm}
        for key, steps in (("norm_too_short", quickest), ("terms_beyond_norm", agreed)):
            share = timing.closed_within(scenario, kind, steps, norm)
            if share < HALF:
                numbers = {"share": share, "weeks": timing.weeks_for(scenario, kind, steps, HALF)}
                yield Problem(f"improbable.{key}", path, facts | numbers)
                break


def _length(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """A run that ends before anything is known, or a chain that is still filling when the report begins."""
    longest = max(scenario.case_types, key=lambda part: part.norm.value)
    norm = int(longest.norm.value)
    facts = {"case_type": longest.id, "norm": norm}
    if norm >= scenario.weeks:
        yield Problem(
            "improbable.run_within_norm", "weeks", {**facts, "given": scenario.weeks, "needed": norm + WEEKS_PER_YEAR}
        )
    if norm > scenario.burn_in:
        yield Problem("improbable.short_burn_in", "burn_in", {**facts, "given": scenario.burn_in})


def _elections(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """An election that no simulated week feels; the weeks before one that falls after the end still count."""
    last = scenario.weeks + scenario.parameter("election_weeks") - 1
    for number, principal in enumerate(scenario.principals):
        for place, moment in enumerate(principal.elections):
            week = moment if isinstance(moment, int) else scenario.week_of_date(moment)
            if not -scenario.burn_in <= week < last:
                facts = {
                    "principal": principal.id,
                    "week": week,
                    "lower": -scenario.burn_in,
                    "upper": scenario.weeks - 1,
                }
                yield Problem("improbable.election_outside", f"principals[{number}].elections[{place}]", facts)


def _events(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """An event that is over before the first reported week, or that goes on after the last."""
    for number, event in enumerate(scenario.events):
        first, weeks = scenario.week_of(event), int(event.weeks.value)
        facts = {
            "last": first + weeks - 1,
            "upper": scenario.weeks - 1,
            "given": weeks,
            "inside": scenario.weeks - first,
        }
        if first + weeks <= 0:
            yield Problem("improbable.event_before", f"events[{number}]", facts)
        elif scenario.weeks - first < MOST * weeks:
            yield Problem("improbable.event_cut_off", f"events[{number}].weeks", facts)


def _policy(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """A policy that would let go only after the last week."""
    given = scenario.parameters.get(SWITCH)
    if given is not None and given.value >= scenario.weeks:
        yield Problem(
            "improbable.switch_after", f"parameters.{SWITCH}", {"given": given.value, "upper": scenario.weeks - 1}
        )


# --- published figures ---------------------------------------------------------------------------------------------
def _indicators(scenario: Scenario, work: Workload) -> Iterator[Problem]:
    """A figure over weeks that are not simulated, or a percentage where the unit is a share."""
    for number, part in enumerate(scenario.indicators):
        path, facts = f"indicators[{number}]", {"given": part.id, "first": scenario.start, "weeks": scenario.weeks}
        if part.unit == "share" and abs(part.value) > 1:
            numbers = {"value": part.value, "perhaps": part.value / 100}
            yield Problem("improbable.percentage", f"{path}.value", facts | numbers)
        if part.outcome is None:
            continue
        since = 0 if part.since is None else scenario.week_of_date(part.since)
        until = scenario.weeks - 1 if part.until is None else scenario.week_of_date(part.until)
        inside, whole = min(until, scenario.weeks - 1) - max(since, 0) + 1, until - since + 1
        if until < 0 or since >= scenario.weeks:
            key = "indicator_before" if until < 0 else "indicator_after"
            yield Problem(f"improbable.{key}", path, facts | {"needed": max(since, until) + 1})
        elif inside < MOST * whole:
            yield Problem("improbable.indicator_partly_outside", path, facts | {"inside": inside, "whole": whole})


Rule = Callable[[Scenario, Workload], Iterator[Problem]]
RULES: Final[tuple[Rule, ...]] = (
    _elections,
    _staff,
    _hiring,
    _reached,
    _places,
    _case_types,
    _norms,
    _length,
    _shares,
    _events,
    _policy,
    _indicators,
)
