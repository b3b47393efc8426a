"""Claims about the store: nothing is lost and nothing foreign is believed."""

from __future__ import annotations

import errno
import os
import resource
import shutil
from pathlib import Path

import pytest
from tests.conftest import refused
from tests.experiment.small import called, contents, done, written

from ketensim.cli import main
from ketensim.experiment import runner
from ketensim.experiment.parquet import TableWriter
from ketensim.experiment.records import Piece
from ketensim.experiment.store import RunStore


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A folder with an experiment that was run."""
    done(written(tmp_path), tmp_path / "out")
    return tmp_path


def told(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["experiment", str(folder / "trial.yaml"), "--out", str(folder / "out"), "--lang", "en", *words]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def one_file(folder: Path) -> Path:
    return next(iter(sorted((folder / "runs").glob("*.parquet"))))


def test_a_file_that_was_cut_short_is_told_and_its_runs_are_computed_again(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, path = contents(filled / "out"), one_file(filled)
    path.write_bytes(path.read_bytes()[:-100])
    assert f"{path} is incomplete or was changed" in told(filled, capsys)
    assert path.exists()
    path.unlink()
    done(filled / "trial.yaml", filled / "out")
    assert contents(filled / "out") == before


def test_one_changed_bit_is_noticed(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = one_file(filled)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    assert "incomplete or was changed" in told(filled, capsys)


def test_a_foreign_file_is_told_and_left_alone(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = filled / "runs" / "mine.parquet"
    foreign.write_bytes(b"my own work")
    assert f"{foreign} was not written by this version" in told(filled, capsys)
    assert foreign.read_bytes() == b"my own work"
    shutil.copy(filled / "out" / "runs.parquet", foreign)
    assert "was not written by this version" in told(filled, capsys)


def test_drafts_of_others_and_other_kinds_of_files_do_not_disturb(filled: Path) -> None:
    (filled / "runs" / ".x.parquet.1.writing").write_bytes(b"half")
    (filled / "runs" / "notes.txt").write_text("mine")
    assert done(filled / "trial.yaml", filled / "out").computed == 0
    assert (filled / "runs" / ".x.parquet.1.writing").exists()
    os.utime(filled / "runs" / ".x.parquet.1.writing", (0, 0))
    RunStore(filled / "runs")
    assert not (filled / "runs" / ".x.parquet.1.writing").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_is_full_or_read_only_is_told_and_nothing_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(runner, "CHUNK", (340, 340))
    written(tmp_path)
    real, calls = Path.replace, []

    def full(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) > 4:
            raise OSError(number, os.strerror(number))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", full)
    said = told(tmp_path, capsys)
    assert "the same command goes on" in said
    assert ("the disk is full" if number == errno.ENOSPC else "it can only be read") in said
    monkeypatch.undo()
    assert done(tmp_path / "trial.yaml", tmp_path / "out").present >= 40
    assert not list((tmp_path / "runs").glob(".*"))


@pytest.mark.jit
def test_a_file_that_the_system_refuses_to_let_grow_is_told_in_a_real_process(tmp_path: Path) -> None:
    path = written(tmp_path)

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    ended = called("experiment", path, "--out", tmp_path / "out", preexec_fn=small_files)
    assert ended.returncode == 2
    assert "cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not list((tmp_path / "runs").iterdir())


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path)
    (tmp_path / "out").write_text("a file")
    (tmp_path / "runs").write_text("a file")
    assert "cannot be written" in told(tmp_path, capsys)
    assert (tmp_path / "runs").read_text() == "a file"


def test_a_folder_that_is_no_result_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path), "--lang", "en"]) == 2
    assert f"There is no finished result in {tmp_path}" in capsys.readouterr().err


def test_pieces_that_overlap_are_used_once_and_gaps_are_found(filled: Path) -> None:
    store = RunStore(filled / "runs")
    key = next(iter(store)).key
    store._by_key[key] = [Piece(key, 0, 20), Piece(key, 10, 20), Piece(key, 40, 10), Piece(key, 20, 5)]
    pieces, gaps = store.cover(key, 0, 60)
    assert pieces == [Piece(key, 0, 20), Piece(key, 20, 5), Piece(key, 40, 10)]
    assert gaps == [(25, 15), (50, 10)]


def test_a_table_is_the_same_bytes_however_it_was_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    from ketensim.experiment import parquet

    monkeypatch.setattr(parquet, "ROW_GROUP", 100)
    values = np.random.default_rng(1).random(1234)
    for name, size in (("a", 7), ("b", 1234), ("c", 100)):
        with TableWriter(tmp_path / name, {"x": "float64"}) as writer:
            for start in range(0, len(values), size):
                writer.add([values[start : start + size]])
    assert len({(tmp_path / name).read_bytes() for name in "abc"}) == 1
    assert (parquet.read_table(tmp_path / "a")["x"].to_numpy() == values).all()


def test_a_table_that_is_cut_short_is_told(filled: Path) -> None:
    from ketensim.experiment.parquet import read_table

    path = filled / "out" / "runs.parquet"
    path.write_bytes(path.read_bytes()[:-50])
    with refused("store_foreign"):
        read_table(path)
