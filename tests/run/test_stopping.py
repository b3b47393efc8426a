"""Claims about runs that stop early on a condition."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tests.conftest import scenario_of, small

from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.replications import EVERY, Ensemble, Keep, replicate
from ketensim.run.stopping import STRETCH, Stopping, stretches

WEEKS = 25
OPEN = OUTCOME_NAMES.index("open")


def chain(weeks: int = WEEKS):
    return scenario_of(small()).with_weeks(weeks)


@pytest.fixture(scope="module")
def whole():
    return replicate(Ensemble.of(chain(), 3), Keep(weekly=EVERY), 0, 12)


@pytest.mark.parametrize("in_a_row", [1, 3])
@pytest.mark.parametrize("above", [True, False])
def test_a_run_that_stops_after_a_week_is_the_same_run_over_that_many_weeks(whole, in_a_row, above):
    """To the bit: the summary, every week until then, and nothing after it."""
    limit = float(np.quantile(whole.weekly[:, :, OPEN], 0.9 if above else 0.3))
    rule = Stopping(OPEN, limit, above, in_a_row)
    stopped = replicate(Ensemble.of(chain(), 3), Keep(weekly=EVERY, stopping=rule), 0, 12)
    ends = stopped.weeks_run.astype(int)
    assert (ends < WEEKS).any()
    for run, end in enumerate(ends):
        assert end == (rule.end(whole.weekly[run]) or WEEKS)
        shorter = replicate(Ensemble.of(chain(int(end)), 3), Keep(weekly=EVERY), run, 1)
        assert shorter.summary[0].tobytes() == stopped.summary[run].tobytes()
        assert shorter.weekly[0].tobytes() == stopped.weekly[run, :end].tobytes()
        assert np.isnan(stopped.weekly[run, end:]).all()


def test_a_condition_that_is_never_met_changes_no_bit(whole):
    never = replicate(Ensemble.of(chain(), 3), Keep(weekly=EVERY, stopping=Stopping(OPEN, 1e9, True, 1)), 0, 12)
    assert never.summary.tobytes() == whole.summary.tobytes()
    assert never.weekly.tobytes() == whole.weekly.tobytes()
    assert (never.weeks_run == WEEKS).all()


def test_a_condition_that_is_met_in_the_last_week_only_stops_nothing(whole):
    """The week after the last was never asked for."""
    last = whole.weekly[0, -1, OPEN]
    rule = Stopping(OPEN, float(whole.weekly[0, :-1, OPEN].max()), True, 1)
    ended = replicate(Ensemble.of(chain(), 3), Keep(stopping=rule), 0, 1)
    assert ended.weeks_run[0] == WEEKS
    assert last == whole.weekly[0, -1, OPEN]


@pytest.mark.parametrize("weeks", [1, 2, 8, 9, 10, 200])
def test_every_week_is_in_one_stretch_and_the_last_is_alone(weeks):
    ends = list(stretches(weeks))
    assert ends[0] == 0
    assert ends[-1] == weeks
    assert all(0 < second - first <= STRETCH for first, second in pairwise(ends))
    assert ends[-2] == weeks - 1
