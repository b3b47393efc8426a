"""What became of the cases that arrived together: by the first reason that sufficed, and by all reasons. ODD element 4."""

from __future__ import annotations

import numpy as np

from ketensim.chain.visits import (
    DROPPED_COLUMN,
    FAULT_COLUMN,
    LATE_COLUMN,
    LOST,
    OWN_COURSE,
    REASON_COLUMNS,
    WRONG,
)
from ketensim.foundation.compiled import inlined, kernel, rule
from ketensim.foundation.outcome_table import Notebook
from ketensim.foundation.state import Chain, State

NOT_KNOWN = float("nan")
ALL = -1  # case types that the chain is there for


@rule
def share_of(part: float, whole: float) -> float:
    """Part of a whole; not-a-number when there is no whole.

    Examples
    --------
    >>> share_of(1.0, 4.0)
    0.25
    """
    if whole <= 0.0:
        return NOT_KNOWN
    return part / whole


@rule
def concerns(kind: int, wanted: int, counts: int) -> bool:
    """Whether a case type belongs to what is asked: the wanted one, or with -1 those that the chain is there for.

    Examples
    --------
    >>> concerns(1, 1, 0), concerns(1, -1, 0), concerns(1, -1, 1), concerns(1, 2, 1)
    (True, False, True, False)
    """
    if wanted < 0:
        return counts > 0
    return kind == wanted


@kernel
def longest_norm(chain: Chain) -> int:
    """Longest norm of the case types, in weeks: when a cohort is known."""
    longest = 0
    for kind in range(len(chain.case_type)):
        longest = max(longest, chain.case_type[kind].norm)
    return longest


@kernel
def write_ledger(chain: Chain, state: State, notebook: Notebook, arrival: int) -> None:
    """What became of the cases that arrived in a week, for the chain and for each case type."""
    reported = arrival - int(chain.world[0].burn_in)
    write_losses(chain, state, notebook.weekly[reported], arrival, ALL)
    if len(notebook.case_type_weekly) > 0:
        for kind in range(len(chain.case_type)):
            write_losses(chain, state, notebook.case_type_weekly[reported, kind], arrival, kind)


@kernel
def write_losses(chain: Chain, state: State, row: np.record, arrival: int, wanted: int) -> None:
    """The ledger of a cohort, in the row of the week in which it arrived."""
    (
        row.goal_realisation,
        row.loss_late,
        row.loss_wrong,
        row.loss_handover,
        row.loss_own_course,
        row.loss_dropped,
        row.loss_open,
        row.reason_late,
        row.reason_wrong,
        row.reason_handover,
        row.reason_own_course,
        row.reason_dropped,
    ) = ledger_of(chain, state, arrival, arrival + 1, wanted)


@kernel
@inlined
def write_no_ledger(row: np.record) -> None:
    """Nothing is known yet of what became of the cases of a week."""
    row.goal_realisation = NOT_KNOWN
    row.loss_late, row.loss_wrong, row.loss_handover = NOT_KNOWN, NOT_KNOWN, NOT_KNOWN
    row.loss_own_course, row.loss_dropped, row.loss_open = NOT_KNOWN, NOT_KNOWN, NOT_KNOWN
    row.reason_late, row.reason_wrong, row.reason_handover = NOT_KNOWN, NOT_KNOWN, NOT_KNOWN
    row.reason_own_course, row.reason_dropped = NOT_KNOWN, NOT_KNOWN


@kernel
def ledger_of(chain: Chain, state: State, first: int, last: int, wanted: int) -> tuple[float, ...]:
    """What became of the cases that arrived in weeks ``first`` up to ``last``, as shares of them.

    Realised, or by the first reason that sufficed: late, done wrong, lost at a hand-over, the organisation's own course,
    dropped; or still open: these are one together. Then each reason for itself, for all cases that it would have kept off
    the goal: a case with two reasons is in two of them.
    """
    arrived, realised, late, wrong, lost, own, dropped = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    all_late, all_wrong, all_lost, all_own, all_dropped = 0.0, 0.0, 0.0, 0.0, 0.0
    for arrival in range(first, last):
        for kind in range(len(chain.case_type)):
            if concerns(kind, wanted, chain.case_type[kind].counts):
                cohort = state.cohort[kind, arrival]
                arrived += cohort[0]
                realised += cohort[1]
                late += cohort[LATE_COLUMN]
                wrong += cohort[FAULT_COLUMN + WRONG]
                lost += cohort[FAULT_COLUMN + LOST]
                own += cohort[FAULT_COLUMN + OWN_COURSE]
                dropped += cohort[DROPPED_COLUMN]
                all_late += cohort[REASON_COLUMNS + LATE_COLUMN]
                all_wrong += cohort[REASON_COLUMNS + FAULT_COLUMN + WRONG]
                all_lost += cohort[REASON_COLUMNS + FAULT_COLUMN + LOST]
                all_own += cohort[REASON_COLUMNS + FAULT_COLUMN + OWN_COURSE]
                all_dropped += cohort[REASON_COLUMNS + DROPPED_COLUMN]
    return (
        share_of(realised, arrived),
        share_of(late, arrived),
        share_of(wrong, arrived),
        share_of(lost, arrived),
        share_of(own, arrived),
        share_of(dropped, arrived),
        share_of(arrived - realised - late - wrong - lost - own - dropped, arrived),
        share_of(all_late, arrived),
        share_of(all_wrong, arrived),
        share_of(all_lost, arrived),
        share_of(all_own, arrived),
        share_of(all_dropped, arrived),
    )
