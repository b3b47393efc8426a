"""What a page sends, in its order: each message once, and none after a later one.

A page numbers what it sends. It sends a message again when it heard nothing, because the network was away or the answer was
lost; the first may have arrived all the same, or arrive long afterwards. Then the number says so.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from ketensim.workshop.web.input import text_in, whole_in

PAGES: Final = 4  # that are remembered of one browser: a page that is loaded anew begins to count anew


class SentInOrder:
    """Up to which number was taken of each page of one browser."""

    def __init__(self) -> None:
        self._taken: OrderedDict[str, int] = OrderedDict()
        self._one_by_one = asyncio.Lock()

    @asynccontextmanager
    async def once(self, data: dict[str, Any]) -> AsyncIterator[bool]:
        """Whether a message is new; it counts as taken when nothing is raised. Without a number every message is new.

        Parameters
        ----------
        data : the message, in which ``page`` and ``number`` say where it belongs

        Raises
        ------
        BadRequest : a page or number that no page of ours sends
        """
        if "number" not in data:
            yield True
            return
        page, number = text_in(data, "page"), whole_in(data, "number")
        async with self._one_by_one:
            yield number > self._taken.get(page, 0)
            self._taken[page] = max(number, self._taken.pop(page, 0))
            while len(self._taken) > PAGES:
                self._taken.popitem(last=False)
