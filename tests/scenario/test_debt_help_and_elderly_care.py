"""What the chains for debt help and elderly care claim about the real ones."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ketensim as ks
from ketensim.foundation.events import EVENT_NAMES
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES
from ketensim.scenario import build, files, flow
from ketensim.scenario.provenance import provenance
from ketensim.scenario.schema import Scenario

NAMES = ("ouderenzorg", "schuldhulp")
WEEKS_A_YEAR = 52
DEBT_SCALE, CARE_SCALE = 50, 75
APPLICATIONS = {2019: 89_152, 2021: 78_698, 2022: 75_531}  # NVVK, annual reports


def yearly_arrivals(scenario: Scenario, year: int) -> np.ndarray:
    """Mean arrivals per week in a calendar year, [case type], the waves of the calendar included."""
    chain = build.build(scenario)
    first = scenario.burn_in + scenario.week_of_date(datetime.date(year, 1, 1))
    mean = []
    for kind in range(len(scenario.case_types)):
        week = np.full(scenario.burn_in + scenario.weeks, chain.case_type[kind].arrivals)
        for event in chain.event:
            if event.kind == EVENT_NAMES.index("arrival_wave") and event.case_type in (-1, kind):
                week[event.week : event.week + event.weeks] *= 1 + event.strength
        mean.append(week[first : first + WEEKS_A_YEAR].mean())
    return np.array(mean)


def series(results: ks.Results, organisation: str, outcome: str) -> np.ndarray:
    """Mean over the runs of an outcome of an organisation, [week]."""
    place = [part.id for part in results.scenario.organisations].index(organisation)
    assert results.organisation_values is not None
    values: np.ndarray = results.organisation_values[:, :, place, ORGANISATION_OUTCOME_NAMES.index(outcome)]
    return values.mean(axis=0)


def altered(scenario: Scenario, change: Callable[[dict[str, Any]], None]) -> Scenario:
    """The same chain with its organisations changed as in a file."""
    data = scenario.model_dump(by_alias=True)
    for part in data["organisations"]:
        change(part)
    return files.from_dict(data)


# --- what stands behind the numbers ---
@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_source_or_a_note_and_every_source_is_used(name: str) -> None:
    scenario = files.load(name)
    rows = provenance(scenario)
    assert not [row.path for row in rows if row.source is None and row.note is None]
    used = {row.source for row in rows} | {event.source for event in scenario.events}
    assert set(scenario.sources) <= used


@pytest.mark.parametrize("name", NAMES)
def test_some_figures_were_aimed_at_and_others_held_back(name: str) -> None:
    compared = [part for part in files.load(name).indicators if part.outcome is not None]
    assert all(part.tolerance is not None for part in compared)
    assert sum(part.used_for == "calibration" for part in compared) >= 3
    assert sum(part.used_for == "held_back" for part in compared) >= 3


# --- debt help ---
@pytest.mark.parametrize(("year", "published"), APPLICATIONS.items())
def test_as_many_people_apply_for_debt_help_as_was_published(year: int, published: int) -> None:
    scenario = files.load("schuldhulp")
    visits = flow.expected_visits(scenario)[flow.places(scenario)["Toegang"]]
    simulated = float(visits @ yearly_arrivals(scenario, year)) * DEBT_SCALE * WEEKS_A_YEAR
    assert simulated == pytest.approx(published, rel=0.02)


def yes_of_creditors() -> tuple[float, float]:
    """Shares of the proposals that get a yes: from the four public creditors, and from all."""
    scenario = files.load("schuldhulp")
    place, route = flow.places(scenario), flow.routes(scenario)[0]
    public, private = place["Overheid"], place["Schuldeisers"]
    return float(route[public, private]), float(route[public, private] * flow.closing(route)[private])


def test_public_creditors_say_yes_as_often_as_four_of_fifteen_with_two_in_five_together() -> None:
    assert pytest.approx(yes_of_creditors()[0], abs=0.005) == 0.41 ** (4 / 15)


def test_two_in_five_proposals_get_a_yes_from_all_fifteen_creditors() -> None:
    assert yes_of_creditors()[1] == pytest.approx(0.41, abs=0.005)


def test_it_is_the_municipality_that_makes_an_offer_after_an_early_signal() -> None:
    """By law the partner only gives the signal: no early signal closes there, and nearly all close at the municipality."""
    scenario = files.load("schuldhulp")
    kind = [part.id for part in scenario.case_types].index("vroegsignaal")
    place, route = flow.places(scenario), flow.routes(scenario)[kind]
    partner, team = place["Vaste lasten"], place["Vroegsignalering"]
    assert flow.closing(route)[partner] == 0
    assert route[partner, team] == 1
    assert flow.closing(route)[team] > 0.5


def test_an_admission_to_the_wsnp_is_a_result_within_the_norm_when_nobody_waits() -> None:
    """It closes apart from protective administration, and the norm covers the amicable attempt and the court."""
    scenario = files.load("schuldhulp")
    place, route = flow.places(scenario), flow.routes(scenario)[0]
    wsnp, administration = place["Wsnp"], place["Bewind"]
    assert flow.closing(route)[wsnp] == 1
    assert route[place["Rechtbank"], wsnp] > 0 < route[place["Rechtbank"], administration]
    way = ("Toegang", "Kredietbank", "Overheid", "Schuldeisers", "Rechtbank", "Wsnp")
    stays = [scenario.organisations[place[name]].stay.of("regeling") for name in way]
    quickest = len(way) + sum(0.0 if stay is None else stay.value for stay in stays)
    assert quickest < scenario.case_types[0].norm.value


@pytest.mark.jit
def test_proposals_held_back_before_the_halving_are_missed_at_once_and_made_up_later() -> None:
    scenario = files.load("schuldhulp")
    kept = [event for event in scenario.events if event.label.en != "Proposals held back"]
    assert len(kept) == len(scenario.events) - 1
    real, without = (
        series(ks.simulate(one, runs=12, seed=1), "Kredietbank", "handed_over")
        for one in (scenario, scenario.with_events(*kept))
    )
    held, after = (scenario.week_of_date(datetime.date(2023, month, 1)) for month in (3, 7))
    missed = (without - real)[held : after + 4].sum()
    regained = (real - without)[after + 4 : after + 52].sum()
    assert missed > 10
    assert regained > 0.5 * missed


# --- elderly care ---
def test_as_many_falls_reach_the_emergency_department_and_a_bed_as_was_published() -> None:
    scenario = files.load("ouderenzorg")
    falls = yearly_arrivals(scenario, 2021)[0]
    visits = flow.expected_visits(scenario)[:, 0] * falls * CARE_SCALE * WEEKS_A_YEAR
    place = flow.places(scenario)
    assert visits[place["SEH"]] == pytest.approx(105_000, rel=0.05)
    assert visits[place["Ziekenhuis"]] == pytest.approx(41_000, rel=0.05)


@pytest.mark.jit
def test_wrong_beds_come_from_the_next_link_and_not_from_the_hospital() -> None:
    """Room in rehabilitation and home care empties the wrong beds; more hands in the hospital do not."""
    scenario = files.load("ouderenzorg").with_weeks(104)

    def room(part: dict[str, Any]) -> None:
        if part["id"] in ("Revalidatie", "Wijkverpleging"):
            part["places"] = 2000

    def hands(part: dict[str, Any]) -> None:
        if part["id"] == "Ziekenhuis":
            part["fte"] = 200

    now, roomy, handy = (
        series(ks.simulate(one, runs=12, seed=1), "Ziekenhuis", "blocked").mean()
        for one in (scenario, altered(scenario, room), altered(scenario, hands))
    )
    assert now > 1
    assert roomy < 0.1 * now
    assert handy > 0.5 * now


@pytest.mark.jit
def test_fewer_nursing_home_admissions_are_felt_in_the_hospital_three_links_upstream() -> None:
    """The list at home grows, fills home care, and people ready to leave stay in hospital."""
    scenario = files.load("ouderenzorg").with_weeks(104)

    def fewer(part: dict[str, Any]) -> None:
        if part["id"] == "Verpleeghuis":
            part["places"] = 35

    now, short = (ks.simulate(one, runs=12, seed=1) for one in (scenario, altered(scenario, fewer)))
    for organisation in ("Wijkverpleging", "Ziekenhuis"):
        before, after = (series(one, organisation, "blocked").mean() for one in (now, short))
        assert after > 1.2 * before, organisation
