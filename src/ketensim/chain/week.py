"""The week, written once: the order of the steps is itself part of the theory, and this is also what runs.

The Mesa model calls ``advance`` for one week, the ensemble for all weeks of many runs. ODD element 3.
"""

from __future__ import annotations

import numpy as np

from ketensim.chain.administrators import change_administrators, feel_pressure, intervene
from ketensim.chain.hours import change_staff, divide_hours, update_motivation
from ketensim.chain.intake import arrivals
from ketensim.chain.outcomes import summarise, write_down
from ketensim.chain.own import happen_as_others
from ketensim.chain.policies import set_levers
from ketensim.chain.start import start
from ketensim.chain.work import work
from ketensim.chain.world import change_climate, change_levers, change_restraint, happen
from ketensim.conditions.ambition import update as update_ambition
from ketensim.conditions.binding import update as update_binding
from ketensim.conditions.information import update as update_information
from ketensim.conditions.steering import update as update_steering
from ketensim.conditions.trust import update as update_trust
from ketensim.conditions.urgency import decay as decay_urgency
from ketensim.conditions.urgency import update as update_urgency
from ketensim.foundation.compiled import kernel
from ketensim.foundation.luck import draw_week
from ketensim.foundation.outcome_table import Notebook
from ketensim.foundation.state import Chain, State


@kernel
def one_week(chain: Chain, state: State, p: np.record, seed: int, replication: int, week: int) -> None:
    """One week in the life of a chain."""
    draw_week(state, seed, replication, week)
    # 1 world: calendar, policy, urgency fades, people come and go
    change_levers(chain, state, week)
    change_restraint(chain, state, week)
    set_levers(chain, state, p, week)
    decay_urgency(state, p)
    happen(chain, state, p, week)
    happen_as_others(chain, state, p, seed, replication, week)
    change_climate(state, p)
    change_administrators(chain, state, p, week)
    update_binding(chain, state, p)
    change_staff(chain, state, p)
    # 2 ambition
    update_ambition(state, p, week)
    # 3 urgency
    update_urgency(state, p)
    # 4 information, and what administrators do with it
    update_information(state, p)
    feel_pressure(chain, state, p, week)
    intervene(chain, state, p)
    # 5 steering
    update_steering(chain, state, p)
    # 6 hours
    divide_hours(chain, state, p)
    # 7 work
    work(chain, state, p, seed, replication, week)
    # 8 trust
    update_trust(chain, state, p)
    # 9 motivation
    update_motivation(state, p)


@kernel
def arrivals_of_week(chain: Chain, state: State, seed: int, replication: int, week: int) -> int:
    """Cases that will arrive in a week, noted per type; a pure function of luck and calendar."""
    total = 0
    for kind in range(len(chain.case_type)):
        number = arrivals(chain, seed, replication, kind, week)
        state.arriving[kind] = number
        total += number
    return total


@kernel
def advance(
    chain: Chain,
    state: State,
    notebook: Notebook,
    p: np.record,
    seed: int,
    replication: int,
    first: int,
    last: int,
) -> int:
    """Run the weeks from ``first`` up to, not including, ``last``; week 0 starts the run, the last week sums it up.

    Parameters
    ----------
    chain : the chain
    state : its state at the start of week ``first`` (anything when that is 0)
    notebook : where the reported weeks are written down
    p : one row of parameters
    seed, replication : whole numbers of at least 0; the luck of this run
    first, last : weeks since the start of the burn-in

    Returns
    -------
    the week that could not start because the case table is too small for its arrivals; ``last`` when all is done
    """
    if first == 0:
        start(chain, state, p, seed, replication)
    for week in range(first, last):
        if arrivals_of_week(chain, state, seed, replication, week) > state.chain[0].slots_free:
            return week
        one_week(chain, state, p, seed, replication, week)
        # 10 outcomes
        write_down(chain, state, notebook, week)
    if last == chain.world[0].weeks:
        summarise(chain, state, notebook)
    return last
