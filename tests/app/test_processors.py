"""Claims about the processors that visitors share: what goes first, that nobody waits for ever, and what an end ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pytest

from ketensim.app.processors import Processors, Urgency
from ketensim.run.executors import StoppedError, handed_out

LONGEST = 20.0  # seconds, on a machine with other work


@contextmanager
def busy(processors: Processors) -> Iterator[None]:
    """All of them, so that what is asked meanwhile has to wait."""
    free = threading.Event()
    at_work = [threading.Event() for _ in range(processors.number)]
    lane = processors.lane(Urgency.FIRST)

    def piece(begun: threading.Event) -> None:
        begun.set()
        free.wait(LONGEST)

    for begun in at_work:
        lane.submit(piece, begun)
    assert all(begun.wait(LONGEST) for begun in at_work)
    try:
        yield
    finally:
        free.set()


def asked(processors: Processors, seen: list[str], *whose: tuple[str, Urgency]) -> list[Future[None]]:
    """Pieces that say whose they are."""
    return [processors.lane(urgency).submit(seen.append, name) for name, urgency in whose]


def ended(pieces: list[Future[None]]) -> None:
    """All of them, in time."""
    for piece in pieces:
        piece.result(LONGEST)


def test_what_is_most_urgent_goes_first_and_what_is_as_urgent_in_the_order_of_asking() -> None:
    processors, seen = Processors(1), list[str]()
    with busy(processors):
        given = asked(
            processors,
            seen,
            ("later", Urgency.UNASKED),
            ("all", Urgency.ALL),
            ("one", Urgency.FIRST),
            ("more", Urgency.MORE),
            ("two", Urgency.FIRST),
        )
    ended(given)
    assert seen == ["one", "two", "more", "all", "later"]


def test_what_has_waited_long_goes_once_in_a_while_before_what_is_more_urgent() -> None:
    processors, seen = Processors(1, longest=0.05), list[str]()
    with busy(processors):
        given = asked(processors, seen, ("old", Urgency.ALL), ("older", Urgency.ALL), ("new", Urgency.FIRST))
        threading.Event().wait(0.06)
        given += asked(processors, seen, ("newest", Urgency.FIRST))
    ended(given)
    assert seen[0] == "old" and seen.index("new") < seen.index("older")


def test_who_computes_much_lets_others_in_between() -> None:
    processors, seen = Processors(1), list[str]()

    def much(whose: str) -> None:
        list(handed_out(seen.append, [(whose,)] * 40, 1, processors.lane(Urgency.ALL)))

    with busy(processors):
        both = [threading.Thread(target=much, args=(whose,)) for whose in ("one", "other")]
        for one in both:
            one.start()
        while sum(map(len, processors._waiting.values())) < 2:
            threading.Event().wait(0.001)
    for one in both:
        one.join(LONGEST)
    assert len(seen) == 80 and set(seen[:20]) == set(seen[-50:]) == {"one", "other"}


def test_who_no_longer_wants_something_hears_that_at_once_and_others_go_on() -> None:
    processors, seen = Processors(1), list[str]()
    mine, theirs = processors.lane(Urgency.ALL), processors.lane(Urgency.ALL)
    with busy(processors):
        dropped, kept = mine.submit(seen.append, "mine"), theirs.submit(seen.append, "theirs")
        mine.close()
        with pytest.raises(StoppedError):
            dropped.result(0.0)
        with pytest.raises(StoppedError):
            mine.submit(seen.append, "mine, later")
    ended([kept])
    assert seen == ["theirs"]


def test_what_goes_wrong_in_a_piece_is_heard_by_who_asked_it() -> None:
    processors = Processors(1)
    with pytest.raises(ZeroDivisionError):
        processors.lane(Urgency.FIRST).submit(lambda: 1 // 0).result(LONGEST)
    assert processors.lane(Urgency.FIRST).submit(int, "7").result(LONGEST) == 7


def test_a_server_that_stops_ends_what_waits_and_one_that_starts_again_computes() -> None:
    processors = Processors(1)
    lane = processors.lane(Urgency.ALL)
    with busy(processors):
        waits = lane.submit(int)
        processors.close()
        with pytest.raises(StoppedError):
            waits.result(0.0)
        with pytest.raises(StoppedError):
            lane.submit(int)
    processors.open()
    assert lane.submit(int, "7").result(LONGEST) == 7


def test_how_long_processors_were_at_work_is_known() -> None:
    processors = Processors(2)
    lane = processors.lane(Urgency.FIRST)
    ended([lane.submit(lambda: threading.Event().wait(0.02) and None) for _ in range(2)])
    assert 0.04 <= lane.busy < LONGEST
