"""A chain from a log, in one call: weeks, shares, capacity, and the figures that it can be laid beside."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.event_log import EventLog
from ketensim.logs.log_capacity import Capacity, matched_capacity
from ketensim.logs.log_chain import Say, content_of, scale_of, short_names_of
from ketensim.logs.log_figures import Measured, indicators_of, measured_series, parts_of_period
from ketensim.logs.log_shares import LogShares, log_shares_of
from ketensim.logs.log_weeks import LogWeeks, weeks_of_log
from ketensim.scenario import files
from ketensim.scenario.content import USES
from ketensim.scenario.schema import Scenario

APART: Final = (
    0.5  # spread of visits that begin together, from which on they may be no queue, so that usual stays are tried
)
COLUMNS: Final = ("outcome", "organisation", "case_type", "week", "value")
DIGITS: Final = 6
FITS: Final = 1.0  # mean square of the differences, in tolerances
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
    usual : whether stays are the usual ones, instead of those when nobody has to wait
    """

    chain: Scenario
    weeks: LogWeeks
    shares: LogShares
    series: list[Measured]
    capacity: Capacity
    scale: int
    usual: bool


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
    series = measured_series(weeks, scale)
    organisations, types = short_names_of(weeks)
    part = parts_of_period(weeks)[USES[0]]
    busiest = weeks.busiest()
    stays = [shares.quick, *([shares.usual] if shares.apart >= APART else [])]
    found: list[Capacity] = []
    for number, stay in enumerate(stays):
        if found and found[0].misfit <= FITS:
            break  # waiting explains the list, so that nothing else is needed

        def tell(done: int, total: int, number: int = number) -> None:
            if progress is not None:
                progress(number * total + done, len(stays) * total)

        data = content_of(weeks, shares, np.round(stay), np.ones(len(organisations)), say, file)
        found.append(matched_capacity(_read(data), series, part, busiest, seed, tell))
    chosen = int(len(found) > 1 and found[1].misfit < found[0].misfit / 2)
    capacity = found[chosen]
    posts = np.array([organisation.fte.value for organisation in capacity.chain.organisations])
    data = content_of(weeks, shares, np.round(stays[chosen]), posts, say, file)
    for row, low, high in zip(data["organisations"], capacity.low, capacity.high, strict=True):
        limits = {"low": float(low), "high": float(high)}
        row["fte"]["note"] = say("fte_least" if np.isinf(high) else "fte_between", **limits)
    data["indicators"] = list(indicators_of(weeks, series, organisations, types, say))
    return ImportedChain(_read(data), weeks, shares, series, capacity, scale, chosen == 1)


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
