"""The app in a process of its own, for tests that meet it as a visitor does."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

HOST: Final = "127.0.0.1"
LONGEST_START: Final = 180.0  # seconds; the kernel may have to be compiled first
LONGEST_END: Final = 10.0


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        number: int = found.getsockname()[1]
        return number


def command(port: int, *words: str) -> list[str]:
    """What starts the app."""
    return [sys.executable, "-m", "ketensim.cli", "app", "--no-browser", "--port", str(port), *words]


class AppServer:
    """The app in a process of its own, as a visitor meets it.

    Attributes
    ----------
    url : address without a slash at the end
    process : of the server
    """

    def __init__(self, port: int, log: Path, *words: str) -> None:
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.log = log
        with log.open("ab") as kept:
            self.process = subprocess.Popen(command(port, *words), stdout=kept, stderr=subprocess.STDOUT)
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End the server at once."""
        self.process.kill()
        self.process.wait(LONGEST_END)

    def _wait_until_it_answers(self) -> None:
        end = time.monotonic() + LONGEST_START
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/leer", timeout=LONGEST_END).close()
                return
            except OSError:  # not there yet, or reset while pages of before knock at the same door
                time.sleep(0.2)
        self.stop()
        pytest.fail(f"the app did not start:\n{self.log.read_text()}")


@contextmanager
def app_process(folder: Path, port: int | None = None, *words: str) -> Iterator[AppServer]:
    """A server of one's own, for a test that ends it; ``words`` are further ones of the command."""
    port = port or free_port()
    server = AppServer(port, folder / f"server-{port}.log", *words)
    try:
        yield server
    finally:
        server.stop()
