"""Whatever is in a scenario file, only InputError comes out, and it can be told where the mistake is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scenario.strategies import JUNK, SMALL, damaged, scenarios

from ketensim.foundation.errors import InputError
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.scenario import build, files, provenance

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FEW = settings(SLOW, max_examples=30)
PLAIN = files.dump(files.from_dict(SMALL))


def only_input_error(action: Any, *given: Any) -> None:
    """Run; let every other exception than InputError through."""
    try:
        action(*given)
    except InputError as error:
        assert error.problems
        assert all(problem.key.startswith("error.") for problem in error.problems)
        str(error).encode("utf-8")


@SLOW
@given(data=scenarios())
def test_every_generated_scenario_is_accepted_built_and_listed(data: dict[str, Any]) -> None:
    scenario = files.from_dict(data)
    chain = build.build(scenario)
    assert len(chain.profile) == len(data["organisations"])
    assert (chain.entry[:, -1] == 1.0).all()
    assert provenance.provenance(scenario)


@FEW
@given(data=scenarios(organisations=4))
def test_a_scenario_that_is_written_reads_back_equal(data: dict[str, Any]) -> None:
    scenario = files.from_dict(data)
    assert files.read(files.dump(scenario)) == scenario


@SLOW
@given(data=st.data())
def test_random_damage_to_a_valid_scenario_gives_input_error_or_nothing(data: st.DataObject) -> None:
    whole = data.draw(scenarios(organisations=4, case_types=2))
    only_input_error(files.from_dict, data.draw(damaged(whole)))


@SLOW
@given(cut=st.integers(0, len(PLAIN)), length=st.integers(0, 60), patch=st.text(max_size=12))
def test_random_damage_to_the_text_gives_input_error_or_nothing(cut: int, length: int, patch: str) -> None:
    only_input_error(files.read, PLAIN[:cut] + patch + PLAIN[cut + length :])


@SLOW
@given(content=st.binary(max_size=200))
def test_random_bytes_give_input_error(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError):
        files.load(path)


@SLOW
@given(text=st.text(st.sampled_from("ab:-?&*!|>'\"%@`{}[]#, \n\t<0.~=\\\ufeff\x85\u2028"), max_size=60))
def test_random_yaml_signs_give_input_error(text: str) -> None:
    with pytest.raises(InputError):
        files.read(text)


@SLOW
@given(name=st.text(max_size=20))
def test_a_random_name_gives_input_error(name: str) -> None:
    only_input_error(files.load, name)


@SLOW
@given(
    lever=st.sampled_from([*LEVER_NAMES, "rom", ""]), value=JUNK, week=JUNK, organisation=st.sampled_from([None, "X"])
)
def test_a_random_lever_value_gives_input_error_or_a_scenario(
    lever: str, value: Any, week: Any, organisation: str | None
) -> None:
    scenario = files.from_dict(SMALL)
    only_input_error(lambda: scenario.with_levers(week=week, organisation=organisation, **{lever: value}))
    only_input_error(lambda: scenario.with_context(capacity=value, non_standard=value))
    only_input_error(lambda: scenario.with_parameters(trust_gain=value))
    only_input_error(lambda: scenario.with_policy(value))
    only_input_error(lambda: scenario.with_weeks(value))
    only_input_error(lambda: scenario.with_events(value))


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "{a: " * 100_000, "- " * 50_000, "a: " + "9" * 5000, "? [a]\n: 1\n", "!!python/object:os.system a"],
    ids=["lists", "blocks", "dashes", "digits", "key", "tag"],
)
def test_deep_and_strange_yaml_gives_input_error(text: str) -> None:
    with pytest.raises(InputError):
        files.read(text)


def test_a_billion_laughs_are_refused_at_the_first_anchor() -> None:
    lines = ["a: &a [x, x]"] + [f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    with pytest.raises(InputError) as caught:
        files.read("\n".join(lines))
    assert caught.value.problems[0].key == "error.yaml_anchor"
    assert caught.value.problems[0].facts["line"] == 1


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes on this system")
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(InputError) as caught:
        files.load(tmp_path / "pipe.yaml")
    assert caught.value.problems[0].key == "error.file_not_regular"
