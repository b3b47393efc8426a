"""How much an organisation can do, from how long cases waited: history matching in waves.

The capacity of each organisation, as a multiple of the work that comes to it, is varied in all organisations at once. What a
capacity does to the cases that are present at an organisation is smoothed over the simulated points; a capacity is ruled
out when it lies further from the log than the tolerance and the spread around that line explain [VernonGoldsteinBower2010]_.
The next wave looks at what is left. Where nobody waits only a lower limit can be known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.analysis.matching import CUTOFF, WITHIN
from ketensim.foundation.luck import MOST_RUNS
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.logs.log_figures import TOLERANCE, Measured, mean_of
from ketensim.run.executors import in_order
from ketensim.run.replications import Ensemble, Keep, replicate
from ketensim.scenario.schema import Scenario
from ketensim.scenario.workload import workload

LEAST_CAPACITY: Final = 0.75  # capacity as a multiple of the work in calm times
MOST_CAPACITY: Final = 2.5
COMFORT: Final = (
    1.25  # where only a lower limit is known: in their busiest quarter people are busy four fifths of the time
)
WAVES: Final = 3
POINTS: Final = 28  # per wave
RUNS: Final = 2  # per point
GRID: Final = 81
NARROW: Final = 0.03  # least width of a range that is looked at, in logarithms of capacity
LEAD: Final = tuple(OUTCOME_NAMES.index(name) for name in ("lead_time_median", "lead_time_p90"))
PRESENT: Final = ORGANISATION_OUTCOME_NAMES.index("present")
Values = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Capacity:
    """What is known of the capacity of each organisation.

    Attributes
    ----------
    chain : the chain with the capacity that fits best
    best, low, high : capacity as a multiple of the work in calm times, [organisation]; high is infinite where the log
        only gives a lower limit
    misfit : mean square of the differences from the log, in tolerances
    """

    chain: Scenario
    best: Values
    low: Values
    high: Values
    misfit: float


def matched_capacity(
    chain: Scenario,
    series: list[Measured],
    part: slice,
    busiest: Values,
    seed: int = 1,
    progress: Progress | None = None,
) -> Capacity:
    """The capacity with which a chain resembles a log over a part of its weeks.

    Parameters
    ----------
    chain : with any number of posts
    series : of the log, on the scale of the chain
    part : weeks that are looked at
    busiest : work in the busiest quarter as a multiple of the mean, [organisation]; what is enough in it is a lower limit
    seed : of the luck, the same for every point
    progress : called with (points done, points in all)
    """
    per_post = workload(chain)
    posts = np.array([organisation.fte.value for organisation in chain.organisations])
    full = np.where(per_post.needed > 0, posts * per_post.needed / np.maximum(per_post.available, 1e-9), 0.1)
    halves = (slice(part.start, (part.start + part.stop) // 2), slice((part.start + part.stop) // 2, part.stop))
    seen = np.array(
        [[mean_of(one.weekly, half) for half in halves] for one in series if one.outcome == "present"]
    )  # [organisation, half]
    number = len(full)
    low, high = np.full(number, np.log(LEAST_CAPACITY)), np.full(number, np.log(MOST_CAPACITY))
    tried, came = np.empty((0, number)), np.empty((0, number, 2))
    generator = np.random.default_rng(seed)
    steps = WAVES * POINTS
    for wave in range(WAVES):
        points = _spread(generator, low, high)
        done = wave * POINTS

        def tell(count: int, _: int, done: int = done) -> None:
            if progress is not None:
                progress(done + count, steps)

        variants = [with_posts(chain, full * np.exp(point)) for point in points]
        found = _present(variants, halves, seed, tell)
        # each run is a point of its own: the log is one run too, and luck makes runs differ
        tried = np.vstack([tried, np.repeat(points, RUNS, axis=0)])
        came = np.concatenate([came, found.reshape(-1, number, 2)])
        fits = [_fit(tried[:, place], came[:, place], seen[place], low[place], high[place]) for place in range(number)]
        best = np.array([fit[0] for fit in fits])
        low, high = np.array([fit[1] for fit in fits]), np.array([fit[2] for fit in fits])
        low, high = np.minimum(low, best - NARROW), np.maximum(high, best + NARROW)
    top = np.log(MOST_CAPACITY) - NARROW
    unlimited = high >= top
    best = np.where(unlimited, np.maximum(np.log(COMFORT * busiest), low), best)
    chosen = with_posts(chain, full * np.exp(best))
    return Capacity(
        chosen, np.exp(best), np.exp(low), np.where(unlimited, np.inf, np.exp(high)),
        _misfit(chosen, series, seen, halves, part, seed),
    )  # fmt: skip


def with_posts(chain: Scenario, posts: Values) -> Scenario:
    """The same chain with other numbers of posts, [organisation]; nothing is checked again."""
    organisations = tuple(
        part.model_copy(
            update={"fte": part.fte.model_copy(update={"value": round(float(np.clip(number, 0.1, 2000)), 3)})}
        )
        for part, number in zip(chain.organisations, posts, strict=True)
    )
    return chain.model_copy(update={"organisations": organisations})


def _spread(generator: np.random.Generator, low: Values, high: Values) -> Values:
    """Points that are spread evenly in every direction (a Latin hypercube)."""
    from scipy.stats import qmc

    share = qmc.LatinHypercube(len(low), rng=generator).random(POINTS)
    return np.asarray(low + share * (high - low))


def _present(variants: list[Scenario], halves: tuple[slice, slice], seed: int, progress: Progress) -> Values:
    """Mean number of cases at each organisation in both halves, [variant, run, organisation, half]."""
    keep = Keep(organisations=MOST_RUNS, weeks=(0, halves[1].stop))

    def of_variant(chain: Scenario) -> Values:
        kept = replicate(Ensemble.of(chain, seed), keep, 0, RUNS).organisations[..., PRESENT]
        return np.stack([kept[:, half].mean(axis=1) for half in halves], axis=-1)

    return np.stack(in_order(of_variant, [(chain,) for chain in variants], progress=progress))


def _fit(tried: Values, came: Values, seen: Values, low: float, high: float) -> tuple[float, float, float]:
    """Logarithm of the capacity that fits best, and of the ends of the range that is not ruled out.

    Parameters
    ----------
    tried : [point] logarithm of the capacity
    came : [point, half] cases present
    seen : [half] cases present in the log
    low, high : range that was not ruled out before
    """
    grid = np.linspace(low, high, GRID)
    width = max((high - low) / 5.0, NARROW)
    apart = np.zeros(GRID)
    ruled = np.zeros(GRID)
    for half in range(2):
        if np.isnan(seen[half]):
            continue
        line, spread = _smoothed(tried, np.log1p(came[:, half]), grid, width)
        off = np.abs(line - np.log1p(seen[half]))
        apart += off**2
        ruled = np.maximum(ruled, off / np.sqrt((TOLERANCE / WITHIN) ** 2 + spread**2))
    best = float(grid[int(np.argmin(apart))])
    kept = grid[ruled <= CUTOFF]
    return (best, float(kept[0]), float(kept[-1])) if len(kept) else (best, best - NARROW, best + NARROW)


def _smoothed(x: Values, y: Values, grid: Values, width: float) -> tuple[Values, Values]:
    """A line through points, straight in each neighbourhood, and the spread of the points around it."""
    distance = (grid[:, None] - x[None, :]) / width
    weight = np.exp(-0.5 * distance**2) + 1e-9
    total = weight.sum(axis=1)
    mean_x, mean_y = weight @ x / total, weight @ y / total
    across = x[None, :] - mean_x[:, None]
    slope = (weight * across * (y[None, :] - mean_y[:, None])).sum(axis=1)
    slope /= (weight * across**2).sum(axis=1) + 1e-12
    line = mean_y + np.minimum(slope, 0.0) * (grid - mean_x)  # more capacity never makes more cases wait
    rest = y[None, :] - (mean_y[:, None] + slope[:, None] * across)
    return line, np.sqrt((weight * rest**2).sum(axis=1) / total)


def _misfit(
    chain: Scenario, series: list[Measured], seen: Values, halves: tuple[slice, slice], part: slice, seed: int
) -> float:
    """How far the chain lies from the log: presence at each organisation and lead times, in tolerances."""
    keep = Keep(weekly=LEAD, organisations=MOST_RUNS, weeks=(0, part.stop))
    kept = replicate(Ensemble.of(chain, seed), keep, 0, 2 * RUNS)
    found = np.stack([kept.organisations[:, half, :, PRESENT].mean(axis=(0, 1)) for half in halves], axis=-1)
    off = [np.log1p(found) - np.log1p(seen)]
    chain_wide = {one.outcome: one.weekly for one in series if one.organisation is None and one.case_type is None}
    for column, name in enumerate(("lead_time_median", "lead_time_p90")):
        values = kept.weekly[:, :, column].mean(axis=0)
        off.append(np.array([np.log1p(mean_of(values, part)) - np.log1p(mean_of(chain_wide[name], part))]))
    apart = np.concatenate([one.ravel() for one in off])
    return float(np.nanmean((apart / TOLERANCE) ** 2))
