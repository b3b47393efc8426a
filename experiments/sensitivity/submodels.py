"""Do the patterns hang on the form that a rule happens to have? The same patterns with other submodels.

    uv run python experiments/sensitivity/submodels.py            every variant, some five minutes on two cores
    uv run python experiments/sensitivity/submodels.py beta       one or more variants

A variant is a copy of the package in a temporary folder in which the text of a rule has been replaced, run in a process
of its own. A text that does not stand in its file exactly once stops everything: then the model has changed, and the
variant has to be thought over again. Writes ``results/submodels.csv``.

``as_written`` changes nothing. ``beta``: trust is the share of kept promises among all that are remembered (beta
reputation [JosangIsmail2002]), so that early experience moves it and much experience hardly does, instead of moving a
fixed part of the way. ``logistic``: a hand-over fits or not along an S-curve in frame and trust instead of a straight
line. ``reversed``: inside a week the conditions come in the opposite order (steering, information, urgency, ambition)
and motivation before trust; the world, the hours, the work and the outcomes keep their place, because hours cannot be
worked before they are there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RUNS = 20  # paired runs per cell of a pattern
SEEDS = (20, 21, 22)
Change = tuple[str, str, str]  # file below src/ketensim, text as it stands, text instead of it

BETA: tuple[Change, ...] = (
    (
        "foundation/rows.py",
        '"familiarity", "handled", "kept", "broken", "kept_agreed")',
        '"familiarity", "handled", "kept", "broken", "kept_agreed", "seen_persons", "seen_agreements")',
    ),
    (
        "foundation/rows.py",
        '        "trust_vertical",\n        # information\n',
        '        "trust_vertical",\n        "seen_vertical",\n        # information\n',
    ),
    (
        "chain/start.py",
        "        dyad.kept, dyad.broken, dyad.kept_agreed, dyad.handled = 0.0, 0.0, 0.0, 0.0\n",
        "        dyad.kept, dyad.broken, dyad.kept_agreed, dyad.handled = 0.0, 0.0, 0.0, 0.0\n"
        "        dyad.seen_persons, dyad.seen_agreements = 1.0, 1.0\n",
    ),
    (
        "chain/start.py",
        "    organisation.choice = -1\n",
        "    organisation.choice = -1\n    organisation.seen_vertical = 1.0\n",
    ),
    (
        "conditions/trust.py",
        "@rule\ndef trust_after_contact(",
        "@rule\ndef remembered(seen: float, fading: float) -> float:\n"
        "    return max(0.1, seen * (1.0 - fading))\n\n\n"
        "@rule\ndef trust_of_all(trust: float, seen: float, gain: float, loss: float) -> float:\n"
        "    return (trust * seen + gain) / (seen + gain + loss)\n\n\n"
        "@rule\ndef trust_after_contact(",
    ),
    (
        "conditions/trust.py",
        "        organisation.trust_vertical = trust_after_experience(\n"
        "            organisation.trust_vertical,\n"
        "            p.vertical_gain * kept * (1.0 - organisation.overseen),\n"
        "            p.vertical_gain * p.vertical_ratio * (1.0 - kept),\n        )\n",
        "        gain = p.vertical_gain * kept * (1.0 - organisation.overseen)\n"
        "        loss = p.vertical_gain * p.vertical_ratio * (1.0 - kept)\n"
        "        seen = remembered(organisation.seen_vertical, p.vertical_gain)\n"
        "        organisation.trust_vertical = trust_of_all(organisation.trust_vertical, seen, gain, loss)\n"
        "        organisation.seen_vertical = seen + gain + loss\n",
    ),
    (
        "conditions/trust.py",
        "    persons = trust_after_experience(\n        dyad.trust_persons,\n"
        "        p.trust_gain * lifted(binding, p.binding_floor) * lifted(contact, p.contact_floor) * kept,\n"
        "        p.trust_gain * ratio * (1.0 - p.trust_repair * binding) * broken,\n    )\n",
        "    gain = p.trust_gain * lifted(binding, p.binding_floor) * lifted(contact, p.contact_floor) * kept\n"
        "    loss = p.trust_gain * ratio * (1.0 - p.trust_repair * binding) * broken\n"
        "    seen = remembered(dyad.seen_persons, p.trust_gain)\n"
        "    persons = trust_of_all(dyad.trust_persons, seen, gain, loss)\n"
        "    dyad.seen_persons = seen + gain + loss\n",
    ),
    (
        "conditions/trust.py",
        "    dyad.trust_agreements = trust_after_experience(\n        dyad.trust_agreements,\n        p.agreement_gain\n"
        "        * lifted(care, 1.0 - p.agreement_care)\n"
        "        * lifted(dyad.trust_persons, 1.0 - p.agreement_personal)\n        * agreed,\n"
        "        p.agreement_gain * p.agreement_ratio * (1.0 - p.agreement_care * care) * broken,\n    )\n",
        "    gain = p.agreement_gain * lifted(care, 1.0 - p.agreement_care)\n"
        "    gain *= lifted(dyad.trust_persons, 1.0 - p.agreement_personal) * agreed\n"
        "    loss = p.agreement_gain * p.agreement_ratio * (1.0 - p.agreement_care * care) * broken\n"
        "    seen = remembered(dyad.seen_agreements, p.agreement_gain)\n"
        "    dyad.trust_agreements = trust_of_all(dyad.trust_agreements, seen, gain, loss)\n"
        "    dyad.seen_agreements = seen + gain + loss\n",
    ),
    (
        "conditions/binding.py",
        "            dyad.trust_persons = trust_after_departure(dyad.trust_persons, p.trust_stranger, carried)\n",
        "            dyad.trust_persons = trust_after_departure(dyad.trust_persons, p.trust_stranger, carried)\n"
        "            dyad.seen_persons *= carried\n",
    ),
)
LOGISTIC: tuple[Change, ...] = (
    (
        "conditions/steering.py",
        "from ketensim.foundation.mathematics import either, lifted\n",
        "from ketensim.foundation.mathematics import either, lifted, logistic\n",
    ),
    (
        "conditions/steering.py",
        "    return most * (1.0 - frame) * (1.0 - trust_part * trust)\n",
        "    return most * (1.0 - s_curve(frame)) * (1.0 - trust_part * s_curve(trust))\n\n\n"
        "@rule\ndef s_curve(share: float) -> float:\n"
        "    low = logistic(-4.0)\n"
        "    return (logistic(8.0 * share - 4.0) - low) / (1.0 - 2.0 * low)\n",
    ),
)
REVERSED: tuple[Change, ...] = (
    (
        "chain/week.py",
        "    # 2 ambition\n    update_ambition(state, p, week)\n    # 3 urgency\n    update_urgency(state, p)\n"
        "    # 4 information, and what administrators do with it\n    update_information(state, p)\n"
        "    feel_pressure(chain, state, p, week)\n    intervene(chain, state, p)\n"
        "    # 5 steering\n    update_steering(chain, state, p)\n",
        "    update_steering(chain, state, p)\n    update_information(state, p)\n"
        "    feel_pressure(chain, state, p, week)\n    intervene(chain, state, p)\n"
        "    update_urgency(state, p)\n    update_ambition(state, p, week)\n",
    ),
    (
        "chain/week.py",
        "    # 8 trust\n    update_trust(chain, state, p)\n    # 9 motivation\n    update_motivation(state, p)\n",
        "    update_motivation(state, p)\n    update_trust(chain, state, p)\n",
    ),
)
VARIANTS: dict[str, tuple[Change, ...]] = {
    "as_written": (),
    "beta": BETA,
    "logistic": LOGISTIC,
    "reversed": REVERSED,
}
QUESTION = """
import sys
import pandas as pd
import ketensim as ks
from ketensim.analysis.patterns import holds_in_sets
from ketensim.foundation.parameters import BY_NAME
runs, file, *seeds = sys.argv[1:]
sets = pd.DataFrame({"trust_gain": [BY_NAME["trust_gain"].default]})
tables = [holds_in_sets(sets, runs=int(runs), seed=int(seed)).assign(seed=int(seed)) for seed in seeds]
goal = ks.simulate("reference", runs=4 * int(runs), seed=int(seeds[0])).summary[:, 0].mean()
pd.concat(tables).assign(goal_realisation=goal).to_csv(file, index=False)
"""


class ChangedModelError(Exception):
    """A text that a variant replaces does not stand in the model exactly once."""


def copy_with(changes: Sequence[Change], folder: Path) -> Path:
    """The package with its scenarios and patterns in a folder, with other texts; gives the folder to import from."""
    source = folder / "src"
    for name in ("scenarios", "experiments/patterns"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "src" / "ketensim", source / "ketensim", ignore=shutil.ignore_patterns("__pycache__"))
    for name, old, new in changes:
        path = source / "ketensim" / name
        text = path.read_text("utf-8")
        if text.count(old) != 1:
            raise ChangedModelError(f"{name}: stands there {text.count(old)} times instead of once:\n{old}")
        path.write_text(text.replace(old, new), "utf-8")
    return source


def asked(variant: str, runs: int = RUNS, seeds: Sequence[int] = SEEDS) -> pd.DataFrame:
    """Which patterns hold in a variant: one row per pattern with the share of the seeds in which it does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = copy_with(VARIANTS[variant], folder)
        answer = folder / "answer.csv"
        words = [sys.executable, "-c", QUESTION, str(runs), str(answer), *map(str, seeds)]
        subprocess.run(words, cwd=folder, env=os.environ | {"PYTHONPATH": str(source)}, check=True)
        table = pd.read_csv(answer)
    held = table.groupby("pattern", sort=False).agg(
        holds=("holds", "mean"), effect=("effect", "mean"), goal_realisation=("goal_realisation", "first")
    )
    return held.reset_index().assign(variant=variant, seeds=len(seeds), runs=runs)


if __name__ == "__main__":
    chosen = sys.argv[1:] or list(VARIANTS)
    if unknown := [name for name in chosen if name not in VARIANTS]:
        sys.exit(f"unknown variant {', '.join(unknown)}; there are {', '.join(VARIANTS)}")
    (HERE / "results").mkdir(exist_ok=True)
    file = HERE / "results" / "submodels.csv"
    before = pd.read_csv(file) if file.exists() and sys.argv[1:] else pd.DataFrame()
    for name in chosen:
        fresh = asked(name)
        print(f"{name}: {int((fresh.holds > 0.5).sum())} of {len(fresh)} patterns")
        kept = before[before.variant != name] if len(before) else before
        before = pd.concat([kept, fresh], ignore_index=True)
        before.to_csv(file, index=False, float_format="%.4g")
