"""Claims about where a hundred cases went and what it cost, as people read it: it adds up, and better is never called worse."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import organisation, scenario_of, small
from tests.views.fake import fake_results, fake_scenario

import ketensim as ks
from ketensim.foundation.outcome_table import LOSSES, OUTCOME_OF, OUTCOMES
from ketensim.run.comparison import judged
from ketensim.run.estimate import Estimate
from ketensim.run.ledger import LEDGER
from ketensim.run.results import Results
from ketensim.texts import languages, t
from ketensim.views.drawing.palette import LEDGER_COLOURS, LETTERED
from ketensim.views.drawing.reading import Reading
from ketensim.views.report import costs, hundred_cases, tables
from ketensim.views.report.document import report_html
from ketensim.views.report.values import in_euros

TEXT = {"nl": "x", "en": "x"}


@pytest.fixture(scope="module")
def results() -> Results:
    """A small chain with two kinds of cases, of which one counts."""
    kinds = [{**small()["case_types"][0], "norm": 4}, {**small()["case_types"][0], "id": "other", "counts": False}]
    kinds[1]["label"] = {"nl": "Anders", "en": "Other"}
    organisations = [organisation("A"), organisation("B", fte=2.5, cost=100)]
    return ks.simulate(scenario_of(small(case_types=kinds, organisations=organisations)), runs=8)


def differences(**moves: tuple[float, float]) -> dict[str, Any]:
    """Columns of a comparison in which each outcome goes from one value to another, sure within a tenth of that."""
    rows = [(name, a, b, b - a, *sorted((0.9 * (b - a), 1.1 * (b - a))), 0.5) for name, (a, b) in moves.items()]
    names = ("outcome", "a", "b", "difference", "low", "high", "b_higher")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


# --- adding up -------------------------------------------------------------------------------------------------------
@given(st.lists(st.floats(0, 1), min_size=2, max_size=7).filter(lambda parts: sum(parts) > 0.01))
def test_whole_cases_add_up_to_a_hundred_and_are_never_off_by_one(parts: list[float]) -> None:
    shares = {"realised" if place == 0 else str(place): part / sum(parts) for place, part in enumerate(parts)}
    whole = hundred_cases.adding_up(shares)
    assert whole["realised"] == round(100 * shares["realised"]), "as in every headline"
    assert sum(whole.values()) == 100
    assert all(abs(whole[name] - 100 * share) < 1 for name, share in shares.items())


@pytest.mark.parametrize("language", languages())
def test_the_table_of_a_hundred_cases_adds_up_and_names_every_ending(results: Results, language: str) -> None:
    table = hundred_cases.hundred_cases_table(Reading(results), language)
    *endings, together = [int(row[1]) for row in table.rows]
    assert len(endings) == len(LEDGER) and sum(endings) == together == 100


@pytest.mark.parametrize("language", languages())
def test_the_sentence_about_losses_tells_all_that_did_not_reach_the_goal(results: Results, language: str) -> None:
    reading = Reading(results)
    parts = hundred_cases.adding_up(hundred_cases.shares_of_ledger(reading))
    (said,) = hundred_cases.ledger_conclusions(reading, language)
    numbers = [int(number) for number in re.findall(r"\d+", said.sentence(language))]
    assert numbers[0] == sum(numbers[1:]) == 100 - parts["realised"]
    assert numbers[1:] == sorted(numbers[1:], reverse=True), "the largest loss first"


def test_each_case_type_has_a_ledger_that_adds_up_and_says_whether_it_counts(results: Results) -> None:
    table = hundred_cases.case_type_table(Reading(results), "nl")
    assert table is not None
    assert [sum(int(cell) for cell in row[2:9]) for row in table.rows] == [100, 100]
    assert table.rows[1][0] == "Anders (telt niet mee in de hoofdcijfers)"
    assert hundred_cases.case_type_table(Reading(fake_results()), "nl") is None, "a single kind is the chain"


def test_where_it_went_wrong_adds_up_over_organisations_and_faults(results: Results) -> None:
    table = hundred_cases.fault_table(Reading(results), "en")
    assert table is not None
    cells = np.array([[float(cell) for cell in row[1:]] for row in table.rows])
    np.testing.assert_allclose(cells[:-1].sum(axis=0), cells[-1], atol=0.11)
    np.testing.assert_allclose(cells[:, :-1].sum(axis=1), cells[:, -1], atol=0.21)


@pytest.mark.parametrize("language", languages())
def test_a_report_of_a_run_too_short_to_know_tells_no_ledger(language: str) -> None:
    reading = Reading(fake_results(fake_scenario(weeks=10), runs=1))
    assert not list(hundred_cases.ledger_conclusions(reading, language))
    assert "report.ledger" not in report_html(reading, language, "x")
    assert [row[1] for row in hundred_cases.hundred_cases_table(reading, language).rows[:-1]] == ["–"] * len(LEDGER)


# --- better and worse ------------------------------------------------------------------------------------------------
@given(st.sampled_from([row.name for row in OUTCOMES]), st.floats(0.01, 5), st.booleans())
def test_more_of_what_is_welcome_is_better_and_more_of_what_is_not_is_worse(name: str, size: float, up: bool) -> None:
    sign = 1 if up else -1
    verdict = judged(name, Estimate(sign * size, *sorted((sign * size / 2, sign * size * 2)), 10))
    direction = OUTCOME_OF[name].direction
    assert verdict == ("other" if direction == 0 else "better" if direction == sign else "worse")


def test_what_cannot_be_told_from_chance_and_what_is_equal_are_called_that() -> None:
    assert judged("loss_late", Estimate(-0.1, -0.3, 0.1, 10)) == "cannot_be_told"
    assert judged("loss_late", Estimate(0.0, 0.0, 0.0, 10)) == "same"


def test_a_comparison_says_which_losses_became_less_and_which_more() -> None:
    table = differences(loss_late=(0.30, 0.10), loss_wrong=(0.20, 0.15), loss_own_course=(0.10, 0.12), loss_open=(0, 0))
    better, worse = (said.sentence("en") for said in hundred_cases.loss_conclusions(table, "en"))
    assert better == (
        "Less is lost through late closure (30.0 became 10.0 of every 100) and work that was not done right (20.0 became 15.0 of every 100)."
    )
    assert worse == "More is lost through organisations on their own course (10.0 became 12.0 of every 100)."


def test_a_comparison_in_which_no_loss_moved_says_so() -> None:
    assert [said.key for said in hundred_cases.loss_conclusions(differences(loss_late=(0.3, 0.3)), "nl")] == [
        "report.ledger.unmoved"
    ]


def test_fewer_losses_are_better_in_the_table_and_the_sides_add_up() -> None:
    sides = {"goal_realisation": (0.403, 0.552), **dict.fromkeys(LOSSES, (0.0, 0.0)), "loss_late": (0.597, 0.448)}
    rows = hundred_cases.ledger_comparison(differences(**sides), "en").rows
    assert [row[-1] for row in rows] == ["better", "better", *["equal"] * 5]
    assert [sum(float(row[side]) for row in rows) for side in (1, 2)] == pytest.approx([100, 100])


@pytest.mark.parametrize("language", languages())
def test_the_table_of_outcomes_judges_by_direction(language: str) -> None:
    table = differences(open=(300.0, 200.0), trust_persons=(0.5, 0.6), dropped=(1.0, 3.0), interventions=(2.0, 4.0))
    found = {row[-1] for row in tables.comparison_table(table, language).rows}
    assert found == {t(f"report.judged.{name}", language) for name in ("better", "worse", "other")}
    by_name = {row[0]: row[-1] for row in tables.comparison_table(table, "en").rows}
    assert by_name["Number of cases in the chain"] == by_name["Trust in persons (0 to 1)"] == "better"
    assert by_name["Number of cases dropped (whole period)"] == "worse"


def test_a_difference_that_shows_as_nought_is_not_called_better_or_worse() -> None:
    table = differences(lead_time_median=(3.301, 3.309), open=(300.0, 200.0), loss_late=(0.3001, 0.3003))
    by_name = {row[0]: row[3:] for row in tables.comparison_table(table, "en").rows}
    change, _, verdict = next(row for name, row in by_name.items() if name.startswith("Lead time"))
    assert (change, verdict) == ("0.0", "hardly different")
    assert by_name["Number of cases in the chain"][-1] == "better"
    (late,) = (row for row in hundred_cases.ledger_comparison(table, "en").rows if row[0] == "too late")
    assert late[-1] == "hardly different"


def test_a_comparison_of_results_judges_every_outcome(results: Results) -> None:
    same = ks.compare(results.scenario, results.scenario, runs=4).table
    assert set(same["judged"]) <= {"same", "cannot_be_told"}
    more = ks.compare(results.scenario, results.scenario.with_context(capacity=2.0), runs=8).table.set_index("outcome")
    assert (more.loc["goal_realisation", "judged"], more.loc["loss_late", "judged"]) == ("better", "better")
    assert (more.loc["costs", "judged"], more.loc["utilisation", "judged"]) == ("worse", "other")


# --- euros -----------------------------------------------------------------------------------------------------------
def test_costs_are_told_per_closed_and_per_realised_case(results: Results) -> None:
    first, second = costs.cost_conclusions(Reading(results))
    runs = results.runs
    assert first.facts["case"] == in_euros((runs["costs_counted"] / runs["closed"]).mean())
    assert first.facts["realised"] == in_euros((runs["costs_counted"] / runs["realised"]).mean())
    assert first.key == "report.costs.part", "one of its two case types does not count"
    assert first.facts["ours"] < first.facts["week"]
    assert second.key == "report.costs.assumed"


@pytest.mark.parametrize(("sourced", "said"), [(0, "assumed"), (1, "partly"), (2, "sourced")])
def test_it_is_said_whether_anybody_knows_the_tariffs(sourced: int, said: str) -> None:
    tariff = {"value": 80, "source": "manual", "certainty": "high"}
    parts = [organisation(name, cost=tariff if place < sourced else 80) for place, name in enumerate("AB")]
    sources = {"manual": {"text": "A manual of tariffs", "tag": "L"}}
    assert costs.tariffs(scenario_of(small(organisations=parts, sources=sources))) == said


def test_the_euros_of_organisations_add_up_and_every_hundred_of_them_are_told(results: Results) -> None:
    table = costs.cost_table(Reading(results), "en")
    assert table is not None
    per_year = [float(row[1].replace(",", "")) for row in table.rows]
    assert sum(per_year[:-1]) == pytest.approx(per_year[-1], rel=0.01)
    assert all(sum(int(cell) for cell in row[2:]) == pytest.approx(100, abs=3) for row in table.rows)


def test_a_realised_case_that_became_cheaper_is_told_as_that() -> None:
    assert [said.key for said in costs.cost_difference(differences(costs_per_realised=(9000, 7000)))] == [
        "report.costs.better"
    ]
    assert [said.key for said in costs.cost_difference(differences(costs_per_realised=(7000, 9000)))] == [
        "report.costs.worse"
    ]


def test_every_ending_has_a_colour_on_which_letters_can_be_read() -> None:
    assert list(LEDGER_COLOURS) == list(LEDGER)
    assert set(LEDGER_COLOURS.values()) <= set(LETTERED)
    assert len(set(LEDGER_COLOURS.values())) == len(LEDGER)
