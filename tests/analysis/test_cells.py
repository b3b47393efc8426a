"""Claims about the cells of patterns: which chain is run, when its levers are decided, and what is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ketensim.analysis.patterns.cells import Cells, drawn_ensemble, drawn_for
from ketensim.analysis.patterns.description import Pattern
from ketensim.foundation.parameters import LEVER_NAMES

TEXT = {"nl": "x", "en": "x"}
ROOM = LEVER_NAMES.index("room")


def pattern(**changes: Any) -> Pattern:
    """Room or none, in two chains."""
    data = {
        "id": "Z",
        "kind": "emerges",
        "runs": 4,
        "title": TEXT,
        "claim": TEXT,
        "how": TEXT,
        "sources": [],
        "weeks": 30,
        "axes": {
            "chain": {
                "label": TEXT,
                "levels": {"reference": {"label": TEXT}, "asiel": {"label": TEXT, "chain": "asiel"}},
            },
            "room": {
                "label": TEXT,
                "levels": {
                    "as_it_was": {"label": TEXT},
                    "decided": {"label": TEXT, "set": {"levers": {"room": 1}}},
                    "always": {"label": TEXT, "set": {"levers": {"room": 1}}, "always": True},
                },
            },
        },
        "measures": {"room": {"label": TEXT, "outcome": "discretion", "weeks": [0, 1]}},
        "statements": [{"text": TEXT, "value": "room[reference, always]", "above": 0}],
        "picture": {"kind": "levels", "measure": "room"},
    }
    return Pattern.model_validate(data | changes)


def test_a_cell_is_laid_over_the_chain_of_its_level_and_over_the_weeks_of_the_pattern():
    cells = Cells([pattern()], {})
    found = {name: cells.cells[place].scenario for (_, name), place in cells.place.items()}
    assert found["asiel", "as_it_was"].title != found["reference", "as_it_was"].title
    assert all(scenario.weeks == 30 for scenario in found.values())


def test_levers_of_a_level_are_decided_in_week_0_unless_they_have_always_stood_there():
    cells = Cells([pattern()], {})
    reference = {
        name[1]: cells.cells[place].scenario for (_, name), place in cells.place.items() if name[0] == "reference"
    }
    assert reference["decided"].lever("room") == reference["as_it_was"].lever("room") == 0.5
    assert reference["decided"].lever_at("room", 0) == 1.0
    assert reference["always"].lever("room") == 1.0


@pytest.mark.jit
def test_what_has_always_been_shows_in_the_first_week_and_what_is_decided_then_does_not_yet():
    row = pattern()
    cells = Cells([row], {})
    values = cells.of(row, cells.run(4, seed=1))
    was, decided, always = (values["room", ("reference", name)].mean() for name in ("as_it_was", "decided", "always"))
    assert was <= decided < was + 0.5 * (always - was)


DRAWN = {
    "draws": {
        "room": {"from": 0, "to": 1},
        "turnover": {"from": 0.05, "to": 0.3},
        "capacity": {"from": 0.9, "to": 1.1},
    },
    "axes": {"chain": {"label": TEXT, "levels": {"reference": {"label": TEXT}}}},
    "measures": {
        "turnover": {"label": TEXT, "drawn": "turnover"},
        "left": {"label": TEXT, "outcome": "staff"},
    },
    "statements": [
        {
            "text": TEXT,
            "contrast": "correlation",
            "along": ["turnover[reference]"],
            "against": ["left[reference]"],
            "below": 0,
        }
    ],
    "picture": {"kind": "cloud", "along": ["turnover", "left"]},
}


@pytest.mark.jit
def test_every_run_of_a_cell_with_draws_is_a_chain_of_its_own_and_knows_what_was_drawn_for_it():
    row = pattern(runs=6, **DRAWN)
    cells = Cells([row], {})
    values = cells.of(row, cells.run(None, seed=3))
    rows = drawn_for(cells.cells[0], 6, 3)
    assert values["turnover", ("reference",)].tolist() == [drawn["turnover"] for drawn in rows]
    assert len(np.unique(values["left", ("reference",)])) == 6


def test_a_draw_of_turnover_holds_at_every_organisation_and_a_lever_is_decided_in_week_0():
    cells = Cells([pattern(**DRAWN)], {})
    chain = drawn_ensemble(cells.cells[0], {"turnover": 0.2, "room": 0.9, "capacity": 1.0}, 1).chain
    assert set(chain.profile.turnover) == {0.2}
    assert chain.change.week.tolist() == [chain.world[0].burn_in] * len(chain.change)
