"""How far the effect of few runs lies from that of all 200, as Explore shows it while a hand drags.

    uv run python experiments/benchmarks/few_runs.py jeugdbescherming asiel --moves 24

Each move puts one lever, the plane of frame and room, or several levers somewhere; of its 200 runs so many are drawn at random
forty times, and estimated as the page does, beside all runs of the chain without the move. Some two minutes a chain.
"""

from __future__ import annotations

import argparse

import numpy as np

from ketensim.app.curves import GOAL
from ketensim.app.explore.computing import ALL_RUNS, FIRST_RUNS, LEAST_RUNS
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.estimate import Estimate
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.kept_states import KeptStates
from ketensim.run.replications import Keep

DRAWN = 40
HALF_A_POINT = 0.005
MOST_BYTES = 900_000_000  # of kept burn-ins


def goal(setting: Setting, states: KeptStates) -> np.ndarray:
    """Goal realisation of every run."""
    ensemble = GrowingEnsemble(scenario_of(setting), 1, keep=Keep(), states=states)
    ensemble.grow(ALL_RUNS)
    return ensemble.replications.summary[:, GOAL]


def moved(start: Setting, luck: np.random.Generator) -> Setting:
    """One lever elsewhere, the plane, or three levers and more."""
    kind = luck.random()
    several = luck.choice(LEVER_NAMES, luck.integers(3, len(LEVER_NAMES) + 1), replace=False)
    for name in [luck.choice(LEVER_NAMES)] if kind < 0.6 else ["frame", "room"] if kind < 0.85 else several:
        start = start.with_lever(str(name), round(float(luck.random()), 2))
    return start


def main() -> None:
    """Measure each chain."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("chains", nargs="+")
    asked.add_argument("--moves", type=int, default=24)
    given = asked.parse_args()
    for chain in given.chains:
        luck, states, start = np.random.default_rng(7), KeptStates(MOST_BYTES), Setting(chain=chain)
        before = goal(start, states)
        differences = [goal(moved(start, luck), states) - before for _ in range(given.moves)]
        for runs in (LEAST_RUNS, FIRST_RUNS):
            errors = []
            for _ in range(DRAWN):
                order = luck.permutation(ALL_RUNS)
                for difference in differences:
                    found = Estimate.of_mean_beside(difference[order][:runs], before[order])
                    errors.append(abs(found.mean - difference.mean()))
            share, largest = np.mean(np.array(errors) <= HALF_A_POINT), 100 * np.quantile(errors, 0.95)
            print(f"{chain}, {runs} runs: {share:.0%} within half a point; 95 of 100 within {largest:.2f} points")


if __name__ == "__main__":
    main()
