"""What a visitor has set: one frozen value that fits in a link, and the steps back and forth between such values.

A link holds everything that decides what is computed: chain, levers and since when, circumstances, events, steering
style, seed, and the version of ketensim that made it. A chain of one's own travels along, packed.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.events import EVENT_NAMES, EVENT_OF
from ketensim.foundation.luck import LARGEST_SEED
from ketensim.foundation.parameters import LEVER_NAMES, POLICIES
from ketensim.scenario import files
from ketensim.scenario.schema import Scenario
from ketensim.texts import LANGUAGES, t

FIRST_CHAIN: Final = "jeugdbescherming"
OWN: Final = "own"
MOST_STEPS: Final = 100  # back
LONGEST_LINK: Final = 40_000  # letters; a large chain of one's own takes some 20,000, and our server reads 64 kB
MOST_PARTS: Final = 60  # of a link
LANGUAGE: Final = "lang"  # part of a link
SPOKEN: Final = "ketensim_language"  # cookie that bar.vue sets when somebody chooses a language
ALWAYS: Final = "always"  # part of a link: 1 = the levers have always stood there
DECIDED: Final = "from"  # part of a link: the week from which the levers stand there
EMBEDDED: Final = "embed"  # part of a link: 1 = only the picture, to be shown in a page of somebody else
LARGEST_OWN: Final = 200_000  # bytes of an unpacked chain
DIGITS: Final = 3
CAPACITY: Final = (0.1, 3.0)  # that is allowed, as a multiple of what the organisations have
LARGEST_OFFERED_SEED: Final = 999_999  # by a page; a link may hold any
Pairs = Sequence[tuple[str, str]]  # parts of a link: names and values


@dataclass(frozen=True)
class ExtraEvent:
    """An event that the visitor lets happen: its kind, week and size, and its weeks when not those of its kind."""

    kind: str
    week: int
    size: float
    weeks: int | None = None

    def __str__(self) -> str:
        parts = (self.kind, str(self.week), f"{self.size:g}", *(() if self.weeks is None else (str(self.weeks),)))
        return ":".join(parts)


@dataclass(frozen=True)
class Setting:
    """Everything that decides what is computed.

    Attributes
    ----------
    chain : name of a chain, or ``own``
    levers : those that stand elsewhere than in the scenario file from the week of the decision on, in [0, 1]
    capacity, non_standard : as ``Scenario.with_context``; None = as in the file
    policy : a steering style instead of that of the file, or None
    always : whether the levers have always stood there, instead of being decided in a week
    decided : that week, counted from the first reported one
    quiet : whether the events of the file are left out
    events : further events
    seed : of the luck
    own : the scenario file of a chain of one's own
    """

    chain: str = FIRST_CHAIN
    levers: tuple[tuple[str, float], ...] = ()
    capacity: float | None = None
    non_standard: float | None = None
    policy: str | None = None
    always: bool = False
    decided: int = 0
    quiet: bool = False
    events: tuple[ExtraEvent, ...] = ()
    seed: int = 1
    own: str = field(default="", repr=False)

    # --- the same setting, but ---
    def with_lever(self, name: str, value: float) -> Setting:
        """A lever elsewhere; where the file has it, it is no longer part of the setting."""
        levers = {**dict(self.levers), name: round(value, DIGITS)}
        if abs(base(self).lever_at(name, self.decided) - value) < 10**-DIGITS / 2:
            del levers[name]
        return replace(self, levers=tuple(sorted(levers.items())))

    def with_chain(self, name: str) -> Setting:
        """Another chain, with everything as it stands in its file."""
        return Setting(chain=name, seed=self.seed, own=self.own)

    def with_own(self, text: str) -> Setting:
        """A chain of one's own, from the text of a scenario file."""
        return Setting(chain=OWN, seed=self.seed, own=text)

    # --- as a link ---
    @property
    def query(self) -> str:
        """The setting as the part of a link after the question mark."""
        parts: dict[str, Any] = {"k": self.chain, **dict(self.levers)}
        parts |= {
            "capacity": self.capacity,
            "non_standard": self.non_standard,
            "policy": self.policy,
            ALWAYS: 1 if self.always and self.levers else None,
            DECIDED: self.decided if self.decided and self.levers and not self.always else None,
            "quiet": 1 if self.quiet else None,
            "event": [str(event) for event in self.events],
            "seed": self.seed,
            "file": _packed(self.own) if self.chain == OWN else None,
            "v": made_by(),
        }
        return urlencode({name: value for name, value in parts.items() if value is not None}, doseq=True)


def pairs_of(query: str) -> Pairs:
    """The parts of a link after its question mark; what is longer than a link of ours can be is cut off."""
    return parse_qsl("&".join(query[:LONGEST_LINK].removeprefix("?").split("&")[:MOST_PARTS]))


def language_in(given: Pairs) -> str | None:
    """The language that a link asks for, when it is one of ours."""
    asked = dict(given).get(LANGUAGE)
    return asked if asked in LANGUAGES else None


def from_query(query: str) -> tuple[Setting, list[Problem]]:
    """A setting from a link, and what in the link could not be used; that is left out.

    Examples
    --------
    >>> from_query("k=reference&room=0.9")[0].levers
    (('room', 0.9),)
    """
    pairs = pairs_of(query)
    given = dict(pairs)
    problems: list[Problem] = []
    setting = _chain_of(given, problems)
    last = base(setting).weeks - 1
    decided = _number(DECIDED, given.get(DECIDED, "0"), 0, last, problems)
    setting = replace(setting, decided=int(decided or 0))
    for name in LEVER_NAMES:
        if name in given and (value := _number(name, given[name], 0.0, 1.0, problems)) is not None:
            setting = setting.with_lever(name, value)
    capacity = _number("capacity", given.get("capacity"), *CAPACITY, problems)
    non_standard = _number("non_standard", given.get("non_standard"), 0.0, 1.0, problems)
    policy = given.get("policy")
    if policy is not None and policy not in POLICIES:
        problems.append(Problem("error.not_one_of", "policy", {"given": policy, "allowed": POLICIES}))
        policy = None
    seed = _number("seed", given.get("seed", "1"), 0, LARGEST_SEED, problems)
    wished = replace(
        setting,
        capacity=capacity,
        non_standard=non_standard,
        policy=policy,
        always=bool(setting.levers) and given.get(ALWAYS) == "1",
        quiet=given.get("quiet") == "1",
        seed=1 if seed is None else int(seed),
        events=tuple(event for name, text in pairs if name == "event" for event in _event(text, problems)),
    )
    try:
        scenario_of(wished)
    except InputError as error:
        return settled(setting), [*problems, *error.problems]
    return settled(wished), problems


@cache
def made_by() -> str:
    """The version of ketensim; reading it takes some milliseconds, and a link is made at every move."""
    return version("ketensim")


def other_version(query: str) -> str | None:
    """The version that made a link, when it is another than this one."""
    made = dict(pairs_of(query)).get("v")
    return made if made is not None and made != made_by() else None


def base(setting: Setting) -> Scenario:
    """The chain as its file has it."""
    return _file(setting.chain, setting.own)


@lru_cache(maxsize=64)
def _file(chain: str, own: str) -> Scenario:
    return files.read(own) if chain == OWN else files.load(chain)


@lru_cache(maxsize=64)
def scenario_of(setting: Setting) -> Scenario:
    """The scenario that is computed.

    Raises
    ------
    InputError : the parts do not fit together
    """
    scenario = base(setting)
    levers: dict[str, Any] = dict(setting.levers)
    scenario = as_always(scenario, levers) if setting.always else scenario.with_levers(setting.decided, **levers)
    if setting.capacity is not None or setting.non_standard is not None:
        scenario = scenario.with_context(capacity=setting.capacity, non_standard=setting.non_standard)
    if setting.policy is not None:
        scenario = scenario.with_policy(setting.policy)
    if setting.quiet or setting.events:
        kept = () if setting.quiet else scenario.events
        scenario = scenario.with_events(*kept, *(_as_written(event) for event in setting.events))
    return scenario


def without_changes(setting: Setting) -> Setting:
    """The chain without what was decided in it, while the same happens to it; or, when nothing was, as its file has it."""
    undecided = replace(setting, levers=(), always=False, decided=0, policy=None, capacity=None, non_standard=None)
    return undecided if undecided != setting else replace(undecided, quiet=False, events=())


def settled(setting: Setting) -> Setting:
    """The setting when the hand has come to rest: nothing was decided at a moment, or always so, when no lever was moved."""
    return setting if setting.levers else replace(setting, always=False, decided=0)


def as_always(scenario: Scenario, levers: Mapping[str, Any]) -> Scenario:
    """The chain in which levers have always stood somewhere, whatever its file decides in the first reported week."""
    scenario = scenario.with_levers(always=True, **levers)
    overruled = {name: value for name, value in levers.items() if scenario.lever_at(name) != value}
    return scenario.with_levers(**overruled)


@dataclass(frozen=True)
class Steps:
    """Settings before and after the present one, for undo and redo."""

    past: tuple[Setting, ...] = ()
    future: tuple[Setting, ...] = ()

    def after(self, before: Setting) -> Steps:
        """The steps once something was changed."""
        return Steps((*self.past, before)[-MOST_STEPS:], ())

    def undone(self, now: Setting) -> tuple[Setting, Steps]:
        """The setting before, and the steps from there; the same when there is none."""
        if not self.past:
            return now, self
        return self.past[-1], Steps(self.past[:-1], (now, *self.future))

    def redone(self, now: Setting) -> tuple[Setting, Steps]:
        """The setting after, and the steps from there; the same when there is none."""
        if not self.future:
            return now, self
        return self.future[0], Steps((*self.past, now), self.future[1:])


def _as_written(event: ExtraEvent) -> Mapping[str, Any]:
    label = {language: t(f"event.{event.kind}.label", language) for language in LANGUAGES}
    weeks = EVENT_OF[event.kind].weeks if event.weeks is None else event.weeks
    return {"type": event.kind, "week": event.week, "size": event.size, "weeks": weeks, "label": label}


def _chain_of(given: Mapping[str, str], problems: list[Problem]) -> Setting:
    chain = given.get("k", FIRST_CHAIN)
    if chain == OWN and "file" in given:
        try:
            setting = Setting().with_own(_unpacked(given["file"]))
            base(setting)
            return setting
        except (binascii.Error, zlib.error, UnicodeDecodeError, ValueError):
            problems.append(Problem("app.link.own_unreadable", "file"))
        except InputError as error:
            problems.extend(error.problems)
        return Setting()
    if chain not in files.names():
        facts = {"given": chain, "allowed": tuple(files.names())}
        problems.append(Problem("error.unknown_scenario", "k", facts))
        return Setting()
    return Setting(chain=chain)


def _number(name: str, text: str | None, lower: float, upper: float, problems: list[Problem]) -> float | None:
    if text is None:
        return None
    try:
        number = int(text) if text.isdigit() else float(text)  # a float would round a long seed
    except ValueError:
        number = float("nan")
    if lower <= number <= upper:
        return number
    facts = {"given": text, "lower": lower, "upper": upper, "unit": "number"}
    problems.append(Problem("error.out_of_range", name, facts))
    return None


def _event(text: str, problems: list[Problem]) -> list[ExtraEvent]:
    kind, *numbers = text.split(":")
    if kind not in EVENT_NAMES:
        problems.append(Problem("error.not_one_of", "event", {"given": kind, "allowed": EVENT_NAMES}))
        return []
    try:
        week, size, *weeks = numbers
        return [ExtraEvent(kind, int(week), float(size), *(int(number) for number in weeks[:1]))]
    except ValueError:
        problems.append(Problem("error.wrong_value", "event", {"given": text}))
        return []


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def _unpacked(text: str) -> str:
    packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(packed, LARGEST_OWN)
    if unpacking.unconsumed_tail:
        raise ValueError("too large")
    return content.decode()
