"""Claims about telling a queue from stays. Oracle: lists of which is known whether cases wait for each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ketensim.logs.event_log import log_of_rows
from ketensim.logs.imported_chain import ImportedChain
from ketensim.logs.log_order import OWN_STAY, QUICK_STAY, UNTOLD_STAY, Order, leaving_order, orders_of, stays_of
from ketensim.logs.log_shares import log_shares_of
from ketensim.logs.log_throughput import Load
from ketensim.logs.log_weeks import LogWeeks, weeks_of_log
from ketensim.scenario.files import dump, read
from ketensim.views.imported.log_words import chain_of_log, chain_sentences, loads_table

WEEKS = 104
PER_WEEK = 20
DAY = np.datetime64("2023-01-02")


def came(generator: np.random.Generator) -> np.ndarray:
    """Days on which cases come, by luck."""
    return np.sort(generator.uniform(0, 7 * WEEKS, PER_WEEK * WEEKS))


def left_queue(generator: np.random.Generator, begun: np.ndarray, urgent: float = 0.0) -> np.ndarray:
    """Days on which cases leave people who do a little less than what comes in the first year, and more in the second.

    Whoever is urgent goes first; the others by when they came.
    """
    left, first = np.full(len(begun), np.nan), generator.random(len(begun)) < urgent
    waiting: list[int] = []
    following = 0
    for day in range(7 * WEEKS):
        while following < len(begun) and begun[following] < day + 1:
            waiting.append(following)
            following += 1
        capacity = PER_WEEK / 7 * (0.9 if day < 3.5 * WEEKS else 1.1)
        for _ in range(generator.poisson(capacity)):
            if waiting:
                case = min(waiting, key=lambda one: (not first[one], one))
                waiting.remove(case)
                left[case] = day + 1
    return left


def listed(begun: np.ndarray, left: np.ndarray) -> LogWeeks:
    ends = np.where(np.nan_to_num(left, nan=np.inf) >= 7 * WEEKS, np.nan, left)
    table = pd.DataFrame(
        {
            "case": np.arange(len(begun)),
            "organisation": "Loket",
            "start": DAY + begun.astype(int).astype("m8[D]"),
            "end": [DAY + np.timedelta64(int(end), "D") if end == end else pd.NaT for end in ends],
        }
    )
    return weeks_of_log(log_of_rows(table, {name: name for name in table}))


def kind_of(log: LogWeeks) -> str:
    return stays_of(log_shares_of(log), orders_of(log))[1][0]


@pytest.mark.parametrize("urgent", [0.0, 0.3])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_queue_is_known_by_its_order_also_when_some_go_first(seed: int, urgent: float) -> None:
    generator = np.random.default_rng(seed)
    begun = came(generator)
    log = listed(begun, left_queue(generator, begun, urgent))
    (order,) = orders_of(log)
    assert order.queue and not order.own_time
    assert kind_of(log) == QUICK_STAY


@pytest.mark.parametrize("unlike", [0.25, 0.7, 1.2])  # spread of the lengths, as a part of their mean
@pytest.mark.parametrize("seed", [1, 2])
def test_stays_are_known_because_later_cases_overtake_as_often_as_luck_has_it(seed: int, unlike: float) -> None:
    generator = np.random.default_rng(seed)
    begun = came(generator)
    log = listed(begun, begun + generator.gamma(unlike**-2, 42 * unlike**2, len(begun)))
    (order,) = orders_of(log)
    assert order.own_time and not order.queue
    assert kind_of(log) == OWN_STAY
    shares = log_shares_of(log)
    assert stays_of(shares, orders_of(log))[0][0, 0] == round(float(shares.mean[0, 0]))


def test_between_the_two_and_with_few_cases_nothing_is_told() -> None:
    assert not leaving_order(75, 100).queue and not leaving_order(75, 100).own_time
    assert not leaving_order(0, 90).queue and not leaving_order(90, 90).own_time
    assert Order(0.0, 0.0) == leaving_order(0, 0)
    begun = np.arange(0.0, 7 * WEEKS, 14.0)
    log = listed(begun, begun + np.random.default_rng(1).gamma(1.0, 28.0, len(begun)))
    assert kind_of(log) == UNTOLD_STAY


def test_where_hardly_anybody_is_there_for_long_there_is_nothing_to_tell() -> None:
    begun = came(np.random.default_rng(1))
    assert kind_of(listed(begun, begun + 2)) == QUICK_STAY


@pytest.fixture(scope="module")
def free() -> ImportedChain:
    """A chain of a list of two steps of uneven length with enough people."""
    generator = np.random.default_rng(3)
    begun = came(generator)
    rows = []
    for name, mean in (("Intake", 21.0), ("Hulp", 56.0)):
        ended = begun + generator.gamma(2.0, mean / 2, len(begun))
        rows.append(pd.DataFrame({"case": np.arange(len(begun)), "organisation": name, "start": begun, "end": ended}))
        begun = ended
    table = pd.concat(rows)
    table = table[table.start < 7 * WEEKS].reset_index(drop=True)
    open_still = table.end.to_numpy() >= 7 * WEEKS
    for column in ("start", "end"):
        table[column] = DAY + table[column].to_numpy().astype(int).astype("m8[D]")
    table.loc[open_still, "end"] = pd.NaT
    return chain_of_log(log_of_rows(table, {name: name for name in table}), "vrij.csv")


@pytest.mark.jit
def test_steps_of_uneven_length_without_a_queue_are_not_called_too_few_people(free: ImportedChain) -> None:
    """Enough people: that they are busy is not to be told, and is not said."""
    assert free.stays == (OWN_STAY, OWN_STAY)
    assert all(load == Load(load.best, 0.0, 1.0, told=False) for load in free.capacity.loads)
    assert all(load < 0.9 for load in free.capacity.load)
    for language, nothing, says in (("nl", "niets", "geen wachtrij"), ("en", "nothing", "no queue")):
        assert {row[2] for row in loads_table(free, language).rows} == {nothing}
        assert says in " ".join(chain_sentences(free, language))


@pytest.mark.jit
def test_a_stay_that_is_an_average_says_so_in_the_file(free: ImportedChain) -> None:
    for part in read(dump(free.chain)).organisations:
        stay = part.stay.of(free.chain.case_types[0].id)
        assert stay is not None and stay.certainty == "low" and stay.note is not None
        assert "gemiddelde tijd" in stay.note.nl and "average time" in stay.note.en
        assert part.fte.note is not None and "wachten hier niet op elkaar" in part.fte.note.nl
