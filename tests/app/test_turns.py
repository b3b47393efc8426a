"""Claims about who computes when: first pictures one after another in the order of asking, all else when none is waited for."""

from __future__ import annotations

import threading
import time

import pytest

from ketensim.app.background import Turns
from ketensim.run.executors import StoppedError

LONGEST = 20.0  # seconds, on a machine with other work


def wanted(_done: int, _all: int) -> None:
    """Still."""


def test_first_pictures_come_in_the_order_in_which_they_were_asked() -> None:
    turns, seen = Turns(together=1), []

    def picture(number: int) -> None:
        with turns.first_picture():
            seen.append(number)

    with turns.first_picture():
        threads = [threading.Thread(target=picture, args=(number,)) for number in range(5)]
        for asked, thread in enumerate(threads, 2):
            thread.start()
            while turns._asked < asked:
                time.sleep(0.001)
    for thread in threads:
        thread.join(LONGEST)
    assert seen == list(range(5))


def test_a_picture_that_fails_keeps_nobody_waiting() -> None:
    turns = Turns()
    for _ in range(2):
        try:
            with turns.first_picture():
                raise ValueError
        except ValueError:
            pass
    with turns.aside(wanted):
        assert turns._through == turns._asked == 2


def test_so_many_are_at_work_together_and_no_more() -> None:
    turns = Turns(together=2)
    with turns.first_picture(), turns.first_picture():
        third = threading.Thread(target=lambda: turns.first_picture().__enter__())
        third.start()
        third.join(0.05)
        assert third.is_alive() and turns.waiting == 3
    third.join(LONGEST)
    assert not third.is_alive()


def test_other_work_steps_aside_for_a_first_picture_but_not_for_ever() -> None:
    turns = Turns(longest=0.05)
    start = time.perf_counter()
    with turns.aside(wanted):
        assert time.perf_counter() - start < 0.05
    with turns.first_picture():
        start = time.perf_counter()
        with turns.aside(wanted):
            assert 0.04 < time.perf_counter() - start < LONGEST


def test_other_work_is_done_for_one_visitor_after_another_and_who_moves_on_waits_no_longer() -> None:
    turns, moved, ended = Turns(), threading.Event(), threading.Event()

    def until_it_moves(_done: int, _all: int) -> None:
        if moved.is_set():
            raise StoppedError

    def other() -> None:
        with pytest.raises(StoppedError), turns.aside(until_it_moves):
            pytest.fail("two at a time")
        ended.set()

    with turns.aside(wanted):
        waiting = threading.Thread(target=other)
        waiting.start()
        assert not ended.wait(0.05)
        moved.set()
        assert ended.wait(LONGEST)


def test_a_server_that_stops_ends_what_computes_and_what_waits_and_one_that_starts_again_gives_turns() -> None:
    turns, ended = Turns(together=1), []

    def picture() -> None:
        with pytest.raises(StoppedError), turns.first_picture():
            pytest.fail("it had a turn")
        ended.append(True)

    with turns.first_picture():
        waiting = threading.Thread(target=picture)
        waiting.start()
        while turns._asked < 2:
            time.sleep(0.001)
        turns.close()
        waiting.join(LONGEST)
        assert ended
    with pytest.raises(StoppedError), turns.aside(wanted):
        pytest.fail("it had a turn")
    turns.open()
    with turns.aside(wanted):
        pass
    with turns.first_picture():
        pass
