"""Functions of somebody's own are tried out before anything runs, and their model is looked at after each run.

Machine code does not look where it reads and cannot say what went wrong. So a function is called in plain Python first:
a rule with a few numbers, the others on the chain that is to be run, one week after its start.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterable
from numbers import Real
from typing import Any, Final

import numpy as np

from ketensim.chain.week import advance
from ketensim.foundation.array_sets import records
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.outcome_table import new_notebook
from ketensim.foundation.parameters import LEVER_DTYPE, LEVER_NAMES
from ketensim.foundation.rows import SEEN
from ketensim.foundation.state import Chain, State, grown, new_state
from ketensim.run.own_code import Function, OwnFunction, reason_of

TRIED: Final = (0.5, 0.25, 1.0, 0.0)  # what a rule is called with
LUCKS: Final = (0.001, 0.5, 0.999)  # what an event meets
SLOTS: Final = 1024  # open cases to begin with
SHOWN: Final = tuple(name for name in SEEN.names or () if name != "memory")
SHARE: Final = "share in [0, 1]"  # of a docstring
READ_ONLY: Final = "read-only"  # of numpy's message
ROUNDING: Final = 1e-9
SHARES: Final = {  # what a share is of, by the table of the state in which it stands
    "dyad": ("trust_persons", "trust_agreements"),
    "organisation": (
        "trust",
        "trust_vertical",
        "motivation",
        "discretion",
        "drift",
        "binding",
        "skills_work",
        "official",
        "dual_use",
        "weight",
    ),
    "link": ("frame",),
    "chain": ("urgency", "shortage", "climate", "monitor"),
    "lever": LEVER_NAMES,
}
_tried: set[tuple[Any, ...]] = set()  # changed models, each with the shape of a chain on which it was tried


def try_rule(place: str, function: Function, shipped: Function) -> None:
    """Call a rule with a few numbers.

    Raises
    ------
    InputError : it fails, gives no finite number, or no share where the shipped rule always gives one
    """
    number = len(inspect.signature(shipped).parameters)
    returns = (shipped.__doc__ or "").partition("Returns")[2]
    is_share = returns.lstrip("\n -").startswith(SHARE)
    for value in TRIED:
        try:
            before = shipped(*[value] * number)
        except ArithmeticError:
            continue
        found = _called(place, function, *[value] * number)
        if not isinstance(found, Real) or found != found or abs(found) == float("inf"):
            raise InputError([Problem("error.own_number", place, {"given": function.__name__, "found": str(found)})])
        if is_share and _within(before) and not _within(float(found)):
            raise InputError([Problem("error.own_share", place, _facts(function, found, value=value))])


def try_policy(place: str, function: Function) -> None:
    """Call a policy that sees halves everywhere.

    Raises
    ------
    InputError : it fails, aims at something infinite, gives something back, or writes what it may only see
    """
    seen, aim = records(1, SEEN), records(1, LEVER_DTYPE)
    for name in SHOWN:
        seen[0][name] = TRIED[0]
    _nothing_back(place, function, _called(place, function, seen[0], aim[0]))
    if wrong := [name for name in LEVER_NAMES if np.isinf(aim[0][name])]:
        raise InputError([Problem("error.own_number", place, {"given": function.__name__, "found": wrong[0]})])
    if written := [name for name in SHOWN if seen[0][name] != TRIED[0]]:
        raise InputError([Problem("error.own_writes", place, _facts(function, f"seen.{written[0]}"))])


def try_on_chain(stamp: str, named: Iterable[tuple[str, OwnFunction]], chain: Chain, parameters: np.recarray) -> None:
    """Call events and outcomes on a chain, one week after its start; once for chains of the same shape.

    Parameters
    ----------
    stamp : of the changed model
    named : what is different in it, by its place
    chain, parameters : of the runs to come

    Raises
    ------
    InputError : one fails, asks for what the chain does not have, gives no number, or writes what it may only read
    """
    shape = (stamp, *(int(chain.world[0][name]) for name in ("organisations", "links", "dyads", "case_types")))
    kinds = ("event", "outcomes", "organisation_outcomes")
    meant = [(place, own.function) for place, own in named if place.partition(".")[0] in kinds]
    if meant and shape not in _tried:
        state = _after_a_week(chain, parameters)
        read_only = parameters.view()
        read_only.flags.writeable = False
        for place, function in meant:
            if place == "event":
                _try_event(place, function, state, read_only[0])
            else:
                _try_outcome(place, function, state.locked())
        _tried.add(shape)


def _try_event(place: str, function: Function, state: State, p: np.record) -> None:
    for luck in LUCKS:
        back = _called(place, function, state.copied(), p, 0, luck, only_read="p")
        _nothing_back(place, function, back)


def _try_outcome(place: str, function: Function, state: State) -> None:
    of_organisations = place.startswith("organisation_")
    for which in [(i,) for i in range(len(state.organisation))] if of_organisations else [()]:
        found = _called(place, function, state, *which)
        if not isinstance(found, Real):
            facts = {"given": function.__name__, "found": str(found)}
            raise InputError([Problem("error.own_number", place, facts)])


def refuse_out_of_range(state: State, places: Iterable[str]) -> None:
    """Refuse a run of a changed model in which a share is none any more.

    Raises
    ------
    InputError : naming the share and its value
    """
    for table, names in SHARES.items():
        rows = getattr(state, table)
        for name in names:
            values = rows[name]
            wrong = ~((values >= -ROUNDING) & (values <= 1.0 + ROUNDING))
            if wrong.any():
                facts = {"given": name, "found": float(values[wrong][0]), "allowed": list(places)}
                raise InputError([Problem("error.own_out_of_range", "", facts)])


def _after_a_week(chain: Chain, parameters: np.recarray) -> State:
    world, state = chain.world[0], new_state(chain, SLOTS)
    notebook = new_notebook(
        int(world.weeks) - int(world.burn_in),
        int(world.organisations),
        int(world.case_types),
        organisation_rows=True,
        bands=False,
        own=(0, 0),
    )
    while advance(chain, state, notebook, parameters[0], 0, 0, 0, 1) < 1:
        state = grown(state)
    return state


def _called(place: str, function: Function, *values: Any, only_read: str = "state") -> Any:
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return function(*values)
    except Exception as error:
        key = "error.own_writes" if READ_ONLY in str(error) else "error.own_fails"
        facts = {"reason": reason_of(error), **_facts(function, only_read)}
        raise InputError([Problem(key, place, facts)]) from None


def _nothing_back(place: str, function: Function, back: object) -> None:
    if back is not None:
        raise InputError([Problem("error.own_returns", place, _facts(function, back))])


def _facts(function: Function, found: object, **more: Any) -> dict[str, Any]:
    return {"given": function.__name__, "found": str(found), **more}


def _within(value: float) -> bool:
    return -ROUNDING <= value <= 1.0 + ROUNDING
