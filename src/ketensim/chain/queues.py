"""Cases in line: linked lists through the case table, so that joining and leaving cost the same at any length.

Per organisation there are two layers (0 urgent, 1 other) of buckets by week of arrival in the chain: serving oldest
first is walking the buckets, and within a bucket who joined first goes first. Cases that stay (a treatment, a measure),
that wait for a full next organisation, or that were handed over this week hang in lists of their own.
"""

from __future__ import annotations

from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.state import State

NONE = -1
LAYERS = 2


@kernel
def take_slot(state: State) -> int:
    """A free slot of the case table; ``week.py`` has checked that there is one."""
    common = state.chain[0]
    slot = int(common.free)
    common.free = state.case[slot].next
    common.slots_free -= 1
    return slot


@kernel
def give_slot(state: State, slot: int) -> None:
    """Return the slot of a case that left the chain."""
    common = state.chain[0]
    state.case[slot].next = common.free
    common.free = slot
    common.slots_free += 1


@rule
def bucket_of(organisation: int, layer: int, week: int, weeks: int) -> int:
    """Number of the bucket of an organisation, a layer (0 urgent, 1 other) and a week of arrival.

    Examples
    --------
    >>> bucket_of(1, 1, 5, 10)
    35
    """
    return (organisation * LAYERS + layer) * weeks + week


@kernel
def join_queue(state: State, i: int, slot: int) -> None:
    """Put a case in line at organisation ``i``."""
    case = state.case[slot]
    layer = 0 if case.urgent else 1
    week = case.arrival
    bucket = bucket_of(i, layer, week, state.cohort.shape[1])
    first = int(state.queue_first[bucket])
    before = NONE
    after = first
    while after != NONE and (state.case[after].order <= case.order or state.case[after].started):
        before = after
        after = int(state.case[after].next)
    case.next = after
    if before == NONE:
        state.queue_first[bucket] = slot
    else:
        state.case[before].next = slot
    state.queue_oldest[i, layer] = min(state.queue_oldest[i, layer], week)


@kernel
def first_in_queue(state: State, i: int, week: int) -> int:
    """The case to serve now at organisation ``i``: urgent before other, oldest first; -1 when nobody waits."""
    for layer in range(LAYERS):
        base = bucket_of(i, layer, 0, state.cohort.shape[1])
        oldest = state.queue_oldest[i, layer]
        while oldest <= week and state.queue_first[base + oldest] == NONE:
            oldest += 1
        state.queue_oldest[i, layer] = oldest
        if oldest <= week:
            return int(state.queue_first[base + oldest])
    return NONE


@kernel
def next_to_serve(state: State, i: int, week: int) -> int:
    """Oldest first; as far as what was closed is what counts, what closes quickly comes in between."""
    organisation = state.organisation[i]
    slot = first_in_queue(state, i, week)
    if slot == NONE or state.case[slot].urgent:
        return slot
    organisation.triage_due += organisation.triage
    if organisation.triage_due < 1.0:
        return slot
    organisation.triage_due -= 1.0
    base = bucket_of(i, 1, 0, state.cohort.shape[1])
    for back in range(week - int(state.case[slot].arrival)):
        quick = int(state.queue_first[base + week - back])
        if quick != NONE and not state.case[quick].hard:
            return quick
    return slot


@kernel
def leave_queue(state: State, i: int, slot: int) -> None:
    """Take the first case of its bucket out of line."""
    case = state.case[slot]
    layer = 0 if case.urgent else 1
    state.queue_first[bucket_of(i, layer, case.arrival, state.cohort.shape[1])] = case.next


@kernel
def empty_bucket(state: State, i: int, layer: int, week: int) -> int:
    """Take a whole bucket out of line; returns its first case, the rest hangs behind it through ``next``."""
    bucket = bucket_of(i, layer, week, state.cohort.shape[1])
    slot = int(state.queue_first[bucket])
    state.queue_first[bucket] = NONE
    return slot


@kernel
def join_inbox(state: State, i: int, slot: int) -> None:
    """Hand a case to organisation ``i``; it joins the line when all organisations have worked this week."""
    state.case[slot].next = NONE
    if state.inbox_first[i] == NONE:
        state.inbox_first[i] = slot
    else:
        state.case[state.inbox_last[i]].next = slot
    state.inbox_last[i] = slot


@kernel
def join_blocked(state: State, i: int, slot: int) -> None:
    """Keep a finished case at organisation ``i`` until the next one has a place."""
    state.case[slot].next = NONE
    if state.blocked_first[i] == NONE:
        state.blocked_first[i] = slot
    else:
        state.case[state.blocked_last[i]].next = slot
    state.blocked_last[i] = slot


@kernel
def stay_until(state: State, i: int, slot: int, week: int) -> None:
    """Keep a case at organisation ``i`` until the given week (a treatment, a measure, a detention)."""
    last = state.release_first.shape[1] - 1
    state.case[slot].next = state.release_first[i, min(week, last)]
    state.release_first[i, min(week, last)] = slot
