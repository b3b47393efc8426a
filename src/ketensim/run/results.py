"""What an ensemble leaves: labelled tables, bands over the runs, and where it came from."""

from __future__ import annotations

import difflib
import hashlib
import platform
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from ketensim.foundation.compiled import fingerprint
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.outcome_table import (
    CASE_TYPE_OUTCOME_NAMES,
    CASE_TYPE_OUTCOMES,
    FAULTS,
    HOUR_GROUPS,
    ORGANISATION_OUTCOME_NAMES,
    ORGANISATION_OUTCOMES,
    OUTCOME_NAMES,
    OUTCOMES,
    QUANTILES,
)
from ketensim.foundation.shown import Plotted
from ketensim.run import labelled_arrays as arrays
from ketensim.run.accepted import parameter_share
from ketensim.run.extension import SHIPPED, Extension
from ketensim.run.histograms import Band, Histograms, even_bins
from ketensim.run.labelled_arrays import Labelled
from ketensim.run.ledger import ALL_REASONS, LEDGER, costs_of, faults_of, labelled, ledger_table, per_run
from ketensim.scenario import files
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray


@dataclass(frozen=True)
class Results(Plotted):
    """Results of ``simulate``.

    Attributes
    ----------
    scenario, seed : what was run
    summary : array [run, outcome]; one number per run
    weekly_values, organisation_values, case_type_values : arrays [run, week, outcome], [run, week, organisation,
        outcome] and [run, week, case type, outcome], or None when the ensemble was too large to keep them
    bins, sums, top : histograms over the runs instead of them
    sets : array [run]; which set of parameters each run used, or None when all used the same
    extension : what was different from the shipped model (``ks.extend``)
    own_summary, own_values, own_organisation_values : arrays [run, outcome], [run, week, outcome] and [run, week,
        organisation, outcome] of outcomes of one's own
    """

    scenario: Scenario
    seed: int
    summary: np.ndarray = field(repr=False)
    weekly_values: np.ndarray | None = field(repr=False)
    organisation_values: np.ndarray | None = field(repr=False)
    bins: np.ndarray | None = field(repr=False)
    sums: np.ndarray | None = field(repr=False)
    top: np.ndarray | None = field(repr=False)
    sets: np.ndarray | None = field(default=None, repr=False)
    case_type_values: np.ndarray | None = field(default=None, repr=False)
    extension: Extension = field(default=SHIPPED, repr=False)
    own_summary: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), repr=False)
    own_values: np.ndarray | None = field(default=None, repr=False)
    own_organisation_values: np.ndarray | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """One line."""
        changed = f", changed model {self.extension.stamp[:8]}" if self.extension else ""
        size = f"{self.number_of_runs} runs of {self.scenario.weeks} weeks"
        return f"Results({self.scenario.title.en!r}, {size}, seed {self.seed}{changed})"

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Versions, seed and fingerprints, enough to run it again; made when somebody asks."""
        return run_provenance(self.scenario, self.seed, self.extension)

    @property
    def number_of_runs(self) -> int:
        """How many runs there are."""
        return len(self.summary)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run: run, seed, and one summary per outcome.

        Shares and levels are means over the reported weeks, counts per week are sums; goal_realisation is the share
        realised of all cases that arrived in the reported weeks and whose norm had passed by the end. Outcomes of one's
        own come last, as the mean over the weeks (and organisations).
        """
        import pandas as pd

        table = pd.DataFrame(self.summary, columns=list(OUTCOME_NAMES))
        table.insert(0, "run", np.arange(self.number_of_runs))
        table.insert(1, "seed", self.seed)
        if self.sets is not None:
            table.insert(2, "parameter_set", self.sets)
        return table.assign(**dict(zip(self._own_names, self.own_summary.T, strict=False)))

    def parameter_share(self, outcome: str) -> float | None:
        """Share of the variance of a run's summary that comes from the parameters and not from luck, in [0, 1].

        From runs in pairs that share a set of parameters and differ in luck only (one-way random effects). None when
        all runs used the same parameters; not-a-number with fewer than three complete pairs.

        Raises
        ------
        InputError : unknown outcome
        """
        column = position(outcome, list(OUTCOME_NAMES), "error.unknown_outcome")
        return None if self.sets is None else parameter_share(self.summary[:, column])

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """One row per run and week: run, week (0 = first reported), and one column per outcome.

        Raises
        ------
        InputError : the ensemble was too large to keep it; use ``band``, or ``simulate(..., weekly=True)``
        """
        import pandas as pd

        values = self._kept(self.weekly_values)
        runs, weeks, _ = values.shape
        table = pd.DataFrame(values.reshape(runs * weeks, -1), columns=list(OUTCOME_NAMES), copy=False)
        table.insert(0, "run", np.repeat(np.arange(runs), weeks))
        table.insert(1, "week", np.tile(np.arange(weeks), runs))
        return table

    @cached_property
    def organisations(self) -> pd.DataFrame:
        """One row per run, week and organisation: run, week, organisation, and its outcomes.

        Raises
        ------
        InputError : as for ``weekly``
        """
        values = self._kept(self.organisation_values)
        return labelled(values, "organisation", self._organisation_ids, ORGANISATION_OUTCOME_NAMES)

    @cached_property
    def case_types(self) -> pd.DataFrame:
        """One row per run, week and case type: run, week, case_type, and its outcomes.

        Goal realisation and the losses are shares in [0, 1] of the cases of that type that arrived in the week, together
        one; not-a-number in weeks without arrivals and for cohorts whose norm had not passed when the run ended.

        Raises
        ------
        InputError : as for ``weekly``
        """
        values = self._kept(self.case_type_values)
        return labelled(values, "case_type", self._case_type_ids, CASE_TYPE_OUTCOME_NAMES)

    @cached_property
    def own(self) -> pd.DataFrame:
        """One row per run and week: run, week, and the outcomes of the chain that ``ks.extend`` added.

        Raises
        ------
        InputError : as for ``weekly``
        """
        import pandas as pd

        values = self._kept(self.own_values)
        runs, weeks, number = values.shape
        table = pd.DataFrame(values.reshape(runs * weeks, number), columns=list(self.extension.outcomes))
        table.insert(0, "run", np.repeat(np.arange(runs), weeks))
        table.insert(1, "week", np.tile(np.arange(weeks), runs))
        return table

    @cached_property
    def own_organisations(self) -> pd.DataFrame:
        """One row per run, week and organisation: run, week, organisation, and the outcomes that ``ks.extend`` added.

        Raises
        ------
        InputError : as for ``weekly``
        """
        values = self._kept(self.own_organisation_values)
        names = tuple(self.extension.organisation_outcomes)
        return labelled(values, "organisation", self._organisation_ids, names)

    @cached_property
    def losses(self) -> pd.DataFrame:
        """Where the cases went, one row per run: run, realised, late, wrong, handover, own_course, dropped, open.

        Cases of every 100 that arrived in the reported weeks, of the types that the chain is there for; each case is
        counted under the first reason that sufficed, so that the seven add up to 100. Not-a-number when the run is
        shorter than the longest norm.
        """
        return ledger_table(self.summary, LEDGER, run=np.arange(self.number_of_runs))

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """Each reason for itself, one row per run: run, late, wrong, handover, own_course, dropped.

        Cases of every 100 as in ``losses`` that the reason would have kept off the goal, whether or not another reason came
        first: a case with two reasons is in two columns, so that they may add up to more than all that was lost.
        """
        return ledger_table(self.summary, ALL_REASONS, run=np.arange(self.number_of_runs))

    @cached_property
    def weekly_losses(self) -> pd.DataFrame:
        """The same for the cases that arrived in a week, one row per run and week: run, week, and the seven.

        Raises
        ------
        InputError : as for ``weekly``
        """
        values = self._kept(self.weekly_values)
        runs, weeks, _ = values.shape
        rows = {"run": np.repeat(np.arange(runs), weeks), "week": np.tile(np.arange(weeks), runs)}
        return ledger_table(values.reshape(runs * weeks, -1), LEDGER, **rows)

    @cached_property
    def faults(self) -> pd.DataFrame:
        """Where the losses arose, one row per run and organisation: run, organisation, done_wrong, lost_at_handover,
        own_way, too_late.

        Cases of every 100 (of all types) that left the chain in the reported weeks, closed or dropped; what was realised
        and what was dropped without a fault has no organisation. What is lost at a hand-over counts at the giver.

        Raises
        ------
        InputError : as for ``weekly``
        """
        found = faults_of(self._kept(self.organisation_values))
        return per_run(found, self._organisation_ids, FAULTS)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Where the euros went, one row per run and organisation: run, organisation, costs, and one column per use of hours.

        Euros over all reported weeks; ``costs`` is the sum of the uses (cases, rework, politics, reporting, relations,
        learning, formal, own, idle). Costs per closed and per realised case stand in ``runs``.

        Raises
        ------
        InputError : as for ``weekly``
        """
        return per_run(costs_of(self._kept(self.organisation_values)), self._organisation_ids, ("costs", *HOUR_GROUPS))

    def to_xarray(self) -> xarray.Dataset:
        """Everything as labelled arrays of xarray, from the extra ``xarray``.

        Returns
        -------
        Dataset with the axes run, week (with its date), organisation and case_type; a variable per outcome: ``open``
        [run, week], ``organisation_waiting`` [run, week, organisation], ``case_type_closed`` [run, week, case type] and
        ``run_open`` [run]. The unit stands in ``attrs["units"]``, how a run was summed up in ``attrs["summary"]``, seed and
        fingerprints in the attributes of the Dataset. What the ensemble was too large to keep is not there.

        Raises
        ------
        InputError : xarray is not installed
        """
        own = arrays.rows_of_own(self.extension.outcomes), arrays.rows_of_own(self.extension.organisation_outcomes)
        kept = (
            Labelled("run_", arrays.RUN, self.summary, OUTCOMES),
            Labelled("", arrays.RUN_WEEK, self.weekly_values, OUTCOMES),
            Labelled("organisation_", arrays.RUN_WEEK_ORGANISATION, self.organisation_values, ORGANISATION_OUTCOMES),
            Labelled("case_type_", arrays.RUN_WEEK_CASE_TYPE, self.case_type_values, CASE_TYPE_OUTCOMES),
            Labelled("run_", arrays.RUN, self.own_summary, [*own[0], *own[1]]),
            Labelled("", arrays.RUN_WEEK, self.own_values, own[0]),
            Labelled("organisation_", arrays.RUN_WEEK_ORGANISATION, self.own_organisation_values, own[1]),
        )
        return arrays.dataset_of(self.scenario, self.number_of_runs, self.provenance, kept)

    def band(self, outcome: str, organisation: str | None = None, *, case_type: str | None = None) -> pd.DataFrame:
        """Spread of an outcome over the runs, per week.

        Parameters
        ----------
        outcome : name of an outcome of the chain, or of an organisation or case type when one is given
        organisation : id of an organisation
        case_type : id of a case type, instead of an organisation

        Returns
        -------
        DataFrame week, p10, p25, p50, p75, p90, mean; not-a-number where no run has a value (weeks without closed
        cases; the last cohorts of goal realisation, whose norm had not passed when the run ended)

        Raises
        ------
        InputError : unknown outcome, organisation or case type
        """
        import pandas as pd

        return pd.DataFrame(self.band_arrays(outcome, organisation, case_type=case_type))

    def band_arrays(self, outcome: str, organisation: str | None = None, *, case_type: str | None = None) -> Band:
        """The columns of ``band`` as arrays, for whoever does not want to wait for pandas."""
        if outcome in self._own_names:
            return exact_band(self._own_weeks(outcome, organisation))
        if organisation is not None:
            place = position(organisation, self._organisation_ids, "error.unknown_organisation")
            column = position(outcome, list(ORGANISATION_OUTCOME_NAMES), "error.unknown_outcome")
            return exact_band(self._kept(self.organisation_values)[:, :, place, column])
        if case_type is not None:
            place = position(case_type, self._case_type_ids, "error.unknown_case_type")
            column = position(outcome, list(CASE_TYPE_OUTCOME_NAMES), "error.unknown_outcome")
            return exact_band(self._kept(self.case_type_values)[:, :, place, column])
        column = position(outcome, list(OUTCOME_NAMES), "error.unknown_outcome")
        if self.weekly_values is not None:
            return exact_band(self.weekly_values[:, :, column])
        assert self.bins is not None and self.sums is not None and self.top is not None
        return even_bins(self.top).band(Histograms(self.bins, self.sums), column)

    @property
    def _own_names(self) -> list[str]:
        return [*self.extension.outcomes, *self.extension.organisation_outcomes]

    def _own_weeks(self, outcome: str, organisation: str | None) -> np.ndarray:
        """Array [run, week] of an outcome of one's own; of an organisation, or of all of them on average."""
        if outcome in self.extension.outcomes:
            return self._kept(self.own_values)[:, :, list(self.extension.outcomes).index(outcome)]
        column = list(self.extension.organisation_outcomes).index(outcome)
        values = self._kept(self.own_organisation_values)[..., column]
        if organisation is None:
            return values.mean(axis=2)
        return values[:, :, position(organisation, self._organisation_ids, "error.unknown_organisation")]

    @property
    def _organisation_ids(self) -> list[str]:
        return [row.id for row in self.scenario.organisations]

    @property
    def _case_type_ids(self) -> list[str]:
        return [row.id for row in self.scenario.case_types]

    @staticmethod
    def _kept(values: np.ndarray | None) -> np.ndarray:
        if values is None:
            raise InputError([Problem("error.weekly_not_kept", "simulate", {})])
        return values


def position(name: str, known: list[str], key: str) -> int:
    """Place of a name in a list, or an error with the nearest known one."""
    if name not in known:
        facts: dict[str, Any] = {"given": str(name), "allowed": tuple(known)}
        nearest = difflib.get_close_matches(str(name), known, n=1)
        raise InputError([Problem(key, "", facts | ({"nearest": nearest[0]} if nearest else {}))])
    return known.index(name)


def exact_band(values: np.ndarray) -> Band:
    """Quantiles (linear between order statistics) and mean over the runs of an array [run, week]."""
    ordered = np.sort(values, axis=0)  # not-a-number goes last
    known = np.sum(~np.isnan(ordered), axis=0)
    last = np.maximum(known - 1, 0)
    band: Band = {"week": np.arange(values.shape[1])}
    for name, share in QUANTILES.items():
        place = share * last
        low = np.floor(place).astype(int)
        below = np.take_along_axis(ordered, low[None], axis=0)[0]
        above = np.take_along_axis(ordered, np.minimum(low + 1, last)[None], axis=0)[0]
        band[name] = below + (place - low) * (above - below)
    total = np.nansum(ordered, axis=0)
    band["mean"] = np.where(known > 0, total / np.maximum(known, 1), np.nan)
    return band


def run_provenance(scenario: Scenario, seed: int, extension: Extension = SHIPPED) -> dict[str, Any]:
    """What is needed to get the same numbers again; of a changed model also what is different."""
    versions = {name: metadata.version(name) for name in ("ketensim", "numpy", "numba", "pandas", "mesa")}
    text = files.dump(scenario)
    return {
        "scenario_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "model_sha256": fingerprint(),
        **{f"changed {name}": value for name, value in extension.facts.items()},
        "seed": seed,
        "python": platform.python_version(),
        **versions,
    }
