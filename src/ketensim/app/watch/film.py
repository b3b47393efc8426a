"""One run as a film: every week of it kept, so that a page can play it, scrub through it and ask why something changed.

The run is that of the ensemble with the same seed and number. What is shown is counted by the model itself; here it
is only put side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.app.curves import GOAL
from ketensim.conditions.trust import trust_together
from ketensim.foundation.state import Chain
from ketensim.run.engine import summaries
from ketensim.run.explanation import Explanation, explain
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    from ketensim.run.model import ChainModel

RUNS: Final = 60  # among which a run can be chosen
CHOICES: Final = ("average", "best", "worst")
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Film:
    """A run, week by week.

    Attributes
    ----------
    scenario, seed, replication : which run it is
    chain : the chain as numbers
    organisation : ORGANISATION records [week + 1, organisation]; the first row is what was there before the first week
    levers : shares [week + 1, organisation, lever]; in force
    link : LINK records [week, link]; cases accepted, returned and refused
    trust : shares [week, link]; of both ends in one another, persons and agreements weighed as the model weighs them
    counted : ORGANISATION_WEEKLY records [week, organisation]
    outcomes : array [week, outcome], in the order of OUTCOME_NAMES
    known : whole numbers [week]; so many weeks of arrival have a known goal realisation at the end of the week
    """

    scenario: Scenario
    seed: int
    replication: int
    chain: Chain
    organisation: np.recarray
    levers: NDArray[np.float64]
    link: np.recarray
    trust: NDArray[np.float64]
    counted: np.recarray
    outcomes: NDArray[np.float64]
    known: NDArray[np.int64]

    @property
    def weeks(self) -> int:
        """Reported weeks."""
        return len(self.link)

    @property
    def goal(self) -> NDArray[np.float64]:
        """Goal realisation by week of arrival, share; not-a-number for the last ones, which nobody can know yet."""
        return self.outcomes[:, GOAL]

    @property
    def arrivals(self) -> NDArray[np.int64]:
        """Cases that entered the chain, [week, organisation]: what is there more than came from partners or left."""
        present = self.organisation["present"]
        came = np.zeros(self.counted.shape, dtype=np.int64)
        for number, place in enumerate(self.chain.link):
            came[:, place.target] += self.link["accepted"][:, number]
        left = sum(self.organisation[name][1:] for name in ("handed_over", "closed", "dropped"))
        arrivals: NDArray[np.int64] = np.diff(present, axis=0) + left - came
        return arrivals

    def explained(self, week: int, organisation: int) -> Explanation:
        """Why an organisation changed in a week, counted from 0."""
        before, now = self.organisation[week][organisation], self.organisation[week + 1][organisation]
        name = self.scenario.organisations[organisation].id
        return explain(name, week, before, now, self.levers[week : week + 2, organisation])


def film_of(scenario: Scenario, seed: int, replication: int, progress: Progress = lambda _: None) -> Film:
    """Run once, and keep every week.

    Parameters
    ----------
    scenario, seed, replication : which run
    progress : gets the share that is done, each week; what it raises ends the run
    """
    from ketensim.run.model import ChainModel  # Mesa would take half of the time that the app needs to start

    model = ChainModel(scenario, rng=seed, replication=replication)
    share = float(model.parameters[0].trust_personal_share)
    organisation, levers = [model.state.organisation.copy()], [model.state.lever_grid.copy()]
    link, trust, known = [], [], []
    for week in range(scenario.weeks):
        progress(week / scenario.weeks)
        model.step()
        organisation.append(model.state.organisation.copy())
        levers.append(model.state.lever_grid.copy())
        link.append(model.state.link.copy())
        trust.append(_trust(model, share))
        realised = np.flatnonzero(~np.isnan(model.notebook.weekly_grid[: week + 1, GOAL]))
        known.append(int(realised[-1]) + 1 if len(realised) else 0)
    return Film(
        scenario,
        seed,
        replication,
        model.chain,
        np.stack(organisation).view(np.recarray),
        np.stack(levers),
        np.stack(link).view(np.recarray),
        np.stack(trust),
        model.notebook.organisation_weekly,
        model.notebook.weekly_grid,
        np.array(known),
    )


def _trust(model: ChainModel, share: float) -> NDArray[np.float64]:
    """Trust over each link: the mean of what both ends have in one another."""
    dyad = model.state.dyad
    each = np.array(
        [
            trust_together(persons, agreements, share)
            for persons, agreements in zip(dyad.trust_persons, dyad.trust_agreements, strict=True)
        ]
    )
    places = model.chain.link
    mean: NDArray[np.float64] = (each[places.receiver_dyad] + each[places.giver_dyad]) / 2
    return mean


@dataclass(frozen=True, eq=False)
class Ranking:
    """The runs among which one is chosen, from the one that realises least to the one that realises most.

    Attributes
    ----------
    order : numbers of the runs
    goal : share [run]; goal realisation, by number of the run
    """

    order: NDArray[np.int64]
    goal: NDArray[np.float64]

    @property
    def average(self) -> int:
        """The run that lies nearest to the mean of all."""
        known = np.where(np.isnan(self.goal), np.inf, self.goal)
        return int(np.argmin(np.abs(known - np.nanmean(self.goal)))) if np.isfinite(known).any() else 0

    @property
    def worst(self) -> int:
        """The run that realises least."""
        return int(self.order[0])

    @property
    def best(self) -> int:
        """The run that realises most."""
        return int(self.order[-1])

    def place(self, run: int) -> int:
        """Place of a run, counted from 1 for the one that realises most."""
        return len(self.order) - int(np.flatnonzero(self.order == run)[0])

    def run(self, choice: str) -> int:
        """Number of the run that is meant by ``average``, ``best``, ``worst`` or a number."""
        return int(getattr(self, choice)) if choice in CHOICES else int(choice)


def ranking_of(scenario: Scenario, seed: int) -> Ranking:
    """The first runs of an ensemble in order of goal realisation; those without a value come last."""
    goal = summaries(scenario, 0, RUNS, seed)[:, GOAL]
    return Ranking(np.argsort(goal, kind="stable"), goal)


def is_choice(text: str) -> bool:
    """Whether a text from outside means a run.

    Examples
    --------
    >>> is_choice("best"), is_choice("17"), is_choice("60"), is_choice("-1")
    (True, True, False, False)
    """
    return text in CHOICES or (text.isascii() and text.isdigit() and len(text) < 3 and int(text) < RUNS)
