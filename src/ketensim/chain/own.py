"""What somebody may add to a run: a steering policy, an event and outcomes of their own. ODD element 3.

The week calls the functions ``steer_as_others``, ``happen_as_others`` and ``write_as_others``, which do nothing. In a
changed model (``run/extension.py``) the functions below stand in for them, and what somebody gave stands in for
``policy``, ``event``, ``outcome`` and ``organisation_outcome``. The shipped model has nothing of it in its machine code.
"""

from __future__ import annotations

import numpy as np

from ketensim.foundation.compiled import kernel
from ketensim.foundation.luck import OWN_EVENT, draw
from ketensim.foundation.outcome_table import Notebook
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.foundation.state import Chain, State

LEVER_COUNT = len(LEVER_NAMES)


# --- where the week asks: nothing in the shipped model ---------------------------------------------------------------
@kernel
def steer_as_others(state: State, i: int, week: int) -> None:
    """Let a policy of somebody's own change what an organisation aims at, in a reported week."""
    return


@kernel
def happen_as_others(chain: Chain, state: State, p: np.record, seed: int, replication: int, week: int) -> None:
    """Let an event of somebody's own happen, in a week since the start of the burn-in."""
    return


@kernel
def write_as_others(chain: Chain, state: State, notebook: Notebook, week: int) -> None:
    """Write down the outcomes of somebody's own of a reported week."""
    return


# --- what somebody gives ---------------------------------------------------------------------------------------------
@kernel
def policy(seen: np.record, aim: np.record) -> None:
    """Change the levers in ``aim`` by looking at ``seen`` (``foundation.rows.SEEN``)."""
    return


@kernel
def event(state: State, p: np.record, week: int, luck: float) -> None:
    """Change the state; ``luck`` is a uniform number in (0, 1) of this week."""
    return


@kernel
def outcome(state: State) -> float:
    """One number of the chain after a week."""
    return 0.0


@kernel
def organisation_outcome(state: State, i: int) -> float:
    """One number of an organisation after a week."""
    return 0.0


# --- what stands in when something was given -------------------------------------------------------------------------
@kernel
def steer_by_policy(state: State, i: int, week: int) -> None:
    """Show a policy what it may see and take over what it aims at; not-a-number leaves a lever where it was."""
    see(state, i, week)
    target = state.target_grid[i]
    aim = state.aim_grid[i]
    for number in range(LEVER_COUNT):
        aim[number] = target[number]
    policy(state.seen[i], state.aim[i])
    for number in range(LEVER_COUNT):
        if aim[number] == aim[number]:
            target[number] = min(1.0, max(0.0, aim[number]))


@kernel
def see(state: State, i: int, week: int) -> None:
    """What people in an organisation can know at the start of a week: their own house, the mood, and what a monitor shows."""
    seen = state.seen[i]
    organisation = state.organisation[i]
    common = state.chain[0]
    seen.week, seen.organisation = float(week), float(i)
    seen.trust, seen.trust_vertical = organisation.trust, organisation.trust_vertical
    seen.motivation, seen.load, seen.staff = organisation.motivation, organisation.load, organisation.staff
    seen.present, seen.waiting = float(organisation.present), float(organisation.waiting)
    seen.blocked, seen.overdue = float(organisation.blocked), float(organisation.overdue)
    seen.late, seen.returned = float(organisation.late), float(organisation.returned)
    seen.refused, seen.dropped = float(organisation.refused), float(organisation.dropped)
    seen.incidents, seen.overseen = float(organisation.incidents), organisation.overseen
    seen.reporting_share = organisation.reporting_share
    seen.urgency, seen.shortage = common.urgency, common.shortage
    seen.monitor, seen.visible = common.monitor, common.visible


@kernel
def happen_by_event(chain: Chain, state: State, p: np.record, seed: int, replication: int, week: int) -> None:
    """Give an event its own luck, the same in every variant of a run, and the reported week (negative in the burn-in)."""
    luck, _, _, _ = draw(seed, replication, OWN_EVENT, 0, week)
    event(state, p, week - int(chain.world[0].burn_in), luck)


@kernel
def write_own(chain: Chain, state: State, notebook: Notebook, week: int) -> None:
    """Ask each outcome for its number."""
    own_outcomes(state, notebook.own_grid[week], 0)
    for i in range(len(state.organisation)):
        own_organisation_outcomes(state, i, notebook.own_organisation_grid[week, i], 0)


@kernel
def own_outcomes(state: State, row: np.ndarray, place: int) -> None:
    """No outcome of the chain, or no further one."""
    return


@kernel
def own_organisation_outcomes(state: State, i: int, row: np.ndarray, place: int) -> None:
    """No outcome of an organisation, or no further one."""
    return


def first_outcome(state: State, row: np.ndarray, place: int) -> None:
    """An outcome, and then the others; copies of this function make a chain of them."""
    row[place] = outcome(state)
    own_outcomes(state, row, place + 1)


def first_organisation_outcome(state: State, i: int, row: np.ndarray, place: int) -> None:
    """The same for the outcomes of an organisation."""
    row[place] = organisation_outcome(state, i)
    own_organisation_outcomes(state, i, row, place + 1)
