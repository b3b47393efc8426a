"""In which share, and in which part, of the space of assumptions does each pattern hold?

    uv run python experiments/sensitivity/space.py              2,000 sets, or on from where it stopped
    uv run python experiments/sensitivity/space.py --sets 512   the first 512 of the same sequence

Sobol's sequence over all assumptions at once, each between half and double (``ketensim.analysis.assumptions``). A set
that has been done is not done again, so the command may be stopped at any time and started again. Every set meets every
pattern with two paired runs per cell, with other luck for every 32 sets; ``holds`` means that every statement of the
pattern has the claimed sign on that point estimate. Writes ``results/space.csv`` (a row per set, a column per pattern),
``results/space_shares.csv`` (share in which it holds) and ``results/space_boxes.csv`` (where: boxes found by PRIM
or, where it finds none, leaves of a tree, ``ketensim.analysis.discovery``).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track
from scipy import stats

import ketensim as ks
from ketensim.analysis.assumptions import sample, sets_at
from ketensim.analysis.discovery import boxes, leaves
from ketensim.analysis.patterns import holds_in_sets
from ketensim.analysis.patterns.record import mark_of_model

RESULTS = Path(__file__).parent / "results"
FILE = RESULTS / "space.csv"
SEED = 20
SETS = 2000
RUNS = 2  # paired runs per cell of a pattern and set
BATCH = 32  # sets between two looks at the clock and two savings
LEADING = 20  # assumptions, in the order of the screening, among which PRIM looks for boxes


def patterns_in(sets: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Which patterns of the reference chain hold: one row per set, one column per pattern."""
    return holds_in_sets(sets, RUNS, seed).pivot(index="set", columns="pattern", values="holds").astype(int)


def done() -> pd.DataFrame:
    """What has been done, for the model as it is now; a changed model begins anew."""
    if not FILE.exists():
        return pd.DataFrame()
    table = pd.read_csv(FILE, comment="#", index_col="set")
    model = FILE.read_text("utf-8").splitlines()[0].removeprefix("# model ")
    return table if model == mark_of_model() else pd.DataFrame()


def save(table: pd.DataFrame) -> None:
    FILE.write_text(f"# model {mark_of_model()}\n" + table.to_csv(index_label="set", lineterminator="\n"), "utf-8")


def go_on(wanted: int, minutes: float) -> pd.DataFrame:
    """Do the sets that are missing, as far as the time goes."""
    table, end = done(), time.monotonic() + 60 * minutes
    for first in track(range(len(table), wanted, BATCH), description="patterns in the space of assumptions"):
        if time.monotonic() > end:
            break
        number = min(BATCH, wanted - first)
        fresh = patterns_in(sets_at(sample(first, number, SEED)), SEED + first)
        fresh.index += first
        table = pd.concat([table, fresh])
        save(table)
    return table


def shares(table: pd.DataFrame) -> pd.DataFrame:
    """Share of the sets in which each pattern holds, with Wilson's 95 % interval."""
    rows = []
    for name in table.columns:
        interval = stats.binomtest(int(table[name].sum()), len(table)).proportion_ci(0.95, "wilson")
        rows.append((name, len(table), table[name].mean(), interval.low, interval.high))
    return pd.DataFrame(rows, columns=["pattern", "sets", "share", "low", "high"])


def where(table: pd.DataFrame) -> pd.DataFrame:
    """The first box of each pattern: in which part of the space it tends to hold, halfway to always at least."""
    screened = pd.read_csv(RESULTS / "morris.csv").query("outcome == 'goal_realisation'")
    sets = sets_at(sample(0, len(table), SEED))[list(screened.input[:LEADING])]
    rows = []
    for name in table.columns:
        try:
            asked = sets, np.asarray(table[name], dtype=bool), (1 + table[name].mean()) / 2, 1
            first = boxes(*asked) or leaves(*asked)  # peeling may miss what holds at one end and a little at the other
        except ks.InputError:
            continue  # holds, or fails, too rarely to say where
        for box in first:
            for limit in box.limits:
                rows.append(
                    (name, limit.input, limit.low, limit.high, limit.chance, box.density, box.coverage, box.mass)
                )
    return pd.DataFrame(rows, columns=["pattern", "parameter", "low", "high", "chance", "density", "coverage", "mass"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Share of the space of assumptions in which each pattern holds.")
    parser.add_argument("--sets", type=int, default=SETS, help="how many sets of the sequence, all in all")
    parser.add_argument("--minutes", type=float, default=600, help="stop after so many minutes")
    given = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    table = go_on(given.sets, given.minutes)
    if len(table):
        shares(table).to_csv(RESULTS / "space_shares.csv", index=False, float_format="%.4g", lineterminator="\n")
        where(table).to_csv(RESULTS / "space_boxes.csv", index=False, float_format="%.4g", lineterminator="\n")
    print(f"{len(table)} of {given.sets} sets done")
