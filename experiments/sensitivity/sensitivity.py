"""Sensitivity of the model to what it assumes, on the reference chain.

    uv run python experiments/sensitivity/sensitivity.py            all steps, some 10 minutes on two cores
    uv run python experiments/sensitivity/sensitivity.py morris     one or more steps

Every step writes a table to ``results/``; ``write_page.py`` makes the pages of the documentation from them. The steps:
``one`` every assumption alone over its plausible range, with the shape of the distribution over the runs (one hump or
two); ``morris`` screening of all assumptions together; ``sobol`` the leading ones, with luck set apart; ``levers`` the
share of the variance that comes from capacity, the mix of cases and the levers of the six conditions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from diptest import diptest
from rich.progress import track

import ketensim as ks
from ketensim.analysis.assumptions import ASSUMPTIONS, sets_at
from ketensim.analysis.sensitivity import morris_indices, morris_points, outcomes_of, sobol_indices, sobol_points
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.foundation.parameters import LEVER_NAMES

HERE = Path(__file__).parent
SEED = 20
OUTCOMES = (
    "goal_realisation",
    "administration_share",
    "open",
    "lead_time_median",
    "trust_persons",
    "under_intervention",
)
PLACES = (0.0, 0.25, 0.75, 1.0)  # of the plausible range, for one assumption alone; 0.5 is the default
RUNS_ALONE = 40
TRAJECTORIES = 16  # of Morris
RUNS_MORRIS = 5
LEADING = 12  # assumptions that Sobol's indices are computed for
BASE = 128  # of Sobol's sequence
RUNS_SOBOL = 6
CONTEXT = {"capacity": (0.85, 1.15), "non_standard": (0.1, 0.6)}  # ranges of the context, beside levers from 0 to 1
LEVER_BASE = 256


def outcomes(chains: list[ks.Scenario], runs: int, equal_luck: bool) -> dict[str, np.ndarray]:
    """Per outcome an array [variant, run]."""
    bar = track(range(len(chains)), description=f"{len(chains)} x {runs} runs")
    steps = iter(bar)
    values = outcomes_of(chains, runs, SEED, equal_luck=equal_luck, progress=lambda *_: next(steps, None))
    return {name: values[:, :, OUTCOME_NAMES.index(name)] for name in OUTCOMES}


def alone() -> pd.DataFrame:
    """Every assumption alone on equal luck; the dip test says whether the runs fall into two humps.

    The first row is the model as it is. ``effect`` is the mean paired difference of goal realisation with it.
    """
    base = ks.load("reference")
    rows: list[tuple[str, float, float]] = [("", 0.5, float("nan"))]
    for row in ASSUMPTIONS:
        rows += [(row.name, place, float(sets_at(np.array([[place]]), (row,))[row.name][0])) for place in PLACES]
    chains = [base.with_parameters(**{name: value}) if name else base for name, _, value in rows]
    of_runs = outcomes(chains, RUNS_ALONE, equal_luck=True)
    goal = of_runs["goal_realisation"]
    table = pd.DataFrame(rows, columns=["parameter", "place", "value"])
    for name, values in of_runs.items():
        table[name] = np.nanmean(values, axis=1)
    paired = goal - goal[0]
    table["effect"] = paired.mean(axis=1)
    table["half_width"] = 1.96 * paired.std(axis=1, ddof=1) / np.sqrt(RUNS_ALONE)
    table["p10"], table["p90"] = np.quantile(goal, (0.1, 0.9), axis=1)
    table[["dip", "dip_p"]] = [diptest(values) for values in goal]
    return table


def morris() -> pd.DataFrame:
    """All assumptions together, screened."""
    names = [row.name for row in ASSUMPTIONS]
    points = morris_points(names, TRAJECTORIES, SEED)
    base = ks.load("reference")
    chains = [base.with_parameters(**row) for row in sets_at(points).to_dict("records")]
    of_runs = outcomes(chains, RUNS_MORRIS, equal_luck=False)
    return pd.concat(
        [morris_indices(names, points, values).assign(outcome=name) for name, values in of_runs.items()],
        ignore_index=True,
    )


def sobol() -> pd.DataFrame:
    """The assumptions that lead for goal realisation, with all their interactions."""
    screened = pd.read_csv(HERE / "results" / "morris.csv").query("outcome == 'goal_realisation'")
    leading = list(screened.input[:LEADING])
    rows = tuple(row for name in leading for row in ASSUMPTIONS if row.name == name)
    points = sobol_points(leading, BASE, SEED)
    base = ks.load("reference")
    chains = [base.with_parameters(**row) for row in sets_at(points, rows).to_dict("records")]
    return indices(leading, outcomes(chains, RUNS_SOBOL, equal_luck=False))


def levers() -> pd.DataFrame:
    """Capacity and the mix of cases against the levers of the six conditions."""
    names = [*CONTEXT, *LEVER_NAMES]
    points = sobol_points(names, LEVER_BASE, SEED)
    base = ks.load("reference")
    chains = []
    for point in points:
        low_high = zip(CONTEXT.items(), point, strict=False)
        context = {name: low + place * (high - low) for (name, (low, high)), place in low_high}
        setting = dict(zip(LEVER_NAMES, point[len(CONTEXT) :], strict=True))
        chains.append(base.with_context(**context).with_levers(**setting))
    return indices(names, outcomes(chains, RUNS_SOBOL, equal_luck=False))


def indices(names: list[str], of_runs: dict[str, np.ndarray]) -> pd.DataFrame:
    """Sobol's indices for every outcome that varies."""
    tables = [sobol_indices(names, values).assign(outcome=name) for name, values in of_runs.items() if values.std() > 0]
    return pd.concat(tables, ignore_index=True)


STEPS: dict[str, Callable[[], pd.DataFrame]] = {"one": alone, "morris": morris, "sobol": sobol, "levers": levers}

if __name__ == "__main__":
    for step in sys.argv[1:] or STEPS:
        if step not in STEPS:
            sys.exit(f"unknown step {step}; there are {', '.join(STEPS)}")
        (HERE / "results").mkdir(exist_ok=True)
        STEPS[step]().to_csv(HERE / "results" / f"{step}.csv", index=False, float_format="%.5g")
