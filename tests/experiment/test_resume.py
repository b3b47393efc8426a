"""Claims about being stopped: kill -9 at any moment, and the same command goes on to the same bytes. Real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.experiment.small import called, command, contents, done, written

pytestmark = pytest.mark.jit
MANY = 600  # runs per point: a few seconds of work


def killed(path: Path, out: Path, files: int, how: signal.Signals, *words: str) -> subprocess.Popen[str]:
    """The command, stopped as soon as the store holds some files more than before."""
    before = len(list((out.parent / "runs").glob("*.parquet")))
    process = subprocess.Popen(
        command("experiment", path, "--out", out, *words), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 120
    try:
        while len(list((out.parent / "runs").glob("*.parquet"))) < before + files:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.005)
    except AssertionError:
        process.kill()
        raise
    process.send_signal(how)
    return process


def test_killed_twice_and_resumed_the_result_is_the_same_to_the_byte(tmp_path: Path) -> None:
    path = written(tmp_path, runs=MANY)
    for files in (2, 3):
        process = killed(path, tmp_path / "out", files, signal.SIGKILL, "--workers", "1")
        assert process.wait() == -signal.SIGKILL
        process.communicate()
        assert not (tmp_path / "out" / "manifest.json").exists()
    ended = called("experiment", path, "--out", tmp_path / "out")
    assert ended.returncode == 0, ended.stderr
    assert "computed; " in ended.stdout and "; 0 were" not in ended.stdout
    done(path, tmp_path / "whole" / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole" / "out")
    checked = called("verify", tmp_path / "out", "--runs", "5")
    assert checked.returncode == 0
    assert "5 runs computed again, all the same to the bit" in checked.stdout


def test_ctrl_c_ends_the_command_with_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    path = written(tmp_path, runs=MANY)
    process = killed(path, tmp_path / "out", 1, signal.SIGINT, "--workers", "1")
    try:
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode in (130, -signal.SIGINT)  # to a shell both are 130; CPython chooses at exit
    assert "the same command goes on" in told
    assert "Traceback" not in told


@pytest.fixture
def cluster() -> Iterator[object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import LocalCluster

        with LocalCluster(
            n_workers=4, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as made:
            yield made


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_of_four_with_a_worker_killed_in_the_middle_gives_the_same_bytes(
    tmp_path: Path, cluster: object
) -> None:
    path = written(tmp_path, runs=MANY)
    victims = [nanny.pid for nanny in cluster.workers.values()]
    done_runs = []

    def kill_one(finished: int, total: int) -> None:
        done_runs.append(finished)
        if len(done_runs) == 2:
            os.kill(victims[0], signal.SIGKILL)

    report = done(path, tmp_path / "out", executor="dask", scheduler=cluster.scheduler_address, progress=kill_one)
    assert len(done_runs) > 2 and report.failed == 0
    done(path, tmp_path / "whole" / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole" / "out")


def test_a_scheduler_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ketensim.cli import main
    from ketensim.run import executors

    monkeypatch.setattr(executors, "ANSWER_WITHIN", 1)
    words = ["experiment", str(written(tmp_path)), "--out", str(tmp_path / "out"), "--executor", "dask"]
    assert main(words) == 2
    assert main([*words, "--scheduler", "tcp://127.0.0.1:9"]) == 2
