"""History matching with known answers: what is ruled out, where a sample fills the space, and what the recipe accepts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from docs.make.stored_figures import stored_table
from tests.conftest import scenario_of, small

import ketensim as ks
from ketensim.analysis.assumptions import ASSUMPTIONS, neighbours, plausible, sample, sets_at
from ketensim.analysis.matching import Figures, figures_of_sets, not_ruled_out
from ketensim.analysis.resemblance import resemblance
from ketensim.run.accepted import accepted

TEXT = {"nl": "x", "en": "x"}


def with_figures() -> ks.Scenario:
    """A small chain with a published figure of the chain and one of an organisation in its second half."""
    common = {"label": TEXT, "unit": "x", "source": "s", "certainty": "high", "used_for": "calibration"}
    figures = [
        {"id": "lead", "value": 2.0, "outcome": "lead_time_median", "tolerance": 1.0} | common,
        {"id": "left", "value": 0.1, "outcome": "staff_left", "organisation": "B", "per": "staff", "scale": 52,
         "since": "2020-04-06", "tolerance": 0.2} | common,
        {"id": "silent", "value": 1.0} | common,
    ]  # fmt: skip
    return scenario_of(small(indicators=figures, sources={"s": {"text": "x", "tag": "D"}}))


def of(values: np.ndarray, published: float, tolerance: float) -> Figures:
    return Figures(("a",), np.array([published]), np.array([tolerance]), ("calibration",), values[:, :, None])


def test_a_tolerance_counts_as_two_deviations_and_luck_adds_to_it():
    """Runs 9 and 11 of one set: mean 10, variance 2, so the variance of the mean is 1; the tolerance gives 0.75 squared."""
    found = of(np.array([[9.0, 11.0]]), published=12.5, tolerance=1.5).implausibility()
    assert found[0, 0] == pytest.approx(2.5 / np.sqrt(0.75**2 + 1.0))


def test_a_set_that_gives_no_value_is_ruled_out():
    """Nothing simulated cannot be near what was published."""
    values = np.array([[np.nan, np.nan], [1.0, 1.0]])
    assert not_ruled_out(of(values, 1.0, 1.0).implausibility()).tolist() == [False, True]


def test_one_figure_too_far_off_is_enough_to_be_ruled_out():
    """The worst figure decides."""
    assert not_ruled_out(np.array([[0.0, 3.0], [0.0, 3.1]])).tolist() == [True, False]


@pytest.mark.jit
def test_a_figure_of_a_set_is_the_one_that_the_report_shows():
    """The same outcome over the same weeks in the same unit, for the default set."""
    chain = with_figures()
    sets = pd.DataFrame({"trust_gain": [chain.parameter("trust_gain")]})
    found = figures_of_sets(chain, sets, seed=3)
    shown = [one.simulated for one in resemblance(ks.simulate(chain, runs=2, seed=3))]
    assert found.names == ("lead", "left")
    assert found.values.mean(axis=1)[0] == pytest.approx(shown[:2])
    assert np.isnan(shown[2])


@pytest.mark.jit
def test_sets_are_judged_alike_in_batches_and_alone(monkeypatch):
    """Only their luck depends on the batch."""
    chain = with_figures()
    sets = sets_at(sample(0, 4, 1))
    together = figures_of_sets(chain, sets)
    monkeypatch.setattr("ketensim.analysis.matching.BATCH", 3)
    apart = figures_of_sets(chain, sets)
    assert np.array_equal(together.values[:3], apart.values[:3], equal_nan=True)
    assert apart.values.shape == together.values.shape == (4, 2, 2)


# --- where sets come from ------------------------------------------------------------------------------------------
def test_a_sample_goes_on_where_it_stopped():
    """The same points come whatever was asked for before, so that a long computation can be cut in pieces."""
    whole = sample(0, 64, 20)
    assert np.array_equal(np.vstack([sample(0, 24, 20), sample(24, 40, 20)]), whole)
    assert ((whole.mean(axis=0) > 0.45) & (whole.mean(axis=0) < 0.55)).all()


def test_a_neighbour_shares_what_was_not_drawn_anew():
    """With a chance of one in five, about four in five of the assumptions stay."""
    kept = sets_at(sample(0, 1, 20))
    near = neighbours(kept, 200, 0.2, np.random.default_rng(1))
    same = (near == kept.iloc[0]).to_numpy().mean()
    assert near.shape == (200, len(ASSUMPTIONS))
    assert same == pytest.approx(0.8, abs=0.01)
    assert not neighbours(kept, 5, 0.0, np.random.default_rng(1)).sub(kept.iloc[0]).to_numpy().any()


# --- the accepted set that is shipped --------------------------------------------------------------------------------
def test_the_accepted_set_holds_at_least_two_hundred_sets_of_all_assumptions_in_their_ranges():
    """And no two of them are the same."""
    sets = accepted()
    assert len(sets) >= 200
    assert set(sets.columns) == {row.name for row in ASSUMPTIONS}
    assert not sets.duplicated().any()
    for row in ASSUMPTIONS:
        low, high = plausible(row)
        assert sets[row.name].between(low * (1 - 1e-3) - 1e-3, high * (1 + 1e-3) + 1e-3).all(), row.name


@pytest.mark.jit
def test_accepted_sets_still_fit_the_published_figures_of_youth_protection_with_other_luck():
    """Four in five at least: a set at the edge may fall off with two other runs."""
    found = figures_of_sets(ks.load("jeugdbescherming"), accepted().iloc[:40], seed=77)
    told = stored_table("figures").query("chain.str.startswith('Youth protection')").set_index("indicator")
    asked = np.array([bool(told.asked[name]) for name in found.names])
    assert asked.sum() >= 2
    assert not_ruled_out(found.implausibility()[:, asked]).mean() > 0.8


@pytest.mark.jit
def test_with_the_accepted_set_a_band_says_how_much_is_luck_and_how_much_is_parameters():
    """Both have a share, and the band is wider than that of luck alone."""
    drawn = ks.simulate("jeugdbescherming", runs=80, seed=1, parameters="accepted")
    luck = ks.simulate("jeugdbescherming", runs=80, seed=1)
    share = drawn.parameter_share("goal_realisation")
    assert 0.0 < share < 1.0
    assert drawn.runs.goal_realisation.std() > luck.runs.goal_realisation.std()
    assert drawn.runs.parameter_set.tolist()[:4] == [0, 0, 1, 1]
