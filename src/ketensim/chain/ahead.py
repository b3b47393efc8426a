"""Luck drawn ahead, for many cases at once. ODD submodel 7a.

What luck a case will have is a pure function of its identity, so it can be drawn as soon as its next visit is certain,
and whenever is quickest. Drawn for a lane of cases together, the generator works on several counters per instruction,
and nobody waits for it: that halves what luck costs (docs/en/speed.md). The numbers are those that ``luck.draw`` gives.
"""

from __future__ import annotations

from ketensim.chain.queues import NONE
from ketensim.foundation.compiled import inlined, kernel
from ketensim.foundation.luck import MASK, PURPOSES, ROUTE, VISIT, key_of, philox, unit
from ketensim.foundation.state import Chain, State

FIRST_BLOCK = 0  # rows of the lanes: who and when and for what go in, four words of luck come out
SECOND_BLOCK = 4
FOURTH = 3  # the last row of a block


@kernel
@inlined
def ask(state: State, lane: int, block: int, slot: int, purpose: int, moment: int) -> None:
    """Write down whose luck a lane will draw, for what and for when."""
    case = state.case[slot]
    state.lane_word[block, lane] = moment
    state.lane_word[block + 1, lane] = case.number
    state.lane_word[block + 2, lane] = purpose + PURPOSES * int(case.type)


@kernel
def answer(state: State, seed: int, replication: int, block: int, lanes: int) -> None:
    """Put four words of luck in the place of what was asked; a loop without branches, which the compiler widens."""
    word = state.lane_word
    key_0, key_1 = key_of(seed)
    for lane in range(lanes):
        moment, entity, purpose = int(word[block, lane]), int(word[block + 1, lane]), int(word[block + 2, lane])
        # the masks change nothing; they tell the compiler that a product of two words fits
        w0, w1, w2, w3 = philox(moment & MASK, entity & MASK, replication, purpose & MASK, key_0, key_1)
        word[block, lane], word[block + 1, lane], word[block + 2, lane], word[block + FOURTH, lane] = w0, w1, w2, w3


@kernel
@inlined
def choose_link(chain: Chain, i: int, kind: int, uniform: float) -> int:
    """The link a case of a type will take from organisation ``i``; -1 when it will be closed there."""
    first, last = int(chain.first_link[i]), int(chain.first_link[i + 1])
    cumulative = 0.0
    chosen = first
    for k in range(first, last):  # to the end: an early way out would be a branch that nobody can predict
        cumulative += chain.route[k, kind]
        chosen += 1 if uniform >= cumulative else 0
    return chosen if chosen < last else NONE


@kernel
def draw_ahead(chain: Chain, state: State, seed: int, replication: int, lanes: int) -> None:
    """Luck of the coming visit (done right, own course, hand-over, check) and the link after the present one."""
    for lane in range(lanes):
        slot = int(state.lane_slot[lane])
        ask(state, lane, FIRST_BLOCK, slot, VISIT, int(state.case[slot].visit))
        ask(state, lane, SECOND_BLOCK, slot, ROUTE, int(state.case[slot].step) + 1)
    answer(state, seed, replication, FIRST_BLOCK, lanes)
    answer(state, seed, replication, SECOND_BLOCK, lanes)
    word = state.lane_word
    for lane in range(lanes):
        case = state.case[state.lane_slot[lane]]
        case.luck_right, case.luck_own = unit(int(word[0, lane])), unit(int(word[1, lane]))
        case.luck_handover, case.luck_check = unit(int(word[2, lane])), unit(int(word[FOURTH, lane]))
        if case.link != NONE:
            receiver = int(chain.link[case.link].target)
            case.next_link = choose_link(chain, receiver, int(case.type), unit(int(word[SECOND_BLOCK, lane])))
