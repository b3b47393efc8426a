"""The baseline: what comes out of every chain, outcome by outcome, to the last bit.

``uv run python -m tests.test_baseline`` writes the stored table anew. A number in it may change only together with an
entry under "Changes the numbers" in CHANGELOG.md that says what moved, in which direction, and why.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import scenario_of, small

import ketensim as ks
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES

STORED = Path(__file__).with_name("baseline.csv")
SMALL = "two organisations"  # of the tests; runs in plain Python too
RUNS, RUNS_OF_SMALL, SEED = 12, 3, 11
RENEW = (
    "If this is meant, `uv run python -m tests.test_baseline` renews the table; "
    'CHANGELOG.md must tell why under "Changes the numbers".'
)


def mean(values: np.ndarray) -> float:
    """Mean of what is known. The sum is exact before it is rounded: no bit depends on numpy's order of adding."""
    known = values[~np.isnan(values)].tolist()
    return math.fsum(known) / len(known) if known else math.nan


def outcomes(chain: str) -> Iterator[tuple[str, float]]:
    """Outcome and value: of the chain the mean over the runs, of organisations also over weeks and organisations."""
    scenario = scenario_of(small()) if chain == SMALL else ks.load(chain)
    results = ks.simulate(scenario, runs=RUNS_OF_SMALL if chain == SMALL else RUNS, seed=SEED)
    for place, name in enumerate(OUTCOME_NAMES):
        yield name, mean(results.summary[:, place])
    for place, name in enumerate(ORGANISATION_OUTCOME_NAMES):
        yield f"organisations: {name}", mean(results.organisation_values[..., place])


def stored(chain: str) -> dict[str, float]:
    with STORED.open(newline="", encoding="utf-8") as file:
        return {row["outcome"]: float(row["value"]) for row in csv.DictReader(file) if row["chain"] == chain}


def moved(name: str, before: float, now: float) -> str:
    part = f", {(now - before) / before:+.2%}" if before and math.isfinite(before) else ""
    return f"{name}: {before!r} -> {now!r} ({now - before:+.3g}{part})"


@pytest.mark.parametrize(
    "chain", [SMALL, *(pytest.param(name, marks=pytest.mark.jit) for name in sorted(ks.scenarios()))]
)
def test_every_outcome_of_every_chain_is_what_it_was(chain: str) -> None:
    now, before = dict(outcomes(chain)), stored(chain)
    assert list(now) == list(before), f"{chain}: outcomes came or went. {RENEW}"
    changed = [moved(name, before[name], now[name]) for name in now if repr(now[name]) != repr(before[name])]
    assert changed == [], "\n".join([f"{chain}: {len(changed)} of {len(now)} outcomes moved. {RENEW}", *changed])


def renew() -> None:
    """Write the table anew."""
    with STORED.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("chain", "outcome", "value"))
        for chain in (SMALL, *sorted(ks.scenarios())):
            table.writerows((chain, name, repr(value)) for name, value in outcomes(chain))


if __name__ == "__main__":
    renew()
