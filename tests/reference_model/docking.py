"""Lays the engine and the slow twin side by side: every case, every count, every quantity."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from tests.reference_model.things import COUNTS, HOURS, Case
from tests.reference_model.twin import CHAIN_COUNTS, ChainTwin

from ketensim.chain.queues import ORDERS
from ketensim.foundation.rows import PARTS

RELATIVE, ABSOLUTE = 1e-9, 1e-7
HOURS_LEFT = 1e-6  # of the remaining effort of a case

WHOLE_OF_CASE = (
    "step",
    "visit",
    "returns",
    "joined",
    "hard",
    "urgent",
    "rework",
    "started",
    "late",
    "defect",
    "own_course",
    "order",
    "fault",
)
OF_CHAIN = (
    *("objective_x", "objective_y", "urgency_media", "urgency_programme", "urgency", "fatigue", "shortage"),
    *("climate_logit", "climate", "monitor", "signal_good", "signal_closed", "signal_due", "visible"),
)
OF_ORGANISATION = (
    *("dual_use", "demand", "frame", "trust", "informal", "joint", "retreat", "hours", *HOURS, "hours_for_cases"),
    *("reporting_share", "own_target", "queue_hours", "intake_hours", "tightened_weeks"),
    *("frame_work", "persons_work", "agreements_work", "confusion", "suspicion", "triage", "triage_due"),
)
OF_PROFESSIONALS = (
    *("staff", "establishment", "motivation", "discretion", "drift", "load", "extra_absence"),
    *("newcomers", "share_left"),
)
OF_MANAGER = ("binding", "binding_chosen", "vacant_weeks", "steering_capacity", "official")
OF_ADMINISTRATOR = (
    *(
        "ambition_x",
        "ambition_y",
        "weight",
        "belief_mean",
        "belief_variance",
        "uncertainty",
        "tolerance",
        "restraint",
        "pressure",
    ),
    *("overseen_weeks", "unblock_weeks", "overseen", "unblocking", "concern", "intervention_chance", "attention"),
    *("distance", "trust_vertical"),
)
COUNTS_OF_ORGANISATION = ("present", "waiting", "blocked", "stuck", "overdue", "incidents", *COUNTS)
OF_DYAD = ("trust_persons", "trust_agreements", "familiarity", "handled", "kept", "broken", "kept_agreed")

COHORT = ("arrived", "realised", "late", "wrong", "lost", "own", "dropped")
COHORT += ("any late", "any wrong", "any lost", "any own", "any dropped")

Lists = dict[tuple[int, str], list[tuple[int, int]]]  # per organisation and kind of list: type and number of each case


def near(a: float, b: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


# --- the engine's cases --------------------------------------------------------------------------------------------
def _walk(state: Any, first: int) -> Iterator[Any]:
    while first >= 0:
        yield state.case[first]
        first = int(state.case[first].next)


def _identities(rows: Iterable[Any]) -> list[tuple[int, int]]:
    return [(int(row.type), int(row.number)) for row in rows]


def engine_rows(run: Any) -> dict[tuple[str, int, int], list[Any]]:
    """Every open case of the engine by (kind of list, organisation, week the list is for), in the engine's order."""
    state, weeks, rows = run.state, run.weeks, {}
    for o in range(len(state.organisation)):
        rows["inbox", o, 0] = list(_walk(state, int(state.inbox_first[o])))
        rows["blocked", o, 0] = list(_walk(state, int(state.blocked_first[o])))
        rows["line", o, 0] = [
            row
            for bucket in range(o * 2 * weeks * PARTS, (o + 1) * 2 * weeks * PARTS)
            for row in _walk(state, int(state.queue_first[bucket]))
        ]
        for week in range(weeks):
            rows["stay", o, week] = list(_walk(state, int(state.release_first[o, week])))
        rows["stay", o, weeks] = list(_walk(state, int(state.release_first[o, weeks])))  # the stays that never end
    return rows


def _stays(twin: ChainTwin, o: Any, week: int) -> list[Case]:
    if week < twin.weeks:
        return list(reversed(o.stays.get(week, [])))
    return [case for end in sorted(o.stays) if end >= twin.weeks for case in o.stays[end]]


def twin_cases(twin: ChainTwin) -> dict[tuple[str, int, int], list[Case]]:
    rows: dict[tuple[str, int, int], list[Case]] = {}
    for o in twin.organisations:
        rows["inbox", o.number, 0], rows["blocked", o.number, 0] = o.inbox, o.blocked_cases
        rows["line", o.number, 0] = o.in_line()
        for week in range(twin.weeks + 1):
            rows["stay", o.number, week] = _stays(twin, o, week)
    return rows


def _cases(run: Any, twin: ChainTwin) -> Iterator[str]:
    ours, theirs = twin_cases(twin), engine_rows(run)
    for place, rows in theirs.items():
        mine = [(case.type.number, case.number) for case in ours[place]]
        found = _identities(rows)
        endless = place[0] == "stay" and place[2] == twin.weeks
        if mine != found and not (endless and sorted(mine) == sorted(found)):
            yield f"{place}: engine {found[:8]} twin {mine[:8]}"
        by_identity = dict(zip(found, rows, strict=True))
        for case in ours[place]:
            row = by_identity.get((case.type.number, case.number))
            if row is not None:
                yield from _case(place[1], case, row)


def _case(place: int, case: Case, row: Any) -> Iterator[str]:
    name = f"case {case.type.number}/{case.arrival}/{case.index}"
    if int(row.organisation) != place or int(row.arrival) != case.arrival:
        yield f"{name}: engine at {row.organisation} since {row.arrival}, twin at {place} since {case.arrival}"
    link = -1 if case.link is None else case.link.number
    if int(row.link) != link:
        yield f"{name}: link engine {row.link} twin {link}"
    for what in WHOLE_OF_CASE:
        engine = int(row[what]) % ORDERS if what == "order" else int(row[what])  # what is in hand stands before all
        if engine != int(getattr(case, what)):
            yield f"{name}: {what} engine {engine} twin {getattr(case, what)}"
    if case.fault and (int(row.fault_week), int(row.fault_at)) != (case.fault_week, case.fault_at.number):
        yield f"{name}: fault engine {row.fault_week} at {row.fault_at} twin {case.fault_week} at {case.fault_at.number}"
    late_at = -1 if case.late_at is None else case.late_at.number
    if int(row.late_at) != late_at:
        yield f"{name}: late_at engine {row.late_at} twin {late_at}"
    for what in ("remaining", "carried", "effort"):
        if abs(float(row[what]) - getattr(case, what)) > HOURS_LEFT:
            yield f"{name}: {what} engine {row[what]} twin {getattr(case, what)}"


# --- everything else -----------------------------------------------------------------------------------------------
def _same(name: str, row: Any, mine: Any, fields: Iterable[str]) -> Iterator[str]:
    for what in fields:
        if not near(float(row[what]), float(getattr(mine, what))):
            yield f"{name}.{what}: engine {row[what]!r} twin {getattr(mine, what)!r}"


def _counts(name: str, row: Any, mine: Any, fields: Iterable[str]) -> Iterator[str]:
    for what in fields:
        if int(row[what]) != getattr(mine, what):
            yield f"{name}.{what}: engine {row[what]} twin {getattr(mine, what)}"


def _quantities(run: Any, twin: ChainTwin) -> Iterator[str]:
    state = run.state
    yield from _counts("chain", state.chain[0], twin, (*CHAIN_COUNTS, "open", "due", "incidents"))
    yield from _same("chain", state.chain[0], twin, OF_CHAIN)
    for o, row, lever in zip(twin.organisations, state.organisation, state.lever, strict=True):
        name = f"organisation {o.number}"
        yield from _counts(name, row, o, COUNTS_OF_ORGANISATION)
        yield from _same(name, row, o, OF_ORGANISATION)
        yield from _same(name, row, o.professionals, OF_PROFESSIONALS)
        yield from _same(name, row, o.manager, OF_MANAGER)
        yield from _same(name, row, o.administrator, OF_ADMINISTRATOR)
        pairs = [(row.absence, o.professionals.absent), (row.choice, o.administrator.choice)]
        pairs += [(row.new_administrator, o.administrator.new), (row.new_manager, o.manager.new)]
        pairs += [(row.staff_left, o.professionals.staff_left), (row.staff_hired, o.professionals.staff_hired)]
        pairs += [(row.skills_work, o.professionals.skills), (row.skills_manager, o.manager.skills)]
        pairs += [(row.skills_administrator, o.administrator.skills)]
        pairs += [(lever[what], o.lever[what]) for what in o.lever]
        for number, (theirs, ours) in enumerate(pairs):
            if not near(float(theirs), float(ours)):
                yield f"{name}, pair {number}: engine {theirs} twin {ours}"
    for link, row in zip(twin.links, state.link, strict=True):
        yield from _same(f"link {link.number}", row, link, ("frame",))
    for number, (dyad, row) in enumerate(zip(twin.dyads, state.dyad, strict=True)):
        yield from _same(f"dyad {number}", row, dyad, OF_DYAD)
        for what, value in dyad.lever.items():
            if not near(float(state.relation[number][what]), value):
                yield f"dyad {number}, lever {what}: engine {state.relation[number][what]!r} twin {value!r}"
    for number, of_type in enumerate(twin.cohort):
        for week, mine in enumerate(of_type):
            if list(state.cohort[number, week]) != [mine[what] for what in COHORT]:
                yield f"cohort {number}/{week}: engine {state.cohort[number, week]} twin {mine}"


def differences(run: Any, twin: ChainTwin) -> list[str]:
    """Everything in which the state of an engine run and of the twin differ at the end of a week; empty = nothing."""
    return [*_cases(run, twin), *_quantities(run, twin)]


def rows_differ(row: Any, mine: dict[str, float]) -> list[str]:
    """Outcomes of one week that differ; the names must be the same."""
    assert set(row.dtype.names) == set(mine)
    return [
        f"{name}: engine {float(row[name])!r} twin {mine[name]!r}"
        for name in mine
        if not near(float(row[name]), mine[name])
    ]


def outcomes_differ(run: Any, twin: ChainTwin) -> list[str]:
    """Everything in which the reported weeks so far differ."""
    found = []
    for week, mine in enumerate(twin.weekly):
        found += [f"week {week}, {text}" for text in rows_differ(run.notebook.weekly[week], mine)]
        for o, of_organisation in enumerate(twin.organisation_weekly[week]):
            row = run.notebook.organisation_weekly[week, o]
            found += [f"week {week}, organisation {o}, {text}" for text in rows_differ(row, of_organisation)]
        for kind, of_case_type in enumerate(twin.case_type_weekly[week]):
            row = run.notebook.case_type_weekly[week, kind]
            found += [f"week {week}, case type {kind}, {text}" for text in rows_differ(row, of_case_type)]
    return found
