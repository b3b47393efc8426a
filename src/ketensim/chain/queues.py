"""Cases in line: linked lists through the case table, so that joining and leaving cost the same at any length.

Per organisation there are two layers (0 urgent, 1 other) of buckets by week of arrival in the chain: serving oldest
first is walking the buckets. Within a week the cases' own luck decides who goes first; the week has a few buckets by
that order, so that a case that joins passes few others. Cases that stay (a treatment, a measure), that wait for a full
next organisation, or that were handed over this week hang in lists of their own.
"""

from __future__ import annotations

from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.rows import LAYERS, PARTS
from ketensim.foundation.state import State

NONE = -1
ORDERS = 32768  # places among the cases of a week


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
def bucket_of(organisation: int, layer: int, part: int, weeks: int) -> int:
    """Number of the bucket of an organisation, a layer (0 urgent, 1 other) and a part of a week of arrival.

    Parameters
    ----------
    organisation, layer : from 0
    part : counted through the weeks, ``PARTS`` to a week (see ``part_of``)
    weeks : of a run

    Examples
    --------
    >>> bucket_of(1, 1, 5, 10) == 3 * 10 * PARTS + 5
    True
    """
    return (organisation * LAYERS + layer) * weeks * PARTS + part


@rule
def part_of(week: int, order: int) -> int:
    """Part of a week in which a case stands by its order among the cases of that week; a case in hand stands first.

    Parameters
    ----------
    week : of arrival
    order : from 0; negative for a case that was begun and is not done

    Examples
    --------
    >>> part_of(3, 0) == part_of(3, -5) == 3 * PARTS, part_of(3, ORDERS - 1) == 4 * PARTS - 1
    (True, True)
    """
    return week * PARTS + max(0, order) * PARTS // ORDERS


@kernel
def join_queue(state: State, i: int, slot: int) -> None:
    """Put a case in line at organisation ``i``."""
    case = state.case[slot]
    layer = 0 if case.urgent else 1
    part = part_of(int(case.arrival), int(case.order))
    bucket = bucket_of(i, layer, part, state.cohort.shape[1])
    before = NONE
    after = int(state.queue_first[bucket])
    while after != NONE and state.case[after].order <= case.order:
        before = after
        after = int(state.case[after].next)
    case.next = after
    if before == NONE:
        state.queue_first[bucket] = slot
    else:
        state.case[before].next = slot
    state.queue_oldest[i, layer] = min(state.queue_oldest[i, layer], part)


@kernel
def keep_in_hand(state: State, i: int, slot: int) -> None:
    """A case that is not done when the hours are used up stands before the others of its week."""
    case = state.case[slot]
    if case.order >= 0:
        leave_queue(state, i, slot)
        case.order = int(case.order) - ORDERS
        join_queue(state, i, slot)


@kernel
def first_of_layer(state: State, i: int, layer: int, week: int) -> int:
    """The case of a layer that came first at organisation ``i``; -1 when nobody waits."""
    end = (week + 1) * PARTS
    base = bucket_of(i, layer, 0, state.cohort.shape[1])
    oldest = state.queue_oldest[i, layer]
    while oldest < end and state.queue_first[base + oldest] == NONE:
        oldest += 1
    state.queue_oldest[i, layer] = oldest
    if oldest < end:
        return int(state.queue_first[base + oldest])
    return NONE


@kernel
def next_to_serve(state: State, i: int, week: int) -> int:
    """Urgent before other, oldest first; as far as what was closed is what counts, what closes quickly comes in between."""
    urgent = first_of_layer(state, i, 0, week)
    if urgent != NONE:
        return urgent
    organisation = state.organisation[i]
    slot = first_of_layer(state, i, 1, week)
    if slot == NONE:
        return slot
    organisation.triage_due += organisation.triage
    if organisation.triage_due < 1.0:
        return slot
    organisation.triage_due -= 1.0
    base = bucket_of(i, 1, 0, state.cohort.shape[1])
    for back in range(week - int(state.case[slot].arrival)):
        quick = first_of_week(state, base, week - back)
        if quick != NONE and not state.case[quick].hard:
            return quick
    return slot


@kernel
def first_of_week(state: State, base: int, week: int) -> int:
    """The first in line of those who arrived in a week; ``base`` is the first bucket of the layer."""
    for part in range(week * PARTS, (week + 1) * PARTS):
        if state.queue_first[base + part] != NONE:
            return int(state.queue_first[base + part])
    return NONE


@kernel
def leave_queue(state: State, i: int, slot: int) -> None:
    """Take the first case of its bucket out of line; it gets its own place in the order again."""
    case = state.case[slot]
    layer = 0 if case.urgent else 1
    bucket = bucket_of(i, layer, part_of(int(case.arrival), int(case.order)), state.cohort.shape[1])
    state.queue_first[bucket] = case.next
    if case.order < 0:
        case.order = int(case.order) + ORDERS


@kernel
def empty_bucket(state: State, i: int, layer: int, part: int) -> int:
    """Take a whole bucket out of line; returns its first case, the rest hangs behind it through ``next``."""
    bucket = bucket_of(i, layer, part, state.cohort.shape[1])
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
