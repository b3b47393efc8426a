"""The ensemble: the same bits whatever the threads, chunks and face; bands, limits, errors."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, Future, ProcessPoolExecutor

import numpy as np
import pytest
from tests.conftest import Run, scenario_of, small

import ketensim as ks
from ketensim.foundation.outcome_table import BINS, OUTCOME_NAMES, OUTCOMES

pytestmark = pytest.mark.jit


@pytest.fixture(scope="module")
def reference() -> ks.Results:
    return ks.simulate("reference", runs=40, seed=3)


def same(a, b) -> bool:
    return np.array_equal(a, b, equal_nan=True)


class Backwards(Executor):
    """Runs a task when its result is asked for."""

    def submit(self, function, /, *args, **named):
        future: Future = Future()
        future.set_result(function(*args, **named))
        return future


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_the_number_of_threads_changes_no_bit(reference, workers):
    again = ks.simulate("reference", runs=40, seed=3, workers=workers)
    assert same(again.weekly_values, reference.weekly_values)
    assert same(again.organisation_values, reference.organisation_values)
    assert same(again.summary, reference.summary)


def test_another_executor_changes_no_bit(reference):
    assert same(ks.simulate("reference", runs=40, seed=3, executor=Backwards()).summary, reference.summary)


def test_worker_processes_change_no_bit(reference):
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        assert same(ks.simulate("reference", runs=40, seed=3, executor=pool).summary, reference.summary)


def test_the_first_runs_of_a_larger_ensemble_are_the_runs_of_a_smaller_one(reference):
    assert same(ks.simulate("reference", runs=10, seed=3).weekly_values, reference.weekly_values[:10])


def test_the_mesa_model_is_a_row_of_the_ensemble(reference):
    model = ks.ChainModel("reference", rng=3, replication=7)
    while model.running:
        model.step()
    assert same(model.notebook.weekly_grid, reference.weekly_values[7])
    assert same(model.notebook.summary, reference.summary[7])


def test_plain_python_and_machine_code_write_the_same_bits():
    scenario = scenario_of(small())
    plain, machine = Run(scenario, plain=True), Run(scenario)
    assert plain.to(plain.weeks).bits() == machine.to(machine.weeks).bits()


def test_a_case_table_that_has_to_grow_changes_no_outcome():
    data = small()
    data["case_types"][0]["arrivals"] = 60.0
    scenario = scenario_of(data)
    narrow, wide = Run(scenario), Run(scenario)
    from ketensim.foundation.state import new_state

    wide.state = new_state(wide.chain, 8192)
    narrow.to(narrow.weeks), wide.to(wide.weeks)
    assert len(narrow.state.case) > 256
    assert same(narrow.notebook.weekly_grid, wide.notebook.weekly_grid)


def test_tables_are_labelled_as_the_notebooks_of_people_expect(reference):
    assert list(reference.weekly.columns[:2]) == ["run", "week"]
    assert list(reference.weekly.columns[2:]) == list(OUTCOME_NAMES)
    assert len(reference.weekly) == 40 * 208
    assert list(reference.runs.columns[:3]) == ["run", "seed", "goal_realisation"]
    assert list(reference.organisations.columns[:3]) == ["run", "week", "organisation"]
    assert len(reference.organisations) == 40 * 208 * 6
    assert list(reference.band("open").columns) == ["week", "p10", "p25", "p50", "p75", "p90", "mean"]


def test_the_last_cohorts_are_censored_and_no_others(reference):
    band = reference.band("goal_realisation")
    known = band["p50"].notna()
    longest = max(row.norm.value for row in reference.scenario.case_types)
    assert known.sum() == 208 - longest
    assert known[: int(208 - longest)].all()


def test_bands_without_the_weekly_values_lie_within_the_promised_error(reference):
    large = ks.simulate("reference", runs=40, seed=3, weekly=False)
    assert large.weekly_values is None
    assert same(large.summary, reference.summary)
    for number, outcome in enumerate(OUTCOMES):
        exact, binned = reference.band(outcome.name), large.band(outcome.name)
        values = reference.weekly_values[:, :, number]
        np.testing.assert_allclose(binned["mean"], exact["mean"], rtol=1e-6, atol=1e-6, err_msg=outcome.name)
        for name, share in {"p10": 0.1, "p50": 0.5, "p90": 0.9}.items():
            # a histogram's quantile lies between the order statistics around it, give or take two bins
            room = 2.0 / BINS * large.top[number]
            for week in np.flatnonzero(exact["mean"].notna()):
                present = np.sort(values[:, week][~np.isnan(values[:, week])])
                place = share * len(present)
                low = present[max(0, int(np.floor(place)) - 1)]
                high = present[min(len(present) - 1, int(np.ceil(place)))]
                assert low - room <= binned[name][week] <= high + room, (outcome.name, name, week)


def test_weekly_values_that_were_not_kept_are_asked_for_in_vain_with_a_clear_error():
    large = ks.simulate("reference", runs=2, weekly=False, weeks=10)
    with pytest.raises(ks.InputError) as error:
        _ = large.weekly
    assert error.value.problems[0].key == "error.weekly_not_kept"


@pytest.mark.parametrize(
    "arguments", [{"runs": 0}, {"runs": 2.5}, {"runs": True}, {"seed": -1}, {"seed": 2**63}, {"weeks": 0}]
)
def test_numbers_out_of_range_are_refused(arguments):
    with pytest.raises(ks.InputError):
        ks.simulate("reference", **arguments)


def test_a_misspelt_outcome_names_the_nearest(reference):
    with pytest.raises(ks.InputError) as error:
        reference.band("goal_realization")
    assert error.value.problems[0].facts["nearest"] == "goal_realisation"


def test_progress_counts_to_the_end():
    seen: list[tuple[int, int]] = []
    ks.simulate("reference", runs=10, weeks=4, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (10, 10)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_comparing_a_scenario_with_itself_finds_no_difference_at_all():
    comparison = ks.compare("reference", "reference", runs=4, weeks=20)
    assert (comparison.table["difference"].fillna(0) == 0).all()
    assert (comparison.weekly("open")["p90"] == 0).all()


def test_a_comparison_on_equal_luck_is_surer_than_one_on_other_luck():
    base = ks.load("reference").with_weeks(80)
    other = base.with_levers(trust_in_persons=0.6)
    paired = ks.compare(base, other, runs=30, seed=1)
    a, b = paired.a.runs["goal_realisation"], ks.simulate(other, runs=30, seed=99).runs["goal_realisation"]
    assert (paired.b.runs["goal_realisation"] - a).std() < (b - a).std()


def test_results_say_how_to_get_them_again(reference):
    assert reference.provenance["seed"] == 3
    assert {"ketensim", "numpy", "numba", "python", "scenario_sha256", "model_sha256"} <= reference.provenance.keys()
