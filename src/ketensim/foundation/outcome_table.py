"""The table of outcomes: what a run writes down each week, per chain and per organisation.

An outcome has its name, unit, range, summary and direction here and nowhere else; ``chain/outcomes.py`` computes the
values. ``summary`` says how a run is reduced to one number: the mean over the reported weeks, the sum, or (for goal
realisation) the ratio of cases over all cohorts that are not censored.

What the chain's outcomes count of cases is counted over the case types that the chain is there for (``counts`` in a scenario
file), so that counts, shares, times and costs per case are about the same cases; ``arrived_all`` and ``open_all`` count all of
them, as the outcomes of an organisation do. Hours, costs and incidents are those of the whole chain.

``direction`` says what is welcome when two settings are compared: MORE of it, LESS of it, or NEITHER. It is MORE or LESS
only where whoever works in the chain would say so, all else being equal. It is NEITHER for what comes from outside
(arrivals), for what the theory treats as a means (room, clarity of agreements, urgency, binding, monitoring), for what
administrators do (to unblock helps, to take over details does not, and both are counted), for hours of one kind (they
move to another kind; the share of administration has a direction), and for counts that do not tell how a case ended
(closed, served, handed over).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from ketensim.foundation.array_sets import Tables, as_grid, records
from ketensim.foundation.rows import FLOAT, HOURS, PLACE, SLOT, WHOLE

UNBOUNDED: Final = float("inf")
MORE, LESS, NEITHER = 1, -1, 0  # directions


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: name, unit, largest value (shares: 1), how a run is summarised, and which direction is welcome."""

    name: str
    unit: str
    upper: float = 1.0
    summary: str = "mean"
    direction: int = NEITHER


def _shares(*names: str, summary: str = "mean", direction: int = NEITHER) -> tuple[Outcome, ...]:
    return tuple(Outcome(name, "share", summary=summary, direction=direction) for name in names)


def _counts(*names: str, unit: str = "cases", summary: str = "mean", direction: int = NEITHER) -> tuple[Outcome, ...]:
    return tuple(Outcome(name, unit, UNBOUNDED, summary, direction) for name in names)


LOSSES: Final = ("loss_late", "loss_wrong", "loss_handover", "loss_own_course", "loss_dropped", "loss_open")
REASONS: Final = ("reason_late", "reason_wrong", "reason_handover", "reason_own_course", "reason_dropped")
FAULTS: Final = ("done_wrong", "lost_at_handover", "own_way", "too_late")  # where the first reason of a loss arose
OUTCOMES: Final[tuple[Outcome, ...]] = (
    Outcome("goal_realisation", "share", summary="cohorts", direction=MORE),
    *_shares(*LOSSES, *REASONS, summary="cohorts", direction=LESS),
    *_shares("goal_realisation_closed", direction=MORE),
    *_counts("arrived", "closed", unit="cases/week", summary="sum"),
    *_counts("realised", unit="cases/week", summary="sum", direction=MORE),
    *_counts("dropped", unit="cases/week", summary="sum", direction=LESS),
    *_counts("open", "waiting", "blocked", direction=LESS),
    *_counts("lead_time_median", "lead_time_p90", "open_age_median", "open_age_p90", unit="weeks", direction=LESS),
    *_counts("returns_per_case", unit="returns", direction=LESS),
    *_counts("arrived_all", unit="cases/week", summary="sum"),
    *_counts("open_all", direction=LESS),
    *_counts(*HOURS, unit="hours/week"),
    *_shares("administration_share", direction=LESS),
    *_shares("utilisation"),
    *_shares("trust_persons", "trust_agreements", "trust_vertical", direction=MORE),
    *_shares("frame", "discretion"),
    *_shares("motivation", direction=MORE),
    *_shares("weight"),
    *_shares("uncertainty", "pressure", direction=LESS),
    *_shares("under_intervention", "informal_steering"),
    *_counts("interventions", unit="per week", summary="sum"),
    *_counts("incidents", unit="per week", summary="sum", direction=LESS),
    *_shares("urgency"),
    *_shares("shortage", direction=LESS),
    *_shares("monitor"),
    *_shares("drift", direction=LESS),
    *_shares("binding", "steering_capacity", "official", "skills"),
    *_shares("own_target", direction=MORE),
    *_counts("staff", unit="full-time equivalents"),
    *_counts("costs", unit="euros/week", summary="sum", direction=LESS),
    *_counts("costs_counted", unit="euros/week", summary="sum", direction=LESS),
    *_counts("costs_per_case", unit="euros per closed case", summary="per_case", direction=LESS),
    *_counts("costs_per_realised", unit="euros per realised case", summary="per_realised", direction=LESS),
)
CASE_TYPE_OUTCOMES: Final[tuple[Outcome, ...]] = (
    Outcome("goal_realisation", "share", summary="cohorts", direction=MORE),
    *_shares(*LOSSES, *REASONS, summary="cohorts", direction=LESS),
    *_counts("arrived", "closed", unit="cases/week", summary="sum"),
    *_counts("open", "waiting", direction=LESS),
    *_counts("lead_time_median", "lead_time_p90", "open_age_median", "open_age_p90", unit="weeks", direction=LESS),
)
ORGANISATION_OUTCOMES: Final[tuple[Outcome, ...]] = (
    *_counts("present", "waiting", "blocked", direction=LESS),
    *_counts("served", "handed_over", unit="cases/week", summary="sum"),
    *_counts("returned", "refused", "late", "dropped", unit="cases/week", summary="sum", direction=LESS),
    *_counts("closed", unit="cases/week", summary="sum"),
    *_counts(*FAULTS, unit="cases/week", summary="sum", direction=LESS),
    *_counts("costs", unit="euros/week", summary="sum", direction=LESS),
    *_shares("goal_realisation_closed", direction=MORE),
    *_counts("weeks_of_work", unit="weeks", direction=LESS),
    *_counts(*HOURS, unit="hours/week"),
    *_shares("administration_share", direction=LESS),
    *_shares("utilisation"),
    *_shares("trust", "trust_vertical", direction=MORE),
    *_shares("frame", "discretion"),
    *_shares("motivation", direction=MORE),
    *_shares("weight"),
    *_shares("uncertainty", "pressure", direction=LESS),
    *_shares("overseen", "informal"),
    *_shares("drift", direction=LESS),
    *_shares("binding", "steering_capacity", "official", "skills", "dual_use"),
    *_shares("demand", direction=LESS),
    *_shares("own_target", direction=MORE),
    *_counts("intervention", "new_administrator", "new_manager", unit="per week", summary="sum"),
    *_counts("staff", unit="full-time equivalents"),
    *_counts("staff_left", unit="per week", summary="sum", direction=LESS),
)
OUTCOME_NAMES: Final = tuple(row.name for row in OUTCOMES)
ORGANISATION_OUTCOME_NAMES: Final = tuple(row.name for row in ORGANISATION_OUTCOMES)
WEEKLY: Final = np.dtype([(name, "f8") for name in OUTCOME_NAMES])
CASE_TYPE_OUTCOME_NAMES: Final = tuple(row.name for row in CASE_TYPE_OUTCOMES)
CASE_TYPE_WEEKLY: Final = np.dtype([(name, "f8") for name in CASE_TYPE_OUTCOME_NAMES])
ORGANISATION_WEEKLY: Final = np.dtype([(name, "f8") for name in ORGANISATION_OUTCOME_NAMES])

OUTCOME_OF: Final[dict[str, Outcome]] = {row.name: row for row in (*ORGANISATION_OUTCOMES, *OUTCOMES)}

# what hours are for, in the kinds that people are shown; order and names are those of every picture and table of hours
HOUR_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "cases": ("hours_case_work",),
    "rework": ("hours_rework",),
    "politics": ("hours_reporting_politics",),
    "reporting": ("hours_reporting_both", "hours_reporting_operation"),
    "relations": ("hours_agreements", "hours_trust"),
    "learning": ("hours_learning",),
    "formal": ("hours_compliance",),
    "own": ("hours_own_work",),
    "idle": ("hours_idle",),
}
REPORTING: Final = (*HOUR_GROUPS["politics"], *HOUR_GROUPS["reporting"])  # the hours in administration_share

LEAKS: Final = ("hours_rework", "hours_reporting_politics", "hours_compliance")  # hours that bring no case any further

# columns of a band over the runs: quantiles by name, and the mean
QUANTILES: Final[dict[str, float]] = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90}
BAND: Final = (*QUANTILES, "mean")
EIGHT_OF_TEN: Final = ("p10", "p50", "p90")  # where eight of ten runs lie, around the middle one

RUNS_TOGETHER: Final = 16  # whose values are counted together (chain/outcomes.py)
BINS: Final = 500  # of a histogram over the runs: a quantile is off by at most 0.2 % of the range
FIXED_POINT: Final = float(2**32)  # sums over runs are kept in whole numbers, so that they merge in any order


class Notebook(Tables):
    """Where a run is written down: its weeks, its summary, and its share in the bands of the ensemble."""

    GRIDS: ClassVar = {
        "weekly_grid": "weekly",
        "organisation_grid": "organisation_weekly",
        "case_type_grid": "case_type_weekly",
    }

    LAYOUT: ClassVar = {
        "weekly": (WEEKLY, 1),
        "weekly_grid": (FLOAT, 2),
        "organisation_weekly": (ORGANISATION_WEEKLY, 2),
        "organisation_grid": (FLOAT, 3),
        "case_type_weekly": (CASE_TYPE_WEEKLY, 2),
        "case_type_grid": (FLOAT, 3),
        "summary": (FLOAT, 1),
        "summary_kind": (WHOLE, 1),
        "known": (WHOLE, 1),
        "place": (PLACE, 3),
        "uncounted": (WHOLE, 1),
        "top": (FLOAT, 1),
        "bins": (SLOT, 3),
        "sums": (WHOLE, 3),
        "own_grid": (FLOAT, 2),
        "own_organisation_grid": (FLOAT, 3),
    }
    weekly: np.recarray  # [reported week]
    weekly_grid: np.ndarray  # [reported week, outcome] the same memory, by number
    organisation_weekly: np.recarray  # [reported week, organisation]; no weeks when not wanted
    organisation_grid: np.ndarray  # [reported week, organisation, outcome] the same memory, by number
    case_type_weekly: np.recarray  # [reported week, case type]; no weeks when not wanted
    case_type_grid: np.ndarray  # [reported week, case type, outcome] the same memory, by number
    summary: np.ndarray  # [outcome] one number per run
    summary_kind: np.ndarray  # [outcome] index in SUMMARIES
    known: np.ndarray  # [outcome] weeks of the run in which it has a value
    place: np.ndarray  # [run, reported week, outcome] bins of the values of runs not yet counted; -1 without a value
    uncounted: np.ndarray  # [1] number of those runs
    top: np.ndarray  # [outcome] top of the histogram's range
    bins: np.ndarray  # [reported week, outcome, bin] runs per bin; no weeks when not wanted
    own_grid: np.ndarray  # [reported week, outcome of somebody's own]
    own_organisation_grid: np.ndarray  # [reported week, organisation, outcome of somebody's own]
    sums: np.ndarray  # [reported week, outcome, 2] runs with a value, and their sum as a fixed-point part of the top


SUMMARIES: Final = ("mean", "sum", "cohorts", "per_case", "per_realised")


def new_notebook(
    weeks: int,
    organisations: int,
    case_types: int,
    *,
    organisation_rows: bool,
    bands: bool,
    own: tuple[int, int] = (0, 0),
) -> Notebook:
    """Allocate a notebook.

    Parameters
    ----------
    weeks : reported weeks
    organisations, case_types : numbers of them
    organisation_rows : whether the weeks of each organisation are written down
    bands : whether histograms over the runs are kept
    own : numbers of outcomes of somebody's own, of the chain and of each organisation
    """
    weekly = records(weeks, WEEKLY)
    organisation_weekly = records((weeks if organisation_rows else 0, organisations), ORGANISATION_WEEKLY)
    case_type_weekly = records((weeks if organisation_rows else 0, case_types), CASE_TYPE_WEEKLY)
    band_weeks = weeks if bands else 0
    return Notebook(
        weekly=weekly,
        weekly_grid=as_grid(weekly),
        organisation_weekly=organisation_weekly,
        organisation_grid=as_grid(organisation_weekly),
        case_type_weekly=case_type_weekly,
        case_type_grid=as_grid(case_type_weekly),
        summary=np.zeros(len(OUTCOMES)),
        summary_kind=np.array([SUMMARIES.index(row.summary) for row in OUTCOMES], dtype=WHOLE),
        known=np.zeros(len(OUTCOMES), dtype=WHOLE),
        place=np.zeros((RUNS_TOGETHER, band_weeks, len(OUTCOMES)), dtype=PLACE),
        uncounted=np.zeros(1, dtype=WHOLE),
        top=np.array([row.upper if np.isfinite(row.upper) else 1.0 for row in OUTCOMES]),
        bins=np.zeros((band_weeks, len(OUTCOMES), BINS), dtype=SLOT),
        sums=np.zeros((band_weeks, len(OUTCOMES), 2), dtype=WHOLE),
        own_grid=np.zeros((weeks, own[0])),
        own_organisation_grid=np.zeros((weeks, organisations, own[1])),
    )
