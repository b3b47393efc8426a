"""What the shipped chains of the Netherlands claim about the real ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

import ketensim as ks
from ketensim.foundation.events import EVENT_NAMES
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES
from ketensim.scenario import build, files
from ketensim.scenario.schema import Scenario

NAMES = ("asiel", "jeugdbescherming", "strafrecht")
YEAR = 52  # weeks
ROUNDING = 0.03  # of a published year, by sizes with two decimals and weeks that do not fit a calendar year
FIRST_APPLICATIONS = {2014: 21_811, 2015: 43_095, 2016: 18_171, 2017: 16_145, 2018: 20_510, 2019: 22_533, 2020: 13_720,
                      2021: 24_740, 2022: 35_535, 2023: 38_375, 2024: 32_175}  # fmt: skip
FOLLOWING_FAMILY = {2015: 13_845, 2016: 11_814, 2017: 14_490, 2018: 6_500, 2019: 4_179, 2020: 3_865,
                    2021: 10_120, 2022: 10_925, 2023: 10_125}  # fmt: skip
AT_THE_PROSECUTION = {2019: 188_600, 2020: 176_800, 2021: 169_400, 2022: 179_600}


def expected_arrivals(scenario: Scenario, kinds: tuple[str, ...]) -> np.ndarray:
    """Mean number of arrivals in each reported week, the waves of the calendar included."""
    chain = build.build(scenario)
    total = np.zeros(scenario.weeks)
    for kind, case_type in enumerate(scenario.case_types):
        week = np.full(scenario.burn_in + scenario.weeks, chain.case_type[kind].arrivals)
        for event in chain.event:
            if event.kind == EVENT_NAMES.index("arrival_wave") and event.case_type in (-1, kind):
                week[event.week : event.week + event.weeks] *= 1 + event.strength
        if case_type.id in kinds:
            total += week[scenario.burn_in :]
    return total


def organisation_mean(results: ks.Results, organisation: str, outcome: str) -> float:
    place = [part.id for part in results.scenario.organisations].index(organisation)
    assert results.organisation_values is not None
    return float(results.organisation_values[:, :, place, ORGANISATION_OUTCOME_NAMES.index(outcome)].mean())


@pytest.mark.parametrize(
    ("name", "kinds", "scale", "published"),
    [
        ("asiel", ("spoor4", "spoor12"), 20, FIRST_APPLICATIONS),
        ("asiel", ("nareis",), 20, FOLLOWING_FAMILY),
        ("strafrecht", ("eenvoudig", "interventie", "onderzoek"), 50, AT_THE_PROSECUTION),
    ],
)
def test_arrivals_follow_the_published_inflow_of_each_year(
    name: str, kinds: tuple[str, ...], scale: int, published: Mapping[int, int]
) -> None:
    """Within 3 % in every year; the police settles a few cases itself, so that it takes in a little more than it sends on."""
    scenario = files.load(name)
    week = expected_arrivals(scenario, kinds) * scale
    settled = 1.0 if name == "asiel" else 0.965
    for year, number in published.items():
        first = (year - scenario.start.year) * YEAR
        assert settled * week[first : first + YEAR].sum() == pytest.approx(number, rel=ROUNDING), year


@pytest.mark.parametrize("name", NAMES)
def test_a_judge_takes_no_instructions(name: str) -> None:
    scenario = files.load(name)
    judges = [place for place, part in enumerate(scenario.organisations) if part.principal == "Rechtspraak"]
    assert judges
    assert build.build(scenario).profile.instructable[judges].tolist() == [0.0] * len(judges)


@pytest.mark.parametrize("name", NAMES)
def test_a_chain_is_calibrated_on_some_figures_and_held_against_others(name: str) -> None:
    indicators = files.load(name).indicators
    compared = [part for part in indicators if part.outcome is not None]
    assert sum(part.used_for == "calibration" for part in compared) >= 4
    assert sum(part.used_for == "held_back" for part in compared) >= 2
    assert all(part.tolerance is not None for part in compared)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_chain_has_a_source_or_a_note(name: str) -> None:
    from ketensim.scenario.provenance import provenance

    bare = [row.path for row in provenance(files.load(name)) if row.source is None and row.note is None]
    assert not bare
    assert all(event.source is not None for event in files.load(name).events)


@pytest.mark.parametrize(("name", "where"), [("asiel", ("IND", "Gemeenten")), ("strafrecht", ("OM", "Rechtbank"))])
def test_a_chain_can_just_make_ends_meet_without_its_history(name: str, where: tuple[str, ...]) -> None:
    """In calm times the places that matter most are busy for 85 to 100 % of their hours, and the chain stands."""
    calm = ks.simulate(files.load(name).with_events(), runs=4, seed=1)
    for organisation in where:
        assert 0.85 <= organisation_mean(calm, organisation, "utilisation") <= 1.0
    assert calm.runs.goal_realisation.mean() > 0.45


def test_fewer_homes_are_felt_at_the_other_end_of_the_asylum_chain() -> None:
    """With half of the homes, permit holders fill the reception and decided cases cannot leave the IND."""
    scenario = files.load("asiel").with_events().with_weeks(260)
    data = scenario.model_dump(by_alias=True)
    for part in data["organisations"]:
        part["places"] = 40 if part["id"] == "Gemeenten" else part["places"]
    now, fewer = (ks.simulate(one, runs=3, seed=1) for one in (scenario, files.from_dict(data)))
    for organisation, times in (("COA", 10), ("IND", 10)):
        before, after = (organisation_mean(one, organisation, "blocked") for one in (now, fewer))
        assert after > times * before + 1, organisation
