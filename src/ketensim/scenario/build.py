"""From a scenario to the chain the week runs on: names become rows, dates become weeks counted from the burn-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation import rows
from ketensim.foundation.array_sets import records
from ketensim.foundation.events import EVENT_NAMES
from ketensim.foundation.parameters import LEVER_NAMES, POLICIES, parameter_record
from ketensim.foundation.state import Chain
from ketensim.scenario import flow
from ketensim.scenario.parts import RELATION_LEVERS, Link, Organisation, Principal
from ketensim.scenario.schema import Scenario

ALL: Final = -1  # in a row of the calendar or the events: every organisation, every case type
IN_CHAIN: Final = (
    "election_weeks",
    "hours_per_week",
    "reporting_politics",
    "reporting_operation",
)  # parameters that go into the tables of a chain


def build(scenario: Scenario) -> Chain:
    """The chain of a scenario as record arrays.

    Parameters
    ----------
    scenario : checked; nothing is checked here

    Returns
    -------
    Chain in the layout of ``foundation/state.py``; weeks count from the start of the burn-in
    """
    links = sorted(scenario.links, key=lambda link: flow.places(scenario)[link.source])
    dyad = _dyads(scenario)
    election, near = _elections(scenario)
    return Chain(
        world=_world(scenario, len(links), len(dyad)),
        profile=_profiles(scenario),
        task=_tasks(scenario),
        case_type=_case_types(scenario),
        entry=_entry(scenario),
        link=_links(scenario, links, dyad),
        first_link=_first_link(scenario, links),
        route=_route(scenario, links),
        dyad=dyad,
        lever_grid=_levers(scenario),
        relation_grid=_relations(scenario, dyad),
        change=_by_week(rows.CHANGE, _changes(scenario)),
        restraint=_by_week(rows.RESTRAINT, _restraints(scenario)),
        event=_by_week(rows.EVENT, _events(scenario)),
        election=election,
        election_near=near,
    )


def parameters(scenario: Scenario) -> np.recarray:
    """The parameters of the model in a scenario, one row: the table's defaults and the scenario's own numbers."""
    return parameter_record({name: number.value for name, number in scenario.parameters.items()})


def _table(dtype: np.dtype[Any], rows: list[tuple[Any, ...]]) -> np.recarray:
    return np.array(rows, dtype=dtype).view(np.recarray)


def _by_week(dtype: np.dtype[Any], rows: Iterator[tuple[Any, ...]]) -> np.recarray:
    return _table(dtype, sorted(rows, key=lambda row: row[0]))


def _world(scenario: Scenario, links: int, dyads: int) -> np.recarray:
    x, y = _objective(scenario)
    world = records(1, rows.WORLD)
    world.weeks, world.burn_in = scenario.burn_in + scenario.weeks, scenario.burn_in
    world.organisations, world.case_types = len(scenario.organisations), len(scenario.case_types)
    world.links, world.dyads = links, dyads
    world.policy, world.promise = POLICIES.index(scenario.policy), scenario.promise.value
    world.objective_x, world.objective_y = x, y
    return world


def _objective(scenario: Scenario) -> tuple[float, float]:
    """The founding objective: as the file says, else the middle of the ambitions."""
    if scenario.objective is not None:
        return scenario.objective.x.value, scenario.objective.y.value
    places = [organisation.ambition for organisation in scenario.organisations]
    return sum(place.x.value for place in places) / len(places), sum(place.y.value for place in places) / len(places)


def _profiles(scenario: Scenario) -> np.recarray:
    profile = records(len(scenario.organisations), rows.PROFILE)
    for row, organisation in zip(profile, scenario.organisations, strict=True):
        _fill_profile(row, organisation, scenario)
    return profile


def _fill_profile(row: Any, organisation: Organisation, scenario: Scenario) -> None:
    heads = max(1, round(organisation.fte.value))
    hours = scenario.parameter("hours_per_week") * organisation.fte.value * scenario.context.capacity
    row.staff, row.hours_per_head, row.fte_per_head = heads, hours / heads, organisation.fte.value / heads
    for name in ("own_work", "drift", "turnover", "absence", "hiring_weeks", "term"):
        row[name] = getattr(organisation, name).value
    row.instructable = 1.0 - organisation.independence.value
    row.places = np.inf if organisation.places is None else organisation.places.value
    row.ambition_x, row.ambition_y = organisation.ambition.x.value, organisation.ambition.y.value
    for name in ("reporting_politics", "reporting_operation"):
        own = getattr(organisation, name)
        row[name] = scenario.parameter(name) if own is None else own.value
    row.cost = organisation.cost.value
    principal = _principal(scenario, organisation)
    row.tolerance = organisation.tolerance.value + (0.0 if principal is None else principal.tolerance.value)


def _principal(scenario: Scenario, organisation: Organisation) -> Principal | None:
    return next((part for part in scenario.principals if part.id == organisation.principal), None)


def _tasks(scenario: Scenario) -> np.recarray:
    task = records((len(scenario.organisations), len(scenario.case_types)), rows.TASK)
    for place, organisation in enumerate(scenario.organisations):
        for kind, case_type in enumerate(scenario.case_types):
            hours, stay = organisation.hours_per_case.of(case_type.id), organisation.stay.of(case_type.id)
            task[place, kind].hours = 0.0 if hours is None else hours.value
            task[place, kind].stay = 0 if stay is None else int(stay.value)
    return task


def _case_types(scenario: Scenario) -> np.recarray:
    hard = scenario.context.non_standard
    types: list[tuple[Any, ...]] = [
        (
            part.arrivals.value,
            part.non_standard.value if hard is None else hard,
            part.urgent.value,
            int(part.norm.value),
            int(part.drop_after.value),
            int(part.counts),
        )
        for part in scenario.case_types
    ]
    return _table(rows.CASE_TYPE, types)


def _entry(scenario: Scenario) -> NDArray[np.float64]:
    """Cumulative shares over organisations; the last is 1 so that no draw falls beyond it."""
    entry = np.cumsum(flow.entries(scenario), axis=1)
    for row, share in zip(entry, flow.entries(scenario), strict=True):
        row[np.flatnonzero(share)[-1] :] = 1.0
    return entry


# --- links and dyads -----------------------------------------------------------------------------------------------
def _dyads(scenario: Scenario) -> np.recarray:
    """Two rows per pair of organisations that work together: each one's trust in the other."""
    place = flow.places(scenario)
    pairs = dict.fromkeys(tuple(sorted((place[link.source], place[link.target]))) for link in scenario.links)
    return _table(rows.DYAD_PLACE, [row for a, b in pairs for row in ((a, b), (b, a))])


def _links(scenario: Scenario, links: list[Link], dyad: np.recarray) -> np.recarray:
    place = flow.places(scenario)
    index = {(int(row.truster), int(row.trusted)): number for number, row in enumerate(dyad)}
    places: list[tuple[Any, ...]] = []
    for link in links:
        source, target = place[link.source], place[link.target]
        places.append((source, target, int(link.consultation), index[target, source], index[source, target]))
    return _table(rows.LINK_PLACE, places)


def _first_link(scenario: Scenario, links: list[Link]) -> NDArray[np.int64]:
    place = flow.places(scenario)
    sources = np.array([place[link.source] for link in links], dtype=np.int64)
    return np.searchsorted(sources, np.arange(len(place) + 1)).astype(np.int64)


def _route(scenario: Scenario, links: list[Link]) -> NDArray[np.float64]:
    route = np.zeros((len(links), len(scenario.case_types)))
    for row, link in zip(route, links, strict=True):
        row[:] = [flow.share_on_link(link, case_type.id) for case_type in scenario.case_types]
    return route


# --- what changes over time ----------------------------------------------------------------------------------------
def _levers(scenario: Scenario) -> NDArray[np.float64]:
    return np.array([[scenario.lever(name, part.id) for name in LEVER_NAMES] for part in scenario.organisations])


def _relations(scenario: Scenario, dyad: np.recarray) -> NDArray[np.float64]:
    """Levers agreed for a relation, [dyad, lever of RELATION]; not-a-number where the two do as they do."""
    place = flow.places(scenario)
    grid = np.full((len(dyad), len(RELATION_LEVERS)), np.nan)
    for link in scenario.links:
        ends = {place[link.source], place[link.target]}
        for row, pair in zip(grid, dyad, strict=True):
            if {int(pair.truster), int(pair.trusted)} == ends:
                for name, lever in link.levers.items():
                    row[RELATION_LEVERS.index(name)] = lever.value
    return grid


def _rows(scenario: Scenario, names: tuple[str, ...]) -> list[int]:
    place = flow.places(scenario)
    return list(dict.fromkeys(place[name] for name in names)) or [ALL]


def _changes(scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    place = flow.places(scenario)
    for change in scenario.calendar:
        partner = ALL if change.partner is None else place[change.partner]
        for organisation in _rows(scenario, change.organisation):
            for name, lever in change.levers.items():
                week = scenario.burn_in + scenario.week_of(change)
                yield week, organisation, partner, LEVER_NAMES.index(name), lever.value


def _restraints(scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    for change in scenario.calendar:
        if change.restraint is not None:
            for organisation in _rows(scenario, change.organisation):
                yield scenario.burn_in + scenario.week_of(change), organisation, change.restraint.value


def _events(scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    """A row per period, organisation and case type; the first organisation carries what moves the whole chain."""
    names = [case_type.id for case_type in scenario.case_types]
    for event in scenario.events:
        week, weeks = scenario.burn_in + scenario.week_of(event), int(event.weeks.value)
        kind = EVENT_NAMES.index(event.type)
        case_types = [names.index(name) for name in dict.fromkeys(event.case_type)] or [ALL]
        for period, size in enumerate(event.sizes):
            for place, organisation in enumerate(_rows(scenario, event.organisation)):
                for case_type in case_types:
                    yield week + period * weeks, weeks, kind, organisation, case_type, int(place == 0), size


def _elections(scenario: Scenario) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """The election week of each organisation's principal, and how near it is, both [organisation, week]."""
    shape = len(scenario.organisations), scenario.burn_in + scenario.weeks
    election, near = np.zeros(shape, dtype=rows.FLAG), np.zeros(shape)
    week = np.arange(shape[1])
    for place, organisation in enumerate(scenario.organisations):
        principal = _principal(scenario, organisation)
        for moment in () if principal is None else principal.elections:
            held = scenario.burn_in + (moment if isinstance(moment, int) else scenario.week_of_date(moment))
            election[place, week == held] = 1
            ahead = held - week
            rising = np.where(ahead >= 0, 1.0 - ahead / scenario.parameter("election_weeks"), 0.0)
            near[place] = np.maximum(near[place], np.clip(rising, 0.0, 1.0))
    return election, near
