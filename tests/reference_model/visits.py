"""What happens to a case at an organisation, submodels 7a and 7c: it comes to wait, leaves, and why it was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference_model.things import FAULTS, REASONS

if TYPE_CHECKING:
    from collections import Counter

    from tests.reference_model.things import Case, Organisation
    from tests.reference_model.twin import ChainTwin

URGENT, OTHER = 0, 1  # layers of a line
NEW_WORK, SENT_BACK, OFFERED_AGAIN, MISFIT = range(4)  # why a case is worked on
WRONG, LOST, OWN = 1, 2, 3  # faults; the first two are defects too


def cohort(chain: ChainTwin, case: Case) -> Counter[str]:
    return chain.cohort[case.type.number][case.arrival]


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
        slow = p.permission_effort * (1 - p.steering_speed * o.manager.steering_capacity)
        hours *= 1 + slow * (1 - o.professionals.discretion)
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


def join_line(case: Case, o: Organisation) -> None:
    """Before the first of its bucket that comes after it: what has been begun first, and then by order."""
    bucket = o.line.setdefault((URGENT if case.urgent else OTHER, case.arrival), [])
    own = (not case.started, case.order)
    behind = (place for place, other in enumerate(bucket) if (not other.started, other.order) > own)
    bucket.insert(next(behind, len(bucket)), case)


def leave_line(case: Case, o: Organisation) -> None:
    place = URGENT if case.urgent else OTHER, case.arrival
    o.line[place].remove(case)
    if not o.line[place]:
        del o.line[place]


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
    lose(chain, case, "dropped")
    leave(chain, case, o)


def drop_from_line(chain: ChainTwin, case: Case, o: Organisation) -> None:
    o.queue_hours = max(0.0, o.queue_hours - case.remaining)
    if not case.started:
        o.waiting -= 1
    expected_no_longer(chain, case, o)
    drop(chain, case, o)


def note_fault(chain: ChainTwin, case: Case, fault: int, o: Organisation) -> None:
    if case.fault == 0:
        case.fault, case.fault_week, case.fault_at = fault, chain.week, o


def past_norm(chain: ChainTwin, case: Case, o: Organisation) -> None:
    if case.late_at is None and case.age(chain.week) > case.type.norm:
        case.late_at = o


def lose(chain: ChainTwin, case: Case, otherwise: str) -> None:
    """The one reason why a case left off the goal: the first fault that stands and arose in time, or another."""
    if case.fault > 0 and case.fault_week <= case.arrival + case.type.norm:
        reason, where = REASONS[case.fault - 1], FAULTS[case.fault - 1]
        setattr(case.fault_at, where, getattr(case.fault_at, where) + 1)
    else:
        reason = otherwise
        if reason == "late":
            assert case.late_at is not None
            case.late_at.too_late += 1
    mine = cohort(chain, case)
    mine[reason] += 1
    defect = {0: "", WRONG: "any wrong", LOST: "any lost"}[case.defect]
    past = "any dropped" if otherwise == "dropped" else "any late" if case.late_at is not None else ""
    for stands in (past, defect, "any own" if case.own_course else ""):
        if stands:
            mine[stands] += 1
