"""How much work a chain asks of each organisation in calm times, and how many hours it has for it.

Nothing is simulated. The rules of the model are asked once, at the levers and the trust of the start: nobody has
intervened yet, no event has happened, and one registration serves as much as its lever says. In a run more goes wrong,
so that the work found here is a lower limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ketensim.chain.hours import divide_hours
from ketensim.chain.odds import set_odds
from ketensim.chain.policies import change_relations
from ketensim.chain.start import start
from ketensim.conditions import steering
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.state import Chain, State, new_state
from ketensim.scenario import build, flow
from ketensim.scenario.parts import Organisation
from ketensim.scenario.schema import Scenario


@dataclass(frozen=True)
class Workload:
    """Work and hours of every organisation, in calm times.

    Attributes
    ----------
    needed : hours/week of work on cases, [organisation]; returns and hand-overs included
    available : hours/week for cases, [organisation]; after absence, vacancies, overhead and own work
    cases : cases/week that come to be worked on, [organisation, case_type]; returns left out
    """

    needed: NDArray[np.float64]
    available: NDArray[np.float64]
    cases: NDArray[np.float64]

    @property
    def utilisation(self) -> NDArray[np.float64]:
        """Work as a part of the hours, [organisation]; infinite where there are no hours for work."""
        hours = np.maximum(self.available, 1e-12)
        return np.where(self.needed > 0, self.needed / hours, 0.0)


def vacant_share(organisation: Organisation) -> float:
    """Share of the posts that stands empty when as many people come as leave, in calm times.

    Examples
    --------
    >>> from ketensim.scenario.files import load
    >>> round(vacant_share(load("reference").organisations[2]), 3)
    0.048
    """
    waits = organisation.turnover.value / WEEKS_PER_YEAR * organisation.hiring_weeks.value
    return waits / (1.0 + waits)


def newcomer_share(organisation: Organisation, weeks: float) -> float:
    """Share of the staff that is still learning the work when as many people come as leave, in calm times.

    Examples
    --------
    >>> from ketensim.scenario.files import load
    >>> round(newcomer_share(load("reference").organisations[2], 26.0), 3)
    0.024
    """
    leaving = organisation.turnover.value / WEEKS_PER_YEAR
    return leaving / (leaving + 1.0 / weeks)


def workload(scenario: Scenario) -> Workload:
    """Work and hours of a chain in calm times; the scenario has been checked."""
    chain, p = build.build(scenario), build.parameters(scenario)[0]
    state = new_state(chain, 1)
    start(chain, state, p, 0, 0)
    for row, part in zip(state.organisation, scenario.organisations, strict=True):
        row.staff *= 1.0 - vacant_share(part)
        row.newcomers = row.staff * newcomer_share(part, p.newcomer_weeks)
    state.organisation.dual_use[:] = state.lever.information_balance
    change_relations(chain, state, p)
    steering.update(chain, state, p)
    divide_hours(chain, state, p)
    set_odds(chain, state, p)
    cases = flow.expected_visits(scenario) * chain.case_type.arrivals
    return Workload(_needed(chain, state, p, cases), np.array(state.organisation.hours_for_cases), cases)


def _needed(chain: Chain, state: State, p: Any, cases: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours/week: the visits themselves, taking over and checking what arrives, and what comes back."""
    hard = chain.case_type.non_standard
    permission = np.asarray(state.organisation.permission)[:, np.newaxis]
    plain = cases * chain.task.hours * (1.0 + hard * (p.effort_hard - 1.0))  # without permissions
    needed = cases * chain.task.hours * (1.0 + hard * (p.effort_hard * permission - 1.0))
    total: NDArray[np.float64] = needed.sum(axis=1)
    visits = np.maximum(cases, 1e-12)
    for number, place in enumerate(chain.link):
        if place.consultation:
            continue
        link, giver, receiver = state.link[number], int(place.source), int(place.target)
        unfit, wrong = _failing(link, state.organisation[giver], hard)
        moving = cases[giver] * chain.route[number]  # cases/week [case_type]
        tries = moving / np.maximum(1.0 - unfit - wrong, 1e-3)
        again = tries * (p.misfit_effort * unfit + p.rework_effort * wrong)
        total[giver] += float(np.sum(again * plain[giver] / visits[giver]))
        taken = p.handover_effort * (tries - moving) + float(link.extra_effort) * moving
        total[receiver] += float(np.sum(taken * plain[receiver] / visits[receiver]))
    return total


def _failing(link: Any, giver: Any, hard: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of the hand-overs, [case_type]: those that are refused or do not fit, those found to be done wrong."""

    def mixed(standard: float, difficult: float) -> NDArray[np.float64]:
        return (1.0 - hard) * standard + hard * difficult

    standard, difficult = float(link.failure_standard), float(link.failure_hard)
    finding = float(link.finding)
    wrong = (1.0 - standard) * (1.0 - giver.right_standard) * finding
    return mixed(standard, difficult), mixed(wrong, (1.0 - difficult) * (1.0 - giver.right_hard) * finding)
