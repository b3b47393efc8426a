"""Submodel 7c: a case is handed over, refused, returned or closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference_model.luck import either, geometric, soften
from tests.reference_model.trust import both_kinds
from tests.reference_model.visits import (
    LOST,
    MISFIT,
    OFFERED_AGAIN,
    SENT_BACK,
    cohort,
    leave,
    lose,
    luck_of_step,
    note_fault,
    past_norm,
    start_visit,
    wait,
)

if TYPE_CHECKING:
    from tests.reference_model.things import Case, Link, Organisation
    from tests.reference_model.twin import ChainTwin


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
    p, g = chain.p, link.giver
    c, d = case.handover_luck
    trust = both_kinds(chain, link.trust_of_receiver) * (1 - g.suspicion)
    refusal, unfit = not_taken(chain, case, link, trust)
    failure = either(refusal, unfit)
    check = p.check_most * (1 - trust) / (1 - p.check_vigilance * trust)
    effort_g = g.task_hours[case.type.number] * case.effort
    if c < refusal:
        g.refused += 1
        link.trust_of_giver.broken += 1
        redo(chain, case, g, p.handover_effort * effort_g, OFFERED_AGAIN)
    elif c < failure:
        send_back(chain, case, link, p.misfit_effort * effort_g, MISFIT)
    elif case.defect and d < check * p.check_find:
        send_back(chain, case, link, p.rework_effort * effort_g, SENT_BACK)
    else:
        if case.defect == 0 and c < failure + (1 - failure) * chance_lost(chain, case, link, trust):
            case.defect = LOST
            note_fault(chain, case, LOST, g)
        accepted(chain, case, link, p.handover_effort + p.check_effort * check + p.haggling_effort * (1 - trust))


def not_taken(chain: ChainTwin, case: Case, link: Link, trust: float) -> tuple[float, float]:
    """How probable it is that the receiver refuses, and that the hand-over does not fit."""
    p, g, r = chain.p, link.giver, link.receiver
    binding = (g.manager.binding + r.manager.binding) / 2
    doors = soften(1 - p.unblock_help * g.administrator.unblocking, p.binding_mediation, binding)
    closed_doors = either(r.retreat, p.refusal_load * r.professionals.load)
    mismatch = p.mismatch_hard if case.hard else p.mismatch_standard
    return (
        p.refusal_most * closed_doors * (1 - r.joint) * doors,
        mismatch * (1 - link.frame) * (1 - p.mismatch_trust * trust) * doors,
    )


def chance_lost(chain: ChainTwin, case: Case, link: Link, trust: float) -> float:
    p = chain.p
    skills = (link.giver.professionals.skills + link.receiver.professionals.skills) / 2
    known = (1 - p.loss_frame * link.frame) * (1 - p.loss_trust * trust)
    familiar = 1 - p.loss_familiar * link.trust_of_receiver.familiarity
    return (p.loss_hard if case.hard else p.loss_standard) * known * familiar * (1 - p.skills_handover * skills)


def accepted(chain: ChainTwin, case: Case, link: Link, extra: float) -> None:
    g, r = link.giver, link.receiver
    past_norm(chain, case, g)
    g.handed_over += 1
    g.present -= 1
    link.trust_of_giver.kept += 1
    link.trust_of_giver.kept_agreed += link.frame
    if case.late:
        link.trust_of_receiver.broken += 1
    else:
        link.trust_of_receiver.kept += 1
        link.trust_of_receiver.kept_agreed += link.frame
    link.trust_of_giver.handled += 1
    link.trust_of_receiver.handled += 1
    case.step += 1
    case.visit += 1
    start_visit(chain, case, r, r.task_hours[case.type.number] * case.effort * extra)


def send_back(chain: ChainTwin, case: Case, link: Link, hours: float, reason: int) -> None:
    g, r = link.giver, link.receiver
    g.returned += 1
    case.returns += 1
    r.intake_hours += chain.p.handover_effort * r.task_hours[case.type.number] * case.effort
    link.trust_of_receiver.broken += 1
    link.trust_of_giver.broken += 1
    redo(chain, case, g, hours, reason)


def redo(chain: ChainTwin, case: Case, g: Organisation, hours: float, reason: int) -> None:
    case.remaining, case.rework = hours, reason
    case.visit += 1
    wait(chain, case, g)


def close(chain: ChainTwin, case: Case, o: Organisation) -> None:
    past_norm(chain, case, o)
    chain.closed += 1
    o.closed += 1
    chain.returns_of_closed += case.returns
    lead_time = case.age(chain.week)
    chain.lead_times.append((case.type, lead_time))
    in_time = lead_time <= case.type.norm
    realised = in_time and not case.defect and not case.own_course
    chain.in_time += in_time
    if realised:
        chain.realised += 1
        o.realised += 1
        cohort(chain, case)["realised"] += 1
    else:
        lose(chain, case, "late")
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
