"""A stretch of weeks of every table: many runs on equal luck, going on where the stretch before left them.

The runs are those of ``run.simulate``: same week, same luck, same bits (a test compares them). The state of every run is kept
between stretches, so that one costs its own weeks only; what has been let go is computed again from the burn-in on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ketensim.run.engine import cut
from ketensim.run.executors import in_order
from ketensim.run.kept_states import KeptStates
from ketensim.run.replications import EVERY, Ensemble, Keep, Replications, replicate, together
from ketensim.scenario.schema import Scenario
from ketensim.workshop.game.plans import WorkshopPlan, longest_norm_of

WATCHED: Final = 40  # runs in which beliefs, and what goes on between organisations, are read
PIECE: Final = 25  # runs that a thread takes at once
BY_WEEK: Final = ("weekly", "organisations", "case_types", "beliefs", "in_time", "dyads", "returns")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some weeks of a workshop.

    Attributes
    ----------
    week : reported week in which it begins
    weeks : how many it has
    followed : the reported weeks (first, and last not included) whose arrivals are followed until the longest norm has
        passed, with nothing decided any more; None = nobody asks for them yet
    """

    week: int
    weeks: int
    followed: tuple[int, int] | None = None

    @property
    def end(self) -> int:
        """The week after its last."""
        return self.week + self.weeks


def stretch_of(plan: WorkshopPlan, part: int) -> Stretch:
    """A part of the workshop, counted from 0; the last part of a round follows all cases that came in during the round."""
    number, place = divmod(part, len(plan.stretches))
    first = plan.weeks * number
    last = place == len(plan.stretches) - 1
    followed = (first, first + plan.weeks) if last else None
    return Stretch(first + sum(plan.stretches[:place]), plan.stretches[place], followed)


def run_stretch(
    tables: Sequence[Scenario],
    plan: WorkshopPlan,
    stretch: Stretch,
    states: KeptStates,
    workers: int | None = None,
    *,
    left: set[str] | None = None,
) -> list[Replications]:
    """The same stretch of several tables on all processors.

    Parameters
    ----------
    tables : the scenario of each, with the choices up to this stretch
    plan : says how many runs, and on which luck
    states : where the runs stand
    workers : threads; silent = as many as there are processors
    left : is filled up with the pasts under which the runs stand at the end, for who wants to let go of them

    Returns
    -------
    per table every weekly value, those of the organisations, what goes on in some runs, and as ``cohorts`` what became of the
    cases that are followed
    """
    pauses = (0, stretch.week, stretch.end)
    ensembles = [Ensemble.of(table, plan.seed).kept_in(states, pauses) for table in tables]
    if left is not None:
        left |= {ensemble.pasts[ensemble.burn_in + stretch.end] for ensemble in ensembles}
    pieces = cut(0, plan.runs, PIECE)
    keeps = [kept_of(table, plan.runs, stretch) for table in tables]
    todo = [(states, stretch, *table, *piece) for table in zip(ensembles, keeps, strict=True) for piece in pieces]
    parts = iter(in_order(_gone_on, todo, workers))
    return [together([next(parts) for _ in pieces]) for _ in tables]


def kept_of(scenario: Scenario, runs: int, stretch: Stretch) -> Keep:
    """What is kept of the runs of a stretch."""
    end = stretch.end
    cohorts: tuple[int, ...] = ()
    if stretch.followed is not None:
        first, last = stretch.followed
        end = max(end, last + longest_norm_of(scenario))
        cohorts = tuple(range(scenario.burn_in + first, scenario.burn_in + last))
    return Keep(weekly=EVERY, organisations=runs, watched=WATCHED, cohorts=cohorts, weeks=(stretch.week, end))


def _gone_on(
    states: KeptStates, stretch: Stretch, ensemble: Ensemble, keep: Keep, first: int, number: int
) -> Replications:
    """Some runs of a table, which leave where they stood; the burn-in stays, for it is the same at all tables."""
    found = replicate(ensemble, keep, first, number)
    if stretch.week:
        states.forget(ensemble.pasts[ensemble.burn_in + stretch.week], range(first, first + number))
    return replace(found, **{name: getattr(found, name)[:, : stretch.weeks] for name in BY_WEEK})


def burn_in(scenario: Scenario, plan: WorkshopPlan, states: KeptStates, workers: int | None = None) -> None:
    """Bring the runs to their first reported week, so that the first round costs no more than the others."""
    ensemble = Ensemble.of(scenario, plan.seed).kept_in(states)
    in_order(replicate, [(ensemble, Keep(weeks=(0, 0)), *piece) for piece in cut(0, plan.runs, PIECE)], workers)
