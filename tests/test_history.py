"""Claims about history replayed: what was kept is what the model gives, and what pages say in words agrees with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docs.make.history_results import kept_of
from experiments.history import replay

import ketensim as ks
from ketensim.analysis.resemblance import FIRST

FOLDER = replay.HERE
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
REFRESH = "run: uv run python -m docs.make history"


@pytest.mark.jit
@pytest.mark.parametrize("name", NAMES)
def test_the_model_still_gives_what_was_kept(name: str) -> None:
    fresh = replay.replay(replay.cases()[name], runs=FIRST)["first"]
    kept = kept_of(name)["first"]
    assert set(fresh) == set(kept), REFRESH
    for variant, means in kept.items():
        assert fresh[variant] == pytest.approx(means, rel=1e-6, nan_ok=True), REFRESH


def test_a_variant_leaves_out_what_it_says_and_nothing_else() -> None:
    for case in replay.cases().values():
        whole = ks.load(case.scenario)
        found = dict(replay.chains(case))
        assert found.pop("with") == whole
        for variant in case.variants:
            chain = found[variant.id]
            gone = {event.label.en for event in whole.events} - {event.label.en for event in chain.events}
            assert gone == (set(variant.without) or {event.label.en for event in whole.events})
            assert bool(chain.calendar) == bool(variant.without and whole.calendar)
            assert chain.organisations == whole.organisations


def test_a_case_that_names_something_unknown_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / f"{NAMES[0]}.yaml").read_text("utf-8")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace("reported: [", "reported: [nothing, "), "utf-8")
    with pytest.raises(SystemExit, match="nothing"):
        replay.case_of(wrong)


# --- what the pages say in words -----------------------------------------------------------------------------------
def difference(name: str, variant: str, measure: str) -> dict[str, float]:
    """The chain as it went minus the variant."""
    found: dict[str, float] = kept_of(name)["differences"][variant][measure]
    return found


def series(name: str, measure: str, variant: str = "with") -> np.ndarray:
    kept: Any = kept_of(name)["measures"][measure][variant]["mean"]
    return np.array(kept, dtype=float)


def test_the_transfer_of_2015_harms_and_less_than_luck_spreads() -> None:
    assert difference("youth_2015", "calm", "goal")["high"] < 0
    assert difference("youth_2015", "calm", "open")["low"] > 0
    band = kept_of("youth_2015")["measures"]["goal"]["with"]
    spread = np.nanmean(np.array(band["p90"], dtype=float) - np.array(band["p10"], dtype=float))
    assert abs(difference("youth_2015", "calm", "goal")["difference"]) < spread / 2


def test_the_wave_of_2015_passes_down_the_chain_and_help_first_moves_the_queue_and_then_clears_it() -> None:
    peaks = [int(np.argmax(series("asylum_2015", measure))) for measure in ("pending", "permit_holders")]
    assert peaks == sorted(peaks)
    whole, alone = (series("asylum_2015", "pending", variant) for variant in ("with", "no_help"))
    assert whole.max() > alone.max() and whole.argmax() < alone.argmax(), "earlier and higher"
    for measure in ("residents", "pending", "permit_holders"):
        assert series("asylum_2015", measure)[-1] < series("asylum_2015", measure, "no_help")[-1]


def test_scaling_down_weighs_most_in_2022_until_the_inflow_catches_up() -> None:
    pending = {name: difference("asylum_2022", name, "pending") for name in ("kept", "no_peak", "homes")}
    assert pending["kept"]["low"] > pending["no_peak"]["high"] > pending["homes"]["high"]
    assert pending["kept"]["difference"] > 0.5 * pending["kept"]["b"], "the larger part of the stock"
    kept, no_peak = (series("asylum_2022", "pending", name) for name in ("kept", "no_peak"))
    assert kept[len(kept) // 2] < no_peak[len(kept) // 2] and no_peak[-1] < 1.25 * kept[-1]


def test_homes_decide_where_people_wait_in_2022() -> None:
    homes = {name: difference("asylum_2022", "homes", name) for name in ("permit_holders", "pending")}
    assert homes["permit_holders"]["low"] > 0
    assert abs(homes["pending"]["difference"]) < 0.1 * homes["pending"]["b"], "hardly changes"
    flat = series("asylum_2022", "permit_holders")[-26:]
    assert flat.max() - flat.min() < 0.03 * flat.max(), "a ceiling"


def test_work_that_was_put_off_stays_with_the_doctors_and_the_measures_outweigh_the_growth() -> None:
    apart = {name: difference("wia_2021", name, "wait") for name in ("no_backlog", "no_growth", "no_measures")}
    assert apart["no_backlog"]["low"] > apart["no_growth"]["high"] > 0
    assert -apart["no_measures"]["high"] > apart["no_growth"]["high"]
    for year in (104, 156, 208):
        assert series("wia_2021", "wait")[year] > series("wia_2021", "wait", "no_backlog")[year] + 5
    assert series("wia_2021", "wait")[156] > series("wia_2021", "wait")[104] + 2, "no careful turn in 2023"
    assert np.nanmean(series("wia_2021", "busy_after")) < 0.9, "time to spare behind the doctors"


def test_the_rise_of_reports_explains_the_queue_and_the_act_only_tears_agreements() -> None:
    rise, law = (difference("confused_2018", name, "crisis") for name in ("no_rise", "no_law"))
    assert rise["low"] > 5 * law["high"]
    before, after = (series("confused_2018", "crisis")[week] for week in (156, 182))
    assert after > 2 * before, "it doubles in half a year"
    summer, end = (series("confused_2018", "frame", "no_law") - series("confused_2018", "frame"))[[120, -1]]
    assert 0.08 < summer < 0.1 and 0.02 < end < 0.04
    assert (
        difference("confused_2018", "no_law", "goal")["difference"]
        > difference("confused_2018", "no_rise", "goal")["difference"] / 3
    )


def test_the_inspectorate_is_heard_and_changes_little_and_the_refuges_stay_full() -> None:
    urgency = series("violence_2021", "urgency")
    assert urgency[148:160].max() > 0.45 and urgency[-1] < 0.28
    assert abs(difference("violence_2021", "no_inspection", "goal")["difference"]) < 0.005
    assert abs(difference("violence_2021", "calm", "refuges")["difference"]) < 1
    assert difference("violence_2021", "no_growth", "assessing")["low"] > 1500


def test_staff_and_demand_pull_at_the_list_for_an_intake_and_hardly_at_that_for_treatment() -> None:
    apart = {name: difference("mental_health_2021", name, "intake") for name in ("no_demand", "no_staff", "no_funding")}
    assert apart["no_staff"]["high"] < 0 < apart["no_funding"]["low"] < apart["no_demand"]["low"]
    for name in apart:
        treatment = difference("mental_health_2021", name, "treatment")
        assert abs(treatment["difference"]) < 0.04 * treatment["b"]


def test_the_stop_of_hearings_lifts_a_stock_that_lay_there_before_and_grows_again_later() -> None:
    stock = series("courts_2020", "stock")
    before, early_2022 = stock[30], stock[131]
    assert stock.max() / 2 < before < stock.max(), "before March 2020"
    assert early_2022 < before < stock[60] and stock[-1] > early_2022
    assert difference("courts_2020", "no_stop", "stock")["low"] > 0
    assert difference("courts_2020", "no_stop", "probation")["high"] < 0
    assert difference("courts_2020", "no_extra", "stock")["high"] < 0
