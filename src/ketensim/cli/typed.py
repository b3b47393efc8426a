"""What stands behind the options of a command: text from the command line becomes numbers, levers and scenarios."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ketensim.foundation.errors import InputError, Problem, wrong_number
from ketensim.foundation.luck import LARGEST_SEED, MOST_RUNS
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.precision import SMALLEST
from ketensim.scenario.content import Context
from ketensim.scenario.problems import nearest

if TYPE_CHECKING:
    from ketensim.scenario.schema import Scenario

LOWEST_PORT, HIGHEST_PORT = 1, 65_535
BASELINE: Final = "baseline"
CONTEXT: Final = tuple(Context.model_fields)  # settings of the whole chain beside its levers
LEVER: Final = re.compile(r"(?:(?P<organisation>.+)\.)?(?P<lever>[^.=]*)=(?P<value>.*)", re.DOTALL)
WEEK: Final = re.compile(r"-?\d{1,6}")


@dataclass(frozen=True)
class Changes:
    """What is to be different from the scenario file, as typed."""

    settings: Sequence[str] = ()  # --set
    later: Sequence[str] = ()  # --at
    always: bool = False  # --always: what --set sets has been so since the burn-in
    policy: str | None = None
    weeks: str | None = None
    one_roof: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anything that a baseline would not have."""
        return bool(self.settings or self.later or self.policy or self.one_roof)


def whole_number(option: str, text: str, lower: int, upper: int) -> int:
    """A whole number in a range, or an InputError that names the option.

    Examples
    --------
    >>> whole_number("--runs", "200", 1, 1000)
    200
    """
    facts = {"given": text, "lower": lower, "upper": upper}
    try:
        number = int(text)
    except ValueError:
        number = lower - 1
    if wrong_number(number, lower, upper):
        key = "error.whole_from" if upper in (LARGEST_SEED, MOST_RUNS) and number < lower else "error.whole_between"
        raise InputError([Problem(key, option, facts)])
    return number


def seed_of(text: str) -> int:
    """The starting value of luck, or an InputError."""
    return whole_number("--seed", text, 0, LARGEST_SEED)


def port_of(text: str) -> int:
    """The number of a port, or an InputError."""
    return whole_number("--port", text, LOWEST_PORT, HIGHEST_PORT)


def half_width(option: str, text: str) -> float:
    """A wanted half-width above 0, or an InputError that names the option.

    Examples
    --------
    >>> half_width("--precision", "0,01")
    0.01
    """
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = 0.0
    if not SMALLEST <= number <= 1.0:
        raise InputError([Problem("error.precision", option, {"given": text, "lower": SMALLEST})])
    return number


def changed_chain(scenario: Scenario, changes: Changes) -> Scenario:
    """The scenario with everything that the command line asks for.

    Raises
    ------
    InputError
        with the option as its place
    """
    result = at_length(scenario, changes)
    if changes.always and not changes.settings:
        key = "error.always_at_a_moment" if changes.later else "error.always_alone"
        raise InputError([Problem(key, "--always", {"given": "--always"})])
    if changes.one_roof:
        from ketensim.scenario.one_roof import one_roof

        result = one_roof(result)
    if changes.policy is not None:
        result = _placed("--policy", lambda: result.with_policy(changes.policy or ""))
    for text in changes.settings:
        result = _with_lever(result, f"--set {text}", text, "error.assignment", always=changes.always)
    for text in changes.later:
        moment, separator, rest = text.partition(":")
        place = f"--at {text}"
        week = _week(result, moment, place, text if separator else None)
        result = _with_lever(result, place, rest, "error.assignment_at", week)
    return result


def at_length(scenario: Scenario, changes: Changes) -> Scenario:
    """The scenario over the number of weeks that ``--weeks`` asks for."""
    if changes.weeks is None:
        return scenario
    from ketensim.scenario.fields import MOST_WEEKS

    weeks = whole_number("--weeks", changes.weeks, 1, MOST_WEEKS)
    return _placed("--weeks", lambda: scenario.with_weeks(weeks))


def _with_lever(
    scenario: Scenario, place: str, text: str, key: str, week: int | None = None, *, always: bool = False
) -> Scenario:
    match = LEVER.fullmatch(unicodedata.normalize("NFC", text))  # macOS types é as two signs
    try:
        value = float(match["value"].replace(",", ".")) if match else None
    except ValueError:
        value = None
    if match is None or value is None:
        raise InputError([Problem(key, place, {"given": text})])
    organisation, lever = match["organisation"], match["lever"]
    if lever in CONTEXT and organisation is None and week is None:
        return _placed(place, lambda: scenario.with_context(**{lever: value}))
    if lever not in LEVER_NAMES:
        known = (*LEVER_NAMES, *CONTEXT) if week is None else LEVER_NAMES
        facts = {"given": lever, "allowed": known, **nearest(lever, known)}
        raise InputError([Problem("error.unknown_lever", place, facts)])
    levers: dict[str, Any] = {lever: value}
    return _placed(place, lambda: scenario.with_levers(week, organisation, always=always, **levers))


def _week(scenario: Scenario, moment: str, place: str, text: str | None) -> int:
    if text is None:
        raise InputError([Problem("error.assignment_at", place, {"given": moment})])
    try:
        week = int(moment) if WEEK.fullmatch(moment) else scenario.week_of_date(datetime.date.fromisoformat(moment))
    except ValueError:
        raise InputError([Problem("error.not_a_moment", place, {"given": moment})]) from None
    if not -scenario.burn_in <= week < scenario.weeks:
        facts = {"given": week, "lower": -scenario.burn_in, "upper": scenario.weeks - 1}
        raise InputError([Problem("error.outside_run", place, facts)])
    return week


def _placed[Made](place: str, make: Callable[[], Made]) -> Made:
    """What is made, or its problems with the option as their place."""
    try:
        return make()
    except InputError as error:
        raise InputError([Problem(problem.key, place, problem.facts) for problem in error.problems]) from None
