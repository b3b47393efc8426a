"""Figures for the professor's three questions, over all accepted sets of parameters.

    uv run python experiments/three_questions/three_questions.py     some ten minutes on two cores

Writes ``results/letting_go.csv`` (what more room and fewer interventions do, in different circumstances),
``results/capacity.csv`` (capacity against the six conditions together) and ``results/bands.csv`` (how much of the width of
each chain's band is parameters and how much is luck). Every set of ``experiments/history_matching/accepted.csv`` is run
twice in every cell, on equal luck, so that a difference holds what is not known about the model as well as luck. Each
difference is computed again on a second seed; ``again`` is its mean there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track

import ketensim as ks
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.accepted import RUNS_PER_SET, accepted
from ketensim.run.engine import summaries
from ketensim.scenario.files import from_dict

RESULTS = Path(__file__).parent / "results"
SEED = 30
SECOND_SEED = 31
GOAL = OUTCOME_NAMES.index("goal_realisation")
CHAINS = ("asiel", "jeugdbescherming", "ouderenzorg", "reference", "schuldhulp", "strafrecht")
"""The ordinary chain and those that the accepted sets were judged on."""
DRIFT = {"steward": 0.0, "agent": 0.1}  # per week; drift into own work when nobody looks, in every organisation
FRAME = {"without_frame": 0.1, "with_frame": 0.9}
HARD = {"few_hard": 0.1, "many_hard": 0.6}  # share of the cases that fit no standard
ROOM = (0.2, 0.8)
LEVEL = {"low": 0.25, "high": 0.75}  # of all levers together
CAPACITY = {"less": 0.9, "more": 1.1}


def goals(scenario: ks.Scenario, sets: pd.DataFrame) -> np.ndarray:
    """Goal realisation [seed, set], mean over two runs."""
    runs = [summaries(scenario, 0, RUNS_PER_SET * len(sets), seed, parameters=sets) for seed in (SEED, SECOND_SEED)]
    return np.array([values[:, GOAL].reshape(len(sets), RUNS_PER_SET).mean(axis=1) for values in runs])


def with_drift(scenario: ks.Scenario, drift: float) -> ks.Scenario:
    """The chain with the same drift in every organisation."""
    data = scenario.model_dump(by_alias=True)
    return from_dict(data | {"organisations": [dict(row) | {"drift": drift} for row in data["organisations"]]})


def difference_row(question: str, circumstances: str, differences: np.ndarray) -> dict[str, object]:
    """A paired difference over the sets: mean, middle 80 %, share of the sets in which it is above 0, mean on the second seed.

    ``differences`` is an array [seed, set].
    """
    difference, again = differences
    low, high = np.quantile(difference, (0.1, 0.9))
    half = 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))
    return {
        "question": question, "circumstances": circumstances, "sets": len(difference), "mean": difference.mean(),
        "half_width": half, "p10": low, "p90": high, "better": np.mean(difference > 0),
        "again": again.mean(),
    }  # fmt: skip


def letting_go(sets: pd.DataFrame) -> pd.DataFrame:
    """More room, with and without a frame, few and many hard cases; and no interventions, stewards and drifters."""
    base, rows = ks.load("reference"), []
    for frame_name, frame in track(FRAME.items(), description="room"):
        for hard_name, hard in HARD.items():
            low, high = (base.with_context(non_standard=hard).with_levers(frame=frame, room=room) for room in ROOM)
            rows.append(difference_row("room", f"{frame_name} {hard_name}", goals(high, sets) - goals(low, sets)))
    for drift_name, drift in track(DRIFT.items(), description="interventions"):
        chain = with_drift(base, drift)
        rows.append(
            difference_row(
                "no_intervention",
                drift_name,
                goals(chain.with_parameters(intervene_most=0.0), sets) - goals(chain, sets),
            )
        )
    return pd.DataFrame(rows)


def capacity(sets: pd.DataFrame) -> pd.DataFrame:
    """A tenth less and more capacity, at low and high levers; and the levers together, at both capacities."""
    base = ks.load("reference")
    of = {
        (size_name, level_name): goals(
            base.with_context(capacity=size).with_levers(**dict.fromkeys(LEVER_NAMES, level)), sets
        )
        for size_name, size in CAPACITY.items()
        for level_name, level in LEVEL.items()
    }
    rows = [difference_row("capacity", level, of["more", level] - of["less", level]) for level in LEVEL]
    rows += [difference_row("levers", size, of[size, "high"] - of[size, "low"]) for size in CAPACITY]
    both = of["more", "high"] - of["more", "low"] - of["less", "high"] + of["less", "low"]
    return pd.DataFrame([*rows, difference_row("together", "", both)])


def bands(sets: pd.DataFrame) -> pd.DataFrame:
    """Per chain the band of goal realisation with the default set and with the accepted sets, and what it is made of."""
    rows = []
    for name in track(CHAINS, description="bands"):
        chain = ks.load(name)
        luck = ks.simulate(chain, RUNS_PER_SET * len(sets), SEED, weekly=False).summary[:, GOAL]
        drawn = ks.simulate(chain, RUNS_PER_SET * len(sets), SEED, weekly=False, parameters=sets)
        rows.append(
            (name, len(sets), *np.quantile(luck, (0.1, 0.5, 0.9)), *np.quantile(drawn.summary[:, GOAL], (0.1, 0.5, 0.9)),
             drawn.parameter_share("goal_realisation"))
        )  # fmt: skip
    names = ["chain", "sets", "luck_p10", "luck_p50", "luck_p90", "p10", "p50", "p90", "parameters"]
    return pd.DataFrame(rows, columns=names)


if __name__ == "__main__":
    RESULTS.mkdir(exist_ok=True)
    for make in (letting_go, capacity, bands):
        make(accepted()).to_csv(RESULTS / f"{make.__name__}.csv", index=False, float_format="%.4g", lineterminator="\n")
