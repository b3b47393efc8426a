"""How a link holds settings beside the present one: what is different from the chain as it is in its file, and their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from ketensim.app.setting import OWN, Setting, pairs_of

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
