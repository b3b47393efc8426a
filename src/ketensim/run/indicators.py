"""What a simulation gives for a published figure: the same outcome over the same period, in the same unit."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ketensim.scenario.schema import Scenario

Values = NDArray[np.float64]
Series = Callable[[str, str | None], Values]


def weeks_of(scenario: Scenario, indicator: Any) -> slice:
    """The reported weeks that an indicator is about; without dates all of them."""
    first = 0 if indicator.since is None else max(0, scenario.week_of_date(indicator.since))
    last = scenario.weeks if indicator.until is None else scenario.week_of_date(indicator.until) + 1
    return slice(first, max(first, last))


def simulated(scenario: Scenario, indicator: Any, series: Series) -> Values | None:
    """The simulated counterpart of an indicator, mean over the weeks of its period.

    Parameters
    ----------
    scenario : the chain that was simulated
    indicator : one of its published figures
    series : gives the weekly values [..., week] of an outcome by its name, of the chain (None) or of an organisation

    Returns
    -------
    array [...] in the unit of the indicator, not-a-number where no week has a value; None when it has no outcome
    """
    if indicator.outcome is None:
        return None
    weeks = weeks_of(scenario, indicator)

    def mean(outcome: str) -> Values:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a period without any value is not-a-number, and meant so
            return np.asarray(np.nanmean(series(outcome, indicator.organisation)[..., weeks], axis=-1))

    found = indicator.scale * mean(indicator.outcome)
    return np.asarray(found / mean(indicator.per) if indicator.per is not None else found)
