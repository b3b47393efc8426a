"""Claims about a chain that is made of a list of cases. Oracle: a list that a known chain made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.conftest import organisation, small

import ketensim as ks
from ketensim.cli import main
from ketensim.foundation.errors import InputError
from ketensim.foundation.luck import MOST_RUNS
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES
from ketensim.logs import log_capacity
from ketensim.logs.event_log import log_of_rows
from ketensim.logs.imported_chain import ImportedChain
from ketensim.logs.log_capacity import points_of
from ketensim.logs.log_columns import FIELDS
from ketensim.logs.log_figures import parts_of_period
from ketensim.logs.log_throughput import Load, load_of
from ketensim.logs.log_weeks import LogWeeks, weeks_of_log
from ketensim.logs.simulated_logs import simulated_log
from ketensim.logs.written_logs import write_log
from ketensim.run.replications import Ensemble, Keep, replicate
from ketensim.scenario import flow
from ketensim.scenario.files import dump, from_dict, read
from ketensim.views.imported.log_words import chain_of_log, chain_sentences, quality_sentences

pytestmark = pytest.mark.jit
NEAR = 0.1  # part by which what is found may be off


@pytest.fixture(scope="module")
def origin() -> ks.Scenario:
    """A chain of three organisations in which people wait at the second, and cases stay at the third."""
    plain = small()["case_types"][0]
    return from_dict(
        small(
            weeks=156,
            burn_in=26,
            organisations=[
                organisation("A", fte=18),
                organisation("B", fte=10.2),
                organisation("C", fte=7.7, stay={"plain": 6, "quick": 3}),
            ],
            case_types=[
                plain | {"arrivals": 20.0, "norm": 20, "drop_after": 60},
                plain | {"id": "quick", "arrivals": 10.0, "norm": 12, "drop_after": 60, "entry": {"A": 0.7, "B": 0.3}},
            ],
            links=[
                {"from": "A", "to": "B", "share": {"plain": 0.6, "quick": 0.3}},
                {"from": "B", "to": "C", "share": {"plain": 0.7, "quick": 0.5}},
            ],
        )
    )


@pytest.fixture(scope="module")
def made(origin: ks.Scenario) -> ImportedChain:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_capacity, "POINTS", (6, 8))
        table = simulated_log(origin, seed=4)
        return chain_of_log(log_of_rows(table, {name: name for name in FIELDS}), "zaken.csv")


def test_arrivals_entry_and_routes_are_found_within_a_tenth(origin: ks.Scenario, made: ImportedChain) -> None:
    found, known = made.chain, origin
    order = [[part.id for part in found.organisations].index(part.id) for part in known.organisations]
    types = [[part.id for part in found.case_types].index(part.id) for part in known.case_types]
    arrivals = np.array([found.case_types[kind].arrivals.value for kind in types])
    assert np.allclose(arrivals, [part.arrivals.value for part in known.case_types], rtol=NEAR)
    route = flow.routes(found)[types][:, order][:, :, order]
    assert np.allclose(route, flow.routes(known), rtol=NEAR, atol=0.02)
    assert np.allclose(flow.entries(found)[types][:, order], flow.entries(known), rtol=NEAR, atol=0.02)


def test_stays_and_norms_are_found(origin: ks.Scenario, made: ImportedChain) -> None:
    for part in origin.organisations:
        (found,) = (row for row in made.chain.organisations if row.id == part.id)
        for kind in origin.case_types:
            stay, meant = found.stay.of(kind.id), part.stay.of(kind.id)
            assert (0 if stay is None else stay.value) == (0 if meant is None else meant.value), (part.id, kind.id)
    assert {part.id: part.norm.value for part in made.chain.case_types} == {"plain": 20, "quick": 12}


def test_the_load_of_the_run_that_made_the_list_lies_within_the_limits(
    origin: ks.Scenario, made: ImportedChain
) -> None:
    """Where people wait it is found within a tenth; where hardly anybody does the list says so."""
    busy = replicate(Ensemble.of(origin, 4), Keep(organisations=MOST_RUNS, weeks=(0, origin.weeks)), 0, 1)
    later = (made.weeks.start - origin.start).days // 7
    part = parts_of_period(made.weeks)["calibration"]
    weeks = busy.organisations[0, later + part.start : later + part.stop]
    known = weeks[..., ORGANISATION_OUTCOME_NAMES.index("utilisation")].mean(axis=0)
    order = [part.id for part in made.chain.organisations]
    for part, load in zip(origin.organisations, known, strict=True):
        told = made.capacity.loads[order.index(part.id)]
        assert told.low <= load <= told.high, part.id
        if told.told:
            assert abs(made.capacity.load[order.index(part.id)] / load - 1.0) < NEAR, part.id
    assert made.capacity.loads[order.index("B")].told


@pytest.mark.parametrize("capacity", [9.0, 12.0, 15.0])
def test_a_load_is_told_where_what_gets_done_bends(capacity: float) -> None:
    """Oracle: a queue of which the capacity is known, with as many cases by luck each week."""
    generator = np.random.default_rng(5)
    queue, had, done = 0.0, [], []
    for came in generator.poisson(0.9 * capacity, 200):
        had.append(queue + came)
        done.append(min(had[-1], float(generator.poisson(capacity))))
        queue = had[-1] - done[-1]
    load = load_of(np.array(had), np.array(done), 0.5)
    assert load.told
    assert load.low <= float(np.mean(done)) / capacity <= load.high


def test_where_everything_gets_done_at_once_only_the_least_capacity_is_told() -> None:
    had = np.random.default_rng(5).poisson(10.0, 200).astype(float)
    load = load_of(had, had, 0.5)
    assert not load.told
    assert load.low == 0.0
    assert load.high < 1.0


def test_a_few_weeks_of_work_tell_no_load() -> None:
    had = np.zeros(100)
    had[:5] = 3.0
    assert load_of(had, had, 0.6) == Load(0.6, 0.0, 1.0, told=False)


def test_a_larger_chain_is_simulated_less_often(origin: ks.Scenario) -> None:
    small_one, large_one = points_of(origin), points_of(origin.with_weeks(1900))
    assert log_capacity.POINTS[0] <= large_one < small_one == log_capacity.POINTS[1]


def test_the_figures_of_the_list_stand_in_the_file_and_a_part_is_held_back(made: ImportedChain) -> None:
    figures = made.chain.indicators
    assert {one.used_for for one in figures} == {"calibration", "held_back"}
    last = max(one.until for one in figures if one.used_for == "calibration" and one.until)
    assert all(one.since > last for one in figures if one.used_for == "held_back" and one.since)
    assert {one.case_type for one in figures} == {None, "plain", "quick"}
    assert {one.organisation for one in figures} == {None, "A", "B", "C"}
    assert read(dump(made.chain)) == made.chain


def test_every_number_says_where_it_comes_from(made: ImportedChain) -> None:
    for part in made.chain.organisations:
        assert part.fte.source == "log" and part.fte.note is not None
        assert part.hours_per_case.of("plain").source is None and part.hours_per_case.of("plain").note is not None
    for kind in made.chain.case_types:
        assert kind.arrivals.source == kind.norm.source == "log"
        assert kind.non_standard.source is None and kind.non_standard.note is not None
    assert not made.chain.levers


def test_presence_counted_from_a_list_is_what_the_run_counted(origin: ks.Scenario, made: ImportedChain) -> None:
    results = ks.simulate(origin, 1, 4, weekly=True)
    offset = (made.weeks.start - origin.start).days // 7
    for place, name in enumerate(made.weeks.organisations):
        known = results.band_arrays("present", name)["mean"][offset : offset + made.weeks.weeks]
        found = made.weeks.present()[place]
        assert abs(found.mean() - known[: len(found)].mean()) <= 0.05 * known.mean() + 0.5, name


def test_a_list_becomes_a_chain_on_the_command_line_and_can_be_compared(
    origin: ks.Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_capacity, "POINTS", (6, 6))
    monkeypatch.chdir(tmp_path)
    file, out = tmp_path / "zaken.csv", tmp_path / "keten.yaml"
    table = simulated_log(origin.with_weeks(60), seed=4).rename(columns={"case": "zaaknummer"})
    table["zaaknummer"] = "Z-" + table["zaaknummer"].astype(str)
    table.to_csv(file, index=False)
    assert main(["import", str(file), "--out", str(out), "--case", "zaaknummer", "--lang", "nl"]) == 0
    told = capsys.readouterr().out
    assert "zaaknummer" in told and str(out) in told
    assert "Z-1" not in out.read_text("utf-8") + (tmp_path / "keten.weeks.csv").read_text("utf-8")
    assert main(["resemble", str(out), "--runs", "2", "--lang", "nl"]) == 0
    told = capsys.readouterr().out
    assert "komt overeen" in told and "Lijkt de simulatie op uw lijst?" in told
    assert "In uw lijst" in told and "epubliceerd" not in told
    page = Path("results") / "keten" / "resemblance.html"
    assert str(page) in told and page.read_text("utf-8").count("<figure>") == 7
    (tmp_path / "keten.weeks.csv").write_text("x\n", "utf-8")
    assert main(["resemble", str(out), "--runs", "2", "--lang", "nl"]) == 2
    assert main(["import", str(file), "--out", str(tmp_path / "keten.txt"), "--lang", "nl"]) == 2
    assert main(["import", str(file), "--case", "nummer", "--lang", "nl"]) == 2


# --- the weeks of a list ---------------------------------------------------------------------------------------------
def listed(origin: ks.Scenario, weeks: int, **how: int) -> LogWeeks:
    table = simulated_log(origin.with_weeks(weeks), seed=4)
    return weeks_of_log(log_of_rows(table, {name: name for name in FIELDS}), **how)


def test_organisations_and_types_beyond_a_number_are_taken_together(origin: ks.Scenario) -> None:
    log = listed(origin, 60, most_organisations=2, most_types=1)
    assert log.organisations == ("A", "")
    assert log.types == ("",)


def test_a_rare_organisation_that_would_be_alone_keeps_its_name(origin: ks.Scenario) -> None:
    table = simulated_log(origin.with_weeks(60), seed=4)
    rare = table.iloc[[50]].assign(organisation="D")
    log = weeks_of_log(log_of_rows(pd.concat([table, rare], ignore_index=True), {name: name for name in FIELDS}))
    assert log.organisations == ("A", "B", "C", "D")
    two = pd.concat([table, rare, rare.assign(organisation="E")], ignore_index=True)
    log = weeks_of_log(log_of_rows(two, {name: name for name in FIELDS}))
    assert log.organisations == ("A", "B", "C", "")


def test_cases_of_which_the_type_is_not_stated_are_called_so(origin: ks.Scenario) -> None:
    table = simulated_log(origin.with_weeks(60), seed=4)
    table["case_type"] = (
        table["case_type"].astype("object").where(table["case"].astype("category").cat.codes % 5 > 0, "")
    )
    chain = chain_of_log(log_of_rows(table, {name: name for name in FIELDS})).chain
    assert "Zaaktype niet vermeld" in [part.label.nl for part in chain.case_types]
    labels = [one.label for one in chain.indicators]
    assert any("(overige)" in label.nl and "(others)" in label.en for label in labels)


def test_a_list_that_is_too_short_is_refused(origin: ks.Scenario) -> None:
    with pytest.raises(InputError) as refused:
        listed(origin, 10)
    assert refused.value.problems[0].key == "log.error.short"


def test_weeks_in_which_running_cases_are_missing_are_not_compared(origin: ks.Scenario) -> None:
    """A list of the cases that began in a period: those that were running already are not in it."""
    table = simulated_log(origin, seed=4)
    began = table.groupby("case").start.transform("min") >= np.datetime64(origin.start)
    log = weeks_of_log(log_of_rows(table[began], {name: name for name in FIELDS}))
    assert log.filled_from > 4
    assert listed(origin, 156).filled_from == 0


def test_a_list_with_closed_cases_only_ends_before_the_last_weeks(origin: ks.Scenario) -> None:
    table = simulated_log(origin, seed=4)
    closed = table.groupby("case").outcome.transform("count") == table.groupby("case").case.transform("count")
    log = weeks_of_log(log_of_rows(table[closed], {name: name for name in FIELDS}))
    whole = listed(origin, 156)
    assert log.weeks < whole.weeks - 4
    arrivals = whole.arrivals().sum(axis=0)[: log.weeks]
    assert abs(log.arrivals().sum() / arrivals.sum() - 1.0) < 0.05


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_was_made_is_told_in_words(language: str, origin: ks.Scenario, made: ImportedChain) -> None:
    table = simulated_log(origin.with_weeks(30), seed=4)
    log = log_of_rows(table, {name: name for name in FIELDS})
    for sentence in [*quality_sentences(log, language), *chain_sentences(made, language)]:
        assert sentence.endswith(".") and "{" not in sentence


def test_a_written_list_of_a_shipped_chain_keeps_its_organisations(tmp_path: Path) -> None:
    chain = ks.load("schuldhulp").with_weeks(30)
    table = simulated_log(chain)
    write_log(table, tmp_path / "log.parquet")
    log = ks.read_log(tmp_path / "log.parquet")
    assert set(log.organisations) == set(table.organisation.astype(str))
