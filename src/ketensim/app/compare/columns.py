"""Settings of one chain that are laid side by side: which they are, what they are called, and how a link holds them.

A link holds each as what is different from the chain as it is in its file; the seed is that of the present setting,
because only equal luck makes a fair comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

import solara

from ketensim.app.setting import LONGEST_LINK, Setting, from_query, scenario_of
from ketensim.foundation.errors import Problem
from ketensim.texts import t
from ketensim.views.report.differences import differences

MOST: Final = 4
LETTERS: Final = "ABCD"
PARAMETER: Final = "with"
AS_IT_IS: Final = "start"  # in a link: nothing is different from the file
OF_THE_CHAIN: Final = ("k", "file", "seed", "v")  # parts of a link that are the same for all
FIRST_LOOK: Final = ("hold_firm", "let_go_at_once")  # beside a chain at which nothing was set yet

chosen: solara.Reactive[tuple[Setting, ...] | None] = solara.reactive(None)


def as_it_is(setting: Setting) -> Setting:
    """The chain of a setting as its file has it."""
    return setting.with_own(setting.own) if setting.chain == "own" else setting.with_chain(setting.chain)


def of_chain(settings: Sequence[Setting], present: Setting) -> list[Setting]:
    """Those that are of the chain of the present setting, on its luck; each once."""
    mine = [one for one in settings if one.chain == present.chain and (one.chain != "own" or one.own == present.own)]
    return list(dict.fromkeys(replace(one, seed=present.seed, own=present.own) for one in mine))


def columns(present: Setting, picked: Sequence[Setting] | None) -> list[Setting]:
    """What stands side by side: what was picked, and last the present setting if it is not among that.

    Before anything is picked that is the chain as it is, and beside it the present setting, or two ways of steering
    when nothing was set yet.
    """
    if picked is None:
        start = as_it_is(present)
        picked = [start] if start != present else [start, *(replace(start, policy=name) for name in FIRST_LOOK)]
    found = of_chain(picked, present)
    return found[:MOST] if present in found[:MOST] else [*found[: MOST - 1], present]


def name_of(setting: Setting, present: Setting, language: str) -> str:
    """What a column is called."""
    start = as_it_is(setting)
    if setting == start:
        return t("compare.as_it_is", language)
    if setting.policy is not None and setting == replace(start, policy=setting.policy):
        return t(f"policy.{setting.policy}.label", language)
    return t("compare.now" if setting == present else "compare.kept", language)


def changes(setting: Setting, first: Setting, language: str) -> list[str]:
    """What is set differently from the first column."""
    now, before = scenario_of(setting), scenario_of(first)
    found = differences(now, before, language)
    if now.context.non_standard != before.context.non_standard:
        share = now.context.non_standard
        key = "compare.non_standard_as_it_is" if share is None else "compare.non_standard"
        found.append(t(key, language, share=share))
    return found


# --- in a link ---
def told(setting: Setting) -> str:
    """What is different from the chain as it is, as the value of a parameter of a link.

    Examples
    --------
    >>> told(Setting(levers=(("room", 0.9),), policy="hold_firm")), told(Setting())
    ('room=0.9&policy=hold_firm', 'start')
    """
    parts = [(name, value) for name, value in parse_qsl(setting.query) if name not in OF_THE_CHAIN]
    return urlencode(parts) or AS_IT_IS


def query(present: Setting) -> str:
    """The part of a link that holds what was picked; empty when nothing was."""
    if chosen.value is None:
        return ""
    return "".join(f"&{urlencode({PARAMETER: told(one)})}" for one in of_chain(chosen.value, present)[:MOST])


def read(search: str, present: Setting) -> tuple[tuple[Setting, ...] | None, list[Problem]]:
    """What a link holds beside the present setting, and what of that could not be used; None when it holds nothing."""
    pairs = parse_qsl(search[:LONGEST_LINK].removeprefix("?"), max_num_fields=60)
    given = [text for name, text in pairs if name == PARAMETER][:MOST]
    found, problems = [], []
    for text in given:
        start = as_it_is(present)
        setting, complaints = from_query(f"{start.query}&{'' if text == AS_IT_IS else text}")
        found.append(setting)
        problems += complaints
    return (tuple(found) if given else None), problems
