"""What an experiment leaves: a folder with tables, the experiment and its chains, enough to run it again anywhere.

The tables are put together from the store in the order of the points, with fixed settings: the same runs are the same
bytes, whoever computed them and in whatever order.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.experiment import derived
from ketensim.experiment.design_parts import TABLE, Design
from ketensim.experiment.design_table import as_csv
from ketensim.experiment.disk import make_folder, write_text, write_whole
from ketensim.experiment.failures import Failures
from ketensim.experiment.kept_tables import KEPT_ORGANISATIONS, KEPT_WEEKS, write_kept
from ketensim.experiment.parquet import TableWriter, batches, read_column, read_table, write_table
from ketensim.experiment.points import ExperimentPlan, Point, model
from ketensim.experiment.records import BINS, WEEKLY
from ketensim.experiment.specification import Experiment
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.outcome_table import EIGHT_OF_TEN
from ketensim.foundation.shown import Shown
from ketensim.run.histograms import Histograms
from ketensim.scenario import files
from ketensim.scenario.fields import MOST_WEEKS

if TYPE_CHECKING:
    import pandas as pd

    from ketensim.experiment.store import RunStore

EXPERIMENT: Final = "experiment.yaml"
MANIFEST: Final = "manifest.json"
SCENARIOS: Final = "scenarios"
POINTS, RUNS, WEEKS = "points.parquet", "runs.parquet", "weekly.parquet"
TABLES: Final = (POINTS, RUNS, WEEKS)
LETTERS_OF_MARK: Final = 16
OF_MANIFEST: Final = {  # what a manifest holds at least
    "name": str,
    "seed": int,
    "runs_per_point": int,
    "points": int,
    "failed": list,
    "model_sha256": str,
    "files_sha256": dict,
    "versions": dict,
    "python": str,
}
LIBRARIES: Final = ("ketensim", "numpy", "numba", "pyarrow", "salib", "scipy", "pydoe3")


@dataclass(frozen=True)
class ExperimentResult(Shown):
    """The result of an experiment, read from its folder.

    Attributes
    ----------
    folder : where it is
    """

    folder: Path

    def __repr__(self) -> str:
        return f"ExperimentResult({str(self.folder)!r})"

    @classmethod
    def load(cls, folder: str | Path) -> ExperimentResult:
        """The result in a folder.

        Raises
        ------
        InputError
            no result there, or one that is not finished
        """
        if not isinstance(folder, str | os.PathLike):
            raise InputError([Problem("error.not_text", "folder", {"given": str(folder)})])
        result = cls(Path(folder))
        if not (result.folder / MANIFEST).is_file():
            raise InputError([Problem("error.no_result", "", {"given": str(folder)})])
        for name in (EXPERIMENT, *TABLES):
            if not (result.folder / name).is_file():
                raise InputError([Problem("error.file_missing", "", {"given": str(result.folder / name)})])
        return result

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment as it was run."""
        return Experiment.load(self.folder / EXPERIMENT, own=self._own_outcomes)

    @property
    def _own_outcomes(self) -> tuple[str, ...]:
        """Names of outcomes that were added to the model with which it was run."""
        try:
            names = [name.partition(".") for facts in self.changed for name in facts]
        except InputError:  # a manifest that cannot be read is told where it is asked for
            return ()
        return tuple(dict.fromkeys(name for kind, _, name in names if kind in ("outcomes", "organisation_outcomes")))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Versions, seed, fingerprints, machine and failures."""
        path = self.folder / MANIFEST
        try:
            manifest = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            manifest = None
        if not isinstance(manifest, dict) or any(
            not isinstance(manifest.get(name), kind) for name, kind in OF_MANIFEST.items()
        ):
            raise InputError([Problem("error.store_foreign", "", {"given": str(path)})])
        return manifest

    @property
    def mark(self) -> str:
        """What tells this result from every other: its files, as 16 hexadecimal digits."""
        return mark_of(self.manifest["files_sha256"])

    def changed_files(self) -> tuple[str, ...]:
        """Files that are not those that were written with the result."""
        stamps = self.manifest["files_sha256"]
        names = dict.fromkeys((EXPERIMENT, *TABLES, *stamps))
        return tuple(name for name in names if sha256_of(self.folder / name) != stamps.get(name))

    def refuse_changed(self) -> None:
        """Refuse a result of which a file was changed after it was written.

        Raises
        ------
        InputError
            which files; what they say would be said of other data than was computed
        """
        if changed := self.changed_files():
            raise InputError(
                [Problem("error.result_changed", str(self.folder), {"given": changed, "number": len(changed)})]
            )

    @property
    def changed(self) -> list[dict[str, str]]:
        """What was different from the shipped model, per way to steer; empty when nothing was."""
        found: list[dict[str, str]] = self.manifest.get("changed", [])
        return found

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row per point: point, scenario, policy, events, choice, world, a column per factor, key, failed."""
        return read_table(self.folder / POINTS)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run: point, replication (from 0 in each point), and one column per outcome."""
        return read_table(self.folder / RUNS)

    def values(self, outcome: str) -> NDArray[np.float64]:
        """An outcome as array [point that did not fail, run], in the order of ``points``; no other column is read.

        Raises
        ------
        InputError
            the table of runs has not the same number of runs at every point
        """
        good = self.points.loc[~self.points["failed"], "point"].to_numpy()
        numbers, column = (read_column(self.folder / RUNS, name) for name in ("point", outcome))
        kept = np.isin(numbers, good)
        numbers, column = numbers[kept], column[kept]
        if not np.array_equal(numbers, np.repeat(good, self.experiment.runs)):
            raise InputError([Problem("error.store_damaged", "", {"given": str(self.folder / RUNS)})])
        return column.reshape(len(good), self.experiment.runs)

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """One row per point and week: point, week, and of some outcomes the mean over the runs and, as NAME_p10, NAME_p50
        and NAME_p90, the quantiles. These come from histograms of 64 bins: even ones for shares, ones that grow with the
        number for what is no share (a bin there is a fifth wide).
        """
        return read_table(self.folder / WEEKS)

    def kept_weeks(self, outcomes: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """What the experiment keeps of the chain, in portions: point, replication, week, and a column per outcome.

        Parameters
        ----------
        outcomes : None = all that are kept

        Raises
        ------
        InputError
            it keeps nothing, or not these
        """
        return self._kept(KEPT_WEEKS, ["point", "replication", "week"], outcomes)

    def kept_organisations(self, outcomes: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The same of organisations, with a column organisation; raises as ``kept_weeks``."""
        return self._kept(KEPT_ORGANISATIONS, ["point", "replication", "week", "organisation"], outcomes)

    @property
    def kept_tables(self) -> list[str]:
        """Names of the files with what the experiment keeps per week."""
        return [name for name in (KEPT_WEEKS, KEPT_ORGANISATIONS) if name in self.manifest["files_sha256"]]

    def _kept(self, name: str, rows: list[str], outcomes: Sequence[str] | None) -> Iterator[pd.DataFrame]:
        kept = self.experiment.keep
        there = () if kept is None else kept.chain if name == KEPT_WEEKS else kept.organisations
        for outcome in outcomes or ("",) * (not there):
            if outcome not in there:
                raise InputError([Problem("error.not_kept", "", {"given": outcome, "allowed": there})])
        return batches(self.folder / name, [*rows, *(there if outcomes is None else outcomes)])

    def weekly_means(self, groups: Sequence[Sequence[int]], columns: Sequence[str]) -> list[pd.DataFrame]:
        """Mean course over each group of points, read in portions.

        Parameters
        ----------
        groups : numbers of points, each in one group at most
        columns : of ``weekly``

        Returns
        -------
        per group a table with a row per week and these columns; not-a-number where no point has a value
        """
        import pandas as pd

        group_of = np.full(int(self.points["point"].max()) + 1, len(groups))
        for number, points in enumerate(groups):
            group_of[list(points)] = number
        sums = np.zeros((len(groups) + 1, MOST_WEEKS, len(columns)))
        known = np.zeros_like(sums)
        last = -1
        for part in batches(self.folder / WEEKS, ["point", "week", *columns]):
            place = (group_of[part["point"].to_numpy()], part["week"].to_numpy())
            values = part[list(columns)].to_numpy(dtype=float)
            np.add.at(sums, place, np.where(np.isnan(values), 0.0, values))
            np.add.at(known, place, ~np.isnan(values))
            last = max(last, int(part["week"].max()))
        means = np.divide(sums, known, out=np.full_like(sums, np.nan), where=known > 0)
        return [pd.DataFrame(course, columns=list(columns)) for course in means[:-1, : last + 1]]


def compact(
    plan: ExperimentPlan, keys: list[str], store: RunStore, failures: Failures, folder: Path
) -> ExperimentResult:
    """Put the result together from the store.

    Parameters
    ----------
    plan, keys : the points, and the key of each
    store : that holds every run of every point that did not fail
    failures : of the points that did
    folder : of the result; files are replaced one by one, the manifest last

    Raises
    ------
    InputError
        a file that cannot be read or written
    """
    make_folder(folder / SCENARIOS)
    (folder / MANIFEST).unlink(missing_ok=True)
    failure = {key: failures.of(key) for key in keys}
    table = plan.table.assign(key=keys, failed=[failure[key] is not None for key in keys])
    good = [(point, key) for point, key in zip(plan.points, keys, strict=True) if failure[key] is None]
    write_whole(folder / POINTS, lambda draft: write_table(draft, table))
    write_whole(folder / RUNS, lambda draft: _write_runs(draft, plan, good, store))
    write_whole(folder / WEEKS, lambda draft: _write_weeks(draft, plan.experiment, good, store))
    kept = write_kept(folder, plan, good, store)
    for name, text in _texts(plan).items():
        make_folder((folder / name).parent)
        write_text(folder / name, text)
    code = sorted([*kept, *_code(plan), *(f"{place}.csv" for place in _tabled(plan.experiment))])
    failed = [{"key": key, **facts} for key, facts in failure.items() if facts is not None]
    manifest = _manifest(plan, failed, folder, code)
    derived.clear(folder, mark_of(manifest["files_sha256"]))
    write_text(folder / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    return ExperimentResult(folder)


def _write_runs(path: Path, plan: ExperimentPlan, good: list[tuple[Point, str]], store: RunStore) -> None:
    experiment = plan.experiment
    types = {"point": "int32", "replication": "int32", **dict.fromkeys(plan.outcomes, "float64")}
    with TableWriter(path, types) as writer:
        for point, key in good:
            for piece in store.cover(key, point.first, point.first + experiment.runs)[0]:
                summary = store.read(piece).summary
                number = np.full(piece.number, point.number)
                replication = piece.first - point.first + np.arange(piece.number)
                writer.add([number, replication, *summary.T])


def _write_weeks(path: Path, experiment: Experiment, good: list[tuple[Point, str]], store: RunStore) -> None:
    names = [name + ending for name in WEEKLY for ending in ("", *(f"_{band}" for band in EIGHT_OF_TEN))]
    with TableWriter(path, {"point": "int32", "week": "int32", **dict.fromkeys(names, "float64")}) as writer:
        for point, key in good:
            pieces = store.cover(key, point.first, point.first + experiment.runs)[0]
            columns = _weeks(store.read(piece).histograms for piece in pieces)
            weeks = np.arange(len(columns[0]))
            writer.add([np.full(len(weeks), point.number), weeks, *columns])


def _weeks(pieces: Iterator[Histograms]) -> list[np.ndarray]:
    """Mean and band of each outcome of ``WEEKLY``, per week, of the pieces of a point, one in memory at a time."""
    whole = next(pieces)
    for piece in pieces:
        whole.add(piece)
    bands = [BINS.band(whole, place) for place in range(len(WEEKLY))]
    return [band[name] for band in bands for name in ("mean", *EIGHT_OF_TEN)]


def refuse_other(plan: ExperimentPlan, folder: Path) -> None:
    """Refuse a folder that holds the finished result of another experiment.

    Another number of runs makes no other experiment: the runs that both have are the same.

    Raises
    ------
    InputError
        the two differ in anything else, chains and code of their own included
    """
    if not (folder / MANIFEST).is_file():
        return
    there = {name: path.read_text("utf-8") for name in _texts(plan) if (path := folder / name).is_file()}
    try:
        stored = Experiment.load(folder / EXPERIMENT)
    except InputError:
        stored = None
    same = stored is not None and _texts(plan, stored.runs) == there
    if not same:
        raise InputError([Problem("error.other_experiment", "--out", {"given": str(folder)})])


def _texts(plan: ExperimentPlan, runs: int | None = None) -> dict[str, str]:
    """The experiment, its chains and code of its own as files by name, so that a folder with them needs nothing else.

    Parameters
    ----------
    runs : of every point, when it is not to be the number of the experiment
    """
    experiment = plan.experiment
    places = range(len(experiment.scenario))
    names = [f"{SCENARIOS}/{experiment.scenario_name(place)}.yaml" for place in places]
    texts = {name: files.dump(experiment.scenario_at(place)) for place, name in zip(places, names, strict=True)}
    changes: dict[str, Any] = {"scenario": tuple(names), "runs": runs or experiment.runs}
    for place, part in _tabled(experiment).items():
        changes[place] = part.model_copy(update={"table": f"{place}.csv"})
        texts[f"{place}.csv"] = as_csv(part.rows or ())
    written = experiment.model_copy(update=changes)
    return {**texts, EXPERIMENT: written.dump(), **_code(plan)}


def _tabled(experiment: Experiment) -> dict[str, Design]:
    """The designs whose combinations stand in a table, by their place."""
    designs = {"design": experiment.design, "worlds": experiment.worlds}
    return {place: part for place, part in designs.items() if part is not None and part.kind == TABLE}


def _code(plan: ExperimentPlan) -> dict[str, str]:
    """Code of an experiment's own, by the names of its files."""
    return {name: text for own in plan.extensions for name, text in own.sources.items()}


def _manifest(plan: ExperimentPlan, failed: list[dict[str, Any]], folder: Path, code: list[str]) -> dict[str, Any]:
    experiment = plan.experiment
    return {
        "name": experiment.name,
        "seed": experiment.seed,
        "runs_per_point": experiment.runs,
        "points": len(plan.points),
        "failed": failed,
        "model_sha256": model(),
        **({"changed": plan.changed} if plan.changed else {}),
        "files_sha256": {name: sha256_of(folder / name) for name in (EXPERIMENT, *TABLES, *code)},
        "versions": {name: metadata.version(name) for name in LIBRARIES},
        "python": platform.python_version(),
        "machine": {"system": platform.platform(), "processor": platform.machine(), "processors": os.cpu_count()},
    }


def mark_of(stamps: Mapping[str, str]) -> str:
    """What tells a result from every other, from the fingerprints of its files."""
    return hashlib.sha256(json.dumps(dict(sorted(stamps.items()))).encode()).hexdigest()[:LETTERS_OF_MARK]


def sha256_of(path: Path) -> str:
    """Fingerprint of a file; empty when it is not there."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
