"""Sets of parameters that may all be true: they satisfy the patterns and the published figures (history matching).

    uv run python experiments/history_matching/history_matching.py               until there are 250 sets
    uv run python experiments/history_matching/history_matching.py --minutes 10  begin no wave after ten minutes (0: only compare)
    uv run python experiments/history_matching/history_matching.py --again       begin anew

The command goes on where it stopped, as long as the model is the same; sets that were accepted before are judged again on
the figures, because a chain may have changed. It writes ``accepted.csv`` (one row per set, one
column per assumption), ``results/waves.csv`` (how many sets each wave drew and how many were left) and
``results/figures.csv`` (each published figure beside what the accepted sets give). ``simulate(..., parameters="accepted")``
and ``ketensim run --parameters accepted`` draw from ``accepted.csv``.

The rule was written down before the first run. Two things were changed after it, both to save time and both after six
trial sets had been timed: two runs per cell instead of four, and waves of 256 sets in another order of stages. A first
run on one chain alone was given up for this one on five. The rule:

1. Every assumption may lie between half and double its default (``ketensim.analysis.assumptions``).
2. The published figures are the indicators of five scenario files (``CHAINS``) that are there for calibration and have an
   outcome and a tolerance: administration share, waits and lead times, backlogs, turnover. Those that are held back play
   no part. A set is ruled out when the implausibility of any figure is above 3 (``ketensim.analysis.matching``). A figure
   that the default set misses by that much itself is not asked for: then it is the numbers of that scenario that do not
   fit, and no assumption of the model should be bent to repair it. ``results/figures.csv`` names those figures.
3. Of the thirteen patterns that are not built in (all but H) at least ten hold, each on the point estimate of two paired
   runs per cell. Three are allowed to fail because two runs are few: a pattern that does hold then fails by luck now
   and then, and more often where its effect is small. The patterns are asked in stages, those with few cells first, and
   a set is not asked the rest when that can no longer change the answer.
4. The first wave is a sample that fills the space evenly. Each later wave draws neighbours of the accepted sets: one of
   them at random, every assumption of which is drawn anew, over its whole range, with a chance of one in five. A neighbour
   is judged like any other set. Waves go on until 250 sets are accepted.

What is left is no posterior distribution and no fit: it is what cannot be ruled out, with the neighbourhood of what was
found first better represented than the rest.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track

import ketensim as ks
from ketensim.analysis.assumptions import ASSUMPTIONS, neighbours, sample, sets_at
from ketensim.analysis.matching import CUTOFF, Figures, figures_of_sets, not_ruled_out
from ketensim.analysis.patterns import holds_in_sets, patterns_named
from ketensim.analysis.patterns.record import mark_of_model

HERE = Path(__file__).parent
ACCEPTED = HERE / "accepted.csv"
WAVES = HERE / "results" / "waves.csv"
FIGURES = HERE / "results" / "figures.csv"
SEED = 20
WANTED = 250
FIRST_WAVE = 256
LATER_WAVE = 256
MOST_WAVES = 30
FRESH = 0.2  # chance that an assumption of a neighbour is drawn anew
STAGES = (("A", "L", "N"), ("B", "G"), ("C", "J", "K"), ("E",), ("I",), ("M",), ("F",), ("D",))  # all patterns but H
MOST_FAILING = 3  # patterns
RUNS = 2  # paired runs per cell of a pattern
BATCH = 32  # sets judged on patterns with the same luck
CALIBRATION = "calibration"
CHAINS = ("asiel", "jeugdbescherming", "ouderenzorg", "schuldhulp", "strafrecht")
"""Named one by one: a chain that is added later does not call the accepted sets into question by itself."""


def chains() -> list[ks.Scenario]:
    """The chains that the sets are judged on."""
    return [ks.load(name) for name in CHAINS]


def figures(sets: pd.DataFrame) -> dict[str, Figures]:
    """Published and simulated figures of every chain, by its title in English."""
    return {chain.title.en: figures_of_sets(chain, sets, SEED) for chain in chains()}


def default_set() -> pd.DataFrame:
    """The model as it is, so often that the luck in its means hardly counts."""
    return pd.DataFrame([{row.name: row.default for row in ASSUMPTIONS}] * 20)


def asked_for() -> dict[str, np.ndarray]:
    """Which figures of each chain are asked for: those for calibration that the default set does not miss."""
    asked = {}
    for name, part in figures(default_set()).items():
        together = Figures(
            part.names, part.published, part.tolerance, part.used_for, part.values.reshape(1, -1, len(part.names))
        )
        calibrated = np.array([use == CALIBRATION for use in part.used_for])
        asked[name] = calibrated & (together.implausibility()[0] <= CUTOFF)
    return asked


def fits_figures(sets: pd.DataFrame, asked: dict[str, np.ndarray]) -> np.ndarray:
    """Which sets no published figure rules out; a set that one chain rules out is not tried on the next."""
    kept = np.arange(len(sets))
    for chain in chains():
        if len(kept):
            part = figures_of_sets(chain, sets.iloc[kept], SEED)
            kept = kept[not_ruled_out(part.implausibility()[:, asked[chain.title.en]])]
    return np.isin(np.arange(len(sets)), kept)


def shows_patterns(sets: pd.DataFrame, seed: int) -> np.ndarray:
    """Which sets show enough of the patterns."""
    failing = np.zeros(len(sets), dtype=int)
    to_come = sum(map(len, STAGES))
    for stage in STAGES:
        left = np.flatnonzero((failing <= MOST_FAILING) & (failing + to_come > MOST_FAILING))
        to_come -= len(stage)
        if len(left):
            table = holds_in_sets(sets.iloc[left], RUNS, seed, chosen=patterns_named(stage))
            failing[left] += (~table.pivot(index="set", columns="pattern", values="holds").astype(bool)).sum(axis=1)
    return failing <= MOST_FAILING


def judged(sets: pd.DataFrame, asked: dict[str, np.ndarray], wave: int) -> tuple[np.ndarray, np.ndarray]:
    """Which sets fit the figures, and which of them the patterns too."""
    fit = fits_figures(sets, asked)
    both = np.zeros(len(sets), dtype=bool)
    places = np.flatnonzero(fit)
    for first in track(range(0, len(places), BATCH), description=f"patterns of {len(places)} sets"):
        batch = places[first : first + BATCH]
        both[batch] = shows_patterns(sets.iloc[batch], SEED + 1000 * wave + first)
    return fit, both


def waves(
    accepted: pd.DataFrame, first: int, asked: dict[str, np.ndarray], end: float
) -> Iterator[tuple[dict, pd.DataFrame]]:
    """One wave after the other: what it came to, and all sets accepted so far."""
    for wave in range(first, MOST_WAVES + 1):
        if time.monotonic() > end:
            return
        sets = drawn(accepted, wave)
        fit, both = judged(sets, asked, wave)
        accepted = pd.concat([accepted, sets[both]], ignore_index=True)
        row = {"wave": wave, "drawn": len(sets), "fit_figures": int(fit.sum()), "accepted": int(both.sum())}
        yield row | {"together": len(accepted)}, accepted
        if len(accepted) >= WANTED:
            return


def drawn(accepted: pd.DataFrame, wave: int) -> pd.DataFrame:
    """The sets of a wave."""
    if wave == 1 or not len(accepted):
        return sets_at(sample((wave - 1) * FIRST_WAVE, FIRST_WAVE, SEED))
    luck = np.random.default_rng([SEED, wave])
    return neighbours(accepted, LATER_WAVE, FRESH, luck)


def store(accepted: pd.DataFrame, waves: pd.DataFrame) -> None:
    """The accepted sets with where they come from, and the waves."""
    head = [
        f"# model {mark_of_model()}",
        f"# {len(accepted)} accepted sets of parameters; the rule and the command stand in history_matching.py",
        f"# chains: {', '.join(CHAINS)}",
    ]
    text = accepted.to_csv(index=False, float_format="%.5g", lineterminator="\n")
    ACCEPTED.write_text("\n".join(head) + "\n" + text, "utf-8")
    waves.to_csv(WAVES, index=False, lineterminator="\n")


def before() -> tuple[pd.DataFrame, pd.DataFrame]:
    """What has been accepted, for the model as it is now, and the waves it came from."""
    if not ACCEPTED.exists() or ACCEPTED.read_text("utf-8").splitlines()[0] != f"# model {mark_of_model()}":
        return pd.DataFrame(), pd.DataFrame()
    return pd.read_csv(ACCEPTED, comment="#"), pd.read_csv(WAVES)


def compared(accepted: pd.DataFrame, asked: dict[str, np.ndarray]) -> pd.DataFrame:
    """Every published figure beside the default set and the accepted sets, also those that were held back."""
    default, after = figures(default_set()), figures(accepted)
    rows = []
    for chain, part in after.items():
        means = part.values.mean(axis=1)
        low, middle, high = np.nanquantile(means, (0.1, 0.5, 0.9), axis=0)
        within = (np.abs(means - part.published) <= part.tolerance).mean(axis=0)
        default_mean = np.nanmean(default[chain].values, axis=(0, 1))
        for place, name in enumerate(part.names):
            rows.append(
                (chain, name, part.used_for[place], bool(asked[chain][place]), part.published[place], part.tolerance[place],
                 default_mean[place], low[place], middle[place], high[place], within[place])
            )  # fmt: skip
    names = [
        "chain",
        "indicator",
        "used_for",
        "asked",
        "published",
        "tolerance",
        "default",
        "p10",
        "p50",
        "p90",
        "within",
    ]
    return pd.DataFrame(rows, columns=names)


def go_on(again: bool, minutes: float) -> None:
    """Waves until there are enough sets or the time is over, then the comparison with every published figure."""
    WAVES.parent.mkdir(exist_ok=True)
    accepted, history = (pd.DataFrame(), pd.DataFrame()) if again else before()
    asked = asked_for()
    if len(accepted):
        accepted = accepted[fits_figures(accepted, asked)].reset_index(drop=True)
        store(accepted, history)
    if len(accepted) < WANTED:
        for row, together in waves(accepted, len(history) + 1, asked, time.monotonic() + 60 * minutes):
            accepted, history = together, pd.concat([history, pd.DataFrame([row])], ignore_index=True)
            store(accepted, history)
            print(row)
    if len(accepted):
        compared(accepted, asked).to_csv(FIGURES, index=False, float_format="%.4g", lineterminator="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Sets of parameters that satisfy patterns and published figures.")
    parser.add_argument("--minutes", type=float, default=600, help="begin no wave after so many minutes")
    parser.add_argument("--again", action="store_true", help="begin anew")
    given = parser.parse_args()
    go_on(given.again, given.minutes)
