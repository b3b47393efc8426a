"""SALib drives the model: any of its designs and analyses on any inputs and outcomes.

Every point meets the same luck, so that an input that does nothing has an index of exactly zero. SALib comes with the extra
``sensitivity``; experiments with a ``morris`` or ``sobol`` design need none of this. With ``points`` from a ``sample`` of SALib
for ``problem(chain)``, ``evaluated(chain, points)["goal_realisation"]`` is what its ``analyze`` takes.

Examples
--------
>>> from ketensim.connect import salib
>>> chain = salib.steered("reference", {"room": (0.2, 0.8), "trust_gain": None}, runs=2)
>>> salib.problem(chain)["names"]
['room', 'trust_gain']
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ketensim.connect.steered import Steered, as_identifier
from ketensim.foundation.errors import InputError, Problem
from ketensim.run.executors import Progress

steered = Steered


def problem(chain: Steered) -> dict[str, Any]:
    """What SALib wants to know of the inputs: their number, names and bounds.

    A moment is a number between two weeks here; the nearest week is taken.
    """
    bounds = [[float(low), float(high)] for low, high in chain.inputs.values()]
    return {"num_vars": len(chain.inputs), "names": list(chain.inputs), "bounds": bounds}


def evaluated(
    chain: Steered, points: NDArray[np.float64], progress: Progress | None = None
) -> dict[str, NDArray[np.float64]]:
    """The outcomes at points of a design, in their order, for SALib to analyse.

    Parameters
    ----------
    chain : from ``steered``
    points : array [point, input], in the order of the inputs
    progress : called with (points done, points in all)

    Returns
    -------
    outcome: array [point], means over the runs

    Raises
    ------
    InputError : a table with another number of columns, or as the call of ``chain``
    """
    table = np.atleast_2d(np.asarray(points, dtype=float))
    names = [as_identifier(name) for name in chain.inputs]
    if table.shape[1] != len(names):
        raise InputError([Problem("error.columns", "points", {"given": table.shape[1], "allowed": len(names)})])
    found: dict[str, list[float]] = {name: [] for name in chain.outcomes}
    for done, row in enumerate(table.tolist(), 1):
        for name, value in chain(**dict(zip(names, row, strict=True))).items():
            found[name].append(value)
        if progress is not None:
            progress(done, len(table))
    return {name: np.array(values) for name, values in found.items()}
