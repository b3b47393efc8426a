"""Organisations as Mesa agents: views on their row of the state."""

from __future__ import annotations

from typing import Any, Protocol

import mesa

from ketensim.foundation.rows import ORGANISATION
from ketensim.foundation.state import State
from ketensim.run.explanation import Explanation


class Model(Protocol):
    """What an agent asks of its model."""

    state: State

    def explain(self, name: str) -> Explanation:
        """Why an organisation changed in the last week."""


class StateField:
    """A field of the state as an attribute of the agent; what is written to it the next week goes on with."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, agent: OrganisationAgent | None, owner: type[OrganisationAgent]) -> Any:
        if agent is None:
            return self
        return agent.model.state.organisation[agent.number][self.name].item()

    def __set__(self, agent: OrganisationAgent, value: float) -> None:
        agent.model.state.organisation[self.name][agent.number] = value


class OrganisationAgent(mesa.Agent):  # type: ignore[misc]
    """An organisation with its administrator, manager and professionals.

    Every quantity of ``foundation.rows.ORGANISATION`` (``waiting``, ``motivation``, ``trust_vertical`` ...) is an
    attribute, read from and written to the state of the model.
    """

    model: Model

    def __init__(self, model: Model, name: str, number: int) -> None:
        super().__init__(model)
        self.name = name
        self.number = number

    def explain(self) -> Explanation:
        """Why this organisation changed in the last week, as facts; ``ks.sentences`` puts them into words."""
        return self.model.explain(self.name)

    def __repr__(self) -> str:
        return f"Organisation({self.name!r}, waiting={self.waiting}, trust={self.trust:.2f})"


for _name in ORGANISATION.names or ():
    setattr(OrganisationAgent, _name, StateField(_name))
