"""What the parts of a scenario have to mean together."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.scenario.strategies import SMALL, TEXT, Data

from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario import files, flow

Change = Callable[[Data], Any]
CLOSED_PAIR = [{"from": "Desk", "to": "Team", "share": 1}, {"from": "Team", "to": "Desk", "share": 1}]
AGREED = {"week": 3, "levers": {"frame": 0.9}}
EVENT = {"type": "arrival_wave", "week": 3, "size": 0.5, "label": TEXT}


def problems_after(change: Change) -> list[Problem]:
    data = copy.deepcopy(SMALL)
    change(data)
    with pytest.raises(InputError) as caught:
        files.from_dict(data)
    return list(caught.value.problems)


def organisation(name: str, **parts: Any) -> Data:
    return {"id": name, "label": TEXT, "fte": 2, "hours_per_case": 5, **parts}


def refusal(key: str, path: str, change: Change, **facts: Any) -> Any:
    return pytest.param(key, path, change, facts, id=key.removeprefix("error.") + "-" + path)


@pytest.mark.parametrize(
    ("key", "path", "change", "facts"),
    [
        refusal("error.no_organisations", "organisations", lambda d: d.update(organisations=[], links=[])),
        refusal("error.no_case_types", "case_types", lambda d: d.update(case_types=[])),
        refusal("error.no_arrivals", "case_types", lambda d: [kind.update(arrivals=0) for kind in d["case_types"]]),
        refusal(
            "error.nothing_counts", "case_types", lambda d: [kind.update(counts=False) for kind in d["case_types"]]
        ),
        refusal(
            "error.nothing_counts",
            "case_types",
            lambda d: d["case_types"][0].update(counts=False) or d["case_types"][1].update(arrivals=0),
        ),
        refusal(
            "error.no_relation",
            "calendar[0].partner",
            lambda d: (
                d["organisations"].append(organisation("C"))
                or d["links"].append({"from": "Team", "to": "C", "share": 0.1})
                or d.update(calendar=[AGREED | {"organisation": "C", "partner": "Desk"}])
            ),
            given="Desk",
            organisation="C",
            allowed=("Team",),
        ),
        refusal(
            "error.no_relation",
            "calendar[0].partner",
            lambda d: d.update(calendar=[AGREED | {"organisation": "Desk", "partner": "Desk"}]),
            allowed=("Team",),
        ),
        refusal(
            "error.share_sum_above_one",
            "links[2].share",
            lambda d: (
                d["organisations"].append(organisation("C"))
                or d["links"].append({"from": "Desk", "to": "C", "share": {"plain": 0.6}})
            ),
            organisation="Desk",
            case_type="plain",
            given=1.1,
        ),
        refusal("error.unknown_organisation", "links[0].to", lambda d: d["links"][0].update(to="Dsk"), nearest="Desk"),
        refusal("error.unknown_organisation", "links[0].from", lambda d: d["links"][0].update({"from": "X"})),
        refusal(
            "error.unknown_organisation",
            "case_types[0].entry.Dessk",
            lambda d: d["case_types"][0].update(entry="Dessk"),
            nearest="Desk",
        ),
        refusal(
            "error.unknown_organisation",
            "events[0].organisation",
            lambda d: d.update(events=[EVENT | {"type": "incident", "organisation": ["Desk", "Teem"]}]),
            nearest="Team",
        ),
        refusal(
            "error.unknown_principal",
            "organisations[0].principal",
            lambda d: d["organisations"][0].update(principal="councl"),
            nearest="council",
        ),
        refusal(
            "error.unknown_case_type",
            "events[0].case_type",
            lambda d: d.update(events=[EVENT | {"case_type": "plane"}]),
            nearest="plain",
        ),
        refusal(
            "error.unknown_case_type",
            "organisations[1].hours_per_case.plane",
            lambda d: d["organisations"][1]["hours_per_case"].update(plane=3),
        ),
        refusal("error.unknown_case_type", "links[1].share.plane", lambda d: d["links"][1]["share"].update(plane=0.1)),
        refusal(
            "error.unknown_source",
            "organisations[0].fte.source",
            lambda d: d["organisations"][0].update(fte={"value": 4, "source": "reprt"}),
            nearest="report",
        ),
        refusal("error.unknown_source", "events[0].source", lambda d: d.update(events=[EVENT | {"source": "x"}])),
        refusal("error.link_to_itself", "links[0]", lambda d: d["links"][0].update(to="Team")),
        refusal("error.duplicate_link", "links[2]", lambda d: d["links"].append(d["links"][0]), first="links[0]"),
        refusal("error.link_without_share", "links[0]", lambda d: d["links"][0].pop("share")),
        refusal("error.consultation_with_share", "links[0].share", lambda d: d["links"][0].update(consultation=True)),
        refusal("error.duplicate_id", "organisations[1].id", lambda d: d["organisations"][1].update(id="Desk")),
        refusal("error.duplicate_id", "case_types[1].id", lambda d: d["case_types"][1].update(id="plain")),
        refusal(
            "error.unreachable_organisation",
            "organisations[2]",
            lambda d: d["organisations"].append(organisation("Island")),
            organisation="Island",
        ),
        refusal(
            "error.missing_hours",
            "organisations[1].hours_per_case",
            lambda d: d["organisations"][1].update(hours_per_case={"plain": 8}),
            case_type="hard",
        ),
        refusal("error.entry_sum", "case_types[1].entry", lambda d: d["case_types"][1]["entry"].update(Desk=0.5)),
        refusal("error.outside_run", "events[0].week", lambda d: d.update(events=[EVENT | {"week": 20}]), upper=19),
        refusal("error.outside_run", "events[0].week", lambda d: d.update(events=[EVENT | {"week": -11}]), lower=-10),
        refusal(
            "error.outside_run",
            "calendar[0].date",
            lambda d: d.update(calendar=[{"date": "2025-01-01", "levers": {"room": 1}}]),
            given=52,
        ),
        refusal("error.norm_above_drop", "case_types[0].norm", lambda d: d["case_types"][0].update(drop_after=7)),
        refusal("error.too_many", "weeks", lambda d: d.update(weeks=1995), given=2005, allowed=2000),
        refusal("error.too_many", "case_types", lambda d: d["case_types"][0].update(arrivals=2000), what="arrivals"),
    ],
)
def test_a_scenario_that_cannot_be_meant_is_refused_where_it_goes_wrong(
    key: str, path: str, change: Change, facts: dict[str, Any]
) -> None:
    found = {(problem.key, problem.path): problem for problem in problems_after(change)}
    assert (key, path) in found
    assert {name: found[key, path].facts[name] for name in facts} == facts


def test_partners_who_only_consult_each_other_can_agree_too() -> None:
    data = copy.deepcopy(SMALL)
    data["organisations"].append({"id": "Adviser", "label": TEXT, "fte": 1})
    data["links"].append({"from": "Team", "to": "Adviser", "consultation": True, "levers": {"frame": 0.2}})
    data["calendar"] = [AGREED | {"organisation": "Adviser", "partner": "Team"}]
    assert files.from_dict(data).calendar[0].partner == "Team"


def test_waves_that_overlap_may_not_bring_more_cases_than_a_week_can_number() -> None:
    """A case's number in its week has 16 bits; beyond it two citizens would share their luck."""

    def flood(data: Data, starts: tuple[int, ...]) -> None:
        data["case_types"][0].update(arrivals=1900)
        wave = EVENT | {"type": "arrival_wave", "size": 3, "weeks": 4}
        data["events"] = [wave | {"week": start} for start in starts]

    (problem,) = problems_after(lambda d: flood(d, (1, 3, 4)))
    assert (problem.key, problem.facts["week"], problem.facts["given"]) == ("error.waves_too_large", 4, 1900 * 4**3)
    data = copy.deepcopy(SMALL)
    flood(data, (1, 5, 9))
    assert len(files.from_dict(data).events) == 3


def test_too_many_organisations_links_and_case_types_are_refused() -> None:
    def crowd(data: Data) -> None:
        data["organisations"] = [organisation(f"O{number}") for number in range(201)]
        data["case_types"] = [data["case_types"][0] | {"id": f"t{number}"} for number in range(17)]
        data["links"] = [data["links"][0]] * 2001

    assert {problem.facts["what"] for problem in problems_after(crowd)} == {"organisations", "case_types", "links"}


def test_cases_that_can_circle_for_ever_are_refused_with_the_circle() -> None:
    found = problems_after(lambda d: d.update(links=CLOSED_PAIR))
    assert [problem.facts["case_type"] for problem in found] == ["plain", "hard"]
    assert found[0].key == "error.endless_circle"
    assert found[0].facts["organisations"] == ("Desk", "Team")


def test_a_circle_behind_an_open_door_is_still_a_circle() -> None:
    """Half of the cases close at the desk; the other half never comes out again."""

    def trap(data: Data) -> None:
        data["organisations"].append(organisation("Third"))
        data["links"] = [
            {"from": "Desk", "to": "Team", "share": 0.5},
            {"from": "Team", "to": "Third", "share": 1},
            {"from": "Third", "to": "Team", "share": 1},
        ]

    assert problems_after(trap)[0].facts["organisations"] == ("Team", "Third")


def test_a_circle_that_no_case_of_that_type_enters_is_allowed() -> None:
    data = copy.deepcopy(SMALL)
    data["organisations"] += [organisation("C"), organisation("D")]
    data["links"] += [
        {"from": "Desk", "to": "C", "share": {"plain": 0.1}},
        {"from": "C", "to": "D", "share": {"hard": 1, "plain": 0.5}},
        {"from": "D", "to": "C", "share": {"hard": 1}},
    ]
    assert len(files.from_dict(data).links) == 5


def test_a_circle_in_all_but_name_is_refused() -> None:
    found = problems_after(lambda d: d.update(links=[CLOSED_PAIR[0] | {"share": 0.9999}, CLOSED_PAIR[1]]))
    assert {problem.key for problem in found} == {"error.too_many_visits"}


def test_an_organisation_that_is_only_consulted_needs_no_cases_and_no_hours() -> None:
    data = copy.deepcopy(SMALL)
    data["organisations"].append({"id": "Adviser", "label": TEXT, "fte": 1})
    data["links"].append({"from": "Team", "to": "Adviser", "consultation": True})
    assert len(files.from_dict(data).organisations) == 3


def test_an_indicator_needs_a_source_and_an_outcome_that_exists() -> None:
    indicator = {
        "id": "wait",
        "label": TEXT,
        "value": 3,
        "unit": "weeks",
        "used_for": "held_back",
        "outcome": "lead_time_medain",
        "since": "2024-03-01",
        "until": "2024-02-01",
    }
    found = {problem.key: problem for problem in problems_after(lambda d: d.update(indicators=[indicator]))}
    assert set(found) == {"error.indicator_without_source", "error.unknown_outcome", "error.period_reversed"}
    assert found["error.unknown_outcome"].facts["nearest"] == "lead_time_median"


def test_a_case_type_may_not_be_called_value() -> None:
    assert problems_after(lambda d: d["case_types"][0].update(id="value"))[0].key == "error.reserved_name"


def test_expected_visits_of_a_pair_with_a_way_back_are_the_geometric_series() -> None:
    """Plain cases: half go on to the team, a tenth of those come back: 1 / (1 - .5 x .1) visits at the desk."""
    visits = flow.expected_visits(files.from_dict(SMALL))
    desk = 1 / (1 - 0.5 * 0.1)
    np.testing.assert_allclose(visits[:, 0], [desk, 0.5 * desk])
