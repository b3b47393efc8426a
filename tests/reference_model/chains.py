"""Small chains made by hand, each to bring one mechanism of the model to work, and what has to be seen in it."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from tests.conftest import organisation, small
from tests.reference_model.things import FAULTS
from tests.reference_model.twin import ChainTwin
from tests.reference_model.visits import SENT_BACK

from ketensim.foundation.parameters import LEVER_NAMES

Data = dict[str, Any]
TEXT = {"nl": "x", "en": "x"}
RESTLESS = {"tolerance_level": 0.1, "intervene_most": 0.8, "concern_uncertainty": 1.0}  # administrators step in often


def event(kind: str, week: int, size: float, weeks: int = 1, **more: Any) -> Data:
    return {"type": kind, "week": week, "size": size, "weeks": weeks, "label": TEXT, **more}


def case_type(name: str, **changes: Any) -> Data:
    return {**small()["case_types"][0], "id": name, **changes}


def link(giver: str, receiver: str, share: Any = None) -> Data:
    talk = {"consultation": True} if share is None else {"share": share}
    return {"from": giver, "to": receiver, **talk}


def calm() -> Data:
    return small()


def events_of_each_type() -> Data:
    return small(
        organisations=[organisation("A"), organisation("B"), organisation("C", fte=2)],
        links=[link("A", "B", 0.5), link("B", "C", 0.5)],
        policy="tighten_after_incident",
        parameters={"policy_tighten_weeks": 4, "incident_chance": 1, "incident_lag": 2},
        events=[
            event("incident", 4, 0.8),
            event("incident", 6, 0.5, 3, organisation="B"),
            event("incident", 7, 0.4, 2, organisation=["C", "A"]),
            event("financial_cut", -3, 0.3, 5),
            event("financial_cut", 10, 0.9, organisation="C"),
            event("financial_cut", 11, 0.2, 2, organisation=["A", "B"]),
            event("capacity_loss", 2, 0.5, 6),
            event("capacity_loss", 5, 0.7, 2, organisation=["A", "C"]),
            event("law", 8, 0.6, 4),
            event("law", 9, 1.0),
            event("arrival_wave", 3, 2.0, 3),
            event("arrival_wave", 4, 1.0, 2, case_type="plain"),
            event("arrival_wave", 10, 0.5, 2, case_type=["plain"], then=[-1.0, -0.4]),
            event("capacity_loss", 9, -0.5, 2, organisation="A", then=[0.3, -1.0]),
        ],
    )


def changes_per_organisation() -> Data:
    return small(
        start=datetime.date(2020, 1, 6),
        levers={"room": 0.9, "frame": 0.1},
        organisations=[organisation("A", levers={"room": 0.2, "shared_urgency": 1}), organisation("B")],
        calendar=[
            {"week": 5, "levers": {"frame": 1.0, "room": 0.3}},
            {"date": datetime.date(2020, 2, 14), "organisation": "B", "levers": {"frame": 0.4, "trust_in_persons": 1}},
            {"week": 5, "organisation": ["B", "A"], "levers": {"information_balance": 1.0, "frame": 0.2}},
            {"week": -6, "levers": {"trust_in_agreements": 0.95}},
            {"week": 12, "organisation": "A", "levers": {"ambition_coupling": 0, "binding_selection": 1}},
            {"week": 7, "restraint": -0.4},
            {"week": 9, "organisation": "B", "levers": {"room": 0.6}, "restraint": 0.3},
        ],
        events=[event("incident", 3, 0.6)],
    )


def steered(policy: str) -> Data:
    data = events_of_each_type()
    parameters = {**data["parameters"], "policy_switch_week": 9, "policy_trust": 0.45}
    return data | {"policy": policy, "parameters": parameters}


def few_places() -> Data:
    return small(
        organisations=[organisation("A"), organisation("B", places=4, fte=0.6), organisation("C", places=2)],
        case_types=[case_type("plain", arrivals=7, norm=4, drop_after=9)],
        links=[link("A", "B", 0.6), link("A", "C", 0.3), link("B", "C", 0.5)],
    )


def stays() -> Data:
    return small(
        organisations=[
            organisation("A", stay=2),
            organisation("B", stay={"plain": 5, "long": 60}, places=14),
            organisation("C", stay=1),
        ],
        case_types=[case_type("plain"), case_type("long", arrivals=1.0, norm=20, drop_after=22)],
        links=[link("A", "B", 0.7), link("B", "C", 0.5)],
        parameters={"mismatch_standard": 0.6, "mismatch_hard": 0.8},
    )


def one_is_independent() -> Data:
    return small(
        weeks=60,
        organisations=[organisation("A", independence=1.0), organisation("B"), organisation("C", independence=0.5)],
        links=[link("A", "B", 0.6), link("B", "C", 0.5)],
        parameters=RESTLESS,
    )


def drifting() -> Data:
    return small(
        weeks=60,
        organisations=[organisation("A", drift=0.1, tolerance=-0.3), organisation("B", drift=0.0)],
        parameters={**RESTLESS, "drift_size": 1.0, "ambition_spread": 3.0, "own_course": 1.0},
    )


def urgent_cases() -> Data:
    """Only unblocking is chosen, and often, so that other cases are made urgent."""
    return small(
        organisations=[organisation("A", fte=2), organisation("B", fte=2)],
        case_types=[case_type("plain", urgent=0.3, arrivals=8, norm=6, drop_after=20), case_type("odd", urgent=0.0)],
        parameters={**RESTLESS, "choice_hold_back": 0, "choice_ask": 0, "choice_take_over": 0, "unblock_age": 0.3},
    )


def consultation() -> Data:
    return small(
        organisations=[organisation("A"), organisation("B"), organisation("C"), organisation("D", hours_per_case={})],
        links=[
            link("D", "A"),
            link("A", "B", 0.5),
            link("C", "A"),
            link("A", "D"),
            link("B", "C", 0.4),
            link("C", "D"),
        ],
        parameters={"takeover_damage": 0.5, **RESTLESS, "manager_tenure": 0.25},
    )


def circle() -> Data:
    return small(
        organisations=[organisation("A"), organisation("B", hours_per_case=4), organisation("C", hours_per_case=3)],
        case_types=[case_type("plain", entry={"A": 0.7, "C": 0.3}), case_type("odd", arrivals=2, entry={"B": 1})],
        links=[
            link("C", "A", {"plain": 0.5}),
            link("A", "B", {"plain": 0.8, "odd": 0.1}),
            link("B", "C", 0.5),
            link("B", "A", 0.3),
            link("A", "C", {"odd": 0.9}),
        ],
    )


def elections() -> Data:
    return small(
        weeks=60,
        start=datetime.date(2020, 1, 6),
        principals=[
            {"id": "council", "label": TEXT, "elections": [10, datetime.date(2020, 6, 30), 100], "tolerance": -0.2},
            {"id": "ministry", "label": TEXT, "elections": [-4, -30, 30]},
        ],
        organisations=[
            organisation("A", principal="council"),
            organisation("B", principal="ministry", tolerance=0.3),
            organisation("C", principal="council"),
        ],
        links=[link("A", "B", 0.6), link("B", "C", 0.3)],
        parameters={"election_change": 0.9, "political_breach": 2, "administrator_exit": 2, "election_weeks": 13},
    )


def levers_at(value: float) -> Data:
    return small(levers=dict.fromkeys(LEVER_NAMES, value), events=[event("incident", 5, 1.0), event("law", 8, 0.5)])


def overload() -> Data:
    return small(
        weeks=60,
        organisations=[organisation("A", fte=6, turnover=1.0), organisation("B", fte=1), organisation("C", fte=0.5)],
        case_types=[
            case_type("plain", arrivals=25, norm=3, drop_after=5),
            case_type("odd", arrivals=3, norm=1, drop_after=1, urgent=0.5),
            case_type("slow", arrivals=2, norm=1, drop_after=25),
        ],
        links=[link("A", "B", 0.6), link("A", "C", 0.3), link("B", "C", 0.5)],
    )


def shortage() -> Data:
    """Cuts that are felt: retreat, refusals, costs shifted on."""
    return small(
        weeks=40,
        levers={"shared_urgency": 0.0},
        organisations=[organisation("A"), organisation("B", levers={"shared_urgency": 0.4}), organisation("C")],
        links=[link("A", "B", 0.9), link("B", "C", 0.9)],
        parameters={"refusal_most": 1.0, "cost_shift": 1.0, "surplus_exit": 1.0},
        events=[event("financial_cut", 3, 1.0, 4), event("incident", 10, 1.0, 10)],
    )


def many() -> Data:
    """So many arrivals and posts that the samplers round a normal number."""
    return small(
        weeks=6,
        burn_in=2,
        organisations=[organisation("A", fte=1500, hours_per_case=40), organisation("B", fte=900, turnover=1.0)],
        case_types=[case_type("plain", arrivals=650)],
        parameters={"surplus_exit": 1.0, "leave_load": 5},
        events=[event("financial_cut", 0, 1.0)],
    )


def alone() -> Data:
    return small(organisations=[organisation("A", fte=1)], links=[], promise=0.0)


def promises_broken() -> Data:
    """Trust at its edges: a short term, no agreements, no chain table, exact effort."""
    return small(
        organisations=[organisation("A", term=1, fte=1.4), organisation("B", term=1.5, fte=1.2, absence=0.0)],
        levers={"ambition_coupling": 0.0, "information_balance": 1.0},
        links=[link("A", "B", 1.0)],
        parameters={
            **{"trust_gain": 0.2, "trust_ratio": 10, "check_most": 1, "check_find": 1, "effort_variation": 0},
            **{"demand_most": 0.0, "waiting_effort": 10, "table_every": 3.7, "dual_use_time": 1, "weight_time": 1},
        },
    )


def agreed_for_relations() -> Data:
    """Two partners do with each other what they do not do with others; both ways, and where they only consult."""
    return small(
        levers={"frame": 0.3, "trust_in_persons": 0.4, "trust_in_agreements": 0.6},
        organisations=[
            organisation("A", levers={"frame": 0.8, "trust_in_persons": 0.0}),
            organisation("B", cost=40),
            organisation("C", reporting_politics=0.2, reporting_operation=0.0),
        ],
        links=[
            link("A", "B", 0.6) | {"levers": {"frame": 0.9, "trust_in_persons": 0.05}},
            link("B", "A", 0.2) | {"levers": {"frame": 0.1, "trust_in_agreements": 1.0}},
            link("B", "C", 0.5),
            link("C", "A") | {"levers": {"trust_in_persons": 1.0}},
        ],
        calendar=[
            {"week": -3, "organisation": "C", "partner": "B", "levers": {"frame": 1.0, "trust_in_agreements": 0.0}},
            {"week": 4, "organisation": "A", "partner": "B", "levers": {"trust_in_persons": 0.95}},
            {"week": 6, "levers": {"frame": 1.0, "chain_skills": 0.9, "trust_in_persons": 0.0}},
            {"week": 9, "organisation": "B", "partner": "A", "levers": {"frame": 0.0}},
        ],
        parameters={"change_pace": 0.07},
    )


def learning_while_people_leave() -> Data:
    """Skills, newcomers and what is translated officially grow and go; what is closed gives incidents."""
    return small(
        weeks=60,
        organisations=[
            organisation("A", turnover=1.5, fte=9, hiring_weeks=2, levers={"chain_skills": 1.0}),
            organisation("B", turnover=0.6, fte=7, levers={"binding_selection": 1.0}),
        ],
        levers={"chain_skills": 0.0, "ambition_coupling": 1.0},
        case_types=[case_type("plain", arrivals=9)],
        links=[link("A", "B", 0.9), link("B", "A", 0.2)],
        calendar=[{"week": 10, "levers": {"chain_skills": 0.8}}, {"week": 30, "levers": {"chain_skills": 0.2}}],
        events=[event("incident", 5, 0.9, 4, organisation="A")],
        parameters={
            **{"manager_tenure": 0.4, "administrator_exit": 1.5, "skills_time": 8, "official_time": 6},
            **{"incident_chance": 0.5, "incident_lag": 4, "loss_standard": 0.3, "familiarity_time": 6},
        },
    )


def some_do_not_count() -> Data:
    """The first case type is not what the chain is there for, and has the longest norm."""
    return small(
        organisations=[organisation("A"), organisation("B", fte=3), organisation("C", fte=2)],
        case_types=[
            case_type("beside", arrivals=3, norm=12, counts=False),
            case_type("plain", arrivals=4, norm=4),
            case_type("odd", arrivals=1, norm=6, drop_after=8, non_standard=1.0),
            case_type("seldom", arrivals=0.3, norm=2, drop_after=9, counts=False),
        ],
        links=[link("A", "B", {"beside": 0.2, "plain": 0.8, "odd": 0.9, "seldom": 1}), link("B", "C", 0.5)],
        policy="let_go_at_once",
    )


def what_closes_quickly_first() -> Data:
    """A long line and nobody who sees what is open; faults before and after the norm."""
    return small(
        weeks=60,
        levers={"information_balance": 0.0, "frame": 0.1, "ambition_coupling": 0.0},
        organisations=[organisation("A", hours_per_case=9), organisation("B", hours_per_case=11, fte=3)],
        case_types=[case_type("plain", arrivals=12, norm=5, drop_after=15), case_type("odd", arrivals=1, norm=2)],
        links=[link("A", "B", 0.8)],
        parameters={
            **{"triage_most": 1.0, "load_half": 1.0, "loss_standard": 0.3, "loss_hard": 0.5, "check_most": 1.0},
            **{"own_course": 1.0, "ambition_spread": 2.0},
        },
    )


HAND_MADE: dict[str, Data] = {
    "a calm chain": calm(),
    "events of each type": events_of_each_type(),
    "changes of levers per organisation": changes_per_organisation(),
    **{
        f"the policy {name}": steered(name)
        for name in ("hold_firm", "let_go_at_once", "firm_then_let_go", "let_go_when_trusted")
    },
    "few places": few_places(),
    "stays": stays(),
    "an independent organisation": one_is_independent(),
    "drift to own work": drifting(),
    "urgent and hurried cases": urgent_cases(),
    "consultation": consultation(),
    "a circle": circle(),
    "elections": elections(),
    "all levers at 0": levers_at(0.0),
    "all levers at 1": levers_at(1.0),
    "overload": overload(),
    "a shortage": shortage(),
    "an organisation alone": alone(),
    "broken promises": promises_broken(),
    "levers of relations": agreed_for_relations(),
    "learning while people leave": learning_while_people_leave(),
    "case types that do not count": some_do_not_count(),
    "what closes quickly first": what_closes_quickly_first(),
}
TO_BE_SEEN: dict[str, tuple[str, ...]] = {
    "events of each type": ("incidents", "returned"),
    "few places": ("blocked", "dropped"),
    "stays": ("in a stay", "endless stay", "returned"),
    "an independent organisation": ("choice 0", "choice 1", "choice 2"),
    "drift to own work": ("choice 3", "own course"),
    "urgent and hurried cases": ("choice 3", "hurried"),
    "consultation": ("new manager", "choice 2"),
    "elections": ("new administrator",),
    "overload": ("dropped", "stuck", "late", "blocked by nobody"),
    "a shortage": ("refused", "carried", "staff left"),
    "broken promises": ("returned", "late"),
    "levers of relations": ("agreed, not as the two", "practices change"),
    "learning while people leave": ("new manager", "new administrator", "suspicion", "newcomers", "lost_at_handover"),
    "case types that do not count": ("too_late", "done_wrong", "dropped"),
    "what closes quickly first": ("left for a newer one", "own_way", "too_late", "fault after the norm", "done anew"),
}


def notice(twin: ChainTwin, seen: Counter[str]) -> None:
    """Count what happens in a week, so that a comparison of nothing with nothing shows."""
    for o in twin.organisations:
        for name in ("blocked", "stuck", "returned", "refused", "late", "dropped", "incidents"):
            seen[name] += getattr(o, name)
        for name in (*FAULTS, "too_late"):
            seen[name] += getattr(o, name)
        seen["suspicion"] += o.suspicion > 0
        seen["practices change"] += 0 < o.confusion < 1
        seen["newcomers"] += o.professionals.newcomers > 0
        begun = [case.urgent for case in o.in_line() if case.started]
        seen["left for a newer one"] += len(begun) - len(set(begun))
        seen["staff left"] += o.professionals.staff_left
        seen["new manager"] += o.manager.new
        seen["new administrator"] += o.administrator.new
        seen[f"choice {o.administrator.choice}"] += 1
        seen["in a stay"] += sum(map(len, o.stays.values()))
        seen["endless stay"] += sum(end >= twin.weeks for end in o.stays)
    seen["blocked by nobody"] += all(o.blocked == 0 for o in twin.organisations)
    for dyad in twin.dyads:
        as_the_two = {name: min(dyad.truster.lever[name], dyad.trusted.lever[name]) for name in dyad.lever}
        seen["agreed, not as the two"] += dyad.lever != as_the_two
    for case in twin.cases.values():
        seen["fault after the norm"] += case.fault > 0 and case.fault_week > case.arrival + case.type.norm
        seen["done anew"] += case.rework == SENT_BACK
        seen["own course"] += case.own_course
        seen["carried"] += case.carried > 0
        seen["hurried"] += case.urgent and case.type.urgent == 0
