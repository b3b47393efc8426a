"""Results as labelled arrays of xarray: the door to xarray, which comes with an extra."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.outcome_table import Outcome
from ketensim.run.extras import needed
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray

Variable = tuple[tuple[str, ...], NDArray[np.float64], dict[str, str]]
RUN: Final = ("run",)
RUN_WEEK: Final = ("run", "week")
RUN_WEEK_ORGANISATION: Final = ("run", "week", "organisation")
RUN_WEEK_CASE_TYPE: Final = ("run", "week", "case_type")
OWN_UNIT: Final = "own"  # whoever added an outcome knows its unit


class Labelled(NamedTuple):
    """An array whose last axis is a table of outcomes.

    Attributes
    ----------
    prefix : before the names of the outcomes
    axes : names of all axes but the last
    values : the array; None when it was not kept
    table : the outcomes
    """

    prefix: str
    axes: tuple[str, ...]
    values: NDArray[np.float64] | None
    table: Sequence[Outcome]


def rows_of_own(names: Iterable[str]) -> list[Outcome]:
    """Outcomes of one's own as rows of a table."""
    return [Outcome(name, OWN_UNIT) for name in names]


def dataset_of(
    scenario: Scenario, runs: int, facts: Mapping[str, object], arrays: Iterable[Labelled]
) -> xarray.Dataset:
    """Results as a Dataset; see ``Results.to_xarray``.

    Parameters
    ----------
    scenario, runs : what was run, and how often
    facts : where it came from
    arrays : what is kept

    Raises
    ------
    InputError : xarray is not installed
    """
    with needed("xarray", "to_xarray"):
        import xarray

    days = [scenario.date_of(week) for week in range(scenario.weeks)]
    coordinates: dict[str, Any] = {
        "run": np.arange(runs),
        "week": np.arange(scenario.weeks),
        "date": ("week", np.array(days, dtype="datetime64[ns]")),
        "organisation": [part.id for part in scenario.organisations],
        "case_type": [part.id for part in scenario.case_types],
    }
    variables = dict(variable for array in arrays for variable in _named(array))
    told = {name: str(fact) for name, fact in facts.items()}
    return xarray.Dataset(variables, coordinates, {"title": scenario.title.en, **told})


def _named(array: Labelled) -> Iterator[tuple[str, Variable]]:
    """The last axis as variables, each with its unit; a number per run says how it sums up its weeks."""
    for place, row in enumerate(array.table if array.values is not None else ()):
        assert array.values is not None
        facts = {"units": row.unit}
        if array.axes == RUN and row.unit != OWN_UNIT:
            facts["summary"] = row.summary
        yield f"{array.prefix}{row.name}", (array.axes, array.values[..., place], facts)
