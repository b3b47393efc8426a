"""The app as the command starts it, with a clock at its websockets: it says how long each first picture took.

    uv run python experiments/benchmarks/app_timed.py PORT

Started by ``app_visitors.py``. From the arrival of the message of a moved slider to the sending of the first picture of it.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any, Final

from ketensim.app.server import SETTINGS
from ketensim.cli.app_server import AppRequest, serve_app

HOST: Final = "127.0.0.1"
MOVED: Final = '"rests":false'  # in what comes to the server while a hand drags
PICTURE: Final = '"effect": {"now"'  # in what goes out of it
MEASURED: Final = "first picture after"


def watch_the_websockets() -> None:
    """Print a line at each first picture after a move."""
    os.environ.update(SETTINGS)  # before Solara is there
    from solara.server.starlette import WebsocketWrapper

    receive, send = WebsocketWrapper.receive, WebsocketWrapper.send_text
    asked: dict[int, float] = {}

    async def timed_receive(self: Any) -> Any:
        message = await receive(self)
        if MOVED in str(message):
            asked[id(self)] = time.perf_counter()
        return message

    def timed_send(self: Any, data: str) -> None:
        send(self, data)
        if id(self) in asked and PICTURE in data:
            print(f"{MEASURED} {1000 * (time.perf_counter() - asked.pop(id(self))):.1f} ms", flush=True)

    WebsocketWrapper.receive, WebsocketWrapper.send_text = timed_receive, timed_send


if __name__ == "__main__":
    watch_the_websockets()
    serve_app(AppRequest(sys.argv[1], HOST, None, browser=False), "nl")
