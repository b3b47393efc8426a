"""Claims about who computes when: first pictures one after another in the order of asking, all else when none is waited for."""

from __future__ import annotations

import threading
import time

import pytest

from ketensim.app.background import Turns
from ketensim.run.executors import StoppedError

LONGEST = 20.0  # seconds, on a machine with other work


def test_first_pictures_come_in_the_order_in_which_they_were_asked() -> None:
    turns, seen = Turns(), []

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
    turns.step_aside()
    assert turns._turn == turns._asked == 2


def test_other_work_steps_aside_for_a_first_picture_but_not_for_ever() -> None:
    turns = Turns(longest=0.05)
    start = time.perf_counter()
    turns.step_aside()
    assert time.perf_counter() - start < 0.05
    with turns.first_picture():
        start = time.perf_counter()
        turns.step_aside()
        assert 0.04 < time.perf_counter() - start < LONGEST


def test_a_server_that_stops_ends_what_computes_and_what_waits_and_one_that_starts_again_gives_turns() -> None:
    turns, ended = Turns(), []

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
    with pytest.raises(StoppedError):
        turns.step_aside()
    turns.open()
    turns.step_aside()
    with turns.first_picture():
        pass
