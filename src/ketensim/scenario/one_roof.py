"""The programme under one roof: the same work by the same people, in one organisation instead of a chain.

For the question whether letting go matters more in a chain than in a programme [Rijkschroeff2019]: what a boundary between
organisations costs and loses goes, what belongs to the work and to steering stays. All of it is our assumption.

*Organisations* become departments: the same staff, hours, work per case, stays, places, drift and turnover, so total hours
and work per case are those of the chain. They stay apart because steps are where work goes right or wrong, and because a
frame lives between those who pass work on: one large department would lose both, and look better than it is.

*Administrators*: one council (that of the largest department), one ambition (the mean, by staff), which is the objective;
whoever is elected pursues it. Nobody is independent. In the rules every department still has a director, with luck of its
own.

*Links*: the same routes, shares and consultation. A case that is passed on inside the house is never refused, never comes
back, loses nothing, is not checked, haggled over or shifted, and passing it on takes no hours. Departments agree on who
does what, and that frame takes hours as it did. They need not be won over: trust is full and stays so, as it is for an
organisation without partners (``conditions/trust.py``), and nobody asks for reports on top; there is no chain table.

*Levers*: one way of steering, the mean (by staff) of where they stood; what two partners agreed for their relation goes.
Changes and events of a department stay with it.

*Published figures* are those of the real chain and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.scenario.numbers import Quantity
from ketensim.scenario.parts import Lever, Organisation, Place, assumed
from ketensim.scenario.schema import Scenario

NO_BOUNDARY: Final[Mapping[str, float]] = dict.fromkeys(
    (
        "refusal_most", "mismatch_standard", "mismatch_hard", "loss_standard", "loss_hard", "check_most",
        "handover_effort", "haggling_effort", "cost_shift", "partner_reporting", "trust_hours", "agreement_hours",
        "meeting_hours", "ambition_spread",
    ),
    0.0,
)  # fmt: skip
FULL_TRUST: Final[Mapping[str, float]] = {
    **dict.fromkeys(("trust_persons_start", "trust_agreements_start", "trust_stranger", "trust_carried"), 1.0),
    **dict.fromkeys(("trust_gain", "trust_contact", "trust_fading", "agreement_gain", "takeover_damage"), 0.0),
}
UNDER_ONE_ROOF: Final[Mapping[str, float]] = {**NO_BOUNDARY, **FULL_TRUST}  # parameters of the model


def one_roof(scenario: Scenario) -> Scenario:
    """The same chain as one organisation with departments; what becomes of what stands at the top of this file.

    Parameters
    ----------
    scenario : a chain

    Returns
    -------
    Scenario with the same organisations, case types, routes, hours, events, context and policy

    Examples
    --------
    >>> from ketensim.scenario.files import load
    >>> chain = load("reference")
    >>> programme = one_roof(chain)
    >>> sum(part.fte.value for part in programme.organisations) == sum(part.fte.value for part in chain.organisations)
    True
    """
    place = Place(
        x=_mean(scenario, lambda part: part.ambition.x.value), y=_mean(scenario, lambda part: part.ambition.y.value)
    )
    alike: dict[str, Any] = {
        "principal": _council(scenario),
        "independence": assumed(0),
        "tolerance": assumed(0),
        "ambition": place,
        "levers": {},
    }
    return scenario._with(
        objective=place,
        levers={name: _lever(scenario, name) for name in LEVER_NAMES},
        parameters={
            **scenario.parameters,
            **{name: Quantity(value=value) for name, value in UNDER_ONE_ROOF.items()},
        },
        organisations=tuple(part.model_copy(update=alike) for part in scenario.organisations),
        links=tuple(link.model_copy(update={"levers": {}}) for link in scenario.links),
        calendar=tuple(change for change in scenario.calendar if change.partner is None),
        indicators=(),
    )


def is_under_one_roof(scenario: Scenario) -> bool:
    """Whether a chain is such a programme: nothing is lost where work is passed on."""
    return all(scenario.parameter(name) == value for name, value in UNDER_ONE_ROOF.items())


def _council(scenario: Scenario) -> str | None:
    """The principal of the department with most staff that has one."""
    answering = [part for part in scenario.organisations if part.principal is not None]
    return max(answering, key=lambda part: part.fte.value).principal if answering else None


def _lever(scenario: Scenario, name: str) -> Lever:
    """Where a lever stands at the start; where the whole chain had it there, with its reason."""
    value = _mean(scenario, lambda part: scenario.lever(name, part.id)).value
    stated = scenario.levers.get(name)
    return stated if stated is not None and stated.value == value else Lever(value=value)


def _mean(scenario: Scenario, of: Callable[[Organisation], float]) -> Quantity:
    """Mean over the staff of all organisations; what is the same everywhere stays so to the bit."""
    values = {of(part) for part in scenario.organisations}
    if len(values) == 1:
        return assumed(values.pop())
    staff = sum(part.fte.value for part in scenario.organisations)
    return assumed(sum(part.fte.value * of(part) for part in scenario.organisations) / staff)
