"""Which combinations of factors a design runs: the door to SALib, scipy's samplers and pyDOE3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.experiment.design_parts import Design, Factor
from ketensim.foundation.errors import Problem
from ketensim.run.extras import needed
from ketensim.scenario.numbers import as_written
from ketensim.scenario.problems import excerpt, nearest

LEVELS: Final = 4  # of Morris' grid
MOST_POINTS: Final = 200_000
BETWEEN: Final = ("latin_hypercube", "sobol", "morris")  # kinds that draw between two ends
TWO: Final = ("factorial", "fractional")
# (factors, resolution): the fewest combinations that have it, as generators. Found with pyDOE3's exhaustive search
# (fracfact_opt), those of nine factors in tables; a test works out the resolution of each anew
FRACTIONS: Final[Mapping[tuple[int, int], str]] = {
    (3, 3): "a b ab",
    (4, 3): "a b c abc",
    (4, 4): "a b c abc",
    (5, 3): "a b c abc bc",
    (5, 4): "a b c d abcd",
    (5, 5): "a b c d abcd",
    (6, 3): "a b c abc bc ac",
    (6, 4): "a b c d bcd acd",
    (6, 5): "a b c d e abcde",
    (7, 3): "a b c ab ac bc abc",
    (7, 4): "a b c d bcd acd abd",
    (7, 5): "a b c d e f abcdef",
    (8, 3): "a b c d bcd acd abd abc",
    (8, 4): "a b c d bcd acd abd abc",
    (8, 5): "a b c d e f bcdef adef",
    (9, 3): "a b c d abc bcd acd abd abcd",
    (9, 4): "a b c d e bcde acde abde abce",
    (9, 5): "a b c d e f g acdfg bcefg",
}
Values = NDArray[np.float64]
Row = dict[str, float]


def design_problems(design: Design, factors: Mapping[str, Factor], place: str) -> Iterator[Problem]:
    """What does not fit between a design and the factors that it is to vary.

    Parameters
    ----------
    place : where the design stands in the file
    """
    kind = design.kind
    if not factors and kind not in ("list", "grid", "table"):
        yield Problem("error.no_factors", f"{place}.kind", {"given": kind})
    for name, factor in factors.items():
        between = factor.from_ is not None
        if kind in BETWEEN and not between:
            yield Problem("error.needs_ends", f"{place}.kind", {"given": name, "kind": kind})
        if kind in TWO and not between and len(factor.values) != 2:
            yield Problem("error.not_two_levels", name, {"given": len(factor.values)})
        if kind == "grid" and between and design.levels is None:
            yield Problem("error.missing_key", f"{place}.levels", {"given": "levels"})
    if kind == "fractional" and factors and (len(factors), design.resolution) not in FRACTIONS:
        facts = {"given": len(factors), "lower": 3, "upper": max(number for number, _ in FRACTIONS)}
        yield Problem("error.no_fraction", f"{place}.kind", facts)
    for place_of, row in enumerate(design.rows or ()):
        yield from _row_problems(row, factors, f"{place}.rows[{place_of}]")
    if (number := size(design, factors)) > MOST_POINTS:
        yield Problem("error.too_many_points", place, {"given": number, "allowed": MOST_POINTS})


def _row_problems(row: Row, factors: Mapping[str, Factor], place: str) -> Iterator[Problem]:
    for name, value in row.items():
        if name not in factors:
            known = {"given": excerpt(name), "allowed": tuple(factors), **nearest(name, factors)}
            yield Problem("error.unknown_factor", f"{place}.{name}", known)
        elif not factors[name].ends[0] <= value <= factors[name].ends[1]:
            low, high = factors[name].ends
            facts = {"given": as_written(value), "lower": low, "upper": high, "unit": "number"}
            yield Problem("error.out_of_range", f"{place}.{name}", facts)


def size(design: Design, factors: Mapping[str, Factor]) -> int:
    """How many combinations a design has."""
    number = len(factors)
    match design.kind:
        case "list" | "table":
            return len(design.rows or ())
        case "grid":
            return int(np.prod([len(factor.values) or design.levels or 1 for factor in factors.values()], dtype=float))
        case "factorial":
            return 1 << number
        case "fractional":
            generators = FRACTIONS.get((number, design.resolution or 0), "")
            return 1 << sum(len(word) == 1 for word in generators.split())
        case "latin_hypercube":
            return design.points or 0
        case "sobol":
            return (design.base or 0) * (number + 2)
    return (design.trajectories or 0) * (number + 1)


def combinations(design: Design, factors: Mapping[str, Factor], seed: int) -> list[Row]:
    """The combinations, in the order that the analysis of the design expects.

    Parameters
    ----------
    design, factors : that fit each other, see ``problems``
    seed : of the designs that draw
    """
    names = list(factors)
    if design.kind in ("list", "table"):
        return [dict(row) for row in design.rows or ()]
    if design.kind == "grid":
        return [
            dict(zip(names, row, strict=True))
            for row in product(*(_steps(factor, design) for factor in factors.values()))
        ]
    ends = [factor.ends for factor in factors.values()]
    places = _places(design, names, seed)
    return [
        {
            name: float(low + place * (high - low))
            for name, place, (low, high) in zip(names, row.tolist(), ends, strict=True)
        }
        for row in places
    ]


def _steps(factor: Factor, design: Design) -> Sequence[float]:
    if factor.values:
        return factor.values
    low, high = factor.ends
    values: list[float] = np.linspace(low, high, design.levels or 2).tolist()
    return values


def _places(design: Design, names: Sequence[str], seed: int) -> Values:
    """Combinations as places between the ends: array [combination, factor] in [0, 1]."""
    match design.kind:
        case "factorial":
            return np.array(list(product((0.0, 1.0), repeat=len(names))))
        case "fractional":
            from pyDOE3 import fracfact

            return np.asarray((fracfact(FRACTIONS[len(names), design.resolution or 0]) + 1.0) / 2.0)
        case "latin_hypercube":
            from scipy.stats import qmc

            values: Values = qmc.LatinHypercube(len(names), rng=np.random.default_rng(seed)).random(design.points)
            return values
        case "sobol":
            return sobol_points(names, design.base or 0, seed)
    return morris_points(names, design.trajectories or 0, seed)


# --- points for sensitivity analysis (analysis/sensitivity.py reads them) ----------------------------------------------
def unit_problem(names: Sequence[str]) -> dict[str, Any]:
    """SALib's description of inputs that all lie in [0, 1]."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def morris_points(names: Sequence[str], trajectories: int, seed: int) -> Values:
    """Points [point, input] in [0, 1]: trajectories along which one input moves at a time [Morris1991]_."""
    with needed("SALib", "morris"):
        from SALib.sample import morris

    values: Values = morris.sample(unit_problem(names), trajectories, num_levels=LEVELS, seed=seed)
    return values


def sobol_points(names: Sequence[str], base: int, seed: int) -> Values:
    """Points [point, input] in [0, 1] for variance-based indices: base x (inputs + 2) of them [Saltelli2010]_.

    Parameters
    ----------
    base : a power of two
    """
    with needed("SALib", "sobol"):
        from SALib.sample import sobol

    values: Values = sobol.sample(unit_problem(names), base, calc_second_order=False, seed=seed)
    return values
