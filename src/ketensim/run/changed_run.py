"""What is different in one run: changes by name before it starts, and trust that is set on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from ketensim.conditions.trust import trust_together
from ketensim.foundation.errors import InputError, Problem, wrong_number
from ketensim.foundation.parameters import BY_NAME, LEVER_NAMES
from ketensim.foundation.state import Chain, State
from ketensim.scenario.problems import nearest
from ketensim.scenario.schema import Scenario

CONTEXT: Final = ("capacity", "non_standard")
POLICY: Final = "policy"
EVERYWHERE: Final = ""  # instead of the name of an organisation


def levers_and_others(given: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Levers per organisation, the whole chain first (what an organisation has of its own goes before it), and the rest.

    Parameters
    ----------
    given : values by name; a lever is written ``lever`` or ``Organisation.lever``

    Examples
    --------
    >>> levers_and_others({"A.room": 0.9, "capacity": 1.2, "room": 0.5})
    ({'': {'room': 0.5}, 'A': {'room': 0.9}}, {'capacity': 1.2})
    """
    levers: dict[str, dict[str, Any]] = {EVERYWHERE: {}}
    others = {}
    for name, value in given.items():
        organisation, _, lever = name.rpartition(".")
        if lever in LEVER_NAMES:
            levers.setdefault(organisation, {})[lever] = value
        else:
            others[name] = value
    return levers, others


def changed(scenario: Scenario, given: Mapping[str, Any], *, always: bool = False) -> Scenario:
    """A scenario with changes by name, the whole chain first: what one organisation has of its own goes before it.

    Parameters
    ----------
    scenario : the chain
    given : levers, ``Organisation.lever``, ``policy``, ``capacity``, ``non_standard`` and parameters of the model
    always : whether the levers have stood there since the burn-in

    Raises
    ------
    InputError : a name that is none of these (with the nearest), or a value out of range

    Examples
    --------
    >>> from ketensim.scenario import files
    >>> changed(files.load("reference"), {"room": 0.9, "capacity": 1.2}).context.capacity
    1.2
    """
    levers, others = levers_and_others(given)
    for name in others:
        if name not in (*CONTEXT, POLICY, *BY_NAME):
            known = (*LEVER_NAMES, *CONTEXT, POLICY, *BY_NAME)
            meant = nearest(name.rpartition(".")[2], known)
            raise InputError([Problem("error.unknown_change", name, {"given": name, **meant})])
    if POLICY in others:
        scenario = scenario.with_policy(others[POLICY])
    if parameters := {name: value for name, value in others.items() if name in BY_NAME}:
        scenario = scenario.with_parameters(**parameters)
    if context := {name: others[name] for name in CONTEXT if name in others}:
        scenario = scenario.with_context(**context)
    for organisation, moved in levers.items():
        scenario = scenario.with_levers(organisation=organisation or None, always=always, **moved)
    return scenario


def set_trust(
    state: State, chain: Chain, parameters: np.recarray, pair: tuple[int, int], given: Mapping[str, float | None]
) -> None:
    """Write trust into a state, and what follows from it.

    Parameters
    ----------
    state, chain, parameters : of a run between two weeks
    pair : numbers of who trusts and who is trusted; -1 = everybody
    given : trust_persons, trust_agreements, trust_vertical; None = as it is

    Raises
    ------
    InputError : two that have no link, or a value out of range
    """
    for name, value in given.items():
        if value is not None and (wrong := wrong_number(value, 0.0, 1.0)):
            facts = {"given": str(value), "lower": 0.0, "upper": 1.0, "unit": "share"}
            raise InputError([Problem(wrong, name.removeprefix("trust_"), facts)])
    truster, trusted = pair
    meant = [
        d
        for d, dyad in enumerate(chain.dyad)
        if truster in (-1, dyad.truster) and trusted in (-1, dyad.trusted) and dyad.truster != dyad.trusted
    ]
    if not meant and trusted >= 0:
        raise InputError([Problem("error.not_related", "trusted", {})])
    for d in meant:
        for name in ("trust_persons", "trust_agreements"):
            if given[name] is not None:
                state.dyad[name][d] = given[name]
    vertical = given["trust_vertical"]
    if vertical is not None:
        rows = slice(None) if truster < 0 else truster
        state.organisation["trust_vertical"][rows] = vertical
    if meant:
        _renew_trust(state, chain, float(parameters[0].trust_personal_share))


def _renew_trust(state: State, chain: Chain, personal_share: float) -> None:
    """Trust of each organisation as its relations now have it, added up as ``conditions.trust.update`` does."""
    total = np.zeros(len(state.organisation))
    for d, dyad in enumerate(state.dyad):
        i = chain.dyad[d].truster
        both = trust_together(dyad.trust_persons, dyad.trust_agreements, personal_share)
        total[i] += both / state.organisation[i].partners
    for i, organisation in enumerate(state.organisation):
        if organisation.partners > 0:
            organisation.trust = min(1.0, total[i])
