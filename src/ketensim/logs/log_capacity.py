"""How many posts an organisation has, so that it does what it did in a log: first by its load, then by who waited.

The log tells the load of each organisation, with limits (``log_throughput.py``). Three small rounds of simulation find the
posts at which the chain has that load. Two waves of history matching [VernonGoldsteinBower2010]_ then move all organisations
at once, as far as their limits let them, towards as many cases present in both halves of the period as in the log: coarse
first, then fine. How much is simulated depends on the size of the chain and not on the clock, so that a log makes
the same chain on every computer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.luck import MOST_RUNS
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.logs.log_figures import TOLERANCE, Measured, mean_of
from ketensim.logs.log_throughput import LEAST_LOAD, Load
from ketensim.run.executors import in_order
from ketensim.run.replications import Ensemble, Keep, replicate
from ketensim.scenario.schema import Scenario
from ketensim.scenario.workload import workload

ROUNDS: Final = 3  # in which posts are set by load
AMPLE: Final = 0.75  # of the load from which the first round begins, so that work is seen and not a queue
FULL: Final = 0.97  # load above which a simulation no longer shows how much work there is
STEP: Final = 1.15  # by which posts go up where it does not
RUNS: Final = 2  # per point
WAVES: Final = 2
POINTS: Final = (6, 24)  # per wave, of a large and of a small chain
SIMULATED: Final = 3_000_000  # visits that may be simulated in the waves
NARROW: Final = 0.03  # least width of a range that is looked at, in logarithms of capacity
WIDE: Final = 0.25  # ... and the largest
GRID: Final = 81
PRESENT: Final = ORGANISATION_OUTCOME_NAMES.index("present")
UTILISATION: Final = ORGANISATION_OUTCOME_NAMES.index("utilisation")
LEAD: Final = tuple(OUTCOME_NAMES.index(name) for name in ("lead_time_median", "lead_time_p90"))
Values = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Capacity:
    """What is known of the capacity of each organisation.

    Attributes
    ----------
    chain : the chain with the posts that fit best
    load : share of its capacity that is needed in that chain, [organisation]
    loads : what the log tells of it
    simulated : runs by which it was found
    misfit : mean square of the differences from the log, in tolerances
    """

    chain: Scenario
    load: Values
    loads: tuple[Load, ...]
    simulated: int
    misfit: float


def matched_capacity(
    chain: Scenario,
    series: list[Measured],
    part: slice,
    loads: Sequence[Load],
    seed: int = 1,
    progress: Progress | None = None,
) -> Capacity:
    """The capacity with which a chain resembles a log over a part of its weeks.

    Parameters
    ----------
    chain : with any number of posts
    series : of the log, on the scale of the chain
    part : weeks that are looked at
    loads : what the log tells of the load, [organisation]
    seed : of the luck, the same for every point
    progress : called with (points done, points in all)
    """
    points = points_of(chain)
    total = ROUNDS + WAVES * points + 1

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, total)

    posts = _by_load(chain, part, loads, seed, tell)
    middle = (part.start + part.stop) // 2
    halves = (slice(part.start, middle), slice(middle, part.stop))
    seen = np.array(
        [[mean_of(one.weekly, half) for half in halves] for one in series if one.outcome == "present"]
    )  # [organisation, half]
    low, high = _ranges(loads)
    spread = np.maximum((high - low) / 4.0, NARROW)  # limits hold four deviations
    at = np.zeros(len(posts))
    tried, came = np.empty((0, len(posts))), np.empty((0, len(posts), 2))
    generator = np.random.default_rng(seed)

    def present(point: Values) -> Values:
        return _present(with_posts(chain, posts * np.exp(point)), halves, seed)

    for wave in range(WAVES):

        def count(number: int, _: int, done: int = ROUNDS + wave * points) -> None:
            tell(done + number)

        width = (high - low) / 2.0 ** (wave + 1)
        begin, end = np.maximum(low, at - width), np.minimum(high, at + width)
        variants = _spread(generator, begin, end, points)
        found = in_order(present, [(point,) for point in variants], progress=count)
        # each run is a point of its own: the log is one run too, and luck makes runs differ
        tried = np.vstack([tried, np.repeat(variants, RUNS, axis=0)])
        came = np.concatenate([came, np.concatenate(found)])
        at = np.array(
            [_fit(tried[:, place], came[:, place], seen[place], (begin[place], end[place]), spread[place])
             for place in range(len(posts))]
        )  # fmt: skip
    chosen = with_posts(chain, posts * np.exp(at))
    load, misfit = _judged(chosen, series, seen, halves, part, seed)
    tell(total)
    return Capacity(chosen, load, tuple(loads), RUNS * (ROUNDS + WAVES * points + 2), misfit)


def points_of(chain: Scenario) -> int:
    """How many points a wave has; fewer for a chain in which more happens."""
    visits = float(workload(chain).cases.sum()) * (chain.burn_in + chain.weeks)
    fewest, most = POINTS
    return int(np.clip(SIMULATED / (WAVES * RUNS * max(visits, 1.0)), fewest, most))


def with_posts(chain: Scenario, posts: Values) -> Scenario:
    """The same chain with other numbers of posts, [organisation]; nothing is checked again."""
    organisations = tuple(
        part.model_copy(
            update={"fte": part.fte.model_copy(update={"value": round(float(np.clip(number, 0.1, 2000)), 3)})}
        )
        for part, number in zip(chain.organisations, posts, strict=True)
    )
    return chain.model_copy(update={"organisations": organisations})


def _by_load(chain: Scenario, part: slice, loads: Sequence[Load], seed: int, tell: Callable[[int], None]) -> Values:
    """Posts at which the simulated load is that of the log; what came and was not done counts as work too."""
    wanted = np.array([load.best * load.grew for load in loads])
    calm = workload(chain)
    posts = np.array([organisation.fte.value for organisation in chain.organisations])
    posts = np.where(calm.needed > 0, posts * calm.needed / np.maximum(calm.available, 1e-9), 0.1) / (
        AMPLE * np.minimum(wanted, 1.0)
    )
    for done in range(ROUNDS):
        keep = Keep(organisations=MOST_RUNS, weeks=(part.start, part.stop))
        kept = replicate(Ensemble.of(with_posts(chain, posts), seed), keep, 0, RUNS).organisations
        found = _load_in(kept)
        factor = np.where(found < FULL, found / wanted, np.where(wanted < FULL, STEP, 1.0))
        posts = np.clip(posts * np.where(found > 0, factor, 1.0), 0.1, 2000)
        tell(done + 1)
    return np.asarray(posts)


def _load_in(organisations: Values) -> Values:
    """Mean load over runs and weeks, [organisation]; a week without an hour for cases has none."""
    busy = organisations[..., UTILISATION]
    known = ~np.isnan(busy)
    return np.asarray(np.where(known, busy, 0.0).sum(axis=(0, 1)) / np.maximum(known.sum(axis=(0, 1)), 1))


def _ranges(loads: Sequence[Load]) -> tuple[Values, Values]:
    """Where capacity is sought, in logarithms beside the capacity that has the best load, [organisation]."""
    best, least, most = (np.array([getattr(load, name) for load in loads]) for name in ("best", "low", "high"))
    low = np.maximum(np.log(best / most), -WIDE)
    high = np.minimum(np.log(best / np.maximum(least, LEAST_LOAD)), WIDE)
    return np.minimum(low, -NARROW), np.maximum(high, NARROW)


def _spread(generator: np.random.Generator, low: Values, high: Values, points: int) -> Values:
    """Points that are spread evenly in every direction (a Latin hypercube)."""
    from scipy.stats import qmc

    share = qmc.LatinHypercube(len(low), rng=generator).random(points)
    return np.asarray(low + share * (high - low))


def _present(chain: Scenario, halves: tuple[slice, slice], seed: int) -> Values:
    """Mean number of cases at each organisation in both halves, [run, organisation, half]."""
    keep = Keep(organisations=MOST_RUNS, weeks=(0, halves[1].stop))
    kept = replicate(Ensemble.of(chain, seed), keep, 0, RUNS).organisations[..., PRESENT]
    return np.stack([kept[:, half].mean(axis=1) for half in halves], axis=-1)


def _fit(tried: Values, came: Values, seen: Values, within: tuple[float, float], spread: float) -> float:
    """Logarithm of the capacity that fits best.

    Parameters
    ----------
    tried : [point] logarithm of the capacity, beside the one that has the load of the log
    came : [point, half] cases present
    seen : [half] cases present in the log
    within : where it is sought
    spread : how sure the load is; what leads away from it has to be worth it
    """
    grid = np.linspace(*within, GRID)
    width = max((within[1] - within[0]) / 5.0, NARROW)
    apart = (grid / spread) ** 2
    for half in range(len(seen)):
        if not np.isnan(seen[half]):
            line, luck = _smoothed(tried, np.log1p(came[:, half]), grid, width)
            apart += (line - np.log1p(seen[half])) ** 2 / (TOLERANCE**2 + luck**2)
    return float(grid[int(np.argmin(apart))])


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


def _judged(
    chain: Scenario, series: list[Measured], seen: Values, halves: tuple[slice, slice], part: slice, seed: int
) -> tuple[Values, float]:
    """The load of each organisation, and how far the chain lies from the log: presence and lead times, in tolerances."""
    keep = Keep(weekly=LEAD, organisations=MOST_RUNS, weeks=(0, part.stop))
    kept = replicate(Ensemble.of(chain, seed), keep, 0, 2 * RUNS)
    found = np.stack([kept.organisations[:, half, :, PRESENT].mean(axis=(0, 1)) for half in halves], axis=-1)
    load = _load_in(kept.organisations[:, part])
    off = [np.log1p(found) - np.log1p(seen)]
    chain_wide = {one.outcome: one.weekly for one in series if one.organisation is None and one.case_type is None}
    for column, name in enumerate(("lead_time_median", "lead_time_p90")):
        values = kept.weekly[:, :, column].mean(axis=0)
        off.append(np.array([np.log1p(mean_of(values, part)) - np.log1p(mean_of(chain_wide[name], part))]))
    apart = np.concatenate([one.ravel() for one in off])
    return load, float(np.nanmean((apart / TOLERANCE) ** 2))
