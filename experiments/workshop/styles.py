"""What a chain shows in a workshop: the same room in five styles, year after year, with the measures that the screens show.

    uv run python experiments/workshop/styles.py            every chain, some three minutes on two cores
    uv run python experiments/workshop/styles.py NAME ...   some chains; the others keep what is stored of them

Every organisation is played by people who choose in one style in every round of four years, without agreements between
teams and without events of the plan; the runs, the luck and the measures are those of a room (``workshop.runs``). *Letting
go*: all room, administrators keep off. *Firm*: agreements in detail, permission only, intervene at once. *Careless*: the
lowest answer to every question. *Both*: firm agreements, much room and time for each other, one registration, managers who
bind, administrators keep off. *Nothing*: nobody chooses anything. Writes ``src/ketensim/workshop/game/ready/shown.csv``,
which the start page of the workshop and the docs read.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ketensim.run.kept_states import KeptStates
from ketensim.scenario import files
from ketensim.workshop.game.decisions import DECISIONS, starting_steps
from ketensim.workshop.game.plans import WorkshopPlan, longest_norm_of, neighbour_ties, ready_plan, starting_chain
from ketensim.workshop.runs.round_results import TableRun
from ketensim.workshop.runs.stretches import run_stretch, stretch_of
from ketensim.workshop.runs.table_half import ChainPlaces, half_of
from ketensim.workshop.runs.table_runs import PartChoices, with_choices
from ketensim.workshop.talk.debrief import FIRM, LETTING_GO

STORED = Path(__file__).parents[2] / "src/ketensim/workshop/game/ready/shown.csv"
ROUNDS = 4
RUNS = 60
STYLES: Mapping[str, Mapping[str, int]] = {
    "letting_go": LETTING_GO,
    "firm": FIRM,
    "nothing": {},
    "careless": dict.fromkeys(DECISIONS, 0),
    "both": {"steering": 3, "room": 3, "hours_together": 3, "information": 3, "hiring": 2, "after_incident": 3},
}
MEASURES = ("goal", "cost", "waiting")
COLUMNS = ("chain", "norm", "round", *(f"{measure}_{style}" for measure in MEASURES for style in STYLES))
DIFFERENCES = ("goal_apart", "goal_apart_low", "goal_apart_high", "waiting_apart")  # letting go minus firm


def measured_chains() -> list[str]:
    """The chains that are stored; one that was added later is measured when somebody asks for it."""
    rows = csv.DictReader(STORED.read_text("utf-8").splitlines())
    return sorted({row["chain"] for row in rows})


def plan_of(chain: str) -> WorkshopPlan:
    """Four years of a chain in which every question is open and nothing happens."""
    rounds = [{"open": list(DECISIONS)}] * ROUNDS
    return ready_plan("minutes_60").with_changes(chain=chain, runs=RUNS, rounds=rounds, own_events=False)


def measured(chain: str) -> list[dict[str, object]]:
    """A row per round."""
    plan = plan_of(chain)
    scenario, states = starting_chain(plan), KeptStates(2_000_000_000)
    start, places = starting_steps(scenario), ChainPlaces.of(scenario, neighbour_ties(files.dump(scenario)))
    tables = []
    for style in STYLES.values():
        steps = {name: {**own, **style} for name, own in start.items()}
        tables.append(with_choices(scenario, plan, start, [PartChoices(steps)] * (2 * ROUNDS)))
    rows = []
    for number in range(ROUNDS):
        parts = [run_stretch(tables, plan, stretch_of(plan, part), states) for part in (2 * number, 2 * number + 1)]
        halves = [[half_of(run, places) for run in part] for part in parts]
        runs = [TableRun((halves[0][table], halves[1][table]), parts[1][table].cohorts) for table in range(len(tables))]
        row: dict[str, object] = {"chain": chain, "norm": longest_norm_of(scenario), "round": number + 1}
        for style, run in zip(STYLES, runs, strict=True):
            row[f"goal_{style}"] = round(100 * float(np.nanmean(run.goals)), 2)
            row[f"cost_{style}"] = round(float(np.nanmean(run.costs)))
            row[f"waiting_{style}"] = round(float(run.halves[-1].waiting[-1].sum()), 1)
        rows.append(row | apart(runs[0], runs[1]))
    return rows


def apart(free: TableRun, firm: TableRun) -> dict[str, float]:
    """Letting go minus firm: points of goal realisation with the 95 % interval, and waiting cases in per cent of firm."""
    difference = 100 * (free.goals - firm.goals)
    difference = difference[~np.isnan(difference)]
    half = 1.96 * float(difference.std(ddof=1)) / len(difference) ** 0.5
    mean = float(difference.mean())
    waiting, before = (float(run.halves[-1].waiting[-1].sum()) for run in (free, firm))
    ends = (round(mean, 2), round(mean - half, 2), round(mean + half, 2), round(100 * (waiting / before - 1), 1))
    return dict(zip(DIFFERENCES, ends, strict=True))


def store(measured_now: list[dict[str, object]]) -> None:
    """Write the rows of some chains beside those that were measured before, in the order of the chains."""
    names, order = {str(row["chain"]) for row in measured_now}, list(files.names())
    known = list(csv.DictReader(STORED.read_text("utf-8").splitlines())) if STORED.exists() else []
    rows: list[dict[str, object]] = [dict(row) for row in known if row["chain"] in order and row["chain"] not in names]
    rows += measured_now
    rows.sort(key=lambda row: (order.index(str(row["chain"])), int(str(row["round"]))))
    with STORED.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [*COLUMNS, *DIFFERENCES], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(names: list[str]) -> None:
    """Measure some chains, or all, and store each as soon as it is known."""
    for name in names or list(files.names()):
        print(name, flush=True)
        store(measured(name))


if __name__ == "__main__":
    main(sys.argv[1:])
