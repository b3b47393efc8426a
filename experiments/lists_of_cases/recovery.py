"""Can a chain be found again from the list of cases that it made? Every shipped chain, written as a list and imported.

    uv run python experiments/lists_of_cases/recovery.py        (some minutes)

Writes ``recovery.csv`` beside it: per chain and quantity how many numbers lie within a tenth of what made the list, and the
largest difference. Arrivals are laid beside what arrived in the run (a scenario's own number leaves its waves out), routes
beside the scenario where at least a hundred cases took the step, stays beside the scenario where at least a hundred stayed.

Capacity in hours cannot be seen in a list, only beside the work: the load, the share of the hours for cases that was needed.
It is laid beside the load in the very run that made the list, over the weeks by which the chain was set: within a tenth, and
whether it lies within the limits that the import states (``in_range``); once for all organisations, and once for those of
which the import says that the list tells it (``capacity_told``). What no arithmetic can mend is counted too: organisations
that were full in at least a tenth of those weeks (``capacity_full``), so that there was something to see, and the others
(``capacity_not_full``); a list does not hold that, only the run that made it does. Seeds 1 and 2 are those by which our
assumptions were chosen (``log_throughput.py``, ``log_order.py``); nobody had seen the lists of the others when all was fixed.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

import ketensim as ks
from ketensim.foundation.luck import MOST_RUNS
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES
from ketensim.logs.event_log import log_of_rows
from ketensim.logs.imported_chain import ImportedChain
from ketensim.logs.log_columns import FIELDS
from ketensim.logs.log_figures import parts_of_period
from ketensim.logs.simulated_logs import simulated_log
from ketensim.run.replications import Ensemble, Keep, replicate
from ketensim.scenario import flow
from ketensim.scenario.content import USES
from ketensim.views.imported.log_words import chain_of_log

HERE = Path(__file__).parent
NEAR = 0.1
ENOUGH = 100  # cases behind a number
SEEDS = (1, 2, 4, 5, 6, 7)
FULL = 0.95  # of the hours for cases that were used in a week, above which people had more to do than they could
OFTEN = 0.1  # of the weeks
UTILISATION = ORGANISATION_OUTCOME_NAMES.index("utilisation")
COLUMNS = ("seed", "chain", "quantity", "numbers", "within_a_tenth", "in_range", "largest_difference", "which")


def true_loads(known: ks.Scenario, made: ImportedChain, seed: int) -> tuple[dict[str, float], set[str]]:
    """The load of each organisation in the run that made a list, over the weeks that set the chain; and which were often full."""
    keep = Keep(organisations=MOST_RUNS, weeks=(0, known.weeks))
    busy = replicate(Ensemble.of(known, seed), keep, 0, 1).organisations[0, :, :, UTILISATION]
    later = round((made.weeks.start - known.start).days / 7)
    part = parts_of_period(made.weeks)[USES[0]]
    weekly = busy[max(0, later + part.start) : later + part.stop]
    names = [part.id for part in known.organisations]
    often = np.mean(weekly >= FULL, axis=0) >= OFTEN
    full = {name for name, so in zip(names, often, strict=True) if so}
    return dict(zip(names, np.nanmean(weekly, axis=0).tolist(), strict=True)), full


def compared(name: str, seed: int) -> list[tuple[object, ...]]:
    known = ks.load(name)
    table = simulated_log(known, seed)
    made = chain_of_log(log_of_rows(table, dict.fromkeys(FIELDS, "")), name)
    found = made.chain
    order = {part.id: place for place, part in enumerate(found.organisations)}
    kinds = {part.id: place for place, part in enumerate(found.case_types)}
    first = table.groupby("case").head(1)
    week = (first.start.to_numpy() - np.datetime64(made.weeks.start)) / np.timedelta64(7, "D")
    inside = first[(week >= 0) & (week < made.weeks.weeks)]
    pairs: dict[str, list[tuple[float, float, str]]] = {
        "arrivals": [],
        "routes": [],
        "stays": [],
        "capacity": [],
        "capacity_told": [],
        "capacity_full": [],
        "capacity_not_full": [],
    }
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
    truth, full = true_loads(known, made, seed)
    in_range = dict.fromkeys((name for name in pairs if name.startswith("capacity")), 0)
    for part in known.organisations:
        if part.id not in order:
            continue
        load, told = float(made.capacity.load[order[part.id]]), made.capacity.loads[order[part.id]]
        shown = "capacity_full" if part.id in full else "capacity_not_full"
        for quantity in ("capacity", "capacity_told", shown) if told.told else ("capacity", shown):
            pairs[quantity].append((1.0 / truth[part.id], 1.0 / max(load, 1e-9), part.id))
            in_range[quantity] += told.low <= truth[part.id] <= told.high
    rows: list[tuple[object, ...]] = []
    for quantity, three in pairs.items():
        if not three:
            continue
        off = [abs(one - other) / max(one, 1.0 if quantity == "stays" else 1e-9) for one, other, _ in three]
        worst = int(np.argmax(off))
        rows.append((seed, name, quantity, len(three), int(sum(part <= NEAR for part in off)), in_range.get(quantity, ""),
                     f"{off[worst]:.3f}", three[worst][2]))  # fmt: skip
    return rows


def main(names: list[str]) -> None:
    rows = []
    for seed in SEEDS:
        for name in names or ks.scenarios():
            found = compared(name, seed)
            rows += found
            print(*found, sep="\n", flush=True)
    if not names:
        with (HERE / "recovery.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main(sys.argv[1:])
