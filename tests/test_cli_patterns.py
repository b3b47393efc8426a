"""Claims about ``ketensim patterns``."""

from __future__ import annotations

from pathlib import Path

import pytest

from ketensim.analysis.patterns.collection import models
from ketensim.analysis.patterns.record import mark_of_chains, mark_of_experiments, read_record
from ketensim.cli import main, validation

pytestmark = pytest.mark.jit


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few runs that a test can wait for them."""
    monkeypatch.setattr(validation, "QUICK", 4)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.mark.usefixtures("few")
def test_patterns_writes_its_page_and_table_and_shows_the_matrix(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["patterns", "--quick", "--only", "A,L", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "A. Lock-in after an incident" in told and "L. Shortage at the end" in told and "N3" in told
    page = (tmp_path / "patterns.html").read_text("utf-8")
    assert all(f'id="figure-{name}"' in page for name in "AL") and "http://" not in page.split("<script")[0]
    record = read_record(tmp_path / "results.csv")
    assert tuple(record.findings) == models()
    assert record.facts["runs"] == "4"
    assert (record.facts["model"], record.facts["experiments"]) == (mark_of_chains(), mark_of_experiments())


@pytest.mark.usefixtures("few")
def test_an_unknown_letter_is_refused_before_anything_is_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["patterns", "--only", "A,Z", "--out", str(tmp_path / "new")]) == 2
    told = capsys.readouterr().err
    assert "--only" in told and "Z" in told and "A, B, C" in told
    assert not (tmp_path / "new").exists()
