"""Whether a result is what it says: its files are those of the manifest, and a sample of its runs comes out the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ketensim.experiment.kept_tables import KEPT_ORGANISATIONS, KEPT_WEEKS
from ketensim.experiment.parquet import number_of_rows, read_rows, rows_where
from ketensim.experiment.points import ExperimentPlan, model
from ketensim.experiment.records import Computed, Failed, Piece
from ketensim.experiment.result import RUNS, ExperimentResult
from ketensim.experiment.runner import outcome_of
from ketensim.foundation.errors import InputError, Problem
from ketensim.run.executors import Progress

SAMPLE: Final = 20


@dataclass(frozen=True)
class Verification:
    """What a check found.

    Attributes
    ----------
    runs : how many runs were computed again
    different : (point, replication) of those that came out differently
    changed : files that are not those of the manifest
    other_model : whether the result was made with other sources of the model than those that checked it
    """

    runs: int
    different: tuple[tuple[int, int], ...]
    changed: tuple[str, ...]
    other_model: bool

    @property
    def good(self) -> bool:
        """Whether everything is what it says."""
        return not self.different and not self.changed


def verification_of(
    result: ExperimentResult, sample: int = SAMPLE, seed: int = 0, progress: Progress | None = None
) -> Verification:
    """Compute a sample of the runs again and compare to the bit.

    Parameters
    ----------
    result : of an experiment
    sample : how many runs
    seed : of the drawing of the sample
    progress : called with (runs done, runs to do)

    Raises
    ------
    InputError
        the result cannot be read, or was made with a changed model that is not in force here
    """
    changed = result.changed_files()
    plan = ExperimentPlan(result.experiment)
    made_with, here = ([facts["stamp"] if facts else "" for facts in found] for found in (result.changed, plan.changed))
    if made_with != here:
        places = {place for facts in result.changed for name, place in facts.items() if name != "stamp"}
        raise InputError([Problem("error.other_extension", "", {"given": tuple(sorted(places))})])
    size = number_of_rows(result.folder / RUNS)
    rows = np.random.default_rng(seed).choice(size, min(sample, size), replace=False)
    drawn = read_rows(result.folder / RUNS, np.sort(rows))
    different = []
    for done, (number, replication, *stored) in enumerate(
        drawn[["point", "replication", *plan.outcomes]].itertuples(index=False, name=None), 1
    ):
        point = plan.points[int(number)]
        task = plan.task(point)
        again = outcome_of(task, Piece(task.key, point.first + int(replication), 1))
        same = isinstance(again, Computed) and again.summary[0].tobytes() == np.array(stored, dtype=float).tobytes()
        if not same or not _kept_alike(result, again, {"point": int(number), "replication": int(replication)}):
            different.append((int(number), int(replication)))
        if progress is not None:
            progress(done, len(drawn))
    other = result.manifest["model_sha256"] != model()
    return Verification(len(drawn), tuple(different), changed, other)


def _kept_alike(result: ExperimentResult, again: Computed | Failed, run: dict[str, int]) -> bool:
    """Whether what is kept of a run per week comes out the same."""
    kept = result.experiment.keep
    if kept is None or isinstance(again, Failed):
        return True
    for name, names, computed in (
        (KEPT_WEEKS, kept.chain, again.chain),
        (KEPT_ORGANISATIONS, kept.organisations, again.organisations),
    ):
        if names:
            stored = rows_where(result.folder / name, **run)[list(names)].to_numpy(dtype=float)
            if np.ascontiguousarray(stored).tobytes() != np.ascontiguousarray(computed).tobytes():
                return False
    return True
