"""Claims about the pages of the real chains: filled in from the files, complete, and still what the model gives."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docs.make.blocks import BLOCK, names_on
from docs.make.chain_pages import BLOCKS, PAGES, chains_on, picture_of
from experiments.resemblance import resemblance

import ketensim as ks
from ketensim.analysis.resemblance import FIRST, first_runs
from ketensim.cli import main
from ketensim.texts import catalogue, languages

CHAINS = resemblance.chains()
COMMAND = re.compile(r"^ketensim run .*$", re.MULTILINE)
QUESTIONS = 3
REFRESH = "run: uv run python -m docs.make resemblance"


def text_of(language: str) -> str:
    return PAGES[language].read_text("utf-8")


def commands() -> list[str]:
    """Every command that a page proposes, once."""
    found = (command for language in languages() for command in COMMAND.findall(text_of(language)))
    return sorted({re.sub(r" --out \S+", "", command) for command in found})


@pytest.mark.parametrize("language", languages())
def test_every_chain_with_published_figures_has_every_part_on_the_page(language: str) -> None:
    assert set(chains_on(text_of(language))) == set(CHAINS)
    wanted = sorted(f"{kind}_{name}" for kind in BLOCKS for name in CHAINS)
    assert sorted(names_on(text_of(language))) == wanted


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", CHAINS)
def test_every_unit_of_a_published_figure_has_a_word(name: str, language: str) -> None:
    units = {indicator.unit for indicator in ks.load(name).indicators}
    assert sorted(units - set(catalogue(language)["unit"])) == []


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", CHAINS)
def test_a_picture_is_well_formed_and_needs_no_page_around_it(name: str, language: str) -> None:
    committed = picture_of(name, language).read_text("utf-8")
    drawn = ElementTree.fromstring(committed)
    assert drawn.tag.endswith("svg")
    assert "var(" not in committed


@pytest.mark.jit
@pytest.mark.long
@pytest.mark.parametrize("name", CHAINS)
def test_the_model_still_gives_what_was_kept(name: str) -> None:
    record = resemblance.kept(name)
    found = first_runs(ks.simulate(name, runs=FIRST, seed=record["seed"], weekly=True))
    kept = {indicator: figures["first"] for indicator, figures in record["figures"].items()}
    assert set(found) == set(kept), REFRESH
    assert [found[key] is None for key in kept] == [value is None for value in kept.values()], REFRESH
    numbers = {key: value for key, value in kept.items() if value is not None}
    assert {key: found[key] for key in numbers} == pytest.approx(numbers, rel=1e-6), REFRESH


@pytest.mark.parametrize("language", languages())
def test_every_chain_has_three_questions_with_a_command_each(language: str) -> None:
    for part in re.split(r"^### .*$", text_of(language), flags=re.MULTILINE):
        asked = len(re.findall(r"^\*\*[^*]+\*\* .*\n", BLOCK.sub("", part), re.MULTILINE))
        if "```bash" in part:
            assert asked == part.count("```bash") == QUESTIONS


@pytest.mark.jit
@pytest.mark.parametrize("command", commands())
def test_a_proposed_command_runs(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(command)[1:]
    assert main([*words, "--runs", "2", "--out", str(tmp_path / "out"), "--lang", "nl"]) == 0
    assert (tmp_path / "out" / "report.html").exists()
    capsys.readouterr()
