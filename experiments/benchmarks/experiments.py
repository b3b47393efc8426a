"""What runner, store and result of an experiment cost on top of the engine, and how much memory they take.

    uv run python experiments/benchmarks/experiments.py                    overhead, some minutes
    uv run python experiments/benchmarks/experiments.py --threads          two threads beside one, in turns
    uv run python experiments/benchmarks/experiments.py --memory 1000000   largest memory at so many short runs

The overhead is told in processor time of one run of both, because machines are noisy. For plain Mesa under
``mesa.batch_run`` and AgentPy beside the engine see plain_agentpy.py.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

import ketensim as ks
from ketensim.experiment.points import ExperimentPlan
from ketensim.experiment.runner import run_shard
from ketensim.run.engine import summaries

TEXT = {"nl": "x", "en": "x"}
POINTS = 16
RUNS = 50
WORKERS = 2  # processor time is that of both
WEEKS = 148  # with the burn-in of 52: 200


def experiment(points: int, runs: int, weeks: int) -> ks.Experiment:
    """The reference chain at some values of one lever."""
    levels = np.linspace(0.0, 1.0, points).round(6).tolist()
    data = {"title": TEXT, "question": TEXT, "scenario": "reference", "levers": {"frame": levels}}
    return ks.Experiment.from_dict({**data, "runs": runs, "weeks": weeks})


def overhead(points: int, runs: int) -> None:
    """Processor time of the experiment beside that of the engine alone on the same runs."""
    ks.simulate("reference", runs=2, weeks=5)
    asked = experiment(points, runs, WEEKS)
    plan = ExperimentPlan(asked)
    start = time.process_time()
    for point in plan.points:
        summaries(plan.scenario(point), 0, runs, asked.seed, workers=WORKERS)
    engine = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        run_shard(asked, Path(folder) / "out", workers=WORKERS)
        whole = time.process_time() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet"))
    print(f"{points * runs} runs of 200 weeks: engine {engine:.1f} s, experiment {whole:.1f} s,")
    print(f"overhead {100 * (whole / engine - 1):.1f} %, on disk {size / points / runs / 1000:.1f} KB a run")


def threads(points: int, runs: int, rounds: int = 3) -> None:
    """Clock time of a whole experiment, store included, on one thread and on two, the best of some rounds."""
    ks.simulate("reference", runs=2, weeks=5)
    best = {1: float("inf"), 2: float("inf")}
    for _ in range(rounds):
        for workers in (1, 2):
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                run_shard(experiment(points, runs, WEEKS), Path(folder) / "out", workers=workers)
                best[workers] = min(best[workers], time.perf_counter() - start)
    print(
        f"{points * runs} runs of 200 weeks: one thread {best[1]:.1f} s, two {best[2]:.1f} s, {best[1] / best[2]:.2f} x"
    )


def memory(runs: int) -> None:
    """Largest memory at many short runs."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        run_shard(experiment(100, runs // 100, 1), Path(folder) / "out")
        seconds = time.perf_counter() - start
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{runs} runs of 53 weeks: largest memory {largest:.0f} MB, {seconds:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, help="so many runs instead")
    parser.add_argument("--threads", action="store_true", help="two threads beside one instead")
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    if given.memory:
        memory(given.memory)
    elif given.threads:
        threads(given.points, given.runs)
    else:
        overhead(given.points, given.runs)
