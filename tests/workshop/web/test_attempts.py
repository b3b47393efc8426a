"""Claims about guessing: slow for who guesses, without effect for who does not."""

from __future__ import annotations

from tests.conftest import awaited

from ketensim.workshop.game.room import ALPHABET, CODE_LENGTH
from ketensim.workshop.web import attempts
from ketensim.workshop.web.attempts import Buckets, Guesses
from ketensim.workshop.web.settings import Limits
from ketensim.workshop.web.tasks import GOOD_FOR, Tasks, answers_task


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def wait(guesses: Guesses, address: str) -> int:
    return awaited(guesses.seconds_to_wait(address))


def test_an_address_may_try_again_as_time_passes():
    clock = Clock()
    guesses = Guesses(Limits(wrong_codes=3, forgiven_per_minute=2), clock)
    for _ in range(3):
        assert wait(guesses, "a") == 0
        guesses.wrong("a")
    assert wait(guesses, "a") > 0 and wait(guesses, "b") == 0
    clock.now += wait(guesses, "a")
    assert wait(guesses, "a") == 0


def test_who_has_done_the_work_may_try_from_an_address_that_guesses():
    guesses = Guesses(Limits(wrong_codes=3, joins=2), Clock())
    for _ in range(3):
        guesses.wrong("venue")
    assert wait(guesses, "venue") > 0
    assert awaited(guesses.seconds_to_wait("venue", worked=True)) == 0
    for _ in range(2):
        guesses.joined("hall")
    assert wait(guesses, "hall") == 0 and awaited(guesses.seconds_to_wait("hall", joins=True)) > 0


def test_a_task_counts_once_in_time_and_only_when_it_is_ours_and_done():
    clock = Clock()
    tasks = Tasks("key", 6, clock)
    task = tasks.new()
    right = next(f"{task}:{one}" for one in range(10_000) if answers_task(task, str(one), 6))
    wrong = next(f"{task}:{one}" for one in range(10_000) if not answers_task(task, str(one), 6))
    assert not tasks.done(wrong) and not tasks.done("") and not tasks.done(f"{task}:") and not tasks.done("é:1")
    assert not Tasks("another key", 6, clock).done(right)
    assert tasks.done(right) and not tasks.done(right)
    clock.now += GOOD_FOR + 1
    late = tasks.new().replace(f"{clock.now + GOOD_FOR:.0f}", f"{clock.now - 1:.0f}")
    assert not tasks.done(f"{late}:0")


def test_guessing_from_many_addresses_slows_every_try_down_but_refuses_no_right_one(monkeypatch):
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(attempts.asyncio, "sleep", sleep)
    guesses = Guesses(Limits(wrong_codes=2, wrong_codes_everywhere=10), Clock())
    for number in range(10):
        guesses.wrong(f"address {number}")
    assert slept == []
    assert wait(guesses, "somebody else") == 0
    assert slept == [attempts.PAUSE]


def test_a_given_room_is_not_found_by_guessing_in_the_hours_that_it_is_open():
    """27 signs on four places; one address, and as many addresses as a guesser can have."""
    limits, codes = Limits(), len(ALPHABET) ** CODE_LENGTH
    alone = limits.wrong_codes + limits.forgiven_per_minute * 60
    together = limits.wrong_codes_everywhere + 3600 * attempts.WAITING_AT_ONCE / attempts.PAUSE
    assert alone / codes < 0.0003
    assert together / codes < 0.03


def test_addresses_that_are_long_silent_are_forgotten():
    buckets = Buckets(2, 1, Clock())
    for number in range(attempts.MOST_ADDRESSES + 10):
        buckets.of(str(number)).add()
    assert len(buckets._buckets) == attempts.MOST_ADDRESSES
