"""Can a chain be found again from the list of cases that it made? Every shipped chain, written as a list and imported.

    uv run python experiments/lists_of_cases/recovery.py        (some minutes)

Writes ``recovery.csv`` beside it: per chain and quantity how many numbers lie within a tenth of what made the list, and the
largest difference. Arrivals are laid beside what arrived in the run (a scenario's own number leaves its waves out), routes
beside the scenario where at least a hundred cases took the step, stays beside the scenario where at least a hundred stayed.
Capacity is in cases a week in calm times: within a tenth, and whether it lies in the range that was not ruled out.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

import ketensim as ks
from ketensim.logs.event_log import log_of_rows
from ketensim.logs.log_columns import FIELDS
from ketensim.logs.simulated_logs import simulated_log
from ketensim.scenario import flow
from ketensim.scenario.workload import workload
from ketensim.views.imported.log_words import chain_of_log

HERE = Path(__file__).parent
NEAR = 0.1
ENOUGH = 100  # cases behind a number
SEED = 1
COLUMNS = ("chain", "quantity", "numbers", "within_a_tenth", "in_range", "largest_difference", "which")


def per_week(chain: ks.Scenario) -> dict[str, float]:
    """Cases a week that each organisation can do in calm times."""
    work = workload(chain)
    return {
        part.id: float(cases.sum() / load) if load > 0 else np.inf
        for part, cases, load in zip(chain.organisations, work.cases, work.utilisation, strict=True)
    }


def compared(name: str) -> list[tuple[object, ...]]:
    known = ks.load(name)
    table = simulated_log(known, SEED)
    made = chain_of_log(log_of_rows(table, dict.fromkeys(FIELDS, "")), name)
    found = made.chain
    order = {part.id: place for place, part in enumerate(found.organisations)}
    kinds = {part.id: place for place, part in enumerate(found.case_types)}
    first = table.groupby("case").head(1)
    week = (first.start.to_numpy() - np.datetime64(made.weeks.start)) / np.timedelta64(7, "D")
    inside = first[(week >= 0) & (week < made.weeks.weeks)]
    pairs: dict[str, list[tuple[float, float, str]]] = {"arrivals": [], "routes": [], "stays": [], "capacity": []}
    for part in known.case_types:
        if part.id in kinds:
            came = float((inside.case_type == part.id).sum()) / made.weeks.weeks
            pairs["arrivals"].append((came, found.case_types[kinds[part.id]].arrivals.value * made.scale, part.id))
    route, again = flow.routes(known), flow.routes(found)
    for kind, part in enumerate(known.case_types):
        for source, giver in enumerate(known.organisations):
            for target, receiver in enumerate(known.organisations):
                share = route[kind, source, target]
                if {giver.id, receiver.id} <= set(order) and part.id in kinds and share > 0:
                    seen = made.shares.visits[order[giver.id], kinds[part.id]] * share
                    if seen >= ENOUGH:
                        pairs["routes"].append(
                            (share, again[kinds[part.id], order[giver.id], order[receiver.id]],
                             f"{part.id}: {giver.id} > {receiver.id}")
                        )  # fmt: skip
    for giver in known.organisations:
        for part in known.case_types:
            if giver.id in order and part.id in kinds and made.shares.visits[order[giver.id], kinds[part.id]] >= ENOUGH:
                stay = giver.stay.of(part.id)
                again_stay = found.organisations[order[giver.id]].stay.of(part.id)
                pairs["stays"].append(
                    (
                        0.0 if stay is None else stay.value,
                        0.0 if again_stay is None else again_stay.value,
                        f"{giver.id}: {part.id}",
                    )
                )
    can, could = per_week(known), per_week(found)
    in_range = 0
    for part in known.organisations:
        if part.id in order:
            place = order[part.id]
            pairs["capacity"].append((can[part.id], could[part.id] * made.scale, part.id))
            unit = could[part.id] * made.scale / made.capacity.best[place]
            in_range += made.capacity.low[place] * unit <= can[part.id] <= made.capacity.high[place] * unit
    rows: list[tuple[object, ...]] = []
    for quantity, three in pairs.items():
        off = [abs(one - other) / max(one, 1.0 if quantity == "stays" else 1e-9) for one, other, _ in three]
        worst = int(np.argmax(off))
        rows.append((name, quantity, len(three), sum(part <= NEAR for part in off),
                     in_range if quantity == "capacity" else "", f"{off[worst]:.3f}", three[worst][2]))  # fmt: skip
    return rows


def main(names: list[str]) -> None:
    rows = []
    for name in names or ks.scenarios():
        rows += compared(name)
        print(*rows[-4:], sep="\n", flush=True)
    if not names:
        with (HERE / "recovery.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main(sys.argv[1:])
