"""A chain from a log, in one call: weeks, shares, capacity, and the figures that it can be laid beside."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.endings import endings_of
from ketensim.logs.event_log import EventLog
from ketensim.logs.log_capacity import Capacity, matched_capacity
from ketensim.logs.log_chain import Say, content_of, norms_of, scale_of, short_names_of
from ketensim.logs.log_figures import Measured, indicators_of, measured_series, parts_of_period
from ketensim.logs.log_order import OWN_STAY, QUICK_STAY, orders_of, stays_of
from ketensim.logs.log_shares import LogShares, log_shares_of
from ketensim.logs.log_throughput import Load, loads_of
from ketensim.logs.log_weeks import LogWeeks, weeks_of_log
from ketensim.scenario import files
from ketensim.scenario.content import USES, Indicator
from ketensim.scenario.schema import Scenario

COLUMNS: Final = ("outcome", "organisation", "case_type", "week", "value")
DIGITS: Final = 6
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class ImportedChain:
    """A chain from a log, and what it was made of.

    Attributes
    ----------
    chain : the scenario, with the figures of the log as its indicators
    weeks, shares : the log in weeks, and what was counted in it
    series : weekly figures of the log on the scale of the chain
    capacity : what is known of the capacity of each organisation
    scale : how many cases of the log one case of the chain stands for
    stays : what the stays of each organisation are: of its quickest cases, the mean, or not to be told
    """

    chain: Scenario
    weeks: LogWeeks
    shares: LogShares
    series: list[Measured]
    capacity: Capacity
    scale: int
    stays: tuple[str, ...]


def imported_chain(
    log: EventLog, say: Say, file: str = "", *, seed: int = 1, progress: Progress | None = None
) -> ImportedChain:
    """A chain that resembles a log.

    Parameters
    ----------
    log : the log
    say : makes a text of a key under ``log.chain`` in all languages, from facts
    file : name of the list, for the title
    seed : of the luck in the simulations by which capacity is found
    progress : called with (simulations done, in all)

    Raises
    ------
    InputError : too short a period, or a chain that cannot be (more cases or ways than a chain can have)
    """
    weeks = weeks_of_log(log)
    shares = log_shares_of(weeks)
    scale = scale_of(shares)
    series = measured_series(weeks, norms_of(shares), scale)
    organisations, types = short_names_of(weeks)
    part = parts_of_period(weeks)[USES[0]]
    stay, kinds = stays_of(shares, orders_of(weeks))
    one_post = content_of(weeks, shares, stay, np.ones(len(organisations)), say, file)
    loads = loads_of(weeks, stay, part, kinds)
    capacity = matched_capacity(_read(one_post), series, part, loads, seed, progress)
    posts = np.array([organisation.fte.value for organisation in capacity.chain.organisations])
    data = content_of(weeks, shares, stay, posts, say, file)
    for row, load, kind in zip(data["organisations"], loads, kinds, strict=True):
        row["fte"]["note"] = say(_note_on_posts(load, kind), low=load.low, high=load.high)
        if kind != QUICK_STAY:
            for number in row["stay"].values():
                number.update(certainty="low", note=say(f"stay_{kind}"))
    data["indicators"] = list(indicators_of(weeks, series, organisations, types, say))
    return ImportedChain(_read(data), weeks, shares, series, capacity, scale, kinds)


def with_endings(made: ImportedChain, log: EventLog, say: Say) -> ImportedChain:
    """The same chain, laid beside what people say of how its cases ended; the chain itself does not change.

    Parameters
    ----------
    made : of this log
    log : with other endings
    say : as for ``imported_chain``
    """
    weeks = replace(made.weeks, ending=endings_of(log.cases))
    series = measured_series(weeks, norms_of(made.shares), made.scale)
    figures = indicators_of(weeks, series, *short_names_of(weeks), say)
    chain = made.chain.model_copy(update={"indicators": tuple(Indicator.model_validate(one) for one in figures)})
    return replace(made, chain=chain, weeks=weeks, series=series)


def _note_on_posts(load: Load, kind: str) -> str:
    """Key of what is said about the posts."""
    if kind == OWN_STAY:
        return "fte_own"
    return "fte_between" if load.told else "fte_untold" if load.low > 0 else "fte_least"


def _read(data: dict[str, object]) -> Scenario:
    """The scenario; what a log cannot become is said of the log and not of a line that nobody wrote."""
    try:
        return files.from_dict(data)
    except InputError as error:
        reasons = tuple(str(problem) for problem in error.problems[:3])
        raise InputError([Problem("log.error.no_chain", "", {"reason": reasons})]) from None


def series_csv(made: ImportedChain) -> str:
    """The weekly figures of a log, a row per series and week, to be kept beside the scenario file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    organisations, types = short_names_of(made.weeks)
    for one in made.series:
        place = "" if one.organisation is None else organisations[one.organisation]
        kind = "" if one.case_type is None else types[one.case_type]
        writer.writerows(
            (one.outcome, place, kind, week, "" if np.isnan(value) else f"{value:.{DIGITS}g}")
            for week, value in enumerate(one.weekly)
        )
    return text.getvalue()
