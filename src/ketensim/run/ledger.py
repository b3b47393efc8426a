"""Where cases went, where that arose, and what it cost: tables from what an ensemble keeps of its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.outcome_table import (
    CASE_TYPE_OUTCOME_NAMES,
    FAULTS,
    HOUR_GROUPS,
    LOSSES,
    ORGANISATION_OUTCOME_NAMES,
    OUTCOME_NAMES,
    REASONS,
    Outcome,
)
from ketensim.foundation.rows import HOURS

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float64]
LEDGER: Final[dict[str, str]] = {"realised": "goal_realisation"} | {
    name.removeprefix("loss_"): name for name in LOSSES
}  # name in the ledger: the outcome
ALL_REASONS: Final[dict[str, str]] = {name.removeprefix("reason_"): name for name in REASONS}  # the same, per reason
HUNDRED: Final = 100.0  # cases; what a ledger counts of
ARRIVED: Final = CASE_TYPE_OUTCOME_NAMES.index("arrived")
COSTS: Final = ORGANISATION_OUTCOME_NAMES.index("costs")


def ledger_table(values: Values, outcomes: Mapping[str, str], **before: NDArray[np.int64]) -> pd.DataFrame:
    """What became of every 100 cases.

    Parameters
    ----------
    values : array [row, outcome], in the order of OUTCOMES
    outcomes : LEDGER, by the first reason, or ALL_REASONS
    before : columns that come first

    Returns
    -------
    DataFrame the columns that come first, and one per name in ``outcomes``; cases of every 100 that arrived
    """
    import pandas as pd

    columns = [OUTCOME_NAMES.index(outcome) for outcome in outcomes.values()]
    table = pd.DataFrame(HUNDRED * values[:, columns], columns=list(outcomes))
    for place, (name, column) in enumerate(before.items()):
        table.insert(place, name, column)
    return table


def labelled(values: Values, part: str, ids: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    """An array [run, week, part, outcome] as rows: run, week, the part by its id, and one column per outcome."""
    import pandas as pd

    runs, weeks, parts, _ = values.shape
    table = pd.DataFrame(values.reshape(runs * weeks * parts, -1), columns=list(names))
    rows = pd.Categorical.from_codes(np.tile(np.arange(parts), runs * weeks), pd.Index(ids))
    table.insert(0, "run", np.repeat(np.arange(runs), weeks * parts))
    table.insert(1, "week", np.tile(np.repeat(np.arange(weeks), parts), runs))
    table.insert(2, part, pd.Series(rows))
    return table


def per_run(values: Values, ids: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    """An array [run, organisation, column] as rows: run, organisation by its id, and the columns."""
    import pandas as pd

    runs, parts, _ = values.shape
    table = pd.DataFrame(values.reshape(runs * parts, -1), columns=list(names))
    table.insert(0, "run", np.repeat(np.arange(runs), parts))
    rows = pd.Categorical.from_codes(np.tile(np.arange(parts), runs), pd.Index(ids))
    table.insert(1, "organisation", pd.Series(rows))
    return table


def faults_of(organisations: Values) -> Values:
    """Where the first reason arose of the cases that left off the goal.

    Parameters
    ----------
    organisations : array [run, week, organisation, outcome]

    Returns
    -------
    array [run, organisation, fault], in the order of FAULTS; cases of every 100 that left the chain, closed or dropped
    """
    places = [ORGANISATION_OUTCOME_NAMES.index(name) for name in FAULTS]
    left = organisations[..., [ORGANISATION_OUTCOME_NAMES.index(name) for name in ("closed", "dropped")]].sum(
        axis=(1, 2, 3)
    )
    share = HUNDRED / np.where(left > 0, left, np.nan)
    return np.asarray(organisations[..., places].sum(axis=1) * share[:, None, None])


def costs_of(organisations: Values) -> Values:
    """What each organisation cost, and for what: its pay is shared out over its hours, week by week.

    Parameters
    ----------
    organisations : array [run, week, organisation, outcome]

    Returns
    -------
    array [run, organisation, 1 + group of hours]; euros over the whole period: all of them, and per HOUR_GROUPS. Who is
    absent is paid as well, for what the others do
    """
    places = {name: ORGANISATION_OUTCOME_NAMES.index(name) for name in HOURS}
    costs = organisations[..., COSTS]
    hours = sum(organisations[..., place] for place in places.values())
    tariff = np.divide(costs, hours, out=np.zeros_like(costs), where=np.asarray(hours) > 0)
    uses = [
        sum((tariff * organisations[..., places[name]]).sum(axis=1) for name in names) for names in HOUR_GROUPS.values()
    ]
    return np.stack([costs.sum(axis=1), *uses], axis=-1)


def over_the_period(values: Values, table: Sequence[Outcome]) -> Values:
    """One number per run and part, from its weeks.

    Parameters
    ----------
    values : array [run, week, part, outcome]
    table : the outcomes; ``summary`` says how: mean or sum of the weeks with a value, or for cohorts all cases together

    Returns
    -------
    array [run, part, outcome]; not-a-number where no week has a value (a sum is 0 there)
    """
    found = np.empty((values.shape[0], *values.shape[2:]))
    for place, row in enumerate(table):
        weeks = values[..., place]
        known = ~np.isnan(weeks)
        weight = values[..., ARRIVED] if row.summary == "cohorts" else np.ones_like(weeks)
        total = np.where(known, np.nan_to_num(weeks) * weight, 0.0).sum(axis=1)
        number = np.where(known, weight, 0.0).sum(axis=1)
        if row.summary != "sum":
            total = np.divide(total, number, out=np.full_like(total, np.nan), where=number > 0)
        found[..., place] = total
    return found
