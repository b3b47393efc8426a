"""The table of parameters and levers: in range, with names and symbols of their own, and the only place of a default."""

from __future__ import annotations

from tests.conftest import scenario_of, small

from ketensim.foundation.parameters import LEVERS, PARAMETERS
from ketensim.scenario import build


def test_every_default_lies_in_its_range_and_names_and_symbols_are_unique() -> None:
    rows = [*PARAMETERS, *LEVERS]
    assert all(row.lower <= row.default <= row.upper for row in rows)
    assert len({row.name for row in rows}) == len(rows)
    assert len({row.symbol for row in rows}) == len(rows)


def test_a_chain_that_says_nothing_runs_on_the_defaults_of_the_table() -> None:
    silent = scenario_of(small())
    record = build.parameters(silent)[0]
    assert {row.name: float(record[row.name]) for row in PARAMETERS} == {row.name: row.default for row in PARAMETERS}
    levers = build.build(silent).lever_grid
    assert levers.tolist() == [[row.default for row in LEVERS]] * len(silent.organisations)
