"""Claims about ``ketensim resemble``."""

from __future__ import annotations

from pathlib import Path

import pytest

import ketensim as ks
from ketensim.analysis.resemblance import resemblance
from ketensim.cli import main
from ketensim.views.drawing.reading import Reading
from ketensim.views.report import evidence
from ketensim.views.report.document import report_html

CHAIN = "jeugdbescherming"
FEW = ("--runs", "3", "--seed", "5")


@pytest.mark.jit
@pytest.mark.parametrize(("language", "word"), [("nl", "komt overeen"), ("en", "resembles")])
def test_published_figures_stand_beside_the_simulation_with_a_verdict_each(
    language: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resemble", CHAIN, *FEW, "--lang", language]) == 0
    told = capsys.readouterr().out
    found = resemblance(ks.simulate(CHAIN, runs=3, seed=5))
    for row in evidence.likeness_table(found, language).rows:
        assert row[2] == "–" or all(part in told for part in row[2].split())
    assert (word in told) == any(one.verdict == "resembles" for one in found)


@pytest.mark.jit
def test_the_report_and_the_command_show_the_same_table() -> None:
    reading = Reading(ks.simulate(CHAIN, runs=3, seed=5))
    rows = evidence.likeness_table(resemblance(reading.results), "nl").rows
    assert [
        row[:-1] for row in evidence.indicator_table(reading.scenario, resemblance(reading.kept), "nl").rows
    ] == rows
    page = report_html(reading, "nl", "", None)
    assert all(row[2] in page for row in rows)


def test_a_chain_without_published_figures_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resemble", "reference", "--lang", "nl"]) == 0
    assert "geen gepubliceerde cijfers" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "part"),
    [(("--runs", "0"), "1 tot en met 1000"), (("--seed", "x"), "--seed"), (("--rnus", "3"), "--runs")],
)
def test_bad_input_is_told_with_what_is_allowed(
    words: tuple[str, ...], part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resemble", CHAIN, *words, "--lang", "nl"]) == 2
    assert part in capsys.readouterr().err


def test_an_unknown_chain_and_a_damaged_file_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["resemble", "jeugdbeschermin", "--lang", "nl"]) == 2
    assert "Bedoelde u jeugdbescherming?" in capsys.readouterr().err
    file = tmp_path / "kapot.yaml"
    file.write_text("title: {nl: a, en: b}\n", "utf-8")
    assert main(["resemble", str(file), "--lang", "nl"]) == 2
    assert str(file) in capsys.readouterr().err
