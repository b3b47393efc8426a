"""History replayed: a chain with and without what happened to it, on equal luck.

    uv run python experiments/history/replay.py                all cases
    uv run python experiments/history/replay.py youth_2015     one or more cases

A case is a file beside this one. It names a scenario, a period, variants in which events of the scenario's calendar are
left out, measures to follow, and published figures of the scenario to lay beside both. What comes out is kept under
``results/``; ``docs/make`` draws the pictures and fills the marked places in ``docs/*/history``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, Strict

import ketensim as ks
from ketensim.analysis.resemblance import FIRST, simulated, to_record, weekly_series, weeks_of
from ketensim.run.comparison import paired_differences
from ketensim.run.results import Results, exact_band
from ketensim.scenario.fields import Day
from ketensim.scenario.numbers import Part, Text
from ketensim.scenario.yaml_text import values_and_lines

HERE = Path(__file__).resolve().parent
RUNS = 100
SEED = 1
DIGITS = 4
WITH = "with"  # the chain as its file describes it
Values = NDArray[np.float64]


class Measure(Part):
    """What is followed over time: an outcome in a unit that people know."""

    id: str
    label: Text
    unit: str
    outcome: str
    organisation: str | None = None
    scale: float = 1.0


class Variant(Part):
    """The same chain without some of what happened."""

    id: str
    label: Text
    without: Annotated[tuple[str, ...], Strict(False)] = ()
    """English labels of events that are left out; none = all events and all lever changes are left out"""


class Case(Part):
    """A piece of history to replay."""

    scenario: str
    page: Text
    """name of its page and picture in both languages"""
    since: Day
    until: Day
    variants: Annotated[tuple[Variant, ...], Strict(False)]
    measures: Annotated[tuple[Measure, ...], Strict(False)]
    reported: Annotated[tuple[str, ...], Strict(False)] = Field(default=())
    """ids of indicators of the scenario, published about this period"""


@cache
def scenario_of(case: Case) -> ks.Scenario:
    """The chain of a case as its file describes it."""
    return ks.load(case.scenario)


@cache
def cases() -> dict[str, Case]:
    """Every case by name, in alphabetical order."""
    return {path.stem: case_of(path) for path in sorted(HERE.glob("*.yaml"))}


def case_of(path: Path) -> Case:
    """A case from its file; a name that its scenario does not have is an error."""
    case = Case.model_validate(values_and_lines(path.read_text("utf-8"))[0])
    scenario = scenario_of(case)
    events = {event.label.en for event in scenario.events}
    for variant in case.variants:
        if unknown := set(variant.without) - events:
            raise SystemExit(f"{path.name}: {case.scenario} has no event {unknown}; it has {sorted(events)}")
    if unknown := set(case.reported) - {indicator.id for indicator in scenario.indicators}:
        raise SystemExit(f"{path.name}: {case.scenario} has no indicator {unknown}")
    return case


def chains(case: Case) -> Iterator[tuple[str, ks.Scenario]]:
    """The chain as it is, and its variants."""
    scenario = scenario_of(case)
    yield WITH, scenario
    for variant in case.variants:
        if variant.without:
            yield variant.id, scenario.with_events(*(e for e in scenario.events if e.label.en not in variant.without))
        else:
            yield variant.id, scenario.with_events().model_copy(update={"calendar": ()})


def replay(case: Case, runs: int = RUNS) -> dict[str, Any]:
    """What is kept of a case: series and means per measure, and the published figures beside each variant."""
    kept: dict[str, Any] = {"measures": {measure.id: {} for measure in case.measures}, "reported": {}}
    means: dict[str, Values] = {}  # [run, measure]
    for name, chain in chains(case):
        results = ks.simulate(chain, runs=runs, seed=SEED, weekly=True)
        for measure in case.measures:
            parts = ("mean", "p10", "p90") if name == WITH else ("mean",)
            kept["measures"][measure.id][name] = band_of(results, case, measure, parts)
        means[name] = np.stack([mean_of(results, case, measure) for measure in case.measures], axis=1)
        record = to_record(results)
        figures = record.pop("figures")
        kept["reported"][name] = {indicator: figures[indicator] for indicator in case.reported}
        if name == WITH:
            kept["made"] = record
    kept["differences"] = {
        name: differences(case, means[name], means[WITH]) for name in means if name != WITH
    }  # the chain as it is minus the variant
    kept["first"] = first_of(case, means)
    return kept


def window(case: Case, measure: Measure) -> SimpleNamespace:
    """A measure over the period of its case, as an indicator asks for it."""
    return SimpleNamespace(**measure.model_dump() | {"per": None, "since": case.since, "until": case.until})


def mean_of(results: Results, case: Case, measure: Measure) -> Values:
    """Mean over the period in each run: array [run]."""
    found = simulated(results.scenario, window(case, measure), lambda *names: weekly_series(results, *names))
    assert found is not None
    return found


def band_of(results: Results, case: Case, measure: Measure, parts: tuple[str, ...]) -> dict[str, list[float | None]]:
    """Mean or quantiles over the runs, for every week of the period."""
    weeks = weeks_of(results.scenario, window(case, measure))
    band = exact_band(measure.scale * weekly_series(results, measure.outcome, measure.organisation)[:, weeks])
    return {name: [None if np.isnan(value) else float(f"{value:.{DIGITS}g}") for value in band[name]] for name in parts}


def differences(case: Case, without: Values, with_: Values) -> dict[str, dict[str, float]]:
    """Per measure the paired difference, run by run on equal luck."""
    table = paired_differences(without, with_, [measure.id for measure in case.measures]).set_index("outcome")
    return {str(name): {str(key): float(value) for key, value in row.items()} for name, row in table.iterrows()}


def first_of(case: Case, means: dict[str, Values]) -> dict[str, dict[str, float]]:
    """Means over the first runs, by which a test sees whether the model still gives the same."""
    return {
        name: {m.id: float(np.nanmean(values[:FIRST, place])) for place, m in enumerate(case.measures)}
        for name, values in means.items()
    }


def results_of(name: str) -> Path:
    """The file in which a case is kept."""
    return HERE / "results" / f"{name}.json"


def main(names: list[str]) -> None:
    """Replay the named cases, or all."""
    known = cases()
    for name in names or known:
        if name not in known:
            sys.exit(f"unknown case {name}; there are {', '.join(known)}")
        results_of(name).parent.mkdir(exist_ok=True)
        results_of(name).write_text(json.dumps(replay(known[name]), indent=None) + "\n", "utf-8")
        print(f"{name}: replayed")


if __name__ == "__main__":
    main(sys.argv[1:])
