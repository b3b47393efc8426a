"""Nothing appears or disappears: cases, hours, shares and counts on random chains, every week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from tests.conftest import Run, organisation, scenario_of, small
from tests.reference_model.chains import HAND_MADE
from tests.reference_model.docking import engine_rows
from tests.scenario.strategies import scenarios

from ketensim.chain.visits import BLOCKED, IN_LINE, OPEN_NOW
from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOMES, FAULTS, LOSSES, ORGANISATION_OUTCOMES, OUTCOMES
from ketensim.foundation.parameters import LEVER_NAMES, PARAMETERS, POLICIES
from ketensim.foundation.rows import HOURS

SHARES = {
    "chain": (
        *("urgency_media", "urgency_programme", "urgency", "fatigue", "shortage", "climate", "monitor", "visible"),
    ),
    "organisation": (
        *("motivation", "discretion", "drift", "load", "binding", "binding_chosen"),
        *("weight", "belief_mean", "uncertainty", "pressure", "overseen", "unblocking", "intervention_chance"),
        *("attention", "distance", "trust_vertical", "dual_use", "demand", "frame", "trust", "informal", "joint"),
        *("retreat", "reporting_share", "own_target", "right_standard", "right_hard", "own_course", "shift"),
        *("skills_work", "skills_manager", "skills_administrator", "steering_capacity", "official", "suspicion"),
        *("confusion", "triage", "triage_due", "share_left"),
    ),
    "link": ("frame", "refusal", "failure_standard", "failure_hard", "finding", "loss_standard", "loss_hard"),
    "dyad": ("trust_persons", "trust_agreements", "familiarity"),
    "relation": ("frame", "trust_in_persons", "trust_in_agreements"),
    "case": ("hard", "urgent", "own_course", "started", "late"),
}
NEVER_NEGATIVE = (
    *("staff", "establishment", "belief_variance", "vacant_weeks", "overseen_weeks", "unblock_weeks", "queue_hours"),
    *("intake_hours", "hours", "hours_for_cases", "tightened_weeks", *HOURS, "present", "waiting", "blocked", "stuck"),
    *("served", "handed_over", "returned", "refused", "late", "overdue", "dropped", "closed", "realised", "incidents"),
    *("frame_work", "persons_work", "agreements_work", "newcomers", *FAULTS),
)
ARRIVED, REALISED, DROPPED = 0, 1, 6  # columns of a cohort; between them the other losses
ANY_DROPPED = 11  # the last column: whatever reason came first
ROUNDING = 1e-9


class Watched:
    """A run that is checked at the end of every week."""

    def __init__(self, data: dict[str, Any], seed: int) -> None:
        self.run = Run(scenario_of(data), seed)
        self.total: Counter[str] = Counter()

    def weeks(self) -> Iterator[None]:
        for week in range(1, self.run.weeks + 1):
            self.run.to(week)
            yield

    def rows(self) -> dict[tuple[str, int, int], list[Any]]:
        """Every open case by the list that holds it."""
        return engine_rows(self.run)


# --- what must hold ------------------------------------------------------------------------------------------------
def cases_are_conserved(watched: Watched) -> None:
    state, total = watched.run.state, watched.total
    common = state.chain[0]
    total.update({name: int(common[name]) for name in ("arrived", "closed", "dropped", "realised")})
    assert total["arrived"] == total["closed"] + total["dropped"] + common.open
    assert common.realised <= common.in_time <= common.closed
    for name in ("closed", "dropped", "realised"):
        assert common[name] == state.organisation[name].sum()
    assert common.open == state.organisation.present.sum() == state.open_by_arrival.sum()
    assert common.slots_free == len(state.case) - common.open
    assert state.cohort[:, :, ARRIVED].sum() == total["arrived"]
    assert state.cohort[:, :, REALISED].sum() == total["realised"]
    assert state.cohort[:, :, DROPPED].sum() <= total["dropped"]  # of some a fault came first
    assert state.cohort[:, :, ANY_DROPPED].sum() == total["dropped"]


def every_case_that_arrived_is_realised_lost_for_one_reason_or_open(watched: Watched) -> None:
    state = watched.run.state
    np.testing.assert_array_equal(
        state.cohort[:, :, ARRIVED], state.cohort[:, :, REALISED : DROPPED + 1].sum(axis=2) + state.open_by_arrival
    )
    watched.total["lost here"] += sum(int(state.organisation[name].sum()) for name in FAULTS)
    dropped_only = int(state.cohort[:, :, DROPPED].sum())
    assert watched.total["lost here"] + dropped_only == state.cohort[:, :, REALISED + 1 : DROPPED + 1].sum()


def counts_are_those_of_the_case_table(watched: Watched) -> None:
    state, rows = watched.run.state, watched.rows()
    identities = Counter((int(row.type), int(row.number)) for listed in rows.values() for row in listed)
    assert set(identities.values()) <= {1}, "a case stands in two lists"
    assert len(identities) == state.chain[0].open
    assert all(int(row.organisation) == place[1] for place, listed in rows.items() for row in listed)
    for o, row in enumerate(state.organisation):
        here = {kind: [case for place, listed in rows.items() for case in listed if place[:2] == (kind, o)]
                for kind in ("inbox", "line", "stay", "blocked")}  # fmt: skip
        at_work = [*here["inbox"], *here["line"]]
        assert row.present == sum(map(len, here.values()))
        assert row.waiting == sum(1 for case in at_work if not case.started)
        assert row.blocked == len(here["blocked"])
        assert row.queue_hours == pytest.approx(sum(float(case.remaining) for case in at_work), abs=1e-6)
        assert state.joined[o].sum() + row.stuck == len(at_work)
        assert not here["inbox"], "the inbox has joined the line at the end of a week"
    waiting = [case for (kind, _, _), listed in rows.items() if kind == "line" for case in listed if not case.started]
    blocked = [case for (kind, _, _), listed in rows.items() if kind == "blocked" for case in listed]
    for number, counts in enumerate(state.type_count):
        assert counts[IN_LINE] == sum(int(case.type) == number for case in waiting)
        assert counts[BLOCKED] == sum(int(case.type) == number for case in blocked)
        assert counts[OPEN_NOW] == sum(kind == number for kind, _ in identities)
    common = state.chain[0]
    of_week = [common.realised, common.dropped, common.returns_of_closed, common.closed]
    assert state.type_count.sum(axis=0)[2:].tolist() == [*of_week, common.open]


def hours_add_up(watched: Watched) -> None:
    for row in watched.run.state.organisation:
        used = sum(float(row[name]) for name in HOURS)
        assert used == pytest.approx(float(row.hours), rel=ROUNDING, abs=ROUNDING)
        work = float(row.hours_case_work + row.hours_rework + row.hours_idle)
        assert work == pytest.approx(float(row.hours_for_cases), rel=ROUNDING, abs=ROUNDING)


def shares_stay_shares(watched: Watched) -> None:
    state = watched.run.state
    for table, names in SHARES.items():
        for name in names:
            values = np.asarray(getattr(state, table)[name], dtype=float)
            assert np.all((values >= 0) & (values <= 1)), f"{table}.{name}: {values}"
    assert np.all((state.lever_grid >= 0) & (state.lever_grid <= 1))
    for name in (
        "absence",
        "extra_absence",
    ):  # below 0 while the calendar gives extra hours; never more away than there is
        assert np.all(state.organisation[name] <= 1), name
    for name in NEVER_NEGATIVE:
        assert np.all(state.organisation[name] >= 0), name
    for name in ("kept", "broken", "kept_agreed", "handled"):
        assert np.all(state.dyad[name] >= 0), name
    assert np.all(state.organisation.newcomers <= state.organisation.staff)
    assert set(state.case.defect) <= {0, 1, 2}
    assert np.all(state.dyad.kept_agreed <= state.dyad.kept + ROUNDING)
    for name in ("remaining", "carried", "effort"):
        assert np.all(state.case[name] >= 0), name
    assert np.all(state.incident_due >= 0)


def outcomes_stay_in_their_range(run: Run) -> None:
    notebook = run.notebook
    for table, rows in (
        (OUTCOMES, notebook.weekly),
        (ORGANISATION_OUTCOMES, notebook.organisation_weekly),
        (CASE_TYPE_OUTCOMES, notebook.case_type_weekly),
    ):
        for outcome in table:
            values = rows[outcome.name]
            known = values[~np.isnan(values)]
            assert np.all((known >= 0) & (known <= outcome.upper + ROUNDING)), f"{outcome.name}: {known.max()}"
    for rows in (notebook.weekly, notebook.case_type_weekly):
        ledger = sum((rows[name] for name in LOSSES), rows["goal_realisation"])
        np.testing.assert_allclose(ledger[~np.isnan(ledger)], 1.0, rtol=ROUNDING)


def everything_holds(data: dict[str, Any], seed: int) -> None:
    watched = Watched(data, seed)
    for _ in watched.weeks():
        cases_are_conserved(watched)
        every_case_that_arrived_is_realised_lost_for_one_reason_or_open(watched)
        counts_are_those_of_the_case_table(watched)
        hours_add_up(watched)
        shares_stay_shares(watched)
    outcomes_stay_in_their_range(watched.run)


# --- tests ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["few places", "stays", "a shortage"])
def test_cases_hours_and_shares_are_conserved_in(name: str):
    everything_holds(HAND_MADE[name], seed=1)


@pytest.mark.jit
@hypothesis.settings(max_examples=30, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(scenarios(organisations=4), st.integers(0, 2**63 - 1))
def test_cases_hours_and_shares_are_conserved_in_random_chains(data: dict[str, Any], seed: int):
    everything_holds(data, seed)


@pytest.mark.jit
@hypothesis.settings(max_examples=100, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(scenarios(), st.integers(0, 2**63 - 1))
def test_every_valid_random_scenario_runs_to_its_end(data: dict[str, Any], seed: int):
    run = Run(scenario_of(data), seed)
    run.to(run.weeks)
    common = run.state.chain[0]
    assert run.state.cohort[:, :, ARRIVED].sum() >= common.open == run.state.organisation.present.sum()
    outcomes_stay_in_their_range(run)
    for table in ("chain", "organisation", "link", "dyad"):
        for name in getattr(run.state, table).dtype.names:
            assert np.all(np.isfinite(getattr(run.state, table)[name])), f"{table}.{name}"


EDGES = st.fixed_dictionaries({row.name: st.sampled_from([row.lower, row.default, row.upper]) for row in PARAMETERS})
LEVER_EDGES = st.fixed_dictionaries(dict.fromkeys(LEVER_NAMES, st.sampled_from([0.0, 0.5, 1.0])))


@pytest.mark.jit
@hypothesis.settings(max_examples=60, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(EDGES, LEVER_EDGES, st.sampled_from(POLICIES))
def test_shares_stay_shares_with_every_parameter_at_an_end_of_its_range(
    parameters: dict[str, float], levers: dict[str, float], policy: str
):
    events = HAND_MADE["events of each type"]["events"]
    data = small(
        organisations=[
            organisation("A", drift=0.2),
            organisation("B", turnover=2.0),
            organisation("C", stay=1, places=5),
        ],
        links=[{"from": "A", "to": "B", "share": 0.9}, {"from": "B", "to": "C", "share": 0.9}],
        levers=levers,
        parameters=parameters,
        policy=policy,
        events=events,
    )
    everything_holds(data, seed=2)
