"""Claims about history matching on figures of one's own, as a command and in Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.conftest import small as chain_of
from tests.experiment.small import called

import ketensim as ks
from ketensim.analysis import match_waves
from ketensim.analysis.match_waves import ACCEPTED, FIGURES, KEPT, WORST, match
from ketensim.experiment.indicator_file import IndicatorFile
from ketensim.foundation.errors import InputError
from ketensim.views.refusals import error_message

ENDS = {"trust_gain": {"from": 0.005, "to": 0.2}, "meeting_hours": {"from": 0.01, "to": 0.05}}

TRUE = 0.02


def asked(chain: ks.Scenario, **changes: Any) -> dict[str, Any]:
    """What the chain itself gives when meetings take TRUE of the hours, as if it had been measured."""
    found = ks.simulate(chain.with_parameters(meeting_hours=TRUE), 40, 9)
    hours = {"id": "hours", "outcome": "hours_agreements", "value": float(found.weekly["hours_agreements"].mean())}
    whole = {"indicators": [hours | {"tolerance": 0.3}], "parameters": ENDS, "sets": 24, "waves": 2, "seed": 3}
    return whole | changes


@pytest.fixture
def chain(tmp_path: Path) -> ks.Scenario:
    (tmp_path / "small.yaml").write_text(json.dumps(chain_of()))
    return ks.load(tmp_path / "small.yaml")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_what_made_the_figures_is_left_and_what_is_far_from_it_is_ruled_out(chain: ks.Scenario, tmp_path: Path) -> None:
    found = match(chain, IndicatorFile.from_dict(asked(chain, sets=48)), tmp_path / "out")
    assert 0 < len(found.accepted) < len(found.sets)
    assert found.accepted["meeting_hours"].between(TRUE - 0.01, TRUE + 0.01).all()
    narrowed = found.narrowed().set_index("parameter")["part"]
    assert narrowed["meeting_hours"] < 0.5 < narrowed["trust_gain"]  # the second has nothing to do with the figure
    assert (found.sets.loc[found.sets[KEPT], WORST] <= 3.0).all()
    later, first = (found.sets[found.sets["wave"] == wave][KEPT].mean() for wave in (2, 1))
    assert later > first  # neighbours of what was kept are kept more often
    assert ks.simulate(chain, 4, parameters=found.accepted).number_of_runs == 4
    assert np.allclose(pd.read_csv(tmp_path / "out" / ACCEPTED), found.accepted, rtol=1e-14)
    assert pd.read_parquet(tmp_path / "out" / "accepted.parquet").equals(found.accepted)
    assert pd.read_csv(tmp_path / "out" / FIGURES)["figure"].tolist() == ["hours"]


def test_stopped_after_a_wave_it_goes_on_to_the_same_bytes(
    chain: ks.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = IndicatorFile.from_dict(asked(chain))
    match(chain, data, tmp_path / "whole")
    judged = match_waves._judged

    def stop(*given: Any) -> Any:
        if given[2] == 2:
            raise KeyboardInterrupt
        return judged(*given)

    monkeypatch.setattr(match_waves, "_judged", stop)
    with pytest.raises(KeyboardInterrupt):
        match(chain, data, tmp_path / "out")
    calls = []
    monkeypatch.setattr(match_waves, "_judged", lambda *given: calls.append(given[2]) or judged(*given))
    match(chain, data, tmp_path / "out")
    assert calls == [2]
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")
    more = match(chain, data.model_copy(update={"waves": 3}), tmp_path / "out")
    assert calls == [2, 3]
    assert more.sets["wave"].nunique() == 3


def test_another_chain_or_file_does_not_go_on_in_the_same_folder(chain: ks.Scenario, tmp_path: Path) -> None:
    data = asked(chain, waves=1, sets=8)
    match(chain, IndicatorFile.from_dict(data), tmp_path / "out")
    before = files_of(tmp_path / "out")
    other = IndicatorFile.from_dict(data | {"seed": 4})
    with pytest.raises(InputError) as caught:
        match(chain, other, tmp_path / "out")
    assert caught.value.problems[0].key == "error.other_matching"
    assert files_of(tmp_path / "out") == before
    match(chain, other, tmp_path / "out", replace=True)
    assert files_of(tmp_path / "out") != before


def test_without_parameters_every_assumption_varies_from_half_to_double(chain: ks.Scenario, tmp_path: Path) -> None:
    data = asked(chain, waves=1, sets=8)
    del data["parameters"]
    found = match(chain, IndicatorFile.from_dict(data), tmp_path / "out")
    assert len(found.ends) > 40
    for name, (low, high) in found.ends.items():
        assert found.sets[name].between(low - 1e-9, high + 1e-9).all(), name


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"indicators": []}, ("indicators",)),
        ({"indicators": [{"id": "a", "outcome": "opn", "value": 1, "tolerance": 1}]}, ("indicators[0].outcome", "opn")),
        ({"indicators": [{"id": "a", "outcome": "open", "value": 1}]}, ("indicators[0].tolerance", "missing")),
        ({"indicators": [{"id": "a", "outcome": "open", "value": 1, "tolerance": 0}]}, ("tolerance", "0")),
        (
            {"indicators": [{"id": "a", "outcome": "waiting", "value": 1, "tolerance": 1, "organisation": "C"}]},
            ("indicators[0].organisation", "C", "A, B"),
        ),
        ({"parameters": {"trust_gian": {"from": 0, "to": 1}}}, ("parameters.trust_gian", "Did you mean trust_gain?")),
        ({"parameters": {"trust_gain": [0.1, 0.2]}}, ("parameters.trust_gain", "two ends")),
        ({"parameters": {"trust_gain": {"from": 0.1, "to": 0.9}}}, ("parameters.trust_gain", "0.9")),
        ({"sets": 1}, ("sets", "from 8")),
        ({"wave": 2}, ("wave", "Did you mean waves?")),
    ],
)
def test_a_mistake_is_told_with_its_place(
    chain: ks.Scenario, tmp_path: Path, change: dict[str, Any], parts: tuple[str, ...]
) -> None:
    base = {"indicators": [{"id": "a", "outcome": "open", "value": 1, "tolerance": 1}], "parameters": ENDS}
    path = tmp_path / "figures.yaml"
    path.write_text(json.dumps(base | change))
    with pytest.raises(InputError) as caught:
        match(chain, IndicatorFile.load(path), tmp_path / "out")
    message = error_message(caught.value, "en")
    for part in parts:
        assert part in message, message
    assert error_message(caught.value, "nl") != message
    assert not (tmp_path / "out").exists()


def test_the_command_says_what_is_left_and_writes_it(chain: ks.Scenario, tmp_path: Path) -> None:
    path = tmp_path / "figures.yaml"
    path.write_text(json.dumps(asked(chain, sets=8)))
    done = called("match", tmp_path / "small.yaml", path, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "Wave 2: 8 sets tried" in done.stdout
    assert "hours: measured" in done.stdout
    assert "hours: measured" in (tmp_path / "out" / "summary.md").read_text()
    path.write_text(json.dumps(asked(chain, sets=8) | {"parameters": {"x": {"from": 0, "to": 1}}}))
    wrong = called("match", tmp_path / "small.yaml", path, "--out", tmp_path / "out")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
    again = called("match", "nowhere", path)
    assert again.returncode == 2
