"""How a link holds settings beside the present one: what is different from the chain as it is in its file, and their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from ketensim.app.setting import OWN, Pairs, Setting, from_query, pairs_of
from ketensim.foundation.errors import Problem

PART: Final = "with"  # of a link
AS_IT_IS: Final = "start"  # its value when nothing is different from the file
OF_THE_CHAIN: Final = ("k", "file", "seed", "v")  # parts of a link that are the same for all
NAME: Final = "name"  # within such a part: what somebody called the setting
LONGEST_NAME: Final = 40  # letters
NOBODY: Final[Mapping[str, str]] = {}  # has called anything anything

Names = Mapping[str, str]  # what somebody called settings, by what of them stands in a link


def as_it_is(setting: Setting) -> Setting:
    """The chain of a setting as its file has it."""
    return setting.with_own(setting.own) if setting.chain == OWN else setting.with_chain(setting.chain)


def as_link_value(setting: Setting, called: Names = NOBODY) -> str:
    """What is different from the chain as it is, and what it is called, as the value of a part of a link.

    Examples
    --------
    >>> as_link_value(Setting(levers=(("room", 0.9),), policy="hold_firm")), as_link_value(Setting())
    ('room=0.9&policy=hold_firm', 'start')
    """
    value = urlencode([pair for pair in pairs_of(setting.query) if pair[0] not in OF_THE_CHAIN]) or AS_IT_IS
    name = called.get(value)
    return value if name is None else f"{'' if value == AS_IT_IS else value + '&'}{urlencode({NAME: name})}"


def of_chain(settings: Sequence[Setting], present: Setting) -> list[Setting]:
    """Those that are of the chain of the present setting, on its luck; each once."""
    chain = (present.chain, present.own if present.chain == OWN else None)
    mine = [setting for setting in settings if (setting.chain, setting.own if setting.chain == OWN else None) == chain]
    return list(dict.fromkeys(replace(setting, seed=present.seed, own=present.own) for setting in mine))


def settings_in_link(
    given: Pairs, present: Setting, most: int, part: str = PART
) -> tuple[list[Setting], list[Problem]]:
    """The settings that a link holds beside the present one, and what of that could not be used.

    Parameters
    ----------
    given : parts of the link
    present : the setting that it holds itself
    most : of them that are taken
    part : in which they stand
    """
    start = as_it_is(present)
    settings: list[Setting] = []
    problems: list[Problem] = []
    for value in [value for name, value in given if name == part][:most]:
        setting, complaints = from_query(f"{start.query}&{'' if value == AS_IT_IS else value}")
        settings.append(setting)
        problems += complaints
    return settings, problems


def names_in_link(given: Pairs, settings: Sequence[Setting], part: str = PART) -> Names:
    """What the settings of a link are called in it."""
    called = [dict(pairs_of(value)).get(NAME, "") for name, value in given if name == part]
    return {
        as_link_value(setting): tidy_name(name)
        for setting, name in zip(settings, called, strict=False)
        if tidy_name(name)
    }


def tidy_name(typed: str) -> str:
    """What somebody typed as a name for a setting, as it is kept."""
    return " ".join(typed.split())[:LONGEST_NAME]
