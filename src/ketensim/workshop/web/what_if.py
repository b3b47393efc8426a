"""What the room tries out in the debriefing: the same rounds on the same luck, with other choices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ketensim.texts import t
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.replay import Replay, Scores
from ketensim.workshop.talk.debrief import COUNTED, FIRM, LETTING_GO, MOST
from ketensim.workshop.talk.questions import name_of_table
from ketensim.workshop.web.room_facts import chain_words, organisation_names

OTHER_CHOICES: Final[Mapping[str, Mapping[str, int]]] = {
    # what can be tried out: decision -> step
    "let_go": LETTING_GO,
    "firm": FIRM,
    "together": {"hours_together": MOST["hours_together"]},
    "one_record": {"information": MOST["information"]},
}
KEPT_PER_ROOM: Final = 8


@dataclass(frozen=True)
class WhatIf:
    """Another choice that a room wants to see.

    Attributes
    ----------
    table : at which table
    round : from which round on
    organisation : whose choice; empty = that of everybody who played at the table
    other : what is chosen instead, a name in ``OTHER_CHOICES``
    """

    table: int
    round: int
    organisation: str
    other: str


class WhatIfs:
    """What the rooms of a server have tried out; in memory, quickly made again.

    Parameters
    ----------
    start : does something behind the pages
    wake : tells the pages of a room that there is news
    """

    def __init__(self, start: Callable[[Coroutine[Any, Any, None]], None], wake: Callable[[str], None]) -> None:
        self._start, self._wake = start, wake
        self._answers: dict[str, dict[WhatIf, Scores]] = {}
        self._busy: set[str] = set()

    def of(self, code: str) -> list[tuple[WhatIf, Scores]]:
        """What a room has tried out with what came of it, the newest first."""
        return list(reversed(self._answers.get(code, {}).items()))

    def busy(self, code: str) -> bool:
        """Whether a replay of a room is being computed."""
        return code in self._busy

    def forget(self, code: str) -> None:
        """Nothing stays of a room that is gone."""
        self._answers.pop(code, None)

    def begin(self, room: Room, asked: WhatIf) -> None:
        """Compute one replay behind the pages; one at a time per room."""
        if room.code not in self._busy:
            self._busy.add(room.code)
            self._start(self._compute(room, asked))

    async def _compute(self, room: Room, asked: WhatIf) -> None:
        try:
            self._wake(room.code)
            difference = await asyncio.to_thread(_replayed, room, asked)
            answers = self._answers.setdefault(room.code, {})
            answers.pop(asked, None)
            answers[asked] = difference
            while len(answers) > KEPT_PER_ROOM:
                del answers[next(iter(answers))]
        finally:
            self._busy.discard(room.code)
            self._wake(room.code)


def what_if_sentence(room: Room, asked: WhatIf, difference: Scores, language: str) -> str:
    """What was tried out and what came of it, in a sentence."""
    names = organisation_names(room, language)
    return t(
        "room.control.what_if.told",
        language,
        table=name_of_table(room, asked.table),
        round=asked.round + 1,
        who=names.get(asked.organisation) or t("room.control.what_if.everybody", language),
        other=t(f"room.control.what_if.choice.{asked.other}", language),
        points=difference.goal.mean,
        low=difference.goal.low,
        high=difference.goal.high,
        euros=difference.cost.mean,
        **chain_words(room, language),
    )


def _replayed(room: Room, asked: WhatIf) -> Scores:
    """On the runs of the debriefing, so that the same question never has two answers."""
    replay = Replay(room, runs=min(COUNTED, room.plan.runs))
    return replay.with_steps(asked.table, asked.round, OTHER_CHOICES[asked.other], asked.organisation or None)
