"""Claims about running: computed once, anywhere, in any order, with the same bytes; a failure costs itself only."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import refused
from tests.experiment.small import contents, done, written

import ketensim as ks
from ketensim.experiment import records, runner
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run import replications
from ketensim.run.executors import Lost, Workers, results

FRAME = LEVER_NAMES.index("frame")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result made with one thread in one go."""
    folder = tmp_path_factory.mktemp("plain")
    done(written(folder), folder / "out", workers=1)
    return folder / "out"


def test_the_runs_of_a_point_are_those_of_simulate(plain: Path, tmp_path: Path) -> None:
    result = ks.ExperimentResult.load(plain)
    last = result.points.iloc[-1]
    written(tmp_path)
    chain = ks.load(tmp_path / "small.yaml").with_levers(frame=last["frame"], room=last["room"])
    simulated = ks.simulate(chain, runs=30, seed=1)
    found = result.runs[result.runs["point"] == last["point"]]
    np.testing.assert_array_equal(found[list(OUTCOME_NAMES)].to_numpy(), simulated.summary)
    weekly = result.weekly[result.weekly["point"] == last["point"]]
    for name in records.WEEKLY:
        band = {part: values.to_numpy() for part, values in simulated.band(name).items()}
        np.testing.assert_allclose(weekly[name], band["mean"], atol=1e-6)
        width = 1.0 / records.NUMBER_OF_BINS if name != "open" else 0.25 * np.nan_to_num(band["p90"]) + 1.0
        room = width + band["p75"] - band["p25"]  # so few runs leave gaps, and a quantile lies somewhere in a gap
        for part in ("p10", "p50", "p90"):
            off = np.abs(weekly[f"{name}_{part}"].to_numpy() - band[part])
            assert np.isnan(off).sum() == np.isnan(band[part]).sum() and np.nanmax(off - room) <= 0.0


def test_a_histogram_knows_a_value_to_its_bin() -> None:
    values = np.array(
        [[0.0, 0.0, 0.5, 0.999, 1.0, 0.25], [1.0, 12.0, 0.1, 0.2, 0.3, 0.4], [np.nan, 1e5, 1.0, 1.0, 1.0, 1.0]]
    )
    counted = records.BINS.counted(values[None])
    assert (counted.bins.sum(axis=2) == counted.sums[..., 0]).all() and counted.sums[..., 0].sum() == values.size - 1
    place = counted.bins.argmax(axis=2)
    for outcome in range(len(records.WEEKLY)):
        ends = (records.BINS.value_at((place[:, outcome] + end) / records.NUMBER_OF_BINS, outcome) for end in (0, 1))
        low, high = ends
        value = np.nan_to_num(values[:, outcome])
        assert (low <= value + 1e-9).all() and (value <= high + 1e-9).all()


def test_python_and_the_command_give_the_same_bytes(plain: Path, tmp_path: Path) -> None:
    result = ks.run_experiment(ks.Experiment.load(written(tmp_path)), tmp_path / "out")
    assert contents(result.folder) == contents(plain)


class InReverse(Executor):
    """Computes what it gets at once, and says so in the reverse order."""

    def __init__(self) -> None:
        self.held: list[tuple[Future[Any], Any]] = []

    def submit(self, job: Any, /, *words: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.held.append((future, job(*words, **named)))
        if len(self.held) == 2:
            for waiting, value in reversed(self.held):
                waiting.set_result(value)
            self.held.clear()
        return future


def test_threads_order_and_pieces_change_no_byte(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done(written(tmp_path), tmp_path / "threads" / "out", workers=2)
    assert contents(tmp_path / "threads" / "out") == contents(plain)
    monkeypatch.setattr(runner, "CHUNK", (340, 340))  # 10 runs
    monkeypatch.setattr(records, "PIECE", 5)
    done(written(tmp_path), tmp_path / "reverse" / "out", executor=InReverse(), workers=1)
    assert contents(tmp_path / "reverse" / "out") == contents(plain)
    assert len(list((tmp_path / "reverse" / "runs").iterdir())) == 18


@pytest.mark.jit
def test_processes_give_the_same_bytes(plain: Path, tmp_path: Path) -> None:
    done(written(tmp_path), tmp_path / "out", executor="processes", workers=2)
    assert contents(tmp_path / "out") == contents(plain)


def test_shards_in_any_order_give_the_same_bytes_and_the_last_one_puts_them_together(
    plain: Path, tmp_path: Path
) -> None:
    path = written(tmp_path)
    for part in (3, 1):
        report = done(path, tmp_path / "out", shard=(part, 3))
        assert report.computed == 60
        assert report.result is None
    with refused("other_shards"):
        ks.run_experiment(ks.Experiment.load(path), tmp_path / "out", shard=(1, 3))
    assert done(path, tmp_path / "out", shard=(2, 3)).result is not None
    assert contents(tmp_path / "out") == contents(plain)


def test_equal_points_of_another_experiment_are_not_computed_again(tmp_path: Path) -> None:
    done(written(tmp_path), tmp_path / "one")
    wider = written(tmp_path, "wider", levers={"frame": [0.1, 0.5, 0.7], "room": [0.2, 0.8]})
    report = done(wider, tmp_path / "two")
    assert (report.present, report.computed) == (4 * 30, 2 * 30)
    again = done(wider, tmp_path / "three")
    assert (again.present, again.computed) == (6 * 30, 0)
    assert contents(tmp_path / "three") == contents(tmp_path / "two")


def test_more_runs_are_added_to_those_that_are_there_and_fewer_are_taken_from_them(tmp_path: Path) -> None:
    done(written(tmp_path, runs=20), tmp_path / "out")
    more = done(written(tmp_path, runs=50), tmp_path / "out")
    assert (more.present, more.computed) == (6 * 20, 6 * 30)
    done(written(tmp_path, runs=50), tmp_path / "fresh" / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh" / "out")
    fewer = done(written(tmp_path, runs=40), tmp_path / "out")
    assert fewer.computed == 0


def test_points_that_are_the_same_are_computed_once_and_told_twice(tmp_path: Path) -> None:
    rows = [{"frame": 0.1}, {"frame": 0.1}]
    report = done(written(tmp_path, levers={"frame": [0.1]}, design={"kind": "list", "rows": rows}), tmp_path / "out")
    assert report.computed == 30
    assert report.result is not None
    assert len(report.result.runs) == 60


def test_luck_of_its_own_is_other_luck_at_every_point(tmp_path: Path) -> None:
    rows = [{"frame": 0.1}, {"frame": 0.1}]
    path = written(tmp_path, levers={"frame": [0.1]}, design={"kind": "list", "rows": rows}, luck="own")
    runs = done(path, tmp_path / "out").result.runs
    assert (runs["replication"] == [*range(30), *range(30)]).all()
    assert (runs["arrived"][:30].to_numpy() != runs["arrived"][30:].to_numpy()).any()


def test_a_point_that_fails_costs_that_point_only_and_can_be_tried_again(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, good = written(tmp_path), replications.run_weeks

    def fails_once(step: Any, run: Any, luck: tuple[int, int], first: int, last: int) -> Any:
        decided = run[0].change.value[run[0].change.lever == FRAME]
        frame = decided[-1] if len(decided) else run[0].lever_grid[0, FRAME]
        if luck[1] == 25 and abs(float(frame) - 0.5) < 1e-9:
            raise MemoryError("too little memory")
        return good(step, run, luck, first, last)

    monkeypatch.setattr(replications, "run_weeks", fails_once)
    report = done(path, tmp_path / "out")
    assert report.failed == 2
    assert len(report.result.runs) == 4 * 30
    told = report.result.manifest["failed"]
    assert [(one["seed"], one["replication"], one["message"]) for one in told] == [
        (1, 25, "MemoryError: too little memory")
    ] * 2
    assert report.result.points["failed"].sum() == 2
    monkeypatch.undo()
    assert done(path, tmp_path / "out").failed == 2
    again = done(path, tmp_path / "out", retry_failed=True)
    assert again.failed == 0
    assert contents(tmp_path / "out") == contents(plain)
    assert not (tmp_path / "out" / "failures").exists()


def test_ctrl_c_keeps_what_was_done_and_the_same_call_goes_on(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "CHUNK", (340, 340))
    path = written(tmp_path)

    def stop(finished: int, total: int) -> None:
        if finished >= 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        done(path, tmp_path / "out", workers=1, progress=stop)
    assert not (tmp_path / "out" / "manifest.json").exists()
    report = done(path, tmp_path / "out")
    assert report.present >= 40
    assert contents(tmp_path / "out") == contents(plain)


def dies(chunk: list[int]) -> list[int]:
    """A worker that is killed by one of the parts."""
    if 3 in chunk:
        os.kill(os.getpid(), signal.SIGKILL)
    return chunk


def test_a_part_that_kills_its_worker_is_found_and_all_others_are_computed() -> None:
    def fresh() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(2)

    chunks: Iterator[list[int]] = iter([[1, 2], [3, 4], [5], [6, 7]])
    found = list(results(Workers(fresh(), 2, fresh), dies, chunks))
    assert [one for one in found if isinstance(one, Lost)] == [Lost([3])]
    assert sorted(part for one in found if not isinstance(one, Lost) for part in one) == [1, 2, 4, 5, 6, 7]


def test_a_worker_with_another_version_of_the_model_is_refused() -> None:
    with refused("other_sources"):
        runner.compute_portion([], "0" * 64)


def test_a_result_that_was_changed_is_found_out(tmp_path: Path) -> None:
    from ketensim.experiment.parquet import read_table, write_table
    from ketensim.experiment.verify import verification_of

    result = done(written(tmp_path), tmp_path / "out").result
    assert verification_of(result, 10).good
    table = read_table(tmp_path / "out" / "runs.parquet")
    table.loc[table["point"] == 2, "open"] += 1e-9
    write_table(tmp_path / "out" / "runs.parquet", table)
    verdict = verification_of(ks.ExperimentResult.load(tmp_path / "out"), 180)
    assert verdict.changed == ("runs.parquet",)
    assert {point for point, _ in verdict.different} == {2}
    assert not verdict.good
