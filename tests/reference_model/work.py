"""Step 7, submodels 7a and 7b: counts, arrivals, lines, and the cases that are worked on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.reference_model.before_work import UNBLOCK
from tests.reference_model.handing_over import move_on
from tests.reference_model.luck import WORD, either, lift, poisson
from tests.reference_model.visits import (
    NEW_WORK,
    OTHER,
    OWN,
    SENT_BACK,
    URGENT,
    WRONG,
    cohort,
    drop,
    drop_from_line,
    expected_no_longer,
    join_line,
    leave_line,
    note_fault,
    start_visit,
)

if TYPE_CHECKING:
    from tests.reference_model.things import Case, CaseType, Organisation
    from tests.reference_model.twin import ChainTwin


def work(chain: ChainTwin) -> None:
    for o in chain.organisations:
        o.triage = chain.p.triage_most * (1 - chain.monitor) * o.professionals.load
    counts(chain)
    lateness_felt(chain)
    arrivals(chain)
    inboxes_join(chain)
    for o in chain.organisations:
        drop_old(chain, o)
        hurry(chain, o)
        blocked_retry(chain, o)
        stays_end(chain, o)
        serve(chain, o)
    inboxes_join(chain)


# --- 7a --------------------------------------------------------------------------------------------------------------
def counts(chain: ChainTwin) -> None:
    chain.arrived = chain.closed = chain.realised = chain.dropped = chain.in_time = chain.returns_of_closed = 0
    chain.lead_times = []
    for dyad in chain.dyads:
        dyad.kept = dyad.broken = dyad.kept_agreed = dyad.handled = 0.0
    week = chain.week
    chain.due = sum(1 for case in chain.cases.values() if case.arrival == week - case.type.norm - 1)
    for o in chain.organisations:
        o.zero_counts()
        o.overdue = o.awaited.pop(week - math.trunc(o.term) - 1, 0)
        o.stuck += o.overdue


def lateness_felt(chain: ChainTwin) -> None:
    for link in chain.links:
        if not link.consultation:
            link.trust_of_receiver.broken += link.giver.overdue / len(link.giver.links_out)
            link.trust_of_giver.broken += link.receiver.overdue / len(link.receiver.links_in)


def arrivals(chain: ChainTwin) -> None:
    for kind in chain.case_types:
        mean = kind.arrivals
        for event in chain.input.events:
            if event.kind == "arrival_wave" and event.under_way(chain.week) and event.case_type in (None, kind.number):
                mean *= 1 + event.strength
        number = poisson(chain.numbers(1, kind.number, chain.week)[0], mean)
        for index in range(number):
            arrive(chain, kind, index)


def arrive(chain: ChainTwin, kind: CaseType, index: int) -> None:
    p = chain.p
    h, g, e, f = chain.numbers(2 + 256 * kind.number, 65536 * chain.week + index, 0)
    hard = h < kind.non_standard
    entry = next(number for number, share in enumerate(kind.entry) if share > e)
    effort = 1 - p.effort_variation - p.effort_variation * math.log(1 - f)
    traits = {
        "hard": hard,
        "urgent": g < kind.urgent,
        "effort": effort * p.effort_hard if hard else effort,
        "order": math.floor(h * WORD) % 32768,
    }
    case = chain.new_case(kind, chain.week, index, traits)
    chain.cases[kind.number, case.number] = case
    chain.arrived += 1
    chain.open += 1
    cohort(chain, case)["arrived"] += 1
    start_visit(chain, case, chain.organisations[entry], 0.0)


def inboxes_join(chain: ChainTwin) -> None:
    for o in chain.organisations:
        inbox, o.inbox = o.inbox, []
        for case in inbox:
            if case.age(chain.week) >= case.type.drop_after:
                drop_from_line(chain, case, o)
            else:
                join_line(case, o)


# --- 7b --------------------------------------------------------------------------------------------------------------
def drop_old(chain: ChainTwin, o: Organisation) -> None:
    for kind in chain.case_types:
        bucket = chain.week - kind.drop_after
        if bucket < 0:
            continue
        for layer in (URGENT, OTHER):
            for case in [case for case in o.line.get((layer, bucket), []) if case.type is kind]:
                leave_line(case, o)
                drop_from_line(chain, case, o)


def hurry(chain: ChainTwin, o: Organisation) -> None:
    if o.administrator.choice != UNBLOCK:
        return
    for case in [case for case in o.in_line() if not case.urgent]:
        if case.age(chain.week) >= chain.p.unblock_age * case.type.norm:
            leave_line(case, o)
            case.urgent = True
            join_line(case, o)


def blocked_retry(chain: ChainTwin, o: Organisation) -> None:
    blocked, o.blocked_cases, o.blocked = o.blocked_cases, [], 0
    for case in blocked:
        if case.age(chain.week) >= case.type.drop_after:
            drop(chain, case, o)
        else:
            move_on(chain, case, o)


def stays_end(chain: ChainTwin, o: Organisation) -> None:
    for case in reversed(o.stays.pop(chain.week, [])):
        move_on(chain, case, o)


def serve(chain: ChainTwin, o: Organisation) -> None:
    h = o.hours_for_cases
    lost = min(h, o.intake_hours + chain.p.waiting_effort * o.blocked)
    o.intake_hours, o.hours_case_work, o.hours_rework = 0.0, 0.0, lost
    o.type_hours.clear()
    h -= lost
    while h > 0 and o.line:
        case = next_in_line(chain, o)
        used = min(h, case.remaining)
        case.remaining -= used
        o.queue_hours = max(0.0, o.queue_hours - used)
        o.type_hours[case.type.number] += used
        if case.rework:
            o.hours_rework += used
        else:
            o.hours_case_work += used
        if not case.started:
            case.started = True
            o.waiting -= 1
        h -= used
        if case.remaining > 0:
            break
        leave_line(case, o)
        finish(chain, case, o)
    o.hours_idle = max(0.0, h)


def next_in_line(chain: ChainTwin, o: Organisation) -> Case:
    """The oldest, but for what closes quickly."""
    layer, oldest = min(o.line)
    first = o.line[layer, oldest][0]
    if layer == URGENT:
        return first
    o.triage_due += o.triage
    if o.triage_due < 1:
        return first
    o.triage_due -= 1
    for week in range(chain.week, oldest, -1):
        bucket = o.line.get((OTHER, week))
        if bucket and not bucket[0].hard:
            return bucket[0]
    return first


def chance_right(chain: ChainTwin, case: Case, o: Organisation) -> float:
    """Submodel 5: whether a visit is done right."""
    p, d, frame = chain.p, o.professionals.discretion, o.frame
    clear = 1 - p.change_confusion * o.confusion
    if not case.hard:
        framed = p.quality_standard + (1 - p.quality_standard) * p.quality_standard_frame * frame
        return clear * framed * (1 - p.quality_standard_loose * d * (1 - frame))
    known = either(lift(o.trust, p.knowledge_floor), p.skills_hard * o.professionals.skills)
    able = lift(o.professionals.motivation, p.motivation_floor) * known
    loose = p.quality_hard * (1 - p.quality_hard_loose * d * (1 - frame))
    return clear * (loose + (1 - p.quality_hard) * p.quality_hard_room * d * frame * able)


def finish(chain: ChainTwin, case: Case, o: Organisation) -> None:
    a, b, c, d = chain.numbers(4 + 256 * case.type.number, case.number, case.visit)
    case.handover_luck = c, d
    o.served += 1
    if expected_no_longer(chain, case, o):
        case.late = True
        o.late += 1
    if case.rework in (NEW_WORK, SENT_BACK):
        if case.rework == SENT_BACK:
            done_anew(chain, case, o)
        if not a < chance_right(chain, case, o) and case.defect == 0:
            case.defect = WRONG
            note_fault(chain, case, WRONG, o)
        own = chain.p.own_course * (1 - o.administrator.weight) * o.administrator.distance
        if b < own * (1 - chain.p.binding_translation * o.manager.binding):
            case.own_course = True
            note_fault(chain, case, OWN, o)
    stay = o.stay[case.type.number]
    if stay > 0 and case.rework == NEW_WORK:
        o.stays.setdefault(chain.week + stay, []).append(case)
    else:
        move_on(chain, case, o)


def done_anew(chain: ChainTwin, case: Case, o: Organisation) -> None:
    case.defect = 0
    if case.fault != OWN:
        case.fault = 0
        if case.own_course:
            note_fault(chain, case, OWN, o)
