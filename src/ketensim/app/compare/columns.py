"""Settings of one chain that are laid side by side: which they are and what they are called; ``beside`` holds them in a link.

The seed is that of the present setting, because only equal luck makes a fair comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import solara

from ketensim.app.beside import (
    PART,
    Names,
    as_it_is,
    as_link_value,
    names_in_link,
    of_chain,
    settings_in_link,
    tidy_name,
)
from ketensim.app.setting import Pairs, Setting, scenario_of
from ketensim.app.vue import Message
from ketensim.foundation.errors import Problem
from ketensim.foundation.parameters import POLICIES
from ketensim.texts import t
from ketensim.views.report.differences import different_settings

MOST: Final = 4
LETTERS: Final = "ABCD"
FIRST_LOOK: Final = ("hold_firm", "let_go_at_once")  # beside a chain at which nothing was set yet

picked: solara.Reactive[tuple[Setting, ...] | None] = solara.reactive(None)
names: solara.Reactive[Names] = solara.reactive({})


def side_by_side(present: Setting, picked: Sequence[Setting] | None) -> list[Setting]:
    """What stands side by side: what was picked, and last the present setting if it is not among that.

    Before anything is picked that is the chain as it is, and beside it the present setting, or two ways of steering
    when nothing was set yet.
    """
    if picked is None:
        start = as_it_is(present)
        picked = [start] if start != present else [start, *(replace(start, policy=name) for name in FIRST_LOOK)]
    settings = of_chain(picked, present)
    return settings[:MOST] if present in settings[:MOST] else [*settings[: MOST - 1], present]


def name_of(setting: Setting, present: Setting, language: str, called: Names) -> str:
    """What a column is called: what somebody called it, or else what it is."""
    if name := called.get(as_link_value(setting)):
        return name
    start = as_it_is(setting)
    if setting == start:
        return t("compare.as_it_is", language)
    if setting.policy is not None and setting == replace(start, policy=setting.policy):
        return t(f"policy.{setting.policy}.label", language)
    return t("compare.now" if setting == present else "compare.kept", language)


def changes_from(first: Setting, setting: Setting, language: str) -> list[str]:
    """What is set differently from the first column."""
    now, before = scenario_of(setting), scenario_of(first)
    sentences = different_settings(now, before, language)
    if now.context.non_standard != before.context.non_standard:
        share = now.context.non_standard
        key = "compare.non_standard_as_it_is" if share is None else "compare.non_standard"
        sentences.append(t(key, language, share=share))
    return sentences


# --- what a browser asks for ---
def added(columns: list[Setting], present: Setting, wish: Message) -> list[Setting] | None:
    """The columns with one more; None when what a browser asks for cannot be.

    Raises
    ------
    InputError : the setting does not fit together
    """
    match wish:
        case {"what": "now"}:
            return columns
        case {"what": "start"}:
            new = as_it_is(present)
        case {"what": "policy", "name": policy} if policy in POLICIES:
            new = replace(present, policy=policy)
        case _:
            return None
    scenario_of(new)
    return [*columns, new] if new not in columns and len(columns) < MOST else None


def without(columns: list[Setting], place: int) -> list[Setting] | None:
    """The columns without one; the last one stays."""
    if place not in range(len(columns)) or len(columns) < 2:
        return None
    return [*columns[:place], *columns[place + 1 :]]


def in_front(columns: list[Setting], place: int) -> list[Setting] | None:
    """The columns with one of them first: the others are compared with that."""
    if place not in range(len(columns)):
        return None
    return [columns[place], *columns[:place], *columns[place + 1 :]]


def called_anew(columns: list[Setting], place: int, name: str) -> Names | None:
    """The names with that of one column; without one where it is empty, or None when there is no such column."""
    if place not in range(len(columns)):
        return None
    column, name = as_link_value(columns[place]), tidy_name(name)
    others = {setting: called for setting, called in names.value.items() if setting != column}
    return {**others, column: name} if name else others


# --- in a link ---
def picked_in_link(present: Setting) -> Pairs:
    """What was picked; nothing when nothing was."""
    return [(PART, as_link_value(setting, names.value)) for setting in of_chain(picked.value or (), present)[:MOST]]


def picked_from_link(given: Pairs, present: Setting) -> list[Problem]:
    """Pick what a link holds beside the present setting, and say what of that could not be used."""
    settings, problems = settings_in_link(given, present, MOST)
    picked.value, names.value = tuple(settings) or None, names_in_link(given, settings)
    return problems
