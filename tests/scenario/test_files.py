"""Finding, reading and writing scenario files; what a reader is told about a mistake."""

from __future__ import annotations

import importlib
import importlib.util
import os
import time
from pathlib import Path

import pytest
from tests.scenario.strategies import SMALL

from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario import files
from ketensim.scenario.yaml_text import values_and_lines

PLAIN = files.dump(files.from_dict(SMALL))


def problem_of_text(text: str) -> Problem:
    with pytest.raises(InputError) as caught:
        files.read(text, "own.yaml")
    assert caught.value.file == "own.yaml"
    return caught.value.problems[0]


def problem_of_file(path: object) -> Problem:
    with pytest.raises(InputError) as caught:
        files.load(path)  # type: ignore[arg-type]
    return caught.value.problems[0]


# --- which there are ---
def test_the_shipped_scenarios_load_and_read_back_equal() -> None:
    assert {"reference", "jeugdbescherming"} <= set(files.names())
    for name in files.names():
        scenario = files.load(name)
        assert files.read(files.dump(scenario)) == scenario


def test_a_file_loads_by_its_path(tmp_path: Path) -> None:
    scenario = files.from_dict(SMALL)
    files.write(scenario, tmp_path / "own.yaml")
    assert files.load(tmp_path / "own.yaml") == files.load(str(tmp_path / "own.yaml")) == scenario


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    problem = problem_of_file("refrence")
    assert (problem.key, problem.facts["nearest"]) == ("error.unknown_scenario", "reference")
    assert "jeugdbescherming" in problem.facts["allowed"]


# --- files that are none ---
def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert problem_of_file(tmp_path / "none.yaml").key == "error.file_missing"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert problem_of_file(tmp_path).key == "error.file_is_directory"


def test_a_file_of_a_hundred_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    begin = time.perf_counter()
    problem = problem_of_file(path)
    assert time.perf_counter() - begin < 0.5
    assert (problem.key, problem.facts) == ("error.file_too_large", {"given": 100.0, "allowed": 1.0})


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(b"title: \xff\xfe")
    problem = problem_of_file(tmp_path / "picture.yaml")
    assert (problem.key, problem.facts["position"]) == ("error.file_not_text", 7)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "closed.yaml").write_text(PLAIN)
    (tmp_path / "closed.yaml").chmod(0)
    assert problem_of_file(tmp_path / "closed.yaml").key == "error.file_unreadable"


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "windows.yaml").write_text("\ufeff" + PLAIN.replace("\n", "\r\n"), encoding="utf-8")
    assert files.load(tmp_path / "windows.yaml") == files.from_dict(SMALL)


# --- text that is no scenario ---
@pytest.mark.parametrize("text", ["", "# only a remark\n", "---\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert problem_of_text(text).key in ("error.file_empty", "error.not_a_mapping")


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words", "3", "null"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert problem_of_text(text).key == "error.not_a_mapping"


def test_yaml_that_does_not_parse_is_refused_with_line_and_column() -> None:
    problem = problem_of_text("title: 'open\nweeks: 3\n")
    assert problem.key == "error.yaml_syntax"
    assert problem.facts["line"] >= 1
    assert problem.facts["column"] >= 1


def test_a_character_yaml_does_not_allow_is_refused_where_it_stands() -> None:
    problem = problem_of_text("weeks: 3\nburn_in: \0")
    assert (problem.key, problem.facts["line"], problem.facts["column"]) == ("error.yaml_syntax", 2, 10)


def test_a_key_that_occurs_twice_is_refused_with_both_lines() -> None:
    problem = problem_of_text(PLAIN + "weeks: 30\n")
    assert (problem.key, problem.path) == ("error.duplicate_key", "weeks")
    assert problem.facts["first_line"] == PLAIN.splitlines().index("weeks: 20") + 1
    assert problem.facts["line"] == len(PLAIN.splitlines()) + 1


def test_anchors_tags_and_keys_that_are_no_text_are_refused() -> None:
    assert problem_of_text("title: &a b").key == "error.yaml_anchor"
    assert problem_of_text("title: !!binary b").key == "error.yaml_tag"
    assert problem_of_text("1: b").key == "error.yaml_key"


def test_a_date_that_does_not_exist_is_refused_where_it_stands() -> None:
    problem = problem_of_text(PLAIN.replace("start: 2024-01-01", "start: 2024-02-30"))
    assert (problem.path, problem.facts["given"]) == ("start", "2024-02-30")


def test_a_mistake_is_told_with_its_line() -> None:
    problem = problem_of_text(PLAIN.replace("fte: 2.4", "fte: 24000"))
    line = [row.strip() for row in PLAIN.splitlines()].index("fte: 2.4") + 1
    assert (problem.path, problem.facts["line"]) == ("organisations[1].fte", line)


def test_a_mistake_of_meaning_is_told_with_its_line() -> None:
    problem = problem_of_text(PLAIN.replace("to: Desk", "to: Disk"))
    line = next(number for number, text in enumerate(PLAIN.splitlines(), 1) if text.endswith("to: Desk"))
    assert (problem.path, problem.facts["line"], problem.facts["nearest"]) == ("links[0].to", line, "Desk")


# --- writing ---
def test_writing_into_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        files.write(files.from_dict(SMALL), tmp_path / "none" / "own.yaml")
    assert caught.value.problems[0].key == "error.file_unwritable"


def test_writing_that_fails_leaves_what_is_there_untouched(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").mkdir()
    with pytest.raises(InputError):
        files.write(files.from_dict(SMALL), tmp_path / "own.yaml")
    assert [path.name for path in tmp_path.iterdir()] == ["own.yaml"]


def test_a_file_written_out_tells_every_number_the_author_left_silent() -> None:
    assert "absence: 0.067" in PLAIN


# --- for editors ---
def test_the_json_schema_knows_every_key_and_the_short_forms() -> None:
    schema = files.json_schema()
    assert {"organisations", "case_types", "try"} <= set(schema["properties"])
    fte = schema["$defs"]["Organisation"]["properties"]["fte"]["anyOf"]
    assert {key: fte[0][key] for key in ("minimum", "maximum")} == {"minimum": 0.1, "maximum": 2000}
    assert set(schema["properties"]["levers"]["properties"]) >= {"room", "frame"}


@pytest.mark.skipif(importlib.util.find_spec("jsonschema") is None, reason="jsonschema is not installed")
def test_the_shipped_scenarios_fit_the_json_schema() -> None:
    jsonschema = importlib.import_module("jsonschema")
    folder = Path(__file__).parents[2] / "scenarios"
    validator = jsonschema.Draft202012Validator(files.json_schema())
    for path in folder.glob("*.yaml"):
        data, _ = values_and_lines(path.read_text(encoding="utf-8"))
        assert [error.message for error in validator.iter_errors(_with_written_dates(data))] == []


def _with_written_dates(part: object) -> object:
    if isinstance(part, dict):
        return {key: _with_written_dates(inner) for key, inner in part.items()}
    if isinstance(part, list):
        return [_with_written_dates(inner) for inner in part]
    return part.isoformat() if hasattr(part, "isoformat") else part
