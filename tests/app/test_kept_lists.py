"""Claims about the place where a list of cases stands while it is read: nothing of it may stay, whatever ends the process."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from ketensim.app.own import kept_lists

LONGEST = 60.0
HOLD = """
import sys
from ketensim.app.own import kept_lists
kept_lists.remove_leftovers()
path = kept_lists.new_place(".csv")
path.write_text("zaak;organisatie", "utf-8")
print(path, flush=True)
sys.stdin.read()
"""
Holder = tuple[subprocess.Popen[str], Path]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this test, and of the processes that it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def holder() -> Iterator[Holder]:
    """A process that has received a list; killed at the end when it still runs."""
    with subprocess.Popen([sys.executable, "-c", HOLD], stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_process_left_is_removed_at_the_next_start(place: Path) -> None:
    with holder() as (process, path):
        process.kill()
        process.wait(LONGEST)
    assert path.exists()
    kept_lists.remove_leftovers()
    assert not list(place.iterdir())


def test_a_start_beside_a_process_that_runs_leaves_its_list_alone(place: Path) -> None:
    with holder() as (_, path), holder() as (_, its_path):  # the second removes leftovers first
        kept_lists.remove_leftovers()
        assert path.exists()
        assert its_path.exists()
    kept_lists.remove_leftovers()
    assert not list(place.iterdir())


def test_a_process_that_ends_by_itself_leaves_nothing(place: Path) -> None:
    with holder() as (process, _):
        process.communicate(timeout=LONGEST)
    assert not list(place.iterdir())


def test_a_folder_without_a_mark_is_left_over_and_other_folders_are_not(place: Path) -> None:
    left, others = place / "ketensim-lists-abc", place / "ketensim-something"
    for folder in (left, others):
        folder.mkdir()
        (folder / "list.csv").write_text("x", "utf-8")
    kept_lists.remove_leftovers()
    assert not left.exists()
    assert others.exists()
