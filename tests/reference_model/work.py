"""Step 7, submodels 7a to 7c: cases arrive, wait, are worked on, handed over, returned and closed."""

from __future__ import annotations

import bisect
import math
from typing import TYPE_CHECKING

from tests.reference_model.before_work import UNBLOCK
from tests.reference_model.luck import either, geometric, lift, poisson

if TYPE_CHECKING:
    from tests.reference_model.things import Case, CaseType, Link, Organisation
    from tests.reference_model.twin import ChainTwin

URGENT, OTHER = 0, 1  # layers of a line
NEW_WORK, SENT_BACK, OFFERED_AGAIN = 0, 1, 2  # why a case is worked on


def work(chain: ChainTwin) -> None:
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


# --- 7a ------------------------------------------------------------------------------------------------------------
def counts(chain: ChainTwin) -> None:
    chain.arrived = chain.closed = chain.realised = chain.dropped = chain.in_time = chain.returns_of_closed = 0
    chain.lead_times = []
    for dyad in chain.dyads:
        dyad.kept = dyad.broken = dyad.kept_agreed = 0.0
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
    traits = {"hard": hard, "urgent": g < kind.urgent, "effort": effort * p.effort_hard if hard else effort}
    case = chain.new_case(kind, chain.week, index, traits)
    chain.cases[kind.number, case.number] = case
    chain.arrived += 1
    chain.open += 1
    chain.cohort_arrived[chain.week] += 1
    start_visit(chain, case, chain.organisations[entry], 0.0)


def luck_of_step(chain: ChainTwin, case: Case) -> tuple[float, float, float, float]:
    return chain.numbers(3 + 256 * case.type.number, case.number, case.step)


def start_visit(chain: ChainTwin, case: Case, o: Organisation, extra: float) -> None:
    p = chain.p
    route, total, case.link = luck_of_step(chain, case)[0], 0.0, None
    for link in o.links_out:
        total += link.share[case.type.number]
        if total > route:
            case.link = link
            break
    hours = o.task_hours[case.type.number] * case.effort
    if case.hard:
        hours *= 1 + p.permission_effort * (1 - o.professionals.discretion)
    shift = hours * o.retreat * p.cost_shift if case.link is not None else 0.0
    case.remaining = hours - shift + case.carried + extra
    case.carried = shift * p.cost_shift_loss
    case.rework = NEW_WORK
    o.present += 1
    wait(chain, case, o)


def wait(chain: ChainTwin, case: Case, o: Organisation) -> None:
    case.organisation, case.joined = o, chain.week
    case.started = case.late = False
    o.waiting += 1
    o.queue_hours += case.remaining
    o.awaited[chain.week] = o.awaited.get(chain.week, 0) + 1
    o.inbox.append(case)


def inboxes_join(chain: ChainTwin) -> None:
    for o in chain.organisations:
        inbox, o.inbox = o.inbox, []
        for case in inbox:
            if case.age(chain.week) >= case.type.drop_after:
                drop_from_line(chain, case, o)
            else:
                join_line(chain, case, o)


def join_line(chain: ChainTwin, case: Case, o: Organisation) -> None:
    """Urgent before other, then the oldest in the chain, then who came first."""
    chain.joining += 1
    bisect.insort(o.line, (URGENT if case.urgent else OTHER, case.arrival, chain.joining, case))


def expected_no_longer(chain: ChainTwin, case: Case, o: Organisation) -> bool:
    """Whether it is late."""
    if chain.week - case.joined > o.term:
        o.stuck -= 1
        return True
    o.awaited[case.joined] -= 1
    return False


def leave(chain: ChainTwin, case: Case, o: Organisation) -> None:
    o.present -= 1
    chain.open -= 1
    chain.gone(case)


def drop(chain: ChainTwin, case: Case, o: Organisation) -> None:
    chain.dropped += 1
    o.dropped += 1
    chain.dropped_log.append(
        {"type": case.type.number, "number": case.number, "organisation": o.number, "week": chain.week}
    )
    leave(chain, case, o)


def drop_from_line(chain: ChainTwin, case: Case, o: Organisation) -> None:
    o.queue_hours = max(0.0, o.queue_hours - case.remaining)
    if not case.started:
        o.waiting -= 1
    expected_no_longer(chain, case, o)
    drop(chain, case, o)


# --- 7b ------------------------------------------------------------------------------------------------------------
def drop_old(chain: ChainTwin, o: Organisation) -> None:
    for kind in chain.case_types:
        bucket = chain.week - kind.drop_after
        if bucket < 0:
            continue
        old = [case for _, arrival, _, case in o.line if arrival == bucket and case.type is kind]
        if old:
            o.line = [entry for entry in o.line if not (entry[1] == bucket and entry[3].type is kind)]
        for case in old:
            drop_from_line(chain, case, o)


def hurry(chain: ChainTwin, o: Organisation) -> None:
    if o.administrator.choice != UNBLOCK:
        return
    for entry in [entry for entry in o.line if entry[0] == OTHER]:
        case = entry[3]
        if case.age(chain.week) >= chain.p.unblock_age * case.type.norm:
            case.urgent = True
            o.line.remove(entry)
            join_line(chain, case, o)


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
    h -= lost
    while h > 0 and o.line:
        case = o.line[0][3]
        used = min(h, case.remaining)
        case.remaining -= used
        o.queue_hours = max(0.0, o.queue_hours - used)
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
        del o.line[0]
        finish(chain, case, o)
    o.hours_idle = max(0.0, h)


def chance_right(chain: ChainTwin, case: Case, o: Organisation) -> float:
    """Submodel 5: whether a visit is done right."""
    p, d, frame = chain.p, o.professionals.discretion, o.frame
    if not case.hard:
        framed = p.quality_standard + (1 - p.quality_standard) * p.quality_standard_frame * frame
        return framed * (1 - p.quality_standard_loose * d * (1 - frame))
    able = lift(o.professionals.motivation, p.motivation_floor) * lift(o.trust, p.knowledge_floor)
    loose = p.quality_hard * (1 - p.quality_hard_loose * d * (1 - frame))
    return loose + (1 - p.quality_hard) * p.quality_hard_room * d * frame * able


def finish(chain: ChainTwin, case: Case, o: Organisation) -> None:
    a, b, c, d = chain.numbers(4 + 256 * case.type.number, case.number, case.visit)
    case.handover_luck = c, d
    o.served += 1
    if expected_no_longer(chain, case, o):
        case.late = True
        o.late += 1
    if case.rework != OFFERED_AGAIN:
        wrong = not a < chance_right(chain, case, o)
        case.defect = wrong if case.rework == SENT_BACK else case.defect or wrong
        if b < chain.p.own_course * (1 - o.administrator.weight) * o.administrator.distance:
            case.own_course = True
    stay = o.stay[case.type.number]
    if stay > 0 and case.rework == NEW_WORK:
        o.stays.setdefault(chain.week + stay, []).append(case)
    else:
        move_on(chain, case, o)


# --- 7c ------------------------------------------------------------------------------------------------------------
def move_on(chain: ChainTwin, case: Case, g: Organisation) -> None:
    if case.link is None:
        close(chain, case, g)
    elif case.link.receiver.present >= case.link.receiver.places:
        g.blocked += 1
        case.link.trust_of_giver.broken += 1
        g.blocked_cases.append(case)
    else:
        hand_over(chain, case, case.link)


def hand_over(chain: ChainTwin, case: Case, link: Link) -> None:
    p, g, r = chain.p, link.giver, link.receiver
    c, d = case.handover_luck
    trust = (
        p.trust_personal_share * link.trust_of_receiver.trust_persons
        + (1 - p.trust_personal_share) * link.trust_of_receiver.trust_agreements
    )
    doors = 1 - p.unblock_help * g.administrator.unblocking
    closed_doors = either(r.retreat, p.refusal_load * r.professionals.load)
    refusal = p.refusal_most * closed_doors * (1 - r.joint) * doors
    mismatch = p.mismatch_hard if case.hard else p.mismatch_standard
    unfit = mismatch * (1 - link.frame) * (1 - p.mismatch_trust * trust) * doors
    check = p.check_most * (1 - trust) / (1 - p.check_vigilance * trust)
    effort_g = g.task_hours[case.type.number] * case.effort
    effort_r = r.task_hours[case.type.number] * case.effort
    if c < refusal:
        g.refused += 1
        link.trust_of_giver.broken += 1
        redo(chain, case, g, p.handover_effort * effort_g, OFFERED_AGAIN)
    elif c < either(refusal, unfit) or (case.defect and d < check * p.check_find):
        g.returned += 1
        case.returns += 1
        r.intake_hours += p.handover_effort * effort_r
        link.trust_of_receiver.broken += 1
        link.trust_of_giver.broken += 1
        redo(chain, case, g, p.rework_effort * effort_g, SENT_BACK)
    else:
        g.handed_over += 1
        g.present -= 1
        link.trust_of_giver.kept += 1
        link.trust_of_giver.kept_agreed += link.frame
        if case.late:
            link.trust_of_receiver.broken += 1
        else:
            link.trust_of_receiver.kept += 1
            link.trust_of_receiver.kept_agreed += link.frame
        case.step += 1
        case.visit += 1
        start_visit(chain, case, r, effort_r * (p.handover_effort + p.check_effort * check))


def redo(chain: ChainTwin, case: Case, g: Organisation, hours: float, reason: int) -> None:
    case.remaining, case.rework = hours, reason
    case.visit += 1
    wait(chain, case, g)


def close(chain: ChainTwin, case: Case, o: Organisation) -> None:
    chain.closed += 1
    o.closed += 1
    chain.returns_of_closed += case.returns
    lead_time = case.age(chain.week)
    chain.lead_times.append(lead_time)
    in_time = lead_time <= case.type.norm
    realised = in_time and not case.defect and not case.own_course
    chain.in_time += in_time
    if realised:
        chain.realised += 1
        o.realised += 1
        chain.cohort_realised[case.arrival] += 1
    if case.defect:
        _, p, q, _ = luck_of_step(chain, case)
        if p < chain.p.incident_chance:
            due = chain.week + geometric(q, chain.p.incident_lag)
            o.incident_due[due] = o.incident_due.get(due, 0) + 1
    chain.closed_log.append(
        {
            "type": case.type.number,
            "number": case.number,
            "organisation": o.number,
            "week": chain.week,
            "returns": case.returns,
            "realised": int(realised),
        }
    )
    leave(chain, case, o)
