"""The one loop: what is kept, where runs go on from, in whatever pieces; always the bits of a run from its start."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import scenario_of, small

import ketensim as ks
from ketensim.foundation.outcome_table import OUTCOME_NAMES, RUNS_TOGETHER
from ketensim.foundation.parameters import LEVER_NAMES, POLICIES
from ketensim.run import replications
from ketensim.run.engine import computed, cut
from ketensim.run.executors import StoppedError, handed_out, in_order, until
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.histograms import even_bins, tops
from ketensim.run.kept_states import KeptStates
from ketensim.run.replications import (
    EVERY,
    EVERYTHING,
    BrokenRunError,
    Ensemble,
    Keep,
    Replications,
    replicate,
    together,
)
from ketensim.scenario.schema import Scenario

ARRAYS = ("summary", "weekly", "organisations", "case_types", "beliefs", "cohorts")
OPEN = OUTCOME_NAMES.index("open")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return scenario_of(small())


def runs_of(scenario: Scenario, keep: Keep = EVERYTHING, number: int = 4, **where: Any) -> Replications:
    return replicate(Ensemble.of(scenario, 3).kept_in(**{"states": None, **where}), keep, 0, number)


def assert_same(a: Replications, b: Replications) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


# --- what is kept ---
def test_what_is_not_asked_for_is_empty_and_the_summary_is_always_there(scenario: Scenario) -> None:
    found = runs_of(scenario, Keep())
    assert found.summary.shape == (4, len(OUTCOME_NAMES)) and found.histograms is None
    assert not any(getattr(found, name).size for name in ARRAYS[1:])


def test_what_is_kept_changes_no_bit_of_what_is_kept_beside_it(scenario: Scenario) -> None:
    whole = runs_of(scenario)
    few = runs_of(scenario, Keep(weekly=(OPEN,), organisations=1, watched=2, cohorts=(-1, 3, 9)))
    np.testing.assert_array_equal(few.weekly[..., 0], whole.weekly[..., OPEN])
    np.testing.assert_array_equal(few.organisations, whole.organisations)
    np.testing.assert_array_equal(few.summary, whole.summary)
    assert few.beliefs.shape[:2] == (2, scenario.weeks)
    assert (few.cohorts[:, 0] == 0).all() and (few.cohorts[:, 1, 0] >= few.cohorts[:, 1, 1]).all()


def test_a_stretch_of_weeks_is_that_of_the_whole_run_which_has_no_summary_yet(scenario: Scenario) -> None:
    whole, stretch = runs_of(scenario), runs_of(scenario, Keep(weekly=(OPEN,), organisations=4, weeks=(5, 12)))
    np.testing.assert_array_equal(stretch.weekly[..., 0], whole.weekly[:, 5:12, OPEN])
    np.testing.assert_array_equal(stretch.organisations, whole.organisations[:, 5:12])
    assert np.isnan(stretch.summary).all()


@pytest.mark.parametrize("number", [1, RUNS_TOGETHER, 2 * RUNS_TOGETHER + 3])
def test_values_counted_by_the_kernel_are_those_counted_afterwards(scenario: Scenario, number: int) -> None:
    whole = runs_of(scenario, number=number)
    bins = even_bins(tops(whole.weekly))
    inside, afterwards = runs_of(scenario, Keep(bins=bins), number).histograms, bins.counted(whole.weekly)
    assert inside is not None
    np.testing.assert_array_equal(inside.bins, afterwards.bins)
    np.testing.assert_array_equal(inside.sums, afterwards.sums)


@given(st.integers(1, 6))
def test_pieces_in_any_order_are_the_runs_of_one_go(size: int) -> None:
    ensemble, keep = (
        Ensemble.of(scenario_of(small()), 3),
        Keep(weekly=EVERY, organisations=6, watched=2, cohorts=(9, 10)),
    )
    parts = [replicate(ensemble, keep, *piece) for piece in cut(0, 6, size)]
    assert_same(together(parts[::-1]), replicate(ensemble, keep, 0, 6))


# --- where runs go on from ---
@given(st.integers(0, 20), st.floats(0, 1), st.floats(0.1, 1))
def test_a_variant_that_goes_on_from_a_kept_state_has_the_bits_of_one_from_the_start(
    week: int, room: float, size: float
) -> None:
    base = scenario_of(small())
    incident = {"type": "incident", "week": week, "size": size, "label": {"nl": "x", "en": "x"}}
    variant = base.with_levers(week=week, room=room).with_events(incident)
    states = KeptStates()
    replicate(Ensemble.of(base, 3).kept_in(states, (0, week)), Keep(), 0, 4)
    before = states.bytes
    for keep in (EVERYTHING, Keep(weekly=EVERY)):  # the weeks of organisations are known from the burn-in on only
        where = {"states": states, "weeks": (0, week), "keeps": False}
        assert_same(runs_of(variant, keep, **where), runs_of(variant, keep))
    assert states.bytes == before > 0


@pytest.mark.jit
@pytest.mark.parametrize("name", ["asiel", "jeugdbescherming", "ouderenzorg", "reference", "schuldhulp", "strafrecht"])
def test_every_shipped_chain_goes_on_from_its_burn_in_and_from_its_middle_to_the_bit(name: str) -> None:
    states, base = KeptStates(), ks.load(name)
    assert_same(runs_of(base, states=states, weeks=(0, 60)), runs_of(base))
    assert_same(runs_of(base, states=states, weeks=(0, 60)), runs_of(base))
    later = base.with_levers(week=60, frame=0.9)
    assert_same(runs_of(later, Keep(weekly=EVERY), states=states, weeks=(0, 60)), runs_of(later, Keep(weekly=EVERY)))


@given(st.integers(0, 25), st.integers(0, 20), st.sampled_from([("A", "B"), ("B", "A")]), st.floats(0, 1))
def test_an_agreement_of_two_that_lies_later_leaves_the_past_as_it_is_and_goes_on_from_it(
    week: int, pause: int, pair: tuple[str, str], frame: float
) -> None:
    """The state of a run is kept before a week; whether an agreement of two lies before it decides whose past it is."""
    base = scenario_of(small())
    variant = base.with_levers(week, between=pair, frame=frame)
    ours, theirs = (Ensemble.of(scenario, 3).kept_in(KeptStates(), (pause,)).pasts for scenario in (base, variant))
    assert (ours == theirs) == (week >= pause)
    states = KeptStates()
    replicate(Ensemble.of(base, 3).kept_in(states, (0, pause)), Keep(), 0, 4)
    where = {"states": states, "weeks": (0, pause), "keeps": False}
    assert_same(runs_of(variant, Keep(weekly=EVERY), **where), runs_of(variant, Keep(weekly=EVERY)))


def test_agreements_of_the_file_are_part_of_every_past(scenario: Scenario) -> None:
    data = small()
    data["links"][0]["levers"] = {"frame": 0.9}
    ours, theirs = (Ensemble.of(one, 3).kept_in(KeptStates()).pasts for one in (scenario, scenario_of(data)))
    assert ours != theirs


@pytest.mark.parametrize("name", ["asiel", "jeugdbescherming", "ouderenzorg", "reference", "schuldhulp", "strafrecht"])
def test_what_is_decided_in_week_0_shares_the_burn_in_of_the_chain_as_it_was_and_what_has_always_been_does_not(
    name: str,
) -> None:
    base = ks.load(name)
    pair = (base.links[0].source, base.links[0].target)
    own = next(lever for lever in LEVER_NAMES if not any(lever in part.levers for part in base.organisations))
    value = 0.9 if base.lever(own) < 0.5 else 0.1
    as_it_was, decided, agreed, always = (
        Ensemble.of(scenario, 3).kept_in(KeptStates()).pasts
        for scenario in (
            base,
            base.with_levers(**{own: value}),
            base.with_levers(between=pair, frame=0.95),
            base.with_levers(always=True, **{own: value}),
        )
    )
    assert as_it_was == decided == agreed != always


def test_what_was_different_before_the_week_is_never_gone_on_from(scenario: Scenario) -> None:
    states = KeptStates()
    runs_of(scenario, states=states)
    for other in (scenario.with_levers(room=0.9), scenario.with_levers(always=True, room=0.9)):
        assert_same(runs_of(other, states=states), runs_of(other))
    luck = Ensemble.of(scenario, 4).kept_in(states)
    assert_same(replicate(luck, EVERYTHING, 0, 4), replicate(Ensemble.of(scenario, 4), EVERYTHING, 0, 4))


@pytest.mark.jit
@pytest.mark.parametrize("policy", [name for name in POLICIES if name != "none"])
def test_a_policy_shares_the_burn_in_and_goes_on_from_it_to_the_bit(policy: str) -> None:
    base = ks.load("reference").with_weeks(60)
    steered, states = base.with_policy(policy), KeptStates()
    assert Ensemble.of(base, 3).kept_in(KeptStates()).pasts == Ensemble.of(steered, 3).kept_in(KeptStates()).pasts
    replicate(Ensemble.of(base, 3).kept_in(states), Keep(), 0, 4)
    gone_on = replicate(Ensemble.of(steered, 3).kept_in(states, keeps=False), Keep(weekly=EVERY), 0, 4)
    fresh = replicate(Ensemble.of(steered, 3), Keep(weekly=EVERY), 0, 4)
    np.testing.assert_array_equal(gone_on.weekly, fresh.weekly)
    np.testing.assert_array_equal(gone_on.summary, fresh.summary)


def test_a_kept_run_computes_only_the_weeks_after_it(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    states, stretches, whole = KeptStates(), [], replications.run_weeks

    def noted(step: Any, run: Any, luck: Any, first: int, last: int) -> Any:
        stretches.append((first, last))
        return whole(step, run, luck, first, last)

    runs_of(scenario, states=states)
    monkeypatch.setattr(replications, "run_weeks", noted)
    runs_of(scenario, states=states)
    assert stretches == [(scenario.burn_in, scenario.burn_in + scenario.weeks)] * 4


@given(st.integers(0, 12))
def test_there_are_never_more_bytes_than_may_be_and_what_was_not_kept_changes_no_bit(room_for: int) -> None:
    scenario = scenario_of(small())
    one = KeptStates()
    replicate(Ensemble.of(scenario, 3).kept_in(one), Keep(), 0, 1)
    states = KeptStates(most_bytes=room_for * one.bytes)
    for room in (0.2, 0.5, 0.2):
        variant = scenario.with_levers(room=room)
        assert_same(runs_of(variant, states=states), runs_of(variant))
        assert states.bytes <= states.most_bytes
    assert states.bytes >= min(4, room_for) * one.bytes, "the runs that were asked for last, as far as there is room"


# --- handing out, progress, stopping ---
@pytest.mark.parametrize("workers", [1, 3])
def test_a_progress_that_says_stop_ends_the_work_and_leaves_what_was_there(scenario: Scenario, workers: int) -> None:
    stop, seen = threading.Event(), []
    growing = GrowingEnsemble(scenario, workers=workers)
    growing.grow(2)

    def progress(done: int, of: int) -> None:
        seen.append((done, of))
        stop.set()

    with pytest.raises(StoppedError):
        growing.grow(500, until(stop, progress), piece=1)
    assert seen == [(1, 498)] and growing.runs == 2


def test_work_that_nobody_waits_for_is_not_begun() -> None:
    begun: list[int] = []
    ended = handed_out(begun.append, [(number,) for number in range(1000)], workers=2)
    next(ended)
    ended.close()
    assert len(begun) < 20


def test_rows_that_end_in_any_order_are_given_in_their_own() -> None:
    turn = threading.Event()

    def slow_first(number: int) -> int:
        turn.set() if number else turn.wait(5)
        return number

    assert in_order(slow_first, [(number,) for number in range(6)], workers=2) == list(range(6))


def test_a_run_that_breaks_off_says_which_it_was(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = replications.run_weeks
    breaks = lambda *given: 1 / 0 if given[2][1] == 5 else whole(*given)  # noqa: E731
    monkeypatch.setattr(replications, "run_weeks", breaks)
    with pytest.raises(BrokenRunError) as caught:
        computed(Ensemble.of(scenario, 3), Keep(), cut(0, 8, 2))
    assert caught.value.replication == 5 and isinstance(caught.value.__cause__, ZeroDivisionError)
