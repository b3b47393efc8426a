"""What runner, store and result of an experiment cost on top of the engine, and how much memory they take.

    uv run python experiments/benchmarks/experiments.py                    overhead, some minutes
    uv run python experiments/benchmarks/experiments.py --threads          two threads beside one, in turns
    uv run python experiments/benchmarks/experiments.py --memory 1000000   largest memory at so many short runs
    uv run python experiments/benchmarks/experiments.py --commands         what each command costs, and ten million runs on paper

The overhead is told in processor time of one run of both, because machines are noisy. For plain Mesa under
``mesa.batch_run`` and AgentPy beside the engine see plain_agentpy.py.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
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
SHORT_WEEKS = 20  # with the burn-in: 72
COMMANDS = (200, 100)  # combinations, and runs of each
ON_PAPER = 10_000_000
PROCESSORS = (1, 8, 64)
HOUR = 3600


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


def cost(*words: str) -> tuple[float, float]:
    """Processor seconds of a command as a process of its own, and its largest memory in MB."""
    command = [sys.executable, "-m", "ketensim.cli", *words, "--lang", "en"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(words)}: exit status {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def commands(points: int, runs: int, weeks: int) -> None:
    """Each command of a real experiment, and what ten million runs of that kind would then take; none of those is run."""
    ks.simulate("reference", runs=2, weeks=5)
    factors = {"frame": {"from": 0, "to": 1}, "room": {"from": 0, "to": 1}}
    data = {"title": TEXT, "question": TEXT, "scenario": "reference", "levers": factors, "weeks": weeks, "runs": runs}
    asked = ks.Experiment.from_dict({**data, "design": {"kind": "latin_hypercube", "points": points}})
    plan, number = ExperimentPlan(asked), points * runs
    some = plan.points[:: max(1, points // 20)]
    start = time.process_time()
    for point in some:
        summaries(plan.scenario(point), 0, runs, asked.seed, workers=WORKERS)
    engine = (time.process_time() - start) / len(some) / runs
    print(f"{number} runs ({points} combinations of {runs}) of {weeks} weeks after the burn-in, in processor time")
    print(f"- the engine alone: {1000 * engine:.2f} ms a run ({len(some) * runs} of them)")
    with tempfile.TemporaryDirectory() as folder:
        file, out, store = (str(Path(folder) / name) for name in ("asked.yaml", "out", "runs"))
        Path(file).write_text(asked.dump(), encoding="utf-8")
        run = ("experiment", file, "--out", out, "--store", store, "--workers", str(WORKERS))
        seconds, _ = cost(*run)
        print(f"- experiment: {seconds:.1f} s, {1000 * seconds / number:.2f} ms a run")
        for name, words in (("the same again", run), ("analyse", ("analyse", out)), ("verify", ("verify", out))):
            print("- {}: {:.1f} s, largest memory {:.0f} MB".format(name, *cost(*words)))
        stored, tables = (
            sum(f.stat().st_size for f in Path(part).glob("**/*.parquet")) / number for part in (store, out)
        )
    print(f"- a run on disk: {stored:.0f} bytes in the store, {tables:.0f} in the tables")
    hours = [f"{seconds / number * ON_PAPER / processors / HOUR:.2f} h on {processors}" for processors in PROCESSORS]
    sizes = [f"{size * ON_PAPER / 1e9:.1f} GB" for size in (stored, tables)]
    print(f"on paper, {ON_PAPER:,} such runs: {', '.join(hours)}; store {sizes[0]}, tables {sizes[1]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, help="so many runs instead")
    parser.add_argument("--threads", action="store_true", help="two threads beside one instead")
    parser.add_argument("--commands", action="store_true", help="each command, and ten million runs on paper, instead")
    parser.add_argument("--points", type=int, default=None)
    parser.add_argument("--runs", type=int, default=None)
    parser.add_argument("--weeks", type=int, default=SHORT_WEEKS, help="reported weeks, with --commands")
    given = parser.parse_args()
    usual = COMMANDS if given.commands else (POINTS, RUNS)
    size = (given.points or usual[0], given.runs or usual[1])
    if given.commands:
        commands(*size, given.weeks)
    elif given.memory:
        memory(given.memory)
    elif given.threads:
        threads(*size)
    else:
        overhead(*size)
