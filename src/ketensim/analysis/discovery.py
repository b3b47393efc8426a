"""In which part of the space of settings something tends to happen: scenario discovery with PRIM and CART (EMA workbench).

PRIM peels one box at a time from the whole space; CART divides the space into boxes that do not overlap. Where both draw the
same line, the line does not hang on the method.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.errors import InputError, Problem
from ketensim.run.extras import needed

if TYPE_CHECKING:
    import pandas as pd

WORKBENCH: Final = "ema_workbench"
PEEL: Final = 0.05  # share of the points in the box that one step takes off
LEAST_MASS: Final = 0.05  # share of all points; smaller boxes say little
MOST_BOXES: Final = 3
MOST_LEAVES: Final = 8  # of a tree; one with more is no picture of where it goes well
TREE_SEED: Final = 0  # of two divisions that are equally good, always the same is taken
SIGNIFICANT: Final = 0.05  # a limit that could be chance is taken off again
LEAST_POINTS: Final = 40
LEAST_CASES: Final = 10


@dataclass(frozen=True)
class Limit:
    """Between which values an input lies in a box.

    Attributes
    ----------
    input : its name
    low, high : in the input's unit; None where the box goes on to the end of what was sampled
    chance : probability that the limit is chance (quasi-p-value [BryantLempert2010]_); not-a-number in a tree
    """

    input: str
    low: float | None
    high: float | None
    chance: float


@dataclass(frozen=True)
class Box:
    """A part of the space in which the cases of interest are dense.

    Attributes
    ----------
    limits : what bounds it, the sharpest first
    density : share of its points that are cases of interest
    coverage : share of all cases of interest that lie in it
    mass : share of all points that lie in it
    """

    limits: tuple[Limit, ...]
    density: float
    coverage: float
    mass: float


def boxes(inputs: pd.DataFrame, interest: NDArray[np.bool_], density: float = 0.8, most: int = MOST_BOXES) -> list[Box]:
    """Boxes in which something tends to happen, the best first; each next one among the points that are left.

    Of the boxes that PRIM peels, the largest whose density is at least the wanted one is taken, or the densest when
    none is; limits that could be chance are then taken off.

    Parameters
    ----------
    inputs : one row per point, a numerical column per input
    interest : array [point]; whether it happened
    density : wanted share of cases of interest in a box, in (0, 1]
    most : number of boxes to look for

    Returns
    -------
    list of Box; empty when no box is denser than the whole

    Raises
    ------
    InputError : fewer than 40 points, or fewer than 10 points with (or without) what is of interest
    """
    cases = _enough_cases(inputs, interest)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the workbench names optional packages, and calls pandas in an old way
        return list(_found(_algorithm(inputs, interest), inputs, density, most, cases / len(inputs)))


def leaves(
    inputs: pd.DataFrame, interest: NDArray[np.bool_], density: float = 0.8, most: int = MOST_BOXES
) -> list[Box]:
    """Leaves of a decision tree (CART) in which something tends to happen, the one that covers most first.

    A leaf is a box that overlaps with no other. Taken are those whose density is at least the wanted one, or the densest when
    none is.

    Parameters
    ----------
    inputs, interest, density, most : as for ``boxes``

    Returns
    -------
    list of Box, whose limits have no chance; empty when no leaf is denser than the whole

    Raises
    ------
    InputError : as ``boxes``
    """
    cases = _enough_cases(inputs, interest)
    with needed(WORKBENCH, "CART"):
        from ema_workbench.analysis import cart

    varied = inputs.loc[:, inputs.nunique() > 1].astype(float).reset_index(drop=True)
    found = cart.CART(varied, np.asarray(interest, dtype=bool), mass_min=LEAST_MASS)
    least = max(1, int(LEAST_MASS * len(varied)))
    tree = cart.tree.DecisionTreeClassifier(min_samples_leaf=least, max_leaf_nodes=MOST_LEAVES, random_state=TREE_SEED)
    found.clf = tree.fit(varied.to_numpy(), found.y)
    if found.clf.get_n_leaves() == 1:
        return []
    drawn = [_leaf(ends, stats, varied) for ends, stats in zip(found.boxes, found.stats, strict=True)]
    denser = [box for box in drawn if box.density > cases / len(inputs)]
    dense = [box for box in denser if box.density >= density] or sorted(denser, key=lambda box: -box.density)[:1]
    return sorted(dense, key=lambda box: -box.coverage)[:most]


def _leaf(ends: Any, stats: Mapping[str, float], sampled: pd.DataFrame) -> Box:
    bounded = [name for name in sampled if tuple(ends[name]) != (sampled[name].min(), sampled[name].max())]
    limits = [_limit(str(name), ends[name], sampled[name], float("nan")) for name in bounded]
    return Box(tuple(limits), *(float(stats[name]) for name in ("density", "coverage", "mass")))


def _enough_cases(inputs: pd.DataFrame, interest: NDArray[np.bool_]) -> int:
    """How many points are of interest; refused when there are too few of them, or of the others."""
    cases = int(np.sum(interest))
    if len(inputs) < LEAST_POINTS or not LEAST_CASES <= cases <= len(inputs) - LEAST_CASES:
        facts = {"points": len(inputs), "cases": cases, "least": LEAST_POINTS, "least_cases": LEAST_CASES}
        raise InputError([Problem("error.too_few_cases", "", facts)])
    return cases


def _found(algorithm: Any, inputs: pd.DataFrame, density: float, most: int, everywhere: float) -> Iterator[Box]:
    """Boxes as PRIM finds them, as long as they are denser than the whole."""
    for _ in range(most):
        peeled = algorithm.find_box()
        chosen = None if peeled is None else _chosen(peeled, inputs, density)
        if chosen is None or chosen.density <= everywhere:
            return
        yield chosen


def _algorithm(inputs: pd.DataFrame, interest: NDArray[np.bool_]) -> Any:
    with needed(WORKBENCH, "PRIM"):
        from ema_workbench.analysis import prim

    varied = inputs.loc[:, inputs.nunique() > 1].astype(float).reset_index(drop=True)
    return prim.Prim(varied, np.asarray(interest, dtype=bool), peel_alpha=PEEL, mass_min=LEAST_MASS)


def _chosen(peeled: Any, inputs: pd.DataFrame, density: float) -> Box | None:
    """The step of the peeling that is dense enough at the largest coverage, without limits that could be chance."""
    steps = peeled.peeling_trajectory
    dense = steps.index[steps["density"] >= density]
    step = int(dense[0]) if len(dense) else int(steps["density"].idxmax())
    peeled.select(step)
    chances = _chances(peeled)
    # one at a time: what a limit does depends on the others, so those that stay are judged in the box that is left
    while chances and max(chances.values()) > SIGNIFICANT:
        peeled.drop_restriction(max(chances, key=lambda name: chances[name]))  # a new last step, now selected
        chances = _chances(peeled)
    if not chances:
        return None
    limits = [
        _limit(name, peeled.box_lim[name], inputs[name], chances[name])
        for name in sorted(chances, key=lambda name: chances[name])
    ]
    box = peeled.peeling_trajectory.loc[peeled._cur_box]
    return Box(tuple(limits), float(box["density"]), float(box["coverage"]), float(box["mass"]))


def _chances(peeled: Any) -> dict[str, float]:
    """Probability that each limit of the selected box is chance, given the others."""
    return {str(name): _smallest(chance) for name, chance in peeled.p_values[peeled._cur_box].items()}


def _limit(name: str, ends: Any, sampled: pd.Series[float], chance: float) -> Limit:
    low, high = (float(end) for end in ends)
    return Limit(
        name, low if low > float(sampled.min()) else None, high if high < float(sampled.max()) else None, chance
    )


def _smallest(chance: Any) -> float:
    """The smaller probability of a limit's two ends; an end that is no limit has a negative number instead."""
    return min((float(part) for part in np.atleast_1d(chance) if part >= 0.0), default=1.0)
