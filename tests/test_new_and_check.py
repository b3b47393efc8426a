"""Claims about the commands that make and check a scenario file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ketensim.cli import main
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.scenario.files import load, read_with_doubts
from ketensim.texts import languages, starter

EXAMPLE = re.compile(r"^( *)#(?=[^ #-]|- \{)", re.MULTILINE)  # a comment that is a line of a file


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("language", languages())
def test_a_new_file_is_in_order_and_raises_no_doubt(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "mijn_keten", "--lang", language]) == 0
    assert main(["check", "mijn_keten.yaml", "--strict", "--lang", language]) == 0
    assert "ketensim run mijn_keten.yaml" in capsys.readouterr().out
    assert len(load("mijn_keten.yaml").organisations) == 3


@pytest.mark.jit
def test_a_new_file_runs_as_it_stands() -> None:
    assert main(["new", "keten"]) == 0
    assert main(["run", "keten.yaml", "--runs", "2", "--weeks", "20"]) == 0
    assert Path("results/keten/report.html").is_file()


@pytest.mark.parametrize("language", languages())
def test_every_example_in_the_comments_of_a_new_file_can_be_used(language: str) -> None:
    text = EXAMPLE.sub(r"\1", starter(language))
    Path("alles.yaml").write_text(text, encoding="utf-8")
    scenario, doubts = read_with_doubts("alles.yaml")
    assert doubts == []
    assert (len(scenario.events), len(scenario.calendar), len(scenario.indicators)) == (1, 1, 1)
    assert set(scenario.levers) == set(LEVER_NAMES)
    assert scenario.organisations[2].places is not None


def test_the_new_file_is_the_same_chain_in_every_language() -> None:
    numbers = [re.findall(r"(?<=[ :])\d+(?:\.\d+)?(?= |$|,|\])", _without_comments(starter(name)), re.MULTILINE) for name in languages()]  # fmt: skip
    assert numbers[0] == numbers[1]


def _without_comments(text: str) -> str:
    return re.sub(r"#.*$", "", text, flags=re.MULTILINE)


def test_an_existing_file_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Path("keten.yaml").write_text("van mij", encoding="utf-8")
    assert main(["new", "keten", "--lang", "nl"]) == 2
    assert "keten.yaml bestaat al en blijft zoals het is" in capsys.readouterr().err
    assert Path("keten.yaml").read_text(encoding="utf-8") == "van mij"


@pytest.mark.parametrize("name", ["", "a/b", "../x", ".", "-", "a b", "con", "x" * 61, "a\0b", "reference", "a.yml"])
def test_a_name_that_cannot_be_is_refused_in_one_line_and_makes_nothing(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "--lang", "nl", "--", name]) == 2
    told = capsys.readouterr()
    assert len(told.err.strip().splitlines()) == 1
    assert told.out == ""
    assert not list(Path().iterdir())


def test_what_is_improbable_is_told_and_refused_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    text = starter("nl").replace("fte: 13", "fte: 9")
    Path("krap.yaml").write_text(text, encoding="utf-8")
    assert main(["check", "krap.yaml", "--lang", "nl"]) == 0
    told = capsys.readouterr().out
    line = text[: text.index("fte: 9")].count("\n") + 1
    assert "1 punt om naar te kijken" in told
    assert f"organisations[2].fte (regel {line}): Team krijgt meer werk dan er uren zijn" in told
    assert "er zijn er 9." in told
    assert main(["check", "krap.yaml", "--strict", "--lang", "en"]) == 2
    assert "Team gets more work than it has hours for" in capsys.readouterr().err
