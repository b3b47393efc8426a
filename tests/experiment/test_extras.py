"""Claims about packages that serve a corner: without them all else works, and what they are for says how to get them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.experiment.small import done, written

from ketensim.cli import main

ENDS = {"from": 0.0, "to": 1.0}
DRAWN = {"frame": ENDS, "room": ENDS}


def hide(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """As if it were not installed, also when another test has used it."""
    for name in [name for name in sys.modules if name.startswith(f"{package}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("design", [{"kind": "sobol", "base": 8}, {"kind": "morris", "trajectories": 4}])
def test_a_design_that_needs_a_package_says_which_and_how_to_get_it_before_anything_is_computed(
    design: dict[str, object],
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = written(tmp_path, levers=DRAWN, design=design, runs=2)
    hide(monkeypatch, "SALib")
    assert main(["experiment", str(path), "--out", str(tmp_path / "out"), "--lang", language]) == 2
    told = capsys.readouterr().err.strip()
    assert len(told.splitlines()) == 1
    for part in (
        design["kind"],
        "SALib",
        "uv sync --inexact --extra sensitivity",
        'pip install "ketensim[sensitivity]"',
    ):
        assert str(part) in told
    assert not (tmp_path / "out").exists()


def test_a_cluster_is_refused_with_the_command_that_brings_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    words = ["--executor", "dask", "--scheduler", "tcp://127.0.0.1:1", "--out", str(tmp_path / "out")]
    assert main(["experiment", str(written(tmp_path, runs=2)), *words, "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("--executor: ") and "uv sync --inexact --extra cluster" in told


@pytest.mark.jit
def test_without_the_package_for_prim_an_analysis_says_what_it_left_out_and_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    done(written(tmp_path, levers=DRAWN, design={"kind": "latin_hypercube", "points": 40}, runs=2), out)
    hide(monkeypatch, "ema_workbench")
    assert main(["analyse", str(out), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    for text in (told, (out / "analysis" / "report.html").read_text("utf-8")):
        assert "was not looked for" in text
        assert "uv sync --inexact --extra discovery" in text


@pytest.mark.jit
def test_with_the_package_nothing_is_said_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    done(written(tmp_path, levers=DRAWN, design={"kind": "latin_hypercube", "points": 40}, runs=2), out)
    assert main(["analyse", str(out), "--lang", "en"]) == 0
    assert "--extra" not in capsys.readouterr().out
