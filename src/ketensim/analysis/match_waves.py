"""History matching on figures of one's own: waves of sets of parameters, and what is left that they do not rule out.

Each wave stands in a file of its own as soon as it is done, so that the same command goes on where it stopped. The first wave
fills the space evenly; later ones draw neighbours of sets that were kept, as ``experiments/history_matching`` does.
"""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.analysis.assumptions import ASSUMPTIONS, plausible, sets_at
from ketensim.analysis.matching import CUTOFF, figures_of_sets, not_ruled_out
from ketensim.experiment.disk import make_folder, write_text, write_whole
from ketensim.experiment.indicator_file import IndicatorFile
from ketensim.experiment.parquet import read_table, write_table
from ketensim.experiment.points import model
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.parameters import Parameter
from ketensim.run.executors import Progress
from ketensim.scenario import files
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

FRESH: Final = 0.2  # chance that a parameter of a neighbour is drawn anew over its whole range
MARK: Final = "match.json"
SETS, ACCEPTED, ACCEPTED_PARQUET, FIGURES = "sets.csv", "accepted.csv", "accepted.parquet", "figures.csv"
SIMULATED, IMPLAUSIBLE = "simulated ", "implausibility "  # before the name of a figure
WORST, KEPT = "worst", "not_ruled_out"
BAND: Final = (0.1, 0.5, 0.9)
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Space:
    """What may vary, and between which ends.

    Attributes
    ----------
    assumed : assumptions that go from half to double their default
    given : ends of the others, by name
    """

    assumed: tuple[Parameter, ...]
    given: Mapping[str, tuple[float, float]]

    @classmethod
    def of(cls, asked: IndicatorFile, chain: Scenario) -> Space:
        """What a file varies; when it says nothing, every assumption that the chain does not give itself."""
        if asked.parameters:
            return cls((), {name: factor.ends for name, factor in asked.parameters.items()})
        return cls(tuple(row for row in ASSUMPTIONS if row.name not in chain.parameters), {})

    @property
    def ends(self) -> dict[str, tuple[float, float]]:
        """Lowest and highest value by name."""
        return {**{row.name: plausible(row) for row in self.assumed}, **self.given}

    def sets(self, places: Values) -> pd.DataFrame:
        """Sets of parameters at points of the unit cube [set, parameter]."""
        table = sets_at(places[:, : len(self.assumed)], self.assumed)
        for column, (name, (low, high)) in enumerate(self.given.items(), len(self.assumed)):
            table[name] = low + places[:, column] * (high - low)
        return table

    def drawn(self, kept: pd.DataFrame, wave: int, asked: IndicatorFile) -> pd.DataFrame:
        """The sets of a wave, counted from 1: spread evenly while none is kept, else neighbours of those that are."""
        number, names = asked.sets, list(self.ends)
        luck = np.random.default_rng([asked.seed, wave])
        if not len(kept):
            from scipy.stats import qmc

            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # a number that is no power of two is a little less even
                return self.sets(qmc.Sobol(len(names), rng=luck).random(number))
        anew = self.sets(luck.random((number, len(names))))
        start = kept[names].iloc[luck.integers(0, len(kept), number)].reset_index(drop=True)
        return start.where(luck.random(anew.shape) >= FRESH, anew)


@dataclass(frozen=True)
class Matched:
    """What history matching left.

    Attributes
    ----------
    sets : one row per set of every wave: wave, parameters, per figure what was simulated and how implausible that is, the
        worst of these, and whether the set is not ruled out
    figures : one row per figure: what was measured, its tolerance, what sets that are left give, and how many sets it rules out
    ends : lowest and highest value that a parameter might have, by name
    """

    sets: pd.DataFrame
    figures: pd.DataFrame
    ends: Mapping[str, tuple[float, float]]

    @property
    def accepted(self) -> pd.DataFrame:
        """The sets that are not ruled out, as ``simulate(parameters=...)`` takes them."""
        return self.sets.loc[self.sets[KEPT], list(self.ends)].reset_index(drop=True)

    def narrowed(self) -> pd.DataFrame:
        """Per parameter the middle 80 % of the sets that are left, and which part of the range that is; the narrowest first."""
        import pandas as pd

        rows = []
        for name, (low, high) in self.ends.items():
            some = self.accepted[name]
            first, last = (float(end) for end in np.quantile(some, (BAND[0], BAND[2]))) if len(some) else (low, high)
            rows.append((name, low, high, first, last, (last - first) / (high - low)))
        table = pd.DataFrame(rows, columns=["parameter", "from", "to", "p10", "p90", "part"])
        return table.sort_values("part", kind="stable", ignore_index=True)


def match(
    chain: Scenario,
    asked: IndicatorFile,
    out: Path,
    *,
    replace: bool = False,
    progress: Progress | None = None,
    told: Callable[[int, int, int], None] | None = None,
) -> Matched:
    """Which sets of parameters figures of one's own do not rule out.

    Parameters
    ----------
    chain, asked : the chain, and the figures
    out : folder; waves that are there already are not computed again
    replace : whether waves of another chain, model or file may be thrown away
    progress : called with (sets tried in this wave, sets of the wave)
    told : called after each wave with its number, the sets tried in it, and those not ruled out

    Raises
    ------
    InputError
        a figure that does not fit the chain; a folder that cannot be used or that holds another matching
    """
    import pandas as pd

    measured = asked.on(chain)
    space = Space.of(asked, measured)
    _begin(out, _mark(measured, asked), replace=replace)
    waves: list[pd.DataFrame] = []
    kept: pd.DataFrame = pd.DataFrame()
    for wave in range(1, asked.waves + 1):
        path = out / f"wave_{wave:02d}.parquet"
        if not path.is_file():
            table = _judged(measured, space.drawn(kept, wave, asked), wave, asked.seed, progress)
            write_whole(path, partial(_write_wave, table))
        waves.append(read_table(path))
        sets = pd.concat(waves, ignore_index=True)
        kept = sets[sets[KEPT]]
        if told is not None:
            told(wave, len(waves[-1]), int(waves[-1][KEPT].sum()))
    found = Matched(sets, _figures(measured, sets), space.ends)
    _write(out / SETS, found.sets)
    _write(out / ACCEPTED, found.accepted)
    write_whole(out / ACCEPTED_PARQUET, partial(_write_wave, found.accepted))
    _write(out / FIGURES, found.figures)
    return found


def _judged(chain: Scenario, sets: pd.DataFrame, wave: int, seed: int, progress: Progress | None) -> pd.DataFrame:
    """Sets of a wave with what they give; every wave has luck of its own."""
    figures = figures_of_sets(chain, sets, (seed + wave - 1) % 2**63, progress=progress)
    implausibility, means = figures.implausibility(), figures.values.mean(axis=1)
    table = sets.copy()
    table.insert(0, "wave", wave)
    for place, name in enumerate(figures.names):
        table[f"{SIMULATED}{name}"] = means[:, place]
        table[f"{IMPLAUSIBLE}{name}"] = implausibility[:, place]
    return table.assign(**{WORST: implausibility.max(axis=1), KEPT: not_ruled_out(implausibility)})


def _figures(chain: Scenario, sets: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for part in chain.indicators:
        some = sets.loc[sets[KEPT], f"{SIMULATED}{part.id}"].dropna()
        band = np.quantile(some, BAND) if len(some) else np.full(len(BAND), np.nan)
        ruled_out = int((sets[f"{IMPLAUSIBLE}{part.id}"] > CUTOFF).sum())
        rows.append((part.id, part.value, part.tolerance, *band, ruled_out, len(sets)))
    columns = ["figure", "measured", "tolerance", "p10", "p50", "p90", "ruled_out", "sets"]
    return pd.DataFrame(rows, columns=columns)


def _mark(chain: Scenario, asked: IndicatorFile) -> str:
    """What the waves are made of; more waves of the same are a matching that goes on."""
    said = asked.model_copy(update={"waves": 1})
    text = "\n".join([model(), files.dump_part(chain), files.dump_part(said)])
    return hashlib.sha256(text.encode()).hexdigest()


def _begin(out: Path, mark: str, *, replace: bool) -> None:
    """Make the folder ready; refuse one that holds another matching."""
    make_folder(out)
    path = out / MARK
    if path.is_file():
        try:
            there = json.loads(path.read_text("utf-8"))["made_of"]
        except (OSError, ValueError, KeyError, TypeError):
            there = ""
        if there == mark:
            return
        if not replace:
            raise InputError([Problem("error.other_matching", "--out", {"given": str(out)})])
        for wave in out.glob("wave_[0-9][0-9].parquet"):
            wave.unlink()
    write_text(path, json.dumps({"made_of": mark}, indent=2) + "\n")


def _write_wave(table: pd.DataFrame, draft: Path) -> None:
    write_table(draft, table)


def _write(path: Path, table: pd.DataFrame) -> None:
    text = io.StringIO()
    table.to_csv(text, index=False, lineterminator="\n")
    write_text(path, text.getvalue())
