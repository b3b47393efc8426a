"""What a visitor does on the page Explore. What a browser sends is checked here, and where a scenario is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import solara

from ketensim.app import pins, session
from ketensim.app.explore.causes import Grounds, reasons_of
from ketensim.app.explore.offer import CIRCUMSTANCES, chain_names
from ketensim.app.explore.slides import Slide
from ketensim.app.setting import LARGEST_OFFERED_SEED, ExtraEvent, Setting, base, scenario_of, settled
from ketensim.app.vue import Message
from ketensim.foundation.errors import InputError
from ketensim.foundation.events import EVENT_OF
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.parameters import LEVER_NAMES, POLICIES

MOST_EVENTS: Final = 8


def with_moves(setting: Setting, values: Mapping[str, Any]) -> Setting:
    """The setting with levers and circumstances where a hand put them."""
    for name, value in values.items():
        lower, upper = CIRCUMSTANCES.get(name, (0.0, 1.0))
        if not isinstance(value, int | float) or not lower <= value <= upper:
            continue
        if name in LEVER_NAMES:
            setting = setting.with_lever(name, float(value))
        elif name in CIRCUMSTANCES:
            changed: dict[str, Any] = {name: round(float(value), 2)}
            setting = replace(setting, **changed)
    return setting


def otherwise(setting: Setting, wish: Mapping[str, Any]) -> Setting:
    """The setting with another policy, seed, events or beginning of its levers; the same when what is asked cannot be."""
    match wish:
        case {"policy": policy} if policy in POLICIES:
            return replace(setting, policy=policy)
        case {"always": bool(always)}:
            return settled(replace(setting, always=always))
        case {"decided": int(week)} if 0 <= week < base(setting).weeks and type(week) is int:
            return settled(replace(setting, always=False, decided=week))
        case {"quiet": bool(quiet)}:
            return replace(setting, quiet=quiet)
        case {"seed": int(seed)} if 0 <= seed <= LARGEST_OFFERED_SEED:
            return replace(setting, seed=seed)
        case {"remove_event": int(place)}:
            return replace(setting, events=tuple(event for at, event in enumerate(setting.events) if at != place))
        case {"add_event": {"kind": str(kind), "year": int(year), **rest}} if (
            kind in EVENT_OF and len(setting.events) < MOST_EVENTS
        ):
            size = rest.get("size", EVENT_OF[kind].size)
            if isinstance(size, int | float):
                week = (year - 1) * WEEKS_PER_YEAR + WEEKS_PER_YEAR // 2
                return replace(setting, events=(*setting.events, ExtraEvent(kind, week, round(float(size), 2))))
    return setting


@dataclass(frozen=True, eq=False)
class Hand:
    """The hand of a visitor.

    Attributes
    ----------
    slide : of what is seen now, when all its runs are there; a pin is never of fewer
    grounds : from which is read why it moved; None while it is computed
    answer : to why it did, of the grounds that were asked, in a reactive
    turn : number of the last move that came, in ``current``; the page follows only an answer to its last move
    ask : has a setting computed
    """

    slide: Slide | None
    grounds: Grounds | None
    answer: solara.Reactive[tuple[Grounds | None, Message | None]]
    turn: Any
    ask: Callable[[Setting], None]

    def tell(self, message: Message) -> None:
        """What the page says that the hand did."""
        setting = session.setting.value
        match message:
            case {"kind": "move", "values": dict(values), "turn": int(turn), "rests": bool(rests)}:
                self.turn.current = turn
                self._move(with_moves(setting, values), rests)
            case {"kind": "otherwise"}:
                self._change(otherwise(setting, message))
            case {"kind": "choose", "chain": name} if name in chain_names(setting):
                session.change_setting(setting.with_chain(name))
            case {"kind": "why", "first": int(first), "last": int(last), "of": "curve" | "difference" as asked}:
                self._why(first, last, asked)
            case {"kind": "understood"}:
                self.answer.value = None, None
            case {"kind": "pin"} if self.slide is not None:
                pins.pin(setting)
            case {"kind": "unpin", "place": int(place)}:
                pins.unpin(place, setting)
            case {"kind": "name", "place": int(place), "name": str(name)}:
                pins.call(place, name, setting)

    def _move(self, new: Setting, rests: bool) -> None:
        """While a hand drags the setting moves along; when it rests that is one step to go back by."""
        began = session.held.value or session.setting.value
        if not rests:
            scenario_of(new)  # what cannot be is not asked
            self.ask(new)  # the page is drawn meanwhile
            session.held.value = began
            session.setting.value = new
            return
        session.setting.value = settled(new)
        session.release()
        if session.setting.value != began:
            session.steps.value = session.steps.value.after(began)

    def _why(self, first: int, last: int, asked: str) -> None:
        if self.grounds is not None and 0 <= first <= last < self.grounds.now.shape[1]:
            told = reasons_of(self.grounds, first, last, asked, session.language.value)
            self.answer.value = self.grounds, told

    def _change(self, new: Setting) -> None:
        """Other circumstances; what does not fit is said, and nothing changes."""
        try:
            scenario_of(new)
        except InputError as error:
            session.notice(*map(session.sentence_of, error.problems))
            return
        session.change_setting(new)
