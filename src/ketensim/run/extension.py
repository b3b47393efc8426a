"""A changed model: rules, a policy, an event and outcomes of one's own, without a copy of the package.

What is in force when runs are described (``Ensemble``, ``ChainModel``) goes with them: to every thread and process, into
the key under which they are stored, the mark of a kept burn-in, and the facts about where results come from. So runs of a
changed model are never taken for those of another.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import Any, Final

import numpy as np

import ketensim.chain.week  # noqa: F401  registers every rule
from ketensim.chain import own
from ketensim.foundation.compiled import NOTHING, Replaced, registered, warn_of_patches
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.foundation.parameters import BY_NAME, LEVER_NAMES
from ketensim.foundation.state import Chain, State
from ketensim.run.own_code import Function, OwnFunction, check_made_of, from_place, mark_of_code
from ketensim.run.tried_code import refuse_out_of_range, try_on_chain, try_policy, try_rule
from ketensim.scenario.problems import nearest

FLOORS: Final = ("ketensim.conditions.", "ketensim.chain.")
TAKES: Final[Mapping[str, tuple[str, ...]]] = {
    "policy": ("seen", "aim"),
    "event": ("state", "p", "week", "luck"),
    "outcomes": ("state",),
    "organisation_outcomes": ("state", "i"),
}
COLUMNS: Final = (  # of tables in which an outcome of somebody's own may come to stand
    *("run", "week", "date", "organisation", "case_type", "seed", "stopped", "weeks_run"),
    *("point", "replication", "scenario", "policy", "events", "choice", "world", "key", "failed", "design", "worlds"),
    *("outcome", "factor", "input", "mean", "low", "high", "first", "higher", "lower", "density", "coverage", "mass"),
    *("satisficing", "first_order", "wins", "sure_wins", "capacity", "non_standard", "turnover"),
)
HELD: Final = frozenset({*OUTCOME_NAMES, *ORGANISATION_OUTCOME_NAMES, *LEVER_NAMES, *BY_NAME, *COLUMNS})


def replaceable() -> dict[str, Function]:
    """Every rule that may be replaced, by name: those of theory and chain that give a share, a rate or a level.

    Examples
    --------
    >>> "mismatch_chance" in replaceable(), "philox" in replaceable()
    (True, False)
    """
    rules = [rule for rule in registered("rule") if rule.__module__.startswith(FLOORS)]
    return {rule.__name__: rule for rule in rules if rule.__annotations__.get("return") == "float"}


@dataclass(frozen=True, eq=False)
class Extension:
    """What is different from the shipped model; ``ks.extend`` and ``ks.rules`` make one.

    Attributes
    ----------
    rules : name of a shipped rule: what stands in for it
    policy, event : a steering policy and an event of one's own
    outcomes, organisation_outcomes : name: function, of the chain and of each organisation
    """

    rules: Mapping[str, OwnFunction] = field(default_factory=dict)
    policy: OwnFunction | None = None
    event: OwnFunction | None = None
    outcomes: Mapping[str, OwnFunction] = field(default_factory=dict)
    organisation_outcomes: Mapping[str, OwnFunction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, given in self.rules.items():
            _check_rule(name, given.function)
        for place, given in self._named():
            if not place.startswith("rules."):
                _check_takes(place, given.function)
        for kind in ("outcomes", "organisation_outcomes"):
            for name in getattr(self, kind):
                if not name.isidentifier() or name in HELD or name.startswith("_"):
                    raise InputError([Problem("error.own_outcome_name", f"{kind}.{name}", {"given": name})])
        if both := sorted(self.outcomes.keys() & self.organisation_outcomes.keys()):
            raise InputError([Problem("error.own_outcome_name", both[0], {"given": both[0]})])

    def __reduce__(self) -> tuple[Any, ...]:
        """What was given travels to other processes; what was made of it is made there."""
        given = dict(self.rules), self.policy, self.event, dict(self.outcomes), dict(self.organisation_outcomes)
        return Extension, given

    def __bool__(self) -> bool:
        return next(self._named(), None) is not None

    def _named(self) -> Iterator[tuple[str, OwnFunction]]:
        yield from ((f"rules.{name}", self.rules[name]) for name in sorted(self.rules))
        for kind in ("policy", "event"):
            if (given := getattr(self, kind)) is not None:
                yield kind, given
        for kind in ("outcomes", "organisation_outcomes"):
            yield from ((f"{kind}.{name}", given) for name, given in getattr(self, kind).items())

    @cached_property
    def stamp(self) -> str:
        """A fingerprint of what is different; empty when nothing is."""
        marks = [f"{place} {mark_of_code(given.function)}" for place, given in self._named()]
        return hashlib.sha256("\n".join(marks).encode()).hexdigest() if marks else ""

    def try_on(self, chain: Chain, parameters: np.recarray) -> None:
        """Try events and outcomes out on a chain before it runs, once per kind of chain.

        Raises
        ------
        InputError : as ``try_on_chain``
        """
        if self:
            try_on_chain(self.stamp, self._named(), chain, parameters)

    def check(self, state: State, parameters: np.recarray, as_given: np.recarray) -> None:
        """Look at what a run has left.

        Raises
        ------
        InputError : a share has become none, or an event has written into the parameters
        """
        if self:
            refuse_out_of_range(state, [place for place, _ in self._named()])
        if self.event is not None and parameters.tobytes() != as_given.tobytes():
            facts = {"given": self.event.function.__name__, "found": "p"}
            raise InputError([Problem("error.own_writes", "event", facts)])

    @property
    def facts(self) -> dict[str, Any]:
        """For a manifest: what stands in for what, and the fingerprint."""
        return {"stamp": self.stamp, **{place: given.place for place, given in self._named()}} if self else {}

    @property
    def sources(self) -> dict[str, str]:
        """Text of every file that something was read from, by the name of the file."""
        read = [given for _, given in self._named() if given.source is not None]
        return {given.place.rpartition(":")[0]: given.source for given in read if given.source is not None}

    @cached_property
    def replaced(self) -> Replaced:
        """What the compiler needs to know."""
        if not self:
            return NOTHING
        known = replaceable()
        functions: dict[Function, Function] = {known[name]: given.function for name, given in self.rules.items()}
        if self.policy is not None:
            functions |= {own.steer_as_others: own.steer_by_policy, own.policy: self.policy.function}
        if self.event is not None:
            functions |= {own.happen_as_others: own.happen_by_event, own.event: self.event.function}
        if self.outcomes or self.organisation_outcomes:
            functions |= {own.write_as_others: own.write_own}
            functions[own.own_outcomes] = _one_by_one(
                own.first_outcome, own.own_outcomes, "outcome", self.outcomes.values()
            )
            functions[own.own_organisation_outcomes] = _one_by_one(
                own.first_organisation_outcome,
                own.own_organisation_outcomes,
                "organisation_outcome",
                self.organisation_outcomes.values(),
            )
        return Replaced(self.stamp, functions)

    def with_policy(self, policy: OwnFunction | None) -> Extension:
        """The same with a steering policy of its own, when one is given."""
        if policy is None:
            return self
        return Extension(self.rules, policy, self.event, self.outcomes, self.organisation_outcomes)

    @classmethod
    def from_places(cls, given: Mapping[str, Any], folder: Path | None = None, where: str = "") -> Extension:
        """An extension whose functions are given by their places, as a file of an experiment does.

        Parameters
        ----------
        given : the fields of an extension, with ``module:name`` or ``file.py:name`` instead of functions
        folder : where the files are seen from
        where : place in the input, for the error

        Raises
        ------
        InputError : as ``from_place`` and ``extend``
        """
        made: dict[str, Any] = {}
        for kind, value in given.items():
            if isinstance(value, str):
                made[kind] = from_place(value, folder, f"{where}.{kind}")
            elif value is not None:
                made[kind] = {
                    name: from_place(place, folder, f"{where}.{kind}.{name}") for name, place in value.items()
                }
        return cls(**made)

    def and_also(self, other: Extension) -> Extension:
        """Both; where they meet, the other goes before this one."""
        return Extension(
            {**self.rules, **other.rules},
            other.policy or self.policy,
            other.event or self.event,
            {**self.outcomes, **other.outcomes},
            {**self.organisation_outcomes, **other.organisation_outcomes},
        )


SHIPPED: Final = Extension()
_in_force: ContextVar[Extension] = ContextVar("extension", default=SHIPPED)


def in_force() -> Extension:
    """The extension that new runs get."""
    warn_of_patches()
    return _in_force.get()


@contextmanager
def using(extension: Extension) -> Iterator[Extension]:
    """New runs get this extension, and nothing else, until the block ends; ``SHIPPED`` is the model as it came."""
    token = _in_force.set(extension)
    try:
        yield extension
    finally:
        _in_force.reset(token)


def extend(
    *,
    rules: Mapping[str, Function] | None = None,
    policy: Function | None = None,
    event: Function | None = None,
    outcomes: Mapping[str, Function] | None = None,
    organisation_outcomes: Mapping[str, Function] | None = None,
) -> AbstractContextManager[Extension]:
    """Run a changed model inside a ``with`` block: many runs, a Mesa model, a comparison or an experiment.

    All functions become machine code with the model. They are made of arithmetic, numbers with a name, and other such
    functions; the shipped rules may be called. What would round differently elsewhere is refused.

    Parameters
    ----------
    rules : name of a shipped rule: a function with the same arguments, see ``ks.rules``
    policy : ``policy(seen, aim)`` changes the levers in ``aim`` (``aim.room = 0.9``), each organisation every reported
        week, after the scenario's own policy; ``seen`` has the fields of ``foundation.rows.SEEN``
    event : ``event(state, p, week, luck)`` changes the state at the start of each week; ``week`` is the reported week
        (negative in the burn-in), ``luck`` a uniform number in (0, 1) that belongs to run and week
    outcomes : name: ``outcome(state)`` gives one number of the chain per week; ``Results.own`` and ``band`` have them
    organisation_outcomes : name: ``outcome(state, i)`` gives one number of organisation ``i``

    Raises
    ------
    InputError : an unknown rule, other arguments, a name that is taken, or something that is not allowed

    Examples
    --------
    >>> def calm(seen, aim):
    ...     if seen.incidents > 0.0:
    ...         aim.room = max(aim.room, 0.5)
    >>> with extend(policy=calm) as extension:
    ...     len(extension.stamp)
    64
    """
    given = Extension(
        {name: OwnFunction.of(_plain_function(f"rules.{name}", rule)) for name, rule in (rules or {}).items()},
        None if policy is None else OwnFunction.of(_plain_function("policy", policy)),
        None if event is None else OwnFunction.of(_plain_function("event", event)),
        {name: OwnFunction.of(_plain_function(name, made)) for name, made in (outcomes or {}).items()},
        {name: OwnFunction.of(_plain_function(name, made)) for name, made in (organisation_outcomes or {}).items()},
    )
    return using(_in_force.get().and_also(given))


def rules(**replaced: Function) -> AbstractContextManager[Extension]:
    """Run with rules of one's own inside a ``with`` block: ``with ks.rules(mismatch_chance=my_rule): ...``.

    Parameters
    ----------
    replaced : name of a shipped rule of ``conditions`` or ``chain``: a function with the same arguments, which gives a
        number in the same unit and range

    Raises
    ------
    InputError : as ``extend``
    """
    return extend(rules=replaced)


def _plain_function(place: str, given: object) -> Function:
    if not isinstance(given, FunctionType):
        raise InputError([Problem("error.own_no_function", place, {"given": str(given)})])
    return given


def _one_by_one(
    template: Function, rest: Function, name: str, given: Mapping[str, OwnFunction] | Any
) -> Callable[..., Any]:
    """Functions one after another: copies of a template, each of which calls the next."""
    assert isinstance(template, FunctionType)
    others = rest.__name__
    for made in reversed(list(given)):
        names = {name: made.function, others: rest}
        rest = FunctionType(template.__code__, names, f"{name}_{made.function.__name__}")
    return rest


def _check_rule(name: str, function: Function) -> None:
    known = replaceable()
    place = f"rules.{name}"
    if name not in known:
        facts = {"given": name, **nearest(name, known)}
        raise InputError([Problem("error.unknown_rule", place, facts)])
    _check_arguments(place, function, tuple(inspect.signature(known[name]).parameters))
    check_made_of(function, place)
    try_rule(place, function, known[name])


def _check_takes(place: str, function: Function) -> None:
    kind = place.partition(".")[0]
    _check_arguments(place, function, TAKES[kind])
    check_made_of(function, place)
    if kind == "policy":
        try_policy(place, function)


def _check_arguments(place: str, function: Function, wanted: tuple[str, ...]) -> None:
    given = tuple(inspect.signature(function).parameters)
    if given != wanted:
        facts = {"given": f"({', '.join(given)})", "allowed": f"({', '.join(wanted)})"}
        raise InputError([Problem("error.own_arguments", place, facts)])
