"""Claims about the report and the export of an experiment: whole, self-contained, in both languages, and harmless."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.experiment.small import done, written

from ketensim.cli import main

ENDS = {"from": 0.0, "to": 1.0}
KINDS = {
    "fractional": {
        "levers": {name: [0.2, 0.8] for name in ("frame", "room", "shared_urgency", "ambition_coupling")},
        "design": {"kind": "fractional", "resolution": 4},
        "runs": 6,
    },
    "latin_hypercube": {
        "levers": {"frame": ENDS, "room": ENDS},
        "uncertainties": {"capacity": {"from": 0.7, "to": 1.1}},
        "design": {"kind": "latin_hypercube", "points": 60},
        "runs": 3,
    },
    "grid": {
        "levers": {"frame": ENDS, "room": ENDS},
        "uncertainties": {"non_standard": [0.1, 0.6]},
        "design": {"kind": "grid", "levels": 3},
        "worlds": {"kind": "grid"},
        "runs": 5,
    },
    "policies": {
        "levers": None,
        "policies": ["none", {"id": "free", "label": {"nl": "<b>Los</b>", "en": "<b>Free</b>"}, "policy": "hold_firm"}],
        "events": [{"id": "calm", "label": {"nl": "Rust", "en": "Calm"}}],
        "outcomes": ["open"],
        "wanted": {"open": {"at_most": 9}},
        "runs": 5,
    },
    "morris": {
        "levers": {"frame": ENDS, "room": ENDS},
        "design": {"kind": "morris", "trajectories": 3},
        "runs": 3,
    },
}
EXPECTED = {
    "fractional": {"tornado", "interaction-0", "time"},
    "latin_hypercube": {"time", "parallel"},
    "grid": {"heat", "robustness", "time"},
    "policies": {"policies", "time"},
    "morris": {"morris", "time"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_shows_what_its_design_allows_in_both_languages_and_needs_nothing_else(
    tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done(written(tmp_path, **KINDS[kind]), tmp_path / "out")
    pages = {}
    for language in ("nl", "en"):
        assert main(["analyse", str(tmp_path / "out"), "--lang", language, "--out", str(tmp_path / language)]) == 0
        pages[language] = (tmp_path / language / "report.html").read_text("utf-8")
    said = capsys.readouterr().out
    assert "report.html" in said
    for language, page in pages.items():
        assert f'<html lang="{language}">' in page
        assert EXPECTED[kind] <= set(re.findall(r'id="figure-([\w-]+)"', page))
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
        assert not re.search(r"\{[a-z_]+\}", re.sub(r"<script.*?</script>", "", page, flags=re.S))
        assert "<b>Los</b>" not in page and "<b>Free</b>" not in page
        assert "NaN" not in page.split('id="figures">')[1].split("</script>")[0]
    assert pages["nl"] != pages["en"]
    with (tmp_path / "nl" / "outcomes.csv").open() as opened:
        assert {"point", "outcome", "mean", "low", "high"} <= set(next(csv.reader(opened)))


def test_an_export_has_every_table_with_the_numbers_of_the_result(tmp_path: Path) -> None:
    result = done(written(tmp_path, **KINDS["policies"]), tmp_path / "out").result
    assert main(["export", str(tmp_path / "out"), "--lang", "en"]) == 0
    folder = tmp_path / "out" / "export"
    book = load_workbook(folder / "experiment.xlsx")
    assert book.sheetnames == ["About", "Combinations", "Outcomes", "Per run", "Per week"]
    headings = [cell.value for cell in book["Per run"][1]]
    assert headings[:3] == ["Combination (number)", "Run (within the combination)", "Goal realisation (share, 0 to 1)"]
    about = " ".join(str(cell.value) for row in book["About"].iter_rows() for cell in row)
    assert (
        str(result.manifest["seed"]) in about
        and result.manifest["model_sha256"] in about
        and "experiment.yaml" in about
    )
    assert book["Per run"].max_row == len(result.runs) + 1
    stored = [row[0].value for row in book["Combinations"].iter_rows(min_row=2, min_col=3, max_col=3)]
    assert stored == ["none", "free"]
    assert all(cell.data_type != "f" for row in book["Combinations"].iter_rows() for cell in row)
    values = [row[2].value for row in book["Per run"].iter_rows(min_row=2)]
    assert values == pytest.approx(result.runs.iloc[:, 2].tolist(), nan_ok=True)
    with (folder / "runs.csv").open() as opened:
        assert len(list(csv.reader(opened))) == len(result.runs) + 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_description_tells_purpose_choices_design_and_how_to_run_it_again(tmp_path: Path, kind: str) -> None:
    done(written(tmp_path, **KINDS[kind]), tmp_path / "out")
    for language, heads in (("en", ("## Purpose", "## What is chosen", "## How to run it again")),
                            ("nl", ("## Doel", "## Wat wordt gekozen", "## Zo is het na te rekenen"))):  # fmt: skip
        assert main(["export", str(tmp_path / "out"), "--lang", language]) == 0
        text = (tmp_path / "out" / "export" / "description.md").read_text("utf-8")
        assert all(head in text for head in heads)
        assert not re.search(r"\{[a-z_]+\}", text)
        assert "experiment.yaml --out" in text


def test_a_spreadsheet_set_to_dutch_reads_the_same_numbers_as_a_machine(tmp_path: Path) -> None:
    """Semicolons, commas in numbers, a mark at the beginning; and the machine's form stays as it was."""
    done(written(tmp_path, **KINDS["policies"]), tmp_path / "out")
    assert main(["export", str(tmp_path / "out"), "--lang", "nl", "--spreadsheet"]) == 0
    folder = tmp_path / "out" / "export"
    for name in ("points", "outcomes", "runs", "weekly"):
        plain = list(csv.reader((folder / f"{name}.csv").read_text("utf-8").splitlines()))
        content = (folder / f"{name}-nl.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
        dutch = list(csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
        assert dutch == [plain[0], *([cell.replace(".", ",") for cell in row] for row in plain[1:])]
        assert any("," in cell for row in dutch[1:] for cell in row) or name == "points"


def test_what_was_made_from_another_result_goes_when_the_result_does(tmp_path: Path) -> None:
    """Only files that analysing and exporting wrote; a note of one's own beside them stays."""
    done(written(tmp_path), tmp_path / "out")
    for words in (["analyse", str(tmp_path / "out")], ["export", str(tmp_path / "out"), "--spreadsheet"]):
        assert main(words) == 0
    (tmp_path / "out" / "analysis" / "note.txt").write_text("mine")
    done(written(tmp_path), tmp_path / "out")
    assert (tmp_path / "out" / "export" / "experiment.xlsx").is_file(), "the same result again"
    done(written(tmp_path, runs=31), tmp_path / "out")
    assert not (tmp_path / "out" / "export").exists()
    assert [path.name for path in (tmp_path / "out" / "analysis").iterdir()] == ["note.txt"]


@pytest.mark.parametrize("name", ["runs.parquet", "points.parquet", "experiment.yaml"])
def test_nothing_is_said_about_a_result_that_was_changed(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done(written(tmp_path, runs=3), tmp_path / "out")
    path = tmp_path / "out" / name
    path.write_bytes(path.read_bytes() + b"\n")
    for command in ("analyse", "export"):
        assert main([command, str(tmp_path / "out"), "--lang", "en"]) == 2
        assert name in capsys.readouterr().err


@pytest.mark.parametrize("damage", ["no weeks", "a list", "no stamps"])
def test_a_result_that_is_not_whole_is_told_in_one_line(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done(written(tmp_path, runs=3), tmp_path / "out")
    if damage == "no weeks":
        (tmp_path / "out" / "weekly.parquet").unlink()
    else:
        (tmp_path / "out" / "manifest.json").write_text("[1]" if damage == "a list" else '{"points": 6}')
    for command in ("verify", "analyse", "export"):
        assert main([command, str(tmp_path / "out"), "--lang", "en"]) == 2
        told = capsys.readouterr().err.splitlines()
        assert len([line for line in told if "weekly.parquet" in line or "manifest.json" in line]) == 1
