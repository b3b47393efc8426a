"""What an experiment file may say, and what its reader is told about a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.experiment.small import data, written

import ketensim as ks
from ketensim.cli import main
from ketensim.experiment.points import ExperimentPlan
from ketensim.experiment.specification import Experiment, experiment_json_schema
from ketensim.foundation.errors import InputError
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.views.refusals import error_message

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "experiments").glob("*.yaml"))


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"levers": {"frme": [0.1]}}, ("levers.frme (line", "frme", "room", "Did you mean frame?")),
        ({"levers": {"frame": [0.1, 1.5]}}, ("levers.frame", "1.5", "from 0 to 1")),
        ({"levers": {"frame": {"from": 0.9, "to": 0.1}}}, ("levers.frame", "[0.2, 0.8]", "{from: 0, to: 1}")),
        ({"uncertainties": {"trust_gian": [0.1]}}, ("uncertainties.trust_gian", "Did you mean trust_gain?")),
        ({"design": {"kind": "soboll"}}, ("design.kind", "soboll", "sobol", "morris")),
        ({"design": {"kind": "sobol", "base": 48}}, ("design.base", "48", "power of two")),
        ({"design": {"kind": "grid", "points": 4}}, ("design.points", "grid has no points")),
        ({"design": {"kind": "latin_hypercube"}}, ("design.points", "missing")),
        ({"outcomes": ["goal_realization"]}, ("outcomes[0]", "Did you mean goal_realisation?")),
        ({"outcomes": []}, ("outcomes",)),
        ({"run": 5}, ("run (line", "runs", "Did you mean runs?")),
        ({"runs": 0}, ("runs", "0", "from 1 to")),
        ({"wanted": {"open": {"at_least": 1, "at_most": 2}}}, ("wanted.open", "not both")),
        ({"wanted": {"opn": {"at_most": 2}}}, ("wanted.opn", "Did you mean open?")),
        ({"policies": ["none", "none"]}, ("policies[1].id", "twice")),
        ({"policies": ["hold_frm"]}, ("policies[0].policy", "Did you mean hold_firm?")),
        ({"worlds": {"kind": "grid"}}, ("uncertainties", "missing")),
        ({"keep": ["opne"]}, ("keep.chain[0]", "Did you mean open?")),
        ({"keep": {"organisations": ["waitng"]}}, ("keep.organisations[0]", "Did you mean waiting?")),
        ({"keep": []}, ("keep", "chain", "missing")),
        ({"outcomes": ["open", "open"]}, ("outcomes[1]", "twice")),
        ({"outcomes": ["stopped"]}, ("outcomes[0]", "stopped")),
        ({"stop": "open is large"}, ("stop", "open > 500")),
        ({"stop": "opn > 5"}, ("stop.outcome", "Did you mean open?")),
        ({"stop": {"outcome": "goal_realisation", "below": 0.5}}, ("stop.outcome", "goal_realisation")),
        ({"stop": {"outcome": "open", "above": 5, "below": 1}}, ("stop", "above or below")),
        ({"stop": {"outcome": "open", "above": 5, "weeks": 0}}, ("stop.weeks", "from 1 to")),
        ({"scenario": "small"}, ("scenario[0]", "no scenario called small", "reference")),
        ({"levers": {"C.room": [0.1]}}, ("levers.C.room", "There is no organisation C", "A, B")),
        ({"policies": [{"id": "x", "calendar": [{"week": 99, "restraint": 1}]}]}, ("policies[0]", "99", "25")),
    ],
)
def test_a_mistake_is_told_with_place_given_and_allowed(
    tmp_path: Path, change: dict[str, Any], parts: tuple[str, ...]
) -> None:
    path = written(tmp_path, **change)
    with pytest.raises(InputError) as caught:
        ExperimentPlan(Experiment.load(path))
    message = error_message(caught.value, "en")
    assert str(path) in message
    for part in parts:
        assert part in message, message
    assert error_message(caught.value, "nl") != message


def test_the_command_refuses_a_mistake_with_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, levers={"frme": [0.1]})
    assert main(["experiment", str(path), "--out", str(tmp_path / "out"), "--lang", "nl"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Bedoelde u frame?" in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [("--executor", "thread"), ("--shard", "4/3"), ("--workers", "0"), ("--shard", "x")])
def test_a_wrong_option_is_refused_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    assert main(["experiment", str(written(tmp_path)), "--out", str(tmp_path / "out"), *words, "--lang", "en"]) == 2
    assert words[0] in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_is_written_out_reads_back_equal(tmp_path: Path) -> None:
    full = data(
        uncertainties={"capacity": {"from": 0.8, "to": 1.2}},
        policies=["none", {"id": "later", "policy": "firm_then_let_go", "parameters": {"policy_switch_week": 4}}],
        events=[{"id": "calm", "label": {"nl": "x", "en": "x"}}],
        worlds={"kind": "latin_hypercube", "points": 3},
        wanted={"open": {"at_most": 10}},
    )
    first = Experiment.from_dict(full)
    second = Experiment.from_dict(yaml.safe_load(first.dump()))
    assert first.dump() == second.dump()
    assert first.levers == second.levers


def test_the_json_schema_knows_every_key_lever_and_kind_of_design() -> None:
    schema = experiment_json_schema()
    assert set(schema["properties"]) == set(Experiment.model_fields)
    assert schema["additionalProperties"] is False
    assert "latin_hypercube" in str(schema)
    assert set(LEVER_NAMES) <= set(schema["properties"]["levers"]["properties"])


def test_the_command_gives_the_schema_of_either_kind_of_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--experiment"]) == 0
    assert '"uncertainties"' in capsys.readouterr().out


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_an_experiment_that_comes_along_fits_its_chains(path: Path) -> None:
    plan = ExperimentPlan(ks.Experiment.load(path))
    assert plan.points
    assert plan.experiment.question.nl.endswith("?")
