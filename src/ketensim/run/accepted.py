"""Sets of parameters that may all be true: drawn from in a run, so that bands hold what is not known about the model.

The accepted set holds the parameter sets that satisfy the patterns and the published figures within their tolerances
(history matching; the recipe stands in ``experiments/history_matching/``). Two consecutive runs share a set and differ in
luck only, so that the spread over the runs can be split into what luck does and what the parameters do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.parameters import BY_NAME, PARAMETER_DTYPE
from ketensim.scenario import build
from ketensim.scenario.problems import nearest
from ketensim.scenario.schema import Scenario
from ketensim.scenario.shipped import shipped_path

if TYPE_CHECKING:
    import pandas as pd

ACCEPTED: Final = "accepted"
FILE: Final = "accepted.csv"
RUNS_PER_SET: Final = 2  # the fewest that tell luck from parameters
LEAST_PAIRS: Final = 3


def set_of(replication: Any, sets: int) -> Any:
    """Which set of parameters a replication uses.

    Examples
    --------
    >>> [set_of(run, 3) for run in range(8)]
    [0, 0, 1, 1, 2, 2, 0, 0]
    """
    return replication // RUNS_PER_SET % sets


def accepted() -> pd.DataFrame:
    """The accepted sets: one row per set, one column per parameter that was varied.

    Raises
    ------
    InputError : the file did not come with this installation
    """
    import pandas as pd

    place = shipped_path(f"_history_matching/{FILE}", f"experiments/history_matching/{FILE}")
    if not place.is_file():
        raise InputError([Problem("error.no_accepted_set", "parameters", {})])
    with place.open("rb") as file:
        return pd.read_csv(file, comment="#")


def parameter_sets(scenario: Scenario, parameters: str | pd.DataFrame | None) -> np.recarray:
    """Records of parameters [set] for the runs of a scenario.

    A number that the scenario itself gives stays what it is: it has its own source.

    Raises
    ------
    InputError : another text than "accepted", no rows, an unknown parameter, one that a chain is built with, or a
        value out of its range
    """
    own = build.parameters(scenario)
    if parameters is None:
        return own
    if isinstance(parameters, str):
        if parameters != ACCEPTED:
            raise InputError([Problem("error.unknown_parameter_sets", "parameters", {"given": parameters})])
        parameters = accepted()
    _check(parameters)
    rows = np.repeat(np.asarray(own), len(parameters)).astype(PARAMETER_DTYPE)
    for name in parameters.columns:
        if name not in scenario.parameters:
            rows[name] = parameters[name].to_numpy(dtype=float)
    return rows.view(np.recarray)


def _check(parameters: pd.DataFrame) -> None:
    if not hasattr(parameters, "columns"):
        raise InputError([Problem("error.unknown_parameter_sets", "parameters", {"given": str(parameters)})])
    if len(parameters) == 0:
        raise InputError([Problem("error.no_parameter_sets", "parameters", {})])
    problems = []
    for name in parameters.columns:
        row = BY_NAME.get(str(name))
        if row is None:
            known = {"given": str(name), "allowed": tuple(BY_NAME), **nearest(str(name), tuple(BY_NAME))}
            problems.append(Problem("error.unknown_parameter", "parameters", known))
            continue
        if name in build.IN_CHAIN:
            problems.append(Problem("error.parameter_in_chain", f"parameters.{name}", {"given": name}))
        values = parameters[name].to_numpy(dtype=float)
        outside = ~((values >= row.lower) & (values <= row.upper))
        if outside.any():
            facts = {"given": float(values[outside][0]), "lower": row.lower, "upper": row.upper, "unit": row.unit}
            problems.append(Problem("error.out_of_range", f"parameters.{name}", facts))
    if problems:
        raise InputError(problems)


def parameter_share(values: np.ndarray) -> float:
    """Share of the variance between consecutive pairs: 1 - (variance inside pairs) / (variance of all), at least 0.

    Parameters
    ----------
    values : one number per run; runs 0 and 1 are a pair, 2 and 3, and so on; a pair with not-a-number is left out

    Examples
    --------
    >>> parameter_share(np.array([1.0, 1.0, 2.0, 2.0, 3.0, 3.0]))
    1.0
    >>> parameter_share(np.array([0.0, 1.0, 1.0, 0.0, 0.0, 1.0]))
    0.0
    """
    pairs = values[: len(values) // RUNS_PER_SET * RUNS_PER_SET].reshape(-1, RUNS_PER_SET)
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    if len(pairs) < LEAST_PAIRS:
        return float("nan")
    inside = float(np.mean(pairs.var(axis=1, ddof=1)))
    between = float(pairs.mean(axis=1).var(ddof=1)) - inside / RUNS_PER_SET
    whole = max(between, 0.0) + inside
    return max(between, 0.0) / whole if whole > 0 else 0.0
