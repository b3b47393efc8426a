"""A server for all claims about the pages that leave it as it was."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.workshop.web.served import PLAN, Facilitator, Person, Phone, Server

NUMBERS = itertools.count(1)  # everybody has an address of the own


@pytest.fixture(autouse=True, scope="session")
def stopped() -> Iterator[None]:
    """No server outlives the tests, whatever goes wrong in them."""
    yield
    for one in Person.made:
        one.close()
    for server in Server.made:
        if server.process is not None and server.process.poll() is None:
            server.kill()


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Every browser that a test opens is closed after it."""
    before = len(Person.made)
    yield
    for one in Person.made[before:]:
        one.close()
    del Person.made[before:]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server behind a proxy that says which address somebody has, so that a test can be at several addresses."""
    folder: Path = tmp_path_factory.mktemp("served")
    started = Server(folder, plan=PLAN)
    started.options = ("--address", started.base)
    yield started.start()
    started.stop()


@pytest.fixture
def person(server: Server) -> Callable[..., Person]:
    """Somebody with a browser of the own, at an address of the own."""

    def new(kind: type[Person] = Person, address: str = "") -> Person:
        return kind(server.base, address or f"fd00::{next(NUMBERS):x}")

    return new


@pytest.fixture
def leader(server: Server, person: Callable[..., Person]) -> Facilitator:
    """A facilitator with a room of the own."""
    found = person(Facilitator)
    assert isinstance(found, Facilitator)
    found.enter(server.key).make()
    return found


@pytest.fixture
def phone(leader: Facilitator, person: Callable[..., Person]) -> Callable[..., Phone]:
    """A participant in that room."""

    def new(nickname: str = "", place: str = "") -> Phone:
        found = person(Phone)
        assert isinstance(found, Phone)
        return found.join(leader.code, nickname, place)

    return new
