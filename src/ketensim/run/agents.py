"""Organisations as Mesa agents: views on their row of the state, with behaviour of their own where somebody gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

import mesa

from ketensim.foundation.errors import InputError, Problem, wrong_number
from ketensim.foundation.rows import ORGANISATION
from ketensim.foundation.state import State
from ketensim.run.explanation import Explanation
from ketensim.scenario.problems import nearest

FIELDS: Final = ORGANISATION.names or ()
LARGEST: Final = 1e6
SHARES: Final = (
    "motivation",
    "drift",
    "weight",
    "official",
    "belief_mean",
    "pressure",
    "trust_vertical",
    "demand",
    "dual_use",
    "suspicion",
    "skills_work",
    "skills_manager",
    "skills_administrator",
    "steering_capacity",
    "binding_chosen",
    "restraint",
)
AMOUNTS: Final = ("tolerance", "belief_variance", "newcomers", "establishment")
PLACES: Final = ("ambition_x", "ambition_y")
# what the next week goes on with, and its range; all else is worked out anew each week, or counts cases and people
WRITABLE: Final[Mapping[str, tuple[float, float]]] = {
    **dict.fromkeys(SHARES, (0.0, 1.0)),
    **dict.fromkeys(AMOUNTS, (0.0, LARGEST)),
    **dict.fromkeys(PLACES, (-LARGEST, LARGEST)),
}
OF_MESA: Final = frozenset({"model", "unique_id", "pos", "name", "number"})


class Model(Protocol):
    """What an agent asks of its model."""

    writable_state: State

    def explain(self, name: str) -> Explanation:
        """Why an organisation changed in the last week."""


class StateField:
    """A field of the state as an attribute of the agent."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, agent: OrganisationAgent | None, owner: type[OrganisationAgent]) -> Any:
        if agent is None:
            return self
        return agent.model.writable_state.organisation[agent.number][self.name].item()

    def __set__(self, agent: OrganisationAgent, value: float) -> None:
        if self.name not in WRITABLE:
            raise InputError([Problem("error.worked_out", self.name, {"given": self.name, "allowed": tuple(WRITABLE)})])
        low, high = WRITABLE[self.name]
        if wrong := wrong_number(value, low, high):
            facts = {"given": str(value), "lower": low, "upper": high, "unit": "number"}
            raise InputError([Problem(wrong, self.name, facts)])
        agent.model.writable_state.organisation[self.name][agent.number] = value


class OrganisationAgent(mesa.Agent):  # type: ignore[misc]
    """An organisation with its administrator, manager and professionals; ``ks.Organisation``.

    Every quantity of ``foundation.rows.ORGANISATION`` (``waiting``, ``motivation``, ``trust_vertical`` ...) can be read as
    an attribute; those in ``WRITABLE`` can be written, and the next week goes on with them. Levers and trust are changed
    with ``model.set_levers`` and ``model.set_trust``.

    For behaviour of your own, make a class of it with a method ``step``, which is called before each week, and give it to
    the model: ``ChainModel("reference", organisation_class=Mine)``. What such an organisation remembers is declared in the
    class (``memory = 0.0``), so that a misspelt name is refused.

    Raises
    ------
    InputError : writing what is worked out anew each week, a value out of its range, or a name that there is not
    """

    model: Model
    waiting: int
    present: int
    blocked: int
    overdue: int
    late: int
    returned: int
    refused: int
    dropped: int
    closed: int
    incidents: int
    partners: int
    staff: float
    establishment: float
    newcomers: float
    motivation: float
    discretion: float
    drift: float
    load: float
    trust: float
    trust_vertical: float
    belief_mean: float
    uncertainty: float
    pressure: float
    weight: float
    tolerance: float
    overseen: float
    demand: float
    dual_use: float
    frame: float
    binding: float
    suspicion: float
    reporting_share: float
    own_target: float

    def __init__(self, model: Model, name: str, number: int) -> None:
        super().__init__(model)
        self.name = name
        self.number = number

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and name not in OF_MESA and not _declared(type(self), name):
            facts = {"given": name, **nearest(name, FIELDS)}
            raise InputError([Problem("error.no_such_quantity", self.name, facts)])
        super().__setattr__(name, value)

    def step(self) -> None:
        """What the organisation does before a week; nothing beside what the model does anyway."""

    def explain(self) -> Explanation:
        """Why this organisation changed in the last week, as facts; ``ks.sentences`` puts them into words."""
        return self.model.explain(self.name)

    def __repr__(self) -> str:
        return f"Organisation({self.name!r}, waiting={self.waiting}, trust={self.trust:.2f})"


def _declared(kind: type, name: str) -> bool:
    return hasattr(kind, name) or any(name in vars(base).get("__annotations__", {}) for base in kind.__mro__)


for _name in FIELDS:
    setattr(OrganisationAgent, _name, StateField(_name))
