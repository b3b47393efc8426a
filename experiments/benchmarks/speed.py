"""How fast the engine is, beside its peers in the same run; machines are noisy, so ratios count.

    uv run python experiments/benchmarks/speed.py            all but memory, some minutes
    uv run python experiments/benchmarks/speed.py --memory   100,000 runs, largest memory

Prints Markdown tables; docs/en/speed.md holds one such run.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import ketensim as ks

HERE = Path(__file__).parent
ROUNDS = 5


def rate(runs: int, workers: int, scenario: ks.Scenario) -> float:
    """Runs per second with summaries and weekly bands."""
    start = time.perf_counter()
    ks.simulate(scenario, runs=runs, seed=1, weekly=False, workers=workers)
    return runs / (time.perf_counter() - start)


def best_rate(runs: int, workers: int, scenario: ks.Scenario) -> float:
    """The best rate of some rounds."""
    return max(rate(runs, workers, scenario) for _ in range(ROUNDS))


def c_loop(folder: str) -> Path | None:
    """The hand-written loop as a program, when there is a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    program = Path(folder) / "c_loop"
    subprocess.run([compiler, "-O2", str(HERE / "c_loop.c"), "-o", str(program), "-lm"], check=True)
    return program


def c_loop_rate(program: Path, processes: int) -> float:
    """Runs per second of so many copies of the hand-written loop at the same time, together."""
    started = [subprocess.Popen([program, "200"], stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    return sum(1.0 / float(copy.communicate()[0].split()[0]) for copy in started)


def ensembles() -> None:
    """Rates on the reference chain: engine, C loop, plain Mesa; in turns, because machines are noisy."""
    reference = ks.load("reference")
    best: dict[str, float] = {}

    def measured(name: str, found: float) -> None:
        best[name] = max(best.get(name, 0.0), found)

    with tempfile.TemporaryDirectory() as folder:
        program = c_loop(folder)
        for _ in range(ROUNDS):
            measured("engine, one thread", rate(400, 1, reference))
            measured("engine, two threads", rate(800, 2, reference))
            if program is not None:
                measured("hand-written C loop over the same events, one process", c_loop_rate(program, 1))
                measured("the same, two processes at once", c_loop_rate(program, 2))
    one = best["engine, one thread"]
    print("| reference chain, 52 + 208 weeks, 50 arrivals a week | runs/s | to the engine on one thread |")
    print("|---|---|---|")
    for name, found in best.items():
        print(f"| {name} | {found:.0f} | {found / one:.2f} |")
    sys.path.insert(0, str(HERE))
    from plain_mesa import plain_mesa_rate

    plain = plain_mesa_rate()
    print(f"| plain Mesa, `batch_run`, one process | {plain:.3f} | 1 / {one / plain:.0f} |")


def organisations() -> None:
    """Cost against the number of organisations in a row; arrivals stay the same."""
    print("\n| organisations in a row | links | visits a week | ms a run | us a visit |\n|---|---|---|---|---|")
    for number in (3, 6, 12, 25, 50):
        scenario = row_of(number)
        results = ks.simulate(scenario, runs=4, seed=1, workers=1)
        visits = results.organisations["served"].sum() / 4 / scenario.weeks
        rate = best_rate(40, 1, scenario)
        weeks = scenario.weeks + scenario.burn_in
        print(f"| {number} | {number - 1} | {visits:.0f} | {1000 / rate:.1f} | {1e6 / rate / visits / weeks:.3f} |")


def row_of(number: int) -> ks.Scenario:
    """A chain of so many organisations one after the other, with half of the cases going on at each."""
    data = ks.load("reference").model_dump(mode="json", by_alias=True, exclude_none=True)
    first = data["organisations"][0]
    types = [row["id"] for row in data["case_types"]]
    data["organisations"] = [
        first | {"id": f"O{place}", "places": None, "hours_per_case": 8.0, "stay": 0, "fte": 40}
        for place in range(number)
    ]
    for organisation in data["organisations"]:
        organisation.pop("places")
    data["links"] = [{"from": f"O{place}", "to": f"O{place + 1}", "share": 0.97} for place in range(number - 1)]
    data["case_types"] = [row | {"entry": "O0", "norm": 60, "drop_after": 150} for row in data["case_types"]]
    assert types
    from ketensim.scenario import files

    return files.from_dict(data)


def memory(runs: int) -> None:
    """Largest memory of an ensemble that keeps summaries and bands."""
    start = time.perf_counter()
    ks.simulate("reference", runs=runs, seed=1)
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{runs} runs in {time.perf_counter() - start:.0f} s, at most {largest:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--runs", type=int, default=100_000)
    chosen = parser.parse_args()
    ks.simulate("reference", runs=2, seed=1)
    if chosen.memory:
        memory(chosen.runs)
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    ensembles()
    organisations()


if __name__ == "__main__":
    main()
