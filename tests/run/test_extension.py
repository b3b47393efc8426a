"""A changed model: the same bits in plain Python, in machine code and in the Mesa face, and never mixed with another."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest
from tests.conftest import refused, scenario_of, small

import ketensim as ks
from ketensim.chain.week import advance
from ketensim.conditions import trust
from ketensim.conditions.steering import mismatch_chance
from ketensim.experiment.points import runs_key
from ketensim.foundation.compiled import PatchedRuleWarning, compiled, plain
from ketensim.foundation.mathematics import lifted
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.extension import SHIPPED, Extension, in_force, replaceable, using
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.kept_states import KeptStates
from ketensim.run.own_code import _module, from_source, mark_of_code
from ketensim.run.replications import EVERYTHING, Ensemble, replicate

PART = 0.5
FIRM = 1.0


def halved(value: float) -> float:
    return PART * value


def fewer_mismatches(most: float, frame: float, trust: float, trust_part: float) -> float:
    """A rule of one's own that calls the shipped one, and a function beside it."""
    return halved(mismatch_chance(most, frame, trust, trust_part))


def calm(seen, aim):
    """Room while nothing happens, and one step less for every incident so far."""
    seen.memory += seen.incidents
    aim.room = FIRM - PART * seen.memory
    aim.frame = 1.0 / 0.0 if aim.frame < 0.0 else aim.frame


def flu(state, p, week, luck):
    if luck < PART and week >= 0:
        for i in range(len(state.organisation)):
            state.organisation[i].extra_absence += p.trust_gain


def stuck(state):
    total = 0.0
    for i in range(len(state.organisation)):
        total += state.organisation[i].stuck
    return total


def urgency(state):
    return state.chain[0].urgency


def load(state, i):
    return state.organisation[i].load


CHANGED = {
    "rules": {"mismatch_chance": fewer_mismatches},
    "policy": calm,
    "event": flu,
    "outcomes": {"stuck_cases": stuck, "pressure_felt": urgency},
    "organisation_outcomes": {"load_here": load},
}


@pytest.fixture
def scenario() -> ks.Scenario:
    return scenario_of(small(weeks=8, burn_in=3))


@pytest.fixture(autouse=True)
def _plain_python(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small runs in plain Python: machine code of a changed model would take half a minute to make, the bits are the same."""
    if request.node.get_closest_marker("jit") is None:
        monkeypatch.setenv("KETENSIM_NO_JIT", "1")


@pytest.mark.jit
@pytest.mark.long
def test_a_changed_model_has_the_same_bits_in_machine_code_in_plain_python_and_in_the_mesa_face(scenario, monkeypatch):
    with ks.extend(**CHANGED):
        fast = ks.simulate(scenario, runs=3, seed=2)
        model = ks.ChainModel(scenario, rng=2, replication=1)
        while model.running:
            model.step()
    shipped = ks.simulate(scenario, runs=3, seed=2)
    assert fast.summary.tobytes() != shipped.summary.tobytes()
    monkeypatch.setenv("KETENSIM_NO_JIT", "1")
    with ks.extend(**CHANGED):
        slow = ks.simulate(scenario, runs=3, seed=2)
    for name in ("weekly_values", "organisation_values", "own_values", "own_organisation_values", "own_summary"):
        assert getattr(fast, name).tobytes() == getattr(slow, name).tobytes(), name
    np.testing.assert_array_equal(model.weekly[list(slow.own.columns[2:])], slow.own_values[1])
    np.testing.assert_array_equal(model.weekly["open"], slow.weekly.query("run == 1")["open"])


@pytest.mark.jit
@pytest.mark.long
def test_a_second_changed_model_is_compiled_only_where_it_differs(scenario, monkeypatch, tmp_path):
    from ketensim.foundation.compiled_inner import InnerLowering

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))  # nothing is kept there
    made: list[str] = []
    lower = InnerLowering.run_pass

    def counted(self, state):
        made.append(state.func_id.func_name)
        return lower(self, state)

    monkeypatch.setattr(InnerLowering, "run_pass", counted)
    found = {}
    for rule in (fewer_mismatches, never):
        made.clear()
        with ks.rules(mismatch_chance=rule):
            found[rule] = ks.simulate(scenario, runs=3, seed=2)
    assert {"never", "set_odds_of_handover", "set_odds", "work", "one_week"} <= set(made)
    assert len(made) < 10  # of some 280
    monkeypatch.setenv("KETENSIM_NO_JIT", "1")
    for rule, fast in found.items():
        with ks.rules(mismatch_chance=rule):
            assert ks.simulate(scenario, runs=3, seed=2).weekly_values.tobytes() == fast.weekly_values.tobytes()


def test_a_rule_that_does_what_the_shipped_one_does_changes_no_bit(scenario):
    before = ks.simulate(scenario, runs=2, seed=1)
    with ks.rules(mismatch_chance=same):
        after = ks.simulate(scenario, runs=2, seed=1)
    assert before.weekly_values.tobytes() == after.weekly_values.tobytes()
    assert before.provenance["model_sha256"] == after.provenance["model_sha256"]
    assert "changed rules.mismatch_chance" in after.provenance
    assert "changed stamp" not in before.provenance


def same(most: float, frame: float, trust: float, trust_part: float) -> float:
    return mismatch_chance(most, frame, trust, trust_part)


def test_a_rule_of_ones_own_goes_the_way_it_says(scenario):
    before = ks.simulate(scenario, runs=3, seed=1)
    with ks.rules(mismatch_chance=never):
        after = ks.simulate(scenario, runs=3, seed=1)
    assert after.runs.returns_per_case.mean() < before.runs.returns_per_case.mean()


def never(most: float, frame: float, trust: float, trust_part: float) -> float:
    return 0.0


def test_a_policy_sets_levers_in_their_range_and_remembers(scenario):
    with ks.extend(policy=counting):
        model = ks.ChainModel(scenario, rng=1)
        for _ in range(5):
            model.step()
    assert model.state.target_grid[:, ROOM].tolist() == [1.0, 1.0]
    assert model.state.seen.memory.tolist() == [5.0, 5.0]


ROOM = LEVER_NAMES.index("room")


def counting(seen, aim):
    seen.memory += 1.0
    aim.room = 3.0


def test_outcomes_of_ones_own_stand_beside_the_others(scenario):
    with ks.extend(outcomes={"felt": urgency}, organisation_outcomes={"load_here": load}):
        results = ks.simulate(scenario, runs=2, seed=1)
    np.testing.assert_array_equal(results.own["felt"], results.weekly["urgency"])
    assert results.runs["felt"].tolist() == pytest.approx(results.runs["urgency"].tolist())
    assert results.band("felt").equals(results.band("urgency"))
    assert set(results.own_organisations.columns) == {"run", "week", "organisation", "load_here"}
    assert len(results.band("load_here", "B")) == 8
    with refused("unknown_organisation"):
        results.band("load_here", "C")


def test_an_event_meets_the_same_luck_in_every_variant(scenario):
    with ks.extend(event=flu, outcomes={"ill": absence}):
        here, there = (ks.simulate(chain, runs=2, seed=1).own for chain in (scenario, scenario.with_levers(room=1.0)))
    assert 0 < (here["ill"] > 0).mean() < 1
    assert here["ill"].equals(there["ill"])


def absence(state):
    return state.organisation[0].extra_absence


# --- never mixed -------------------------------------------------------------------------------------------------------
def test_runs_of_a_changed_model_have_another_key_another_past_and_another_mark(scenario):
    plain_runs = Ensemble.of(scenario, 1).kept_in(KeptStates())
    with ks.rules(mismatch_chance=never):
        changed = Ensemble.of(scenario, 1).kept_in(KeptStates())
    assert runs_key(plain_runs) != runs_key(changed)
    assert not set(plain_runs.pasts.values()) & set(changed.pasts.values())
    assert mark_of_code(never) != mark_of_code(fewer_mismatches)
    assert compiled(advance, changed.extension.replaced) is not compiled(advance)
    assert plain(advance) is advance


def test_what_is_kept_of_a_burn_in_is_not_taken_for_that_of_another_model(scenario):
    states = KeptStates()
    GrowingEnsemble(scenario, 1, workers=1, states=states).grow(1)
    with ks.rules(mismatch_chance=never):
        again = GrowingEnsemble(scenario, 1, workers=1, states=states)
        again.grow(1)
        alone = ks.simulate(scenario, runs=1, seed=1, workers=1)
    assert again.results.summary.tobytes() == alone.summary.tobytes()


def test_a_number_or_a_function_that_a_rule_uses_is_part_of_its_mark():
    def made(number: float, text: str = "return PART * trust") -> str:
        code = f"PART = {number}\ndef rule(trust):\n    {text}\n"
        return mark_of_code(from_source("x.py:rule", code).function)

    assert made(0.5) != made(0.25)
    assert made(0.5) != made(0.5, "return PART + trust")
    assert made(0.5) == made(0.5)


def test_inside_another_block_both_hold_and_after_it_nothing_does():
    with ks.rules(mismatch_chance=never), ks.extend(policy=calm) as both:
        assert list(both.rules) == ["mismatch_chance"]
        assert both.policy is not None
        with using(SHIPPED):
            assert not in_force()
    assert in_force() is SHIPPED


def test_a_changed_model_goes_to_other_processes_by_name_or_with_its_text(scenario):
    source = "ZERO = 0.0\ndef never(most, frame, trust, trust_part):\n    return ZERO\n"
    by_text = Extension(rules={"mismatch_chance": from_source("mine.py:never", source)})
    there = pickle.loads(pickle.dumps(by_text))
    assert there.stamp == by_text.stamp
    with using(there):
        assert replicate(Ensemble.of(scenario, 1), EVERYTHING, 0, 1).summary.shape[0] == 1

    def local(most: float, frame: float, trust: float, trust_part: float) -> float:
        return 0.0

    with ks.rules(mismatch_chance=local) as extension, refused("own_travels"):
        pickle.dumps(extension)


# --- refused -----------------------------------------------------------------------------------------------------------
def test_what_may_not_be_replaced_or_does_not_fit_is_refused_with_a_sentence():
    with refused("unknown_rule", nearest="mismatch_chance"):
        ks.rules(mismatch_chanse=never)
    with refused("unknown_rule"):
        ks.rules(philox=never)
    with refused("own_arguments", allowed="(most, frame, trust, trust_part)"):
        ks.rules(mismatch_chance=halved)
    with refused("own_no_function"):
        ks.rules(mismatch_chance=0.5)
    with refused("own_outcome_name"):
        ks.extend(outcomes={"goal_realisation": urgency})


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("trust ** 2", "own_not_allowed"),
        ("np.exp(trust)", "own_not_allowed"),
        ("round(trust)", "own_not_allowed"),
        ("trust * trsut", "own_unknown_name"),
        ("float('nan')", "own_number"),
        ("trust / (trust - trust)", "own_fails"),
        ("'much'", "own_number"),
    ],
)
def test_what_would_round_differently_elsewhere_or_gives_no_number_is_refused(body, key):
    code = f"import numpy as np\ndef rule(most, frame, trust, trust_part):\n    return {body}\n"
    with refused(key):
        Extension(rules={"mismatch_chance": from_source("x.py:rule", code)})


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        (
            {"rules": "def f(trust, gain, loss):\n    square = lambda a: a * a\n    return square(trust)"},
            "own_not_allowed",
            "def or lambda",
        ),
        ({"rules": "def f(trust, gain, loss):\n    return trust + 1.0"}, "own_share", "1.5"),
        ({"policy": "def f(seen, aim):\n    return 0.3"}, "own_returns", "0.3"),
        ({"policy": "def f(seen, aim):\n    seen.trust = 0.0"}, "own_writes", "seen.trust"),
        ({"event": "def f(state, p, week, luck):\n    return luck"}, "own_returns", ""),
        ({"event": "def f(state, p, week, luck):\n    p.trust_gain = 0.9"}, "own_writes", "p"),
        (
            {"event": "T = 2\ndef f(state, p, week, luck):\n    if week == T:\n        p.trust_gain = 0.9"},
            "own_writes",
            "p",
        ),
        (
            {"event": "def f(state, p, week, luck):\n    state.organisation[0].trust_vertical = 5.0"},
            "own_out_of_range",
            "",
        ),
        ({"outcome": "def f(state):\n    state.organisation[0].waiting = 0"}, "own_writes", "state"),
        ({"outcome": "def f(state):\n    state.organisation[0].waiting + 1.0"}, "own_number", "None"),
        ({"outcome": "def f(state):\n    return 'much'"}, "own_number", "much"),
        ({"outcome": "def f(state):\n    return state.organisation[40].waiting"}, "own_fails", "state"),
        ({"outcome": "def f(state):\n    return state.organisation[0].wating"}, "own_fails", "state"),
    ],
)
def test_what_would_go_wrong_without_a_word_is_refused(scenario, change, key, said):
    (kind, code), *_ = change.items()
    own = from_source("mine.py:f", code)
    given = {"rules": {"rules": {"trust_after_experience": own}}, "outcome": {"outcomes": {"mine": own}}}
    for _ in range(2):  # and not only the first time
        with refused(key, **({"found": said} if said else {})), using(Extension(**given.get(kind, {kind: own}))):
            ks.simulate(scenario, runs=1, seed=1)


@pytest.mark.jit
@pytest.mark.long
def test_counting_from_the_end_is_what_it_is_in_python_also_in_machine_code(scenario, monkeypatch):
    found = []
    for plainly in ("", "1"):
        monkeypatch.setenv("KETENSIM_NO_JIT", plainly)
        with ks.extend(outcomes={"at_the_end": at_the_end}, organisation_outcomes={"before": before_it}):
            results = ks.simulate(scenario, runs=2, seed=1)
        found.append((results.own_values.tobytes(), results.own_organisation_values.tobytes()))
    assert found[0] == found[1]


def at_the_end(state):
    return float(state.organisation[-1].waiting)


def before_it(state, i):
    return float(state.organisation[i - 1].waiting)


@pytest.mark.parametrize(
    "name", ["point", "replication", "policy", "mean", "stopped", "capacity", "trust_gain", "first"]
)
def test_an_outcome_of_ones_own_takes_no_name_that_a_column_or_factor_has(name):
    with refused("own_outcome_name", given=name):
        ks.extend(outcomes={name: urgency})


def test_the_mark_of_code_from_a_file_does_not_depend_on_the_folder_where_one_stands(tmp_path, monkeypatch):
    marks = []
    for number, beside in enumerate((None, "PART = 0.5\n\n\ndef rule(trust):\n    return trust\n", CODE_OF_A_RULE)):
        folder = tmp_path / str(number)
        folder.mkdir()
        if beside is not None:
            (folder / "mine.py").write_text(beside)
        monkeypatch.chdir(folder)
        _module.cache_clear()
        marks.append(mark_of_code(from_source("mine.py:rule", CODE_OF_A_RULE).function))
    assert len(set(marks)) == 1


CODE_OF_A_RULE = "PART = 0.5\ndef rule(trust):\n    return PART * trust\n"


def test_every_rule_of_theory_and_chain_that_gives_a_number_can_be_replaced_by_itself():
    known = replaceable()
    assert len(known) > 50
    assert {"mismatch_chance", "trust_after_experience", "urgency_raised", "letting_go"} <= set(known)
    assert lifted.__name__ not in known


def test_a_rule_that_is_overwritten_in_its_module_is_warned_of(scenario, monkeypatch):
    monkeypatch.setattr(trust, "trust_after_experience", halved)
    with pytest.warns(PatchedRuleWarning, match=r"trust_after_experience.*ketensim\.rules"):
        Ensemble.of(scenario, 1)
    monkeypatch.undo()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Ensemble.of(scenario, 1)
